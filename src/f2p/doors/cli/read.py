"""`f2p read "SENTENCE"`: what a sentence is understood to say, without any photo."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, flag
from f2p.doors.cli.door import Door
from f2p.doors.cli.show import say_json, say_problem
from f2p.errors import RequestError
from f2p.values.reading import Reading


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command(
        "read",
        text,
        _run,
        [click.Argument(["sentence"], metavar=text.text("help.sentence")), flag(text, "--json", "as_json", key="read_json")],
    )


@click.pass_obj
def _run(door: Door, *, sentence: str, as_json: bool) -> None:
    from f2p import studio

    if as_json:
        for one in _lines() if sentence == "-" else [sentence]:
            say_json(studio.reading_json(_completed(one)[0]), indent=None)
        return
    from f2p.doors.cli.reading_text import show_reading

    for one in _lines() if sentence == "-" else [sentence]:
        reading, left_out, trouble = _completed(one)
        show_reading(reading, left_out, door.text)
        if trouble is not None and not {"ask", "refuse"} & reading.asked.keys():
            say_problem(door.text.error(trouble.code, trouble.params), door.text)


def _completed(sentence: str) -> tuple[Reading, Sequence[str], RequestError | None]:
    """The reading with what the product would assume and leave out, or with the reason why no photo could be made of it."""
    from f2p import studio

    reading = studio.understand(sentence)
    try:
        plan, completed = studio.plan_for(reading)
    except RequestError as error:
        return reading, reading.asked.get("unsupported", ()), error
    return completed, plan.unsupported, None


def _lines() -> Iterator[str]:
    """Sentences from stdin, UTF-8 whatever the locale, as they come."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
