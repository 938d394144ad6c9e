"""Colour, evenness and shadow of the backdrop around a person."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from f2p.stages.facemap import to_lab
from f2p.stages.planes import Float, disc, gauss, resized
from f2p.values.pixels import Plane, Rgb8

_SIDE_PX = 256
"""Long side at which it is read: a backdrop is judged in patches, not in pixels."""
_CLEAR = 0.02
_LEAST_SHARE = 0.03
"""A backdrop that fills less of the picture says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackdropSeen:
    """lab: CIELAB of the middle tone. uneven: half-range (5 to 95 %) of broad patches, in ΔE from the middle tone, away from the
    person. detail: how much of it is small edges (95th percentile of the gradient of L*, per 1/256 of the long side).
    shadow: how much darker (L*) the darkest side next to the person is than the rest; side: "left" or "right".
    """

    rgb: tuple[int, int, int]
    lab: tuple[float, float, float]
    uneven: float
    detail: float
    shadow: float
    side: str


def backdrop_seen(rgb: Rgb8, alpha: Plane, iod_px: float, lowest_y: float) -> BackdropSeen | None:
    """What lies behind the person above the row `lowest_y`: below it collars and shoulders are easily taken for backdrop.

    None where too little of it shows. rgb: (H, W, 3) uint8 sRGB; alpha: (H, W) float32 0..1.
    """
    height, width = alpha.shape
    scale = min(1.0, _SIDE_PX / max(height, width))
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    small, person = resized(rgb, *size), resized(alpha, *size)
    iod = iod_px * scale
    # soft hair and its ringing are not the backdrop's fault
    near = np.asarray(cv2.dilate(person, disc(max(2, round(0.07 * iod)))), dtype=np.float32)
    clear = near < _CLEAR
    clear[max(round(lowest_y * scale), 1) :] = False
    if clear.mean() < _LEAST_SHARE:
        return None
    lab = to_lab(small)
    middle = np.median(lab[clear], axis=0)
    broad = gauss(lab, 2.0) if clear.mean() > 0.1 else lab
    around = np.asarray(cv2.dilate(person, disc(max(3, round(0.75 * iod)))), dtype=np.float32) > 0.5
    far = clear & ~around
    if far.sum() < 0.25 * clear.sum():
        far = clear
    shadow, side = _shadow(broad[..., 0], clear & around, far, iod)
    off = np.sqrt(((broad[far] - np.median(lab[far], axis=0)) ** 2).sum(axis=1))
    colour = np.median(small[clear], axis=0)
    red, green, blue = (round(float(value)) for value in colour)
    return BackdropSeen(
        rgb=(red, green, blue),
        lab=(float(middle[0]), float(middle[1]), float(middle[2])),
        uneven=float(np.percentile(off, 95)),
        detail=float(np.percentile(_edges(lab[..., 0])[clear], 95)),
        shadow=shadow,
        side=side,
    )


def _edges(lightness: Float) -> Float:
    """Length of the gradient of L* per px of the small picture."""
    plane = np.ascontiguousarray(lightness)
    across, down = cv2.Scharr(plane, cv2.CV_32F, 1, 0), cv2.Scharr(plane, cv2.CV_32F, 0, 1)
    return np.asarray(np.hypot(across, down) / 32.0, dtype=np.float32)


def _shadow(lightness: Float, ring: np.ndarray, far: np.ndarray, iod: float) -> tuple[float, str]:
    """L* of the far backdrop minus that of the darker side of the ring around the person."""
    half = lightness.shape[1] // 2
    level = float(np.median(lightness[far]))
    found = []
    for side, columns in (("left", slice(0, half)), ("right", slice(half, None))):
        values = lightness[:, columns][ring[:, columns]]
        if values.size >= max(12.0, 0.2 * iod * iod):
            found.append((level - float(np.percentile(values, 15)), side))
    return max(found) if found else (0.0, "left")
