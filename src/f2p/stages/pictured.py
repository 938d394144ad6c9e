"""Private things that are no text: red seals, QR and bar codes, what somebody wrote behind "signature"."""

from __future__ import annotations

import re
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.ink_runs import ink_of
from f2p.values.pixels import Rgb8
from f2p.values.redaction import Place
from f2p.values.text import TextLine

_RED = 45
"""How much redder than green and blue a seal's ink is."""
_SEAL_SIDE = 0.05
"""A seal is at least so wide, in widths of the page."""
_SIGNS = re.compile(r"签[ ]*[字名章]|签署|签收|手写|[Ss]ignature|[Ss]igned")
_MARGIN = 0.03


def red_share(rgb: Rgb8) -> NDArray[np.bool_]:
    """(H, W) bool: where the ink of a seal is."""
    red, green, blue = (rgb[..., i].astype(np.int16) for i in range(3))
    return np.asarray(red - np.maximum(green, blue) > _RED, dtype=bool)


def without_red(rgb: Rgb8) -> Rgb8:
    """(H, W, 3): the page as through a red glass, where seals vanish and black writing under them stays."""
    mask = cv2.dilate(red_share(rgb).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    out = np.array(rgb)
    out[mask] = rgb[mask][:, :1]
    return out


def seals(rgb: Rgb8) -> tuple[Place, ...]:
    """Round, oval and square stamps in red."""
    width = rgb.shape[1]
    mask = red_share(rgb).astype(np.uint8)
    side = max(3, width // 60)
    whole = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(whole)
    found = []
    for left, top, w, h, _area in stats[1:]:
        fills = float(mask[top : top + h, left : left + w].mean())
        if min(w, h) >= _SEAL_SIDE * width and 0.4 < w / h < 2.5 and fills > 0.06:
            found.append(_place(left, top, left + w, top + h, rgb.shape))
    return tuple(one for one in found if not any(_holds(other, one) for other in found))


def _holds(outer: Place, inner: Place) -> bool:
    """Whether one patch lies wholly in the other, as the star of a seal in its ring."""
    (left, top, right, low), (x0, y0, x1, y1) = outer.bounds, inner.bounds
    return outer.bounds != inner.bounds and left <= x0 and top <= y0 and right >= x1 and low >= y1


def qr_codes(rgb: Rgb8) -> tuple[Place, ...]:
    """QR codes, read or not."""
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    good, points = cv2.QRCodeDetector().detectMulti(gray)
    if not good or points is None:
        return ()
    return tuple(_around(np.asarray(corners, dtype=np.float32), rgb.shape) for corners in points)


def bar_codes(rgb: Rgb8) -> tuple[Place, ...]:
    """Bar codes, read or not."""
    good, points = cv2.barcode.BarcodeDetector().detectMulti(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))
    if not good or points is None:
        return ()
    return tuple(_around(np.asarray(corners, dtype=np.float32), rgb.shape) for corners in points)


def signatures(rgb: Rgb8, lines: Sequence[TextLine]) -> tuple[Place, ...]:
    """What is written behind or above words that ask for a signature."""
    found = []
    for line in lines:
        matches = list(_SIGNS.finditer("".join(glyph.char[:1] or " " for glyph in line.glyphs)))
        if not matches:
            continue
        ends = [glyph.at for glyph in line.glyphs[: matches[-1].end()]]
        height = line.height_px
        x = float(line.corners[:, 0].min()) + ends[-1] * line.length_px + 0.6 * height
        y = float(line.corners[:, 1].mean())
        place = _written(rgb, (x, y - 1.6 * height, x + 9 * height, y + 1.3 * height))
        if place is not None:
            found.append(place)
    return tuple(found)


def _written(rgb: Rgb8, area: tuple[float, float, float, float]) -> Place | None:
    height, width = rgb.shape[:2]
    left, top, right, low = (int(np.clip(v, 0, m)) for v, m in zip(area, (width, height, width, height), strict=True))
    if right - left < 8 or low - top < 8:
        return None
    ink = ink_of(np.ascontiguousarray(rgb[top:low, left:right]))
    rule = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, max(3, (low - top))), np.uint8)) > 0
    rows, columns = np.nonzero(ink & ~rule)
    if rows.size < 0.004 * ink.size:
        return None
    return _place(left + columns.min(), top + rows.min(), left + columns.max() + 1, top + rows.max() + 1, rgb.shape)


def _around(corners: NDArray[np.float32], shape: tuple[int, ...]) -> Place:
    (left, top), (right, low) = corners.min(axis=0), corners.max(axis=0)
    margin = _MARGIN * max(right - left, low - top) + 2
    return _place(left - margin, top - margin, right + margin, low + margin, shape)


def _place(left: float, top: float, right: float, low: float, shape: tuple[int, ...]) -> Place:
    x0, y0 = max(0.0, float(np.floor(left))), max(0.0, float(np.floor(top)))
    x1, y1 = min(float(shape[1]), float(np.ceil(right))), min(float(shape[0]), float(np.ceil(low)))
    return Place(corners=((x0, y0), (x1, y0), (x1, y1), (x0, y1)), stars=1)
