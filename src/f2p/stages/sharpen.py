"""Crispness for the finished raster: luminance only, without halos and without a rim along the cut."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages.planes import Float, extremes, gauss, ramp
from f2p.values.pixels import Plane, Rgb8

AMOUNT = 0.7
OVERSHOOT = 2.0
"""Levels of 255 that a pixel may leave the range of its 3 x 3 neighbourhood by: enough to look crisp, too little for a halo."""
NOISE = 1.5
"""Levels of 255: detail fainter than this is grain."""
ON_SKIN = 0.3
"""Share of the amount that bare skin gets."""


def sharpen(rgb: Rgb8, alpha: Plane, iod_px: float, skin: Plane | None = None) -> Rgb8:
    """The person, crisper: (H, W, 3) uint8 sRGB. Hue stays (the same step on all three channels), alpha's edge band is untouched.

    alpha, skin: (H, W) float32 0..1; iod_px: inter-eye distance, sets the radius (0.5..1 px, the finished raster's own blur).
    Unsharp masking with coring and a limit to the local range. Raises ValueError where the inter-eye distance is not positive.
    """
    if not iod_px > 0.0:
        raise ValueError(f"the inter-eye distance must be positive, not {iod_px}")
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    luma = grey.astype(np.float32)
    detail = luma - gauss(luma, float(np.clip(0.006 * iod_px, 0.5, 1.0)))
    size = np.abs(detail)
    detail *= np.float32(AMOUNT) * size / (size + np.float32(NOISE))
    box = np.ones((3, 3), np.uint8)
    # Range of the neighbourhood, as room below and above this pixel.
    below = cv2.subtract(grey, cv2.erode(grey, box)) + np.float32(OVERSHOOT)
    above = cv2.subtract(cv2.dilate(grey, box), grey) + np.float32(OVERSHOOT)
    weight = _inside(alpha)
    if skin is not None:
        weight *= np.float32(1.0) - np.float32(1.0 - ON_SKIN) * skin
    change = np.rint(np.clip(detail, -below, above) * weight)
    # No channel may clip, or the hue would turn.
    low, high = extremes(rgb)
    brighter = np.clip(change, 0, 255 - high).astype(np.uint8)
    darker = np.clip(-change, 0, low).astype(np.uint8)
    lifted = cv2.add(rgb, cv2.merge([brighter] * 3))
    return np.asarray(cv2.subtract(lifted, cv2.merge([darker] * 3)), dtype=np.uint8)


def _inside(alpha: Plane) -> Float:
    """Weight: 1 well inside the person, exactly 0 within 2 px of where the matte is not solid.

    A sharpened edge would show on the new backdrop.
    """
    solid = cv2.erode((alpha >= 0.99).astype(np.uint8), np.ones((5, 5), np.uint8), borderType=cv2.BORDER_REPLICATE)
    solid_share = np.asarray(cv2.blur(solid.astype(np.float32), (3, 3)), dtype=np.float32)
    return np.asarray(ramp(solid_share, 0.5, 1.0) * solid, dtype=np.float32)
