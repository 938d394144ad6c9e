"""One batch from the books to the finished folder: what is new is made, what is done is kept, whatever happens in between."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from f2p.batches.desk import group_of, telling
from f2p.batches.evenness import Middle, evened, from_json, middles, to_json
from f2p.batches.journal import FOLDER, Entry, Journal
from f2p.batches.order import BatchOrder, Work, settle, standard_of
from f2p.batches.pool import Lost, Pool, Size, size_for
from f2p.batches.sources import read_source
from f2p.batches.work import PHOTOS, RETAKE, Evening, Made, Task, make, with_threads
from f2p.errors import FolderTaken, NothingToResume, UnreadablePath
from f2p.settings import Settings
from f2p.values.batch import Group, Item, Outcome, Reason, Row
from f2p.values.plan import IdPhotoPlan

_PART = re.compile(r"\..*\.[0-9a-f]{12}\.part")
_MOST_PICTURED = 10_000
"""Photos up to which every one gets its small pictures; of more, only those that need a look."""

OnDone = Callable[["Done"], None]


class Makers(Protocol):
    """Whoever makes the photos: the pool of this machine, or workers elsewhere."""

    def run(self, tasks: Iterable[Task], stopping: Callable[[], bool] = ...) -> Iterator[tuple[Task, Made | Lost]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One photo is finished: which, what became of it, and how far the batch is."""

    label: str
    name: str
    outcome: Outcome
    count: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Who makes the photos and who is told. stopping: asked before each new photo."""

    settings: Settings
    pool: Makers
    on_done: OnDone = lambda _: None
    on_settled: Callable[[Work, int], None] = lambda *_: None
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a run ended. stopped: something was left undone; made: photos of this run."""

    work: Work
    made: int
    stopped: bool


def kept_order(journal: Journal) -> BatchOrder:
    """What the batch in these books was asked to do. Raises NothingToResume."""
    kept = journal.meta().get("order")
    if kept is None:
        raise NothingToResume(path=FOLDER)
    fields = json.loads(kept)
    return BatchOrder(**{**fields, "inputs": tuple(fields["inputs"])})


def check_folder(out: Path, order: BatchOrder, journal_exists: bool, kept: BatchOrder | None, *, overwrite: bool) -> None:
    """Raises FolderTaken where `out` holds files of somebody else, or a batch with another wish."""
    if kept is not None and (kept.sentence, kept.names) != (order.sentence, order.names) and not overwrite:
        raise FolderTaken(path=str(out), reason="another_batch")
    if not journal_exists and not overwrite and out.is_dir():
        strangers = [path for path in out.iterdir() if path.name != FOLDER and not path.name.startswith(".")]
        if strangers:
            raise FolderTaken(path=str(out), reason="not_empty")


def workshop(
    settings: Settings, processes: int | None = None, work: Callable[[Task], Made] = make
) -> tuple[Settings, Pool[Task, Made]]:
    """Warm processes sized to this machine, begun as they are needed, and the settings for what they do."""
    size = size_here(settings, processes)
    return with_threads(settings, size.threads), Pool[Task, Made](size, work)


def size_here(settings: Settings, processes: int | None = None) -> Size:
    """How many processes this machine takes, with how many threads each."""
    return size_for(_cores(settings), processes)


def run(order: BatchOrder, out: Path, journal: Journal, running: Running) -> Finished:
    """Makes what is not done yet and keeps the books. Raises F2PError kinds that are not one photo's."""
    _sweep(out)
    before = {entry.key: entry for entry in journal.entries()}
    work = settle(order, out, [entry.source for entry in before.values() if entry.outcome is not None])
    todo = _planned(work, before, out, journal, order)
    _take_away(journal, out)
    running.on_settled(work, len(todo))
    pictured = len(work.items) <= _MOST_PICTURED
    first = [
        Task(item=item, folder=str(out), settings=running.settings, thumbnails=pictured, compare=order.compare) for item in todo
    ]
    made = _make(first, journal, running)
    again = _to_even(work, (out, order), journal, running) if order.even and made == len(todo) else []
    evened = _make(again, journal, running)
    return Finished(work=work, made=made, stopped=made < len(todo) or evened < len(again))


def _planned(work: Work, before: dict[str, Entry], out: Path, journal: Journal, order: BatchOrder) -> list[Item]:
    """What is to be done; the books say so afterwards."""
    keep = {item.key: _is_done(item, work.fingerprints[item.key], before.get(item.key), out) for item in work.items}
    kept = json.loads(journal.meta().get("order", "{}"))
    if kept.get("sentence", order.sentence) != order.sentence:  # another wish has another class
        journal.set_meta({"class": "{}"})
    journal.set_meta({"order": json.dumps(asdict(order), ensure_ascii=False)})
    journal.plan([(item, work.fingerprints[item.key]) for item in work.items], keep)
    return [item for item in work.items if not keep[item.key]]


