"""The clients' side of the shelf: hand work in, look, cancel, fetch, delete. Whatever was accepted is on the disk."""

from __future__ import annotations

import errno
import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from f2p.errors import JobGone, NoSuchJob, NotFinished, QueueFull, SameKeyOtherWork, StillRunning, StorageFault, StorageLow
from f2p.jobs.job import Event, Job, Receipt, State, Terms, Work
from f2p.jobs.lease import Leases
from f2p.jobs.outbox import Outbox
from f2p.jobs.places import files_of, truth_of
from f2p.jobs.rows import announce, event_of, file_of, job_of, tell
from f2p.jobs.settings import ShelfSettings
from f2p.jobs.truth import DatabaseRefused, Duplicate

_MB = 2**20
_REASONS = {errno.EROFS: "read_only_disk", errno.EACCES: "no_permission", errno.EPERM: "no_permission"}
_PUT = """
INSERT INTO jobs (id, batch, client, state, priority, turn, name, plan, reading, backdrop_name, mark, bytes, created, keep_hours,
    once, webhook, key, body)
VALUES (:id, :batch, :client, 'queued', :priority, (SELECT max(turn) FROM (
    SELECT coalesce((SELECT min(turn) FROM jobs WHERE state = 'queued' AND priority = :priority), 0) AS turn UNION ALL
    SELECT coalesce((SELECT max(turn) FROM jobs WHERE state = 'queued' AND priority = :priority AND client = :client) + 1, 0)
) AS turns), :name, :plan, :reading, :backdrop_name, :mark, :bytes, :created, :keep_hours, :once, :webhook, :key, :body)
"""
"""A client's next job comes one turn after its last one that waits, and never before the turn that is served now: clients take
turns however many jobs each has handed in (start-time fair queueing, all jobs alike)."""

FETCHED_STAYS = 60.0
"""Seconds that a job which is deleted once fetched stays after that: a download that broke at its very end can be repeated."""
_ALL_FETCHED = """
UPDATE jobs SET delete_after = :then WHERE id = :id AND once = 1 AND delete_after > :then
AND NOT EXISTS (SELECT 1 FROM files WHERE files.job = jobs.id AND fetched = 0 AND role != 'report')
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Some jobs of a list, newest first, and the number to ask for the next page with; 0 = that was all."""

    jobs: tuple[Job, ...]
    next: int


