"""From characters that were read to patches that fit their ink: as wide as the run, as high as its font, clear of the neighbours.

A reader says where the middle of a character is, to a fraction of its width. Where it ends is looked up in the pixels: the line
is laid level, ink is told from paper, and each border between two characters goes where the least ink is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8
from f2p.values.redaction import Corner, Place
from f2p.values.text import Glyph, TextLine

_SIDE = 0.45
"""The strip reaches so many heights beyond the line's ends, where ink of the first and last character may be."""
_ABOVE = 0.22
_LEAST_HEIGHT = 28
_MOST_LENGTH = 6000
_INK = 0.38
"""Ink is darker than paper by this share of the line's own contrast."""
_LEAST_CONTRAST = 18.0
_AWAY = 0.55
"""What a border pays for each height that it lies away from where it is expected, in shares of a full column of ink."""
_NARROW = 0.52
_WIDE = 1.0
_MARK = 0.3
"""Widths of characters in heights of the font: letters and digits, Chinese characters, punctuation."""
_HALF = 0.19
"""A character covers at least so many heights of the font to each side of its middle, as far as its borders let it."""
_CLEAR = 1.4
"""Strip px that stay free between a patch and its neighbour's ink, or half the gap where that is narrow."""
_LEVEL_DEG = 0.35
_LEVEL_PX = 2.5
"""A patch whose ends lie less than this apart in height is set level: the tilt of a short line is a guess."""

Run = tuple[int, int]
"""First and last glyph of a line."""


@dataclass(frozen=True, slots=True)
class _Strip:
    """A line laid level. ink: (h, w) bool; back: (3, 3) strip px to page px; middles: (n,) px; font: height of the font in px."""

    ink: NDArray[np.bool_]
    back: NDArray[np.float64]
    middles: NDArray[np.float64]
    font: float
    band: tuple[int, int]


def run_places(rgb: Rgb8, line: TextLine, runs: Sequence[Run]) -> tuple[Place, ...]:
    """One patch for each run of glyphs, in px of `rgb` (H, W, 3) uint8 sRGB; runs do not overlap and are in order."""
    if not runs:
        return ()
    strip = _level(rgb, line)
    cuts = _cuts(strip, line.glyphs)
    spans = [_width_of(strip, cuts, run) for run in runs]
    rows = _rows_of(strip, spans)
    places = []
    for (left, right), (first, last) in zip(spans, runs, strict=True):
        corners = _on_page(strip, (left, rows[0], right, rows[1]))
        places.append(Place(corners=corners, stars=sum(bool(glyph.char) for glyph in line.glyphs[first : last + 1]) or 1))
    return tuple(places)


def ink_of(rgb: Rgb8) -> NDArray[np.bool_]:
    """(H, W) bool: what is clearly darker than the paper around it, coloured stamps left out where there is other ink."""
    dark = _darkness(rgb.max(axis=2))
    contrast = float(np.percentile(dark, 98.5))
    every = _darkness(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8))
    if contrast < 0.5 * float(np.percentile(every, 98.5)):  # the writing itself is coloured
        dark, contrast = every, float(np.percentile(every, 98.5))
    return np.asarray(dark > _INK * max(contrast, _LEAST_CONTRAST), dtype=bool)


