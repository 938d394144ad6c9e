"""A document with its private things covered, and the proof: read ▶ find ▶ cover ▶ read the finished page again ▶ deliver.

In doubt nothing is delivered: where the second reader still finds something private after three rounds, the whole document is
refused with the page and the place; a page that could hardly be read is refused too.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from f2p.engines.suite import Engines
from f2p.errors import NotProven
from f2p.files.page import Page
from f2p.files.pages import Pages, PageWriter, writer_for
from f2p.recipes.page_reading import read_page
from f2p.recipes.trace import Trace
from f2p.stages.codes import bar_codes, qr_codes
from f2p.stages.conceal import concealed, mask_of
from f2p.stages.hidden import find_of, hidden_spots, places_of
from f2p.stages.leaks import Masks, leaking, surely_no_digit
from f2p.stages.pictured import seals, signatures
from f2p.stages.private_text import private_spans, spared_spots
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8
from f2p.values.redaction import Find, PageReceipt, Place, Receipt, RedactionPlan, Style, Why
from f2p.values.text import TextLine

READ_PX = 1600
PROVE_PX = 1280
"""Long side at which the first and the second reader look for lines: two scales see two pictures."""
_ROUNDS = 3
_ENOUGH = 20
_UNREADABLE = 0.5
"""A page of so many characters that are read with less certainty is not understood (good pages 0.99, bad ones 0.9)."""
_READERS = ("PP-OCRv6 small", "PP-OCRv4 mobile")
_WEAK = (Style.MOSAIC, Style.BLUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """The finished file, its finds (values masked) and the receipt. shown: one covered page after the other, where asked for."""

    data: bytes
    suffix: str
    finds: tuple[Find, ...]
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class _Covered:
    """One page in work: what it looks like, what covers it, what was found."""

    rgb: Rgb8
    finds: tuple[Find, ...]
    kept: tuple[Place, ...] = ()
    """Where characters stay on purpose."""
    read: tuple[TextLine, ...] = ()
    """What the first reader saw."""

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(place for find in self.finds for place in find.places)


def find_private(page: Page, plan: RedactionPlan, engines: Engines, trace: Trace) -> tuple[Find, ...]:
    """What would be hidden on one page."""
    return _found(page, plan, engines, trace).finds


def redact(pages: Pages, plan: RedactionPlan, engines: Engines, trace: Trace, by_hand: Sequence[Find] | None = None) -> Redacted:
    """The document with everything private covered. by_hand: exactly these finds instead of what the program would find.

    Raises NotProven, OutputWrong.
    """
    writer = writer_for(pages)
    finds: list[Find] = []
    receipts: list[PageReceipt] = []
    for page in pages:
        begun = time.perf_counter()
        trace.turn_to(page.number, pages.count)
        for note in page.notes:
            trace.tell(note.code, note.level, **note.params)
        if by_hand is not None:
            covered, rounds = _as_listed(page, plan, by_hand, writer, trace), 0
        elif plan.pages and page.number not in plan.pages:
            writer.add(page, page.rgb)
            continue
        else:
            covered, rounds = _proven(page, _found(page, plan, engines, trace), plan, (engines, writer), trace)
        finds += covered.finds
        receipts.append(_page_receipt(page, covered.finds, rounds, time.perf_counter() - begun))
    if not finds:
        trace.tell("nothing_private", "warning")
    if plan.style in _WEAK:
        trace.tell("weak_style", "warning")
    data = trace.run("encode", writer.finish)
    receipt = _receipt(pages, data, plan, receipts, by_hand=by_hand is not None)
    return Redacted(data=data, suffix=pages.suffix, finds=tuple(finds), receipt=receipt)


def _found(page: Page, plan: RedactionPlan, engines: Engines, trace: Trace) -> _Covered:
    lines = trace.run("read_text", read_page, page.rgb, engines.reader, READ_PX)
    _check_readable(page, lines, trace)
    spans = trace.run("find_private", private_spans, lines, plan, page.rgb.shape[0])
    finds = [trace.run("fit_boxes", find_of, span, page.rgb, lines, plan, page.number) for span in spans]
    finds += trace.run("find_private", _pictured, page, plan, lines, engines)
    hidden = {spot for span in spans for spot in hidden_spots(span, lines, plan)}
    shown = {spot for span in spans for spot in span.spots} | spared_spots(lines, plan, page.rgb.shape[0])
    return _Covered(page.rgb, tuple(finds), places_of(shown - hidden, page.rgb, lines), lines)


def _check_readable(page: Page, lines: Sequence[TextLine], trace: Trace) -> None:
    """Tells of a page without text, which may be handwriting. Raises NotProven where most of what is there could not be read."""
    scores = [glyph.score for line in lines for glyph in line.glyphs if glyph.char]
    if not scores:
        trace.tell("page_without_text", "warning", page=page.number)
    elif len(scores) >= _ENOUGH and float(np.median(scores)) < _UNREADABLE:
        left, top = (int(side) for side in lines[0].corners[0])
        raise NotProven(page=page.number, x=left, y=top)


def _pictured(page: Page, plan: RedactionPlan, lines: Sequence[TextLine], engines: Engines) -> list[Find]:
    """Finds that are no text."""
    found: dict[str, tuple[Place, ...]] = {}
    if "face" in plan.entities:
        found["face"] = tuple(_face_place(face.box, page.rgb.shape) for face in engines.detector.find(page.rgb))
    if "seal" in plan.entities:
        found["seal"] = seals(page.rgb)
    if "qr_code" in plan.entities:
        found["qr_code"] = qr_codes(page.rgb)
    if "barcode" in plan.entities:
        found["barcode"] = bar_codes(page.rgb)
    if "signature" in plan.entities:
        found["signature"] = signatures(page.rgb, lines)
    return [
        Find(page=page.number, entity=name, places=(place,), why=Why.PICTURE)
        for name, places in found.items()
        for place in places
    ]


def _face_place(box: object, shape: tuple[int, ...]) -> Place:
    left, top, right, bottom = (getattr(box, side) for side in ("left", "top", "right", "bottom"))
    w, h = right - left, bottom - top
    x0, y0 = max(0.0, left - 0.12 * w), max(0.0, top - 0.15 * h)
    x1, y1 = min(float(shape[1]), right + 0.12 * w), min(float(shape[0]), bottom + 0.1 * h)
    return Place(corners=((x0, y0), (x1, y0), (x1, y1), (x0, y1)), stars=1)


def _proven(
    page: Page, found: _Covered, plan: RedactionPlan, tools: tuple[Engines, PageWriter], trace: Trace
) -> tuple[_Covered, int]:
    """The page covered until the second reader finds nothing more, and the rounds it took. Raises NotProven."""
    engines, writer = tools
    covered = replace(found, rgb=trace.run("conceal", concealed, page.rgb, found.places, plan.style))
    shown = trace.run("encode", writer.add, page, covered.rgb)
    late: tuple[Find, ...] = ()
    lines = trace.run("prove", read_page, shown, engines.second_reader, PROVE_PX)
    other, kept = surely_no_digit(found.read, shown.shape), mask_of(shown.shape, found.kept)
    for count in range(1, _ROUNDS + 1):
        masks = Masks(mask_of(shown.shape, covered.places), kept, other)
        late = trace.run("prove", leaking, shown, lines, plan, masks, page.number)
        if not late:
            return covered, count
        rgb = concealed(covered.rgb, [place for find in late for place in find.places], plan.style)
        covered = replace(covered, rgb=np.asarray(rgb), finds=(*covered.finds, *late))
        shown = trace.run("encode", writer.replace_last, page, covered.rgb)
        lines = trace.run("prove", engines.second_reader.read, shown, _around(lines, late))  # the others have been proven
    left, top, _, _ = late[0].places[0].bounds if late[0].places else (0, 0, 0, 0)
    raise NotProven(page=page.number, x=left, y=top)


def _around(lines: Sequence[TextLine], finds: Sequence[Find]) -> list[Points]:
    """The lines that patches of these finds touch."""
    bounds = [place.bounds for find in finds for place in find.places]
    boxes = [line.corners for line in lines]
    return [box for box in boxes if any(_touches(box, one) for one in bounds)]


def _touches(box: Points, bounds: tuple[int, int, int, int]) -> bool:
    (left, top), (right, low) = box.min(axis=0), box.max(axis=0)
    return bool(left < bounds[2] and right > bounds[0] and top < bounds[3] and low > bounds[1])


def _as_listed(page: Page, plan: RedactionPlan, finds: Sequence[Find], writer: PageWriter, trace: Trace) -> _Covered:
    """Exactly the listed patches of this page, nothing else."""
    mine = tuple(find for find in finds if find.page == page.number)
    places = [place for find in mine for place in find.places]
    rgb = trace.run("conceal", concealed, page.rgb, places, plan.style)
    trace.run("encode", writer.add, page, rgb)
    return _Covered(rgb, mine)


def _page_receipt(page: Page, finds: Sequence[Find], rounds: int, seconds: float) -> PageReceipt:
    return PageReceipt(
        page=page.number,
        width_px=int(page.rgb.shape[1]),
        height_px=int(page.rgb.shape[0]),
        counts=_counts(finds),
        places=sum(len(find.places) for find in finds),
        rounds=rounds,
        late=sum(find.why is Why.SECOND for find in finds),
        seconds=round(seconds, 3),
    )


def _counts(finds: Sequence[Find]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for find in finds:
        counts[find.entity] = counts.get(find.entity, 0) + 1
    return counts


def _receipt(pages: Pages, data: bytes, plan: RedactionPlan, done: Sequence[PageReceipt], *, by_hand: bool) -> Receipt:
    counts: dict[str, int] = {}
    for page in done:
        for name, count in page.counts.items():
            counts[name] = counts.get(name, 0) + count
    checks: tuple[str, ...] = ("applied_as_listed",) if by_hand else ("second_reader",)
    if pages.suffix == ".pdf":
        checks = (*checks, "pdf_only_pictures", "no_text_two_libraries")
    return Receipt(
        sha256_before=pages.sha256,
        sha256_after=hashlib.sha256(data).hexdigest(),
        method="raster",
        readers=_READERS,
        style=plan.style.value,
        counts=counts,
        pages=tuple(done),
        checks=checks,
    )
