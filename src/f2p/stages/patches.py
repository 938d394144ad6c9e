"""Upright patches around what is no text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from f2p.values.redaction import Place


def place(left: float, top: float, right: float, low: float, shape: tuple[int, ...]) -> Place:
    """A patch on whole px inside a page of shape (H, W, …)."""
    x0, y0 = max(0.0, float(np.floor(left))), max(0.0, float(np.floor(top)))
    x1, y1 = min(float(shape[1]), float(np.ceil(right))), min(float(shape[0]), float(np.ceil(low)))
    return Place(corners=((x0, y0), (x1, y0), (x1, y1), (x0, y1)), stars=1)


def once(places: Sequence[Place]) -> tuple[Place, ...]:
    """Patches that touch each other become one around both: the star of a seal and its ring, a code that two detectors saw."""
    left = [one.bounds for one in places]
    found: list[tuple[int, int, int, int]] = []
    while left:
        one = left.pop()
        touching = [other for other in (*left, *found) if _touch(one, other)]
        if not touching:
            found.append(one)
            continue
        left = [other for other in left if other not in touching]
        found = [other for other in found if other not in touching]
        whole = [one, *touching]
        left.append((min(b[0] for b in whole), min(b[1] for b in whole), max(b[2] for b in whole), max(b[3] for b in whole)))
    return tuple(
        Place(corners=((x0, y0), (x1, y0), (x1, y1), (x0, y1)), stars=1)
        for x0, y0, x1, y1 in sorted(found, key=lambda box: (box[1], box[0]))
    )


def _touch(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
