"""Re-open the finished file and measure it: what the office will see, not what we meant."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.engines.suite import Engines
from f2p.errors import OutputWrong
from f2p.files.anatomy import parts
from f2p.files.inspect import FileFacts, inspect
from f2p.recipes.face_checks import backdrop_checks, detail_checks, face_checks
from f2p.recipes.rulebook import Rulebook
from f2p.recipes.seen import Seen, look_at
from f2p.recipes.trace import Trace
from f2p.stages.backdrop import painted
from f2p.stages.doubt import DOUBTFUL, Doubt, place_of
from f2p.stages.facemesh import CHIN, five_points
from f2p.stages.framing import Frame, height_mm_of
from f2p.stages.headlines import SKULL_ABOVE_EYES, eye_to_chin_px, eyes_middle
from f2p.values.geometry import Box, Face, FaceBox, Points
from f2p.values.outcome import Check
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import BackdropKind, Encoding, FileFormat, IdPhotoPlan
from f2p.values.spec import Band

_IDENTITY_LIMIT = 0.03
"""1 - cosine of SFace before and after, mapped alignment: edits that keep the face stay below (10 portraits, light: 0.003)."""
_BACKDROP_TOLERANCE = 3
"""Levels by which lossy formats may move a solid colour."""
_A_BYTE = 1.001 / 1024
"""In KB: no file has exactly 20.3 KB, as that is no whole number of bytes."""
_PAINTED = (BackdropKind.SOLID, BackdropKind.GRADIENT, BackdropKind.STUDIO)
_DECODED = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "TIFF": "tiff", "PDF": "pdf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the finished file is held against. before: (H, W, 3) the finished picture without any edit of the person's pixels;
    mesh: its face in finished px; frame: the bands that were aimed at, in finished px; alpha: (H, W) 0..1 where the person
    stands, so that the finished file's own backdrop and face can be told apart; border_px: the rim around all of it.
    """

    before: Rgb8
    mesh: Points
    frame: Frame
    alpha: Plane
    border_px: int = 0


def check_file(data: bytes, plan: IdPhotoPlan, expected: Expected, engines: Engines) -> tuple[Check, ...]:
    """Everything measured on the finished bytes. Raises OutputWrong where a hard promise (size, type, KB) is broken."""
    facts = inspect(data)
    _whole(data)
    checks = _file_checks(facts, plan, 2 * expected.border_px)
    for check in checks:
        if check.ok is False:
            raise OutputWrong(what=check.name)
    facts = _inside(facts, expected.border_px)
    checks += _backdrop_check(facts.rgb, plan)
    face = _face_anew(facts.rgb, expected.mesh, engines)
    checks += _head_checks(facts, plan, expected, face)
    checks += _preflight(facts, plan, look_at(facts.rgb, [face], expected.alpha, engines), {check.name for check in checks})
    if plan.edits_person:
        checks.append(_identity_check(expected, facts.rgb, plan.encoding, engines))
    return tuple(checks)


def _whole(data: bytes) -> None:
    """Raises OutputWrong where the file is not made as its format says, to its last byte."""
    try:
        parts(data)
    except ValueError as error:
        raise OutputWrong(what="file") from error


def doubt_check(doubt: Doubt | None, trace: Trace) -> tuple[Check, ...]:
    """How sure the edges are, and a word about the place where they are not; nothing where no edge shows."""
    if doubt is None:
        return ()
    if doubt.told:
        trace.tell("edges_doubtful", "warning", place=place_of(doubt))
    return (Check(name="edge_doubt", value=round(doubt.score, 3), wanted=f"<= {DOUBTFUL}", ok=not doubt.told),)


def _inside(facts: FileFacts, border_px: int) -> FileFacts:
    """The picture within its rim."""
    if not border_px:
        return facts
    part = slice(border_px, -border_px)
    return replace(facts, rgb=facts.rgb[part, part], alpha=None if facts.alpha is None else facts.alpha[part, part])


def _file_checks(facts: FileFacts, plan: IdPhotoPlan, rims_px: int) -> list[Check]:
    spec, encoding = plan.spec, plan.encoding
    kind = _DECODED.get(facts.format, facts.format.lower())
    checks = [Check(name="format", value=kind, wanted=encoding.format.value, ok=kind == encoding.format.value)]
    checks.append(_exact("width_px", facts.width_px, spec.width_px + rims_px, "px"))
    checks.append(_exact("height_px", facts.height_px, spec.height_px + rims_px, "px"))
    if facts.dpi is not None:
        checks.append(_exact("dpi", round(facts.dpi), encoding.dpi, "dpi"))
    checks.append(_kb_check(facts.kb, encoding))
    checks.append(Check(name="exif", value=facts.exif_tags, wanted="0", ok=_exif_ok(facts, encoding)))
    return checks


def _exif_ok(facts: FileFacts, encoding: Encoding) -> bool:
    # WebP has no other place for the dpi, TIFF is made of tags
    return facts.exif_tags == 0 or encoding.keep_exif or encoding.format in (FileFormat.WEBP, FileFormat.TIFF)


def _exact(name: str, value: int, wanted: int, unit: str) -> Check:
    return Check(name=name, value=value, wanted=str(wanted), ok=value == wanted, unit=unit)


def _kb_check(kb: float, encoding: Encoding) -> Check:
    band = encoding.kb
    limited = band.low is not None or band.high is not None
    return Check(
        name="kb", value=round(kb, 1), wanted=_text(band), ok=band.holds(kb, tolerance=_A_BYTE) if limited else None, unit="KB"
    )


