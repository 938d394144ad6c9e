"""Pupils that a flash lit red made dark again; the catchlight stays."""

from __future__ import annotations

import numpy as np

from f2p.stages.facemap import FaceMap, filled, grown, put_back, window_of
from f2p.stages.planes import Float, gauss, ramp
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8

_IRISES = ((468, 469, 470, 471, 472), (473, 474, 475, 476, 477))
"""Middle and four points of the rim of each iris."""
RED_RATIO = 1.9
"""Red over the next channel, in code values, from which an iris is no brown one: brown irises stay below 1.75."""
_LEAST_SHARE = 0.06
"""Share of an iris that must be red."""


def red_eye_mask(rgb: Rgb8, face: FaceMap) -> Plane:
    """(H, W) float32 0..1: red pupils; 0 everywhere where there are none."""
    height, width = face.alpha.shape
    mask = np.zeros((height, width), np.float32)
    for iris in _IRISES:
        middle = face.mesh[iris[0]]
        radius = float(np.hypot(*(face.mesh[list(iris[1:])] - middle).T).mean())
        left, top = (int(np.clip(v - 2.0 * radius, 0, limit)) for v, limit in zip(middle, (width, height), strict=True))
        right, bottom = (int(np.clip(v + 2.0 * radius + 2, 0, limit)) for v, limit in zip(middle, (width, height), strict=True))
        if not radius > 0.5 or right - left < 3 or bottom - top < 3:
            continue
        part = (slice(top, bottom), slice(left, right))
        mask[part] = np.maximum(mask[part], _pupil(rgb[part], middle - np.array([left, top], np.float32), radius))
    return mask


def _pupil(rgb: Rgb8, middle: Points, radius: float) -> Float:
    """The red part of one iris in a small picture round it."""
    turn = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
    circle = middle + 1.15 * radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    round_part = filled([circle.astype(np.float32)], rgb.shape)
    red = np.asarray(_redness(rgb) * round_part, dtype=np.float32)
    if float(red.sum()) < _LEAST_SHARE * np.pi * radius**2:
        return np.zeros_like(red)
    soft = gauss(grown(red, 0.12 * radius), max(0.1 * radius, 0.5))
    return np.asarray(ramp(soft, 0.1, 0.7) * grown(round_part, 0.12 * radius), dtype=np.float32)


def red_eye(rgb: Rgb8, mask: Plane) -> Rgb8:
    """Red brought down to the mean of green and blue, a little darker: a pupil is black glass."""
    window = window_of(mask, 1)
    if window is None:
        return rgb
    source, part = rgb[window], mask[window][..., None]
    picture = source.astype(np.float32)
    grey = np.float32(0.85) * picture[..., 1:].mean(axis=2, keepdims=True)
    # Only what is redder than grey moves, so the lamp's white reflection stays.
    target = np.minimum(picture, np.maximum(grey, 0.0) + np.zeros_like(picture))
    excess = np.clip((picture[..., :1] - picture[..., 1:].max(axis=2, keepdims=True)) / 40.0, 0.0, 1.0)
    result = np.clip(np.rint(picture + part * excess * (target - picture)), 0, 255).astype(np.uint8)
    return put_back(rgb, window, np.where(part > 0.0, result, source))


def _redness(rgb: Rgb8) -> Float:
    picture = rgb.astype(np.float32)
    other = np.asarray(picture[..., 1:].max(axis=2), dtype=np.float32)
    ratio = picture[..., 0] / np.maximum(other, 8.0)
    return ramp(np.asarray(ratio, dtype=np.float32), RED_RATIO, RED_RATIO + 0.4) * ramp(
        np.asarray(picture[..., 0], dtype=np.float32), 60.0, 90.0
    )
