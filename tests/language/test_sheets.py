"""Sheets from sentences: the paper, counts and marks that were said, the usual ones where nothing was, each told."""

from __future__ import annotations

import pytest

from f2p.errors import Infeasible, UnknownPaper
from f2p.language import explain, plan_from_json, plan_to_json, read, resolve
from f2p.values.plan import FileFormat, IdPhotoPlan, files_of
from f2p.values.reading import Reading
from f2p.values.sheet import Caption, CutMarks, SheetFormat, SheetPlan


def planned(sentence: str) -> tuple[IdPhotoPlan, SheetPlan]:
    """The plan of a sentence, and its sheet."""
    plan = resolve(read(sentence))[0]
    assert plan.sheet is not None
    return plan, plan.sheet


def on_paper(sheet: SheetPlan) -> list[tuple[float, float, int | None]]:
    """Width, height and count of everything on the sheet."""
    return [(item.width_mm, item.height_mm, item.count) for item in sheet.items]


@pytest.mark.parametrize(
    ("sentence", "paper", "items"),
    [
        ("排一版6寸", "6inch", [(25, 35, None)]),
        ("5寸相纸排8张带裁切线", "5inch", [(25, 35, 8)]),
        ("A4排满一寸", "a4", [(25, 35, None)]),
        ("4张两寸4张一寸混排,6寸相纸", "6inch", [(35, 49, 4), (25, 35, 4)]),
        ("100×150mm的相纸排满一寸", "100x150mm", [(25, 35, None)]),
        ("一寸,打印在 90*130 毫米的纸上", "90x130mm", [(25, 35, None)]),
        ("fill 90 x 130 mm paper with 1 inch photos", "90x130mm", [(25, 35, None)]),
        ("5R paper, as many 2 inch photos as fit", "5r", [(35, 49, None)]),
        ("put six 35x45 mm photos on a letter page", "letter", [(35, 45, 6)]),
        ("一寸,3毫米白边,6寸相纸排6张", "6inch", [(31, 41, 6)]),
        ("six US visa photos on a 4x6 inch sheet, 0 mm gap, 0 mm margin", "4x6in", [(50.8, 50.8, 6)]),
        ("我要排版的", "6inch", [(25, 35, None)]),
    ],
)
def test_a_sentence_says_what_is_on_the_paper(sentence: str, paper: str, items: list[tuple[float, float, int | None]]) -> None:
    """Paper, sizes and counts must be those of the sentence; a count that was not said fills the sheet."""
    _, sheet = planned(sentence)
    assert sheet.paper.id == paper
    assert on_paper(sheet) == items


def test_a_mixed_sheet_makes_the_photo_in_its_first_size() -> None:
    """Of several sizes the first one is the photo's own, unless another was said."""
    assert planned("4张两寸4张一寸混排,6寸相纸")[0].spec.id == "cn_2inch"


@pytest.mark.parametrize(
    ("sentence", "marks"),
    [("6寸排版", CutMarks.TICKS), ("6寸排版,带裁切线", CutMarks.LINES), ("六寸排版，裁剪线不要", CutMarks.NONE)],
)
def test_cut_marks_follow_the_sentence(sentence: str, marks: CutMarks) -> None:
    """Corner ticks unless lines are asked for or marks are not wanted."""
    assert planned(sentence)[1].cut_marks is marks


def test_a_gap_that_was_said_is_kept() -> None:
    """The usual gap may shrink to hold more; one that was named may not, and neither may a margin."""
    assert planned("A4排满一寸,间距0")[1].gap_mm == 0
    said, usual = planned("A4排版，间隔3毫米，边距8毫米")[1], planned("A4排版")[1]
    assert (said.gap_mm, said.tight_gap_mm, said.margin_mm, said.least_margin_mm) == (3, 3, 8, 8)
    assert usual.least_gap_mm < usual.gap_mm and usual.least_margin_mm < usual.margin_mm


