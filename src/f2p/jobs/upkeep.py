"""What keeps the shelf clean: retention, quota, and files that nothing speaks of. Run by one process of the service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from f2p.jobs.shelf import Shelf

_YOUNG = 600.0
"""Seconds that a folder may be there before its row: a request that is being written, or was just killed."""
_AT_ONCE = 200
_FORGET_HOURS = 24 * 90
"""Rows of deleted jobs and their receipts stay so long."""
_OVER = """
SELECT id, once = 1 AND NOT EXISTS (SELECT 1 FROM files WHERE files.job = jobs.id AND fetched = 0 AND role != 'report') AS fetched
FROM jobs WHERE deleted = 0 AND ended > 0 AND delete_after < ? LIMIT ?
"""
_FORGET = (
    "DELETE FROM events WHERE job = ?",
    "DELETE FROM files WHERE job = ?",
    "DELETE FROM receipts WHERE job = ?",
    "DELETE FROM outbox WHERE job = ?",
    "DELETE FROM jobs WHERE id = ?",
)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round took away."""

    orphans: int
    expired: int
    for_room: int

    @property
    def anything(self) -> bool:
        return bool(self.orphans or self.expired or self.for_room)


def sweep(shelf: Shelf, *, young: float = _YOUNG) -> Swept:
    """One round: orphans older than `young` seconds, jobs kept long enough, and the oldest finished ones above the quota."""
    orphans = _orphans(shelf, young)
    swept = Swept(orphans, expire(shelf), _above_quota(shelf))
    _forget(shelf)
    return swept


def expire(shelf: Shelf) -> int:
    """Deletes the files of jobs whose time is over, with a receipt that says why; how many."""
    with shelf.database.use("read") as db:
        rows = db.execute(_OVER, (shelf.now(), _AT_ONCE)).fetchall()
    for row in rows:
        shelf.delete(row["id"], "fetched" if row["fetched"] else "kept_long_enough")
    return len(rows)


def _above_quota(shelf: Shelf) -> int:
    with shelf.database.use("read") as db:
        used = int(db.execute("SELECT coalesce(sum(bytes), 0) FROM jobs WHERE deleted = 0").fetchone()[0])
        rows: list[Any] = []
        if used > shelf.settings.quota_bytes:
            rows = db.execute(
                "SELECT id, bytes FROM jobs WHERE deleted = 0 AND ended > 0 ORDER BY ended LIMIT ?", (_AT_ONCE,)
            ).fetchall()
    taken = 0
    for row in rows:
        if used <= shelf.settings.quota_bytes:
            break
        shelf.delete(row["id"], "room_needed")
        used, taken = used - row["bytes"], taken + 1
    return taken


def _orphans(shelf: Shelf, young: float) -> int:
    """Folders without a job, and attempts that are not the one that counts: left by processes that were killed."""
    taken = 0
    for job in list(shelf.folders.jobs()):
        with shelf.database.use("read") as db:
            row = db.execute("SELECT state, attempt, deleted, ended FROM jobs WHERE id = ?", (job,)).fetchone()
        if row is None or row["deleted"]:
            if shelf.folders.age_of(job, shelf.now()) > young:
                shelf.folders.delete(job)
                taken += 1
            continue
        counts = row["attempt"] if row["state"] in {"done", "running"} else None
        leftovers = shelf.folders.leftovers(job, counts)
        if row["state"] == "running":  # its own attempt is being written
            leftovers = [one for one in leftovers if one != f"a{counts}.part"]
        for folder in leftovers:
            shelf.folders.discard(job, folder)
            taken += 1
    return taken


def _forget(shelf: Shelf) -> None:
    """Rows of what was deleted long ago, so that the database stays small."""
    before = shelf.now() - _FORGET_HOURS * 3600
    with shelf.database.use("read") as db:
        old = [
            row["id"] for row in db.execute("SELECT id FROM jobs WHERE deleted > 0 AND deleted < ? LIMIT ?", (before, _AT_ONCE))
        ]
    for job in old:
        with shelf.database.use("durable") as db:
            for statement in _FORGET:
                db.execute(statement, (job,))
