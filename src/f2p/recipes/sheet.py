"""One print sheet from finished photos: lay out, mark, letter, draw, encode, open again and measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from f2p.catalogue.papers import caption_fonts
from f2p.engines.weights import find_weight, path_of
from f2p.errors import Infeasible, ModelMissing, OutputWrong
from f2p.files.encode import encode
from f2p.files.inspect import inspect
from f2p.files.lettering import has_letters, lettered, usable_font
from f2p.files.pdf_sheet import Placed, read_sheet_page, sheet_page
from f2p.recipes.trace import Trace
from f2p.settings import Settings
from f2p.stages.sheet_layout import lay_out
from f2p.stages.sheet_marks import marks_for
from f2p.stages.sheet_raster import drawn, fitted_to, lies, px_of
from f2p.values.outcome import Check, FinishedFile
from f2p.values.pixels import Rgb8
from f2p.values.plan import Encoding, FileFormat
from f2p.values.sheet import Caption, Label, Layout, Marks, SheetFormat, SheetItem, SheetPlan, Slot

FONT = "caption-font"
USUAL_DPI = 300
_LEAST_DPI, _MOST_DPI = 150, 1200
_WORDS_DPI = 600
"""Words of a PDF are planes of this fineness."""
_MOST_SKEW = 0.02
"""A photo's sides may differ from its place's by this share: rounding to whole pixels, and nobody's face gets wider."""
_MOST_JPEG_ERROR = 6.0
"""Mean difference of a photo on the written sheet from its own pixels, 0 to 255; another photo or place differs by tens."""
_EDGE_TOLERANCE_MM = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPhoto:
    """One finished photo: (H, W, 3) uint8 sRGB, its dpi where it has one, and the name that a caption shows."""

    rgb: Rgb8
    dpi: float | None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The finished sheet, what was measured on it, and where everything lies."""

    file: FinishedFile
    checks: tuple[Check, ...]
    layout: Layout


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Everything that is drawn, at the sheet's dpi."""

    layout: Layout
    photos: tuple[Rgb8, ...]
    marks: Marks
    dpi: int
    bleed_mm: float
    font: Path | None


def make_sheet(photos: Sequence[SheetPhoto], plan: SheetPlan, settings: Settings, trace: Trace) -> Sheet:
    """The sheet of `plan`. photos: one for each of its items, in order.

    Raises SheetFull, ModelMissing (a caption needs letters that no font here has), Infeasible(what="sheet_aspect"), OutputWrong.
    """
    layout = trace.run("sheet", lay_out, plan)
    captions = _captions(photos, plan, settings.language)
    font = font_for(captions, settings)
    _check_shapes(photos, plan)
    marks = marks_for(layout, plan.cut_marks, captions, ruler=plan.ruler)
    dpi = _dpi(photos)
    fitted = [fitted_to(photo.rgb, (item.width_mm, item.height_mm), dpi) for photo, item in zip(photos, plan.items, strict=True)]
    drawing = _Drawing(layout, tuple(one.rgb for one in fitted), marks, dpi, plan.bleed_mm, font)
    data = trace.run("sheet", _pdf if plan.format is SheetFormat.PDF else _raster, drawing, plan)
    checks = trace.run("check", _checked, data, drawing, plan)
    _tell(layout, plan, marks, trace)
    if not all(one.own_pixels for one in fitted):
        trace.tell("sheet_resampled", "warning", dpi=dpi)
    return Sheet(file=FinishedFile(data=data, suffix=f".{plan.format.value}", role="sheet"), checks=checks, layout=layout)


def font_for(captions: Sequence[str], settings: Settings) -> Path | None:
    """The font file for these words; None where the one inside Pillow has all their letters. Raises ModelMissing."""
    if all(has_letters(text) for text in captions):
        return None
    found = usable_font([path_of(find_weight(FONT), settings), *caption_fonts()])
    if found is None:
        raise ModelMissing(name=FONT, folder=str(settings.models_dir))
    return found


def _captions(photos: Sequence[SheetPhoto], plan: SheetPlan, language: str) -> tuple[str, ...]:
    if plan.caption is Caption.NONE:
        return ()
    return tuple(_caption(photo.name, item, plan.caption, language) for photo, item in zip(photos, plan.items, strict=True))