def _is_done(item: Item, fingerprint: str, entry: Entry | None, out: Path) -> bool:
    """Whether the books have this very photo under this very plan, and its files are still there."""
    if entry is None or entry.outcome is None or entry.fingerprint != fingerprint:
        return False
    if not all((out / name).is_file() for name in entry.outcome.files):
        return False
    if entry.source.stamp == item.source.stamp:
        return True
    try:
        data = read_source(item.source, item.source.size)
    except UnreadablePath:  # a worker will say so
        return False
    return hashlib.sha256(data).hexdigest() == entry.outcome.sha256


def _make(todo: list[Task], journal: Journal, running: Running) -> int:
    """How many were made and are in the books."""
    if not todo:
        return 0
    made = 0
    for task, answer in running.pool.run(todo, running.stopping):
        if isinstance(answer, Lost):
            answer = _lost(answer)
        journal.put(task.item.key, answer.outcome, answer.seconds, (answer.before, answer.after))
        made += 1
        running.on_done(
            Done(label=task.item.label, name=task.item.source.name, outcome=answer.outcome, count=made, total=len(todo))
        )
    return made


def _to_even(work: Work, where: tuple[Path, BatchOrder], journal: Journal, running: Running) -> list[Task]:
    """A second making for every photo that stands apart from its class. The class is kept in the books once it is known, so that
    photos that come later move towards it and not it towards them.
    """
    out, order = where
    items = {item.key: item for item in work.items}
    done = [(items[entry.key], entry.outcome) for entry in journal.entries() if entry.outcome is not None and entry.key in items]
    found = class_of(journal)
    if not found:
        found = middles((standard_of(item), outcome) for item, outcome in done)
        journal.set_meta({"class": json.dumps(to_json(found))})
    tasks, pictured = [], len(work.items) <= _MOST_PICTURED
    for item, outcome in done:
        name = standard_of(item)
        middle = found.get(name)
        if (
            middle is None
            or not isinstance(item.plan, IdPhotoPlan)
            or outcome.evened
            or outcome.group not in (Group.READY, Group.FIXED)
        ):
            continue
        plan = evened(item.plan, outcome.measured, middle)
        if plan is not None:
            shared = Task(item=replace(item, plan=plan), folder=str(out), settings=running.settings, compare=order.compare)
            evening = Evening(before=outcome, middle=middle, name=name)
            tasks.append(replace(shared, thumbnails=pictured, evening=evening))
    return tasks


def class_of(journal: Journal) -> dict[str, Middle]:
    """The class of each standard as the books have it."""
    return from_json(json.loads(journal.meta().get("class", "{}")))


def _lost(lost: Lost) -> Made:
    """The outcome of a photo that took its process with it."""
    return Made(outcome=Outcome(group=Group.RETAKE, reasons=(Reason(lost.code),)), before=None, after=None, seconds=0.0)


def _take_away(journal: Journal, out: Path) -> None:
    """Files of earlier outcomes that no outcome of now claims."""
    for name in journal.stale():
        with suppress(FileNotFoundError):
            (out / name).unlink()
        for folder in (out / name).parents:
            if folder == out:
                break
            with suppress(OSError):  # something else is still in it
                folder.rmdir()
    journal.cleared()


def _sweep(out: Path) -> None:
    """Takes away what a killed process had not finished writing."""
    for folder in (PHOTOS, RETAKE):
        for path in (out / folder).rglob(".*.part"):
            if _PART.fullmatch(path.name):
                with suppress(FileNotFoundError):
                    path.unlink()
    if (out / "report.tmp").is_dir():
        shutil.rmtree(out / "report.tmp")


def rows(work: Work, journal: Journal, beyond: Mapping[str, tuple[Reason, ...]] | None = None) -> Iterator[Row]:
    """The lines of the report: photos, then photos that are nobody's, then people without one.

    beyond: source → reasons that only a look at all photos together gives.
    """
    for entry in journal.entries():
        if entry.outcome is not None:
            yield _row(work, entry, entry.outcome, (beyond or {}).get(entry.key, ()))
    for match in work.unclear:
        yield Row(
            label=match.source.stem, name="", person=None, source=match.source.key, out="", group=Group.CHECK,
            reasons=telling(match.reasons), marks=(), measured=None, files={}, sha256="",
        )  # fmt: skip
    for index in work.missing:
        person = work.roster.people[index] if work.roster is not None else None
        assert person is not None
        yield Row(
            label=person.label, name=person.name, person=index, source="", out="", group=Group.RETAKE,
            reasons=(Reason("missing"),), marks=(), measured=None, files={}, sha256="",
        )  # fmt: skip


def _row(work: Work, entry: Entry, outcome: Outcome, beyond: tuple[Reason, ...]) -> Row:
    person = work.roster.people[entry.person] if work.roster is not None and entry.person is not None else None
    reasons = (*outcome.reasons, *beyond)
    return Row(
        label=entry.label, name=person.name if person is not None else "", person=entry.person, source=entry.key,
        out=entry.out, group=group_of(reasons), reasons=telling(reasons), marks=outcome.marks, measured=outcome.measured,
        files=outcome.files, sha256=outcome.sha256,
    )  # fmt: skip


def _cores(settings: Settings) -> int:
    if settings.threads:
        return settings.threads
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
