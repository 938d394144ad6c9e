"""Passing spots (pimples, inflamed skin) calmed; moles, freckles and scars are no spots."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages import facemesh
from f2p.stages.facemap import (
    CloseUp,
    FaceMap,
    around,
    close_up,
    closed,
    filled,
    grown,
    hull,
    moved,
    put_back,
    spread,
    to_lab,
    window_of,
)
from f2p.stages.planes import Float, disc, gauss, ramp
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Amount

SHARES = {Amount.NONE: 0.0, Amount.LIGHT: 0.75, Amount.MEDIUM: 0.88, Amount.STRONG: 1.0}
RED = 2.6
"""a* above the skin around, on light skin (and above three times its usual unevenness) from which a spot counts as inflamed."""
MOST_LIGHTER, MOST_PALER = 12.0, 16.0
"""CIELAB units by which a spot is moved at most."""
_SIZES = (0.014, 0.026, 0.042)
"""Radii looked for, in inter-eye distances."""


def blemish_mask(rgb: Rgb8, face: FaceMap, *, strict: bool = False) -> Plane:
    """(H, W) float32 0..1: inflamed spots; 0 everywhere where there are none.

    A spot is redder than the skin around. What is darker rather than redder is pigment or a scar and never counts: moles are
    brown, so their L* falls several times as far as a* rises (measured: 15 times). strict: marks were named as ones to keep, so
    only what is clearly red counts.
    """
    look = close_up(rgb, face, 144.0)
    return look.back(_spots(look, strict))


def blemish(rgb: Rgb8, mask: Plane, face: FaceMap, amount: Amount) -> Rgb8:
    """Spots brought to the tone of the ring around them; what is finer than 0.012 inter-eye distances (pores) stays."""
    window = window_of(mask, round(0.35 * face.iod_px) + 2)
    if window is None or amount is Amount.NONE:
        return rgb
    iod, source, part = face.iod_px, rgb[window], mask[window]
    lab = to_lab(source)
    known = face.skin[window] * (1.0 - ramp(part, 0.0, 0.25))
    ring = around(lab, np.asarray(known, dtype=np.float32), 0.05 * iod)
    low = gauss(lab, max(0.012 * iod, 0.8))
    limits = np.array([MOST_LIGHTER, MOST_PALER, MOST_PALER], np.float32)
    change = np.float32(SHARES[amount]) * np.clip(ring - low, -limits, limits)
    return put_back(rgb, window, moved(source, lab, np.asarray(change, dtype=np.float32), part))


def _spots(look: CloseUp, strict: bool) -> Float:
    iod, lab = look.iod_px, look.lab
    skin = closed(look.skin, 0.045 * iod)  # very red spots are holes in the mask
    inside = np.asarray(skin * (1.0 - _red_by_nature(look)), dtype=np.float32)
    if np.count_nonzero(inside > 0.5) < 50:
        return np.zeros_like(look.skin)
    found = np.zeros_like(look.skin)
    for size in _SIZES:
        near = gauss(lab, max(0.6 * size * iod, 0.7))
        off = near - around(lab, look.skin, 3.0 * size * iod)
        red, dark = off[..., 1], -off[..., 0]
        usual = spread(red, inside)
        # Pigment darkens more than it reddens; a red spot on any skin does the opposite.
        share = red / np.maximum(dark, look.depth)
        least = 0.9 if strict else 0.6
        from_on = max(RED * look.depth, 3.0 * usual)
        hit = ramp(red, from_on, from_on + 1.5 * look.depth) * ramp(share, least, least + 0.35)
        # Skin all around it: at hair, nostrils and outlines red is the edge's own fringe.
        within = ramp(inside, 0.3, 0.8) * ramp(gauss(inside, 2.2 * size * iod), 0.8, 0.95)
        found = np.maximum(found, _rounded(np.asarray(hit * within, dtype=np.float32), size * iod))
    # One spot is one patch, however its middle is coloured.
    found = cv2.morphologyEx(found, cv2.MORPH_CLOSE, disc(max(1, round(0.03 * iod)))) * (1.0 - _pigment(look))
    soft = gauss(grown(np.asarray(found, dtype=np.float32), 0.018 * iod), max(0.012 * iod, 0.7))
    return np.asarray(ramp(soft, 0.08, 0.75) * skin, dtype=np.float32)


def _pigment(look: CloseUp) -> Float:
    """Moles and other brown marks with their rims, 0..1: small, and much darker than red."""
    iod = look.iod_px
    near = gauss(look.lab, max(0.008 * iod, 0.6))
    off = near - around(look.lab, look.skin, 0.06 * iod)
    dark = -off[..., 0]
    brown = ramp(dark, 5.0 * look.depth, 8.0 * look.depth) * (1.0 - ramp(off[..., 1] / np.maximum(dark, 1.0), 0.4, 0.7))
    return gauss(grown(np.asarray(brown, dtype=np.float32), 0.03 * iod), max(0.01 * iod, 0.6))


def _rounded(hit: Float, radius: float) -> Float:
    """Blobs of about the size looked for: flushed cheeks are too large, single pixels too small, veins and folds too long."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((hit > 0.3).astype(np.uint8), connectivity=8)
    good = np.zeros(count, bool)
    for index in range(1, count):
        _, _, width, height, area = stats[index]
        long, short = max(width, height), max(min(width, height), 1)
        good[index] = 0.5 * radius**2 <= area <= 16.0 * radius**2 and long <= 2.6 * short and area >= 0.4 * width * height
    return np.asarray(hit * good[labels], dtype=np.float32)


def _red_by_nature(look: CloseUp) -> Float:
    """Around the lips, nostrils and the eyes' inner corners skin is red without being ill."""
    mesh, shape, iod = look.mesh, look.skin.shape, look.iod_px
    parts = filled([mesh[list(facemesh.LIPS)]], shape)
    parts = grown(parts, 0.09 * iod)
    wings = filled([hull(mesh[list(points)]) for points in facemesh.NOSTRILS], shape)
    parts = np.maximum(parts, grown(wings, 0.1 * iod))
    eyes = filled([mesh[list(facemesh.RIGHT_EYE)], mesh[list(facemesh.LEFT_EYE)]], shape)
    return np.maximum(parts, grown(eyes, 0.12 * iod))
