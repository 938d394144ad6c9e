"""Backdrop colours from data/colours.toml as frozen values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from f2p.values.spec import Colour

_DATA = Path(__file__).resolve().parents[1] / "data" / "colours.toml"


@cache
def colours() -> Mapping[str, Colour]:
    """Every named backdrop colour by its id; sRGB hex, upper case; read-only."""
    return MappingProxyType(_table("colour"))


@cache
def studio_grey() -> Colour:
    """The paper of a studio backdrop of which no colour is said."""
    return _table("studio")["gray"]


def _table(name: str) -> dict[str, Colour]:
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))[name]
    return {
        key: Colour(key, row["hex"].upper(), name_zh=row["name_zh"], name_en=row["name_en"], source=row["source"])
        for key, row in rows.items()
    }
