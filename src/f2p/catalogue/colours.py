"""Backdrop colours from data/colours.toml as frozen values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from f2p.values.spec import Colour


@cache
def colours() -> Mapping[str, Colour]:
    """Every named backdrop colour by its id; sRGB hex, upper case; read-only."""
    table = tomllib.loads(files("f2p").joinpath("data", "colours.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: Colour(name, row["hex"], name_zh=row["name_zh"], name_en=row["name_en"], source=row["source"])
            for name, row in table["colour"].items()
        }
    )
