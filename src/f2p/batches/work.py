"""One photo of a batch, in a worker: read, made, measured, judged, written."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from f2p import studio
from f2p.batches.desk import URGENCY, group_of, of_error, of_report, telling
from f2p.batches.evenness import Middle, nearer
from f2p.batches.sources import ending, read_source
from f2p.errors import F2PError, Infeasible, InputError, OutputWrong, PhotoError, TooLarge
from f2p.settings import Settings
from f2p.values.batch import Group, Item, Mark, Measured, Outcome, Reason
from f2p.values.outcome import Delivery, FinishedFile, Order

PHOTOS, RETAKE = "photos", "retake"
"""Folders below the output folder: finished photos, and the originals of those that could not be finished."""
_SMALL_PX = (132, 110)
_LARGE_PX = (300, 260)
"""Height and width of the small pictures of a report; those with a fault are larger, so that it can be seen."""
_OF_THE_PHOTO = (PhotoError, InputError, OutputWrong, Infeasible)
"""Errors that are about one photo; any other ends the batch."""
_MARKED = frozenset(
    {
        "several_faces",
        "face_too_small",
        "not_a_person",
        "no_such_face",
        "eyes_open",
        "sharpness",
        "face_weak",
        "mouth_closed",
        "face_shadow",
    }
)
_SIDES = {
    "top": (0.0, 0.0, 1.0, 0.05),
    "bottom": (0.0, 0.95, 1.0, 1.0),
    "left": (0.0, 0.0, 0.05, 1.0),
    "right": (0.95, 0.0, 1.0, 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A second making that is kept only where it comes nearer to the class. name: of the class, for the books."""

    before: Outcome
    middle: Middle
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a worker gets: the item, where results go, and the settings of this process."""

    item: Item
    folder: str
    settings: Settings
    thumbnails: bool = True
    compare: bool = True
    evening: Evening | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a worker gives back: the outcome for the books, the small pictures, and how long it took."""

    outcome: Outcome
    before: bytes | None
    after: bytes | None
    seconds: float


def make(task: Task) -> Made:
    """The photo made and written, or its original laid with those to be taken again. Raises errors that are not the photo's."""
    begun = time.perf_counter()
    data, delivery, measured = b"", None, None
    try:
        data = _read(task)
        delivery = studio.process(Order(data=data, name=task.item.source.name, plan=task.item.plan), task.settings)
        looked = studio.look_over(delivery, task.settings, compare=task.compare)
        measured, reasons = looked.measured, of_report(delivery.report, looked.broken)
    except _OF_THE_PHOTO as error:
        reasons = (of_error(error),)
    except F2PError:
        raise
    except Exception as error:  # noqa: BLE001 - a worker's last door: one photo's surprise does not end the batch
        reasons = (Reason("internal", {"what": type(error).__name__}),)
    reasons = (*task.item.reasons, *reasons)
    if task.evening is not None and not _better(task.evening, measured, reasons):
        kept = replace(task.evening.before, evened=task.evening.name)
        return Made(outcome=kept, before=None, after=None, seconds=round(time.perf_counter() - begun, 4))
    outcome = _written(task, data, delivery, measured, reasons)
    before, after = _pictures(data, delivery, outcome) if task.thumbnails else (None, None)
    return Made(outcome=outcome, before=before, after=after, seconds=round(time.perf_counter() - begun, 4))


def _read(task: Task) -> bytes:
    limit = task.settings.max_input_bytes
    data = read_source(task.item.source, limit)
    if len(data) > limit:
        raise TooLarge(name=task.item.source.name, what="bytes", value=task.item.source.size, limit=limit)
    return data


def _written(
    task: Task, data: bytes, delivery: Delivery | None, measured: Measured | None, reasons: tuple[Reason, ...]
) -> Outcome:
    group = group_of(reasons)
    place = PurePosixPath(task.item.out)
    if group is Group.RETAKE or delivery is None:
        kind = ending(task.item.source.name)
        files = {f"{RETAKE}/{place.with_suffix('')}.{kind}": FinishedFile(data=data, suffix=f".{kind}", role="original")}
    else:
        alone = len(delivery.files) == 1
        files = {f"{PHOTOS}/{_named(place, file, alone=alone)}": file for file in delivery.files}
    studio.deliver({Path(task.folder) / name: file for name, file in files.items()}, overwrite=True)
    return Outcome(
        group=group,
        reasons=telling(reasons),
        files={name: hashlib.sha256(file.data).hexdigest() for name, file in files.items()},
        sha256=hashlib.sha256(data).hexdigest(),
        marks=_marks(task, data, delivery, reasons),
        measured=measured,
        evened=task.evening.name if task.evening is not None else "",
    )


def _better(evening: Evening, measured: Measured | None, reasons: tuple[Reason, ...]) -> bool:
    """Whether the second making is as good as the first and nearer to the class."""
    worse = URGENCY.index(group_of(reasons)) > URGENCY.index(evening.before.group)
    return not worse and nearer(evening.before.measured, measured, evening.middle)


def _named(place: PurePosixPath, file: FinishedFile, *, alone: bool) -> str:
    """Several files of one person are told apart by their papers' names."""
    if alone:
        return str(place)
    role = "" if file.role == "photo" else f"_{file.role}"
    return str(place.with_name(f"{place.stem}_{file.name}{role}{file.suffix}"))


def _marks(task: Task, data: bytes, delivery: Delivery | None, reasons: tuple[Reason, ...]) -> tuple[Mark, ...]:
    """Where on the original each fault is, as far as that can be said."""
    marks = []
    for reason in telling(reasons):
        side = _SIDES.get(str(reason.params.get("side", "")))
        if side is not None:
            marks.append(Mark(*side, reason.code))
        elif reason.code in _MARKED:
            faces = studio.faces_in(data, task.item.source.name, task.settings)
            if delivery is not None and faces:
                faces = (max(faces, key=lambda box: (box[2] - box[0]) * (box[3] - box[1])),)
            marks += [_mark(box, reason.code) for box in faces]
    return tuple(marks)


def _mark(box: tuple[float, float, float, float], code: str) -> Mark:
    left, top, right, bottom = (round(share, 4) for share in box)
    return Mark(left, top, right, bottom, code)


def _pictures(data: bytes, delivery: Delivery | None, outcome: Outcome) -> tuple[bytes | None, bytes | None]:
    opened = outcome.reasons[:1] == () or outcome.reasons[0].code != "too_large"
    size = _LARGE_PX if outcome.group is Group.RETAKE else _SMALL_PX
    before = studio.thumbnail(data, *size) if opened and data else None
    after = studio.thumbnail(delivery.files[0].data, *_SMALL_PX) if delivery is not None else None
    return before, after


def with_threads(settings: Settings, threads: int) -> Settings:
    """The settings of a worker that has so many threads to itself."""
    return replace(settings, threads=threads)