def test_pdf_is_said_of_the_sheet() -> None:
    """PDF said beside a sheet makes the sheet one; the photo stays what the standard takes."""
    plan, sheet = planned("A4排满一寸,PDF")
    assert sheet.format is SheetFormat.PDF
    assert plan.encoding.format is FileFormat.JPG
    assert [(slot.role, slot.suffix) for slot in files_of(plan)] == [("photo", ".jpg"), ("sheet", ".pdf")]


def test_names_under_photos_and_rows() -> None:
    """Captions and photos per row are part of the sheet."""
    assert planned("A4排版，每张照片下面印上姓名")[1].caption is Caption.NAME
    assert planned("小一寸，五寸相纸，一行放四张")[1].per_row == 4


def test_what_was_not_said_is_told() -> None:
    """Count, gap, margin and marks that the product chose stand under assumed; what was said does not."""
    assumed = {one.key for one in resolve(read("6寸排版"))[1].assumed}
    assert {"sheet.count", "sheet.gap_mm", "sheet.margin_mm", "sheet.cut_marks"} <= assumed
    said = {one.key for one in resolve(read("6寸排8张,间距2毫米,页边距5毫米,不要裁切线"))[1].assumed}
    assert not {key for key in said if key.startswith("sheet.")}


@pytest.mark.parametrize(
    "sentence",
    [
        "排一版6寸",
        "A4排满一寸,PDF",
        "4张两寸4张一寸混排,6寸相纸",
        "90*130毫米的纸排6张,不要裁切线",
        "4R sheet, 3 per row, names under each photo",
    ],
)
def test_a_sheet_survives_words_and_json(sentence: str) -> None:
    """A plan with a sheet is the same after its explanation in either language and after JSON."""
    plan, _ = planned(sentence)
    assert plan_from_json(plan_to_json(plan)) == plan
    assert [resolve(read(explain(plan, language)))[0] for language in ("zh", "en")] == [plan, plan]


def test_what_one_office_forbids_holds_for_the_whole_sheet() -> None:
    """A sheet with a US visa photo is made without edits, whatever else is on it."""
    asked = {"sheet": {"mixed": [{"size": "cn_1inch", "count": 2}, {"size": "us_visa", "count": 2}]}, "retouch": "strong"}
    plan = resolve(Reading(sentence="", asked=asked, assumed=(), ignored=(), spans=()))[0]
    assert plan.retouch.value == "none" and plan.backdrop.kind.value == "keep"


@pytest.mark.parametrize(
    ("sheet", "error"),
    [
        ({"paper": "napkin"}, UnknownPaper),
        ({"count": 100000}, Infeasible),
        ({"gap_mm": 900}, Infeasible),
        ({"margin_mm": 900}, Infeasible),
    ],
)
def test_impossible_sheets_are_refused(sheet: dict[str, object], error: type[Exception]) -> None:
    """Papers nobody has and numbers no paper holds are errors of their own, not sheets."""
    with pytest.raises(error):
        resolve(Reading(sentence="", asked={"sheet": sheet}, assumed=(), ignored=(), spans=()))


@pytest.mark.parametrize(
    ("sentence", "sizes"),
    [
        ("4张美国签证4张一寸混排", [("us_visa", 4), ("cn_1inch", 4)]),
        ("4张一寸2张美国签证混排,A4", [("cn_1inch", 4), ("us_visa", 2)]),
        ("4张小二寸和4张护照混排", [("cn_small_2inch", 4), ("cn_passport", 4)]),
        ("2 US visa photos and 4 one-inch photos on A4", [("us_visa", 2), ("cn_1inch", 4)]),
    ],
)
def test_documents_stand_on_a_mixed_sheet_with_their_counts(sentence: str, sizes: list[tuple[str, int]]) -> None:
    """A document counts like a size on a sheet of several sizes, whichever comes first; no word is lost."""
    reading = read(sentence)
    assert [(one["size"], one["count"]) for one in reading.asked["sheet"]["mixed"]] == sizes
    assert not reading.ignored


def test_passport_and_visa_of_no_country_are_one_general_photo() -> None:
    """Both words are understood, and that no country was said is told."""
    reading = resolve(read("passport photo + visa photo"))[1]
    assert not reading.ignored
    assert [one.why for one in reading.assumed if one.key == "size"] == ["ambiguous_visa"]