class Shelf:
    """One shelf; may be used by many threads and processes at once. Raises F2PError kinds."""

    def __init__(self, settings: ShelfSettings, clock: Callable[[], float] | None = None) -> None:
        self.settings = settings
        with _storage_faults(settings.folder):
            settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folders = files_of(settings)
            self.database, self._tickets = truth_of(settings)
        self.now = clock or self.database.now
        self.leases = Leases((self.database, self._tickets), self.folders, settings, self.now)
        self.outbox = Outbox(self.database, self.now)

    def put(self, works: Sequence[Work], terms: Terms) -> tuple[Job, ...]:
        """New jobs, in one batch: all of them or none, on the disk when this returns. The same key and work again: the same jobs.

        Raises SameKeyOtherWork, QueueFull, StorageLow, StorageFault.
        """
        body = _digest(works)
        with _storage_faults(self.settings.folder):
            if known := self._known(terms, body):
                return known
            self._check_room(works)
        batch, ids = secrets.token_hex(16), [secrets.token_hex(16) for _ in works]
        with _storage_faults(self.settings.folder):
            try:
                for job, work in zip(ids, works, strict=True):
                    self.folders.keep(job, work.data, work.backdrop)
                self.folders.flush()
                self._insert(batch, ids, works, (terms, body))
            except BaseException as error:
                if self.database.sure or not isinstance(error, DatabaseRefused):
                    for job in ids:  # else the rows may be there, and only the answer was lost: what no row names is swept
                        self.folders.delete(job)
                if isinstance(error, Duplicate) and (known := self._known(terms, body)):
                    return known  # the same request came twice at once
                raise
        return self.batch(batch)

    def get(self, job: str) -> Job:
        """One job as it stands. Raises NoSuchJob."""
        with self.database.use("read") as db:
            row = db.execute("SELECT * FROM jobs WHERE id = ?", (job,)).fetchone()
            if row is None:
                raise NoSuchJob(job=job)
            return job_of(row, db.execute("SELECT * FROM files WHERE job = ? ORDER BY place", (job,)))

    def batch(self, batch: str) -> tuple[Job, ...]:
        """The jobs that were handed in together, in their order."""
        with self.database.use("read") as db:
            rows = db.execute("SELECT id FROM jobs WHERE batch = ? ORDER BY seq", (batch,)).fetchall()
        return tuple(self.get(row["id"]) for row in rows)

    def ended(self, jobs: Sequence[str]) -> tuple[str, ...]:
        """Those of these jobs that have ended."""
        blanks = ", ".join("?" * len(jobs))
        with self.database.use("read") as db:
            rows = db.execute(f"SELECT id FROM jobs WHERE ended > 0 AND id IN ({blanks})", tuple(jobs))  # noqa: S608 - blanks only
            return tuple(row["id"] for row in rows)

    def list(self, client: str, *, before: int = 0, limit: int = 50, state: State | None = None) -> Page:
        """A client's jobs (empty: everybody's), newest first; `before` is what the page before this one gave as `next`."""
        asked = (client, client, before, before, state and state.value, state and state.value, limit + 1)
        with self.database.use("read") as db:
            rows = db.execute(
                """SELECT * FROM jobs WHERE (? = '' OR client = ?) AND (? = 0 OR seq < ?) AND (? IS NULL OR state = ?)
                   ORDER BY seq DESC LIMIT ?""", asked,
            ).fetchall()  # fmt: skip
            jobs = [
                job_of(row, db.execute("SELECT * FROM files WHERE job = ? ORDER BY place", (row["id"],))) for row in rows[:limit]
            ]
        return Page(tuple(jobs), rows[limit - 1]["seq"] if len(rows) > limit else 0)

    def ahead(self, job: Job) -> int:
        """How many waiting jobs will be taken before this one."""
        with self.database.use("read") as db:
            row = db.execute("SELECT priority, turn, seq FROM jobs WHERE id = ? AND state = 'queued'", (job.id,)).fetchone()
            if row is None:
                return 0
            found = db.execute(
                "SELECT count(*) FROM jobs WHERE state = 'queued' AND (priority, turn, seq) < (?, ?, ?)", tuple(row)
            ).fetchone()
        return int(found[0])

    def events(self, job: str, after: int = 0) -> tuple[Event, ...]:
        """What happened to a job since the event of number `after`."""
        with self.database.use("read") as db:
            rows = db.execute("SELECT * FROM events WHERE job = ? AND number > ? ORDER BY number LIMIT 1000", (job, after))
            return tuple(event_of(row) for row in rows)

    def counts(self) -> dict[State, int]:
        """How many jobs stand where."""
        with self.database.use("read") as db:
            rows = db.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall()
        return dict.fromkeys(State, 0) | {State(state): count for state, count in rows}

    def oldest_waiting(self) -> float:
        """Seconds that the oldest waiting job has waited."""
        with self.database.use("read") as db:
            oldest = db.execute("SELECT min(created) FROM jobs WHERE state = 'queued'").fetchone()[0]
        return max(0.0, self.now() - oldest) if oldest else 0.0

    def cancel(self, job: str) -> Job:
        """Ends a waiting job at once and asks the worker of a running one to stop; what has ended stays. Raises NoSuchJob."""
        now = self.now()
        with _storage_faults(self.settings.folder), self.database.use("durable") as db:
            db.execute(f"SELECT 1 FROM jobs WHERE id = ? {self.database.row_lock}", (job,))  # noqa: S608 - our own words
            row = db.execute(
                """UPDATE jobs SET state = 'cancelled', ended = ?, delete_after = ? + coalesce(keep_hours, ?) * 3600
                   WHERE id = ? AND state = 'queued' RETURNING webhook""", (now, now, self.settings.keep_hours, job),
            ).fetchone()  # fmt: skip
            if row is not None:
                tell(db, job, now, State.CANCELLED)
                announce(db, job, row["webhook"], now)
            else:
                db.execute("UPDATE jobs SET cancelling = 1 WHERE id = ? AND state = 'running'", (job,))
            self._tickets.unwanted(db, job)
        return self.get(job)

    def file(self, job: Job, name: str) -> Path:
        """Where a finished file lies. Raises JobGone, NotFinished, NoSuchJob."""
        if job.deleted:
            raise JobGone(job=job.id)
        if job.state is not State.DONE:
            raise NotFinished(job=job.id)
        if name not in {one.name for one in job.files}:
            raise NoSuchJob(job=f"{job.id}/{name}")
        return self.folders.path(job.id, job.attempt, name)

    def fetched(self, job: Job, names: Sequence[str]) -> None:
        """Files went out whole; after the last one of a job that is kept `once` only a moment is left."""
        if not job.once or job.deleted:
            return
        with self.database.use("durable") as db:
            for name in names:
                db.execute("UPDATE files SET fetched = ? WHERE job = ? AND name = ?", (self.now(), job.id, name))
            db.execute(_ALL_FETCHED, {"then": self.now() + FETCHED_STAYS, "id": job.id})

    def delete(self, job: str, why: str = "asked") -> Receipt:
        """Deletes the files and names of a job that has ended and gives the receipt. Raises NoSuchJob, StillRunning."""
        found = self.get(job)
        if not found.state.ended:
            raise StillRunning(job=job)
        now = self.now()
        if not found.deleted:
            self.folders.delete(job)  # first the files: a receipt is never written for what is still there
            with self.database.use("durable") as db:
                done = db.execute(
                    """UPDATE jobs SET deleted = ?, name = '', backdrop_name = '', reading = NULL, plan = '', bytes = 0
                       WHERE id = ? AND deleted = 0""", (now, job),
                )  # fmt: skip
                if done.rowcount:
                    db.execute("INSERT INTO receipts (job, at, why) VALUES (?, ?, ?)", (job, now, why))
                    tell(db, job, now, "deleted")
        return self.receipt(job)

    def receipt(self, job: str) -> Receipt:
        """Proof that a job's files are gone. Raises NoSuchJob where they are not."""
        with self.database.use("read") as db:
            row = db.execute("SELECT * FROM receipts WHERE job = ?", (job,)).fetchone()
            if row is None:
                raise NoSuchJob(job=job)
            files = db.execute("SELECT * FROM files WHERE job = ? ORDER BY place", (job,))
            return Receipt(job=job, at=row["at"], why=row["why"], files=tuple(file_of(one) for one in files))

    def room_bytes(self) -> int:
        """What new work may still use: the disk without its reserve, or the rest of the quota, whichever is less."""
        disk = shutil.disk_usage(self.settings.folder)
        reserve = self.settings.reserve_bytes or max(1024 * _MB, disk.total // 20)
        with self.database.use("read") as db:
            # What has ended makes room by itself when the quota is reached; only what is still to be done holds it.
            used = db.execute("SELECT coalesce(sum(bytes), 0) FROM jobs WHERE ended = 0 AND deleted = 0").fetchone()[0]
        return min(disk.free - reserve, self.settings.quota_bytes - int(used))

    def _check_room(self, works: Sequence[Work]) -> None:
        waiting = self._waiting()
        if waiting + len(works) > self.settings.most_waiting:
            raise QueueFull(waiting=waiting)
        room = self.room_bytes()
        if room < sum(len(work.data) + len(work.backdrop) for work in works):
            raise StorageLow(free_mb=max(0, room // _MB))

    def _waiting(self) -> int:
        with self.database.use("read") as db:
            return int(db.execute("SELECT count(*) FROM jobs WHERE state = 'queued'").fetchone()[0])

    def _known(self, terms: Terms, body: str) -> tuple[Job, ...]:
        """The jobs that came with this key before. Raises SameKeyOtherWork."""
        if not terms.key:
            return ()
        with self.database.use("read") as db:
            row = db.execute(
                "SELECT id, batch, body FROM jobs WHERE client = ? AND key = ?", (terms.client, f"{terms.key}#0")
            ).fetchone()
        if row is None:
            return ()
        if row["body"] != body:
            raise SameKeyOtherWork(job=row["id"])
        return self.batch(row["batch"])

    def _insert(self, batch: str, ids: Sequence[str], works: Sequence[Work], said: tuple[Terms, str]) -> None:
        (terms, body), now = said, self.now()
        with self.database.use("durable") as db:
            for place, (job, work) in enumerate(zip(ids, works, strict=True)):
                db.execute(_PUT, {
                    "id": job, "batch": batch, "client": terms.client, "priority": terms.priority.rank, "name": work.name,
                    "plan": work.plan, "reading": json.dumps(work.reading, ensure_ascii=False) if work.reading else None,
                    "backdrop_name": work.backdrop_name, "mark": work.mark, "bytes": len(work.data) + len(work.backdrop),
                    "created": now, "keep_hours": terms.keep_hours, "once": terms.once, "webhook": terms.webhook,
                    "key": f"{terms.key}#{place}" if terms.key else None, "body": body,
                })  # fmt: skip
                tell(db, job, now, State.QUEUED)
            self._tickets.waiting(db, ids)


def _digest(works: Sequence[Work]) -> str:
    """What makes two requests the same: pictures, plans, and what is wanted beside."""
    digest = hashlib.sha256()
    for work in works:
        for part in (work.data, work.backdrop, work.plan.encode(), work.name.encode(), bytes([work.mark])):
            digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


@contextmanager
def _storage_faults(folder: Path) -> Iterator[None]:
    """System and database errors about the place become ours."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise StorageLow(free_mb=shutil.disk_usage(folder).free // _MB) from error
        raise StorageFault(reason=_REASONS.get(error.errno or 0, error.strerror or "")) from error
    except DatabaseRefused as error:
        if error.kind == "full":
            raise StorageLow(free_mb=shutil.disk_usage(folder).free // _MB) from error
        raise StorageFault(reason="read_only_disk" if error.kind == "read_only" else str(error)) from error
