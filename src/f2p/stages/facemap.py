"""One face with what is known about it, and the ways in which every small repair looks at it and writes back.

A repair has two halves: one finds its mask (0 everywhere when there is nothing to do), the other changes pixels where the mask is
above 0 and nowhere else. Masks are found on a close-up of a fixed inter-eye distance, so that the same face gives the same mask
at every size; changes are made at the raster's own size.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from f2p.stages import facemesh
from f2p.stages.planes import Float, disc, gauss, ramp, resized
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8

Window = tuple[slice, slice]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceMap:
    """Where one face is in a raster. mesh: (478, 2) float32 px; alpha: the person, skin: its bare facial skin, (H, W) 0..1."""

    mesh: Points
    alpha: Plane
    skin: Plane

    @property
    def iod_px(self) -> float:
        """The inter-eye distance, ruler of all radii."""
        return facemesh.inter_eye_px(self.mesh)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUp:
    """The face and its surroundings at a handy size. lab: (h, w, 3) float32 CIELAB, L 0..100; mesh in px of the close-up."""

    lab: Float
    mesh: Points
    alpha: Plane
    skin: Plane
    iod_px: float
    window: Window
    shape: tuple[int, int]

    @property
    def depth(self) -> float:
        """How large differences are on this skin, 1 on a light one: on dark skin the same spot moves L* and a* by less."""
        return float(np.clip(median(np.ascontiguousarray(self.lab[..., 0]), self.skin) / 65.0, 0.4, 1.15))

    def back(self, mask: Float) -> Plane:
        """A mask of the close-up as one of the whole raster, 0 outside the close-up and wherever the person is not solid."""
        whole = np.zeros(self.shape, np.float32)
        rows, columns = self.window
        if mask.max() > 0.0:
            whole[self.window] = resized(mask, columns.stop - columns.start, rows.stop - rows.start)
        return whole


def close_up(rgb: Rgb8, face: FaceMap, iod_px: float = 128.0, below: float = 0.5) -> CloseUp:
    """The face (forehead to `below` inter-eye distances under the chin), shrunk to `iod_px` where it is larger."""
    height, width = face.alpha.shape
    iod = face.iod_px
    low = face.mesh.min(axis=0) - np.array([0.6, 1.0], np.float32) * iod
    high = face.mesh.max(axis=0) + np.array([0.6, below], np.float32) * iod
    left, top = (int(np.clip(v, 0, limit - 1)) for v, limit in zip(low, (width, height), strict=True))
    right = int(np.clip(high[0] + 1, left + 1, width))
    bottom = int(np.clip(high[1] + 1, top + 1, height))
    window = (slice(top, bottom), slice(left, right))
    scale = min(1.0, iod_px / iod)
    size = max(round((right - left) * scale), 1), max(round((bottom - top) * scale), 1)
    ratio = np.array([size[0] / (right - left), size[1] / (bottom - top)], np.float32)
    mesh = ((face.mesh - (left, top) + 0.5) * ratio - 0.5).astype(np.float32)
    return CloseUp(
        lab=to_lab(resized(rgb[window], *size)),
        mesh=mesh,
        alpha=resized(face.alpha[window], *size),
        skin=resized(face.skin[window], *size),
        iod_px=facemesh.inter_eye_px(mesh),
        window=window,
        shape=(height, width),
    )


def to_lab(rgb: Rgb8) -> Float:
    """CIELAB (D65) of 8-bit sRGB: (H, W, 3) float32, L 0..100."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) * np.float32(1.0 / 255.0), cv2.COLOR_RGB2LAB), dtype=np.float32)


def moved(source: Rgb8, lab: Float, change: Float, mask: Plane) -> Rgb8:
    """`source` with `change` (H, W, 3, in CIELAB) added as far as `mask` says; where the mask is 0 every value stays."""
    target = cv2.cvtColor(lab + change * mask[..., None], cv2.COLOR_LAB2RGB)
    before = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    # Only the difference is added: the way to CIELAB and back does not itself move a pixel.
    result = source.astype(np.float32) + (target - before) * np.float32(255.0)
    rounded = np.clip(np.rint(result), 0, 255).astype(np.uint8)
    return np.where(mask[..., None] > 0.0, rounded, source)


