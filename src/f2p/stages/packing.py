"""As many equal boxes as a rectangle holds, lying or standing: the pallet loading problem, in whole units of any kind.

Three ways, the tidiest that reaches the count is taken: one grid; grids that straight cuts from edge to edge take apart
(Gilmore & Gomory 1965, over the normal patterns of Herz 1972); five blocks around a middle (Bischoff & Dowsland 1982), each
of them cut or woven again (Morabito & Morales 1998).
Boxes that keep a gap are packed as boxes larger by the gap into a rectangle larger by the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Size = tuple[int, int]
Blocks = tuple[tuple[int, int, int, int], ...]
"""Left, top, width, height of each."""
Indices = NDArray[np.intp]
_MOST_WOVEN = 100
"""Beyond so many boxes only straight cuts are tried: one box more would be one in a hundred, and hours to cut out."""
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


def fill(area: Size, box: Size, enough: int | None = None) -> Packing:
    """The most boxes (width, height) inside `area`, found with straight cuts where these reach it, or reach `enough`."""
    cuts = _Cuts(area, box)
    placed = cuts.boxes(*area)
    if len(placed) >= min(upper_bound(area, box), enough or len(placed) + 1):
        return Packing(_in_order(placed))
    if upper_bound(area, box) > _MOST_WOVEN:
        return Packing(_in_order(placed))
    woven = _Woven(cuts, area, box)
    better = woven.count > len(placed)
    return Packing(_in_order(woven.boxes()), guillotine=False) if better else Packing(_in_order(placed))


def grid(area: Size, box: Size, columns: int, rows: int) -> Packing | None:
    """Upright boxes in full columns and rows, or None where they do not fit."""
    if columns * box[0] > area[0] or rows * box[1] > area[1]:
        return None
    return Packing(tuple(Box(x * box[0], y * box[1], turned=False) for y in range(rows) for x in range(columns)))


def upper_bound(area: Size, box: Size) -> int:
    """No packing holds more: by area inside the normal patterns, and by the waste of bars one unit thick (Barnes 1979)."""
    return _bound((_snapped(area[0], box)[area[0]], _snapped(area[1], box)[area[1]]), box)


def _bound(usable: Size, box: Size) -> int:
    """`upper_bound` of an area whose sides are normal patterns."""
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


class _Woven:
    """Packings of one kind of box where, at any depth, five blocks around a middle may stand instead of a cut."""

    def __init__(self, cuts: _Cuts, area: Size, box: Size) -> None:
        self._cuts, self._box = cuts, box
        width, height = (cuts.snap[side] for side in area)
        self._xs, self._ys = (np.array([0, *(p for p in cuts.patterns if p <= side)]) for side in (width, height))
        self._at_x = np.searchsorted(self._xs, [cuts.snap[x] for x in range(width + 1)])
        self._at_y = np.searchsorted(self._ys, [cuts.snap[y] for y in range(height + 1)])
        self._counts = np.array([[cuts.count(int(x), int(y)) for y in self._ys] for x in self._xs], dtype=np.int32)
        self._how: dict[Size, Blocks] = {}
        for i in range(len(self._xs)):
            for j in range(len(self._ys)):
                if self._counts[i, j] and self._counts[i, j] < _bound((int(self._xs[i]), int(self._ys[j])), box):
                    self._improve(i, j)

    @property
    def count(self) -> int:
        """How many boxes the whole area holds."""
        return int(self._counts[-1, -1])

    def boxes(self) -> list[Box]:
        """Those of the whole area."""
        return self._boxes(int(self._xs[-1]), int(self._ys[-1]), 0, 0)

    def _boxes(self, width: int, height: int, x: int, y: int) -> list[Box]:
        width, height = self._cuts.snap[width], self._cuts.snap[height]
        blocks = self._how.get((width, height))
        if blocks is None:
            return self._cuts.boxes(width, height, x, y)
        return [box for left, top, w, h in blocks for box in self._boxes(w, h, x + left, y + top)]

    def _improve(self, i: int, j: int) -> None:
        """Better blocks for one rectangle, if there are any, from those of all smaller ones."""
        width, height = int(self._xs[i]), int(self._ys[j])
        before = int(self._counts[i, j])
        for count, blocks in (self._one_cut(i, j), self._five(i, j)):
            if count > self._counts[i, j]:
                self._counts[i, j] = count
                self._how[width, height] = blocks
        assert self._counts[i, j] >= before

    def _one_cut(self, i: int, j: int) -> tuple[int, Blocks]:
        width, height = int(self._xs[i]), int(self._ys[j])
        across = self._counts[:i, j] + self._counts[self._at_x[width - self._xs[:i]], j]
        down = self._counts[i, :j] + self._counts[i, self._at_y[height - self._ys[:j]]]
        if across.max() >= down.max():
            at = int(self._xs[int(across.argmax())])
            return int(across.max()), ((0, 0, at, height), (at, 0, width - at, height))
        at = int(self._ys[int(down.argmax())])
        return int(down.max()), ((0, 0, width, at), (0, at, width, height - at))

    def _five(self, i: int, j: int) -> tuple[int, Blocks]:
        """The best of all five blocks: left and right edge of the middle from x1, x2, upper and lower from y1, y2."""
        width, height = int(self._xs[i]), int(self._ys[j])
        x1, x2 = _pairs(_raster(self._xs[:i], self._at_x, width))
        y1, y2 = _pairs(_raster(self._ys[:j], self._at_y, height))
        half = self._xs[x1] + self._xs[x2] <= width  # the others are these, turned by half a turn
        x1, x2 = x1[half], x2[half]
        if not len(x1) or not len(y1):
            return 0, ()
        left, far, upper, lower = self._xs[x1], self._xs[x2], self._ys[y1], self._ys[y2]
        counts = self._counts
        total = counts[x1][:, y2] + counts[x2][:, self._at_y[height - lower]]
        total += counts[self._at_x[width - left]][:, y1] + counts[self._at_x[width - far]][:, self._at_y[height - upper]]
        total += counts[self._at_x[far - left]][:, self._at_y[lower - upper]]
        across, down = (int(value) for value in np.unravel_index(int(total.argmax()), total.shape))
        a, b, c, d = int(left[across]), int(far[across]), int(upper[down]), int(lower[down])
        around = ((0, 0, a, d), (a, 0, width - a, c), (0, d, b, height - d), (b, c, width - b, height - c))
        return int(total.max()), (*around, (a, c, b - a, d - c))


def _raster(patterns: Indices, at: Indices, side: int) -> Indices:
    """Numbers of the positions that matter: patterns seen from either end (the raster points of Terno 1987)."""
    points = np.unique(at[side - patterns[patterns > 0]])
    return np.asarray(points[points > 0])


def _pairs(points: Indices) -> tuple[Indices, Indices]:
    one, two = np.triu_indices(len(points), 1)
    return points[one], points[two]
