"""QR and bar codes on a page, read or not: what a phone could read must not stay because this program could not read it.

Bar codes are found by their texture, as the local structure tensor shows it (Bigün & Granlund, "Optimal Orientation Detection of
Linear Symmetry", ICCV 1987): strong edges that all run one way, many of them side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.patches import once, place
from f2p.values.pixels import Rgb8
from f2p.values.redaction import Place

_MARGIN = 0.03
_LONG_SIDE = 1600
"""Long side at which texture is looked at."""
_WINDOW = 25
_ONE_WAY = 0.8
"""Share by which the edges of bars run one way (1 = all of them)."""
_STRONG = 150.0
_OPENING = 9
_LEAST_AREA = 2500
_LEAST_BARS = 20
"""So many bars and gaps lie side by side in the shortest codes in use (EAN-8 has 43, EAN-13 59); letters of a word do not."""


def qr_codes(rgb: Rgb8) -> tuple[Place, ...]:
    """QR codes of (H, W, 3) uint8 sRGB, as two detectors see them."""
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    found: list[Place] = []
    for detector in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()):
        good, points = detector.detectMulti(gray)
        if good and points is not None:
            found += [_around(np.asarray(corners, dtype=np.float32), rgb.shape) for corners in points]
    return once(found)


def bar_codes(rgb: Rgb8) -> tuple[Place, ...]:
    """Bar codes of (H, W, 3) uint8 sRGB, as a detector and as their texture shows them."""
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    good, points = cv2.barcode.BarcodeDetector().detectMulti(gray)
    boxes: list[NDArray[np.float32]] = []
    if good and points is not None:
        boxes += [np.asarray(corners, dtype=np.float32) for corners in points]
    boxes += _barred(np.asarray(gray, dtype=np.uint8))
    return once([_around(corners, rgb.shape) for corners in boxes])


def _barred(gray: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    """Corners (4, 2) px of upright or turned boxes full of bars."""
    scale = min(1.0, _LONG_SIDE / max(gray.shape))
    small = np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    contours, _ = cv2.findContours(_one_way(small), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        (centre, sides, angle) = cv2.minAreaRect(contour)
        sides = (sides[0] + _OPENING, sides[1] + _OPENING)
        if sides[0] * sides[1] >= _LEAST_AREA and _bars(small, (centre, sides, angle)) >= _LEAST_BARS:
            wide = (sides[0] + _WINDOW / 2, sides[1] + _WINDOW / 2)
            found.append(np.asarray(cv2.boxPoints((centre, wide, angle)), dtype=np.float32) / np.float32(scale))
    return found


def _one_way(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w) 0 or 1: where strong edges all run one way."""
    across, down = cv2.Scharr(gray, cv2.CV_32F, 1, 0) / 16, cv2.Scharr(gray, cv2.CV_32F, 0, 1) / 16
    xx, yy, xy = (cv2.blur(product, (_WINDOW, _WINDOW)) for product in (across * across, down * down, across * down))
    total = xx + yy
    alike = np.sqrt((xx - yy) ** 2 + 4 * xy * xy) / (total + 1e-3)
    mask = ((alike > _ONE_WAY) & (total > _STRONG)).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((_OPENING, _OPENING), np.uint8)), dtype=np.uint8)


def _bars(gray: NDArray[np.uint8], box: tuple[Sequence[float], Sequence[float], float]) -> int:
    """How many changes between dark and bright lie side by side in the turned box, along its busier direction."""
    corners = np.asarray(cv2.boxPoints(box), dtype=np.float32)
    width, height = (max(4, round(float(np.hypot(*(corners[i + 1] - corners[i]))))) for i in (1, 0))
    target = np.array([[0, height], [0, 0], [width, 0], [width, height]], dtype=np.float32)
    flat = cv2.warpPerspective(gray, cv2.getPerspectiveTransform(corners, target), (width, height)).astype(np.float32)
    return max(_changes(flat.mean(axis=axis)) for axis in (0, 1))


def _changes(profile: NDArray[np.floating]) -> int:
    """How often a mean over all bars crosses its own middle by more than noise does."""
    around = profile - profile.mean()
    clear = around[np.abs(around) > 8]
    return int(np.count_nonzero(np.diff(np.sign(clear))))


def _around(corners: NDArray[np.float32], shape: tuple[int, ...]) -> Place:
    (left, top), (right, low) = corners.min(axis=0), corners.max(axis=0)
    margin = _MARGIN * max(right - left, low - top) + 2
    return place(left - margin, top - margin, right + margin, low + margin, shape)
