"""`f2p read "SENTENCE"`: what a sentence is understood to say, without any photo."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, flag, standards_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.show import heading, say_json, say_problem
from f2p.doors.cli.wish import after_option
from f2p.errors import RequestError
from f2p.values.plan import IdPhotoPlan, PapersPlan, left_out, papers_of
from f2p.values.reading import Reading


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command(
        "read",
        text,
        _run,
        [
            click.Argument(["sentence"], metavar=text.text("help.sentence")),
            after_option(text),
            standards_option(text),
            flag(text, "--explain", key="explain"),
            flag(text, "--json", "as_json", key="read_json"),
        ],
    )


@click.pass_obj
def _run(door: Door, *, sentence: str, after: tuple[str, ...], explain: bool, as_json: bool) -> None:
    for one in _lines() if sentence == "-" else [sentence]:
        if as_json:
            say_json(_document(one, after, door.text.language if explain else ""), indent=None)
        else:
            _show(one, after, door.text, explain=explain)


def _document(sentence: str, after: Sequence[str], explained_in: str) -> dict[str, Any]:
    """The reading as JSON; with a language also the plan in words, null where no photo can be made."""
    from f2p import studio

    reading, plan, _ = _completed(sentence, after)
    document = studio.reading_json(reading)
    if explained_in:
        document["explained"] = None if plan is None else "\n".join(studio.explain(one, explained_in) for one in papers_of(plan))
    return document


def _show(sentence: str, after: Sequence[str], text: Messages, *, explain: bool) -> None:
    from f2p.doors.cli.reading_text import show_explained, show_reading, show_rules

    reading, plan, trouble = _completed(sentence, after)
    show_reading(reading, reading.asked.get("unsupported", ()) if plan is None else left_out(plan), text)
    if trouble is not None and not {"ask", "refuse"} & reading.asked.keys():
        say_problem(text.error(trouble.code, trouble.params), text)
    if plan is not None:
        show_rules(plan, text)
    if explain and plan is not None:
        heading(text.text("show.explained"))
        show_explained(plan, text)


def _completed(sentence: str, after: Sequence[str]) -> tuple[Reading, IdPhotoPlan | PapersPlan | None, RequestError | None]:
    """The reading with what the product would assume, its plan, or the reason why no photo could be made of it."""
    from f2p import studio

    reading = studio.understand(sentence, after)
    try:
        plan, completed = studio.plan_for(reading)
    except RequestError as error:
        return reading, None, error
    return completed, plan, None


def _lines() -> Iterator[str]:
    """Sentences from stdin, UTF-8 whatever the locale, as they come."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
