"""Named sets of papers from data/sets.toml: what one word asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_DATA = Path(__file__).resolve().parents[1] / "data" / "sets.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSet:
    """Papers under one name. outputs: as in sets.toml, one mapping a file; source: who says that they belong together."""

    id: str
    name_zh: str
    name_en: str
    source: str
    outputs: tuple[Mapping[str, Any], ...]


@cache
def paper_sets() -> Mapping[str, PaperSet]:
    """Every set by its id, in the order of the file; read-only."""
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))["set"]
    return MappingProxyType({name: PaperSet(id=name, **(row | {"outputs": tuple(row["outputs"])})) for name, row in rows.items()})
