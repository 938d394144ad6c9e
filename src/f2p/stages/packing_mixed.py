"""Boxes of several sizes on one rectangle with the rest left in one piece, in rows that straight cuts take apart; whole units.

Rows of columns of stacked boxes (three-stage guillotine patterns, Gilmore & Gomory 1965), searched over everything that is still
to be placed: the lowest stack of rows is found, not guessed. Where one stack is too high, the paper
is cut once first, and each part has rows or columns of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from f2p.stages.packing import Size

Counts = tuple[int, ...]
_NEVER = 1 << 40
_FEW = 120
"""Parts of the boxes asked for, up to which a cut is tried for each of them."""
_TURN = 1
_UNIT = 1 << 14
"""Scores are heights in this unit plus one for every box that lies on its side."""


class Placed(NamedTuple):
    """Top left corner of a box, which kind it is, and whether it lies on its side."""

    x: int
    y: int
    kind: int
    turned: bool


class _Column(NamedTuple):
    """Boxes of one kind above each other: how wide, how many fit into the row, whether they lie."""

    kind: int
    turned: bool
    width: int
    height: int
    most: int


def place(area: Size, boxes: Sequence[Size], counts: Counts) -> list[Placed]:
    """Every box `counts` asks for inside `area`, in reading order, all upright where that fits; [] where no way was found."""
    for upright in (True, False):
        rows = Rows(area[0], boxes, upright=upright)
        if rows.height(counts) <= area[1]:
            return rows.placed(counts)
    return sorted(_Apart(boxes).place(area, counts), key=lambda one: (one.y, one.x))


def most_of(area: Size, boxes: Sequence[Size], counts: Counts) -> Counts:
    """As many of the boxes asked for as rows hold, the largest area of them."""
    rows = Rows(area[0], boxes)
    known = [some for some in _up_to(counts) if rows.height(some) <= area[1]]
    return max(known, key=lambda some: (sum(n * w * h for n, (w, h) in zip(some, boxes, strict=True)), some))


def _up_to(counts: Counts) -> Iterator[Counts]:
    if not counts:
        yield ()
        return
    for first in range(counts[0] + 1):
        for rest in _up_to(counts[1:]):
            yield (first, *rest)


class _Apart:
    """Boxes in rows or columns, or in rows or columns of their own on both sides of a cut."""

    def __init__(self, boxes: Sequence[Size]) -> None:
        self._boxes = boxes
        self._rows: dict[int, Rows] = {}

    def place(self, area: Size, counts: Counts) -> list[Placed]:
        """The boxes inside `area`; [] where no way was found."""
        few = math.prod(count + 1 for count in counts) <= _FEW
        return self._in_rows(area, counts) or (self._cut(area, counts) if few else [])

    def _in_rows(self, area: Size, counts: Counts) -> list[Placed]:
        width, height = area
        if self._space(counts) > width * height:
            return []
        if self._rows_of(width).height(counts) <= height:
            return self._rows_of(width).placed(counts)
        if self._rows_of(height).height(counts) <= width:
            return _on_its_side(self._rows_of(height).placed(counts))
        return []

    def _cut(self, area: Size, counts: Counts) -> list[Placed]:
        """One cut from top to bottom or from left to right: for each part of the boxes the first place that leaves it room."""
        if self._space(counts) > area[0] * area[1]:
            return []
        parts = [some for some in _up_to(counts) if any(some) and some != counts]
        for turned, sides in ((False, area), (True, area[::-1])):
            for some in parts:
                placed = self._cut_for(sides, some, tuple(whole - part for whole, part in zip(counts, some, strict=True)))
                if placed:
                    return _on_its_side(placed) if turned else placed
        return []

    def _cut_for(self, area: Size, some: Counts, rest: Counts) -> list[Placed]:
        """`some` left of the first cut that leaves them room, the rest on its right."""
        width, height = area
        first, last = self._space(some) / height, width - self._space(rest) / height
        for at in _sums(width, self._boxes):
            left = self._in_rows((at, height), some) if first <= at <= last else []
            if left:
                right = self._in_rows((width - at, height), rest)
                return [*left, *(box._replace(x=box.x + at) for box in right)] if right else []
        return []

    def _rows_of(self, width: int) -> Rows:
        if width not in self._rows:
            self._rows[width] = Rows(width, self._boxes)
        return self._rows[width]

    def _space(self, counts: Counts) -> int:
        return sum(n * w * h for n, (w, h) in zip(counts, self._boxes, strict=True))


def _on_its_side(placed: Sequence[Placed]) -> list[Placed]:
    """The same boxes with across and down exchanged."""
    return [Placed(box.y, box.x, box.kind, not box.turned) for box in placed]


def _sums(width: int, boxes: Sequence[Size]) -> list[int]:
    """Where a cut can leave whole boxes on its left: sums of sides below `width`, from the smallest."""
    reached = {0}
    for side in sorted({side for box in boxes for side in box}):
        for start in sorted(reached):
            reached |= set(range(start, width, side))
    return sorted(reached - {0})


class Rows:
    """The lowest stacks of rows of one width, for any part of the boxes asked for."""

    def __init__(self, width: int, boxes: Sequence[Size], *, upright: bool = False) -> None:
        self._width = width
        self._boxes = boxes
        self._upright = upright
        self._known: dict[Counts, tuple[int, int, tuple[tuple[_Column, int], ...]]] = {}

    @cached_property
    def _shelves(self) -> list[tuple[int, list[_Column]]]:
        """Every height a row may have, with the columns that fit into it."""
        found = []
        for height in sorted({side for box in self._boxes for side in box}):
            columns = []
            for kind, (w, h) in enumerate(self._boxes):
                lying = ((False, w, h), (True, h, w)) if w != h and not self._upright else ((False, w, h),)
                columns += [
                    _Column(kind, turned, across, down, height // down)
                    for turned, across, down in lying
                    if down <= height and across <= self._width
                ]
            found.append((height, columns))
        return found

    def height(self, counts: Counts) -> int:
        """Of the lowest stack that holds so many of each kind; beyond any paper where none does."""
        return self._best(counts)[0] // _UNIT

    def placed(self, counts: Counts) -> list[Placed]:
        """The boxes of that stack in reading order; the highest rows first."""
        rows = []
        while any(counts):
            _, height, columns = self._best(counts)
            rows.append((height, columns))
            counts = _without(counts, columns)
        found: list[Placed] = []
        y = 0
        for height, columns in sorted(rows, key=lambda row: -row[0]):
            found += _row(columns, y)
            y += height
        return sorted(found, key=lambda one: (one.y, one.x))

    def _best(self, counts: Counts) -> tuple[int, int, tuple[tuple[_Column, int], ...]]:
        """Score of the lowest stack, and its first row: height, and columns with how many boxes each kind takes there."""
        if not any(counts):
            return 0, 0, ()
        known = self._known.get(counts)
        if known is not None:
            return known
        first = next(kind for kind, count in enumerate(counts) if count)
        best: tuple[int, int, tuple[tuple[_Column, int], ...]] = (_NEVER * _UNIT, 0, ())
        for height, columns in self._shelves:
            for row in self._fillings(columns, counts, self._width):
                if not any(column.kind == first for column, _ in row):
                    continue
                lying = sum(taken for column, taken in row if column.turned) * _TURN
                score = height * _UNIT + lying + self._best(_without(counts, row))[0]
                if score < best[0]:
                    best = (score, height, row)
        self._known[counts] = best
        return best

    def _fillings(self, columns: list[_Column], counts: Counts, room: int) -> Iterator[tuple[tuple[_Column, int], ...]]:
        """Every way to fill a row, with no room to spare for a box that is still to be placed and that the row could hold."""
        narrowest: dict[int, int] = {}
        for column in columns:
            narrowest[column.kind] = min(column.width, narrowest.get(column.kind, column.width))
        for row, left, spare in _choices(columns, counts, room):
            if not any(left[kind] and width <= spare for kind, width in narrowest.items()):
                yield row


def _choices(
    columns: Sequence[_Column], counts: Counts, room: int
) -> Iterator[tuple[tuple[tuple[_Column, int], ...], Counts, int]]:
    """For each number of each column: the row, what is still to be placed, and the width that is left."""
    if not columns:
        yield (), counts, room
        return
    column = columns[0]
    wanted = counts[column.kind]
    for number in range(min(room // column.width, -(-wanted // column.most)) + 1):
        taken = min(wanted, number * column.most)
        left = (*counts[: column.kind], wanted - taken, *counts[column.kind + 1 :])
        for row, still, spare in _choices(columns[1:], left, room - number * column.width):
            yield ((column, taken), *row) if taken else row, still, spare


def _without(counts: Counts, row: Sequence[tuple[_Column, int]]) -> Counts:
    left = list(counts)
    for column, taken in row:
        left[column.kind] -= taken
    return tuple(left)


def _row(columns: Sequence[tuple[_Column, int]], y: int) -> Iterator[Placed]:
    x = 0
    for column, taken in sorted(columns, key=lambda one: (-one[0].height, one[0].kind)):
        for index in range(taken):
            yield Placed(
                x + index // column.most * column.width, y + index % column.most * column.height, column.kind, column.turned
            )
        x += -(-taken // column.most) * column.width
