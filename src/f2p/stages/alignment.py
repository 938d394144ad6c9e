"""Where a picture made from a photo has moved against it, and how far the two still lie apart after it was moved back."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.planes import Float, gauss, resized
from f2p.stages.warp import warped
from f2p.values.geometry import Affine
from f2p.values.pixels import Plane, Rgb8

_COARSE_PX, _FINE_PX = 192, 640
"""Long sides of the part that is compared: first for the large shift, then for the last fraction of a pixel."""
_ROUNDS = 80
_GAIN = 1e-5
_TILE = 32
"""Side of the squares in which what is left is measured."""
_TEXTURE = 5.0
"""Levels of detail (standard deviation) that a square needs to say anything about its place."""
_SURE = 0.25
"""Response of phase correlation (Kuglin & Hines 1975) below which a square's answer is chance."""
_FEWEST = 4


@dataclass(frozen=True, slots=True)
class Residual:
    """How far two pictures lie apart after alignment, px of the original: the median square, the worst tenth. tiles: judged."""

    median_px: float
    worst_px: float
    tiles: int


def aligned_to(original: Rgb8, made: Rgb8, weight: Plane, start: Affine) -> Affine | None:
    """The move (made px to original px) that lays `made` on the original where `weight` is high; None where there is none.

    original, made: (H, W, 3), (H', W', 3) uint8 sRGB. weight: (H, W) float32 0..1, the part that should be the same in both.
    start: a first guess. Enhanced correlation (Evangelidis & Psarakis 2008), which brightness and contrast leave cold, over a
    similarity that grows into an affine move, on two sizes.
    """
    box = _around(weight)
    if box is None:
        return None
    move = start
    for long_side, motion in ((_COARSE_PX, cv2.MOTION_EUCLIDEAN), (_FINE_PX, cv2.MOTION_AFFINE)):
        found = _step(original, made, (weight, box), (long_side, motion, move))
        if found is None:
            return None
        move = found
    return move


def residual(original: Rgb8, aligned: Rgb8, weight: Plane) -> Residual:
    """How far squares with detail in them still lie apart. aligned: (H, W, 3) uint8 in the original's raster.

    Each square's shift by phase correlation under a Hann window, on local contrast, so that a change of colour is none of place.
    """
    first, second = _contrast(original), _contrast(aligned)
    window = cv2.createHanningWindow((_TILE, _TILE), cv2.CV_32F)
    shifts = []
    for top, left in _tiles(weight):
        tile = (slice(top, top + _TILE), slice(left, left + _TILE))
        if first[tile].std() < _TEXTURE / 64 or _gray(original[tile]).std() < _TEXTURE:
            continue
        (x, y), response = cv2.phaseCorrelate(first[tile], second[tile], window)
        if response >= _SURE:
            shifts.append(math.hypot(x, y))
    if len(shifts) < _FEWEST:
        return Residual(math.inf, math.inf, len(shifts))
    return Residual(float(np.median(shifts)), float(np.percentile(shifts, 90)), len(shifts))


def _tiles(weight: Plane) -> list[tuple[int, int]]:
    """Top left corners of the squares, half over one another, that lie wholly where the weight is high."""
    height, width = weight.shape
    step = _TILE // 2
    inside = cv2.erode((weight > 0.5).astype(np.uint8), np.ones((3, 3), np.uint8))
    return [
        (top, left)
        for top in range(0, height - _TILE + 1, step)
        for left in range(0, width - _TILE + 1, step)
        if inside[top : top + _TILE, left : left + _TILE].mean() > 0.9
    ]


def _step(
    original: Rgb8, made: Rgb8, where: tuple[Plane, tuple[int, int, int, int]], how: tuple[int, int, Affine]
) -> Affine | None:
    weight, (left, top, right, bottom) = where
    long_side, motion, move = how
    scale = min(1.0, long_side / max(right - left, bottom - top))
    size = (max(16, round((right - left) * scale)), max(16, round((bottom - top) * scale)))
    to_small = Affine(1.0, 0.0, -left, 0.0, 1.0, -top).then(_resizing((right - left, bottom - top), size))
    target = resized(_gray(original[top:bottom, left:right]), *size)
    mask = (resized(weight[top:bottom, left:right], *size) > 0.5).astype(np.uint8)
    back = to_small.inverse().then(move.inverse())  # px of the small raster to px of the made picture
    source = _gray(warped(made, back.inverse(), *size))
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ROUNDS, _GAIN)
    try:
        _, found = cv2.findTransformECC(target, source, np.eye(2, 3, dtype=np.float32), motion, criteria, mask, 5)
    except cv2.error:  # no correlation at all: another picture
        return None
    step = Affine(*(float(value) for value in np.asarray(found).ravel()))
    return to_small.then(step).then(back).inverse()


def _resizing(source: tuple[int, int], target: tuple[int, int]) -> Affine:
    """Px of a (width, height) raster to px of the same raster at another size."""
    across, down = target[0] / source[0], target[1] / source[1]
    return Affine(across, 0.0, (across - 1.0) / 2.0, 0.0, down, (down - 1.0) / 2.0)


def _around(weight: Plane) -> tuple[int, int, int, int] | None:
    rows, columns = np.flatnonzero((weight > 0.5).any(axis=1)), np.flatnonzero((weight > 0.5).any(axis=0))
    if rows.size < 16 or columns.size < 16:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _gray(rgb: Rgb8) -> Float:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.float32)


def _contrast(rgb: Rgb8) -> NDArray[np.float32]:
    """Detail over its own strength (H, W) float32: what stays when light and colour change."""
    gray = _gray(rgb)
    detail = gray - gauss(gray, 8.0)
    strength = np.sqrt(gauss(detail * detail, 12.0))
    return np.asarray(detail / (strength + 4.0), dtype=np.float32)
