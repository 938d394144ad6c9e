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
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: Colour(name, row["hex"], name_zh=row["name_zh"], name_en=row["name_en"], source=row["source"])
            for name, row in table["colour"].items()
        }
    )
