"""How much of two lenses a reflection covers: patches far brighter and paler than the skin behind them."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages.facemap import CloseUp, filled, grown, median
from f2p.stages.facemesh import LEFT_EYE, RIGHT_EYE
from f2p.stages.glasses import Glasses
from f2p.stages.planes import disc, gauss

_BRIGHTER = 10.0
"""L* above the skin's own, and beside it a share of its chroma, from which on it is a reflection."""
_PALER = 0.62


def reflections(look: CloseUp, glasses: Glasses) -> float:
    """Share 0..1 of the lenses (without the eyes themselves) under reflections."""
    iod = look.iod_px
    lenses = filled(list(glasses.lenses), look.alpha.shape)
    eyes = filled([look.mesh[list(RIGHT_EYE)], look.mesh[list(LEFT_EYE)]], look.alpha.shape)
    inner = cv2.erode(lenses, disc(max(1, round(0.05 * iod)))) * (1.0 - grown(eyes, 0.05 * iod)) > 0.5
    if inner.sum() < 30:
        return 0.0
    lab = gauss(look.lab, max(0.008 * iod, 0.6))
    level = median(np.ascontiguousarray(look.lab[..., 0]), look.skin)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    own = float(np.median(np.hypot(look.lab[..., 1], look.lab[..., 2])[look.skin > 0.5])) if (look.skin > 0.5).any() else 20.0
    shine = (lab[..., 0] > level + _BRIGHTER) & (chroma < _PALER * own) & inner
    return float(shine.sum()) / float(inner.sum())
