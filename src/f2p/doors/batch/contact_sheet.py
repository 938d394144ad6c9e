"""The contact sheet: every finished photo with its name, on A4 pages, as a PDF to print and to sign."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from f2p import studio
from f2p.catalogue.messages import Messages
from f2p.doors.batch.lines import Line
from f2p.values.batch import Group

_MM = 72 / 25.4
_PAGE_MM = (210.0, 297.0)
_MARGIN_MM, _HEAD_MM = 12.0, 10.0
_COLUMNS, _ROWS = 6, 6
_TEXT_MM = 8.0
_FONT = "STSong-Light"
"""A Chinese font that PDF readers bring along (Adobe-GB1), so that names need none in the file."""
_MOST = 2000


def write_sheet(path: Path, lines: Iterable[Line], out: Path, text: Messages) -> bool:
    """Whether there was a finished photo to show; at most 2,000 are, more nobody looks at on paper. Same photos, same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    canvas: Any = Canvas(str(path), pagesize=tuple(side * _MM for side in _PAGE_MM), invariant=1)
    _register()
    canvas.setTitle(text.text("batch.sheet"))
    count = 0
    for line in lines:
        photo = next((name for name in line.row.files if line.row.group is not Group.RETAKE), None)
        small = None if photo is None else _small(out / photo)
        if small is None:
            continue
        if count == _MOST:
            break
        if count % (_COLUMNS * _ROWS) == 0:
            _begin_page(canvas, count // (_COLUMNS * _ROWS) + 1, text)
        _put(canvas, small, line, count % (_COLUMNS * _ROWS))
        count += 1
    if count:
        canvas.save()
    return bool(count)


def _register() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))


def _small(path: Path) -> bytes | None:
    try:
        return studio.small_jpeg(path.read_bytes(), 420, 420)
    except FileNotFoundError:
        return None


def _begin_page(canvas: Any, number: int, text: Messages) -> None:
    if number > 1:
        canvas.showPage()
    canvas.setFont(_FONT, 11)
    canvas.drawString(_MARGIN_MM * _MM, (_PAGE_MM[1] - _MARGIN_MM - 2) * _MM, text.text("batch.sheet"))
    canvas.drawRightString((_PAGE_MM[0] - _MARGIN_MM) * _MM, (_PAGE_MM[1] - _MARGIN_MM - 2) * _MM, str(number))


def _put(canvas: Any, small: bytes, line: Line, place: int) -> None:
    from reportlab.lib.utils import ImageReader

    width = (_PAGE_MM[0] - 2 * _MARGIN_MM) / _COLUMNS
    height = (_PAGE_MM[1] - 2 * _MARGIN_MM - _HEAD_MM) / _ROWS
    left = _MARGIN_MM + (place % _COLUMNS) * width
    bottom = _PAGE_MM[1] - _MARGIN_MM - _HEAD_MM - (place // _COLUMNS + 1) * height
    photo = ImageReader(io.BytesIO(small))
    across, down = photo.getSize()
    scale = min((width - 3) * _MM / across, (height - _TEXT_MM - 2) * _MM / down)
    box = ((left + (width - 3) / 2) * _MM - across * scale / 2, (bottom + _TEXT_MM) * _MM, across * scale, down * scale)
    canvas.drawImage(photo, *box)
    canvas.setLineWidth(0.25)
    canvas.setStrokeGray(0.7)  # white backdrops end somewhere
    canvas.rect(*box)
    canvas.setFont(_FONT, 7.5)
    centre = (left + (width - 3) / 2) * _MM
    for step, words in enumerate(_two_lines(line.row.label)):
        canvas.drawCentredString(centre, (bottom + _TEXT_MM - 3.2 - 3.2 * step) * _MM, words)


def _two_lines(label: str) -> list[str]:
    """A label of number and name as two short lines."""
    first, _, second = label.partition(" ")
    return [part[:22] for part in ((first, second) if second else (first[:22], first[22:])) if part]
