"""Where a photo goes for what was found on it: data/desk.toml as frozen values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from f2p.values.batch import Group

_DATA = Path(__file__).resolve().parents[1] / "data" / "desk.toml"


@cache
def groups(table: str) -> Mapping[str, Group]:
    """Code → group for "error", "note", "check" or "hint"; read-only."""
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))[table]
    return MappingProxyType({code: Group(group) for code, group in rows.items()})


@cache
def same_as() -> Mapping[str, str]:
    """Checks → the note that says the same."""
    return MappingProxyType(tomllib.loads(_DATA.read_text(encoding="utf-8"))["same"])


@cache
def limits() -> Mapping[str, float]:
    """Limits of what a batch measures itself, by name."""
    return MappingProxyType(tomllib.loads(_DATA.read_text(encoding="utf-8"))["limit"])
