"""Messages about jobs that have ended: written in the transaction that ends the job, sent until somebody takes them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from f2p.jobs.truth import Truth

PAUSES = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)
"""Seconds between the tries; after the last one the message is given up."""


@dataclass(frozen=True, slots=True)
class Message:
    """Word that a job has ended. tries: how often it was sent already."""

    id: str
    job: str
    url: str
    created: float
    tries: int


class Outbox:
    """The messages of one shelf. Sent means: somebody answered so; killed in between, a message goes out again, with its id."""

    def __init__(self, database: Truth, clock: Callable[[], float] = time.time) -> None:
        self._db, self._now = database, clock

    def due(self, most: int = 20) -> list[Message]:
        """Messages whose time has come, the longest due first."""
        with self._db.use("read") as db:
            rows = db.execute(
                "SELECT * FROM outbox WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at LIMIT ?", (self._now(), most)
            ).fetchall()
        return [Message(row["id"], row["job"], row["url"], row["created"], row["tries"]) for row in rows]

    def sent(self, message: Message) -> None:
        """Somebody took it."""
        with self._db.use("durable") as db:
            db.execute("UPDATE outbox SET state = 'sent', tries = tries + 1, last = 'ok' WHERE id = ?", (message.id,))

    def failed(self, message: Message, why: str, *, for_good: bool = False) -> None:
        """Nobody took it: again later, or never where the last pause is over or `for_good`. why: a status or kind of error."""
        over = for_good or message.tries >= len(PAUSES)
        next_at = self._now() + (0 if over else PAUSES[message.tries])
        with self._db.use("durable") as db:
            db.execute(
                "UPDATE outbox SET state = ?, tries = tries + 1, next_at = ?, last = ? WHERE id = ?",
                ("given_up" if over else "waiting", next_at, why[:100], message.id),
            )

    def waiting(self) -> int:
        """How many messages nobody has taken yet."""
        with self._db.use("read") as db:
            return int(db.execute("SELECT count(*) FROM outbox WHERE state = 'waiting'").fetchone()[0])
