"""Where photos lie on a sheet: the largest gap and margin with which everything asked for fits, tidy and centred.

Lengths inside are tenths of a millimetre, so that equal sheets come out equal on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from f2p.errors import SheetFull
from f2p.stages.packing import Packing, Size, fill, grid
from f2p.stages.packing_mixed import most_of, place
from f2p.values.sheet import Caption, Layout, SheetItem, SheetPlan, Slot

CAPTION_MM = 3.4
"""Room under a photo for one line of text."""
RULER_MM = 6.8
"""Room at one edge of the paper for the ruler with its numbers."""
_PER_MM = 10
_MOST_EACH = 60


@dataclass(frozen=True, slots=True)
class _Rung:
    """One gap and margin to try, in tenths of a mm."""

    gap: int
    margin: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Cells (photo and caption) as they lie on a paper of this size, in tenths of a mm: corner, size, kind, turned."""

    paper: Size
    cells: tuple[tuple[int, int, int, int, int, bool], ...]
    guillotine: bool = True

    @property
    def lying(self) -> int:
        return sum(cell[5] for cell in self.cells)


def lay_out(plan: SheetPlan) -> Layout:
    """The places of every photo of the plan, items in order, in reading order of the sheet. Raises SheetFull."""
    kinds = _kinds(plan)
    boxes = [size for size, _ in kinds]
    if any(item.count is None for item in plan.items):
        rung, sheet = _as_many_as_fit(plan, boxes, kinds)
    else:
        rung, sheet = _exactly(plan, boxes, [sum(plan.items[item].count or 0 for item in items) for _, items in kinds])
    layout = _layout(plan, sheet, rung)
    return replace(layout, slots=_shared_out(layout.slots, plan, kinds))


def _kinds(plan: SheetPlan) -> list[tuple[Size, list[int]]]:
    """Cell sizes, the largest first, each with the items that have it."""
    below = _tenths(CAPTION_MM) if plan.caption is not Caption.NONE else 0
    found: dict[Size, list[int]] = {}
    for index, item in enumerate(plan.items):
        found.setdefault((_tenths(item.width_mm), _tenths(item.height_mm) + below), []).append(index)
    return sorted(found.items(), key=lambda kind: (-kind[0][0] * kind[0][1], kind[1]))


def _tenths(mm: float) -> int:
    return round(mm * _PER_MM)


def _rungs(plan: SheetPlan, *, named: bool) -> list[_Rung]:
    """Gap and margin from the usual ones down: the gap, then, for a count that was named, the margin, then the gap again."""
    gap, least_gap = _tenths(plan.gap_mm), min(_tenths(plan.least_gap_mm), _tenths(plan.gap_mm))
    margin, least_margin = _tenths(plan.margin_mm), min(_tenths(plan.least_margin_mm), _tenths(plan.margin_mm))
    rungs = [_Rung(one, margin) for one in range(gap, least_gap - 1, -1)]
    if not named:
        return rungs
    rungs += [_Rung(least_gap, one) for one in range(margin - 1, least_margin - 1, -1)]
    return rungs + [_Rung(one, least_margin) for one in range(least_gap - 1, _tenths(plan.tight_gap_mm) - 1, -1)]


def _first(rungs: Sequence[_Rung], fits: Callable[[_Rung], _Sheet | None]) -> tuple[_Rung, _Sheet] | None:
    """The first rung that fits: what fits on one fits on all below, so half of them are skipped at each look."""
    last = fits(rungs[-1])
    if last is None:
        return None
    low, high, found = 0, len(rungs) - 1, (rungs[-1], last)
    while low < high:
        middle = (low + high) // 2 if low else 0
        sheet = fits(rungs[middle])
        if sheet is None:
            low = middle + 1
        else:
            high, found = middle, (rungs[middle], sheet)
    return found


def _as_many_as_fit(plan: SheetPlan, boxes: list[Size], kinds: list[tuple[Size, list[int]]]) -> tuple[_Rung, _Sheet]:
    """The most photos at the least gap, then the largest gap with as many. Several sizes: equally many of each item."""
    rungs = _rungs(plan, named=False)
    if len(boxes) == 1:
        most = len(_one_size(plan, boxes[0], None, rungs[-1]).cells)
        found = _tidiest(plan, boxes[0], most, rungs) if most else None
        if found is None:
            raise SheetFull(paper=plan.paper.id, fits="0", wanted=1)
        return found
    best = _exactly(plan, boxes, [len(items) for _, items in kinds])
    for each in range(2, _MOST_EACH + 1):
        wanted = [each * len(items) for _, items in kinds]
        found = _first(rungs, partial(_several, plan, boxes, wanted))
        if found is None:
            break
        best = found
    return best


