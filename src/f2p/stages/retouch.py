"""Calmer skin that stays skin: only the middle band between pores and shading is damped.

b = gauss(I, 0.006 IOD); out = I - s (b - F(b)), F the recursive domain transform of Gastal and Oliveira (SIGGRAPH 2011) or the
guided filter of He, Sun and Tang (ECCV 2010). What is finer than b (pores, stubble, grain) comes back whole, what F keeps (folds,
shading, outlines) is never touched. Moles and other marks that stand out are taken out of the mask; nothing is filled in, nothing
is moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from f2p.stages.planes import Float, disc, gauss, resized
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Retouch


@dataclass(frozen=True, slots=True, kw_only=True)
class _Strength:
    """How one level works. Radii in shares of the inter-eye distance, tones 0..1."""

    damping: float
    """s: how much of the middle band goes."""
    tone: float
    """Steps above this stay: the domain transform's colour sigma, or the guided filter's epsilon = tone²."""
    reach: float
    guided: bool = False
    evening: float = 0.0
    """How much of the red and yellow blotches goes."""


_STRENGTHS = {
    Retouch.LIGHT: _Strength(damping=0.85, tone=0.11, reach=0.05),
    Retouch.MEDIUM: _Strength(damping=0.9, tone=0.16, reach=0.05, evening=0.4),
    Retouch.STRONG: _Strength(damping=0.85, tone=0.022, reach=0.034, guided=True, evening=0.6),
}

FINE_PX = 1.0
"""The band split is never finer than this: a smaller gauss is no gauss on a pixel grid, and pores would be damped."""
BLOTCH_LIMIT = 0.035
"""No chroma is moved further than this (of 0..1): a scar or birthmark pales a little and stays."""
MARK_DEPTH = 0.05
"""From this share darker than the skin around (beyond the skin's usual grain) a spot begins to count as a mark."""


def retouch(rgb: Rgb8, mask: Plane, iod_px: float, level: Retouch) -> Rgb8:
    """The picture with its skin evened: (H, W, 3) uint8 sRGB; `level` NONE returns `rgb` itself.

    mask: (H, W) float32 0..1, the skin; where it is 0 not one value changes. iod_px: inter-eye distance, the ruler of all radii.
    Raises ValueError where the inter-eye distance is not positive.
    """
    if level is Retouch.NONE:
        return rgb
    if not iod_px > 0.0:
        raise ValueError(f"the inter-eye distance must be positive, not {iod_px}")
    window = _window(mask, margin=round(0.15 * iod_px) + 2)
    if window is None:
        return rgb
    strength = _STRENGTHS[level]
    source, weight = rgb[window], mask[window]
    image = source.astype(np.float32) * np.float32(1.0 / 255.0)
    weight = weight * (1.0 - _marks(source, weight, iod_px))
    change = -np.float32(strength.damping) * _middle_band(image, iod_px, strength)
    if strength.evening:
        change += _evened_chroma(image, weight, iod_px, strength.evening)
    image += change * weight[..., None]
    result = rgb.copy()
    touched = np.clip(np.rint(image * np.float32(255.0)), 0, 255).astype(np.uint8)
    result[window] = np.where(weight[..., None] > 0.0, touched, source)
    return result


def _window(mask: Plane, margin: int) -> tuple[slice, slice] | None:
    """The smallest part of the picture that holds the mask, with room for the filters."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return None
    top, left = max(int(rows[0]) - margin, 0), max(int(columns[0]) - margin, 0)
    return slice(top, int(rows[-1]) + 1 + margin), slice(left, int(columns[-1]) + 1 + margin)


def _middle_band(image: Float, iod_px: float, strength: _Strength) -> Float:
    """The middle band b - F(b): blotches and unevenness between the size of pores and that of features."""
    base = gauss(image, max(0.006 * iod_px, FINE_PX))
    if strength.guided:
        radius = max(round(strength.reach * iod_px), 2)
        kept = cv2.ximgproc.guidedFilter(base, base, radius, strength.tone**2)
    else:
        spread = max(strength.reach * iod_px, 2.0)
        kept = cv2.ximgproc.dtFilter(base, base, spread, strength.tone, mode=cv2.ximgproc.DTF_RF)
    return np.asarray(base - kept, dtype=np.float32)


def _marks(source: Rgb8, weight: Plane, iod_px: float) -> Float:
    """Moles, scars and strands: small spots clearly darker than the skin round them (black top-hat of luma), 0..1.

    Depth is relative to the surroundings, so a mole on dark skin counts as on fair skin; a red blemish is hardly darker in luma.
    """
    luma = gauss(cv2.cvtColor(source, cv2.COLOR_RGB2GRAY).astype(np.float32), max(0.006 * iod_px, 0.5))
    width = 2 * max(round(0.05 * iod_px), 1) + 1
    around = cv2.morphologyEx(luma, cv2.MORPH_CLOSE, np.ones((width, width), np.uint8))
    depth = (around - luma) / (around + 4.0)
    # Pores and grain alone give every pixel some depth; a mark is what is deeper than that.
    usual = float(np.median(depth[weight > 0.5])) if np.any(weight > 0.5) else 0.0
    sure = np.clip((depth - usual - MARK_DEPTH) / 0.05, 0.0, 1.0)
    grown = cv2.dilate(sure, disc(max(round(0.012 * iod_px), 1)))
    return gauss(np.asarray(grown, dtype=np.float32), max(0.006 * iod_px, 0.5))


def _evened_chroma(image: Float, weight: Float, iod_px: float, share: float) -> Float:
    """What to add so that red and yellow blotches come nearer the skin around them; luma (BT.601) stays."""
    scale = min(1.0, 100.0 / iod_px)
    height, width = weight.shape
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    small, known = resized(image, *size), resized(weight, *size)
    chroma = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb)[..., 1:], dtype=np.float32)
    iod = iod_px * scale
    near, far = (_masked_blur(chroma, known, radius * iod) for radius in (0.015, 0.09))
    move = share * (far - near)
    move = np.float32(BLOTCH_LIMIT) * np.tanh(move / np.float32(BLOTCH_LIMIT))
    move = resized(move, width, height)
    red, blue = move[..., 0], move[..., 1]
    return np.stack([1.402 * red, -0.714136 * red - 0.344136 * blue, 1.772 * blue], axis=-1, dtype=np.float32)


def _masked_blur(planes: Float, known: Float, sigma: float) -> Float:
    """Gauss of the skin alone: lips, hair and brows give nothing to it (normalized convolution, Knutsson and Westin 1993)."""
    total = gauss(known, max(sigma, 0.5))[..., None]
    blurred = gauss(planes * known[..., None], max(sigma, 0.5))
    return np.where(total > 1e-3, blurred / np.maximum(total, 1e-3), planes).astype(np.float32)
