"""Private values in read text: by what they look like, by their check digits, by the words before them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from f2p.catalogue.private import Look, labels, look_alikes, looks
from f2p.stages.check_digits import holds, nearly_holds
from f2p.stages.numbers import number_spans
from f2p.stages.page_text import PageText, Spot, line_text, page_text
from f2p.values.redaction import PICTURED, RedactionPlan, Why
from f2p.values.text import TextLine

_SEPARATORS = re.compile(r"[\s\-·.,，•()（）]")
_FOOT = 0.08
"""Lines in this share of the page at its top and bottom may be page numbers."""
_SURE = frozenset({Why.CHECK, Why.LABEL, Why.PATTERN})


@dataclass(frozen=True, slots=True)
class Span:
    """One value: what it is, why, and the spots of its characters in order."""

    entity: str
    why: Why
    spots: tuple[Spot, ...]
    label: Spot | None = None
    """Where the label before it ends, where one made it a find."""


def private_spans(lines: Sequence[TextLine], plan: RedactionPlan, height_px: int) -> tuple[Span, ...]:
    """Every value in `lines` that the plan hides, on a page of that height; what is excluded stays, unless a check proves it."""
    texts = _texts(lines)
    wanted = [name for name in plan.entities if name not in PICTURED and name != "digits"]
    found = [span for name in wanted for span in _spans_of(name, texts, lines, height_px)]
    if "digits" in plan.entities:
        found += number_spans_as(lines, plan.min_len)
    spared = _spared(texts, lines, plan, height_px)
    if spared:
        found = [one for span in found if (one := _without(span, spared)) is not None]
    return tuple(found)


def spared_spots(lines: Sequence[TextLine], plan: RedactionPlan, height_px: int) -> frozenset[Spot]:
    """Where values stand that the plan leaves alone."""
    return frozenset(_spared(_texts(lines), lines, plan, height_px)) if plan.exclude else frozenset()


def _spared(texts: Sequence[PageText], lines: Sequence[TextLine], plan: RedactionPlan, height_px: int) -> set[Spot]:
    return {
        spot
        for name in plan.exclude
        if name not in PICTURED
        for span in _excluded(name, texts, lines, height_px)
        if span.why in _SURE
        for spot in span.spots
    }


def number_spans_as(lines: Sequence[TextLine], min_len: int) -> list[Span]:
    """The numbers of all lines as spans."""
    return [
        Span("digits", Why.PATTERN, tuple((i, glyph) for glyph in glyphs))
        for i, line in enumerate(lines)
        for glyphs in number_spans(line, min_len)
    ]


def _excluded(name: str, texts: Sequence[PageText], lines: Sequence[TextLine], height_px: int) -> list[Span]:
    if name == "digits":
        return number_spans_as(lines, 1)
    return list(_spans_of(name, texts, lines, height_px))


def _without(span: Span, spared: set[Spot]) -> Span | None:
    """The span without what stays; all of it where a check digit proves it."""
    if span.why is Why.CHECK:
        return span
    left = tuple(spot for spot in span.spots if spot not in spared)
    return replace(span, spots=left) if left else None


def _texts(lines: Sequence[TextLine]) -> list[PageText]:
    """The page as one text, and each line with the one below it, where a value may go on."""
    texts = [_apart(_mended(page_text(lines)))]
    for i, line in enumerate(lines):
        below = _below(lines, i)
        if below is not None:
            upper, lower = line_text(line, i), line_text(lines[below], below)
            texts.append(_mended(PageText(f"{upper.text}{lower.text}", (*upper.spots, *lower.spots)), seam=len(upper.text)))
    return texts


def _mended(text: PageText, seam: int | None = None) -> PageText:
    """The text with look-alikes of digits put right inside numbers; with a seam, only a number across it is kept."""
    alike = look_alikes()
    chars = list(text.text)
    for match in re.finditer(r"(?<![A-Za-z])[0-9OoQDlI|!iZzSsbGBqg]{6,}(?![A-Za-z])", text.text):
        piece = match.group()
        if sum(char.isdigit() for char in piece) * 3 >= 2 * len(piece):
            chars[match.start() : match.end()] = [alike.get(char, char) for char in piece]
    if seam is not None:
        before = re.search(r"[0-9Xx \t-]{3,}$", "".join(chars[:seam]))
        after = re.match(r"[0-9Xx \t-]{3,}", "".join(chars[seam:]))
        if not before or not after:
            return PageText("", ())
        first, last = before.start(), seam + after.end()
        return PageText("".join(chars[first:last]), text.spots[first:last])
    return PageText("".join(chars), text.spots)


def _apart(text: PageText) -> PageText:
    """A tab before each label that a colon follows: two fields may share a line without a gap."""
    chars: list[str] = []
    spots: list[Spot | None] = []
    done = 0
    for match in re.finditer(rf"(?<=[^\s(（])(?:{labels().pattern})(?=[ \t]*[::：])", text.text):
        chars += [text.text[done : match.start()], "\t"]
        spots += [*text.spots[done : match.start()], None]
        done = match.start()
    return PageText("".join([*chars, text.text[done:]]), (*spots, *text.spots[done:]))


def _below(lines: Sequence[TextLine], upper: int) -> int | None:
    """The line that goes on below: the nearest one that starts lower and lies under it."""
    left, top, right, bottom = _bounds(lines[upper])
    height = max(bottom - top, 1.0)
    best, distance = None, 1.8 * height
    for i, line in enumerate(lines):
        x0, y0, x1, y1 = _bounds(line)
        drop = (y0 + y1) / 2 - (top + bottom) / 2
        if i != upper and 0.5 * height < drop < distance + 0.5 * height and min(right, x1) > max(left, x0):
            best, distance = i, drop - 0.5 * height
    return best


def _bounds(line: TextLine) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = line.corners.min(axis=0), line.corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _spans_of(name: str, texts: Sequence[PageText], lines: Sequence[TextLine], height_px: int) -> Iterator[Span]:
    look = looks()[name]
    seen: set[tuple[Spot, ...]] = set()
    for number, text in enumerate(texts):
        for match, why in _matches(look, text.text, across_only=number > 0):
            spots = tuple(spot for spot in text.spots[match[0] : match[1]] if spot is not None)
            if spots and spots not in seen:
                seen.add(spots)
                yield Span(name, why, spots, _label_before(text, match[0]) if why is Why.LABEL else None)
    if look.foot is not None:
        yield from _at_foot(look, lines, height_px)


def _label_before(text: PageText, start: int) -> Spot | None:
    """The last character before the value that stands on the page."""
    return next((spot for spot in reversed(text.spots[:start]) if spot is not None), None)


def _matches(look: Look, text: str, *, across_only: bool) -> Iterator[tuple[tuple[int, int], Why]]:
    """Start and end of each value in the text, and why."""
    for pattern in look.patterns:
        for match in pattern.finditer(text):
            why = _why(look, match["v"])
            if why is not None:
                yield match.span("v"), why
    if look.labelled is None or across_only:
        return
    at = 0
    while (labelled := look.labelled.search(text, at)) is not None:
        start, end = labelled.span("v")
        at = end
        if labels().match(text, start) or text.startswith(look.never, start):  # the label goes on: 付款人 | 户名
            at = labelled.start() + 1
            continue
        yield (start, end), Why.LABEL
        if look.continues and (more := _going_on(text, end)):
            yield more, Why.LABEL


def _why(look: Look, value: str) -> Why | None:
    if not look.check:
        return Why.PATTERN
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", value))
    if holds(look.check, plain):
        return Why.CHECK
    if look.check == "luhn" and holds("gb11643", plain):
        return None
    return Why.NEAR if look.near and nearly_holds(look.check, plain) else None


def _going_on(text: str, end: int) -> tuple[int, int] | None:
    """The next line, where it begins with more of the same: no label in it, and it ends like an address does."""
    match = re.match(
        r"[^\n]*\n(?P<v>[^\t\n:：]{2,40}(?:号|室|楼|层|栋|座|单元|弄|巷|街|道|路|村|组|[0-9]))[ \t]*(?=\n|$)", text[end:]
    )
    if match is None or labels().search(match["v"]):
        return None
    return end + match.start("v"), end + match.end("v")


def _at_foot(look: Look, lines: Sequence[TextLine], height_px: int) -> Iterator[Span]:
    for i, line in enumerate(lines):
        middle = float(line.corners[:, 1].mean()) / max(height_px, 1)
        text = line_text(line, i)
        match = look.foot.match(text.text) if look.foot is not None else None
        if match and not _FOOT < middle < 1 - _FOOT:
            yield Span(look.entity, Why.PATTERN, tuple(spot for spot in text.spots[slice(*match.span("v"))] if spot is not None))


def counted(spans: Sequence[Span]) -> Mapping[str, int]:
    """How many of each kind."""
    kinds: dict[str, int] = {}
    for span in spans:
        kinds[span.entity] = kinds.get(span.entity, 0) + 1
    return kinds
