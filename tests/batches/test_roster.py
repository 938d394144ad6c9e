"""Rosters as people keep them: titles first, columns in any words, numbers that Excel has touched."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from f2p.batches.roster import read_roster
from f2p.errors import RosterUnusable


def workbook(rows: list[list[object]]) -> bytes:
    """An .xlsx with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_an_excel_roster_is_found_below_its_title() -> None:
    """A title and an empty row come first; numbers come as texts without ".0"; an empty row is nobody."""
    rows: list[list[object]] = [
        ["2023级名单"],
        [],
        ["学生学号(必填)", "姓名 ", "背景颜色"],
        [2023001.0, "张三", None],
        [],
        ["007", "李四", "蓝"],
    ]
    roster = read_roster(workbook(rows), "名单.xlsx")

    assert roster.columns == {"student_id": "学生学号(必填)", "name": "姓名", "background": "背景颜色"}
    assert [(person.row, person.ids, person.name) for person in roster.people] == [
        (4, ("2023001",), "张三"),
        (6, ("007",), "李四"),
    ]
    assert roster.people[1].known["background"] == "蓝"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_roster_is_read_in_any_usual_encoding(encoding: str, delimiter: str) -> None:
    """Chinese Excel writes GB 18030, others UTF-8 with or without a mark; zeros kept by ="…" stay."""
    lines = ["工号,姓名,部门", '="0012",王小明,财务', "0013,Anna Müller,IT" if encoding != "gb18030" else "0013,Anna,IT"]
    roster = read_roster("\r\n".join(lines).replace(",", delimiter).encode(encoding), "staff.csv")

    assert roster.columns["staff_id"] == "工号"
    assert roster.people[0].label == "0012 王小明"


def test_english_headers_mean_the_same() -> None:
    """Columns are found by their names in both languages."""
    roster = read_roster(b"Student ID,Full Name,Photo file,E-mail\n7,Li Lei,a.jpg,l@x.org\n", "r.csv")

    assert set(roster.columns) == {"student_id", "name", "file", "contact"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"PK\x03\x04broken", "no_table"),
        ("身高,体重\n170,60\n".encode(), "no_naming_column"),
        ("学号,姓名\n".encode(), "no_people"),
    ],
)
def test_what_is_no_roster_is_told(data: bytes, reason: str) -> None:
    """A file that names nobody is refused with the reason."""
    with pytest.raises(RosterUnusable) as caught:
        read_roster(data, "x")

    assert caught.value.params["reason"] == reason
