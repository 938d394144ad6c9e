"""The books of one batch: what was decided, what is done; survives a kill at any moment.

One SQLite file in the output folder (WAL: a transaction is whole or not there). A photo's row is committed after its finished
file stands whole under its name, so whatever is not in the books is done again, to the same bytes.
"""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from f2p.errors import FolderBusy, NothingToResume
from f2p.values.batch import Item, Outcome, Reason, Source

FOLDER = ".f2p-batch"
_VERSION = "1"
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS item (
  key TEXT PRIMARY KEY, position INTEGER NOT NULL, source TEXT NOT NULL, label TEXT NOT NULL, out TEXT NOT NULL, person INTEGER,
  reasons TEXT NOT NULL, fingerprint TEXT NOT NULL, outcome TEXT, seconds REAL, before BLOB, after BLOB);
CREATE INDEX IF NOT EXISTS item_position ON item (position);
CREATE TABLE IF NOT EXISTS stale (path TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One photo in the books. fingerprint: of everything but the photo that decides the finished file."""

    key: str
    source: Source
    label: str
    out: str
    person: int | None
    reasons: tuple[Reason, ...]
    fingerprint: str
    outcome: Outcome | None


class Journal:
    """Open books; a context manager. Raises FolderBusy while another process holds them."""

    def __init__(self, folder: Path, *, must_exist: bool = False) -> None:
        place = folder / FOLDER
        if must_exist and not (place / "journal.sqlite").is_file():
            raise NothingToResume(path=str(folder))
        place.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(place / "lock", folder)
        self._db = sqlite3.connect(place / "journal.sqlite", isolation_level=None)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._db.close()
        self._lock.close()

    def meta(self) -> dict[str, str]:
        """What the whole batch is: wish, inputs, options."""
        return dict(self._db.execute("SELECT name, value FROM meta"))

    def set_meta(self, values: Mapping[str, str]) -> None:
        """Keeps or replaces these."""
        with self._together():
            self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def entries(self) -> Iterator[Entry]:
        """Every photo in order; rows are read as they are asked for."""
        columns = "key, source, label, out, person, reasons, fingerprint, outcome"
        for row in self._db.execute(f"SELECT {columns} FROM item ORDER BY position, key"):  # noqa: S608 - our own words
            yield Entry(
                key=row[0], source=msgspec.json.decode(row[1], type=Source), label=row[2], out=row[3], person=row[4],
                reasons=msgspec.json.decode(row[5], type=tuple[Reason, ...]), fingerprint=row[6],
                outcome=None if row[7] is None else msgspec.json.decode(row[7], type=Outcome),
            )  # fmt: skip

    def pictures(self, key: str) -> tuple[bytes | None, bytes | None]:
        """The small pictures of a photo before and after."""
        found = self._db.execute("SELECT before, after FROM item WHERE key = ?", (key,)).fetchone()
        return found or (None, None)

    def seconds(self) -> list[float]:
        """How long each finished photo took in its worker."""
        return [row[0] for row in self._db.execute("SELECT seconds FROM item WHERE seconds IS NOT NULL ORDER BY position")]

    def plan(self, items: Iterable[tuple[Item, str]], keep: Mapping[str, bool]) -> None:
        """Writes what is to be done, item and fingerprint; outcomes stay where `keep` says so. All of it or nothing."""
        with self._together():
            self._db.execute("UPDATE item SET position = -1")
            for position, (item, fingerprint) in enumerate(items):
                if not keep.get(item.key, False):
                    self._forget(item.key)
                self._db.execute(
                    "INSERT INTO item (key, position, source, label, out, person, reasons, fingerprint) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET position = excluded.position, "
                    "source = excluded.source, label = excluded.label, out = excluded.out, person = excluded.person, "
                    "reasons = excluded.reasons, fingerprint = excluded.fingerprint",
                    (
                        *(item.key, position, _json(item.source), item.label, item.out, item.person, _json(item.reasons)),
                        fingerprint,
                    ),
                )
            for (key,) in self._db.execute("SELECT key FROM item WHERE position = -1").fetchall():
                self._forget(key)
            self._db.execute("DELETE FROM item WHERE position = -1")

    def put(self, key: str, outcome: Outcome, seconds: float, pictures: tuple[bytes | None, bytes | None]) -> None:
        """What became of one photo; from here on it is done."""
        with self._together():
            self._db.execute(
                "UPDATE item SET outcome = ?, seconds = ?, before = coalesce(?, before), after = coalesce(?, after) "
                "WHERE key = ?",
                (_json(outcome), seconds, *pictures, key),
            )
            self._db.executemany("DELETE FROM stale WHERE path = ?", [(path,) for path in outcome.files])

    def stale(self) -> list[str]:
        """Files that an earlier outcome left and that no outcome of now claims: to be taken away."""
        return [row[0] for row in self._db.execute("SELECT path FROM stale")]

    def cleared(self) -> None:
        """The stale files are gone."""
        self._db.execute("DELETE FROM stale")

    def _forget(self, key: str) -> None:
        found = self._db.execute("SELECT outcome FROM item WHERE key = ?", (key,)).fetchone()
        if found is None or found[0] is None:
            return
        outcome = msgspec.json.decode(found[0], type=Outcome)
        self._db.executemany("INSERT OR IGNORE INTO stale VALUES (?)", [(path,) for path in outcome.files])
        self._db.execute("UPDATE item SET outcome = NULL, before = NULL, after = NULL, seconds = NULL WHERE key = ?", (key,))

    @contextlib.contextmanager
    def _together(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _locked(path: Path, folder: Path) -> IO[bytes]:
    """A lock that goes with this process, however it ends."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise FolderBusy(path=str(folder)) from None
    return file
