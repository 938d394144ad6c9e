"""Where the frame lies: from the head's lines and a standard's bands to one placement."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from f2p.values.geometry import Affine, Head, Limits, Placement, Points
from f2p.values.plan import Framing
from f2p.values.spec import Band, HeadRules, PhotoSpec

_TRIES = 41
_ZOOM_STEP = 0.08
_CHIN_ROOM = 0.02
"""Share of the height that stays below the chin whatever is asked."""
_HAIR_MARGIN, _CHIN_MARGIN = 0.03, 0.1
"""Free share of the height above the hair and below the chin when hair pushes the head down."""
_BAND_EDGE = 0.1
"""Share of the band of the top margin that stays free at both ends where the head is moved in it: measuring has its error."""
_OFF_CENTRE = 0.03
"""Share of the width by which the head may stand aside where the picture ends; ICAO 9303 allows 0.05."""
_LOOSE_HEAD_RATIO = 0.80
"""A head may fill this much of the height before a picture without head rules of its own is called too tight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The picture to be filled. Bands in px of the finished picture; None = free."""

    width_px: int
    height_px: int
    head_px: Band
    """Top of head (as the standard means it) to chin."""
    target_px: float
    """The head height aimed at, inside `head_px`."""
    top_px: Band | None = None
    eyes_from_bottom_px: Band | None = None
    loose_top: bool = False
    """True where the top margin is only a convention: high hair may push the head down."""
    loose: bool = False
    """True where the band is only a convention: a tight picture may go beyond it, told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The placement found (upright raster px to finished px) and what it misses, each in finished px, 0 = nothing."""

    placement: Placement
    head_px: float
    cut_px: dict[str, float]
    """How far the frame reaches past what there is to show: bottom, top, left, right."""


def frame_for(rules: HeadRules, conventions: HeadRules, size_px: tuple[int, int], height_mm: float, zoom: int) -> Frame:
    """The frame of a standard: its own bands where it has them, the trade's conventions where it is silent.

    height_mm: of the print, to turn mm into px. zoom: steps of 8 % on the head aimed at, kept inside the band.
    """
    width_px, height_px = size_px
    per_mm = height_px / height_mm
    head = _band_px(rules.head_mm, per_mm) or _band_px(rules.head_ratio, height_px)
    loose = head is None
    head = head or _band_px(conventions.head_ratio, height_px) or Band(0.60 * height_px, 0.68 * height_px)
    low, high = _closed(head, height_px)
    target = (low + high) / 2 * (1.0 + _ZOOM_STEP * zoom)
    if loose and zoom:
        low, high = min(low, target), max(high, target)
    top = _band_px(rules.top_mm, per_mm) or _band_px(rules.top_ratio, height_px)
    eyes = _band_px(rules.eyes_from_bottom_mm, per_mm)
    if rules.eyes_from_top_ratio is not None and eyes is None:
        eyes = _mirrored(rules.eyes_from_top_ratio, height_px)
    loose_top = top is None and eyes is None
    if loose_top:
        top = _band_px(conventions.top_ratio, height_px)
    return Frame(
        width_px=width_px, height_px=height_px, head_px=Band(low, high), target_px=float(np.clip(target, low, high)),
        top_px=top, eyes_from_bottom_px=eyes, loose_top=loose_top, loose=loose,
    )  # fmt: skip


def whole_frame(spec: PhotoSpec) -> Frame:
    """The frame that is the whole picture of the standard's pixels: nothing is aimed at, so nothing is judged."""
    head = Band(0.0, float(spec.height_px))
    return Frame(
        width_px=spec.width_px, height_px=spec.height_px, head_px=head, target_px=0.0, loose=True, loose_top=True
    )  # fmt: skip


def fitted(frame: Frame, head: Head, reference: str, limits: Limits) -> Fit:
    """The best placement: the head inside its band first, then nothing of the person cut, then eye line, then top margin.

    head, limits: px of one upright raster. reference: "hair" or "skull", the top the standard measures from.
    """
    low, high = _closed(frame.head_px, frame.height_px)
    sizes = list(np.linspace(low, high, _TRIES))
    sizes.append(frame.target_px)
    if frame.loose:
        sizes += list(np.linspace(high, max(high, _LOOSE_HEAD_RATIO * frame.height_px), _TRIES))
    scored = [_scored(frame, head, reference, limits, size) for size in sizes]
    return min(scored, key=lambda pair: pair[0])[1]


