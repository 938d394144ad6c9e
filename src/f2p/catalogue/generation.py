"""The facts of data/generation.toml as values: profiles, schedules, sizes, models, limits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from f2p.values.generation import ModelSize, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a profile means: steps and CFG, the scheduler's row, and which distilled LoRA (0 = none)."""

    steps: int
    cfg: float
    schedule: str
    lightning: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """One entry of [model]: a folder of files. kind: "text", "edit" or "fitting"; needs: what a complete folder holds."""

    name: str
    kind: str
    folder: str
    purpose: Mapping[str, str]
    licence: str
    gb: float
    files: tuple[str, ...]
    needs: tuple[str, ...]


@cache
def facts() -> Mapping[str, Any]:
    """The whole table."""
    text = resources.files("f2p").joinpath("data/generation.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def pace(profile: Profile) -> Pace:
    """What that profile means."""
    return Pace(**facts()["profile"][profile.value])


def schedule(name: str) -> dict[str, Any]:
    """Changes to the scheduler that a model brings along; "none" stands for no value."""
    return {key: None if value == "none" else value for key, value in facts()["schedule"][name].items()}


def size_of_model() -> ModelSize:
    """Of the text and the editing model, which are built alike."""
    return ModelSize(**facts()["size"]["image"])


@cache
def generators() -> Mapping[str, Weights]:
    """Every model folder by name."""
    found = {}
    for name, row in facts()["model"].items():
        found[name] = Weights(name=name, **{**row, "files": tuple(row["files"]), "needs": tuple(row["needs"])})
    return MappingProxyType(found)
