"""What stands behind the person: solid, gradient, studio light, a picture, or the softened original."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.planes import Float, gauss, ramp
from f2p.stages.warp import warped
from f2p.values.geometry import Affine
from f2p.values.pixels import CutOut, Plane, Rgb8
from f2p.values.plan import Backdrop, BackdropKind, Direction
from f2p.values.spec import Colour

HEAD_AT = (0.5, 0.42)
"""Where a framed head's middle is, as shares of width and height: the studio's light stands behind it."""
_GLOW, _GLOW_REACH = 0.30, 0.42
"""How far the light behind the head lifts the paper towards white, and its sigma as a share of the height."""
_VIGNETTE = 0.24
"""How much darker the far corners are."""
_SHADOW, _SHADOW_SIGMA, _SHADOW_AT = 0.14, 0.07, (0.05, 0.04)
"""The person's own shadow on the paper: depth, softness and offset (right, down) as shares of the height."""
_SOFT_SIGMA = 0.012
"""Softness of a picture that is to look out of focus, as a share of the long side: enough to part it from the person."""


def painted(backdrop: Backdrop, width_px: int, height_px: int) -> Float:
    """A solid, gradient or studio backdrop (H, W, 3) float32 sRGB 0..255; unrounded where it changes, to be dithered."""
    start = np.array(Colour("from", backdrop.color).rgb, dtype=np.float32)
    if backdrop.kind is BackdropKind.SOLID:
        return np.broadcast_to(start, (height_px, width_px, 3)).astype(np.float32)
    if backdrop.kind is BackdropKind.STUDIO:
        return _studio(start, width_px, height_px)
    end = np.array(Colour("to", backdrop.color_to).rgb, dtype=np.float32)
    share = _shares(backdrop, width_px, height_px)[:, :, None]
    return np.asarray(start + (end - start) * share, dtype=np.float32)


def with_shadow(behind: Float, alpha: Plane) -> Float:
    """`behind` (H, W, 3) with the soft shadow that a person before studio paper throws: light from the upper left, no hard line.

    alpha: (H, W) float32 0..1 of the person.
    """
    height, width = alpha.shape
    right, down = (round(share * height) for share in _SHADOW_AT)
    moved = cv2.warpAffine(
        alpha, np.array([[1, 0, right], [0, 1, down]], np.float64), (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    shade = gauss(np.asarray(moved, dtype=np.float32), _SHADOW_SIGMA * height)
    return np.asarray(behind * (1.0 - _SHADOW * shade[:, :, None]), dtype=np.float32)


def covering(picture: Rgb8, width_px: int, height_px: int, *, soft: bool) -> Float:
    """A picture as backdrop (H, W, 3) float32 sRGB 0..255: it covers all, its middle stays in the middle, nothing is stretched.

    soft: a little out of focus, as a lens would show what is behind the person.
    """
    height, width = picture.shape[:2]
    scale = max(width_px / width, height_px / height)
    middle = Affine(scale, 0.0, (width_px - 1 - scale * (width - 1)) / 2, 0.0, scale, (height_px - 1 - scale * (height - 1)) / 2)
    fitted = warped(picture, middle, width_px, height_px).astype(np.float32)
    return gauss(fitted, _SOFT_SIGMA * max(width_px, height_px)) if soft else fitted


def softened(rgb: Rgb8, alpha: NDArray[np.float32]) -> Float:
    """The original backdrop out of focus (H, W, 3) float32 sRGB 0..255; the person's colours do not bleed into it."""
    sigma = 0.03 * max(alpha.shape)
    weight = 1.0 - cv2.dilate(alpha, np.ones((5, 5), np.uint8))
    blurred = cv2.GaussianBlur(rgb.astype(np.float32) * weight[:, :, None], (0, 0), sigma)
    total = cv2.GaussianBlur(weight, (0, 0), sigma)
    return np.asarray(blurred / np.maximum(total, 1e-3)[:, :, None], dtype=np.float32)


def composed(person: CutOut, behind: NDArray[np.float32]) -> Rgb8:
    """The person over `behind` (H, W, 3) float32: uint8 sRGB, exact on either side of the edge.

    Blended on the sRGB values, as the alpha was estimated on them. Blending in linear light was tried and looked at on white,
    black and blue: dark strands turn thin and grey on white, faint ones break into specks on black, and laid back over their own
    surroundings the hair band of thirteen portraits differs from the source by 7 to 24 levels instead of 10 to 26 (only light
    hair before a busy dark scene came closer). A viewer that shows the transparent PNG blends so too. Gradients are dithered by
    half a level against banding, with the same noise every time.
    """
    weight = person.alpha[:, :, None]
    mixed = person.rgb.astype(np.float32) * weight + behind * (1.0 - weight)
    fraction = behind - np.floor(behind)
    if fraction.any():
        noise = np.random.default_rng(0).random(behind.shape[:2], dtype=np.float32)[:, :, None] - 0.5
        mixed = mixed + noise * (1.0 - weight)
    return np.asarray(np.clip(np.rint(mixed), 0, 255), dtype=np.uint8)


def rimmed(picture: NDArray[Any], border_px: int) -> NDArray[Any]:
    """The picture (H, W, 3) uint8 with a white rim, or its alpha (H, W) float32 with an opaque one."""
    if not border_px:
        return picture
    rim = ((border_px, border_px), (border_px, border_px), (0, 0))[: picture.ndim]
    return np.pad(picture, rim, constant_values=255 if picture.ndim == 3 else 1)


def _studio(paper: Float, width_px: int, height_px: int) -> Float:
    """Paper of one colour, lit from behind the head and falling off towards the corners, never past white."""
    x = (np.arange(width_px, dtype=np.float32)[None, :] - HEAD_AT[0] * (width_px - 1)) / np.float32(height_px)
    y = (np.arange(height_px, dtype=np.float32)[:, None] - HEAD_AT[1] * (height_px - 1)) / np.float32(height_px)
    distance = np.hypot(x, y)
    glow = np.exp(-0.5 * (distance / _GLOW_REACH) ** 2)[:, :, None]
    falloff = ramp(np.asarray(distance, dtype=np.float32), 0.25, 0.80)[:, :, None]
    lit = paper + (255.0 - paper) * (_GLOW * glow)
    return np.asarray(lit * (1.0 - _VIGNETTE * falloff), dtype=np.float32)


def _shares(backdrop: Backdrop, width_px: int, height_px: int) -> Float:
    """How far along the gradient each pixel is, (H, W) float32: 0 = `from`, 1 = `to`.

    An angle is that of CSS Images 3: 0 runs up, 90 to the right, and both ends reach the outermost corners. Diagonals run from
    corner to corner whatever the shape.
    """
    x = np.linspace(0.0, 1.0, width_px, dtype=np.float32)[None, :]
    y = np.linspace(0.0, 1.0, height_px, dtype=np.float32)[:, None]
    match backdrop.direction:
        case Direction.VERTICAL:
            share = y + 0.0 * x
        case Direction.HORIZONTAL:
            share = x + 0.0 * y
        case Direction.DIAGONAL:
            share = (x + y) / 2
        case Direction.RISING:
            share = (x + 1.0 - y) / 2
        case Direction.ANGLE:
            turn = math.radians(backdrop.angle_deg)
            across, down = width_px * math.sin(turn), -height_px * math.cos(turn)
            share = 0.5 + ((x - 0.5) * across + (y - 0.5) * down) / (abs(across) + abs(down))
        case Direction.RADIAL:
            share = 1.0 - np.hypot(x - 0.5, y - 0.5) / np.float32(np.hypot(0.5, 0.5))
    return np.asarray(share, dtype=np.float32)
