"""How this door puts words on a terminal: plain lines on stdout, colours only where they can be seen, JSON always UTF-8."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

import click

from f2p.catalogue.messages import Explanation, Messages


class OnStep(Protocol):
    """Told the name of each step as it starts."""

    def __call__(self, name: str, /) -> None: ...


class ReaderGone(Exception):
    """Nobody reads what we print any more (`f2p standards | head -1`); raised once, later lines go nowhere."""


def say(line: str | bytes = "", *, err: bool = False, **style: Any) -> None:
    """One line on stdout (or stderr); `style` as in click.style, dropped where that is no terminal. Raises ReaderGone."""
    try:
        click.secho(line, err=err, **style)
    except BrokenPipeError:
        _to_nowhere(sys.stderr if err else sys.stdout)
        raise ReaderGone from None


def _to_nowhere(stream: IO[str]) -> None:
    """What is still buffered and all that follows is dropped, so that the interpreter's own last flush finds no fault either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def open_closed_streams() -> None:
    """Gives closed standard streams (`2>&-`) a place that goes nowhere.

    Else the next opened file, the photo itself perhaps, would get their number, and whatever a library writes there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process


def heading(line: str) -> None:
    """The title of a block of lines."""
    say(line, bold=True)


def rows(lines: Sequence[tuple[str, str]], indent: str = "  ", gap: str = "  ") -> None:
    """Two columns, the second one aligned; Chinese characters count as two."""
    width = max((columns(left) for left, _ in lines), default=0)
    for left, right in lines:
        say(f"{indent}{left}{' ' * (width - columns(left))}{gap}{right}".rstrip())


def columns(line: str) -> int:
    """How many terminal columns a line takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def say_json(value: Any, *, indent: int | None = 2) -> None:
    """One JSON value on stdout, UTF-8 whatever the locale, flushed."""
    say(as_json(value, indent=indent))


def as_json(value: Any, *, indent: int | None = 2) -> bytes:
    """JSON as UTF-8 bytes without a line end; Chinese stays readable."""
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace")


def say_problem(explanation: Explanation, text: Messages) -> None:
    """An error on stderr: what happened, then what to do next."""
    say(click.style(text.text("show.error"), fg="red", bold=True) + explanation.what, err=True)
    if explanation.next_step:
        say(text.text("show.next") + explanation.next_step, err=True)


def limits(wanted: str) -> str:
    """Limits such as "20..50" and "<= 200" as people write them."""
    return wanted.replace("..", "–").replace("<=", "≤").replace(">=", "≥")


def bullets(lines: Iterable[str], mark: str = "·", **style: Any) -> None:
    """One line each behind a mark."""
    for line in lines:
        say(f"  {click.style(mark, **style)} {line}")


@contextmanager
def progress(words: Callable[[str], str], *, wanted: bool) -> Iterator[OnStep]:
    """A spinner on stderr that says in words which step is at work; silent where stderr is no terminal."""
    if not wanted or not sys.stderr.isatty():
        yield lambda _name: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda name: status.update(words(name))
