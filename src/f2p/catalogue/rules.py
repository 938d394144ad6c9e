"""Limits that hold for many documents, from data/checks.toml as frozen values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from f2p.catalogue.standards import demands_plain
from f2p.values.preflight import Rule
from f2p.values.spec import Band, PhotoSpec

_DATA = Path(__file__).resolve().parents[1] / "data" / "checks.toml"
_TRAVEL = frozenset({"passport", "visa", "id", "standard"})
"""Categories whose photos ICAO Doc 9303 speaks of."""


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by the name of its check; read-only."""
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))["rule"]
    made = {}
    for name, row in table.items():
        limit = Band(row.get("min"), row.get("max"))
        kept = {key: row[key] for key in ("travel", "office", "free") if key in row}
        made[name] = Rule(
            name=name,
            limit=limit,
            unsure=row.get("unsure", 0.0),
            unit=row.get("unit", ""),
            source=row["source"],
            cite=row["cite"],
            **kept,
        )
    return MappingProxyType(made)


@cache
def unmeasured() -> tuple[str, ...]:
    """What no program can tell from a photo's file, as codes of the table [unmeasured]."""
    return tuple(tomllib.loads(_DATA.read_text(encoding="utf-8"))["unmeasured"])


def scope_of(spec: PhotoSpec | None) -> str:
    """Which column of a rule counts for a document: "travel", "office" or "free"; no document at all is judged like
    a passport.
    """
    if spec is None or spec.category in _TRAVEL:
        return "travel"
    return "office" if demands_plain(spec) else "free"
