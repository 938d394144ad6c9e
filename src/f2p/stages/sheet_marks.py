"""What stands beside the photos of a sheet: ticks and lines to cut along, captions, a ruler that shows the printer's scale.

Everything lies in gaps and margins; photos are laid over it, so that no mark can ever be on one. Crop marks as print shops set
them: they go on from the cut edges, away from the photo.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from f2p.stages.sheet_layout import CAPTION_MM, RULER_MM
from f2p.values.sheet import CutMarks, Ink, Label, Layout, Marks, Slot

_HAIR_MM = 0.1
_TICK_MM = 3.0
_TICK_GRAY, _LINE_GRAY = 90, 150
_EDGE_MM = 1.2
"""Nothing of the ruler is nearer to the paper's edge."""
_TEXT_MM = 2.3
_LONGEST_RULER_MM, _SHORTEST_RULER_MM = 100, 30
_UNIT_MM = 6.0
"""Room for the unit behind the last number."""
_TICKS_MM = {10: 2.4, 5: 1.7, 1: 1.1}
"""Length of the ruler's lines: every 10, 5 and 1 mm."""


def marks_for(layout: Layout, cut: CutMarks, captions: Sequence[str], *, ruler: bool) -> Marks:
    """All marks of a layout. captions: the text under each item's photos, in the order of the plan's items; () = none."""
    place = _place(layout) if ruler else None
    inks: list[Ink] = []
    if cut is not CutMarks.NONE:
        bounds = _bounds(layout, place)
        for slot in layout.slots:
            inks += _ticks(slot, bounds)
    if cut is CutMarks.LINES:
        for slot in layout.slots:
            inks += _outline(slot)
    labels = [_caption(slot, captions[slot.item]) for slot in layout.slots] if captions else []
    if place is not None:
        inks += _scale(layout, place)
        labels += _numbers(layout, place)
    return Marks(tuple(inks), tuple(labels), place.length if place else 0)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the ruler lies: at which edge, from where, how long; mm."""

    edge: str
    start: float
    length: int


def _bounds(layout: Layout, ruler: _Place | None) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of what ticks may reach: the paper without the ruler."""
    taken = RULER_MM - 0.6
    edge = ruler.edge if ruler else ""
    return (
        taken if edge == "left" else 0.0,
        taken if edge == "top" else 0.0,
        layout.width_mm - (taken if edge == "right" else 0.0),
        layout.height_mm - (taken if edge == "bottom" else 0.0),
    )


def _ticks(slot: Slot, bounds: tuple[float, float, float, float]) -> Iterator[Ink]:
    """Eight short lines that go on from the corners, just outside the cut edges, inside bounds."""
    left, top, right, bottom = slot.x_mm, slot.y_mm, slot.x_mm + slot.width_mm, slot.y_mm + slot.height_mm
    for x in (left - _HAIR_MM, right):
        upper, lower = max(bounds[1], top - _TICK_MM), min(bounds[3], bottom + _TICK_MM)
        yield Ink(x, upper, _HAIR_MM, max(0.0, top - upper), _TICK_GRAY)
        yield Ink(x, bottom, _HAIR_MM, max(0.0, lower - bottom), _TICK_GRAY)
    for y in (top - _HAIR_MM, bottom):
        first, last = max(bounds[0], left - _TICK_MM), min(bounds[2], right + _TICK_MM)
        yield Ink(first, y, max(0.0, left - first), _HAIR_MM, _TICK_GRAY)
        yield Ink(right, y, max(0.0, last - right), _HAIR_MM, _TICK_GRAY)


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


def _place(layout: Layout) -> _Place | None:
    """A ruler along the first free edge with room for it; None where no edge has room."""
    below = layout.caption_mm
    standing, lying = (any(s.turned is turned for s in layout.slots) for turned in (False, True))
    bottom = layout.height_mm - max(s.y_mm + s.height_mm for s in layout.slots) - (below if standing else 0.0)
    right = layout.width_mm - max(s.x_mm + s.width_mm for s in layout.slots)
    top = min(s.y_mm for s in layout.slots)
    left = min(s.x_mm for s in layout.slots) - (below if lying else 0.0)
    edges = [("bottom", bottom, layout.width_mm), ("right", right, layout.height_mm)]
    edges += [("top", top, layout.width_mm), ("left", left, layout.height_mm)]
    roomy = [(name, side) for name, room, side in edges if room >= RULER_MM - 1e-6]
    if not roomy:
        return None
    edge, side = roomy[0]
    length = min(_LONGEST_RULER_MM, int((side - 2 * layout.margin_mm - _UNIT_MM) // 10) * 10)
    return _Place(edge, (side - length) / 2, length) if length >= _SHORTEST_RULER_MM else None


def _scale(layout: Layout, ruler: _Place) -> Iterator[Ink]:
    """A line for each mm: its left (upper) side stands at the very mm; the base line is the side towards the paper's edge."""
    for mm in range(ruler.length + 1):
        tall = next(size for step, size in _TICKS_MM.items() if mm % step == 0)
        yield _on_edge(layout, ruler.edge, (ruler.start + mm, _EDGE_MM, _HAIR_MM, tall))
    yield _on_edge(layout, ruler.edge, (ruler.start, _EDGE_MM - _HAIR_MM, ruler.length + _HAIR_MM, _HAIR_MM))


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


def _numbers(layout: Layout, ruler: _Place) -> Iterator[Label]:
    """A number at every centimetre, and the unit behind the last one."""
    away, tall, wide = _EDGE_MM + _TICKS_MM[10] + 0.1, 2.2, 4.0
    shown = [(str(mm), ruler.start + mm) for mm in range(0, ruler.length + 1, 10)]
    for text, middle in (*shown, ("mm", ruler.start + ruler.length + _UNIT_MM - 2.2)):
        place = _on_edge(layout, ruler.edge, (middle - wide / 2, away, wide, tall))
        yield Label(text, place.x_mm, place.y_mm, place.width_mm, place.height_mm, turned=ruler.edge in {"left", "right"})
