"""`f2p batch FOLDER "SENTENCE" -o OUT`: one sentence, many photos, a report of every one."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.batch_text import Progress, show_begin, show_end
from f2p.doors.cli.command import Command, flag, path_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.problem import INTERRUPTED_EXIT
from f2p.doors.cli.show import say_json

NOT_ALL_READY_EXIT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCall:
    """One command line of `f2p batch`, as typed."""

    given: tuple[str, ...]
    out: Path
    roster: Path | None
    names: str | None
    resume: bool
    watch: bool
    zipped: bool
    even: bool
    processes: int | None
    overwrite: bool
    as_json: bool
    quiet: bool


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command(
        "batch",
        text,
        _run,
        [
            click.Argument(["given"], nargs=-1, metavar=text.text("help.batch_given")),
            path_option(["-o", "--output", "out"], text.text("help.batch_out"), metavar="OUT", required=True),
            path_option(["--roster"], text.text("help.roster"), metavar="FILE.xlsx"),
            click.Option(["--names"], metavar="PATTERN", help=text.text("help.names_pattern")),
            flag(text, "--resume", key="resume"),
            flag(text, "--watch", key="watch"),
            click.Option(["--zip", "zipped"], is_flag=True, help=text.text("help.zip")),
            click.Option(["--even"], is_flag=True, help=text.text("help.even")),
            click.Option(["--processes"], type=click.IntRange(1, 256), metavar="N", help=text.text("help.processes")),
            flag(text, "--overwrite", key="batch_overwrite"),
            flag(text, "--json", "as_json", key="edit_json"),
            flag(text, "-q", "--quiet", key="batch_quiet"),
        ],
    )


@click.pass_obj
def _run(door: Door, /, **typed: Any) -> int:
    return batch(door, BatchCall(**typed))


def batch(door: Door, call: BatchCall) -> int:
    """Makes, keeps, tells; the exit code. Raises F2PError kinds that are not one photo's."""
    from f2p.batches.batch import Running, check_folder, kept_order, run
    from f2p.batches.journal import FOLDER, Journal
    from f2p.doors.batch.reports import write_reports

    order = None if call.resume and not call.given else _order(call, door.text)
    there = (call.out / FOLDER / "journal.sqlite").is_file()
    if order is not None:
        check_folder(call.out, order, there, None, overwrite=call.overwrite)
    with Journal(call.out, must_exist=call.resume) as journal, _patient() as stopping:
        kept = kept_order(journal) if journal.meta().get("order") else None
        if order is None:
            order = kept_order(journal)
        check_folder(call.out, order, there, kept, overwrite=call.overwrite)
        with Progress(door.text, quiet=call.quiet or call.as_json) as progress:
            running = Running(
                settings=door.settings, on_done=progress.done, stopping=stopping, processes=call.processes,
                on_settled=lambda work, todo: show_begin(work, todo, progress, door.text),
            )  # fmt: skip
            finished = run(order, call.out, journal, running)
        told = write_reports(call.out, order, finished.work, journal, door.text)
        if call.as_json:
            say_json({"output": str(call.out), "made": finished.made, "stopped": finished.stopped, "counts": told.counts})
        else:
            show_end(call.out, told, finished, door.text, quiet=call.quiet)
    if finished.stopped:
        return INTERRUPTED_EXIT
    return 0 if told.counts["retake"] == told.counts["check"] == 0 else NOT_ALL_READY_EXIT


def _order(call: BatchCall, text: Messages) -> Any:
    from f2p.batches.order import BatchOrder, split_inputs

    if len(call.given) < 2:
        raise click.UsageError(text.text("usage.batch_needs"), click.get_current_context())
    inputs, roster = split_inputs([Path(one) for one in call.given[:-1]], call.roster)
    return BatchOrder(inputs=inputs, sentence=call.given[-1], roster=roster, names=call.names, zipped=call.zipped, even=call.even)


@contextmanager
def _patient() -> Iterator[Callable[[], bool]]:
    """Ctrl-C or a polite kill asks to stop: what has begun is finished and told. A second one stops at once."""
    asked: list[int] = []

    def ask(signum: int, frame: FrameType | None) -> None:
        del frame
        if asked:
            raise KeyboardInterrupt
        asked.append(signum)

    kept = {one: signal.signal(one, ask) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for one, handler in kept.items():
            signal.signal(one, handler)