def _tidiest(plan: SheetPlan, box: Size, count: int, rungs: Sequence[_Rung]) -> tuple[_Rung, _Sheet] | None:
    """The first rung on which straight cuts separate so many photos, else the first on which so many lie at all."""

    def holding(rung: _Rung, *, woven: bool) -> _Sheet | None:
        sheet = _one_size(plan, box, count, rung)
        return sheet if len(sheet.cells) >= count and (woven or sheet.guillotine) else None

    return _first(rungs, partial(holding, woven=False)) or _first(rungs, partial(holding, woven=True))


def _exactly(plan: SheetPlan, boxes: list[Size], wanted: Sequence[int]) -> tuple[_Rung, _Sheet]:
    rungs = _rungs(plan, named=True)
    if len(boxes) == 1:
        found = _tidiest(plan, boxes[0], wanted[0], rungs)
    else:
        found = _first(rungs, partial(_several, plan, boxes, wanted))
    if found is None:
        single = len(boxes) == 1
        most = (
            [len(_one_size(plan, boxes[0], None, rungs[-1]).cells)]
            if single
            else _most_of_several(plan, boxes, wanted, rungs[-1])
        )
        raise SheetFull(paper=plan.paper.id, wanted=sum(wanted), fits=_told(plan, most))
    return found


def _told(plan: SheetPlan, most: Sequence[int]) -> str:
    """How many fit of each size: "8", or "2 × 35×49 mm + 8 × 25×35 mm"."""
    kinds = _kinds(plan)
    if len(kinds) == 1:
        return str(most[0])
    sides = [plan.items[items[0]] for _, items in kinds]
    return " + ".join(f"{n} × {one.width_mm:g}×{one.height_mm:g} mm" for n, one in zip(most, sides, strict=True))


def _papers(plan: SheetPlan, margin: int) -> list[tuple[Size, Size]]:
    """The paper standing and lying, each with what the margins leave of it."""
    size = (_tenths(plan.paper.width_mm), _tenths(plan.paper.height_mm))
    both = [size] if size[0] == size[1] else [size, size[::-1]]
    return [(paper, (paper[0] - 2 * margin, paper[1] - 2 * margin)) for paper in both]


def _one_size(plan: SheetPlan, box: Size, count: int | None, rung: _Rung) -> _Sheet:
    """One size: an upright grid where one holds the count, else as many as the paper holds any way."""
    apart = (box[0] + rung.gap, box[1] + rung.gap)
    grids, full = [], []
    for paper, usable in _papers(plan, rung.margin):
        area = (usable[0] + rung.gap, usable[1] + rung.gap)
        if min(area) <= 0:
            continue
        grids += [_sheet(paper, box, packed) for packed in _grids(area, apart, count, plan.per_row)]
        if plan.per_row is None:
            full.append(_sheet(paper, box, fill(area, apart, count)))
    most = max((len(sheet.cells) for sheet in (*full, *grids)), default=0)
    enough = most if count is None else min(count, most)
    tidy = [sheet for sheet in grids if len(sheet.cells) >= enough]
    if tidy:
        sheet = min(tidy, key=lambda one: _untidy(one, enough))
    elif full:
        sheet = min((one for one in full if len(one.cells) >= enough), key=lambda one: one.lying)
    else:
        return _Sheet((0, 0), ())
    return replace(sheet, cells=sheet.cells[:enough])


def _sheet(paper: Size, box: Size, packed: Packing) -> _Sheet:
    cells = tuple((one.x, one.y, *(box[::-1] if one.turned else box), 0, one.turned) for one in packed.boxes)
    return _Sheet(paper, cells, packed.guillotine)


