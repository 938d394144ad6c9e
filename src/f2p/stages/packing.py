"""As many equal boxes as a rectangle holds, lying or standing: the pallet loading problem, in whole units of any kind.

Three ways, the tidiest that reaches the count is taken: one grid; grids that straight cuts from edge to edge take apart
(Gilmore & Gomory 1965, over the normal patterns of Herz 1972); five such blocks around a middle (Bischoff & Dowsland 1982).
Boxes that keep a gap are packed as boxes larger by the gap into a rectangle larger by the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Size = tuple[int, int]
_ONE_BOX = 1 << 12
"""Score of a box; each block that a packing consists of costs 1, so that equal counts go to the tidier packing."""


class Box(NamedTuple):
    """Top left corner of a box, and whether it lies on its side."""

    x: int
    y: int
    turned: bool


@dataclass(frozen=True, slots=True)
class Packing:
    """Boxes in reading order; guillotine: whether straight cuts from edge to edge separate them all."""

    boxes: tuple[Box, ...]
    guillotine: bool = True


def fill(area: Size, box: Size) -> Packing:
    """The most boxes (width, height) inside `area`, found with straight cuts where these reach it."""
    cuts = _Cuts(area, box)
    placed = cuts.boxes(*area)
    if len(placed) >= upper_bound(area, box):
        return Packing(_in_order(placed))
    woven = _five_blocks(cuts, area, len(placed))
    return Packing(_in_order(woven), guillotine=False) if woven else Packing(_in_order(placed))


def grid(area: Size, box: Size, columns: int, rows: int) -> Packing | None:
    """Upright boxes in full columns and rows, or None where they do not fit."""
    if columns * box[0] > area[0] or rows * box[1] > area[1]:
        return None
    return Packing(tuple(Box(x * box[0], y * box[1], turned=False) for y in range(rows) for x in range(columns)))


def upper_bound(area: Size, box: Size) -> int:
    """No packing holds more: by area inside the normal patterns, and by the waste of bars one unit thick (Barnes 1979)."""
    usable = [_snapped(side, box)[side] for side in area]
    space, one = usable[0] * usable[1], box[0] * box[1]
    least = max(_bar_waste(usable[0], usable[1], side) for side in box)
    most = space // one
    while most > 0 and space - most * one < least:
        most -= 1
    return most


def _bar_waste(width: int, height: int, bar: int) -> int:
    over, under = width % bar, height % bar
    return min(over * under, (bar - over) * (bar - under))


def _snapped(longest: int, box: Size) -> list[int]:
    """For each length up to `longest` the largest sum of box sides within it."""
    reached = bytearray(longest + 1)
    reached[0] = 1
    for length in range(1, longest + 1):
        if any(length >= side and reached[length - side] for side in box):
            reached[length] = 1
    best, found = 0, []
    for length in range(longest + 1):
        best = length if reached[length] else best
        found.append(best)
    return found


def _in_order(boxes: list[Box]) -> tuple[Box, ...]:
    return tuple(sorted(boxes, key=lambda one: (one.y, one.x)))


class _Cuts:
    """The best packings by straight cuts of one kind of box, of every rectangle that comes up."""

    def __init__(self, area: Size, box: Size) -> None:
        self._box = box
        self.snap = _snapped(max(area), box)
        self.patterns = sorted(set(self.snap))[1:]
        self._known: dict[Size, tuple[int, str, int]] = {}

    def count(self, width: int, height: int) -> int:
        """How many boxes the rectangle holds."""
        return -(-self._best(self.snap[width], self.snap[height])[0] // _ONE_BOX)

    def boxes(self, width: int, height: int, x: int = 0, y: int = 0) -> list[Box]:
        """The boxes of the rectangle with its corner at x, y."""
        width, height = self.snap[width], self.snap[height]
        score, how, at = self._best(width, height)
        if score <= 0:
            return []
        if how == "across":
            return self.boxes(at, height, x, y) + self.boxes(width - at, height, x + at, y)
        if how == "down":
            return self.boxes(width, at, x, y) + self.boxes(width, height - at, x, y + at)
        turned = how == "turned"
        w, h = self._box[::-1] if turned else self._box
        return [Box(x + i * w, y + j * h, turned) for j in range(height // h) for i in range(width // w)]

    def _best(self, width: int, height: int) -> tuple[int, str, int]:
        """Score, how (a grid "upright" or "turned", a cut "across" or "down") and where the cut is; sides are snapped."""
        known = self._known.get((width, height))
        if known is not None:
            return known
        w, h = self._box
        upright, turned = (width // w) * (height // h), (width // h) * (height // w)
        best = (
            max(upright, turned) * _ONE_BOX - 1 if max(upright, turned) else 0,
            "upright" if upright >= turned else "turned",
            0,
        )
        if max(upright, turned) and max(upright, turned) < width * height // (w * h):
            for how, side in (("across", width), ("down", height)):
                for at in self.patterns:
                    if 2 * at > side:
                        break
                    rest = self.snap[side - at]
                    parts = ((at, height), (rest, height)) if how == "across" else ((width, at), (width, rest))
                    score = self._best(*parts[0])[0] + self._best(*parts[1])[0]
                    if score > best[0]:
                        best = (score, how, at)
        self._known[width, height] = best
        return best


def _five_blocks(cuts: _Cuts, area: Size, to_beat: int) -> list[Box]:
    """Four blocks around a fifth, each by straight cuts, with more boxes than `to_beat`; [] where there is none."""
    width, height = area
    xs, ys = ([0, *(p for p in cuts.patterns if p <= side)] for side in area)
    counts = np.array([[cuts.count(x, y) for y in ys] for x in xs], dtype=np.int32)
    at_x = np.array([xs.index(cuts.snap[x]) for x in range(width + 1)])
    at_y = [ys.index(cuts.snap[y]) for y in range(height + 1)]
    x = np.array(xs)
    between = at_x[np.maximum(x[None, :] - x[:, None], 0)]
    right = at_x[width - x]
    ordered = x[:, None] < x[None, :]
    best, found = to_beat, (0, 0, 0, 0)
    for i, low in enumerate(ys):
        for high in ys[i + 1 :]:
            total: NDArray[np.int32] = (
                counts[:, at_y[high]][:, None]
                + counts[:, at_y[height - high]][None, :]
                + counts[between, at_y[high - low]]
                + counts[right, at_y[low]][:, None]
                + counts[right, at_y[height - low]][None, :]
            ) * ordered
            most = int(total.max())
            if most > best:
                left, far = np.unravel_index(int(total.argmax()), total.shape)
                best, found = most, (xs[int(left)], xs[int(far)], low, high)
    if best == to_beat:
        return []
    x1, x2, y1, y2 = found
    return [
        *cuts.boxes(x1, y2, 0, 0),
        *cuts.boxes(width - x1, y1, x1, 0),
        *cuts.boxes(x2 - x1, y2 - y1, x1, y1),
        *cuts.boxes(x2, height - y2, 0, y2),
        *cuts.boxes(width - x2, height - y1, x2, y1),
    ]
