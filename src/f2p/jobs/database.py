"""The shelf's one file of truth: SQLite in WAL mode. What must survive a pulled cable is written with synchronous=FULL.

Three connections, each with its own lock, so that threads of a server may share one shelf: reading never waits for writing;
`durable` is flushed to the disk at each commit; `quick` (progress, heartbeats) is not, and may lose its last words in a power
cut, never its order or wholeness.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from f2p.jobs.truth import DatabaseRefused, Duplicate, Mode

_BUSY_MS = 30_000
_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    batch TEXT NOT NULL,
    client TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    priority INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    name TEXT NOT NULL,
    plan TEXT NOT NULL,
    reading TEXT,
    backdrop_name TEXT NOT NULL DEFAULT '',
    mark INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL DEFAULT 0,
    lost INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    owner TEXT NOT NULL DEFAULT '',
    lease_until REAL NOT NULL DEFAULT 0,
    cancelling INTEGER NOT NULL DEFAULT 0,
    step TEXT NOT NULL DEFAULT '',
    steps INTEGER NOT NULL DEFAULT 0,
    failure TEXT,
    created REAL NOT NULL,
    started REAL NOT NULL DEFAULT 0,
    ended REAL NOT NULL DEFAULT 0,
    keep_hours REAL,
    delete_after REAL NOT NULL DEFAULT 0,
    once INTEGER NOT NULL DEFAULT 0,
    webhook TEXT NOT NULL DEFAULT '',
    deleted REAL NOT NULL DEFAULT 0,
    key TEXT,
    body TEXT,
    UNIQUE (client, key)
);
CREATE INDEX jobs_next ON jobs (priority, turn, seq) WHERE state = 'queued';
CREATE INDEX jobs_turn ON jobs (client, priority, turn) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_kept ON jobs (delete_after) WHERE deleted = 0 AND ended > 0;
CREATE INDEX jobs_bytes ON jobs (ended, bytes) WHERE deleted = 0;
CREATE INDEX jobs_client ON jobs (client, seq);
CREATE INDEX jobs_batch ON jobs (batch, seq);
CREATE TABLE files (
    job TEXT NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL, fetched REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (job, name)
);
CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL,
    step TEXT NOT NULL DEFAULT ''
);
CREATE INDEX events_job ON events (job, number);
CREATE TABLE receipts (job TEXT PRIMARY KEY, at REAL NOT NULL, why TEXT NOT NULL);
CREATE TABLE outbox (
    id TEXT PRIMARY KEY, job TEXT NOT NULL, url TEXT NOT NULL, created REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', last TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'waiting';
CREATE TABLE lives (process TEXT PRIMARY KEY, role TEXT NOT NULL, seen REAL NOT NULL);
"""


def schema() -> str:
    """The tables, in SQLite's dialect."""
    return _SCHEMA


class Database:
    """Open connections to one shelf's database; made if it is not there. Raises DatabaseRefused and Duplicate."""

    row_lock = next_lock = ""
    sure = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: dict[Mode, tuple[sqlite3.Connection, threading.Lock]] = {}
        self._opening = threading.Lock()
        with _translated():
            _make(path)

    @contextmanager
    def use(self, mode: Mode) -> Iterator[sqlite3.Connection]:
        """The connection of one kind, for this thread alone; writing kinds in a transaction that is all or nothing."""
        with _translated():
            connection, lock = self._connection(mode)
        with lock, _translated():
            if mode == "read":
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def change_mark(self) -> int:
        """A number that is another one after any other process or connection has written; cheap to ask."""
        with self.use("read") as db:
            return int(db.execute("PRAGMA data_version").fetchone()[0])

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def close(self) -> None:
        """Closes all connections."""
        with self._opening:
            for connection, lock in self._open.values():
                with lock:
                    connection.close()
            self._open.clear()

    def _connection(self, mode: Mode) -> tuple[sqlite3.Connection, threading.Lock]:
        with self._opening:
            if mode not in self._open:
                self._open[mode] = (_connect(self._path, mode), threading.Lock())
            return self._open[mode]


@contextmanager
def _translated() -> Iterator[None]:
    """SQLite's errors in the words of the seam."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise Duplicate(str(error)) from error
    except sqlite3.OperationalError as error:
        code = error.sqlite_errorcode & 0xFF
        read_only = code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
        kind = "full" if code == sqlite3.SQLITE_FULL else "read_only" if read_only else "other"
        raise DatabaseRefused(kind, error.sqlite_errorname, str(error)) from error


def _connect(path: Path, mode: Mode) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        connection.execute(f"PRAGMA synchronous={'FULL' if mode == 'durable' else 'NORMAL'}")
        if mode == "read":
            connection.execute("PRAGMA query_only=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _make(path: Path) -> None:
    """WAL mode and tables, once; two processes that come at the same time make them once."""
    connection = _connect(path, "durable")
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={_SCHEMA_VERSION}")
        connection.commit()
    finally:
        connection.close()
    path.chmod(0o600)
