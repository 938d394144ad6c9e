"""The seam between the shelf and where its rows live: SQLite on this machine, or PostgreSQL for several.

Both take the same SQL with `?` or `:name`, give rows that are read by name and by place, and refuse in the same two ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

Mode = Literal["read", "durable", "quick"]
"""read: sees, never writes; durable: on the disk when it returns; quick: may lose its last words in a power cut."""
Said = Sequence[Any] | Mapping[str, Any]


class DatabaseRefused(Exception):
    """The database took nothing. kind: "full", "read_only", or "other"; name: the database's own word for it."""

    def __init__(self, kind: str, name: str, text: str = "") -> None:
        super().__init__(text or name)
        self.kind, self.name = kind, name


class Duplicate(Exception):
    """Something that may be there once is there already."""


class Answer(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Speaker(Protocol):
    """One connection, in one transaction."""

    def execute(self, sql: str, said: Said = ..., /) -> Answer: ...
    def executemany(self, sql: str, said: Iterable[Said], /) -> Any: ...


class Truth(Protocol):
    """A shelf's database. Raises DatabaseRefused and Duplicate.

    row_lock, next_lock: what a SELECT says that is about to change a row, or wants the next one that nobody holds.
    sure: whether an error means that nothing was written; over a network an answer may be lost after the commit.
    """

    row_lock: str
    next_lock: str
    sure: bool

    def use(self, mode: Mode) -> AbstractContextManager[Speaker]: ...
    def change_mark(self) -> int: ...
    def now(self) -> float: ...
    def close(self) -> None: ...


class Tickets(Protocol):
    """Tells an engine, in the transaction that writes the rows, that jobs wait for a worker, or are not wanted any more."""

    def waiting(self, db: Speaker, jobs: Sequence[str]) -> None: ...
    def unwanted(self, db: Speaker, job: str) -> None: ...
    def put_right(self, truth: Truth, silent_seconds: float) -> None: ...


class NoTickets:
    """The engine of one machine: workers look for themselves."""

    def waiting(self, db: Speaker, jobs: Sequence[str]) -> None:
        """Nothing to tell."""

    def unwanted(self, db: Speaker, job: str) -> None:
        """Nothing to tell."""

    def put_right(self, truth: Truth, silent_seconds: float) -> None:
        """Nothing can be wrong."""
