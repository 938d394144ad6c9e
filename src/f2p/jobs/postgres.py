"""The shelf's rows in PostgreSQL, for several machines: the same statements as SQLite's, said in its dialect.

A connection that broke (the database was restarted, the network was gone) refuses once and is opened anew the next time. The
clock is the database's, so that machines agree on when a lease is over.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from f2p.errors import BadSetting
from f2p.jobs.database import schema
from f2p.jobs.truth import DatabaseRefused, Duplicate, Mode, Said, Speaker

try:
    import psycopg
except ImportError as missing:
    raise BadSetting(name="F2P_DATABASE", value="postgresql", reason="needs_distributed") from missing

_MAKING = 0x66327001
"""Number of the lock under which tables are made."""
_NAMED = re.compile(r"(?<![:\w]):([a-z_]+)")
_DIALECT = (
    ("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGSERIAL PRIMARY KEY"),
    (" bytes INTEGER", " bytes BIGINT"),
    (" REAL", " DOUBLE PRECISION"),
    ("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS "),
    ("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS "),
)
_CONNECT_SECONDS = 5


class _Row(tuple[Any, ...]):
    """A row that is read by place and by name."""

    __slots__ = ()
    names: ClassVar[dict[str, int]]

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.names[key] if isinstance(key, str) else key)


def _rows(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], _Row]:
    names = {column.name: place for place, column in enumerate(cursor.description or ())}
    return type("_Row", (_Row,), {"__slots__": (), "names": names})


class _Connection:
    """A connection that takes the statements of the shelf."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, sql: str, said: Said = (), /) -> psycopg.Cursor[Any]:
        """One statement. Parameters go in on this side: the server then sees what kinds they are."""
        cursor = psycopg.ClientCursor(self._connection, row_factory=_rows)
        return cursor.execute(_dialect(sql).encode(), _plain(said) or None)

    def executemany(self, sql: str, said: Iterable[Said], /) -> None:
        """One statement for each."""
        psycopg.ClientCursor(self._connection).executemany(_dialect(sql).encode(), [_plain(one) for one in said])


class Postgres:
    """Open connections to one database; its tables are made if they are not there. prepare: what else is made with them."""

    row_lock, next_lock, sure = "FOR UPDATE", "FOR UPDATE SKIP LOCKED", False

    def __init__(self, url: str, prepare: Callable[[Speaker, str], None] | None = None) -> None:
        self._url = url
        self._open: dict[Mode, tuple[psycopg.Connection[Any], threading.Lock]] = {}
        self._opening = threading.Lock()
        self._ahead = 0.0
        with self.use("durable") as db:
            db.execute("SELECT pg_advisory_xact_lock(?)", (_MAKING,))
            for statement in _tables():
                db.execute(statement)
            if prepare is not None:
                prepare(db, url)
            begun = time.time()
            told = db.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()[0]
            self._ahead = told - (begun + time.time()) / 2

    @contextmanager
    def use(self, mode: Mode) -> Iterator[Speaker]:
        """The connection of one kind, for this thread alone, in a transaction that is all or nothing."""
        with _translated():
            connection, lock = self._connection(mode)
        with lock, _translated():
            try:
                with connection.transaction():
                    yield _Connection(connection)
            except psycopg.OperationalError:
                self._drop(mode, connection)
                raise

    def change_mark(self) -> int:
        """A number that is another one after something happened to a job."""
        with self.use("read") as db:
            return int(db.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()[0])

    def now(self) -> float:
        """Seconds since 1970 by the database's clock."""
        return time.time() + self._ahead

    def close(self) -> None:
        """Closes all connections."""
        with self._opening:
            for connection, lock in self._open.values():
                with lock:
                    connection.close()
            self._open.clear()

    def _connection(self, mode: Mode) -> tuple[psycopg.Connection[Any], threading.Lock]:
        with self._opening:
            if mode not in self._open or self._open[mode][0].closed:
                self._open[mode] = (_connect(self._url, mode), threading.Lock())
            return self._open[mode]

    def _drop(self, mode: Mode, connection: psycopg.Connection[Any]) -> None:
        with suppress(psycopg.Error):
            connection.close()
        with self._opening:
            if self._open.get(mode, (None,))[0] is connection:
                del self._open[mode]


def _connect(url: str, mode: Mode) -> psycopg.Connection[Any]:
    words = {
        "synchronous_commit": "on" if mode == "durable" else "off",
        "default_transaction_read_only": "on" if mode == "read" else "off",
    }
    options = " ".join(f"-c {name}={value}" for name, value in words.items())
    return psycopg.connect(
        url, connect_timeout=_CONNECT_SECONDS, options=options, autocommit=True, application_name=f"f2p {mode}"
    )


def _tables() -> list[str]:
    whole = schema()
    for ours, theirs in _DIALECT:
        whole = whole.replace(ours, theirs)
    return [statement for statement in whole.split(";") if statement.strip()]


def _dialect(sql: str) -> str:
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%").replace("?", "%s"))


def _plain(said: Said) -> Any:
    """SQLite keeps yes and no as numbers."""
    if isinstance(said, Mapping):
        return {name: int(value) if isinstance(value, bool) else value for name, value in said.items()}
    return [int(value) if isinstance(value, bool) else value for value in said]


@contextmanager
def _translated() -> Iterator[None]:
    """PostgreSQL's errors in the words of the seam."""
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        raise Duplicate(str(error)) from error
    except psycopg.Error as error:
        kinds = {"53100": "full", "25006": "read_only"}
        raise DatabaseRefused(kinds.get(error.sqlstate or "", "other"), type(error).__name__) from error
