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
_DARK_PAPER = 110
Window = tuple[slice, slice]
"""Rows and columns of a page."""


def concealed(rgb: Rgb8, places: Sequence[Place], style: Style) -> Rgb8:
    """(H, W, 3) uint8: the page with every place covered; all other pixels are the same."""
    page = np.array(rgb)
    taken = mask_of(rgb.shape, places)
    for place in places:
        part = _window(place, rgb.shape)
        if part is None:
            continue
        inside = mask_of((part[0].stop - part[0].start, part[1].stop - part[1].start), [_shifted(place, part)])
        paper = paper_around(rgb, place, taken)
        filling = (
            _drawing(place, style, paper, part) if style in _DRAWN else np.broadcast_to(_flat(style, paper), (*inside.shape, 3))
        )
        page[part][inside] = filling[inside]
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


def paper_around(rgb: Rgb8, place: Place, taken: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """(3,) the paper's colour in a ring around the place: the brighter half of what no patch covers (taken: (H, W) bool)."""
    part = _window(place, rgb.shape, _RING_PX)
    ring = rgb[part][~taken[part]] if part is not None else np.zeros((0, 3), np.uint8)
    if ring.size == 0:
        return np.array([255, 255, 255], np.uint8)
    bright = ring.sum(axis=1) >= np.median(ring.sum(axis=1))
    return np.asarray(np.median(ring[bright], axis=0), dtype=np.uint8)


def _window(place: Place, shape: tuple[int, ...], margin: int = 1) -> Window | None:
    """Rows and columns around the place, None where it lies outside the page."""
    left, top, right, low = place.bounds
    rows = slice(max(0, top - margin), min(shape[0], low + margin))
    columns = slice(max(0, left - margin), min(shape[1], right + margin))
    return (rows, columns) if rows.stop > rows.start and columns.stop > columns.start else None


def _shifted(place: Place, part: Window) -> Place:
    """The place in px of that part of the page."""
    a, b, c, d = ((x - part[1].start, y - part[0].start) for x, y in place.corners)
    return Place(corners=(a, b, c, d), stars=place.stars)


def _flat(style: Style, paper: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if style is Style.BLACK_BOX:
        return np.zeros(3, np.uint8)
    return np.full(3, 255, np.uint8) if style is Style.WHITE_BOX else paper


_DRAWN = frozenset({Style.MOSAIC, Style.BLUR, Style.STARS})


def _drawing(place: Place, style: Style, paper: NDArray[np.uint8], part: Window) -> Rgb8:
    """(h, w, 3) of that part of the page: the drawn filling, set to the place's own bounds."""
    left, top, right, low = place.bounds
    width, height = max(right - left, 1), max(low - top, 1)
    drawn = _stars(width, height, place.stars) if style is Style.STARS else _cells(place, width, height)
    if style is Style.BLUR:
        drawn = np.asarray(cv2.GaussianBlur(drawn, (0, 0), max(1.0, 0.22 * min(width, height))), dtype=np.float32)
    ink = np.float32(40 if paper.mean() > _DARK_PAPER else 215)
    tile = np.rint(drawn[..., None] * ink + (1 - drawn[..., None]) * paper.astype(np.float32)).astype(np.uint8)
    rows = np.clip(np.arange(part[0].start, part[0].stop) - top, 0, height - 1)
    columns = np.clip(np.arange(part[1].start, part[1].stop) - left, 0, width - 1)
    return np.asarray(tile[rows[:, None], columns])


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
    radius = 0.36 * min(short, long / max(count, 1) * 1.2) * scale
    for i in range(count):
        x, y = (i + 0.5) * long * scale / count, short * scale / 2
        for angle in (90, 30, 150):
            dx, dy = radius * np.cos(np.radians(angle)), radius * np.sin(np.radians(angle))
            ends = (round(x - dx), round(y - dy)), (round(x + dx), round(y + dy))
            cv2.line(canvas, *ends, 255, max(2, round(radius * 0.3)), cv2.LINE_AA)
    small = cv2.resize(canvas, (long, short), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    return small if across else np.asarray(small.T, dtype=np.float32)