def _scored(frame: Frame, head: Head, reference: str, limits: Limits, size_px: float) -> tuple[float, Fit]:
    top_line = head.crown_y if reference == "hair" else head.skull_y
    scale = size_px / max(head.chin_y - top_line, 1.0)
    span, miss = _vertical(frame, (head.eyes_y - top_line) * scale)
    hair_px = max(0.0, (top_line - head.crown_y) * scale)
    wanted_px = hair_px + _HAIR_MARGIN * frame.height_px
    usual_px = (span[0] + span[1]) / 2
    least_px = max(span[0], min(usual_px, wanted_px))
    top_px = usual_px if frame.loose_top else _towards(frame, usual_px, (least_px, span[1]), (top_line, scale), limits)
    moved_px = abs(top_px - usual_px)
    if hair_px > 0.0 and wanted_px > top_px:  # a skull-measured head keeps its hair inside the frame where the bands allow it
        if frame.loose_top:
            top_px = max(top_px, min(wanted_px, (1.0 - _CHIN_MARGIN) * frame.height_px - size_px))
        miss += max(0.0, hair_px - top_px)
    over_px = top_px + size_px - (1.0 - _CHIN_ROOM) * frame.height_px
    if over_px > 0.0:  # a head that nearly fills the height keeps its chin
        room_px = max(0.0, top_px - hair_px - 1.0) if frame.loose_top else 0.0
        top_px -= min(over_px, room_px)
        miss += max(0.0, over_px - room_px)
    shown_px = (top_line - limits.top) * scale
    if top_px > shown_px and frame.loose_top:  # a kept backdrop ends with the picture
        top_px = max(shown_px, hair_px)
    matrix = Affine(scale, 0.0, (frame.width_px - 1) / 2 - head.axis_x * scale, 0.0, scale, top_px - top_line * scale)
    cut = _cut(frame, matrix, limits)
    aside_px = _aside(frame, cut)
    if aside_px:
        matrix = replace(matrix, c=matrix.c + aside_px)
        cut = _cut(frame, matrix, limits)
    fit = Fit(placement=Placement(matrix, frame.width_px, frame.height_px), head_px=size_px, cut_px=cut)
    outside = max(0.0, size_px - (frame.head_px.high or size_px)) + max(0.0, (frame.head_px.low or size_px) - size_px)
    wish = abs(size_px - frame.target_px) + moved_px + 2.0 * abs(aside_px)
    penalty = 8.0 * sum(cut.values()) + 4.0 * outside + 3.0 * miss + wish
    return penalty, fit


def _cut(frame: Frame, matrix: Affine, limits: Limits) -> dict[str, float]:
    """Finished px on each side in which the person would end at the source's edge instead of the frame's."""

    def y(value: float) -> float:
        return value * matrix.e + matrix.f

    def x(value: float) -> float:
        return value * matrix.a + matrix.c

    cut = {"bottom": max(0.0, frame.height_px - 0.5 - y(limits.bottom + 0.5)), "top": max(0.0, y(limits.top - 0.5) + 0.5)}
    cut["left"] = max(0.0, x(limits.left - 0.5) + 0.5) if y(limits.left_from_y) < frame.height_px else 0.0
    cut["right"] = max(0.0, frame.width_px - 0.5 - x(limits.right + 0.5)) if y(limits.right_from_y) < frame.height_px else 0.0
    return cut


def _towards(
    frame: Frame, usual_px: float, span: tuple[float, float], place: tuple[float, float], limits: Limits
) -> float:  # fmt: skip
    """The top margin nearest to the usual one, inside its band, with which the frame ends where the person or picture does.

    place: y of the top line in the upright raster, and the scale from there to the finished picture.
    """
    top_line, scale = place
    free = _BAND_EDGE * (span[1] - span[0])
    least = frame.height_px - 0.5 - (limits.bottom + 0.5 - top_line) * scale
    most = (top_line - limits.top + 0.5) * scale - 0.5
    wanted = min(max(usual_px, least), most)
    return min(max(wanted, span[0] + free), span[1] - free)


def _aside(frame: Frame, cut: dict[str, float]) -> float:
    """How far the head is moved to the right (px) where one side of the frame has nothing to show and the other has room."""
    most = _OFF_CENTRE * frame.width_px
    if bool(cut["left"]) == bool(cut["right"]):
        return 0.0
    return float(min(cut["right"], most) - min(cut["left"], most))


