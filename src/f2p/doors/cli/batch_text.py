"""How a batch speaks on a terminal: what will be done, who needs a look while it runs, and how it ended."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from f2p.catalogue.messages import Messages
from f2p.doors.cli.show import bullets, heading, say
from f2p.values.batch import Group
from f2p.values.plan import left_out

if TYPE_CHECKING:
    from f2p.batches.batch import Done, Finished
    from f2p.batches.order import Work
    from f2p.doors.batch.reports import Told

_COLOUR = {Group.READY: "green", Group.FIXED: "cyan", Group.CHECK: "yellow", Group.RETAKE: "red"}
_MARK = {Group.READY: "✓", Group.FIXED: "✓", Group.CHECK: "?", Group.RETAKE: "✗"}
_LINE_EVERY_SECONDS = 10.0
_MOST_UNCLEAR = 10


class Progress:
    """A bar with rate and time left on a terminal; elsewhere a line now and then. Photos that need a look stream to stdout."""

    def __init__(self, text: Messages, *, quiet: bool) -> None:
        self._text, self.quiet = text, quiet
        self._bar: Any = None
        self._task: Any = None
        self._begun = self._told = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def begin(self, todo: int) -> None:
        """So many photos are to be made from now on."""
        self._begun = self._told = time.monotonic()
        if self.quiet or not todo or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        if self._bar is None:
            columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
        self._task = self._bar.add_task("", total=todo, rate="")

    def done(self, done: Done) -> None:
        """One more."""
        from f2p.doors.batch.lines import reason_text

        if self.quiet:
            return
        now = time.monotonic()
        rate = done.count / max(now - self._begun, 1e-6)
        words = self._text.text("batch.rate", {"rate": f"{rate:.2f}"})
        group = done.outcome.group
        if group in (Group.CHECK, Group.RETAKE):
            why = self._text.text("batch.between").join(reason_text(one, self._text) for one in done.outcome.reasons)
            if self._bar is not None:
                self._bar.console.print(f"  {_MARK[group]} {done.label}  {why}", markup=False, highlight=False)
            else:
                bullets([f"{done.label}  {why}"], mark=_MARK[group], fg=_COLOUR[group])
        if self._bar is not None:
            self._bar.update(self._task, advance=1, rate=words)
        elif now - self._told > _LINE_EVERY_SECONDS:
            self._told = now
            left = round((done.total - done.count) / rate)
            params = {"count": done.count, "total": done.total, "rate": words, "left": f"{left // 60}:{left % 60:02d}"}
            say(self._text.text("batch.progress", params), err=True)


def show_begin(work: Work, todo: int, progress: Progress, text: Messages) -> None:
    """What was understood, how photos and people fit together, and how much is to be done."""
    progress.begin(todo)
    if progress.quiet:
        return
    from f2p.doors.batch.lines import reason_text, understood

    heading(text.text("batch.wish"))
    say(f"  {understood(work.wish.plan, text)}")
    bullets((text.wish(wish) for wish in left_out(work.wish.plan)), mark="✗", fg="yellow")
    if work.roster is not None:
        heading(text.text("batch.roster", {"name": work.roster.name, "count": len(work.roster.people)}))
        columns = text.text("show.and").join(work.roster.columns.values())
        say(f"  {text.text('batch.columns', {'columns': columns})}")
        for match in work.unclear[:_MOST_UNCLEAR]:
            why = text.text("batch.between").join(reason_text(one, text) for one in match.reasons)
            bullets([f"{match.source.key}  {why}"], mark="?", fg="yellow")
        if len(work.unclear) > _MOST_UNCLEAR:
            say(f"  {text.text('batch.more', {'count': len(work.unclear) - _MOST_UNCLEAR})}")
    counts = {"count": len(work.items), "kept": len(work.items) - todo, "todo": todo, "pattern": work.pattern}
    say(text.text("batch.todo", counts))


def show_end(out: Path, told: Told, finished: Finished, text: Messages, *, quiet: bool) -> None:
    """How many stand where, and where the report is."""
    if quiet:
        say(str(out))
        return
    heading(text.text("batch.stopped" if finished.stopped else "batch.finished"))
    for group in Group:
        bullets([f"{text.text(f'batch.{group.value}')} {told.counts[group.value]}"], mark=_MARK[group], fg=_COLOUR[group])
    say(text.text("batch.where", {"path": str(out)}), fg="green", bold=True)
    if finished.stopped:
        say(text.text("batch.go_on", {"path": str(out)}))
