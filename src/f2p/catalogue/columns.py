"""What the columns of a roster are called: data/columns.toml behind two questions."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parents[1] / "data" / "columns.toml"
_REMARKS = re.compile(r"[(\[【〔<].*?[)\]】〕>]")


def columns_of(headers: Iterable[str]) -> dict[str, str]:
    """Our column → the header that stands for it; a header stands for one column only, its best fit."""
    plain = {header: folded(header) for header in headers if folded(header)}
    found: dict[str, str] = {}
    for exact in (True, False):
        for column, words in _words("column").items():
            if column in found:
                continue
            free = {header: text for header, text in plain.items() if header not in found.values()}
            header = _fitting(free, words, exact=exact)
            if header is not None:
                found[column] = header
    return found


def known_word(word: str) -> str | None:
    """The column or pattern word that `word` means by itself ("学号", "Student ID"); None for any other word."""
    plain = folded(word)
    for table in ("column", "pattern"):
        for column, words in _words(table).items():
            if plain == column.replace("_", "") or plain in words:
                return column
    return None


def words_of_columns() -> tuple[str, ...]:
    """Every word that `known_word` knows, longest first, as written in the data."""
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    words = {word for part in table.values() for column in part.values() for word in column}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def folded(header: str) -> str:
    """A header for comparing: width and case folded, without remarks in brackets, spaces and punctuation."""
    text = unicodedata.normalize("NFKC", header).casefold()
    text = _REMARKS.sub("", text)
    return "".join(char for char in text if char.isalnum())


def _fitting(headers: dict[str, str], words: tuple[str, ...], *, exact: bool) -> str | None:
    for word in words:
        for header, plain in headers.items():
            if plain == word or (not exact and not word.isascii() and word in plain):
                return header
    return None


@cache
def _words(table: str) -> dict[str, tuple[str, ...]]:
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))[table]
    return {column: tuple(folded(word) for word in words) for column, words in rows.items()}
