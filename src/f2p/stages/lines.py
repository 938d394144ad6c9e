"""Lines of the skin (forehead, eyes' corners, mouth) made softer, never taken away."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages import facemesh
from f2p.stages.facemap import CloseUp, FaceMap, around, close_up, filled, grown, hull, moved, put_back, to_lab, window_of
from f2p.stages.planes import Float, gauss, ramp
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Amount

SHARES = {Amount.NONE: 0.0, Amount.LIGHT: 0.36, Amount.MEDIUM: 0.54, Amount.STRONG: 0.72}
"""Share of a line's depth that goes; more would be another person."""
_WIDTHS = (0.014, 0.026)
"""Half-widths looked for, in inter-eye distances."""
_NOSE = (6, 122, 351, 198, 420, 129, 358, 98, 327, 2)
"""Bridge below the root, flanks, wings, base."""
_LEAST_SHARE = 0.004
"""Lines on less of the skin than this are not worth a word."""


def wrinkles_mask(rgb: Rgb8, face: FaceMap) -> Plane:
    """(H, W) float32 0..1: long dark valleys in the skin; 0 everywhere where there are none."""
    look = close_up(rgb, face)
    return look.back(_valleys(look))


def wrinkles(rgb: Rgb8, mask: Plane, face: FaceMap, amount: Amount) -> Rgb8:
    """Valleys lifted by a share of their own depth, between the width of pores and 0.05 inter-eye distances: lightness only."""
    iod = face.iod_px
    window = window_of(mask, round(0.3 * iod) + 2)
    if window is None or amount is Amount.NONE:
        return rgb
    source, part = rgb[window], mask[window]
    lab = to_lab(source)
    known = np.asarray(np.maximum(face.skin[window], part), dtype=np.float32)
    depth = around(lab[..., 0], known, 0.045 * iod) - gauss(lab[..., 0], max(0.007 * iod, 0.7))
    change = np.zeros_like(lab)
    change[..., 0] = np.float32(SHARES[amount]) * np.clip(depth, 0.0, 18.0)
    return put_back(rgb, window, moved(source, lab, change, part))


def _valleys(look: CloseUp) -> Float:
    """Ridge filter (Lindeberg 1998): the larger eigenvalue of the lightness' Hessian, where the other one is small."""
    iod, light = look.iod_px, look.lab[..., 0]
    inside = ramp(look.skin, 0.4, 0.95)
    if np.count_nonzero(inside > 0.5) < 50:
        return np.zeros_like(light)
    found = np.zeros_like(light)
    for width in _WIDTHS:
        across, along = _curvature(light, max(width * iod, 1.0))
        flat = 1.0 - ramp(np.asarray(np.abs(along) / (np.abs(across) + 1e-3), dtype=np.float32), 0.35, 0.7)
        ridge = np.asarray(np.clip(across, 0.0, None) * flat, dtype=np.float32)
        found = np.maximum(found, ramp(ridge, 0.7 * look.depth, 2.0 * look.depth))
    # Hair on the forehead is far darker than a fold and has no skin colour; the nose's own edges are no wrinkles.
    near = gauss(look.lab, max(0.01 * iod, 0.6))
    off = near - around(look.lab, look.skin, 0.06 * iod)
    hair = grown(ramp(np.ascontiguousarray(-off[..., 0]), 9.0, 14.0), 0.03 * iod)
    oval = grown(filled([look.mesh[list(facemesh.FACE_OVAL)]], light.shape), 0.03 * iod)
    inside = inside * (1.0 - hair) * (1.0 - _nose(look)) * oval
    found = np.asarray(found * inside, dtype=np.float32)
    # Fair hair that passes for skin is all lines; on a forehead they keep apart.
    found = _long(np.asarray(found * (1.0 - ramp(gauss(found, 0.1 * iod), 0.3, 0.42)), dtype=np.float32), 0.22 * iod)
    if float(found.sum()) < _LEAST_SHARE * float(inside.sum()):
        return np.zeros_like(light)
    soft = gauss(grown(found, 0.012 * iod), max(0.014 * iod, 0.7))
    return np.asarray(ramp(soft, 0.06, 0.8) * look.skin * (1.0 - _round(look)), dtype=np.float32)


def _curvature(light: Float, sigma: float) -> tuple[Float, Float]:
    """The larger and the smaller eigenvalue of the lightness' Hessian at a scale; positive where the middle is darker."""
    smooth = gauss(light, sigma)
    xx, yy, xy = (
        cv2.Sobel(smooth, cv2.CV_32F, dx, dy, ksize=3, scale=1 / scale) for dx, dy, scale in ((2, 0, 4), (0, 2, 4), (1, 1, 4))
    )
    half, root = 0.5 * (xx + yy), np.sqrt(0.25 * (xx - yy) ** 2 + xy * xy)
    across, along = (half + root) * sigma**2, (half - root) * sigma**2
    return np.asarray(across, dtype=np.float32), np.asarray(along, dtype=np.float32)


def _round(look: CloseUp) -> Float:
    """Moles and other round dark marks with their surroundings, 0..1: dark towards all sides, also where a line runs into one."""
    iod, found = look.iod_px, np.zeros_like(look.skin)
    for width in (0.01, *_WIDTHS):
        across, along = _curvature(look.lab[..., 0], max(width * iod, 0.8))
        alike = ramp(np.asarray(along / (np.abs(across) + 1e-3), dtype=np.float32), 0.35, 0.55)
        found = np.maximum(found, ramp(along, 0.6 * look.depth, 1.2 * look.depth) * alike)
    return ramp(gauss(grown(np.asarray(found, dtype=np.float32), 0.035 * iod), max(0.01 * iod, 0.6)), 0.0, 0.7)


def _nose(look: CloseUp) -> Float:
    """The nose with its wings, its root left free: frown lines stand there."""
    outline = look.mesh[list(_NOSE)]
    return grown(filled([hull(outline)], look.skin.shape, 0.02 * look.iod_px), 0.05 * look.iod_px)


def _long(found: Float, least_px: float) -> Float:
    """Lines at least that long: pores, moles and stubble are shorter."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((found > 0.25).astype(np.uint8), connectivity=8)
    length = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    good = length >= least_px
    good[0] = False
    assert good.size == count
    return np.asarray(found * good[labels], dtype=np.float32)
