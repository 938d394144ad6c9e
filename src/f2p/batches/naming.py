"""What finished files are called: a pattern filled from a person and a photo; safe on every disk, no two the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from f2p.catalogue.columns import folded, known_word, words_of_columns
from f2p.errors import UnknownColumn
from f2p.values.batch import ID_COLUMNS, Person, Roster, Source

_FIELD = re.compile(r"\{([^{}]*)\}")
_PATTERN = re.compile(r"\{[^{}]+\}(?:[^{}\s,，。;；]{0,5}\{[^{}]+\})*")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_MOST_BYTES = 180
"""Of a name without its type: file systems end at 255, and "-2" and temporary names want room."""
_BY_ORIGINAL = "{original}"


def pattern_for(given: str | None, asked: Mapping[str, Any], roster: Roster | None) -> str:
    """The naming pattern with {fields}: as given, else as the sentence says, else number and name of the roster, else as before.

    Raises UnknownColumn for a field that is no column of the roster.
    """
    pattern = given or _asked_pattern(asked) or _usual(roster)
    pattern = pattern if _FIELD.search(pattern) else _with_braces(pattern)
    for field in _FIELD.findall(pattern):
        if not _known_field(field, roster):
            raise UnknownColumn(name=field, near=", ".join(roster.headers if roster else ("original", "number", "standard")))
    return pattern


def pattern_in(sentence: str) -> str | None:
    """A pattern with braces that stands in a sentence as such: 按{学号}_{姓名}命名."""
    found = _PATTERN.search(sentence)
    return found[0] if found is not None else None


def filled(pattern: str, source: Source, person: Person | None, number: int, standard: str) -> str:
    """The safe file name, without a type, that `pattern` gives; the photo's own where all its fields are empty."""

    def value(found: re.Match[str]) -> str:
        field = found[1].strip()
        cell = _cell(field, person)
        if cell is not None:
            return cell
        word = known_word(field)
        return {"original": source.stem, "file": source.stem, "number": f"{number:03d}", "standard": standard}.get(word or "", "")

    if not any(value(found) for found in _FIELD.finditer(pattern)):
        return safe(source.stem)
    return safe(_FIELD.sub(value, pattern))


def safe(name: str) -> str:
    """A name for every file system: no separators, control or invisible characters, no reserved name, not too long."""
    name = unicodedata.normalize("NFC", _UNSAFE.sub("_", name))
    name = re.sub(r"\s+", " ", name).strip("_ .") or "photo"
    if _RESERVED.fullmatch(name.split(".")[0]):
        name = f"_{name}"
    return name.encode()[:_MOST_BYTES].decode(errors="ignore").rstrip(" .")


class Names:
    """Hands out names, none twice: capitals and the two ways of writing é make no difference, as on many disks."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def free(self, name: str) -> str:
        """`name`, or with "-2", "-3", … where it is taken."""
        key = unicodedata.normalize("NFKD", name).casefold()
        count = self._taken.get(key, 0) + 1
        self._taken[key] = count
        return name if count == 1 else self.free(f"{name}-{count}")


def _cell(field: str, person: Person | None) -> str | None:
    """What the roster says for a field: a header as written, else one of our columns."""
    if person is None:
        return None
    plain = folded(field)
    for header, cell in person.cells.items():
        if folded(header) == plain:
            return cell
    column = known_word(field)
    return person.known.get(column) if column is not None else None


def _known_field(field: str, roster: Roster | None) -> bool:
    word = known_word(field)
    if word in ("original", "number", "standard", "file"):
        return True
    if roster is None:
        return False
    return folded(field) in {folded(header) for header in roster.headers} or word in roster.columns


def _asked_pattern(asked: Mapping[str, Any]) -> str:
    naming = asked.get("naming", {})
    if naming.get("pattern"):
        return str(naming["pattern"])
    by = naming.get("column") or {"original": "original", "student_id": "student_id", "staff_id": "staff_id"}.get(
        naming.get("by")
    )
    return f"{{{by}}}" if by else ""


def _usual(roster: Roster | None) -> str:
    if roster is None:
        return _BY_ORIGINAL
    number = next((column for column in ID_COLUMNS[:3] if column in roster.columns), None)
    parts: list[str] = [column for column in (number, "name") if column in roster.columns] if number else []
    parts = parts or [column for column in ("name", *ID_COLUMNS) if column in roster.columns][:1]
    return "_".join(f"{{{part}}}" for part in parts) or _BY_ORIGINAL


def _with_braces(pattern: str) -> str:
    """学号_姓名 as {学号}_{姓名}: the words of a pattern without braces."""
    words = "|".join(re.escape(word) for word in words_of_columns() if len(word) > 1)
    braced = re.sub(rf"({words})", r"{\1}", pattern, flags=re.IGNORECASE)
    return braced if "{" in braced else _BY_ORIGINAL
