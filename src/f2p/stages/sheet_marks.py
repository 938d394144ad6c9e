"""What stands beside the photos of a sheet: ticks and lines to cut along, captions, a ruler that shows the printer's scale.

Everything lies in gaps and margins; photos are laid over it, so that no mark can ever be on one. Crop marks as print shops set
them: they go on from the cut edges, away from the photo.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from f2p.stages.sheet_layout import CAPTION_MM, RULER_MM
from f2p.values.sheet import CutMarks, Ink, Label, Layout, Marks, Slot

_HAIR_MM = 0.1
_TICK_MM = 3.0
_TICK_GRAY, _LINE_GRAY = 90, 150
_EDGE_MM = 1.2
"""Nothing of the ruler is nearer to the paper's edge."""
_TEXT_MM = 2.3
_LONGEST_RULER_MM, _SHORTEST_RULER_MM = 100, 30
_TICKS_MM = {10: 2.4, 5: 1.7, 1: 1.1}
"""Length of the ruler's lines: every 10, 5 and 1 mm."""


def marks_for(layout: Layout, cut: CutMarks, captions: Sequence[str], *, ruler: bool) -> Marks:
    """All marks of a layout. captions: the text under each item's photos, in the order of the plan's items; () = none."""
    inks: list[Ink] = []
    if cut is not CutMarks.NONE:
        for slot in layout.slots:
            inks += _ticks(slot, layout)
    if cut is CutMarks.LINES:
        for slot in layout.slots:
            inks += _outline(slot)
    labels = [_caption(slot, captions[slot.item]) for slot in layout.slots] if captions else []
    length = 0
    if ruler:
        length, lines, numbers = _ruler(layout)
        inks, labels = [*inks, *lines], [*labels, *numbers]
    return Marks(tuple(inks), tuple(labels), length)


def _ticks(slot: Slot, layout: Layout) -> Iterator[Ink]:
    """Eight short lines that go on from the corners, just outside the cut edges; they end at the paper's edge."""
    left, top, right, bottom = slot.x_mm, slot.y_mm, slot.x_mm + slot.width_mm, slot.y_mm + slot.height_mm
    for x in (left - _HAIR_MM, right):
        upper, lower = max(0.0, top - _TICK_MM), min(layout.height_mm, bottom + _TICK_MM)
        yield Ink(x, upper, _HAIR_MM, top - upper, _TICK_GRAY)
        yield Ink(x, bottom, _HAIR_MM, lower - bottom, _TICK_GRAY)
    for y in (top - _HAIR_MM, bottom):
        first, last = max(0.0, left - _TICK_MM), min(layout.width_mm, right + _TICK_MM)
        yield Ink(first, y, left - first, _HAIR_MM, _TICK_GRAY)
        yield Ink(right, y, last - right, _HAIR_MM, _TICK_GRAY)


def _outline(slot: Slot) -> Iterator[Ink]:
    """A hairline around the photo, outside its edge: a cut along the edge takes it off."""
    yield Ink(slot.x_mm - _HAIR_MM, slot.y_mm - _HAIR_MM, slot.width_mm + 2 * _HAIR_MM, _HAIR_MM, _LINE_GRAY)
    yield Ink(slot.x_mm - _HAIR_MM, slot.y_mm + slot.height_mm, slot.width_mm + 2 * _HAIR_MM, _HAIR_MM, _LINE_GRAY)
    yield Ink(slot.x_mm - _HAIR_MM, slot.y_mm, _HAIR_MM, slot.height_mm, _LINE_GRAY)
    yield Ink(slot.x_mm + slot.width_mm, slot.y_mm, _HAIR_MM, slot.height_mm, _LINE_GRAY)


def _caption(slot: Slot, text: str) -> Label:
    """Under a standing photo; on the left of one that lies, which is its lower side too."""
    spare = (CAPTION_MM - _TEXT_MM) / 2
    if slot.turned:
        return Label(text, slot.x_mm - spare - _TEXT_MM, slot.y_mm, _TEXT_MM, slot.height_mm, turned=True)
    return Label(text, slot.x_mm, slot.y_mm + slot.height_mm + spare, slot.width_mm, _TEXT_MM)


def _ruler(layout: Layout) -> tuple[int, list[Ink], list[Label]]:
    """A ruler along the widest free edge with room for it: its length, lines and numbers; 0 where no edge has room."""
    below = CAPTION_MM if layout.caption_mm else 0.0
    standing, lying = (any(s.turned is turned for s in layout.slots) for turned in (False, True))
    bottom = layout.height_mm - max(s.y_mm + s.height_mm for s in layout.slots) - (below if standing else 0.0)
    right = layout.width_mm - max(s.x_mm + s.width_mm for s in layout.slots)
    top = min(s.y_mm for s in layout.slots)
    left = min(s.x_mm for s in layout.slots) - (below if lying else 0.0)
    edges = [("bottom", bottom, layout.width_mm), ("right", right, layout.height_mm)]
    edges += [("top", top, layout.width_mm), ("left", left, layout.height_mm)]
    roomy = [(name, side) for name, room, side in edges if room >= RULER_MM - 1e-6]
    if not roomy:
        return 0, [], []
    edge, side = roomy[0]
    length = min(_LONGEST_RULER_MM, int((side - 2 * layout.margin_mm - 4.0) // 10) * 10)
    if length < _SHORTEST_RULER_MM:
        return 0, [], []
    start = (side - length) / 2
    return length, list(_scale(layout, edge, start, length)), list(_numbers(layout, edge, start, length))


def _scale(layout: Layout, edge: str, start: float, length: int) -> Iterator[Ink]:
    """A line for each mm: its left (upper) side stands at the very mm; the base line is the side towards the paper's edge."""
    for mm in range(length + 1):
        tall = next(size for step, size in _TICKS_MM.items() if mm % step == 0)
        yield _on_edge(layout, edge, (start + mm, _EDGE_MM, _HAIR_MM, tall))
    yield _on_edge(layout, edge, (start, _EDGE_MM - _HAIR_MM, length + _HAIR_MM, _HAIR_MM))


def _on_edge(layout: Layout, edge: str, place: tuple[float, float, float, float]) -> Ink:
    """along, distance from the paper's edge, length along, depth → the rectangle on the sheet."""
    along, away, long, deep = place
    if edge == "bottom":
        return Ink(along, layout.height_mm - away - deep, long, deep)
    if edge == "top":
        return Ink(along, away, long, deep)
    if edge == "left":
        return Ink(away, along, deep, long)
    return Ink(layout.width_mm - away - deep, along, deep, long)


def _numbers(layout: Layout, edge: str, start: float, length: int) -> Iterator[Label]:
    away, tall, wide = _EDGE_MM + _TICKS_MM[10] + 0.1, 1.6, 8.0
    for mm in range(0, length + 1, 10):
        text = f"{mm} mm" if mm == length else str(mm)
        place = _on_edge(layout, edge, (start + mm - wide / 2, away, wide, tall))
        yield Label(text, place.x_mm, place.y_mm, place.width_mm, place.height_mm, turned=edge in {"left", "right"})
