"""From values to what of them is hidden: the characters that stay, the runs of those that go, and how a find is shown masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from f2p.stages.ink_runs import Run, run_places
from f2p.stages.page_text import DIGIT, Spot
from f2p.stages.private_text import Span
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8
from f2p.values.redaction import Find, Place, RedactionPlan
from f2p.values.text import TextLine


def hidden_spots(span: Span, lines: Sequence[TextLine], plan: RedactionPlan) -> tuple[Spot, ...]:
    """The spots of a value that are covered. A value with no more characters than may stay is covered whole: a name of two
    characters of which two may stay would not be hidden at all.
    """
    value = [spot for spot in span.spots if _counts(lines, spot)]
    hidden = _hidden_part(value, plan)
    if len(hidden) == len(value):
        return span.spots
    kept = set(value) - set(hidden)
    first, last = span.spots.index(hidden[0]), span.spots.index(hidden[-1])
    return tuple(spot for spot in span.spots[first : last + 1] if spot not in kept)


def _hidden_part(value: Sequence[Spot], plan: RedactionPlan) -> Sequence[Spot]:
    count = len(value)
    if plan.mask and 0 < plan.mask_count < count:
        start = {"first": 0, "last": count - plan.mask_count}.get(plan.mask, (count - plan.mask_count) // 2)
        return value[start : start + plan.mask_count]
    if not plan.mask and plan.keep_first + plan.keep_last < count:
        return value[plan.keep_first : count - plan.keep_last]
    return value


def find_of(span: Span, rgb: Rgb8, lines: Sequence[TextLine], plan: RedactionPlan, page: int) -> Find:
    """The find with its patches in px of `rgb`."""
    hidden = hidden_spots(span, lines, plan)
    return Find(
        page=page, entity=span.entity, places=places_of(hidden, rgb, lines), masked=masked(span, hidden, lines), why=span.why
    )


def places_of(spots: Iterable[Spot], rgb: Rgb8, lines: Sequence[TextLine]) -> tuple[Place, ...]:
    """Patches over all of `spots`, line by line."""
    by_line: dict[int, set[int]] = {}
    for line, glyph in spots:
        by_line.setdefault(line, set()).add(glyph)
    places: list[Place] = []
    for line, glyphs in sorted(by_line.items()):
        places += run_places(rgb, lines[line], runs_of(sorted(glyphs)))
    return tuple(places)


def runs_of(glyphs: Sequence[int]) -> list[Run]:
    """Neighbouring numbers as (first, last)."""
    runs: list[Run] = []
    for glyph in glyphs:
        if runs and glyph == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], glyph)
        else:
            runs.append((glyph, glyph))
    return runs


def masked(span: Span, hidden: Sequence[Spot], lines: Sequence[TextLine]) -> str:
    """The value with every hidden character as a dot; the first and last one of a long value are shown, to tell finds apart."""
    gone = set(hidden)
    chars = ["•" if spot in gone else lines[spot[0]].glyphs[spot[1]].char for spot in dict.fromkeys(span.spots)]
    return "".join(chars)


def glyph_middles(line: TextLine) -> Points:
    """(n, 2) float32 px of the page: the middle of every glyph."""
    at = np.array([[glyph.at] for glyph in line.glyphs], dtype=np.float32)
    start, end = (line.corners[0] + line.corners[3]) / 2, (line.corners[1] + line.corners[2]) / 2
    return np.asarray(start + at * (end - start), dtype=np.float32)


def _counts(lines: Sequence[TextLine], spot: Spot) -> bool:
    """Whether a character counts when some are to stay: letters, digits and Chinese characters do."""
    glyph = lines[spot[0]].glyphs[spot[1]]
    return glyph.char.isalnum() or glyph.digit >= DIGIT
