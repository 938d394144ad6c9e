"""What the colours around an edge say about its alpha, and how far that can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.planes import disc, gauss, resized
from f2p.values.pixels import Plane

_SIDE_PX = 128
"""Long side at which colours are gathered: they are means over regions."""
_SHARES = (0.15, 0.05, 0.02)
"""Reach of the means as shares of the long side, from far to near; the nearest that has pixels counts."""
_ENOUGH = 0.06
"""Weight at which a mean is believed wholly."""
_NOISE = 1e-4
"""Variance of sensor noise and compression, colours in 0..1."""
_NOTHING, _SOLID = 0.02, 0.98
_KEEP_OFF_PX = 2
"""Pure backdrop is gathered this far from the doubt, pure person half as far."""
_HALF = 100.0
"""Precision at which colours and network weigh the same: a standard deviation of 0.1 of alpha."""
Float = NDArray[np.float32]
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


@dataclass(frozen=True, slots=True)
class ColourCue:
    """Alpha by colour alone inside the band. alpha: (H, W) float32 0..1; precision: (H, W), one over its variance."""

    alpha: Plane
    precision: Plane
    reliance: Plane
    """(H, W) float32 0..1: how far hair and backdrop can be told apart by colour, a little smoothed."""


def colour_cue(colours: Float, alpha: Plane, band: NDArray[np.bool_]) -> ColourCue:
    """How far each band pixel lies on the way from the backdrop's colour around it to the person's.

    colours: (H, W, 3) float32 sRGB 0..1; alpha: (H, W) the coarse one, band: (H, W) bool. Both sides are normal distributions of
    colour, gathered from pure pixels near by (Chuang et al., "A Bayesian Approach to Digital Matting", CVPR 2001); alpha and its
    variance follow from the line between their means in the metric of their mixed covariance. Plain walls make it precise;
    textures, and hair of the backdrop's own colour, do not.
    """
    guess, precision = alpha.copy(), np.zeros_like(alpha)
    person = cv2.erode((alpha > _SOLID).astype(np.uint8), disc(_KEEP_OFF_PX // 2)).astype(np.float32)
    backdrop = cv2.erode((alpha < _NOTHING).astype(np.uint8), disc(_KEEP_OFF_PX)).astype(np.float32)
    if not (band.any() and person.any() and backdrop.any()):
        return ColourCue(guess, precision, precision)
    (front, front_spread), (back, back_spread) = (_gathered(colours, weight, band) for weight in (person, backdrop))
    share = alpha[band][:, None, None]
    spread = back_spread * (1.0 - share) ** 2 + front_spread * share**2 + np.eye(3, dtype=np.float32) * np.float32(_NOISE)
    way = front - back
    pull = np.linalg.solve(spread, way[..., None])[..., 0]
    found = np.maximum((pull * way).sum(axis=1), 1e-6)
    guess[band] = np.clip(((colours[band] - back) * pull).sum(axis=1) / found, 0.0, 1.0)
    precision[band] = found
    return ColourCue(guess, precision, gauss(precision / (precision + np.float32(_HALF)), 2.0))


def _gathered(colours: Float, weight: Plane, band: NDArray[np.bool_]) -> tuple[Float, Float]:
    """Mean (n, 3) and covariance (n, 3, 3) of the weighted colours around each of the n band pixels."""
    height, width = weight.shape
    scale = min(1.0, _SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    squares = np.stack([colours[..., i] * colours[..., j] for i, j in _PAIRS], axis=2)
    total = resized(weight, *size)
    sums = np.dstack([_shrunk(part * weight[..., None], size) for part in (colours, squares[..., :3], squares[..., 3:])])
    moments = np.broadcast_to(sums.sum(axis=(0, 1)) / (total.sum() + 1e-6), sums.shape).copy()
    moments[..., 3:] = _centred(moments)
    for share in _SHARES:
        sigma = share * max(size)
        near_total = gauss(total, sigma)
        near = (
            np.dstack([gauss(np.ascontiguousarray(sums[..., k : k + 3]), sigma) for k in (0, 3, 6)])
            / (near_total + 1e-6)[..., None]
        )
        near[..., 3:] = _centred(near)
        moments += np.clip(near_total / _ENOUGH, 0.0, 1.0)[..., None] * (near - moments)
    large = (cv2.resize(np.ascontiguousarray(moments[..., k : k + 3]), (width, height)) for k in (0, 3, 6))
    parts = [np.asarray(plane[band], dtype=np.float32) for plane in large]
    spread = np.empty((parts[0].shape[0], 3, 3), np.float32)
    for place, (i, j) in enumerate(_PAIRS):
        spread[:, i, j] = spread[:, j, i] = parts[1 + place // 3][:, place % 3]
    return parts[0], spread


def _centred(moments: Float) -> Float:
    """The six covariances of (…, 9) raw moments: three means, six mean products."""
    return np.stack([moments[..., 3 + k] - moments[..., i] * moments[..., j] for k, (i, j) in enumerate(_PAIRS)], axis=-1)


def _shrunk(planes: Float, size: tuple[int, int]) -> Float:
    return np.asarray(cv2.resize(planes, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
