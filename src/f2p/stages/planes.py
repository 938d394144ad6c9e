"""OpenCV's filters on float planes, typed: what goes in as float32 comes out as float32 of the same shape."""

from __future__ import annotations

from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]
Kind = TypeVar("Kind", bound=np.generic)


def gauss(planes: Float, sigma: float) -> Float:
    """Gaussian blur, sigma in px, of (H, W) or (H, W, C); edges mirrored."""
    return np.asarray(cv2.GaussianBlur(planes, (0, 0), sigma), dtype=np.float32)


def resized(picture: NDArray[Kind], width: int, height: int) -> NDArray[Kind]:
    """The same picture at another size: by area when it shrinks, bilinear when it grows."""
    shrinks = width <= picture.shape[1]
    source: Any = picture
    result = cv2.resize(source, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(result, dtype=picture.dtype)


def disc(radius_px: int) -> NDArray[np.uint8]:
    """A round structuring element of 2 r + 1 px."""
    side = 2 * radius_px + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8)


def extremes(picture: NDArray[Kind]) -> tuple[NDArray[Kind], NDArray[Kind]]:
    """Darkest and brightest channel of each pixel: two (H, W) planes of an (H, W, 3) picture."""
    source: Any = picture
    first, second, third = cv2.split(source)
    low: Any = cv2.min(cv2.min(first, second), third)
    high: Any = cv2.max(cv2.max(first, second), third)
    return low, high


def scaled(picture: Float, plane: Float) -> Float:
    """Every channel of (H, W, 3) times the plane (H, W)."""
    return np.asarray(cv2.multiply(picture, cv2.merge([plane, plane, plane])), dtype=np.float32)


def ramp(values: Float, low: float, high: float) -> Float:
    """Smoothstep: 0 up to `low`, 1 from `high` on."""
    t = np.clip((values - np.float32(low)) * np.float32(1.0 / (high - low)), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), dtype=np.float32)
