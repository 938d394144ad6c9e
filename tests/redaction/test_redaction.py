"""A real page through the real readers: what is asked for is gone, the rest is as it was, and in doubt nothing comes out."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image
from tests.redaction.conftest import Sample
from tests.redaction.lines import line

from f2p.engines.suite import Engines
from f2p.errors import NotFinds, NotProven
from f2p.files.finds import finds_json, read_finds
from f2p.files.page import decoded
from f2p.files.pages import OnePage, TiffPages, open_pages
from f2p.files.photo import Limits
from f2p.recipes.page_reading import read_page
from f2p.recipes.redaction import READ_PX, redact
from f2p.recipes.redaction_preview import preview
from f2p.recipes.trace import Trace
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8
from f2p.values.redaction import Find, Place, RedactionPlan, Style, Why
from f2p.values.text import TextLine

LIMITS = Limits(max_bytes=1 << 26, max_pixels=120_000_000)


def pages_of(sample: Sample) -> OnePage:
    """The sample as a document."""
    return OnePage(sample.path.read_bytes(), "contract.png", LIMITS)


def black(rgb: Rgb8, box: tuple[int, int, int, int]) -> float:
    """Share of a box that is black."""
    left, top, right, low = box
    return float((rgb[top:low, left:right] == 0).all(axis=2).mean())


def test_lines_are_read_with_the_place_of_every_character(sample: Sample, engines: Engines) -> None:
    """The numbers are read right, and each digit's middle lies inside its true box."""
    lines = read_page(sample.rgb, engines.reader, READ_PX)
    one = next(one for one in lines if "11010519491231002X" in one.text)
    at = one.text.index("11010519491231002X")

    glyphs = [glyph for glyph in one.glyphs if glyph.char][at : at + 18]
    for glyph, (left, _, right, _) in zip(glyphs, sample.boxes("11010519491231002X"), strict=True):
        x = one.corners[0, 0] + glyph.at * one.length_px
        assert left - 4 <= x <= right + 4


@pytest.mark.slow
def test_all_digits_go_and_all_other_characters_stay(sample: Sample, engines: Engines) -> None:
    """Every digit is covered to 95 %, no Chinese character or letter loses anything, pixels outside the boxes are untouched."""
    done = redact(pages_of(sample), RedactionPlan(), engines, Trace())
    out = decoded(done.data)
    changed, ink = (out != sample.rgb).any(axis=2), sample.rgb.max(axis=2) < 128

    for char, *box in sample.chars:
        left, top, right, low = box
        if char.isdigit():
            assert black(out, (left, top, right, low)) > 0.93, char
        elif char.isalpha() and char != "X":
            assert not (changed & ink)[top:low, left:right].any(), char
    assert (out[changed] == 0).all()
    assert done.receipt.checks == ("second_reader",)
    assert done.receipt.counts == {"digits": len(done.finds)}


@pytest.mark.slow
def test_small_print_on_a_very_large_page_is_found(sample: Sample, engines: Engines) -> None:
    """The end of a strip of 5000 px is read as well as a page of its own."""
    sheet = np.full((560, 5000, 3), 250, np.uint8)
    sheet[20:540, 4000:4900] = sample.rgb
    text = " ".join(one.text for one in read_page(sheet, engines.reader, READ_PX))
    assert "11010519491231002X" in text and "13812345678" in text


def test_amounts_that_are_to_stay_are_still_there(sample: Sample, engines: Engines) -> None:
    """Numbers go, amounts and dates stay, in both readers' eyes."""
    plan = RedactionPlan(exclude=("amount", "date"))
    out = decoded(redact(pages_of(sample), plan, engines, Trace()).data)
    assert min(black(out, box) for box in sample.boxes("6222020200000000006")) > 0.9
    for text in ("12,800.00", "2025", "1,280.50"):
        assert max(black(out, box) for box in sample.boxes(text)) < 0.3, text


@pytest.mark.slow
def test_only_what_is_named_goes(sample: Sample, engines: Engines) -> None:
    """ID number but for its last four, name and address; the phone, the card and the amounts stay."""
    plan = RedactionPlan(entities=("id_number", "name"), keep_last=4)
    out = decoded(redact(pages_of(sample), plan, engines, Trace()).data)

    number = [black(out, box) for box in sample.boxes("11010519491231002X")]
    assert min(number[:14]) > 0.9 and max(number[14:]) < 0.1
    assert min(black(out, box) for box in sample.boxes("王小明")) > 0.9
    for text in ("13812345678", "6222020200000000006", "12,800.00", "2025年3月15日"):
        assert max(black(out, box) for box in sample.boxes(text)) < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("turn", [1, 2])
