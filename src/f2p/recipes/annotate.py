"""The checked picture with what was measured drawn into it: crown, eyes, chin, bands in mm, and each fault where it is."""

from __future__ import annotations

import math

import numpy as np

from f2p.files.encode import encode
from f2p.recipes.preflight import Inspected
from f2p.recipes.seen import Seen, eye_line_px
from f2p.stages.annotate import Drawing, Line, Mark, Stripe, drawn
from f2p.stages.facemesh import LEFT_EYE, LIPS, RIGHT_EYE
from f2p.stages.framing import height_mm_of
from f2p.values.geometry import Box, Points
from f2p.values.outcome import FinishedFile
from f2p.values.plan import Encoding, FileFormat
from f2p.values.spec import Band, PhotoSpec

_CROWN, _SKULL, _EYES, _CHIN = "crown", "skull", "eyes", "chin"
_EYE_FAULTS = {"eyes_open", "eyes_visible", "gaze", "red_eye", "glasses", "glare", "roll_deg", "inter_eye_px"}
_MOUTH_FAULTS = {"mouth_closed", "smile"}
_FACE_FAULTS = {
    "yaw_deg",
    "pitch_deg",
    "face_visible",
    "overexposed",
    "underexposed",
    "contrast",
    "natural_colour",
    "sharpness",
    "oversharpened",
    "compression",
    "enlarged",
    "faces",
}
_HEAD_FAULTS = {
    "head_height_mm",
    "head_ratio",
    "head_width_mm",
    "head_width_ratio",
    "face_width_ratio",
    "centring",
    "head_inside",
    "top_margin_mm",
    "top_ratio",
    "bottom_margin_mm",
    "eye_line_mm",
    "eyes_from_top_ratio",
    "eye_line_ratio",
}
_WALL_FAULTS = {"background", "background_even"}


def annotated(found: Inspected) -> FinishedFile:
    """A PNG of the file, enlarged where it is small, with a strip of labels on its right."""
    rgb = found.photo.rgb
    drawing = Drawing() if found.seen is None else _drawing(found, found.seen)
    png = encode(drawn(rgb, drawing), None, Encoding(format=FileFormat.PNG), None).data
    return FinishedFile(data=png, suffix=".png", role="annotated")


def _drawing(found: Inspected, seen: Seen) -> Drawing:
    width = seen.rgb.shape[1]
    spec = found.report.spec
    verdicts = {check.name: check.ok for check in found.report.checks}
    lines = _lines(seen, spec, verdicts)
    stripes = () if spec is None else _stripes(seen, spec)
    places = ((_place(name, seen), number) for name, number in found.report.numbers.items())
    marks = tuple(Mark(box=box, number=number) for box, number in places if box is not None)
    return Drawing(lines=lines, stripes=stripes, marks=_spread(marks), axis=(seen.head.axis_x, width / 2))


def _lines(seen: Seen, spec: PhotoSpec | None, verdicts: dict[str, bool | None]) -> tuple[Line, ...]:
    """Hair, skull, eyes and chin; each with its distance that the rules speak of."""
    height = seen.rgb.shape[0]
    head, eyes = seen.head, eye_line_px(seen.face)

    def length(px: float) -> str:
        return f"{100 * px / height:.0f} %" if spec is None else f"{px * height_mm_of(spec) / height:.1f} mm"

    by_skull = spec is None or spec.head.reference == "skull"
    top = head.skull_y if by_skull else head.crown_y
    head_ok = _first(verdicts, "head_height_mm", "head_ratio")
    top_ok = _first(verdicts, "top_margin_mm", "top_ratio")
    eyes_ok = _first(verdicts, "eye_line_mm", "eyes_from_top_ratio", "eye_line_ratio")
    made = [
        Line(y=head.crown_y, label=f"{_CROWN} {length(head.crown_y)} from top", ok=top_ok),
        Line(
            y=eyes, label=f"{_EYES} {length(height - eyes)} from bottom", ok=eyes_ok,
            slope=math.tan(math.radians(seen.face.roll_deg)),
        ),
        Line(y=head.chin_y, label=f"{_CHIN} (head {length(head.chin_y - top)})", ok=head_ok),
    ]  # fmt: skip
    if by_skull and head.skull_y - head.crown_y > 2.0:
        made.append(Line(y=head.skull_y, label=f"{_SKULL} (est.)", ok=head_ok))
    return tuple(made)


