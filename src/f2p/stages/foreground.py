"""The person's own colours, with the old backdrop unmixed from hair and edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.planes import resized
from f2p.values.pixels import CutOut, Plane, Rgb8

_SOLVED_SIDE_PX = 160
"""Long side up to which neighbours are asked; larger pictures explain their own pixels by those colours, enlarged."""
_SMALL_PX = 32
_MANY, _FEW = 10, 2
"""Rounds on levels up to 32 px, and on larger ones."""
_SMOOTH = 1e-5
"""Pull between neighbours of equal alpha; where alpha changes they are pulled by that change (Germer et al., equation 3)."""
_OWN_PULL = 0.1
"""On the last way up: pull of a pixel to the enlarged colours against explaining itself."""
Float = NDArray[np.float32]


def unmixed(rgb: Rgb8, alpha: Plane) -> CutOut:
    """The person's straight colours under `alpha`: equal to `rgb` where alpha is 1, estimated where it is below.

    rgb: (H, W, 3) uint8 sRGB. alpha: (H, W) float32 0..1.
    Germer, Uelwer, Conrad, Harmeling, "Fast Multi-Level Foreground Estimation", ICPR 2020: from one pixel up to 160 px, each
    level starts from the one below, and front and back are moved to explain the pixel while they stay like their neighbours.
    """
    height, width = alpha.shape
    picture = rgb.astype(np.float32) / np.float32(255.0)
    scale = min(1.0, _SOLVED_SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = (picture, alpha) if scale == 1.0 else (resized(picture, *size), resized(alpha, *size))
    front, back = _levels(*small)
    if scale < 1.0:
        front, back = (resized(plane, width, height) for plane in (front, back))
        soft = (alpha > 0.0) & (alpha < 1.0)
        pull = np.full(int(soft.sum()), _OWN_PULL, np.float32)
        front[soft], _ = _explaining(picture[soft], alpha[soft], pull, (front[soft] * pull[:, None], back[soft] * pull[:, None]))
    levels = np.clip(front * np.float32(255.0), 0.0, 255.0)
    solid = (alpha >= 1.0)[:, :, None]
    return CutOut(np.where(solid, rgb, np.rint(levels).astype(np.uint8)), alpha)


def _levels(picture: Float, alpha: Plane) -> tuple[Float, Float]:
    """Front and back (H, W, 3) from the coarsest level to that of `picture`."""
    height, width = alpha.shape
    count = max(1, int(np.ceil(np.log2(max(height, width)))))
    front, back = (_mean(picture, weight)[None, None, :] for weight in (alpha, 1.0 - alpha))
    for level in range(count + 1):
        size = (max(1, round(width ** (level / count))), max(1, round(height ** (level / count))))
        small_picture, small_alpha = resized(picture, *size), resized(alpha, *size).reshape(size[1], size[0])
        front, back = (_enlarged(plane, size) for plane in (front, back))
        pulls = _pulls(small_alpha)
        total = pulls[0] + pulls[1] + pulls[2] + pulls[3]
        for _ in range(_MANY if max(size) <= _SMALL_PX else _FEW):
            wanted = (_neighbours(front, pulls), _neighbours(back, pulls))
            front, back = _explaining(small_picture, small_alpha, total, wanted)
    return front, back


def _enlarged(colours: Float, size: tuple[int, int]) -> Float:
    """(H, W, 3) of that size, each pixel repeated; one pixel stays a picture."""
    large = cv2.resize(colours, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, dtype=np.float32).reshape(size[1], size[0], 3)


def _mean(picture: Float, weight: Plane) -> Float:
    return np.asarray((picture * weight[:, :, None]).sum(axis=(0, 1)) / (weight.sum() + 1e-6), dtype=np.float32)


def _pulls(alpha: Plane) -> list[Plane]:
    """How strongly each pixel is pulled to its left, right, upper and lower neighbour."""
    padded = np.pad(alpha, 1, mode="edge")
    neighbours = (padded[1:-1, :-2], padded[1:-1, 2:], padded[:-2, 1:-1], padded[2:, 1:-1])
    return [np.float32(_SMOOTH) + np.abs(alpha - one) for one in neighbours]


def _neighbours(colours: Float, pulls: list[Plane]) -> Float:
    """Sum of the four neighbours' colours, each times its pull."""
    padded = np.pad(colours, ((1, 1), (1, 1), (0, 0)), mode="edge")
    around = (padded[1:-1, :-2], padded[1:-1, 2:], padded[:-2, 1:-1], padded[2:, 1:-1])
    total = np.zeros_like(colours)
    for pull, one in zip(pulls, around, strict=True):
        total += pull[:, :, None] * one
    return total


def _explaining(picture: Float, alpha: Plane, pull: Plane, towards: tuple[Float, Float]) -> tuple[Float, Float]:
    """Front and back that explain `picture` best while pulled `towards` sums of colours of weight `pull`; any shape (…, 3)."""
    clear = 1.0 - alpha
    a, b, c = alpha * alpha + pull, alpha * clear, clear * clear + pull
    scale = 1.0 / np.maximum(a * c - b * b, 1e-12)
    one = alpha[..., None] * picture + towards[0]
    two = clear[..., None] * picture + towards[1]
    front = np.clip((c * scale)[..., None] * one - (b * scale)[..., None] * two, 0.0, 1.0)
    back = np.clip((a * scale)[..., None] * two - (b * scale)[..., None] * one, 0.0, 1.0)
    return front.astype(np.float32), back.astype(np.float32)
