"""Print sheets, measured on the written file: every photo where it should be, as large as it should be, nothing on it."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from f2p.catalogue.papers import find_paper
from f2p.errors import Infeasible, ModelMissing, SheetFull
from f2p.files.pdf_sheet import read_sheet_page
from f2p.recipes.sheet import Sheet, SheetPhoto, make_sheet
from f2p.recipes.trace import Trace
from f2p.settings import Settings
from f2p.stages.sheet_layout import lay_out
from f2p.stages.sheet_marks import marks_for
from f2p.values.pixels import Rgb8
from f2p.values.sheet import Caption, CutMarks, SheetFormat, SheetItem, SheetPlan

PER_MM = 40
"""Pixels of a rasterised PDF: a tenth of a mm is four of them."""
MIXED = ((35, 49, 4), (25, 35, 4))


def plan(paper: str, *items: tuple[float, float, int | None], **wishes: object) -> SheetPlan:
    """A sheet with the usual gap and margin."""
    found = find_paper(paper)
    assert found is not None
    usual = SheetPlan(
        paper=found,
        items=tuple(SheetItem(name_zh="一寸", name_en="one inch", width_mm=w, height_mm=h, count=n) for w, h, n in items),
        gap_mm=2.0, least_gap_mm=1.0, tight_gap_mm=0.0, margin_mm=found.margin_mm, least_margin_mm=found.least_margin_mm,
        format=SheetFormat.PNG,
    )  # fmt: skip
    return replace(usual, **wishes)  # type: ignore[arg-type]


def photo(item: SheetItem, seed: int = 0, dpi: int = 300, name: str = "me") -> SheetPhoto:
    """A photo of the item's size with noise in dark colours, so that its edges and its pixels can be found again."""
    size = (round(item.height_mm * dpi / 25.4), round(item.width_mm * dpi / 25.4), 3)
    return SheetPhoto(rgb=np.random.default_rng(seed).integers(20, 90, size).astype(np.uint8), dpi=dpi, name=name)


def made(sheet: SheetPlan, settings: Settings, trace: Trace | None = None) -> tuple[Sheet, list[SheetPhoto]]:
    """The sheet with another photo for each item, and those photos."""
    photos = [photo(item, seed) for seed, item in enumerate(sheet.items)]
    return make_sheet(photos, sheet, settings, trace or Trace()), photos


def pixels(sheet: Sheet) -> Rgb8:
    """The sheet, decoded."""
    return np.asarray(Image.open(io.BytesIO(sheet.file.data)).convert("RGB"))


@pytest.mark.parametrize(
    ("paper", "items", "count"),
    [
        ("5寸", [(25, 35, 8)], 8), ("5寸", [(25, 35, None)], 9), ("6寸", [(35, 49, 8)], 8), ("6寸", MIXED, 8),
        ("A4", [(25, 35, 50)], 50),
        ("A4", [(25, 35, None)], 60), ("letter", [(51, 51, 6)], 6), ("100x150mm", [(22, 32, None)], 17),
        ("A4", [(25, 35, 3), (25, 35, 4)], 7),
        ("6寸", [(35, 49, 4), (25, 35, 8)], 12), ("7寸", [(33, 48, None)], 11),
    ],
)  # fmt: skip
def test_photos_keep_their_distance_and_the_margin(paper: str, items: list[tuple[float, float, int | None]], count: int) -> None:
    """Every photo asked for is there once, apart from the others by the gap, and inside the margin."""
    layout = lay_out(plan(paper, *items))
    assert len(layout.slots) == count
    gap, margin = layout.gap_mm - 1e-6, layout.margin_mm - 1e-6
    for slot in layout.slots:
        assert slot.x_mm >= margin and slot.x_mm + slot.width_mm <= layout.width_mm - margin
        assert slot.y_mm >= margin and slot.y_mm + slot.height_mm <= layout.height_mm - margin
        width, height = items[slot.item][:2]
        assert (slot.width_mm, slot.height_mm) == ((height, width) if slot.turned else (width, height))
    for one, two in combinations(layout.slots, 2):
        across = max(one.x_mm, two.x_mm) - min(one.x_mm + one.width_mm, two.x_mm + two.width_mm)
        down = max(one.y_mm, two.y_mm) - min(one.y_mm + one.height_mm, two.y_mm + two.height_mm)
        assert max(across, down) >= gap
    for index, (_, _, wanted) in enumerate(items):
        assert wanted is None or sum(slot.item == index for slot in layout.slots) == wanted