def _vertical(frame: Frame, eyes_below_top_px: float) -> tuple[tuple[float, float], float]:
    """Least and most top margin in px that eye line and top margin both allow, and how far these miss each other."""
    height = frame.height_px
    spans = []
    if frame.eyes_from_bottom_px is not None:
        low, high = _closed(frame.eyes_from_bottom_px, height)
        spans.append((height - high - eyes_below_top_px, height - low - eyes_below_top_px))
    if frame.top_px is not None:
        spans.append(_closed(frame.top_px, height))
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    if low <= high:
        return (low, high), 0.0
    first = spans[0]  # the eye line goes before the top margin (GA 461 says so in words)
    inside = float(np.clip((low + high) / 2, first[0], first[1]))
    return (inside, inside), low - high


def picture_limits(corners: Points, limits: Limits, region: tuple[float, float] | None = None) -> Limits:
    """Limits for a backdrop that is kept: the frame may not leave the picture at all.

    corners: (4, 2) px of the upright raster: the source's top left, top right, bottom left, bottom right. A turned picture
    gives its inner rectangle; with `region` (width, height of the raster, beyond which no frame reaches) the one around the head,
    which is larger: an edge of a tall picture leans far only at its far end.
    """
    (top_left, top_right, bottom_left, bottom_right) = corners.astype(float)
    across, down = ((0.0, region[0]), (0.0, region[1])) if region else ((-math.inf, math.inf), (-math.inf, math.inf))
    return replace(
        limits,
        top=max(_along(top_left, top_right, 0, across)), bottom=min(_along(bottom_left, bottom_right, 0, across)),
        left=max(_along(top_left, bottom_left, 1, down)), left_from_y=-math.inf,
        right=min(_along(top_right, bottom_right, 1, down)), right_from_y=-math.inf,
    )  # fmt: skip


def _along(first: Points, last: Points, axis: int, span: tuple[float, float]) -> tuple[float, float]:
    """Where an edge from `first` to `last` (px) stands on the other axis, at both ends of that part of it that lies in `span`."""
    start, end = float(first[axis]), float(last[axis])
    ends = []
    for at in (min(max(start, span[0]), span[1]), min(max(end, span[0]), span[1])):
        share = (min(max(at, start), end) - start) / (end - start) if end > start else 0.0
        ends.append(float(first[1 - axis]) + share * float(last[1 - axis] - first[1 - axis]))
    return ends[0], ends[1]


def wished(frame: Frame, framing: Framing, height_mm: float) -> Frame:
    """The frame with the person's own bands in place of the standard's."""
    per_mm = frame.height_px / height_mm
    head = _band_px(framing.head_mm, per_mm) or _band_px(framing.head_ratio, frame.height_px)
    top = _band_px(framing.top_mm, per_mm) or _band_px(framing.top_ratio, frame.height_px)
    eyes = _band_px(framing.eyes_from_bottom_mm, per_mm)
    if head is not None:
        low, high = _closed(head, frame.height_px)
        frame = replace(frame, head_px=Band(low, high), target_px=(low + high) / 2, loose=False)
    if top is not None:
        frame = replace(frame, top_px=top, loose_top=False)
    if eyes is not None:
        frame = replace(frame, eyes_from_bottom_px=eyes, top_px=top)
    return frame


def height_mm_of(spec: PhotoSpec) -> float:
    """The print's height in mm: the standard's own, else what its pixels measure at its dpi."""
    return spec.height_mm if spec.height_mm is not None else spec.height_px / spec.dpi * 25.4


def _band_px(band: Band | None, factor: float) -> Band | None:
    if band is None or (band.low is None and band.high is None):
        return None
    return Band(None if band.low is None else band.low * factor, None if band.high is None else band.high * factor)


def _mirrored(band: Band, height_px: int) -> Band:
    """Share of the height from the top → px from the bottom."""
    low = None if band.high is None else (1.0 - band.high) * height_px
    high = None if band.low is None else (1.0 - band.low) * height_px
    return Band(low, high)


def _closed(band: Band, height_px: int) -> tuple[float, float]:
    """Both ends as numbers: an open end reaches a sensible distance, not the whole frame."""
    if band.low is None and band.high is None:
        return 0.0, float(height_px)
    low = band.low if band.low is not None else float(band.high or 0.0) * 0.85
    high = band.high if band.high is not None else min(float(height_px) * 0.95, float(band.low or 0.0) * 1.15)
    return float(low), float(max(low, high))