def window_of(mask: Plane, margin: int) -> Window | None:
    """The smallest part of the raster that holds the mask, with room for filters; None where the mask is empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return None
    top, left = max(int(rows[0]) - margin, 0), max(int(columns[0]) - margin, 0)
    return slice(top, int(rows[-1]) + 1 + margin), slice(left, int(columns[-1]) + 1 + margin)


def put_back(rgb: Rgb8, window: Window, part: Rgb8) -> Rgb8:
    """A copy of `rgb` with `part` in its window."""
    result = rgb.copy()
    result[window] = part
    return result


def around(planes: Float, known: Float, sigma: float) -> Float:
    """Gauss of what is `known` alone (normalized convolution, Knutsson and Westin 1993), carried on where nothing is known near.

    planes: (H, W) or (H, W, C); known: (H, W) 0..1; sigma in px. Wide ones are made on a smaller raster.
    """
    height, width = known.shape
    scale = min(1.0, 5.0 / sigma)
    if scale < 1.0:
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        # The known part alone is shrunk, so that what is not known gives nothing to its neighbours.
        weight = resized(known, *size)
        sums = resized(_times(planes, known), *size)
    else:
        weight, sums = known, _times(planes, known)
    sigma *= scale
    total, mean = gauss(weight, max(sigma, 0.5)), gauss(sums, max(sigma, 0.5))
    # A far wider mean takes over where the near one has nothing to say.
    wide_total, wide_mean = gauss(weight, 4.0 * max(sigma, 0.5)), gauss(sums, 4.0 * max(sigma, 0.5))
    total, mean = total + np.float32(1e-2) * wide_total, mean + np.float32(1e-2) * wide_mean
    result = mean / np.maximum(total[..., None] if mean.ndim == 3 else total, np.float32(1e-9))
    return resized(np.asarray(result, dtype=np.float32), width, height) if scale < 1.0 else np.asarray(result, dtype=np.float32)


def _times(planes: Float, weight: Float) -> Float:
    return np.asarray(planes * (weight[..., None] if planes.ndim == 3 else weight), dtype=np.float32)


def filled(outlines: list[Points], shape: tuple[int, ...], soft_px: float = 0.0) -> Float:
    """Closed outlines (N, 2) px filled with 1, as float32; with soft_px the edge falls over about that many px, outwards too."""
    canvas = np.zeros(shape[:2], np.uint8)
    for outline in outlines:
        fixed = np.rint(outline * 16.0).astype(np.int32).reshape(-1, 1, 2)
        cv2.fillPoly(canvas, [fixed], (255,), cv2.LINE_AA, shift=4)
    plane = canvas.astype(np.float32) * np.float32(1.0 / 255.0)
    # The ramp ends the blur's long faint tail.
    return ramp(gauss(plane, soft_px), 0.05, 0.95) if soft_px > 0.0 else plane


def hull(points: Points) -> Points:
    """The convex outline (N, 2) px of some points."""
    return np.asarray(cv2.convexHull(points.astype(np.float32))[:, 0], dtype=np.float32)


def grown(plane: Float, radius_px: float) -> Float:
    """The plane widened by a disc."""
    return np.asarray(cv2.dilate(plane, disc(max(1, round(radius_px)))), dtype=np.float32)


def closed(skin: Plane, radius_px: float) -> Float:
    """The skin with its small holes filled: what differs too much from the skin's own colour to be in the mask, and is skin."""
    return np.asarray(cv2.morphologyEx(skin, cv2.MORPH_CLOSE, disc(max(1, round(radius_px)))), dtype=np.float32)


def median(values: Float, where: Float) -> float:
    """Median of the values where `where` is above one half; 0 where that is nowhere."""
    inside = values[where > 0.5]
    return float(np.median(inside)) if inside.size else 0.0


def spread(values: Float, where: Float) -> float:
    """Robust standard deviation (1.48 × median absolute deviation) where `where` is above one half."""
    inside = values[where > 0.5]
    return 1.48 * float(np.median(np.abs(inside - np.median(inside)))) if inside.size else 0.0