def _caption(name: str, item: SheetItem, caption: Caption, language: str) -> str:
    title = item.name_zh if language == "zh" else item.name_en
    size = f"{item.width_mm:g}×{item.height_mm:g} mm"
    size = f"{title} {size}" if title and title != size else size
    shown = {Caption.NAME: (name,), Caption.SIZE: (size,), Caption.BOTH: (name, size)}[caption]
    return "  ".join(part for part in shown if part)


def _check_shapes(photos: Sequence[SheetPhoto], plan: SheetPlan) -> None:
    """Raises Infeasible where a photo would have to be stretched."""
    for photo, item in zip(photos, plan.items, strict=True):
        height, width = photo.rgb.shape[:2]
        if abs(width / height * item.height_mm / item.width_mm - 1) > _MOST_SKEW:
            raise Infeasible(what="sheet_aspect", best=f"{item.width_mm:g}×{round(item.width_mm * height / width, 1):g} mm")


def _dpi(photos: Sequence[SheetPhoto]) -> int:
    """The finest of the photos, so that the finest keeps its pixels."""
    return min(_MOST_DPI, max(_LEAST_DPI, *(round(photo.dpi or USUAL_DPI) for photo in photos)))


def _raster(drawing: _Drawing, plan: SheetPlan) -> bytes:
    words = _words(drawing.marks.labels, drawing.font, drawing.dpi)
    rgb = drawn(drawing.layout, drawing.photos, drawing.marks, words, (drawing.dpi, drawing.bleed_mm))
    return encode(rgb, None, Encoding(format=FileFormat(plan.format.value), dpi=drawing.dpi), None).data


def _words(labels: Sequence[Label], font: Path | None, dpi: int) -> list[NDArray[np.uint8]]:
    """Each label's plane as it is read, before any turn."""
    sides = ((one.height_mm, one.width_mm) if one.turned else (one.width_mm, one.height_mm) for one in labels)
    return [
        lettered(label.text, None if has_letters(label.text) else font, (px_of(width, dpi), px_of(height, dpi)))
        for label, (width, height) in zip(labels, sides, strict=True)
    ]


def _pdf(drawing: _Drawing, plan: SheetPlan) -> bytes:
    """Every picture once: words first, then rims of photos that bleed, then photos."""
    del plan
    pictures: list[NDArray[np.uint8]] = []
    numbers: dict[tuple[str, int, bool], int] = {}
    placed: list[Placed] = []

    def show(key: tuple[str, int, bool], pixels: NDArray[np.uint8], place: tuple[float, float, float, float]) -> None:
        if key not in numbers:
            numbers[key] = len(pictures)
            pictures.append(lies(pixels, turned=key[2]))
        placed.append(Placed(numbers[key], *place))

    labels = drawing.marks.labels
    texts = {text: index for index, text in enumerate(dict.fromkeys(label.text for label in labels))}
    for label, plane in zip(labels, _words(labels, drawing.font, _WORDS_DPI), strict=True):
        key = (f"words {label.width_mm:.2f} {label.height_mm:.2f}", texts[label.text], label.turned)
        show(key, plane, (label.x_mm, label.y_mm, label.width_mm, label.height_mm))
    rim = px_of(drawing.bleed_mm, drawing.dpi)
    for pad in [rim, 0] if rim else [0]:
        for slot in drawing.layout.slots:
            photo = drawing.photos[slot.item]
            pixels = np.pad(photo, ((pad, pad), (pad, pad), (0, 0)), mode="edge") if pad else photo
            show((f"photo {pad}", slot.item, slot.turned), pixels, _grown(slot, pad * 25.4 / drawing.dpi))
    return sheet_page((drawing.layout.width_mm, drawing.layout.height_mm), drawing.marks.inks, pictures, placed)


def _grown(slot: Slot, by_mm: float) -> tuple[float, float, float, float]:
    return slot.x_mm - by_mm, slot.y_mm - by_mm, slot.width_mm + 2 * by_mm, slot.height_mm + 2 * by_mm


