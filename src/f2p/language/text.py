"""A sentence folded to one plain form, every character of which remembers where it stood in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_DASHES = frozenset("‐‑‒–—−﹣")
_QUOTES = {"“": '"', "”": '"', "„": '"', "″": '"', "‘": "'", "’": "'", "′": "'", "「": '"', "」": '"', "『": '"', "』": '"'}
_SPACED_OUT = re.compile(r"(?<![^ \n,.;:!?])(?:[\u4e00-\u9fff0-9] ){1,60}[\u4e00-\u9fff](?![^ \n,.;:!?])")
"""Chinese signs typed one by one with a space between them (红 底 一 寸) are one run."""
_SIGNS = {
    "°": "度",
    "×": "x",
    "✕": "x",
    "✖": "x",
    "╳": "x",
    "∗": "*",
    "→": "→",
    "➡": "→",
    "⇒": "→",
    "≤": "≤",
    "≥": "≥",
    "∶": ":",
    "﹕": ":",
}


@dataclass(frozen=True, slots=True)
class Text:
    """`plain`: lower case, half width, Simplified; `at[i]`: place in `original` of the character that became plain[i]."""

    original: str
    plain: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """plain[start:end] as a range of `original`; an empty range is (0, 0)."""
        return (self.at[start], self.at[end - 1] + 1) if end > start else (0, 0)

    def half_width(self) -> str:
        """The original with full-width letters, digits and signs as usual ones, each in its place."""
        narrow = (unicodedata.normalize("NFKC", char) for char in self.original)
        return "".join(one if len(one) == 1 else char for one, char in zip(narrow, self.original, strict=True))

    def words(self, start: int, end: int) -> str:
        """The original's characters behind plain[start:end]."""
        first, last = self.span(start, end)
        return self.original[first:last]


def _folded(char: str, simplified: Mapping[str, str]) -> str:
    if char in _DASHES:
        return "-"
    if char in _QUOTES:
        return _QUOTES[char]
    if char in _SIGNS:
        return _SIGNS[char]
    if char < "\x80":
        return char.lower()
    category = unicodedata.category(char)
    if category in {"So", "Sk", "Cs", "Cn", "Co"} and unicodedata.normalize("NFKC", char) == char:
        return " "  # emoji and other pictures say nothing here, but they part words
    if category in {"Mn", "Me", "Cf"}:
        return ""
    return "".join(simplified.get(c, c) for c in unicodedata.normalize("NFKC", char).lower())


def _opens_id(plain: list[str], i: int) -> bool:
    """Whether the underscore joins two letters to a word, as ids do: my_passport is Malaysia's, "my passport" is not."""
    apart = i < 3 or not (plain[i - 3].isascii() and plain[i - 3].isalnum())
    return plain[i] == "_" and apart and "".join(plain[max(0, i - 2) : i]).isalpha() and i >= 2


def fold(sentence: str, simplified: Mapping[str, str]) -> Text:
    """`sentence` in plain form. simplified: Traditional → Simplified, one character each.

    Hyphens and underscores that join Latin words become spaces ("off-white" = "off white"), but for those of a standard's id.
    A run of spaces becomes one, with a line end in it one line end: what reads on from here never meets two.
    """
    plain: list[str] = []
    at: list[int] = []
    for index, char in enumerate(sentence):
        for folded in _folded(char, simplified):
            if folded.isspace():
                folded = "\n" if folded in _LINE_ENDS else " "
                if plain and plain[-1] in " \n":
                    plain[-1] = "\n" if folded == "\n" else plain[-1]
                    continue
            plain.append(folded)
            at.append(index)
    for i in range(1, len(plain) - 1):
        before, after = plain[i - 1], plain[i + 1]
        if plain[i] in "-_" and before.isascii() and before.isalnum() and "a" <= after <= "z" and not _opens_id(plain, i):
            plain[i] = " "
    for match in reversed(list(_SPACED_OUT.finditer("".join(plain)))):
        spaces = [i for i in range(match.start(), match.end()) if plain[i] == " "]
        for i in reversed(spaces):
            del plain[i], at[i]
    return Text(sentence, "".join(plain), tuple(at))
