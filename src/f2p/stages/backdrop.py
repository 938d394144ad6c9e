"""What stands behind the person: solid, gradient, transparent, or the softened original."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.values.pixels import CutOut, Rgb8
from f2p.values.plan import Backdrop, BackdropKind, Direction
from f2p.values.spec import Colour


def painted(backdrop: Backdrop, width_px: int, height_px: int) -> NDArray[np.float32]:
    """A solid or gradient backdrop (H, W, 3) float32 sRGB 0..255; gradients are unrounded, so that they can be dithered."""
    start = np.array(Colour("from", backdrop.color).rgb, dtype=np.float32)
    if backdrop.kind is BackdropKind.SOLID:
        return np.broadcast_to(start, (height_px, width_px, 3)).astype(np.float32)
    end = np.array(Colour("to", backdrop.color_to).rgb, dtype=np.float32)
    share = _shares(backdrop.direction, width_px, height_px)[:, :, None]
    return np.asarray(start + (end - start) * share, dtype=np.float32)


def softened(rgb: Rgb8, alpha: NDArray[np.float32]) -> NDArray[np.float32]:
    """The original backdrop out of focus (H, W, 3) float32 sRGB 0..255; the person's colours do not bleed into it."""
    sigma = 0.03 * max(alpha.shape)
    weight = 1.0 - cv2.dilate(alpha, np.ones((5, 5), np.uint8))
    blurred = cv2.GaussianBlur(rgb.astype(np.float32) * weight[:, :, None], (0, 0), sigma)
    total = cv2.GaussianBlur(weight, (0, 0), sigma)
    return np.asarray(blurred / np.maximum(total, 1e-3)[:, :, None], dtype=np.float32)


def composed(person: CutOut, behind: NDArray[np.float32]) -> Rgb8:
    """The person over `behind` (H, W, 3) float32: uint8 sRGB, exact on either side of the edge.

    Blended on the sRGB values, as the alpha was estimated on them. Gradients are dithered by half a level against banding.
    """
    weight = person.alpha[:, :, None]
    mixed = person.rgb.astype(np.float32) * weight + behind * (1.0 - weight)
    fraction = behind - np.floor(behind)
    if fraction.any():
        noise = np.random.default_rng(0).random(behind.shape[:2], dtype=np.float32)[:, :, None] - 0.5
        mixed = mixed + noise * (1.0 - weight)
    return np.asarray(np.clip(np.rint(mixed), 0, 255), dtype=np.uint8)


def _shares(direction: Direction, width_px: int, height_px: int) -> NDArray[np.float32]:
    """How far along the gradient each pixel is, (H, W) float32: 0 = `from`, 1 = `to`."""
    x = np.linspace(0.0, 1.0, width_px, dtype=np.float32)[None, :]
    y = np.linspace(0.0, 1.0, height_px, dtype=np.float32)[:, None]
    if direction is Direction.VERTICAL:
        return np.broadcast_to(y, (height_px, width_px))
    if direction is Direction.HORIZONTAL:
        return np.broadcast_to(x, (height_px, width_px))
    distance = np.hypot(x - 0.5, y - 0.5) / np.float32(np.hypot(0.5, 0.5))
    return np.asarray(1.0 - distance, dtype=np.float32)
