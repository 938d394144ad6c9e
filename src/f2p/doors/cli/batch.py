"""`f2p batch FOLDER "SENTENCE" -o OUT`: one sentence, many photos, a report of every one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.batch_text import Progress, show_begin, show_end
from f2p.doors.cli.command import Command, flag, path_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.problem import INTERRUPTED_EXIT
from f2p.doors.cli.show import say, say_json

if TYPE_CHECKING:
    from f2p.batches.batch import Finished
    from f2p.batches.order import BatchOrder
    from f2p.batches.pool import Pool
    from f2p.batches.work import Made, Task
    from f2p.doors.batch.reports import Told
    from f2p.machines.crowd import Crowd
    from f2p.settings import Settings

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
    no_compare: bool
    processes: int | None
    database: str | None
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
            flag(text, "--no-compare", key="no_compare"),
            click.Option(["--processes"], type=click.IntRange(1, 256), metavar="N", help=text.text("help.processes")),
            click.Option(["--database"], metavar="URL", help=text.text("help.batch_database")),
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
    settings, pool = _makers(door.settings, call)
    with Journal(call.out, must_exist=call.resume) as journal, _patient() as stopping, pool:
        kept = kept_order(journal) if journal.meta().get("order") else None
        if order is None:
            order = kept_order(journal)
        check_folder(call.out, order, there, kept, overwrite=call.overwrite)
        progress = Progress(door.text, quiet=call.quiet or call.as_json)
        running = Running(
            settings=settings, pool=pool, on_done=progress.done, stopping=stopping,
            on_settled=lambda work, todo: show_begin(work, todo, progress, door.text),
        )  # fmt: skip
        code = 0
        for _ in _rounds(order, call, stopping, door.text):
            with progress:
                finished = run(order, call.out, journal, running)
            told = write_reports(call.out, order, finished.work, journal, door.text)
            _tell(call, told, finished, door.text)
            ready = told.counts["retake"] == told.counts["check"] == 0
            code = INTERRUPTED_EXIT if finished.stopped else 0 if ready else NOT_ALL_READY_EXIT
    return code


def _makers(settings: Settings, call: BatchCall) -> tuple[Settings, Crowd | Pool[Task, Made]]:
    """The processes of this machine, or the workers of all machines where a database is named."""
    from f2p.batches.batch import workshop
    from f2p.jobs.settings import load_shelf_settings

    shelf_settings = load_shelf_settings({**os.environ, **({"F2P_DATABASE": call.database} if call.database else {})})
    if shelf_settings.engine == "local":
        return workshop(settings, call.processes)
    from f2p.jobs.shelf import Shelf
    from f2p.machines.crowd import Crowd

    return settings, Crowd(Shelf(shelf_settings))


def _rounds(order: BatchOrder, call: BatchCall, stopping: Callable[[], bool], text: Messages) -> Iterator[None]:
    """Once, or as often as something new comes until it is asked to stop."""
    from f2p.batches.order import wants_watch
    from f2p.batches.watch import changes

    if not (call.watch or wants_watch(order)):
        yield
        return
    if not (call.quiet or call.as_json):
        say(text.text("batch.watching", {"places": ", ".join(order.inputs)}), err=True)
    yield from changes(order, call.out, stopping)


def _tell(call: BatchCall, told: Told, finished: Finished, text: Messages) -> None:
    if call.as_json:
        say_json({"output": str(call.out), "made": finished.made, "stopped": finished.stopped, "counts": told.counts})
    else:
        show_end(call.out, told, finished, text, quiet=call.quiet)


def _order(call: BatchCall, text: Messages) -> BatchOrder:
    from f2p.batches.order import BatchOrder, split_inputs

    if len(call.given) < 2:
        raise click.UsageError(text.text("usage.batch_needs"), click.get_current_context())
    inputs, roster = split_inputs([Path(one) for one in call.given[:-1]], call.roster)
    return BatchOrder(
        inputs=inputs, sentence=call.given[-1], roster=roster, names=call.names, zipped=call.zipped, even=call.even,
        compare=not call.no_compare,
    )  # fmt: skip


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