def _first(verdicts: dict[str, bool | None], *names: str) -> bool | None:
    """The worst verdict among those that were given."""
    given = [verdicts[name] for name in names if verdicts.get(name) is not None]
    return None if not given else all(given)


def _stripes(seen: Seen, spec: PhotoSpec) -> tuple[Stripe, ...]:
    """Where the eyes and the top of the head may lie."""
    height = seen.rgb.shape[0]
    per_mm = height / height_mm_of(spec)
    rules = spec.head
    found = []
    if rules.eyes_from_bottom_mm is not None:
        low, high = _ends(rules.eyes_from_bottom_mm, height / per_mm)
        found.append(Stripe(low=height - high * per_mm, high=height - low * per_mm, label="eyes"))
    elif rules.eyes_from_top_ratio is not None:
        low, high = _ends(rules.eyes_from_top_ratio, 1.0)
        found.append(Stripe(low=low * height, high=high * height, label="eyes"))
    band = rules.head_mm or rules.head_ratio
    if band is not None:
        unit = per_mm if rules.head_mm is not None else height
        low, high = _ends(band, height / unit)
        found.append(Stripe(low=seen.head.chin_y - high * unit, high=seen.head.chin_y - low * unit, label="top"))
    return tuple(found)


def _ends(band: Band, whole: float) -> tuple[float, float]:
    return band.low if band.low is not None else 0.0, band.high if band.high is not None else whole


def _place(name: str, seen: Seen) -> Box | None:
    """Where the fault of a check is to be seen; None where it isn't in the picture (dpi, KB, ...)."""
    mesh = seen.face.mesh
    height, width = seen.rgb.shape[:2]
    room = 0.12 * seen.features.inter_eye_px
    if name in _EYE_FAULTS:
        return _around(mesh[[*RIGHT_EYE, *LEFT_EYE]], 1.4 * room)
    if name in _MOUTH_FAULTS:
        return _around(mesh[list(LIPS)], room)
    if name == "face_shadow":
        box = _around(mesh[:468], 0.0)
        middle = float(mesh[168, 0])
        darker = (box.left, middle) if seen.light.darker_left else (middle, box.right)
        return Box(darker[0], box.top, darker[1], box.bottom)
    if name in _HEAD_FAULTS:
        head = seen.head
        return Box(head.left_x, max(head.crown_y, 2.0), head.right_x, min(head.chin_y, height - 3.0))
    if name in _FACE_FAULTS:
        return _around(mesh[:468], 0.0)
    if name == "background_shadow" and seen.backdrop is not None:
        left = 2.0 if seen.backdrop.side == "left" else seen.head.right_x + room
        right = seen.head.left_x - room if seen.backdrop.side == "left" else width - 3.0
        return Box(left, seen.head.crown_y, max(right, left + 6.0), seen.head.chin_y)
    return Box(3.0, 3.0, width - 4.0, 0.16 * height) if name in _WALL_FAULTS else None


def _around(points: Points, room: float) -> Box:
    low, high = points.min(axis=0) - room, points.max(axis=0) + room
    return Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _spread(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Marks on the same place are nested, so that each number can be read."""
    corners: list[tuple[float, float]] = []
    spread = []
    for mark in marks:
        box = mark.box
        step = 0.08 * max(box.width, 20.0)
        while any(np.hypot(box.left - x, box.top - y) < step for x, y in corners):
            box = Box(box.left + step, box.top, box.right, box.bottom)
        corners.append((box.left, box.top))
        spread.append(Mark(box=box, number=mark.number))
    return tuple(spread)