def _grids(area: Size, apart: Size, count: int | None, per_row: int | None) -> list[Packing]:
    """Upright grids of every number of columns that the count and the area allow."""
    across, down = area[0] // apart[0], area[1] // apart[1]
    columns = range(1, across + 1) if per_row is None else range(per_row, per_row + 1)
    rows = (down if count is None else min(down, -(-count // number)) for number in columns)
    packed = (grid(area, apart, number, some) for number, some in zip(columns, rows, strict=True))
    return [one for one in packed if one is not None and one.boxes]


def _untidy(sheet: _Sheet, count: int) -> tuple[bool, float, bool]:
    """Full rows before broken ones, then the block most like its paper, then the paper standing."""
    width, height = _block(sheet)
    shape = abs(width / sheet.paper[0] - height / sheet.paper[1])
    return len(sheet.cells) != count, round(shape, 4), sheet.paper[0] > sheet.paper[1]


def _several(plan: SheetPlan, boxes: list[Size], wanted: Sequence[int], rung: _Rung) -> _Sheet | None:
    """Several sizes, each as often as wanted, on the paper that leaves more photos upright."""
    apart = [(w + rung.gap, h + rung.gap) for w, h in boxes]
    found = []
    for paper, usable in _papers(plan, rung.margin):
        area = (usable[0] + rung.gap, usable[1] + rung.gap)
        placed = place(area, apart, tuple(wanted)) if min(area) > 0 else []
        cells = tuple((p.x, p.y, *(boxes[p.kind][::-1] if p.turned else boxes[p.kind]), p.kind, p.turned) for p in placed)
        found += [_Sheet(paper, cells)] if cells else []
    return min(found, key=lambda sheet: (sheet.lying, _block(sheet)[1] / sheet.paper[1]), default=None)


def _most_of_several(plan: SheetPlan, boxes: list[Size], wanted: Sequence[int], rung: _Rung) -> Sequence[int]:
    apart = [(w + rung.gap, h + rung.gap) for w, h in boxes]
    areas = [(usable[0] + rung.gap, usable[1] + rung.gap) for _, usable in _papers(plan, rung.margin)]
    found = [most_of(area, apart, tuple(wanted)) for area in areas if min(area) > 0]
    return max(found, key=lambda some: sum(n * w * h for n, (w, h) in zip(some, boxes, strict=True)), default=[0] * len(boxes))


def _block(sheet: _Sheet) -> Size:
    """The rectangle around all cells."""
    return max(x + w for x, _, w, _, _, _ in sheet.cells), max(y + h for _, y, _, h, _, _ in sheet.cells)


def _layout(plan: SheetPlan, sheet: _Sheet, rung: _Rung) -> Layout:
    """Centred; moved to leave room for the ruler where there is some; most photos upright."""
    if 2 * sheet.lying > len(sheet.cells):
        sheet = _quarter_back(sheet)
    width, height = _block(sheet)
    left, top = (sheet.paper[0] - width) // 2, (sheet.paper[1] - height) // 2
    room = _tenths(RULER_MM)
    if plan.ruler and top < room <= sheet.paper[1] - height - rung.margin:
        top = sheet.paper[1] - height - room
    elif plan.ruler and max(left, top) < room <= sheet.paper[0] - width - rung.margin:
        left = sheet.paper[0] - width - room
    below = CAPTION_MM if plan.caption is not Caption.NONE else 0.0
    slots = []
    for x, y, w, h, kind, turned in sheet.cells:
        lower = _tenths(below)  # of a photo that lies a quarter turn clockwise the caption is on the left
        photo = (x + left + lower, y + top, w - lower, h) if turned else (x + left, y + top, w, h - lower)
        corner_x, corner_y, across, down = (value / _PER_MM for value in photo)
        slots.append(Slot(kind, corner_x, corner_y, across, down, turned))
    return Layout(
        width_mm=sheet.paper[0] / _PER_MM, height_mm=sheet.paper[1] / _PER_MM, slots=tuple(slots),
        gap_mm=rung.gap / _PER_MM, margin_mm=rung.margin / _PER_MM, guillotine=sheet.guillotine, caption_mm=below,
    )  # fmt: skip


def _quarter_back(sheet: _Sheet) -> _Sheet:
    """The same sheet turned by a quarter, so that lying photos stand and standing ones lie."""
    width, _ = _block(sheet)
    turned = ((y, width - x - w, h, w, kind, not lies) for x, y, w, h, kind, lies in sheet.cells)
    cells = tuple(sorted(turned, key=lambda cell: (cell[1], cell[0])))
    return replace(sheet, paper=sheet.paper[::-1], cells=cells)


def _shared_out(slots: Sequence[Slot], plan: SheetPlan, kinds: Sequence[tuple[Size, list[int]]]) -> tuple[Slot, ...]:
    """Each slot of a kind given to one of its items: as many as asked for, one after the other, or equal shares."""
    queues = []
    for kind, (_, items) in enumerate(kinds):
        places = sum(slot.item == kind for slot in slots)
        queues.append(iter(_turns([plan.items[item] for item in items], items, places)))
    return tuple(replace(slot, item=next(queues[slot.item])) for slot in slots)


def _turns(items: Sequence[SheetItem], numbers: Sequence[int], places: int) -> list[int]:
    shares = [item.count for item in items]
    each, more = divmod(places, len(items))
    filled = [share if share is not None else each + (index < more) for index, share in enumerate(shares)]
    return [number for number, share in zip(numbers, filled, strict=True) for _ in range(share)]
