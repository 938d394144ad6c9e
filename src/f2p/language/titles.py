"""The catalogue's own names as words: every standard can be asked for by its id and by its name in either language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from f2p.catalogue.standards import standards
from f2p.language.text import fold

_PAPER = "sheet"
"""Category of paper to print on: a size of the sheet, not of the photo."""


def standard_titles(simplified: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(phrase in plain form, standard's id) of every photo standard; see `fold` for the plain form and `simplified`."""
    for row in standards().rows():
        if row.said("category") != _PAPER:
            for title in (row.id, row.said("name_zh"), row.said("name_en")):
                yield fold(title, simplified).plain, row.id
