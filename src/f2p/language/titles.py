"""The catalogue's own names as words: every standard by its id and its name in either language, every country by its names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from f2p.catalogue.regions import regions
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


def country_templates() -> Iterator[tuple[str, list[str]]]:
    """(what the ids of its standards begin with, templates of its names in both languages) of every country and area."""
    for region in regions().values():
        chinese = [region.name_zh] if region.alone else []
        yield region.key, [*chinese, *region.zh, region.name_en.lower(), *region.en]
