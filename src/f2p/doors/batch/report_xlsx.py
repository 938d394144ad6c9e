"""The report as an Excel workbook: a sheet of all people, and one of those who must do something."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from f2p.catalogue.messages import Messages
from f2p.doors.batch.lines import Line
from f2p.values.batch import Group, Roster

_COLOURS = {Group.READY: "1A7F37", Group.FIXED: "0B6E99", Group.CHECK: "9A6700", Group.RETAKE: "C1272D"}
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_xlsx(path: Path, lines: Iterable[Line], roster: Roster | None, text: Messages) -> None:
    """Streams the rows; no time stands in the file, so the same batch gives the same bytes."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    headers = list(roster.headers) if roster is not None else []
    own = ("status", "why", "head_mm", "eye_line_mm", "light", "notice_column")
    titles = [text.text("batch.who"), *headers, text.text("batch.file"), text.text("batch.after")]
    titles += [text.text(f"batch.{name}") for name in own]
    sheet = _sheet(book, text.text("batch.all"), titles)
    urgent: list[list[Any]] = []
    for line in lines:
        values = _values(line, roster, headers, text)
        sheet.append(_styled(sheet, values, line.row.group, len(headers) + 3))
        if line.row.group in (Group.CHECK, Group.RETAKE):
            urgent.append([line.row.group, *values])
    second = _sheet(book, text.text("batch.retake"), titles)
    for group, *values in sorted(urgent, key=lambda row: row[0] is not Group.RETAKE):
        second.append(_styled(second, values, group, len(headers) + 3))
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_without_time(buffer.getvalue()))


def _sheet(book: Any, name: str, titles: list[str]) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31])
    sheet.freeze_panes = "B2"
    for number in range(1, len(titles) + 1):
        wide = {1: 22, len(titles): 60, len(titles) - 4: 60}.get(number, 16)
        sheet.column_dimensions[get_column_letter(number)].width = wide
    bold = []
    for title in titles:
        cell = WriteOnlyCell(sheet, value=_clean(title))
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    return sheet


def _values(line: Line, roster: Roster | None, headers: list[str], text: Messages) -> list[Any]:
    row, measured = line.row, line.row.measured
    cells = roster.people[row.person].cells if roster is not None and row.person is not None else {}
    finished = ", ".join(row.files) if row.group is not Group.RETAKE else ""
    numbers = [None] * 3 if measured is None else [measured.head_mm, measured.eye_line_mm, measured.light]
    texts = [row.label, *(cells.get(header, "") for header in headers), row.source, finished]
    texts += [text.text(f"batch.{row.group.value}"), line.why]
    return [*(_clean(one) for one in texts), *numbers, _clean(line.notice)]


def _styled(sheet: Any, values: list[Any], group: Group, status_at: int) -> list[Any]:
    """The status in its colour; texts as texts, whatever they begin with."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=values[status_at])
    cell.font = Font(bold=True, color=_COLOURS[group])
    row = [*values[:status_at], cell, *values[status_at + 1 :]]
    return [_literal(sheet, value) for value in row]


def _literal(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(_FORMULA):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"  # a name that begins with "=" is no formula
    return cell


def _clean(value: str) -> str:
    return _BAD.sub("", value)[:32_000]


def _without_time(data: bytes) -> bytes:
    """The same workbook, with every time in it set to 1980."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return buffer.getvalue()
