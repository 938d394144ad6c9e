"""Tables that people keep in Excel or as CSV: bytes to rows of texts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator

from f2p.errors import RosterUnusable

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",;\t|"
_MOST_CELL = 1000


def read_table(data: bytes, name: str) -> Iterator[list[str]]:
    """The rows of the first sheet, each cell as the text that a person sees; numbers without needless ".0".

    .xlsx and .xlsm, else CSV in UTF-8, UTF-16 or GB 18030 with comma, semicolon, tab or bar. Raises RosterUnusable.
    """
    if data.startswith(b"PK"):
        return _workbook(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RosterUnusable(name=name, reason="old_excel")
    return _csv(data, name)


def _workbook(data: bytes, name: str) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size
        for row in sheet.iter_rows(values_only=True):
            yield [_text(cell) for cell in row]
    except (KeyError, IndexError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise RosterUnusable(name=name, reason="no_table") from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell).strip()[:_MOST_CELL]


def _csv(data: bytes, name: str) -> Iterator[list[str]]:
    text = _decoded(data, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            # ="00123" is how a CSV keeps zeros from Excel
            yield [cell.strip().removeprefix('="').removesuffix('"')[:_MOST_CELL] for cell in row]
    except csv.Error as error:
        raise RosterUnusable(name=name, reason="no_table") from error


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RosterUnusable(name=name, reason="no_table")
