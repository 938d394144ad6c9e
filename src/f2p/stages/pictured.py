"""Private things that are no text: red seals, what somebody wrote behind "signature"."""

from __future__ import annotations

import re
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.ink_runs import ink_of
from f2p.stages.patches import once, place
from f2p.values.pixels import Rgb8
from f2p.values.redaction import Place
from f2p.values.text import TextLine

_RED = 45
"""How much redder than green and blue a seal's ink is."""
_SEAL_SIDE = 0.05
"""A seal is at least so wide, in widths of the page."""
_SIGNS = re.compile(r"签[ ]*[字名章]|签署|签收|手写|[Ss]ignature|[Ss]igned")


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
            found.append(place(left, top, left + w, top + h, rgb.shape))
    return once(found)


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
        written = _written(rgb, (x, y - 1.6 * height, x + 9 * height, y + 1.3 * height))
        if written is not None:
            found.append(written)
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
    return place(left + columns.min(), top + rows.min(), left + columns.max() + 1, top + rows.max() + 1, rgb.shape)
