"""What is private in read text, and what is not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.redaction.lines import line, page

from f2p.catalogue.private import looks
from f2p.stages.check_digits import holds
from f2p.stages.hidden import hidden_spots, masked
from f2p.stages.numbers import number_spans
from f2p.stages.private_text import private_spans
from f2p.values.redaction import ENTITIES, PICTURED, RedactionPlan, Why
from f2p.values.text import TextLine

ID = "11010519491231002X"
CARD = "6222020200000000006"
CREDIT = "91350100M000100Y43"


def values(lines: Sequence[TextLine], *entities: str, exclude: tuple[str, ...] = ()) -> list[str]:
    """The values found, as text."""
    spans = private_spans(lines, RedactionPlan(entities=entities, exclude=exclude), 3000)
    return ["".join(lines[i].glyphs[k].char for i, k in dict.fromkeys(span.spots)) for span in spans]


def test_check_digits_hold_for_true_numbers_and_for_no_slip_of_one_digit() -> None:
    """Examples of the standards pass; every number that differs in one digit fails."""
    for check, value in (("gb11643", ID), ("luhn", CARD), ("gb32100", CREDIT)):
        assert holds(check, value)
        for i in range(6, 10):
            other = value[:i] + str((int(value[i]) + 1) % 10 if value[i].isdigit() else 0) + value[i + 1 :]
            assert not holds(check, other)


@pytest.mark.parametrize(
    ("entity", "text", "value"),
    [
        ("id_number", f"公民身份号码 {ID}", ID),
        ("id_number", "身份证 1101 0519 4912 3100 2X 复印件", "1101 0519 4912 3100 2X"),
        ("id_number", "身份证号:110105194912310027", "110105194912310027"),
        ("bank_card", f"请汇至 {CARD} 王小明", CARD),
        ("bank_card", "卡号:6222 0202 0000 0000 006", "6222 0202 0000 0000 006"),
        ("bank_account", "开户行账号:0200001909200212345", "0200001909200212345"),
        ("bank_account", "Account number: 12345678", "12345678"),
        ("phone", "手机13812345678联系", "13812345678"),
        ("phone", "电话:138-1234-5678", "138-1234-5678"),
        ("phone", "总机010-62345678转", "010-62345678"),
        ("phone", "Call (415) 555-2671 today", "(415) 555-2671"),
        ("email", "邮箱 wang.xm@example.com.cn 即可", "wang.xm@example.com.cn"),
        ("passport", "护照 E12345678 有效", "E12345678"),
        ("license_plate", "车牌京A·12345停放", "京A·12345"),
        ("credit_code", f"统一社会信用代码:{CREDIT}", CREDIT),
        ("tax_number", f"纳税人识别号:{CREDIT}", CREDIT),
        ("case_number", "本院(2025)京0105民初12345号判决", "(2025)京0105民初12345号"),
        ("amount", "租金人民币12,800.00元整", "12,800.00"),
        ("amount", "共计壹万贰仟捌佰元整支付", "壹万贰仟捌佰元整"),
        ("date", "于2025年3月15日前", "2025年3月15日"),
        ("date", "Dated March 5, 2025 in", "March 5, 2025"),
        ("page_number", "第 3 页 共 12 页", "第 3 页"),
        ("name", "姓名:王小明 性别:男", "王小明"),
        ("name", "出租方(甲方):欧阳娜娜", "欧阳娜娜"),
        ("name", "承租方(乙方):徐伟身份证号:330106195304144197", "徐伟"),
        ("name", "付款人户名|张玲|付款人账号|6222020200000000006", "张玲"),
        ("name", "姓名李娟杰", "李娟杰"),
        ("address", "住址:浙江省杭州市西湖区文三路384号电话:15592713945", "浙江省杭州市西湖区文三路384号"),
        ("name", "Name: Mary Johnson", "Mary Johnson"),
        ("address", "住址:北京市海淀区中关村大街27号院3号楼1502室", "北京市海淀区中关村大街27号院3号楼1502室"),
        ("address", "送到广东省深圳市南山区科技园路8号收", "送到广东省深圳市南山区科技园路8号"),
    ],
)
def test_each_kind_is_found_whole(entity: str, text: str, value: str) -> None:
    """The value as it stands in a sentence or behind its label, from its first character to its last."""
    assert value in values(page(text), entity)


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("id_number", "订单 202500000000000123 已发货"),
        ("id_number", "案号 (2025)京0105民初12345号"),
        ("bank_card", "流水 1234567890123456"),
        ("phone", "订单编号 98138123456789"),
        ("name", "姓名:性别:"),
        ("name", "由乙方承担。"),
        ("name", "收款人账号|6222020200000000006"),
        ("bank_card", "身份证440305195401257855"),
        ("address", "to the address above or by telephone to us"),
        ("amount", "第3条 第12款"),
        ("page_number", "共3人"),
    ],
)
def test_what_only_looks_a_little_like_it_stays(entity: str, text: str) -> None:
    """Numbers of other kinds, and labels without a value."""
    assert values(page(text), entity) == []


def test_a_misread_check_digit_is_still_private() -> None:
    """A number that would be a resident ID but for its last digit counts, marked as near."""
    (span,) = private_spans(page(f"证件 {ID[:-1]}3"), RedactionPlan(entities=("id_number",)), 3000)
    assert span.why is Why.NEAR


@pytest.mark.parametrize(
    "rows", [(f"身份证{ID[:10]}", f"{ID[10:]} 王小明"), (f"卡|{ID[:6]}|{ID[6:14]}|{ID[14:]}",), ("|".join(ID),)]
)
def test_a_value_split_over_lines_or_cells_is_one(rows: tuple[str, ...]) -> None:
    """The end of one line and the beginning of the next, or cell beside cell."""
    assert ID in values(page(*rows), "id_number")


def test_what_is_excluded_stays_unless_its_check_digits_prove_it() -> None:
    """Dates and amounts stay among digits; a proven ID is hidden although digits stay."""
    lines = page("2025年3月15日付12,800.00元", f"身份证{ID}", "电话13812345678")
    found = "".join(values(lines, "digits", exclude=("date", "amount")))
    assert "13812345678" in found and "2025" not in found and "800" not in found
    assert values(lines, "id_number", exclude=("digits",)) == [ID]


def test_every_number_of_a_line_is_found_however_it_is_written() -> None:
    """Full-width, with separators, half read as letters, in Chinese numerals; letters and words stay."""
    cases = {
        "共１２３份": ["１２３"], "12,800.00元": ["12,800.00"], "A4纸l0O张5S": ["4", "0", "5"], "2O25l234号": ["2O25l234"],
        "壹万贰仟元": ["壹万贰仟元"], "二〇二五年": ["二〇二五"], "第一条": [], "Bill Gates": [],
    }  # fmt: skip
    for text, numbers in cases.items():
        one = line(text)
        assert ["".join(text[i] for i in span) for span in number_spans(one)] == numbers, text


def test_what_the_reader_half_took_for_a_digit_is_hidden() -> None:
    """A letter that was nearly a digit counts as one."""
    assert number_spans(line("号B7元", doubt={1: 0.4})) == [(1, 2)]


def test_short_numbers_stay_where_a_length_is_asked_for() -> None:
    """Six digits and more, separators not counted."""
    lines = page("12345 和 123-456 和 1234567")
    spans = private_spans(lines, RedactionPlan(min_len=6), 3000)
    assert ["".join(lines[0].glyphs[k].char for _, k in span.spots) for span in spans] == ["123-456", "1234567"]


@pytest.mark.parametrize(
    ("plan", "shown"),
    [
        (RedactionPlan(keep_last=4), "•••••••5678"),
        (RedactionPlan(keep_first=3, keep_last=4), "138••••5678"),
        (RedactionPlan(mask="middle", mask_count=4), "138••••5678"),
        (RedactionPlan(mask="last", mask_count=4), "1381234••••"),
        (RedactionPlan(keep_first=6, keep_last=6), "•••••••••••"),
    ],
)
def test_what_is_kept_of_a_value(plan: RedactionPlan, shown: str) -> None:
    """As many characters stay as asked; a value too short for that is hidden whole."""
    lines = page("13812345678")
    (span,) = private_spans(lines, plan, 3000)
    assert masked(span, hidden_spots(span, lines, plan), lines) == shown


def test_every_entity_of_a_sentence_has_its_look() -> None:
    """What can be asked for in words can be looked for: in text, in pictures, or as any number."""
    assert set(ENTITIES) == set(looks()) | PICTURED | {"digits"}
