"""A shelf in an empty folder, with a clock that the test turns: once on SQLite, once on PostgreSQL behind the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jobs.a_postgres import Server, server_or_skip

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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL of these tests' own."""
    server = server_or_skip()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def with_tables(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with the shelf's tables and the engine's."""
    url = postgres.new_database()
    folder = tmp_path_factory.mktemp("made")
    Shelf(ShelfSettings(folder=folder, database=url, engine="procrastinate")).database.close()
    return url


@pytest.fixture(params=["sqlite", "postgres", "postgres and objects"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Shelf]:
    """An empty shelf that needs no room to spare, on each place where rows and files may live."""
    settings = ShelfSettings(folder=tmp_path / "shelf", reserve_bytes=1)
    if request.param != "sqlite":
        url = request.getfixturevalue("postgres").emptied(request.getfixturevalue("with_tables"))
        storage = f"memory://{tmp_path}" if request.param.endswith("objects") else ""
        settings = ShelfSettings(
            folder=tmp_path / "shelf", reserve_bytes=1, database=url, engine="procrastinate", storage=storage
        )
    shelf = Shelf(settings, clock)
    yield shelf
    shelf.database.close()