def _checked(data: bytes, drawing: _Drawing, plan: SheetPlan) -> tuple[Check, ...]:
    """The written sheet read back. Raises OutputWrong where a photo is not where it should be."""
    layout = drawing.layout
    wanted = f"{layout.width_mm:g}×{layout.height_mm:g} mm"
    found = _count_on_page(data, layout) if plan.format is SheetFormat.PDF else _count_on_raster(data, drawing)
    if found != len(layout.slots):
        raise OutputWrong(what="sheet_count")
    checks = [
        Check(name="sheet_paper", value=_size_of(data, plan.format), wanted=wanted, ok=_size_of(data, plan.format) == wanted),
        Check(name="sheet_count", value=found, wanted=str(len(layout.slots)), ok=True),
        Check(name="sheet_gap", value=layout.gap_mm, unit="mm"),
        Check(name="sheet_margin", value=layout.margin_mm, unit="mm"),
    ]
    if plan.format is not SheetFormat.PDF:
        dpi = round(inspect(data).dpi or 0, 1)  # PNG stores dots per metre
        checks.append(Check(name="sheet_dpi", value=dpi, wanted=str(drawing.dpi), ok=dpi == drawing.dpi, unit="dpi"))
    if not all(check.ok is not False for check in checks):
        raise OutputWrong(what=next(check.name for check in checks if check.ok is False))
    return tuple(checks)


def _size_of(data: bytes, kind: SheetFormat) -> str:
    """Width and height of the paper as the file says them, to a tenth of a mm."""
    if kind is SheetFormat.PDF:
        page = read_sheet_page(data)
        return f"{round(page.width_mm, 1):g}×{round(page.height_mm, 1):g} mm"
    facts = inspect(data)
    per_mm = (facts.dpi or USUAL_DPI) / 25.4
    return f"{round(facts.width_px / per_mm, 1):g}×{round(facts.height_px / per_mm, 1):g} mm"


def _count_on_page(data: bytes, layout: Layout) -> int:
    """Slots of the layout at which the page shows a picture of just that size."""
    there = read_sheet_page(data).placed
    return sum(any(_same_place(slot, one) for one in there) for slot in layout.slots)


def _same_place(slot: Slot, one: Placed) -> bool:
    sides = ((slot.x_mm, one.x_mm), (slot.y_mm, one.y_mm), (slot.width_mm, one.width_mm), (slot.height_mm, one.height_mm))
    return all(abs(a - b) <= _EDGE_TOLERANCE_MM for a, b in sides)


def _count_on_raster(data: bytes, drawing: _Drawing) -> int:
    """Slots at which the decoded file shows the photo's own pixels, up to what JPEG changes."""
    rgb = inspect(data).rgb
    return sum(
        _shows(rgb, slot, lies(drawing.photos[slot.item], turned=slot.turned), drawing.dpi) for slot in drawing.layout.slots
    )


def _shows(sheet: Rgb8, slot: Slot, photo: Rgb8, dpi: int) -> bool:
    height, width = photo.shape[:2]
    x = round((slot.x_mm + slot.width_mm / 2) * dpi / 25.4 - width / 2)
    y = round((slot.y_mm + slot.height_mm / 2) * dpi / 25.4 - height / 2)
    part = sheet[y : y + height, x : x + width]
    if part.shape != photo.shape:
        return False
    return float(np.abs(part.astype(np.int16) - photo.astype(np.int16)).mean()) <= _MOST_JPEG_ERROR


def _tell(layout: Layout, plan: SheetPlan, marks: Marks, trace: Trace) -> None:
    """What the person should know before printing and cutting."""
    trace.tell("sheet_print")
    if layout.gap_mm < plan.gap_mm:
        trace.tell("sheet_gap", usual=plan.gap_mm, gap=layout.gap_mm, count=len(layout.slots))
    if layout.margin_mm < plan.margin_mm:
        trace.tell("sheet_margin", "warning", usual=plan.margin_mm, margin=layout.margin_mm)
    if plan.ruler and not marks.ruler_mm:
        trace.tell("sheet_no_ruler")
    if not layout.guillotine:
        trace.tell("sheet_woven")