def test_a_full_sheet_may_narrow_the_gap_and_says_so(settings: Settings) -> None:
    """Four more one-inch photos fit on A4 with a gap of 1 mm; a gap that was said stays."""
    trace = Trace()
    full, _ = made(plan("A4", (25, 35, None), format=SheetFormat.PDF), settings, trace)
    kept = lay_out(plan("A4", (25, 35, None), least_gap_mm=2.0))
    assert (len(full.layout.slots), full.layout.gap_mm) == (60, 1.0)
    assert (len(kept.slots), kept.gap_mm) == (56, 2.0)
    assert [note.params["count"] for note in trace.notes if note.code == "sheet_gap"] == [60]


def test_a_named_count_may_narrow_the_margin_with_a_warning(settings: Settings) -> None:
    """Eight two-inch photos are what shops put on 6-inch paper: they reach into the usual margin, and that is told."""
    trace = Trace()
    sheet, _ = made(plan("6寸", (35, 49, 8)), settings, trace)
    assert sheet.layout.margin_mm == 1.5
    assert [note.level for note in trace.notes if note.code == "sheet_margin"] == ["warning"]


def test_six_visa_photos_fit_on_a_print_as_shops_lay_them(settings: Settings) -> None:
    """Six photos of two inches fill 4×6 inches edge to edge: done because the count was named, and both told."""
    trace = Trace()
    sheet, _ = made(plan("4x6in", (50.8, 50.8, 6)), settings, trace)
    assert (sheet.layout.gap_mm, sheet.layout.margin_mm) == (0.0, 0.0)
    assert {"sheet_gap", "sheet_margin"} <= {note.code for note in trace.notes}
    assert len(lay_out(plan("4x6in", (50.8, 50.8, None))).slots) == 2


@pytest.mark.parametrize(
    ("items", "fits"),
    [([(35, 49, 9)], "8"), ([(35, 49, 9), (25, 35, 4)], "6 × 35×49 mm"), ([(90, 130, 2)], "1"), ([(200, 300, 1)], "0")],
)
def test_too_many_photos_are_refused_with_what_fits(items: list[tuple[float, float, int]], fits: str) -> None:
    """A sheet that cannot hold the count says how many it can."""
    with pytest.raises(SheetFull) as refused:
        lay_out(plan("6寸", *items))
    assert str(refused.value.params["fits"]).startswith(fits)


def test_a_row_has_as_many_photos_as_asked() -> None:
    """`per_row` decides the columns, whatever would hold more."""
    layout = lay_out(plan("A4", (25, 35, None), per_row=5))
    assert max(sum(slot.y_mm == one.y_mm for slot in layout.slots) for one in layout.slots) == 5


def test_photos_on_a_picture_keep_every_pixel(settings: Settings) -> None:
    """A lossless sheet at the photos' dpi has each photo's own pixels at each of its places, turned ones too."""
    sheet, photos = made(plan("6寸", (25, 35, None), cut_marks=CutMarks.LINES), settings)
    rgb = pixels(sheet)
    assert any(slot.turned for slot in sheet.layout.slots)
    for slot in sheet.layout.slots:
        own = photos[slot.item].rgb
        own = np.rot90(own, -1) if slot.turned else own
        height, width = own.shape[:2]
        x = round((slot.x_mm + slot.width_mm / 2) * 300 / 25.4 - width / 2)
        y = round((slot.y_mm + slot.height_mm / 2) * 300 / 25.4 - height / 2)
        assert np.array_equal(rgb[y : y + height, x : x + width], own)
    assert rgb.shape[:2] == (round(152 * 300 / 25.4), round(102 * 300 / 25.4))
    assert Image.open(io.BytesIO(sheet.file.data)).info["dpi"] == pytest.approx((300, 300), abs=0.01)


