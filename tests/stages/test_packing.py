"""Packing: never fewer boxes than exhaustive search finds, never two on one place."""

from __future__ import annotations

from functools import cache
from itertools import combinations, product

import pytest

from f2p.stages.packing import Box, Packing, Size, fill, grid, upper_bound
from f2p.stages.packing_mixed import Placed, most_of, place

BOXES = [(2, 3), (1, 3), (3, 4), (2, 5), (3, 5), (4, 5), (2, 7)]


@cache
def exhaustive(area: Size, box: Size) -> int:
    """The most boxes, by trying every way to cover the first free unit square or to leave it empty."""
    width, height = area
    best = 0

    def search(taken: int, at: int, count: int) -> None:
        nonlocal best
        while at < width * height and taken >> at & 1:
            at += 1
        best = max(best, count)
        left = width * height - at
        if best == upper_bound(area, box) or count + left // (box[0] * box[1]) <= best:
            return
        x, y = at % width, at // width
        for w, h in {box, box[::-1]}:
            if x + w <= width and y + h <= height:
                mask = sum(((1 << w) - 1) << (at + row * width) for row in range(h))
                if not taken & mask:
                    search(taken | mask, at, count + 1)
        search(taken | 1 << at, at + 1, count)

    search(0, 0, 0)
    return best


def corners(packing: Packing, box: Size) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of each box."""
    sides = [(one, box[::-1] if one.turned else box) for one in packing.boxes]
    return [(one.x, one.y, one.x + w, one.y + h) for one, (w, h) in sides]


def apart(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> bool:
    """Whether two places share no point."""
    return one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]


@pytest.mark.parametrize("box", BOXES, ids=str)
def test_no_search_finds_more_boxes(box: Size) -> None:
    """On every small area the packing holds as many boxes as exhaustive search, inside the area and apart from each other."""
    for area in product(range(4, 10), range(4, 9)):
        found = fill(area, box)
        places = corners(found, box)
        assert len(places) == exhaustive(area, box), area
        assert all(x >= 0 and y >= 0 and right <= area[0] and bottom <= area[1] for x, y, right, bottom in places)
        assert all(apart(one, two) for one, two in combinations(places, 2)), area


@pytest.mark.parametrize(
    ("area", "box", "count"),
    [
        ((14, 12), (4, 3), 14),
        ((1000, 1000), (205, 159), 30),
        ((57, 44), (12, 5), 41),
        ((40, 25), (7, 3), 47),
        ((46, 34), (11, 6), 23),
    ],
)
def test_the_bound_is_reached(area: Size, box: Size, count: int) -> None:
    """Larger areas where no packing can hold more than the bound of bars, and this one holds as many."""
    assert upper_bound(area, box) == count
    assert len(fill(area, box).boxes) == count


def test_more_than_straight_cuts_can_separate() -> None:
    """Four boxes around a hole: one more than any cut from edge to edge allows, and told as such."""
    found = fill((5, 5), (2, 3))
    assert len(found.boxes) == 4
    assert not found.guillotine


def test_boxes_too_large_leave_the_area_empty() -> None:
    """Nothing fits, nothing is placed."""
    assert fill((10, 10), (11, 3)).boxes == ()
    assert grid((10, 10), (6, 6), 2, 1) is None


def test_a_grid_is_taken_before_anything_less_tidy() -> None:
    """Where a grid holds as many, all boxes stand the same way."""
    assert len({box.turned for box in fill((100, 80), (25, 40)).boxes}) == 1
    assert fill((9, 4), (3, 2)).guillotine
    assert Box(0, 0, turned=False) in fill((100, 80), (25, 40)).boxes


def fits(area: Size, boxes: list[Size], counts: tuple[int, ...]) -> bool:
    """Whether boxes of several kinds fit at all, by trying every position."""
    width, height = area

    def search(taken: int, at: int, left: tuple[int, ...]) -> bool:
        if not any(left):
            return True
        while at < width * height and taken >> at & 1:
            at += 1
        if (
            at == width * height
            or sum(n * w * h for n, (w, h) in zip(left, boxes, strict=True)) > width * height - taken.bit_count()
        ):
            return False
        x, y = at % width, at // width
        for kind, box in enumerate(boxes):
            for w, h in {box, box[::-1]} if left[kind] else ():
                mask = sum(((1 << w) - 1) << (at + row * width) for row in range(h))
                if x + w <= width and y + h <= height and not taken & mask:
                    fewer = (*left[:kind], left[kind] - 1, *left[kind + 1 :])
                    if search(taken | mask, at, fewer):
                        return True
        return search(taken | 1 << at, at + 1, left)

    return search(0, 0, counts)


def test_mixed_boxes_are_placed_whenever_they_fit_at_all() -> None:
    """On small areas, whatever counts of two sizes exhaustive search can place, rows of columns can place too."""
    boxes = [(3, 4), (2, 3)]
    missed = []
    for area in ((7, 6), (8, 7), (6, 9)):
        for counts in product(range(4), range(5)):
            found = place(area, boxes, counts) or place(area[::-1], boxes, counts)
            if any(counts) and not found and fits(area, boxes, counts):
                missed.append((area, counts))
    assert missed == []


def test_mixed_boxes_lie_apart_and_are_all_there() -> None:
    """Every box asked for is placed once, inside, apart from the others, upright where that is possible."""
    boxes = [(37, 51), (27, 37)]
    found: list[Placed] = place((148, 98), boxes, (4, 4))
    sides = [(one, boxes[one.kind][::-1] if one.turned else boxes[one.kind]) for one in found]
    places = [(one.x, one.y, one.x + w, one.y + h) for one, (w, h) in sides]
    assert sorted(one.kind for one in found) == [0] * 4 + [1] * 4
    assert all(right <= 148 and bottom <= 98 for _, _, right, bottom in places)
    assert all(apart(one, two) for one, two in combinations(places, 2))
    assert not any(one.turned for one in found)


def test_what_does_not_fit_is_told_by_what_does() -> None:
    """Too many boxes give none, and the largest part of them that fits is known."""
    assert place((98, 148), [(37, 51), (27, 37)], (9, 9)) == []
    some = most_of((98, 148), [(37, 51), (27, 37)], (9, 9))
    assert place((98, 148), [(37, 51), (27, 37)], some)
    assert 0 < sum(some) < 18
