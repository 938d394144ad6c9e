"""Lines, bands, labels and numbered marks drawn over a picture; letters are Latin, so that no font is needed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from f2p.stages.planes import resized
from f2p.values.geometry import Box
from f2p.values.pixels import Rgb8

_SHORTEST_PX = 900
"""Height to which small pictures are enlarged, so that labels can be read."""
_MARGIN = 0.34
"""Width of the strip for labels on the right, as a share of the height's label room."""
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_GREEN, _RED, _BLUE, _GRAY = (0, 140, 60), (205, 20, 40), (20, 90, 200), (90, 90, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A measured row: y in px of the picture, what stands beside it, whether its rule holds (None = no rule)."""

    y: float
    label: str
    ok: bool | None = None
    slope: float = 0.0
    """Rise to the right, px per px: the eye line of a tilted head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripe:
    """Rows between which something must lie: low, high in px of the picture from the top; label."""

    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A fault where it is: box in px of the picture, the number that the report gives it."""

    box: Box
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All that is drawn. axis: (the head's middle, the picture's middle) as x in px; None = not drawn."""

    lines: tuple[Line, ...] = ()
    stripes: tuple[Stripe, ...] = ()
    marks: tuple[Mark, ...] = ()
    axis: tuple[float, float] | None = None


def drawn(rgb: Rgb8, drawing: Drawing) -> Rgb8:
    """The picture with a strip of labels on its right. (H', W', 3) uint8 sRGB."""
    scale = max(1.0, _SHORTEST_PX / rgb.shape[0])
    height, width = round(rgb.shape[0] * scale), round(rgb.shape[1] * scale)
    strip = round(_MARGIN * _SHORTEST_PX * max(1.0, height / _SHORTEST_PX))
    canvas = np.full((height, width + strip, 3), 255, np.uint8)
    canvas[:, :width] = resized(rgb, width, height)
    pen = max(1, round(height / 700))
    cv2.line(canvas, (width, 0), (width, height), _GRAY, pen)
    for stripe in drawing.stripes:
        _stripe(canvas, width, stripe, scale, pen)
    if drawing.axis is not None:
        for x, colour in zip(drawing.axis, (_BLUE, _GRAY), strict=True):
            _dashed(canvas, round(x * scale), colour, pen)
    taken: list[int] = []
    for line in sorted(drawing.lines, key=lambda one: one.y):
        _line(canvas, width, line, scale, taken)
    for mark in drawing.marks:
        _mark(canvas, mark, scale, pen)
    return canvas


def _line(canvas: Rgb8, width: int, line: Line, scale: float, taken: list[int]) -> None:
    """The row across the picture and its label; labels that would cover each other move down."""
    colour = {True: _GREEN, False: _RED, None: _BLUE}[line.ok]
    pen = max(1, round(canvas.shape[0] / 700))
    y, rise = line.y * scale, line.slope * width / 2
    cv2.line(canvas, (0, round(y - rise)), (width, round(y + rise)), colour, pen, cv2.LINE_AA)
    size = canvas.shape[0] / 1500
    room = round(36 * size)
    place = round(y)
    while any(abs(place - other) < room for other in taken):
        place += 2
    taken.append(place)
    cv2.line(canvas, (width, round(y)), (width + room // 2, place), colour, pen, cv2.LINE_AA)
    _text(canvas, (width + room // 2 + 4, place + room // 4), line.label, colour, size)


def _stripe(canvas: Rgb8, width: int, stripe: Stripe, scale: float, pen: int) -> None:
    """A pale green band across the picture's right fifth."""
    low, high = round(max(stripe.low, 0) * scale), round(min(stripe.high * scale, canvas.shape[0] - 1))
    left = round(0.86 * width)
    part = canvas[low : high + 1, left:width].astype(np.float32)
    canvas[low : high + 1, left:width] = (0.72 * part + 0.28 * np.array(_GREEN, np.float32)).astype(np.uint8)
    cv2.rectangle(canvas, (left, low), (width - 1, high), _GREEN, pen, cv2.LINE_AA)
    size = canvas.shape[0] / 1900
    _text(canvas, (left + 2, min(low + round(34 * size), canvas.shape[0] - 4)), stripe.label, _GREEN, size)


def _dashed(canvas: Rgb8, x: int, colour: tuple[int, int, int], pen: int) -> None:
    step = max(8, canvas.shape[0] // 60)
    for y in range(0, canvas.shape[0], 2 * step):
        cv2.line(canvas, (x, y), (x, min(y + step, canvas.shape[0] - 1)), colour, pen, cv2.LINE_AA)


def _mark(canvas: Rgb8, mark: Mark, scale: float, pen: int) -> None:
    box = mark.box
    left, top = round(box.left * scale), round(box.top * scale)
    right, bottom = round(box.right * scale), round(box.bottom * scale)
    cv2.rectangle(canvas, (left, top), (right, bottom), _RED, 2 * pen, cv2.LINE_AA)
    size = canvas.shape[0] / 1300
    radius = round(18 * size)
    middle = (max(left, radius), max(top, radius))
    cv2.circle(canvas, middle, radius, _RED, cv2.FILLED, cv2.LINE_AA)
    (wide, high), _ = cv2.getTextSize(str(mark.number), _FONT, 0.8 * size, max(1, round(2 * size)))
    place = (middle[0] - wide // 2, middle[1] + high // 2)
    cv2.putText(canvas, str(mark.number), place, _FONT, 0.8 * size, (255, 255, 255), max(1, round(2 * size)), cv2.LINE_AA)


def _text(canvas: Rgb8, place: tuple[int, int], words: str, colour: tuple[int, int, int], size: float) -> None:
    """Words with a white rim, so that they can be read on anything."""
    pen = max(1, round(1.8 * size))
    cv2.putText(canvas, words, place, _FONT, size, (255, 255, 255), 4 * pen, cv2.LINE_AA)
    cv2.putText(canvas, words, place, _FONT, size, colour, pen, cv2.LINE_AA)
