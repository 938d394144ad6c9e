"""Private things that are no text (seals, signatures, faces, codes) are covered whole, and the print beside them stays."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from tests.redaction.drawn import Box, Paper, scanned

from f2p.engines.suite import Engines
from f2p.files.page import decoded
from f2p.files.pages import OnePage
from f2p.files.photo import Limits
from f2p.recipes.redaction import Redacted, redact
from f2p.recipes.trace import Trace
from f2p.stages.codes import bar_codes, qr_codes
from f2p.stages.conceal import mask_of
from f2p.stages.pictured import seals
from f2p.values.pixels import Rgb8
from f2p.values.redaction import RedactionPlan, Style, Why

LIMITS = Limits(max_bytes=1 << 26, max_pixels=120_000_000)


def done_to(rgb: Rgb8, plan: RedactionPlan, engines: Engines) -> Redacted:
    """The redacted document of one lossless page."""
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "PNG", dpi=(200, 200))
    return redact(OnePage(stream.getvalue(), "page.png", LIMITS), plan, engines, Trace())


def covered(rgb: Rgb8, box: Box) -> float:
    """Share of a box that is black."""
    left, top, right, low = box
    return float((rgb[top:low, left:right] == 0).all(axis=2).mean())


@pytest.mark.parametrize(("degrees", "blur"), [(0, 0.3), (3, 1.2), (-8, 1.8)])
def test_seals_and_codes_are_found_whole_and_once_on_poor_scans_too(degrees: float, blur: float) -> None:
    """A round seal with its star is one find, a square one another; print and blue ink are none; codes are found unread too."""
    paper = Paper(1200, 900)
    for row in range(3):
        paper.text(60, 40 + 60 * row, "双方本着平等自愿的原则签订本合同")
    paper.signature(700, 60, 300, 90)
    boxes = [paper.round_seal(250, 400, 120), paper.square_seal(560, 400, 60)]
    boxes += [paper.qr_code(800, 300, 220), paper.bar_code(400, 640, "6901234567892", 4, 110)]
    page, there = scanned(paper.rgb, degrees, blur, boxes)

    for found, count, mine in ((seals(page), 2, there[:2]), (qr_codes(page), 1, there[2:3]), (bar_codes(page), 1, there[3:])):
        assert len(found) == count
        mask = mask_of(page.shape, found)
        assert all(mask[top:low, left:right].all() for left, top, right, low in mine)
        assert mask.mean() < 0.16 and not mask[: int(0.12 * 900)].any()


@pytest.mark.slow
def test_a_page_with_everything_on_it_loses_what_is_named_and_keeps_its_print(engines: Engines) -> None:
    """Seal, signature, face, QR and bar code are black afterwards; no character of the text lost a pixel."""
    paper = Paper(1100, 800)
    text = paper.text(60, 40, "双方本着平等自愿的原则签订本合同并共同遵守") + paper.text(60, 660, "乙方签字:")
    boxes = {
        "seal": paper.round_seal(200, 280, 110),
        "signature": paper.signature(230, 640, 230, 64),
        "face": paper.face(760, 130, 300),
        "qr_code": paper.qr_code(420, 180, 200),
        "barcode": paper.bar_code(400, 460, "6901234567892", 3, 90),
    }
    done = done_to(paper.rgb, RedactionPlan(entities=tuple(boxes)), engines)
    out = decoded(done.data)

    for name, box in boxes.items():
        assert covered(out, box) > 0.99, name
        assert sum(find.entity == name and find.why is Why.PICTURE for find in done.finds) >= 1
    for left, top, right, low in text:
        assert (out[top:low, left:right] == paper.rgb[top:low, left:right]).all()


@pytest.mark.slow
def test_stars_stand_in_place_of_what_goes_and_the_ends_stay(engines: Engines) -> None:
    """First three and last four of a phone number stay to the pixel; four stars of the paper's brightness stand between."""
    paper = Paper(900, 160)
    boxes = paper.text(60, 50, "联系电话:13812345678,请勿外传")[5:16]
    plan = RedactionPlan(entities=("phone",), style=Style.STARS, keep_first=3, keep_last=4)
    out = decoded(done_to(paper.rgb, plan, engines).data)

    for left, top, right, low in (*boxes[:3], *boxes[7:]):
        assert (out[top:low, left:right] == paper.rgb[top:low, left:right]).all()
    left, top, right, low = boxes[3][0], boxes[3][1], boxes[6][2], boxes[6][3]
    dark = (out[top:low, left:right].max(axis=2) < 128).any(axis=0)
    assert int(np.diff(dark.astype(int), prepend=0).clip(0).sum()) == 4
    assert (out != paper.rgb).any(axis=2)[:, : left - 6].sum() == 0


@pytest.mark.slow
def test_full_width_and_chinese_numerals_are_numbers_and_words_with_one_are_none(engines: Engines) -> None:
    """１２３４５６, 壹万贰仟捌佰元整 and 二〇二五 go; 一致 and 三方 keep all ink."""
    paper = Paper(1100, 260)
    first = paper.text(60, 30, "编号１３８１２３４５６,双方一致同意")
    second = paper.text(60, 100, "合计壹万贰仟捌佰元整支付给第三方")
    third = paper.text(60, 170, "于二〇二五年签订")
    out = decoded(done_to(paper.rgb, RedactionPlan(), engines).data)

    for box in (*first[2:11], *second[2:8], *third[1:5]):
        assert covered(out, box) > 0.9
    ink, changed = paper.rgb.max(axis=2) < 128, (out != paper.rgb).any(axis=2)
    for left, top, right, low in (*first[:2], *first[12:], *second[:2], *second[-6:], third[0], *third[-2:]):
        assert not (ink & changed)[top:low, left:right].any()


@pytest.mark.slow
def test_most_of_every_digit_stacked_upright_is_hidden(engines: Engines) -> None:
    """A column of upright digits beside ordinary print: no digit is left open, though edges of some show."""
    paper = Paper(900, 700)
    paper.text(60, 40, "双方本着平等自愿的原则签订本合同")
    boxes = paper.column(700, 120, "电话13812345678")[2:]
    out = decoded(done_to(paper.rgb, RedactionPlan(), engines).data)
    assert min(covered(out, box) for box in boxes) > 0.5