def _backdrop_check(rgb: Rgb8, plan: IdPhotoPlan) -> list[Check]:
    """The two upper corners against the colour asked."""
    if plan.backdrop.kind is not BackdropKind.SOLID or plan.encoding.gray:
        return []
    wanted = painted(plan.backdrop, 1, 1)[0, 0]
    corners = np.concatenate([rgb[:4, :4].reshape(-1, 3), rgb[:4, -4:].reshape(-1, 3)]).astype(np.float32)
    colour = "#{:02X}{:02X}{:02X}".format(*(int(value) for value in np.rint(corners.mean(axis=0))))
    worst = float(np.abs(corners - wanted).max())
    return [Check(name="background", value=colour, wanted=plan.backdrop.color, ok=worst <= _BACKDROP_TOLERANCE)]


def _face_anew(rgb: Rgb8, mesh: Points, engines: Engines) -> Face:
    """The face measured on the decoded picture, near where it was put."""
    low, high = mesh.min(axis=0), mesh.max(axis=0)
    box = FaceBox(Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])), 1.0, five_points(mesh))
    return engines.mesher.measure(rgb, box)


def _preflight(facts: FileFacts, plan: IdPhotoPlan, seen: Seen, known: set[str]) -> list[Check]:
    """What `f2p check` says of face and backdrop, without what is judged here already by what was aimed at."""
    book = Rulebook(plan.spec)
    found = [*face_checks(seen, book), *detail_checks(seen, book, facts.kb)]
    if plan.backdrop.kind in (BackdropKind.SOLID, BackdropKind.KEEP):
        found += backdrop_checks(seen, book)
    left_out = known | ({"natural_colour", "red_eye"} if plan.encoding.gray else set())
    return [check for check in found if check.name not in left_out]


def _head_checks(facts: FileFacts, plan: IdPhotoPlan, expected: Expected, face: Face) -> list[Check]:
    """Head height, top margin and eye line, found anew on the decoded picture and held against the bands that were aimed at."""
    rgb, frame = facts.rgb, expected.frame
    mm = height_mm_of(plan.spec) / rgb.shape[0]
    chin, eyes = float(face.mesh[CHIN, 1]), float(eyes_middle(face.mesh)[1])
    top = _crown(rgb, facts, plan)
    if plan.spec.head.reference == "skull":
        skull = eyes - SKULL_ABOVE_EYES * eye_to_chin_px(face.mesh)
        top = skull if top is None else max(skull, top)
    checks = []
    if top is not None:
        checks.append(_banded("head_height_mm", (chin - top) * mm, frame.head_px, mm, binding=not frame.loose))
        checks.append(_banded("top_margin_mm", top * mm, frame.top_px, mm, binding=not frame.loose_top))
    checks.append(_banded("eye_line_mm", (rgb.shape[0] - eyes) * mm, frame.eyes_from_bottom_px, mm, binding=True))
    checks.append(_roll_check(face.roll_deg, plan.framing.straighten))
    return checks


def _roll_check(roll_deg: float, straightened: bool) -> Check:
    value = round(roll_deg, 1) + 0.0  # no "-0"
    if not straightened:
        return Check(name="roll_deg", value=value, unit="°")
    return Check(name="roll_deg", value=value, wanted="-2..2", ok=abs(roll_deg) <= 2.0, unit="°")


def _crown(rgb: Rgb8, facts: FileFacts, plan: IdPhotoPlan) -> float | None:
    """First row in which something clearly stands before the backdrop; None where the backdrop is not known."""
    height, width = rgb.shape[:2]
    if plan.backdrop.kind is BackdropKind.TRANSPARENT and facts.alpha is not None:
        solid: NDArray[np.bool_] = facts.alpha > 0.5
    elif plan.backdrop.kind in _PAINTED and not plan.encoding.gray:
        difference = np.abs(rgb.astype(np.float32) - painted(plan.backdrop, width, height)).max(axis=2)
        solid = difference > 40.0
    else:
        return None
    rows = np.flatnonzero(solid.sum(axis=1) >= max(2, 0.04 * width))
    return float(rows[0]) if rows.size else None


def _banded(name: str, value_mm: float, band_px: Band | None, mm: float, *, binding: bool) -> Check:
    """A length against its band; a band that is only a convention (not `binding`) is no rule and not judged."""
    band = _scaled(band_px, mm) if binding else None
    # a pixel of JPEG and mesh noise on either side is not the photo's fault
    ok = None if band is None else band.holds(value_mm, tolerance=max(0.3, mm))
    return Check(name=name, value=round(value_mm, 1), wanted=_text(band), ok=ok, unit="mm")


def _identity_check(expected: Expected, after: Rgb8, encoding: Encoding, engines: Engines) -> Check:
    """Before and after stand on the same backdrop and in the same colours, so that only the retouching is measured."""
    before = expected.before
    if encoding.gray:
        before = np.repeat(cv2.cvtColor(before, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    five = five_points(expected.mesh)
    cosine = float(engines.identifier.embed(before, five) @ engines.identifier.embed(after, five))
    distance = round(max(0.0, 1.0 - cosine), 4)
    return Check(name="identity_distance", value=distance, wanted=f"<= {_IDENTITY_LIMIT}", ok=distance <= _IDENTITY_LIMIT)


def _scaled(band: Band | None, factor: float) -> Band | None:
    if band is None:
        return None
    return Band(None if band.low is None else band.low * factor, None if band.high is None else band.high * factor)


def _text(band: Band | None) -> str:
    if band is None or (band.low is None and band.high is None):
        return ""
    low, high = (None if end is None else f"{round(end, 1):g}" for end in (band.low, band.high))
    if low is None:
        return f"<= {high}"
    return f">= {low}" if high is None else f"{low}..{high}"
