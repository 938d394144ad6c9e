"""The person before a backdrop that is perfectly flat: what differs from it, and all that it does not reach."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages.planes import Float, ramp
from f2p.values.pixels import Plane, Rgb8

_FLAT = 5.0
"""Levels by which the rim of a painted backdrop differs after JPEG."""
_RIM_SHARE = 0.6
_FROM, _TO = 8.0, 72.0


def person_before_flat(rgb: Rgb8) -> Plane | None:
    """Alpha (H, W) float32 0..1; None where the upper rim is not one flat colour, so that only a network can tell.

    rgb: (H, W, 3) uint8 sRGB.
    """
    height = rgb.shape[0]
    upper = np.concatenate(
        [rgb[:3].reshape(-1, 3), rgb[: height // 3, :2].reshape(-1, 3), rgb[: height // 3, -2:].reshape(-1, 3)]
    )
    colour = np.median(upper, axis=0).astype(np.float32)
    near = np.abs(upper - colour).max(axis=1) <= _FLAT
    if near.mean() < _RIM_SHARE or float(np.abs(upper[near] - colour).mean()) > 1.0:
        return None
    away: Float = np.abs(rgb.astype(np.float32) - colour).max(axis=2)
    open_ = (away <= _FROM).astype(np.uint8)
    count, labels = cv2.connectedComponents(open_, connectivity=4)
    touching = np.zeros(count, bool)
    for rim in (labels[0], labels[:, 0], labels[:, -1]):
        touching[np.unique(rim)] = True
    touching[labels[open_ == 0].min() if (open_ == 0).any() else 0] = False
    outside = touching[labels] & (open_ == 1)
    soft = ramp(away, _FROM, _TO)
    reach = cv2.dilate(outside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return np.asarray(np.where(outside, 0.0, np.where(reach, soft, 1.0)), dtype=np.float32)