def _darkness(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much darker than its paper each pixel is; on dark paper, how much brighter."""
    side = max(3, (gray.shape[0] // 2) * 2 + 1)
    paper = cv2.blur(cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)), (side, side))
    value = gray.astype(np.float32)
    if float(np.median(value)) < 110 and float(np.percentile(value, 90)) > float(np.median(value)) + 40:
        ground = cv2.blur(cv2.morphologyEx(gray, cv2.MORPH_OPEN, np.ones((side, side), np.uint8)), (side, side))
        return np.asarray(value - ground.astype(np.float32), dtype=np.float32)
    return np.asarray(paper.astype(np.float32) - value, dtype=np.float32)


def _level(rgb: Rgb8, line: TextLine) -> _Strip:
    height, length = line.height_px, line.length_px
    scale = min(max(1.0, _LEAST_HEIGHT / max(height, 1.0)), _MOST_LENGTH / max(length, 1.0))
    box = _grown(line.corners, _SIDE * height / max(length, 1.0), _ABOVE)
    w = max(4, round((length + 2 * _SIDE * height) * scale))
    h = max(4, round(height * (1 + 2 * _ABOVE) * scale))
    target = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(box, target)
    flat = cv2.warpPerspective(rgb, matrix, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    ink = _without_rules(ink_of(np.asarray(flat)))
    margin = _SIDE * height * scale
    middles = np.array([margin + glyph.at * length * scale for glyph in line.glyphs])
    band = _font_band(ink, (int(margin), w - int(margin)))
    return _Strip(ink, np.asarray(np.linalg.inv(matrix), dtype=np.float64), middles, float(band[1] - band[0]), band)


def _grown(corners: Points, along: float, across: float) -> Points:
    """The box, longer at both ends and higher on both sides by these shares."""
    start_top, end_top, end_low, start_low = corners.astype(np.float64)
    top, low = (end_top - start_top) * along, (end_low - start_low) * along
    wide = np.array([start_top - top, end_top + top, end_low + low, start_low - low])
    start, end = (wide[3] - wide[0]) * across, (wide[2] - wide[1]) * across
    return np.asarray([wide[0] - start, wide[1] - end, wide[2] + end, wide[3] + start], dtype=np.float32)


def _without_rules(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Ink without the lines of tables and forms: thin pieces that are far longer than characters."""
    height = ink.shape[0]
    plane = ink.astype(np.uint8)
    across = cv2.morphologyEx(plane, cv2.MORPH_OPEN, np.ones((1, max(3, int(1.6 * height))), np.uint8))
    down = cv2.morphologyEx(plane, cv2.MORPH_OPEN, np.ones((max(3, int(0.96 * height)), 1), np.uint8))
    return np.asarray(ink & ~(across > 0) & ~(down > 0), dtype=bool)


def _font_band(ink: NDArray[np.bool_], columns: tuple[int, int]) -> tuple[int, int]:
    """First and one past the last row of the line's own writing: from its middle out to where ink ends."""
    profile = ink[:, columns[0] : max(columns[1], columns[0] + 1)].mean(axis=1)
    height = len(profile)
    middle = slice(height // 3, max(height // 3 + 1, 2 * height // 3))
    least = 0.06 * float(profile[middle].max(initial=0.0))
    top, low = height // 2, height // 2
    while top > 0 and (profile[top - 1] > least or top > 0.4 * height):
        top -= 1
    while low < height and (profile[low] > least or low < 0.6 * height):
        low += 1
    return top, low


def _expected_width(char: str) -> float:
    if not char or (char.isalnum() and ord(char[0]) < 0x2E80):
        return _NARROW
    return _WIDE if char.isalnum() or ord(char[0]) > 0xFF00 else _MARK


def _cuts(strip: _Strip, glyphs: Sequence[Glyph]) -> NDArray[np.intp]:
    """(n + 1,) columns: the borders before the first glyph, between each two, and after the last."""
    columns = strip.ink[strip.band[0] : strip.band[1]].mean(axis=0)
    font, count = max(strip.font, 4.0), columns.size
    widths = np.array([_expected_width(glyph.char) for glyph in glyphs]) * font
    middles = strip.middles
    cuts = [_cut(columns, (middles[0] - 1.25 * widths[0], middles[0] - 0.3 * widths[0]), middles[0] - 0.62 * widths[0], font)]
    for i in range(len(glyphs) - 1):
        left, right = middles[i], middles[i + 1]
        share = widths[i] / (widths[i] + widths[i + 1])
        reach = (left + 0.22 * min(widths[i], right - left), right - 0.22 * min(widths[i + 1], right - left))
        cuts.append(_cut(columns, reach, left + share * (right - left), font))
    last, wide = middles[-1], widths[-1]
    cuts.append(_cut(columns, (last + 0.3 * wide, last + 1.25 * wide), last + 0.62 * wide, font))
    return np.clip(np.maximum.accumulate(np.array(cuts)), 0, count)


def _cut(columns: NDArray[np.floating], reach: tuple[float, float], expected: float, font: float) -> int:
    first, last = max(0, int(reach[0])), min(columns.size - 1, int(np.ceil(reach[1])))
    if last <= first:
        return int(np.clip(round(expected), 0, columns.size))
    places = np.arange(first, last + 1)
    cost = np.minimum(columns[first : last + 1], 0.5) + _AWAY * 0.5 * np.abs(places - expected) / font
    return int(places[int(cost.argmin())])


def _width_of(strip: _Strip, cuts: NDArray[np.intp], run: Run) -> tuple[float, float]:
    """Left and right of a run in strip px: its ink, and a little of the gap to the neighbours."""
    columns = np.asarray(strip.ink[strip.band[0] : strip.band[1]].any(axis=0))
    first = _clear_of_ink(columns, int(cuts[run[0]]), -1, 0.5 * strip.font)
    last = _clear_of_ink(columns, int(cuts[run[1] + 1]), 1, 0.5 * strip.font)
    inked = np.flatnonzero(columns[first:last])
    reach = _HALF * strip.font
    left = min(first + inked[0] if inked.size else last, max(strip.middles[run[0]] - reach, first))
    right = max(first + inked[-1] + 1 if inked.size else first, min(strip.middles[run[1]] + reach, last))
    left, right = max(left, 0), min(right, columns.size)
    before = np.flatnonzero(columns[: max(first, 0)])
    after = np.flatnonzero(columns[last:])
    gap_left = left - (before[-1] + 1) if before.size else np.inf
    gap_right = last + after[0] - right if after.size else np.inf
    most = 0.12 * strip.font + 1.5
    margins = (min(most, max(gap / 2, gap - _CLEAR)) for gap in (gap_left, gap_right))
    return float(left - max(0.0, next(margins))), float(right + max(0.0, next(margins)))


def _clear_of_ink(columns: NDArray[np.bool_], cut: int, step: int, most: float) -> int:
    """A border that runs through ink is moved outward to where ink ends, if that is near: half a digit must not be left over."""
    at = cut
    while 0 < at < columns.size and columns[at - 1] and columns[min(at, columns.size - 1)]:
        at += step
        if abs(at - cut) > most:
            return cut
    return at


def _rows_of(strip: _Strip, spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Top and bottom of all runs of the line: the rows of their ink near the line's band, so that patches stand level."""
    height = strip.ink.shape[0]
    mask = np.zeros(strip.ink.shape[1], bool)
    for left, right in spans:
        mask[max(0, int(left)) : max(int(left) + 1, int(np.ceil(right)))] = True
    top, low = strip.band
    rows = np.asarray(strip.ink[:, mask].any(axis=1))
    first, last = (top + low) // 2, (top + low) // 2
    while first > 0 and (rows[first - 1] or first > top + 0.3 * strip.font):
        first -= 1
    while last < height and (rows[last] or last < low - 0.3 * strip.font):
        last += 1
    margin = 0.06 * strip.font + 1
    return max(0.0, first - margin), min(float(height), last + margin)


def _on_page(strip: _Strip, box: tuple[float, float, float, float]) -> tuple[Corner, Corner, Corner, Corner]:
    """The box's corners in page px, level and on whole px where the line is."""
    left, top, right, low = box
    corners = np.array([[[left, top], [right, top], [right, low], [left, low]]], dtype=np.float64)
    points = cv2.perspectiveTransform(corners, strip.back)[0]
    along = points[1] - points[0]
    angle = np.degrees(np.arctan2(along[1], along[0]))
    tilt = (angle + 45) % 90 - 45
    if abs(tilt) < _LEVEL_DEG or abs(np.radians(tilt)) * float(np.hypot(*along)) < _LEVEL_PX:
        slack = abs(np.radians(tilt)) * np.hypot(*along) / 2
        inward = np.array([0.2, slack] if abs(along[0]) > abs(along[1]) else [slack, 0.2])
        (x0, y0), (x1, y1) = np.floor(points.min(axis=0) + inward), np.ceil(points.max(axis=0) - inward)
        points = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    a, b, c, d = ((round(float(x), 2), round(float(y), 2)) for x, y in points)
    return a, b, c, d