@pytest.mark.parametrize("items", [[(25, 35, None)], list(MIXED)], ids=["full", "mixed"])
def test_the_edges_on_paper_are_where_they_should_be(items: list[tuple[float, float, int | None]], settings: Settings) -> None:
    """The PDF, rasterised by another program, shows each photo's four edges within 0.1 mm."""
    sheet, _ = made(plan("6寸", *items, format=SheetFormat.PDF, cut_marks=CutMarks.NONE, ruler=False), settings)
    page = pypdfium2.PdfDocument(sheet.file.data)[0]
    assert page.get_size() == pytest.approx((sheet.layout.width_mm * 72 / 25.4, sheet.layout.height_mm * 72 / 25.4), abs=1e-3)
    dark = np.asarray(page.render(scale=25.4 / 72 * PER_MM).to_pil().convert("L")) < 170
    for slot in sheet.layout.slots:
        y, x = (round(middle * PER_MM) for middle in (slot.y_mm + slot.height_mm / 2, slot.x_mm + slot.width_mm / 2))
        row, column = dark[y, :], dark[:, x]
        left, right = x - np.argmin(row[x::-1]) + 1, x + np.argmin(row[x:])
        top, bottom = y - np.argmin(column[y::-1]) + 1, y + np.argmin(column[y:])
        found = np.array([left, top, right, bottom]) / PER_MM
        wanted = [slot.x_mm, slot.y_mm, slot.x_mm + slot.width_mm, slot.y_mm + slot.height_mm]
        assert np.abs(found - wanted).max() <= 0.1


def test_a_pdf_keeps_photos_lossless_and_stores_each_once(settings: Settings) -> None:
    """Fifty places of one photo need one picture, whose pixels are the photo's own; the same sheet gives the same bytes."""
    sheet, photos = made(plan("A4", (25, 35, 50), format=SheetFormat.PDF, ruler=False), settings)
    again, _ = made(plan("A4", (25, 35, 50), format=SheetFormat.PDF, ruler=False), settings)
    assert sheet.file.data == again.file.data
    assert len(read_sheet_page(sheet.file.data).placed) == 50
    pictures = [one for one in pypdfium2.PdfDocument(sheet.file.data)[0].get_objects() if isinstance(one, pypdfium2.PdfImage)]
    assert sheet.file.data.count(b"/Subtype /Image") == 1
    assert np.array_equal(np.asarray(pictures[0].get_bitmap().to_pil().convert("RGB")), photos[0].rgb)


def test_the_ruler_on_paper_measures_true(settings: Settings) -> None:
    """The printed ruler's first and last line stand its length apart, within 0.1 mm, clear of every photo."""
    sheet, _ = made(plan("6寸", *MIXED, format=SheetFormat.PDF, cut_marks=CutMarks.NONE), settings)
    marks = marks_for(sheet.layout, CutMarks.NONE, (), ruler=True)
    assert marks.ruler_mm == 100
    page = pypdfium2.PdfDocument(sheet.file.data)[0]
    dark = np.asarray(page.render(scale=25.4 / 72 * PER_MM).to_pil().convert("L")) < 128
    row = dark[round((sheet.layout.height_mm - 1.2 - 2.2) * PER_MM)]  # where only the lines of whole centimetres reach
    (places,) = np.nonzero(row & ~np.roll(row, 1))
    assert len(places) == 11
    assert (places[-1] - places[0]) / PER_MM == pytest.approx(100, abs=0.1)
    for ink in marks.inks:
        for slot in sheet.layout.slots:
            beside = ink.x_mm + ink.width_mm <= slot.x_mm or ink.x_mm >= slot.x_mm + slot.width_mm
            assert beside or ink.y_mm >= slot.y_mm + slot.height_mm or ink.y_mm + ink.height_mm <= slot.y_mm


def test_cut_marks_stand_in_gaps_and_margins(settings: Settings) -> None:
    """With marks, what is not photo has lines; without, it is white."""
    with_marks, _ = made(plan("5寸", (25, 35, 8), cut_marks=CutMarks.LINES, ruler=False), settings)
    without, _ = made(plan("5寸", (25, 35, 8), cut_marks=CutMarks.NONE, ruler=False), settings)
    photos = pixels(without) < 100
    assert ((pixels(without) == 255) | photos).all()
    assert (pixels(with_marks)[~photos] < 200).any()
    assert np.array_equal(pixels(with_marks)[photos], pixels(without)[photos])


