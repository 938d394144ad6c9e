"""Teeth less yellow and a little brighter, only inside the inner contour of open lips."""

from __future__ import annotations

import numpy as np

from f2p.stages.facemap import CloseUp, FaceMap, close_up, filled, moved, put_back, to_lab, window_of
from f2p.stages.planes import Float, gauss, ramp
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Amount

SHARES = {Amount.NONE: 0.0, Amount.LIGHT: 0.35, Amount.MEDIUM: 0.55, Amount.STRONG: 0.75}
LIFT = 9.0
"""L* added at full share; less the brighter the tooth already is."""
NATURAL_YELLOW = 4.0
"""b* that stays: no tooth is blue-white."""
_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
_CORNERS, _MIDDLES = (78, 308), (13, 14)
_LEAST_GAP = 0.05
"""Opening over width of the inner lips below which no tooth is seen."""


def teeth_mask(rgb: Rgb8, face: FaceMap) -> Plane:
    """(H, W) float32 0..1: teeth seen between the lips; 0 everywhere when the mouth is closed or dark."""
    look = close_up(rgb, face, 160.0)
    return look.back(_teeth(look))


def teeth_whiten(rgb: Rgb8, mask: Plane, face: FaceMap, amount: Amount) -> Rgb8:
    """Yellow taken back towards a natural tooth and a little light added; the shading between the teeth stays."""
    window = window_of(mask, round(0.05 * face.iod_px) + 2)
    if window is None or amount is Amount.NONE:
        return rgb
    source, part = rgb[window], mask[window]
    lab = to_lab(source)
    smooth = gauss(lab, max(0.012 * face.iod_px, 0.7))
    share = np.float32(SHARES[amount])
    change = np.zeros_like(lab)
    change[..., 0] = share * np.float32(LIFT) * (1.0 - ramp(np.ascontiguousarray(smooth[..., 0]), 60.0, 96.0))
    change[..., 2] = -share * np.clip(smooth[..., 2] - NATURAL_YELLOW, 0.0, 22.0)
    return put_back(rgb, window, moved(source, lab, change, part))


def _teeth(look: CloseUp) -> Float:
    mesh, iod = look.mesh, look.iod_px
    nothing = np.zeros_like(look.alpha)
    width = float(np.hypot(*(mesh[_CORNERS[0]] - mesh[_CORNERS[1]])))
    gap = float(np.hypot(*(mesh[_MIDDLES[0]] - mesh[_MIDDLES[1]])))
    if gap < _LEAST_GAP * max(width, 1e-6):
        return nothing
    inside = filled([mesh[list(_INNER)]], look.alpha.shape)
    if np.count_nonzero(inside > 0.5) < 12:
        return nothing
    smooth = gauss(look.lab, max(0.008 * iod, 0.5))
    # Teeth are the bright and little coloured part of what the lips leave free; tongue and gums are red, the rest is dark.
    cheek = float(np.median(look.lab[..., 0][look.skin > 0.5])) if np.any(look.skin > 0.5) else 55.0
    bright = ramp(np.ascontiguousarray(smooth[..., 0]), 0.55 * cheek, 0.8 * cheek)
    plain = 1.0 - ramp(np.ascontiguousarray(smooth[..., 1]), 9.0, 17.0)
    found = np.asarray(inside * bright * plain, dtype=np.float32)
    if np.count_nonzero(found > 0.5) < 0.004 * iod * iod:
        return nothing
    return np.asarray(ramp(gauss(found, max(0.01 * iod, 0.6)), 0.12, 0.85) * ramp(inside, 0.0, 1.0), dtype=np.float32)
