"""Lines of text as a reader would give them, made from words."""

from __future__ import annotations

import numpy as np

from f2p.values.text import Glyph, TextLine


def line(text: str, x: float = 0, y: float = 0, height: float = 20, doubt: dict[int, float] | None = None) -> TextLine:
    """A level line whose Chinese characters are as wide as it is high, others half; doubt: digit probability of some glyphs."""
    widths = np.array([height if ord(char) > 0x2E80 else height / 2 for char in text])
    ends = np.cumsum(widths)
    glyphs = tuple(
        Glyph(char, float((end - width / 2) / ends[-1]), 1.0, (doubt or {}).get(i, 1.0 if char.isdigit() else 0.0))
        for i, (char, end, width) in enumerate(zip(text, ends, widths, strict=True))
    )
    corners = np.array([[x, y], [x + ends[-1], y], [x + ends[-1], y + height], [x, y + height]], np.float32)
    return TextLine(corners, glyphs, 1.0)


def page(*rows: str) -> tuple[TextLine, ...]:
    """Rows below each other; a "|" in one starts another cell further right."""
    found = []
    for number, row in enumerate(rows):
        for column, cell in enumerate(row.split("|")):
            found.append(line(cell, x=400 * column, y=30 * number))
    return tuple(found)
