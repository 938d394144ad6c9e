"""All numbers of a line, also those that a reader half took for letters: which of its glyphs belong to a sequence of digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from f2p.catalogue.private import look_alikes
from f2p.stages.page_text import DIGIT
from f2p.values.text import Glyph, TextLine

_INSIDE = frozenset(".,，·．-–—/:：")
"""What belongs to a number between two of its digits: 12,800.00, 138-1234-5678, 10:30."""
_BETWEEN = frozenset(" -–—,.，:/")
"""What may stand between two parts of one value: covered or not, the parts are counted together."""
_GHOST = 0.4
"""A digit that the reader saw and gave to nothing is believed alone from this probability on, beside a number always."""
_ENDS_AS_DIGIT = 4
"""So many digits before or after it make a look-alike at the end of a number a digit."""
_CHECK_LETTER_AFTER = 14
_FORMAL = re.compile(
    r"[零壹贰叁肆伍陆柒捌玖拾佰仟萬万亿億圆元角分]*[壹贰叁肆伍陆柒捌玖拾佰仟][零壹贰叁肆伍陆柒捌玖拾佰仟萬万亿億圆元角分]+"
)
_PLAIN = re.compile(r"[〇○零一二三四五六七八九]{4,}")


def number_spans(line: TextLine, min_len: int = 1) -> list[tuple[int, ...]]:
    """The glyph numbers of each number of the line that has at least `min_len` digits, in order."""
    glyphs = line.glyphs
    digit = _digits(glyphs)
    groups: list[list[int]] = []
    for i in sorted(digit):
        if groups and _joined(glyphs, groups[-1][-1], i, line):
            groups[-1].append(i)
        else:
            groups.append([i])
    spans = [tuple(_with_marks(glyphs, group)) for group in groups if len(group) >= min_len]
    return spans + [span for span in _written_out(glyphs, digit) if len(span) >= min_len]


def _digits(glyphs: Sequence[Glyph]) -> set[int]:
    sure = {i for i, glyph in enumerate(glyphs) if _is_digit(glyph)}
    ghosts = {i for i, glyph in enumerate(glyphs) if not glyph.char and (glyph.digit >= _GHOST or {i - 1, i + 1} & sure)}
    taken = sure | ghosts
    alike = look_alikes()
    i = 0
    while i < len(glyphs):
        end = i
        while end < len(glyphs) and end not in taken and glyphs[end].char in alike:
            end += 1
        if end > i:
            before, after = _run_before(taken, i), _run_after(taken, end)
            inside = before and after and end - i <= 2
            at_end = max(before, after) >= _ENDS_AS_DIGIT and not _beside_letters(glyphs, i, end)
            if inside or at_end:
                taken |= set(range(i, end))
        i = max(end, i + 1)
    taken |= {i for i, glyph in enumerate(glyphs) if glyph.char in "Xx" and _run_before(taken, i) >= _CHECK_LETTER_AFTER}
    return taken


def _is_digit(glyph: Glyph) -> bool:
    return glyph.digit >= DIGIT or any(char.isdigit() for char in unicodedata.normalize("NFKC", glyph.char))


def _run_before(taken: set[int], i: int) -> int:
    count = 0
    while i - count - 1 in taken:
        count += 1
    return count


def _run_after(taken: set[int], i: int) -> int:
    count = 0
    while i + count in taken:
        count += 1
    return count


def _beside_letters(glyphs: Sequence[Glyph], start: int, end: int) -> bool:
    beside = [glyphs[i].char for i in (start - 1, end) if 0 <= i < len(glyphs)]
    return any(char.isascii() and char.isalpha() for char in beside)


def _joined(glyphs: Sequence[Glyph], left: int, right: int, line: TextLine) -> bool:
    """Whether two digits belong to one value: next to each other, or with one separator between and no wide gap."""
    between = glyphs[left + 1 : right]
    near = (glyphs[right].at - glyphs[left].at) * line.length_px < 1.6 * line.height_px
    return near and (not between or (len(between) == 1 and between[0].char in _BETWEEN))


def _with_marks(glyphs: Sequence[Glyph], group: Sequence[int]) -> list[int]:
    """The digits and the points, commas and dashes between them."""
    found = [group[0]]
    for left, right in pairwise(group):
        found += [i for i in range(left + 1, right) if glyphs[i].char in _INSIDE]
        found.append(right)
    return found


def _written_out(glyphs: Sequence[Glyph], taken: set[int]) -> list[tuple[int, ...]]:
    """Numbers in Chinese numerals: an amount in the formal ones, four and more plain ones."""
    text = "".join(glyph.char[:1] or "\0" for glyph in glyphs)
    found = [match for pattern in (_FORMAL, _PLAIN) for match in pattern.finditer(text)]
    return [tuple(range(*match.span())) for match in found if not set(range(*match.span())) & taken]