def test_bleed_goes_on_with_the_photos_own_edge(settings: Settings) -> None:
    """Half a millimetre beyond the edge stands the edge's own colour; the photo itself is untouched."""
    plain, photos = made(plan("5寸", (25, 35, 2), cut_marks=CutMarks.NONE, ruler=False), settings)
    bled, _ = made(plan("5寸", (25, 35, 2), cut_marks=CutMarks.NONE, ruler=False, bleed_mm=0.5), settings)
    inside = pixels(plain) < 100
    assert np.array_equal(pixels(bled)[inside], pixels(plain)[inside])
    slot = plain.layout.slots[0]
    x, y = round((slot.x_mm + slot.width_mm / 2) * 300 / 25.4), round((slot.y_mm - 0.25) * 300 / 25.4)
    assert (pixels(bled)[y, x] < 100).all() and (pixels(plain)[y, x] == 255).all()
    assert photos[0].rgb.shape == (413, 295, 3)


def test_a_photo_of_another_dpi_is_resampled_and_that_is_told(settings: Settings) -> None:
    """The finest photo decides; the other one is brought to it, in the size it should have."""
    sheet, trace = plan("6寸", (25, 35, 2), (35, 49, 2)), Trace()
    photos = [photo(sheet.items[0], dpi=300), photo(sheet.items[1], dpi=350)]
    done = make_sheet(photos, sheet, settings, trace)
    assert next(check.value for check in done.checks if check.name == "sheet_dpi") == 350
    assert "sheet_resampled" in {note.code for note in trace.notes}


def test_a_photo_of_another_shape_is_never_stretched(settings: Settings) -> None:
    """A square photo on a place of 25×35 mm is refused with a size that would be right."""
    sheet = plan("6寸", (25, 35, 2))
    square = SheetPhoto(rgb=np.zeros((300, 300, 3), np.uint8), dpi=300)
    with pytest.raises(Infeasible) as refused:
        make_sheet([square], sheet, settings, Trace())
    assert refused.value.params["best"] == "25×25 mm"


@pytest.mark.parametrize("kind", [SheetFormat.PNG, SheetFormat.PDF])
def test_captions_stand_under_the_photos(kind: SheetFormat, settings: Settings) -> None:
    """A name in Latin letters needs no font of its own; there is ink under each photo and none on it."""
    sheet = plan("5寸", (25, 35, 4), caption=Caption.NAME, cut_marks=CutMarks.NONE, ruler=False, format=kind)
    done, photos = made(sheet, settings)
    scale = 300 / 25.4
    rgb = (
        pixels(done)
        if kind is SheetFormat.PNG
        else np.asarray(pypdfium2.PdfDocument(done.file.data)[0].render(scale=300 / 72).to_pil())
    )
    for slot in done.layout.slots:
        below = rgb[round((slot.y_mm + slot.height_mm + 0.5) * scale) : round((slot.y_mm + slot.height_mm + 2.9) * scale)]
        assert (below[:, round(slot.x_mm * scale) : round((slot.x_mm + slot.width_mm) * scale)] < 100).any()
    assert len(photos) == 1


def test_chinese_captions_need_a_font_and_say_which(caption_font: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the font there is a sheet; with none on the machine the error names the one to fetch, before anything is drawn."""
    sheet = plan("5寸", (25, 35, 4), caption=Caption.NAME)
    named = [photo(sheet.items[0], name="张三")]
    assert make_sheet(named, sheet, caption_font, Trace()).layout.caption_mm > 0
    monkeypatch.setattr("f2p.recipes.sheet.caption_fonts", lambda: ())
    bare = replace(caption_font, models_dir=caption_font.models_dir / "none")
    with pytest.raises(ModelMissing) as missing:
        make_sheet(named, sheet, bare, Trace())
    assert missing.value.params["name"] == "caption-font"
