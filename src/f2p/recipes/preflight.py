"""`f2p check`: one written file, measured as a portal or an officer would, and held against a document's rules."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from f2p.catalogue.rules import rules, unmeasured
from f2p.engines.suite import Engines
from f2p.files.inspect import FileFacts, inspect
from f2p.files.photo import Limits, open_photo
from f2p.recipes.face_checks import backdrop_checks, detail_checks, face_checks, head_checks
from f2p.recipes.file_checks import file_checks
from f2p.recipes.rulebook import NO_FACE, Rulebook
from f2p.recipes.seen import Seen, faces_in, look_at, person_in
from f2p.recipes.trace import Trace
from f2p.stages.planes import resized
from f2p.stages.warp import quarter_turned
from f2p.values.outcome import Check
from f2p.values.pixels import Photo
from f2p.values.preflight import Preflight, ToCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The report, and what it was read from; seen: None where there is no face."""

    report: Preflight
    photo: Photo
    seen: Seen | None


def preflight(wanted: ToCheck, engines: Engines, limits: Limits, trace: Trace | None = None) -> Inspected:
    """Every verdict on the bytes of one file. Raises InputError kinds where it is no picture."""
    begun = time.perf_counter()
    trace = trace or Trace()
    photo = trace.run("open", open_photo, wanted.data, wanted.name, limits)
    facts = inspect(wanted.data)
    book = Rulebook(wanted.spec)
    turned = next((int(note.params["deg"]) for note in photo.notes if note.code in ("exif_turned", "exif_mirrored")), 0)
    checks = file_checks(facts, book, turned_deg=turned)
    faces = faces_in(photo.rgb, engines, trace)
    seen = None
    if faces:
        alpha = person_in(photo.rgb, faces[0], engines, trace)
        seen = trace.run("check", look_at, photo.rgb, faces, alpha, engines)
        checks += picture_checks(seen, book, facts.kb)
    else:
        checks += book.general("faces", 0.0, shown=0)
        checks += [book.told("upright", turn, "°", ok=False, wanted="0") for turn in _lying(photo, engines, trace)]
        checks += [check for rule in rules() if rule in _OF_THE_FACE for check in book.general(rule, None, unsure=NO_FACE)]
    report = Preflight(
        spec=wanted.spec, source=_source(facts, photo, wanted.name), checks=tuple(checks), unmeasured=unmeasured(),
        notes=trace.notes, steps=trace.steps, seconds=round(time.perf_counter() - begun, 3),
    )  # fmt: skip
    return Inspected(report=report, photo=photo, seen=seen)


def _lying(photo: Photo, engines: Engines, trace: Trace) -> list[int]:
    """The quarter turn, degrees clockwise, after which there is a face; none where no turn brings one."""
    scale = min(1.0, _TRIED_SIDE_PX / max(photo.width_px, photo.height_px))
    width_px, height_px = (max(1, round(side * scale)) for side in (photo.width_px, photo.height_px))
    small = replace(photo, rgb=resized(photo.rgb, width_px, height_px))
    return [turn for turn in (90, 270, 180) if faces_in(quarter_turned(small, turn).rgb, engines, trace)][:1]


_TRIED_SIDE_PX = 640
_OF_THE_FACE = ("roll_deg", "eyes_open", "mouth_closed", "sharpness", "background")


def picture_checks(seen: Seen, book: Rulebook, kb: float) -> list[Check]:
    """The verdicts on what the picture shows, for callers that have looked already. kb: of the file."""
    count = 1 + seen.others
    return [
        *book.general("faces", float(count), shown=count),
        *head_checks(seen, book),
        *face_checks(seen, book),
        *detail_checks(seen, book, kb),
        *backdrop_checks(seen, book),
    ]


def _source(facts: FileFacts, photo: Photo, name: str) -> dict[str, object]:
    return {
        "name": name, "format": facts.format, "width_px": facts.width_px, "height_px": facts.height_px,
        "bytes": facts.bytes, "sha256": photo.source.sha256,
    }  # fmt: skip
