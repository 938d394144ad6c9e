"""Less sensor noise, as much as there is and no more: the noise is measured on the picture, skin keeps its own texture."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from f2p.stages.planes import Float, resized
from f2p.values.pixels import Rgb8

CLEAN = 2.0
"""Standard deviation, levels of 255, under which a picture is clean: clean portraits measure 0.3 to 1.7, a grainy one 3."""
BREAKS = 5.0
"""From this noise on the matting network loses parts of hair and face (seen at 8 and 12 on portraits of 500 px)."""
_BLOCK_PX = 16
_LUMA, _LUMA_HEAVY, _CHROMA = 0.8, 1.0, 1.0
"""Filter strength per unit of noise. At 0.8 the fine energy of skin comes back to that of the clean picture (0.7 to 1.5 of it,
four people, noise 6, with and without JPEG); at 1.0 it falls to 0.4: wax. From noise 12
on pores are lost anyway and specks would stay. Colour carries no pores, so it is cleaned fully."""


def noise_of(rgb: Rgb8) -> float:
    """Standard deviation of the noise in the flattest tenth of the picture, levels of 255, for (H, W, 3) uint8 sRGB.

    Immerkaer, "Fast Noise Variance Estimation", CVIU 1996, per block and at half size: there grain that JPEG or an enlargement
    has made coarser still shows. 0 where the picture is too small or too dark or bright throughout to say.
    """
    height, width = rgb.shape[0] // 2, rgb.shape[1] // 2
    if min(height, width) < _BLOCK_PX:
        return 0.0
    grey = resized(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)), width, height).astype(np.float32)
    response = np.abs(cv2.filter2D(grey, -1, np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)))
    deviation = _block_means(np.asarray(response, dtype=np.float32)) * np.float32(np.sqrt(np.pi / 2) / 6)
    mean = _block_means(grey)
    lit = (mean > 16) & (mean < 240)
    # Halving the size halves white noise; the flattest tenth lies 5 % under the mean.
    return float(np.percentile(deviation[lit], 10)) * 2.1 if lit.any() else 0.0


def denoised(rgb: Rgb8, noise: float) -> Rgb8:
    """The picture with noise of that standard deviation taken out; `rgb` itself where it is clean. (H, W, 3) uint8 sRGB.

    Non-local means (Buades, Coll, Morel, IPOL 2011) on luma and, apart, on the two colour differences: places that look alike are
    averaged, so edges, lashes and moles stay; nothing is drawn anew.
    """
    if noise < CLEAN:
        return rgb
    luma, red, blue = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb))
    heavy = min(max((noise - 6.0) / 6.0, 0.0), 1.0)
    grey = _change(luma, (_LUMA + (_LUMA_HEAVY - _LUMA) * heavy) * noise, 7)
    to_red, to_blue = (_change(plane, _CHROMA * noise, 5) for plane in (red, blue))
    # The changes are added to the picture itself, so that what is not noise does not pass through rounded YCrCb.
    change = cv2.merge([grey + 1.403 * to_red, grey - 0.714 * to_red - 0.344 * to_blue, grey + 1.773 * to_blue])
    return np.asarray(np.clip(np.rint(rgb + change), 0, 255), dtype=np.uint8)


def steadied(rgb: Rgb8) -> Rgb8:
    """The picture as a matte should be cut from it: `rgb` itself unless noise would break hair and cheeks out of the person.

    Only the cutting looks at it; what is delivered keeps its grain. (H, W, 3) uint8 sRGB.
    """
    noise = noise_of(rgb)
    return denoised(rgb, noise) if noise >= BREAKS else rgb


def _change(plane: Any, strength: float, patch_px: int) -> Float:
    cleaned = cv2.fastNlMeansDenoising(plane, None, strength, patch_px, 2 * patch_px + 1)
    return np.asarray(cv2.subtract(cleaned, plane, dtype=cv2.CV_32F), dtype=np.float32)


def _block_means(plane: Float) -> Float:
    rows, columns = plane.shape[0] // _BLOCK_PX, plane.shape[1] // _BLOCK_PX
    cut = plane[: rows * _BLOCK_PX, : columns * _BLOCK_PX]
    return np.asarray(cut.reshape(rows, _BLOCK_PX, columns, _BLOCK_PX).mean(axis=(1, 3)), dtype=np.float32)
