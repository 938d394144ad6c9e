"""Who is expected: a table's rows as people, its columns found by their names."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from f2p.catalogue.columns import columns_of
from f2p.errors import RosterUnusable
from f2p.files.tables import read_table
from f2p.values.batch import ID_COLUMNS, Person, Roster

_LOOKED_FOR_HEADER = 12
"""Rows in which the headers may stand: titles and remarks come first in many tables."""
_NAMING = (*ID_COLUMNS, "name", "file")


def read_roster(data: bytes, name: str) -> Roster:
    """The people of a table, in its order; empty rows are left out. Raises RosterUnusable."""
    rows = iter(read_table(data, name))
    head = list(islice(rows, _LOOKED_FOR_HEADER))
    if not any(any(row) for row in head):
        raise RosterUnusable(name=name, reason="no_table")
    at = max(range(len(head)), key=lambda index: (len(columns_of(head[index])), -index))
    headers = _told_apart(head[at])
    columns = columns_of(headers)
    if not any(column in columns for column in _NAMING):
        raise RosterUnusable(name=name, reason="no_naming_column")
    people = tuple(_people((*head[at + 1 :], *rows), headers, columns, at + 2))
    if not people:
        raise RosterUnusable(name=name, reason="no_people")
    return Roster(name=name, people=people, columns=columns, headers=tuple(header for header in headers if header))


def _people(rows: Iterable[list[str]], headers: list[str], columns: dict[str, str], first: int) -> Iterable[Person]:
    for number, row in enumerate(rows, first):
        cells = {header: cell for header, cell in zip(headers, row, strict=False) if header}
        known = {column: cells[header] for column, header in columns.items() if cells.get(header)}
        if any(column in known for column in _NAMING):
            yield Person(row=number, cells=cells, known=known)


def _told_apart(row: list[str]) -> list[str]:
    """Headers without line ends; one that stands twice counts for its first column only."""
    headers: list[str] = []
    for cell in row:
        header = " ".join(cell.split())
        headers.append("" if header in headers else header)
    return headers
