"""What a hub of models must do for us."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Remote:
    """One file of a model as its hub lists it. sha256: empty where the hub tells none (small files)."""

    path: str
    bytes: int
    sha256: str


class Hub(Protocol):
    """A hub's client."""

    @property
    def name(self) -> str: ...

    def files(self, model: str) -> list[Remote]:
        """Everything in that model."""
        ...

    def fetch(self, model: str, path: str, folder: Path) -> None:
        """Brings one file to `folder / path`, going on where an earlier try broke off. Raises OSError kinds."""
        ...
