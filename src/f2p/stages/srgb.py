"""The sRGB curve (IEC 61966-2-1) as tables: light adds up in linear values only."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages.planes import Float
from f2p.values.pixels import Rgb8

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Share of linear red, green and blue in luminance Y (Rec. 709 primaries, D65)."""
CODE_STEPS = 65535
"""Steps of the way back: in the darkest tones one step is 1/20 of an 8-bit level, so nothing bands."""


def linear_light(rgb: Rgb8) -> Float:
    """Linear light 0..1, float32, of 8-bit sRGB; any shape."""
    v = np.arange(256) / 255.0
    table = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return np.asarray(cv2.LUT(np.ascontiguousarray(rgb), table), dtype=np.float32)


def encoding_table() -> Float:
    """(65536,) float32: the sRGB code value 0..1 of linear light i / 65535."""
    v = np.arange(CODE_STEPS + 1) / CODE_STEPS
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055).astype(np.float32)
