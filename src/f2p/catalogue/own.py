"""A person's own standards: TOML files in the catalogue's form, taken only whole and only without faults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from f2p.catalogue.faults import Fault, faults_of
from f2p.catalogue.rows import Row, rows_of
from f2p.catalogue.standards import shipped_rows, usual_of_own, usual_of_shipped
from f2p.errors import BadStandards

_LARGEST_BYTES = 4 * 1024 * 1024


def own_standards(path: Path, known: Sequence[Row] = ()) -> tuple[Row, ...]:
    """The rows of a TOML file, or of every *.toml of a folder; known: own rows that are there already.

    Raises BadStandards for what cannot be read and for the first fault; nothing of a faulty file is taken.
    """
    rows, faults = _read(path, known)
    _refuse(faults)
    return tuple(rows)


def check_text(text: str, file: str) -> None:
    """Raises BadStandards for the first fault of a file's text that is not written yet; file: what it will be called."""
    rows = list(rows_of(text, file))
    _refuse([*_twice(rows, shipped_rows()), *(fault for row in rows for fault in faults_of(row, usual_of_own()))])


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        first = faults[0]
        raise BadStandards(
            path=first.file, line=first.line, standard=first.standard or "-", fault=first.code, more=len(faults) - 1,
            **{name: value if isinstance(value, str | int | float) else str(value) for name, value in first.params.items()},
        )  # fmt: skip


def check_own(path: Path) -> tuple[int, list[Fault]]:
    """How many standards a file or folder has, and everything that is wrong with them. Raises BadStandards: unreadable."""
    rows, faults = _read(path, ())
    return len(rows), faults


def check_shipped() -> tuple[int, list[Fault]]:
    """How many standards the catalogue has, and everything that is wrong with them: nothing, as the tests see to it."""
    rows = shipped_rows()
    return len(rows), [*_twice(rows, ()), *(fault for row in rows for fault in faults_of(row, usual_of_shipped()))]


def _read(path: Path, known: Sequence[Row]) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
        text = _text(file)
        broken = _broken(text, str(file))
        faults += broken
        if not broken:
            rows += rows_of(text, str(file))
    if not rows and not faults:
        faults.append(Fault(str(path), 1, "", "", "no_standard"))
    faults += _twice(rows, (*shipped_rows(), *known))
    faults += [fault for row in rows for fault in faults_of(row, usual_of_own())]
    return rows, faults


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise BadStandards(path=str(file), line=1, standard="-", fault="file_too_large", more=0)
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadStandards(path=str(file), line=1, standard="-", fault="not_utf8", more=0) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BadStandards(path=str(file), line=1, standard="-", fault="unreadable", why=why, more=0) from None


def _broken(text: str, file: str) -> list[Fault]:
    """What is wrong with the file as a whole: no TOML, tables beside [standard.ID], another way of writing them."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        return [Fault(file, int(place[1]) if place else 1, "", "", "syntax", {"why": str(error)})]
    found = [Fault(file, _line(text, name), "", name, "unknown_table", {"key": name}) for name in tables if name != "standard"]
    written = {row.id for row in rows_of(text, file)}
    standard = tables.get("standard", {})
    said = set(standard) if isinstance(standard, dict) else {"standard"}
    return found + [Fault(file, _line(text, name), name, "", "not_a_header", {"name": name}) for name in sorted(said - written)]


def _line(text: str, name: str) -> int:
    return text.count("\n", 0, max(0, text.find(name))) + 1


def _twice(rows: Sequence[Row], before: Sequence[Row]) -> list[Fault]:
    """Ids that are taken: a standard never takes another's place in silence."""
    taken = {row.id: row for row in before}
    found: list[Fault] = []
    for row in rows:
        if row.id in taken:
            other = taken[row.id]
            found.append(Fault(row.file, row.line, row.id, "", "taken", {"name": row.id, "other": f"{other.file}:{other.line}"}))
        taken.setdefault(row.id, row)
    return found
