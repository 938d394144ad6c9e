"""A photo of a batch as a job on the shelf: packed where the batch is, made by any worker, unpacked where the batch is.

The worker runs `batches.work.make` in an empty folder, so what comes of a photo cannot depend on where it was made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from f2p import studio
from f2p.batches.work import Evening, Made, Task, make
from f2p.jobs.job import Job, Work
from f2p.jobs.worker import Other
from f2p.settings import Settings
from f2p.values.batch import Item, Outcome, Reason, Source
from f2p.values.outcome import FinishedFile
from f2p.values.plan import IdPhotoPlan, PapersPlan

ROLE = "batch"
_MARK = '{"batch_photo":'
_MADE, _BEFORE, _AFTER = "made.json", "before", "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packed:
    """A task without its picture, its folder and its machine. plan: as `studio.plan_json` gives it."""

    key: str
    source: Source
    out: str
    label: str
    plan: str
    person: int | None
    reasons: tuple[Reason, ...]
    thumbnails: bool
    compare: bool
    evening: Evening | None
    limits: tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What came of it. files: names below the output folder, in the order of the job's files."""

    outcome: Outcome
    seconds: float
    files: tuple[str, ...]


def pack(task: Task, data: bytes) -> Work:
    """The job that makes this photo."""
    item, settings = task.item, task.settings
    packed = _Packed(
        key=item.key, source=replace(item.source, path="", member="", stamp=""), out=item.out, label=item.label,
        plan=studio.plan_json(item.plan), person=item.person, reasons=item.reasons, thumbnails=task.thumbnails,
        compare=task.compare, evening=task.evening,
        limits=(settings.max_input_bytes, settings.max_input_pixels, settings.matting),
    )  # fmt: skip
    return Work(data=data, name=item.source.name, plan=msgspec.json.encode({"batch_photo": packed}).decode())


def maker(settings: Settings) -> Other:
    """What a worker does with a batch's photo; None for every other job."""

    def files(job: Job, picture: Callable[[], bytes], on_step: Callable[[str], None]) -> Mapping[str, tuple[str, bytes]] | None:
        if not job.plan.startswith(_MARK):
            return None
        on_step("open")
        with tempfile.TemporaryDirectory(prefix="f2p-photo-") as folder:
            return _made(_unpacked(job.plan, picture(), Path(folder), settings), Path(folder))

    return files


def unpack(files: Mapping[str, bytes], folder: Path) -> Made:
    """Writes what a worker made to where the batch wants it, and tells what came of it."""
    told = msgspec.json.decode(files[_MADE], type=_Told)
    finished = {
        folder / name: FinishedFile(data=files[f"file{place}"], suffix=Path(name).suffix) for place, name in enumerate(told.files)
    }
    studio.deliver(finished, overwrite=True)
    return Made(outcome=told.outcome, before=files.get(_BEFORE), after=files.get(_AFTER), seconds=told.seconds)


def _unpacked(said: str, data: bytes, folder: Path, settings: Settings) -> Task:
    packed = msgspec.json.decode(said, type=dict[str, _Packed])["batch_photo"]
    picture = folder / "input"
    picture.write_bytes(data)
    plan = studio.plan_from_json(packed.plan)
    assert isinstance(plan, IdPhotoPlan | PapersPlan)
    item = Item(
        key=packed.key, source=replace(packed.source, path=str(picture)), out=packed.out, label=packed.label,
        plan=plan, person=packed.person, reasons=packed.reasons,
    )  # fmt: skip
    most_bytes, most_pixels, matting = packed.limits
    here = replace(settings, max_input_bytes=most_bytes, max_input_pixels=most_pixels, matting=matting)
    return Task(
        item=item, folder=str(folder / "out"), settings=here, thumbnails=packed.thumbnails, compare=packed.compare,
        evening=packed.evening,
    )  # fmt: skip


def _made(task: Task, folder: Path) -> dict[str, tuple[str, bytes]]:
    made = make(task)
    written = [name for name in made.outcome.files if (folder / "out" / name).is_file()]  # none where an earlier making is kept
    told = _Told(outcome=made.outcome, seconds=made.seconds, files=tuple(written))
    files = {f"file{place}": (folder / "out" / name).read_bytes() for place, name in enumerate(written)}
    files |= {name: data for name, data in ((_BEFORE, made.before), (_AFTER, made.after)) if data is not None}
    return {name: (ROLE, data) for name, data in {_MADE: msgspec.json.encode(told), **files}.items()}
