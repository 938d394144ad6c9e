"""A shelf in an empty folder, with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from f2p.jobs.settings import ShelfSettings
from f2p.jobs.shelf import Shelf


class Clock:
    """Seconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The shelf's clock."""
    return Clock()


@pytest.fixture
def shelf(tmp_path: Path, clock: Clock) -> Iterator[Shelf]:
    """An empty shelf that needs no room to spare."""
    shelf = Shelf(ShelfSettings(folder=tmp_path / "shelf", reserve_bytes=1), clock)
    yield shelf
    shelf.database.close()
