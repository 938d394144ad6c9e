"""How blurred a picture is, without another one to compare it with."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.values.pixels import Rgb8

_WINDOW = 9


def blur_of(rgb: Rgb8) -> float:
    """0 sharp .. 1 blurred: how little is lost by blurring once more (Crété-Roffet et al., "The blur effect", HVEI 2007).

    rgb: (H, W, 3) uint8; flat pictures give 1.
    """
    gray = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY).astype(np.float32)
    return max(_along(gray, axis) for axis in (0, 1))


def _along(gray: np.ndarray[tuple[int, ...], np.dtype[np.float32]], axis: int) -> float:
    size = (1, _WINDOW) if axis == 0 else (_WINDOW, 1)
    before = np.abs(np.diff(gray, axis=axis))
    after = np.abs(np.diff(cv2.blur(gray, size, borderType=cv2.BORDER_REFLECT), axis=axis))
    whole = float(before.sum())
    lost = float(np.maximum(0.0, before - after).sum())
    return 1.0 if whole == 0.0 else 1.0 - lost / whole
