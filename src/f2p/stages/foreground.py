"""The person's own colours, with the old backdrop unmixed from hair and edges."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.values.pixels import CutOut, Plane, Rgb8

_WIDE_SHARE, _NARROW_SHARE = 0.12, 0.008
"""Radii of the two passes as shares of the long side: find the colours at all, then follow their local change."""

_FAINT, _CLEAR = 0.3, 0.9
"""Alpha below which a pixel's own colour says nothing about the person, and above which it is believed."""


def unmixed(rgb: Rgb8, alpha: Plane) -> CutOut:
    """The person's straight colours under `alpha`: equal to `rgb` where alpha is 1, estimated where it is below.

    rgb: (H, W, 3) uint8 sRGB. alpha: (H, W) float32 0..1.
    Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021: two passes of blurred means and one exact correction.
    """
    picture = rgb.astype(np.float32)
    weight = np.repeat(alpha[:, :, None], 3, axis=2)
    front, back = picture, picture
    for share in (_WIDE_SHARE, _NARROW_SHARE):
        radius = max(1, round(share * max(alpha.shape)))
        front, back = _pass(picture, front, back, weight, radius)
    solid = weight >= 1.0
    colours = np.where(solid, picture, np.clip(front, 0.0, 255.0))
    return CutOut(np.rint(colours).astype(np.uint8), alpha)


def _pass(
    picture: np.ndarray, front: np.ndarray, back: np.ndarray, weight: np.ndarray, radius: int
) -> tuple[np.ndarray, np.ndarray]:
    """One blur fusion: mean front and back colours around each pixel, then the front moved to explain the pixel.

    The paper moves it by alpha alone. What is left unexplained in faint pixels is the old backdrop's texture, not hair, so
    there the mean stands and the full correction comes with opacity.
    """
    side = (2 * radius + 1, 2 * radius + 1)
    total = cv2.blur(weight, side)
    mean_front = cv2.blur(front * weight, side) / (total + 1e-5)
    mean_back = cv2.blur(back * (1.0 - weight), side) / (1.0 - total + 1e-5)
    residue = picture - weight * mean_front - (1.0 - weight) * mean_back
    trust = weight * np.clip((weight - _FAINT) / (_CLEAR - _FAINT), 0.0, 1.0)
    return np.clip(mean_front + trust * residue, 0.0, 255.0), mean_back
