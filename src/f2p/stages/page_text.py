"""Lines on a page put into the order in which people read, as one text that knows where each of its characters stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from f2p.values.text import TextLine

Spot = tuple[int, int]
"""Number of a line, number of a glyph in it."""
DIGIT = 0.3
"""From this probability on, a glyph is treated as a digit whatever the reader decided for."""
_SAME_ROW = 0.5
"""Lines whose middles lie closer than this share of their height stand in one row."""
_CELL_GAP = 1.6
"""A gap of more than so many heights inside a line is a border between cells."""


@dataclass(frozen=True, slots=True)
class PageText:
    """text, and for each character its spot; None for the separators between lines ("\\t" in a row, "\\n" between rows)."""

    text: str
    spots: tuple[Spot | None, ...]


def page_text(lines: Sequence[TextLine]) -> PageText:
    """The whole page, row by row; characters are NFKC, so that full-width digits are digits."""
    return joined([row_text(lines, row) for row in rows(lines)], "\n")


def rows(lines: Sequence[TextLine]) -> list[list[int]]:
    """Numbers of the lines, row by row from the top, each from the left; the page's tilt is taken out first."""
    if not lines:
        return []
    tilt = float(np.median([_tilt(line) for line in lines]))
    turn = np.array([[np.cos(-tilt), -np.sin(-tilt)], [np.sin(-tilt), np.cos(-tilt)]])
    middles = [turn @ line.corners.mean(axis=0) for line in lines]
    found: list[list[int]] = []
    for i in sorted(range(len(lines)), key=lambda i: float(middles[i][1])):
        last = found[-1] if found else []
        close = last and abs(middles[i][1] - np.mean([middles[j][1] for j in last])) < _SAME_ROW * _row_height(lines[i])
        if close:
            last.append(i)
        else:
            found.append([i])
    return [sorted(row, key=lambda i: float(middles[i][0])) for row in found]


def row_text(lines: Sequence[TextLine], row: Sequence[int]) -> PageText:
    """The lines of one row with tabs between."""
    return joined([line_text(lines[i], i) for i in row], "\t")


def line_text(line: TextLine, number: int) -> PageText:
    """One line; wide gaps inside it are tabs, glyphs that the reader gave to nothing are left out."""
    chars: list[str] = []
    spots: list[Spot | None] = []
    before = None
    gap = _CELL_GAP * line.height_px / max(line.length_px, 1.0)
    for i, glyph in enumerate(line.glyphs):
        if not glyph.char:
            continue
        if before is not None and glyph.at - before > gap:
            chars.append("\t")
            spots.append(None)
        before = glyph.at
        for char in unicodedata.normalize("NFKC", glyph.char):
            chars.append("0" if glyph.digit >= DIGIT and not char.isdigit() and len(glyph.char) == 1 else char)
            spots.append((number, i))
    return PageText("".join(chars), tuple(spots))


def joined(texts: Sequence[PageText], separator: str) -> PageText:
    """Texts one behind the other."""
    chars: list[str] = []
    spots: list[Spot | None] = []
    for i, text in enumerate(texts):
        if i:
            chars.append(separator)
            spots.append(None)
        chars.append(text.text)
        spots += text.spots
    return PageText("".join(chars), tuple(spots))


def _tilt(line: TextLine) -> float:
    """Angle of the line in radians, clockwise; 0 for one that runs down the page."""
    along = line.corners[1] - line.corners[0]
    angle = float(np.arctan2(along[1], along[0]))
    return angle if abs(angle) < np.pi / 4 else 0.0


def _row_height(line: TextLine) -> float:
    """The smaller side: what a row is high, or a line that runs down is wide."""
    return min(line.height_px, line.length_px)
