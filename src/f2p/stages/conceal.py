"""Patches burnt into a page. Nothing of what lay under a patch can be computed back: each is filled from the paper and ink around
it, from its size and from its place, never from the pixels it covers.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.values.pixels import Rgb8
from f2p.values.redaction import Place, Style

_CELL = 0.34
"""Side of a mosaic cell in heights of the patch."""
_RING_PX = 6


def concealed(rgb: Rgb8, places: Sequence[Place], style: Style) -> Rgb8:
    """(H, W, 3) uint8: the page with every place covered; all other pixels are the same."""
    page = np.array(rgb)
    paper = {id(place): paper_around(rgb, place, places) for place in places}
    for place in places:
        inside = mask_of(page.shape[:2], [place])
        page[inside] = (
            _filling(place, style, paper[id(place)], inside)[inside] if style in _DRAWN else _flat(style, paper[id(place)])
        )
    return page


def mask_of(shape: tuple[int, ...], places: Sequence[Place]) -> NDArray[np.bool_]:
    """(H, W) bool: what the places cover."""
    mask = np.zeros(shape[:2], np.uint8)
    for place in places:
        points = np.array(place.corners, dtype=np.float64)
        upright = len({x for x, _ in place.corners}) == 2 and len({y for _, y in place.corners}) == 2
        if upright:
            left, top, right, low = place.bounds
            mask[max(0, top) : max(0, low), max(0, left) : max(0, right)] = 1
        else:
            cv2.fillConvexPoly(mask, np.round(points * 16 - 8).astype(np.int32), 1, lineType=cv2.LINE_8, shift=4)
    return mask > 0


def paper_around(rgb: Rgb8, place: Place, others: Sequence[Place]) -> NDArray[np.uint8]:
    """(3,) the paper's colour in a ring around the place: the brighter half of what no patch covers."""
    left, top, right, low = place.bounds
    height, width = rgb.shape[:2]
    y0, y1, x0, x1 = max(0, top - _RING_PX), min(height, low + _RING_PX), max(0, left - _RING_PX), min(width, right + _RING_PX)
    near = [one for one in others if _overlaps(one.bounds, (x0, y0, x1, y1))]
    shifted = [_shifted(one, x0, y0) for one in near]
    free = ~mask_of((max(y1 - y0, 1), max(x1 - x0, 1)), shifted)
    ring = rgb[y0:y1, x0:x1][free] if y1 > y0 and x1 > x0 else np.zeros((0, 3), np.uint8)
    if ring.size == 0:
        return np.array([255, 255, 255], np.uint8)
    bright = ring.sum(axis=1) >= np.median(ring.sum(axis=1))
    return np.asarray(np.median(ring[bright], axis=0), dtype=np.uint8)


def _overlaps(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _shifted(place: Place, x: int, y: int) -> Place:
    a, b, c, d = ((cx - x, cy - y) for cx, cy in place.corners)
    return Place(corners=(a, b, c, d), stars=place.stars)


def _flat(style: Style, paper: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if style is Style.BLACK_BOX:
        return np.zeros(3, np.uint8)
    return np.full(3, 255, np.uint8) if style is Style.WHITE_BOX else paper


_DRAWN = frozenset({Style.MOSAIC, Style.BLUR, Style.STARS})


def _filling(place: Place, style: Style, paper: NDArray[np.uint8], inside: NDArray[np.bool_]) -> Rgb8:
    """(H, W, 3) with the drawn filling in the place's bounds."""
    left, top, right, low = place.bounds
    width, height = max(right - left, 1) + 2, max(low - top, 1) + 2
    drawn = _stars(width, height, place.stars) if style is Style.STARS else _cells(place, width, height)
    if style is Style.BLUR:
        drawn = np.asarray(cv2.GaussianBlur(drawn, (0, 0), max(1.0, 0.22 * min(width, height))), dtype=np.float32)
    ink = np.where(paper.mean() > 110, 40, 215)
    tile = drawn[..., None] * ink + (1 - drawn[..., None]) * paper.astype(np.float32)
    canvas = np.empty((*inside.shape, 3), np.uint8)
    canvas[...] = paper
    y0, x0 = max(0, top - 1), max(0, left - 1)
    part = canvas[y0 : top - 1 + height, x0 : left - 1 + width]
    part[...] = np.rint(tile[y0 - top + 1 :, x0 - left + 1 :][: part.shape[0], : part.shape[1]]).astype(np.uint8)
    return canvas


def _cells(place: Place, width: int, height: int) -> NDArray[np.float32]:
    """(h, w) 0..1: cells of chance, the same for the same place."""
    seed = [abs(value) for value in place.bounds]
    cell = max(2, round(_CELL * min(width, height)))
    small = np.random.default_rng(seed).uniform(0.1, 0.75, (-(-height // cell), -(-width // cell))).astype(np.float32)
    return np.asarray(np.kron(small, np.ones((cell, cell), np.float32))[:height, :width], dtype=np.float32)


def _stars(width: int, height: int, count: int) -> NDArray[np.float32]:
    """(h, w) 0..1: `count` asterisks in a row along the longer side, as high as the font."""
    across = width >= height
    long, short = (width, height) if across else (height, width)
    scale = 4
    canvas = np.zeros((short * scale, long * scale), np.uint8)
    radius = 0.30 * min(short, long / max(count, 1) * 1.15) * scale
    for i in range(count):
        x, y = (i + 0.5) * long * scale / count, short * scale / 2
        for angle in (90, 210, 330, 30, 150, 270)[::2]:
            dx, dy = radius * np.cos(np.radians(angle)), radius * np.sin(np.radians(angle))
            ends = (round(x - dx), round(y - dy)), (round(x + dx), round(y + dy))
            cv2.line(canvas, *ends, 255, max(1, round(radius * 0.28)), cv2.LINE_AA)
    small = cv2.resize(canvas, (long, short), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    return small if across else np.asarray(small.T, dtype=np.float32)
