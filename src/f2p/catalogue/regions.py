"""Countries and areas from data/regions.toml: names in both languages and the group under which their standards are listed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_DATA = Path(__file__).resolve().parents[1] / "data" / "regions.toml"

NOWHERE = "-"
"""Region of standards that belong to no country: ICAO, paper sizes, platforms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """key: what its standards' ids begin with ("uk"); code: what their rows carry ("GB"); zh, en: further words for it.

    alone: whether its Chinese name is a word by itself.
    """

    key: str
    code: str
    group: str
    name_zh: str
    name_en: str
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    alone: bool = True


@cache
def regions() -> Mapping[str, Region]:
    """Every country and area by the code of its rows, in the order of the list; read-only."""
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))["region"]
    read = (
        Region(key=key, **{**row, "zh": tuple(row.get("zh", ())), "en": tuple(row.get("en", ()))}) for key, row in table.items()
    )
    return MappingProxyType({region.code: region for region in read})
