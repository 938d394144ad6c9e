"""Moving pixels: one resampling from the source to wherever they are needed, nothing skipped, nothing invented."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.values.geometry import Affine
from f2p.values.pixels import Photo, Plane, Rgb8

_MOST_SAMPLES = 12


def samples_for(matrix: Affine) -> int:
    """Side of the square of samples averaged into one target pixel, so that no source pixel is skipped; 1 when enlarging."""
    return max(1, min(_MOST_SAMPLES, math.ceil(1.0 / matrix.scale - 0.05)))


def warped(rgb: Rgb8, matrix: Affine, width_px: int, height_px: int, *, lanczos: bool = False) -> Rgb8:
    """`rgb` moved by `matrix` (source px to target px) into a raster of the given size; outside the source, its edge repeated.

    Bicubic samples on a grid `samples_for` times finer, then the mean of each square: an area average for any scale and turn.
    lanczos: windowed sinc over 8 × 8 source px instead, crisper where the picture is enlarged.
    The same numbers for the same input, so that anyone can repeat the move from the report.
    """
    samples = samples_for(matrix)
    fine = matrix.then(Affine.scaling(samples))
    size = (width_px * samples, height_px * samples)
    cut, moved = _cut(rgb, fine, size)
    kernel = cv2.INTER_LANCZOS4 if lanczos else cv2.INTER_CUBIC
    out = cv2.warpAffine(cut, moved.matrix, size, flags=kernel, borderMode=cv2.BORDER_REPLICATE)
    if samples > 1:
        out = cv2.resize(out, (width_px, height_px), interpolation=cv2.INTER_AREA)
    return np.asarray(out, dtype=np.uint8)


def moved_plane(plane: Plane, matrix: Affine, width_px: int, height_px: int, *, beyond: int = cv2.BORDER_REPLICATE) -> Plane:
    """A mask or alpha moved the same way; smooth (linear), never beyond 0..1.

    beyond: what stands outside its raster: its edge repeated, or nothing (cv2.BORDER_CONSTANT).
    """
    samples = samples_for(matrix)
    fine = matrix.then(Affine.scaling(samples))
    size = (width_px * samples, height_px * samples)
    out = cv2.warpAffine(plane, fine.matrix, size, flags=cv2.INTER_LINEAR, borderMode=beyond, borderValue=0.0)
    if samples > 1:
        out = cv2.resize(out, (width_px, height_px), interpolation=cv2.INTER_AREA)
    return np.asarray(out, dtype=np.float32)


def covered(source_width_px: int, source_height_px: int, matrix: Affine, width_px: int, height_px: int) -> NDArray[np.bool_]:
    """(H, W) bool of the target: True where it lies on the source picture."""
    y, x = np.mgrid[0:height_px, 0:width_px].astype(np.float32)
    back = matrix.inverse()
    source_x = back.a * x + back.b * y + back.c
    source_y = back.d * x + back.e * y + back.f
    inside = (source_x > -0.5) & (source_y > -0.5) & (source_x < source_width_px - 0.5) & (source_y < source_height_px - 0.5)
    return np.asarray(inside)


def _cut(rgb: Rgb8, matrix: Affine, size: tuple[int, int]) -> tuple[Rgb8, Affine]:
    """The part of `rgb` that the target needs, and the matrix from there: OpenCV's warp is limited to sides below 32,768 px."""
    width, height = size
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], dtype=np.float32)
    needed = matrix.inverse().apply(corners)
    left, top = np.clip(np.floor(needed.min(axis=0)).astype(int) - 4, 0, [rgb.shape[1] - 1, rgb.shape[0] - 1])
    right = int(np.clip(math.ceil(float(needed[:, 0].max())) + 5, left + 1, rgb.shape[1]))
    bottom = int(np.clip(math.ceil(float(needed[:, 1].max())) + 5, top + 1, rgb.shape[0]))
    shift = Affine(1.0, 0.0, float(left), 0.0, 1.0, float(top))
    return rgb[top:bottom, left:right], shift.then(matrix)


def area_mean(plane: Plane, factor: int) -> Plane:
    """`plane` with each square of `factor` × `factor` values averaged into one."""
    if factor == 1:
        return plane
    size = (plane.shape[1] // factor, plane.shape[0] // factor)
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def quarter_turned(photo: Photo, clockwise_deg: int) -> Photo:
    """The photo turned by quarter turns (0, 90, 180, 270 degrees), every pixel kept."""
    turns = clockwise_deg // 90 % 4
    return photo if turns == 0 else replace(photo, rgb=np.rot90(photo.rgb, -turns))


def mirrored(photo: Photo, wanted: bool) -> Photo:
    """The photo with left and right swapped where `wanted`."""
    return replace(photo, rgb=photo.rgb[:, ::-1]) if wanted else photo
