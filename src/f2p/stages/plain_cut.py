"""Something drawn on a plain backdrop, cut out of it."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages.foreground import unmixed
from f2p.stages.matting import refined
from f2p.values.pixels import CutOut, Plane, Rgb8

_NEAR, _FAR = 10.0, 34.0
"""Levels from the rim's own colour: still backdrop, certainly the thing."""
_PLAIN = 14.0
"""Levels by which a plain rim may vary (90 of 100 of its pixels)."""


def rim_is_plain(rgb: Rgb8) -> bool:
    """Whether the picture's rim has one colour."""
    rim = _rim(rgb)
    return bool(np.percentile(np.abs(rim - np.median(rim, axis=0)).max(axis=1), 90) <= _PLAIN)


def cut_from_plain(rgb: Rgb8) -> CutOut:
    """The thing without the backdrop. rgb: (H, W, 3) uint8 sRGB whose rim has one colour; what touches the rim in it goes."""
    colour = np.median(_rim(rgb), axis=0)
    away = np.abs(rgb.astype(np.float32) - colour).max(axis=2)
    smooth = cv2.GaussianBlur(away, (0, 0), 0.7)
    coarse = np.clip((smooth - _NEAR) / (_FAR - _NEAR), 0.0, 1.0).astype(np.float32)
    count, parts = cv2.connectedComponents((smooth < _NEAR).astype(np.uint8), connectivity=4)
    touching = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    outside = np.isin(parts, touching[touching > 0]) if count > 1 else np.zeros(parts.shape, bool)
    near = cv2.dilate(outside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    alpha: Plane = np.where(near, coarse, np.float32(1.0)).astype(np.float32)
    alpha = refined(rgb, alpha).alpha
    alpha = np.where(outside & (smooth < 0.5 * _NEAR), np.float32(0.0), alpha)
    return unmixed(rgb, np.asarray(alpha, dtype=np.float32))


def _rim(rgb: Rgb8) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """(N, 3) float32: two pixels all around."""
    sides = (rgb[:2], rgb[-2:], rgb[:, :2], rgb[:, -2:])
    return np.concatenate([side.reshape(-1, 3) for side in sides]).astype(np.float32)
