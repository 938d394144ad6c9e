"""Scores of an alpha and of the picture composed with it, against a known alpha; used by bench/matte.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Alpha = NDArray[np.float32]
Rgb = NDArray[np.uint8]
Mask = NDArray[np.bool_]

NAMES = ("MAD", "MSE", "Grad", "bMAD", "bMSE", "bGRAD", "out")
BACKDROPS = {"white": (255, 255, 255), "blue": (67, 142, 219), "red": (215, 69, 50), "black": (0, 0, 0)}
_NOISE = 4.0
"""Variance, in levels squared, of one composite's sensor noise and JPEG."""


def band_of(truth: Alpha) -> Mask:
    """Where 0.02 < alpha < 0.98, widened by 0.8 % of the long side."""
    return cv2.dilate(_soft(truth), _disc(round(0.008 * max(truth.shape)))) > 0


def hair_of(truth: Alpha) -> Mask:
    """The part of the band that is hair rather than a plain edge: where more than a quarter of the neighbourhood is soft."""
    radius = max(2, round(0.008 * max(truth.shape)))
    share = cv2.GaussianBlur(_soft(truth).astype(np.float32), (0, 0), radius)
    return (share > 0.25) & band_of(truth)


def alpha_scores(alpha: Alpha, truth: Alpha) -> list[float]:
    """MAD, MSE ×1000 and Grad (sum / 1000) over the picture; the same in the band; out: MAD ×1000 outside the band."""
    band = band_of(truth)
    error = np.abs(alpha - truth)
    slope = sum((a - b) ** 2 for a, b in zip(_gradient(alpha), _gradient(truth), strict=True))
    rows = []
    for where in (np.ones_like(band), band):
        rows += [1000 * float(error[where].mean()), 1000 * float((error[where] ** 2).mean()), float(slope[where].sum()) / 1000]
    return [*rows, 1000 * float(error[~band].mean())]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one person: alpha (H, W) and the person's colours times alpha (H, W, 3) float32 0..255."""

    alpha: Alpha
    front: NDArray[np.float32]

    def over(self, colour: Sequence[int]) -> NDArray[np.float32]:
        """The true composite (H, W, 3) float32 on a colour."""
        return self.front + (1.0 - self.alpha[:, :, None]) * np.array(colour, np.float32)


def solved(alpha: Alpha, pictures: Sequence[Rgb]) -> Truth:
    """The person's own colours from composites on several backdrops.

    picture = front + (1 - alpha) · backdrop. The backdrop of an edge pixel is taken from the pure backdrop around it; each
    composite counts by how even its backdrop is there, so plain walls decide and streets hardly speak.
    """
    total, weights = np.zeros((*alpha.shape, 3), np.float32), np.zeros((*alpha.shape, 1), np.float32)
    for picture in pictures:
        rgb = picture.astype(np.float32)
        mean, variance = _behind(rgb, alpha <= 0.004)
        clear = (1.0 - alpha)[:, :, None]
        weight = 1.0 / (_NOISE + clear**2 * variance[:, :, None])
        total += weight * (rgb - clear * mean)
        weights += weight
    return Truth(alpha, np.clip(total / weights, 0.0, 255.0 * alpha[:, :, None]))


def colour_errors(rgb: Rgb, alpha: Alpha, truth: Truth, where: Mask) -> list[float]:
    """Mean CIEDE2000 of the picture composed from straight colours `rgb` and `alpha`, per backdrop, where `where` is set."""
    errors = []
    for colour in BACKDROPS.values():
        weight = alpha[where][:, None]
        ours = rgb[where] * weight + (1.0 - weight) * np.array(colour, np.float32)
        errors.append(float(ciede2000(lab(ours), lab(truth.over(colour)[where])).mean()))
    return errors


def lab(rgb: NDArray[Any]) -> NDArray[np.float64]:
    """CIELAB (n, 3), D65, of sRGB 0..255 (n, 3)."""
    return cv2.cvtColor((rgb / 255.0).astype(np.float32)[None], cv2.COLOR_RGB2LAB)[0].astype(np.float64)


def ciede2000(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIEDE2000 (n,) between two lists of Lab colours (n, 3) (Sharma, Wu, Dalal, Color Res. Appl. 2005)."""
    l1, a1, b1 = one.T
    l2, a2, b2 = two.T
    mean_chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    grey = 1.5 - 0.5 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7))
    a1, a2 = a1 * grey, a2 * grey
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    coloured = c1 * c2 > 0
    turn = np.where(coloured, (h2 - h1 + 180) % 360 - 180, 0.0)
    delta_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    hue = np.where(coloured, h1 + turn / 2, h1 + h2) % 360
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1.0
    for factor, multiple, offset in ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63)):
        t = t + factor * np.cos(np.radians(multiple * hue + offset))
    s_light = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    dl, dc, dh = (l2 - l1) / s_light, (c2 - c1) / s_chroma, delta_h / s_hue
    return np.sqrt(np.maximum(dl**2 + dc**2 + dh**2 + rotation * dc * dh, 0.0))


def _behind(rgb: NDArray[np.float32], pure: Mask) -> tuple[NDArray[np.float32], Alpha]:
    """Mean (H, W, 3) and variance (H, W) of the pure backdrop around each pixel, from as near as there is some."""
    long_side = max(pure.shape)
    weight = pure.astype(np.float32)
    mean = np.full_like(rgb, 0.0) + rgb[pure].mean(axis=0)
    variance = np.full(pure.shape, float(rgb[pure].var(axis=0).mean()), np.float32)
    for share in (0.08, 0.03, 0.012):
        total = cv2.GaussianBlur(weight, (0, 0), share * long_side)
        near = cv2.GaussianBlur(rgb * weight[:, :, None], (0, 0), share * long_side) / (total + 1e-6)[:, :, None]
        square = cv2.GaussianBlur((rgb**2) * weight[:, :, None], (0, 0), share * long_side) / (total + 1e-6)[:, :, None]
        trust = np.clip(total / 0.05, 0.0, 1.0)
        mean += trust[:, :, None] * (near - mean)
        variance += trust * (np.maximum(square - near**2, 0.0).mean(axis=2) - variance)
    return mean, variance


def _soft(truth: Alpha) -> NDArray[np.uint8]:
    return ((truth > 0.02) & (truth < 0.98)).astype(np.uint8)


def _disc(radius: int) -> NDArray[np.uint8]:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def _gradient(alpha: Alpha) -> tuple[Alpha, Alpha]:
    """Derivatives of a Gaussian of sigma 1.4, x and y."""
    x = np.arange(-5, 6, dtype=np.float64)
    smooth = np.exp(-(x**2) / (2 * 1.4**2))
    derived = -x * smooth
    smooth, derived = smooth / smooth.sum(), derived / np.sqrt((derived**2).sum())
    return cv2.sepFilter2D(alpha, -1, derived, smooth), cv2.sepFilter2D(alpha, -1, smooth, derived)