def test_a_page_that_lies_or_stands_on_its_head_is_read_too(sample: Sample, engines: Engines, turn: int) -> None:
    """Quarter and half turns change nothing about what is found."""
    lines = read_page(np.ascontiguousarray(np.rot90(sample.rgb, turn)), engines.reader, READ_PX)
    text = " ".join(one.text for one in lines)
    assert "11010519491231002X" in text and "13812345678" in text


def test_a_preview_hides_nothing_and_its_list_is_applied_exactly(sample: Sample, engines: Engines) -> None:
    """The listed patch is covered, nothing else; the list holds no value; a list of another document is refused."""
    plan = RedactionPlan(entities=("id_number",))
    files, finds = preview(pages_of(sample), plan, engines, Trace())

    listing = files[-1].data
    assert b"11010519" not in listing and "•".encode() in listing
    kept = read_finds(listing, "finds.json", pages_of(sample).sha256)
    assert kept == finds and kept[0].why is Why.CHECK
    mine = Find(page=1, entity="digits", places=(Place(corners=((10, 10), (60, 10), (60, 40), (10, 40))),), why=Why.PERSON)
    out = decoded(redact(pages_of(sample), plan, engines, Trace(), [mine]).data)
    assert (out[10:40, 10:60] == 0).all()
    out = np.array(out)
    out[10:40, 10:60] = sample.rgb[10:40, 10:60]
    assert (out == sample.rgb).all()
    with pytest.raises(NotFinds):
        read_finds(finds_json("0" * 64, [], finds), "finds.json", pages_of(sample).sha256)
    with pytest.raises(NotFinds):
        read_finds(b"[]", "finds.json", pages_of(sample).sha256)


class _Doubting:
    """Engines whose second reader is never content."""

    def __init__(self, engines: Engines) -> None:
        self.reader = engines.reader
        self.moved = 0

    @property
    def second_reader(self) -> _Doubting:
        return self

    def find(self, rgb: Rgb8, side_px: int) -> tuple[Points, ...]:
        return (line("电话13812345678", x=0, y=20).corners,)

    def read(self, rgb: Rgb8, boxes: Sequence[Points]) -> tuple[TextLine, ...]:
        self.moved += 1
        return (line("电话13812345678", x=10, y=float(60 * self.moved)),)


def test_in_doubt_nothing_is_delivered(sample: Sample, engines: Engines) -> None:
    """A second reader that always finds one more number ends in a refusal with page and place, not in a file."""
    with pytest.raises(NotProven) as refused:
        redact(pages_of(sample), RedactionPlan(entities=("phone",)), _Doubting(engines), Trace())  # type: ignore[arg-type]
    assert refused.value.params["page"] == 1 and refused.value.params["y"] > 0
    assert "138" not in str(refused.value)


def test_a_tiff_stack_stays_one_with_its_size_and_dpi(sample: Sample, engines: Engines) -> None:
    """Two pages in, two pages out, 200 dpi, only the named page changed."""
    stream = io.BytesIO()
    page = Image.fromarray(sample.rgb[:120, :400])
    page.save(stream, "TIFF", save_all=True, append_images=[page], dpi=(200, 200))
    pages = open_pages(stream.getvalue(), "stack.tif", LIMITS)
    assert isinstance(pages, TiffPages)
    mine = Find(page=2, entity="digits", places=(Place(corners=((0, 0), (50, 0), (50, 50), (0, 50))),), why=Why.PERSON)

    done = redact(pages, RedactionPlan(), engines, Trace(), [mine])

    with Image.open(io.BytesIO(done.data)) as stack:
        assert stack.n_frames == 2 and stack.size == (400, 120)
        for number, dark in ((0, False), (1, True)):
            stack.seek(number)
            assert (np.asarray(stack.convert("RGB"))[:50, :50] == 0).all() == dark
            assert round(float(stack.info["dpi"][0])) == 200


def test_the_style_is_drawn_and_holds_nothing_of_what_it_covers(sample: Sample) -> None:
    """Two pages that differ only under the patch look the same afterwards, in every style, and all styles differ."""
    from f2p.stages.conceal import concealed

    place = Place(corners=((150, 110), (420, 110), (420, 140), (150, 140)), stars=9)
    other = np.array(sample.rgb)
    other[110:140, 150:420] = np.random.default_rng(3).integers(0, 255, (30, 270, 3), dtype=np.uint8)
    looks = {style: concealed(sample.rgb, [place], style) for style in Style}
    for style, rgb in looks.items():
        assert (concealed(other, [place], style) == rgb).all()
    assert len({rgb.tobytes() for rgb in looks.values()}) == len(Style)
