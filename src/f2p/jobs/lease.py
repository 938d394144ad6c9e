"""The workers' side of the shelf: take a job, say that it goes on, end it. The attempt's number fences.

Every write says `WHERE id AND attempt AND state = 'running'`: a worker that was given up for dead and wakes up again changes
nothing, and learns it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from f2p.errors import WorkerLost
from f2p.jobs.folders import Files
from f2p.jobs.job import MOST_ATTEMPTS, MOST_LOST, Failure, Job, State
from f2p.jobs.process import alive
from f2p.jobs.rows import announce, job_of, tell
from f2p.jobs.settings import ShelfSettings
from f2p.jobs.truth import DatabaseRefused, Speaker, Tickets, Truth

_WELL, _FORGOTTEN = 15.0, 600.0
_BEAT = "UPDATE jobs SET lease_until = ? WHERE id = ? AND attempt = ? AND state = 'running' RETURNING cancelling"
_STEP = """
UPDATE jobs SET lease_until = ?, step = ?, steps = steps + 1
WHERE id = ? AND attempt = ? AND state = 'running' RETURNING cancelling
"""
_GIVE_BACK = """
UPDATE jobs SET state = 'queued', owner = '', not_before = ? WHERE id = ? AND attempt = ? AND state = 'running'
"""
_LOST = """
UPDATE jobs SET state = 'queued', owner = '', lost = lost + ?
WHERE id = ? AND attempt = ? AND state = 'running' RETURNING lost, attempt
"""
_END = """
UPDATE jobs SET state = ?, failure = ?, ended = ?, owner = '', step = '', delete_after = ? + coalesce(keep_hours, ?) * 3600
WHERE id = ? AND attempt = ? AND state = 'running' RETURNING webhook
"""
_CLAIM = """
UPDATE jobs SET state = 'running', attempt = attempt + 1, owner = :owner, lease_until = :until, step = '', steps = 0,
    started = CASE WHEN started = 0 THEN :now ELSE started END
WHERE seq = (SELECT seq FROM jobs WHERE {which} AND state = 'queued' AND not_before <= :now
    ORDER BY priority, turn, seq LIMIT 1 {lock})
RETURNING *
"""


@dataclass(frozen=True, slots=True)
class Grip:
    """What a sign of life learns. held: the job is still this attempt's; cancelling: somebody wants it to stop."""

    held: bool
    cancelling: bool


class Leases:
    """What a worker may do with the shelf."""

    def __init__(
        self, truth: tuple[Truth, Tickets], folders: Files, settings: ShelfSettings, clock: Callable[[], float] = time.time
    ) -> None:
        self.folders = folders
        database, self._tickets = truth
        self._db, self._settings, self._now = database, settings, clock

    def claim(self, owner: str) -> Job | None:
        """The next job, now this owner's: a person's before a batch's, clients in turn, the longest waiting first; or none."""
        return self._take(owner, "1 = 1") if self._anything_waits() else None

    def take(self, job: str, owner: str) -> Job | None:
        """This very job, now this owner's; none where it does not wait (any more): an engine may say a thing twice."""
        return self._take(owner, "id = :id", {"id": job})

    def _take(self, owner: str, which: str, said: Mapping[str, str] | None = None) -> Job | None:
        now = self._now()
        told = {"owner": owner, "until": now + self._settings.lease_seconds, "now": now, **(said or {})}
        with self._db.use("durable") as db:
            row = db.execute(_CLAIM.format(which=which, lock=self._db.next_lock), told).fetchone()
            if row is None:
                return None
            tell(db, row["id"], now, State.RUNNING)
        return job_of(row)

    def beat(self, job: Job) -> Grip:
        """Keeps the lease."""
        until = self._now() + self._settings.lease_seconds
        with self._db.use("quick") as db:
            row = db.execute(_BEAT, (until, job.id, job.attempt)).fetchone()
        return _grip(row)

    def step(self, job: Job, step: str) -> Grip:
        """Keeps the lease and tells that a step begins."""
        now = self._now()
        with self._db.use("quick") as db:
            until = now + self._settings.lease_seconds
            row = db.execute(_STEP, (until, step, job.id, job.attempt)).fetchone()
            if row is not None:
                tell(db, job.id, now, "step", step)
        return _grip(row)

    def finish(self, job: Job, files: Mapping[str, tuple[str, bytes]]) -> bool:
        """Publishes name → (role, bytes) and ends the job; False where it was no longer this attempt's and nothing was left.

        Raises OSError kinds for a disk that does not take the files; the job is then still this attempt's.
        """
        made = self.folders.publish(job.id, job.attempt, files)
        try:
            with self._db.use("durable") as db:
                ended = self._end(db, job, State.DONE)
                if ended:
                    db.executemany(
                        "INSERT INTO files (job, place, name, role, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)",
                        [(job.id, place, one.name, one.role, one.bytes, one.sha256) for place, one in enumerate(made)],
                    )
                    grown = sum(one.bytes for one in made)
                    db.execute("UPDATE jobs SET bytes = bytes + ? WHERE id = ?", (grown, job.id))
        except DatabaseRefused:
            if self._db.sure:
                self.folders.withdraw(job.id, job.attempt)
            raise
        ended = ended or (not self._db.sure and self._is_done(job))
        if not ended:
            self.folders.withdraw(job.id, job.attempt)
        return ended

    def fail(self, job: Job, failure: Failure) -> bool:
        """Ends the job with why; False where it was no longer this attempt's."""
        with self._db.use("durable") as db:
            return self._end(db, job, State.FAILED, failure)

    def drop(self, job: Job) -> bool:
        """Ends the job because it was cancelled; False where it was no longer this attempt's."""
        with self._db.use("durable") as db:
            return self._end(db, job, State.CANCELLED)

    def give_back(self, job: Job, pause: float = 0) -> bool:
        """Back into the queue at its old place, not to be taken before `pause` seconds are over; no blame for the job."""
        now = self._now()
        with self._db.use("durable") as db:
            done = db.execute(_GIVE_BACK, (now + pause, job.id, job.attempt))
            if done.rowcount:
                tell(db, job.id, now, State.QUEUED)
                self._tickets.waiting(db, [job.id])
        return bool(done.rowcount)

    def live(self, process: str, role: str) -> None:
        """Says that a process of the service is there and well."""
        with self._db.use("quick") as db:
            db.execute(
                "INSERT INTO lives (process, role, seen) VALUES (?, ?, ?) "
                "ON CONFLICT (process) DO UPDATE SET seen = excluded.seen",
                (process, role, self._now()),
            )
            db.execute("DELETE FROM lives WHERE seen < ?", (self._now() - _FORGOTTEN,))

    def living(self, role: str, *, is_alive: Callable[[str], bool] = alive) -> int:
        """How many processes of a role are there and were well a moment ago."""
        with self._db.use("read") as db:
            rows = db.execute("SELECT process FROM lives WHERE role = ? AND seen > ?", (role, self._now() - _WELL)).fetchall()
        return sum(is_alive(row["process"]) for row in rows)

    def put_back_lost(self, *, blame: bool = True, is_alive: Callable[[str], bool] = alive) -> list[Job]:
        """Jobs whose worker is dead or silent, back in the queue; those that lost too many workers or are unwanted are ended.

        blame: whether the job may be why; not where the whole service ended, as at a start, though even that only so often.
        """
        now = self._now()
        with self._db.use("read") as db:
            running = [job_of(row) for row in db.execute("SELECT * FROM jobs WHERE state = 'running'")]
        lost = [job for job in running if job.lease_until < now or not is_alive(job.owner)]
        for job in lost:
            self._put_back(job, now, blame=blame)
        self._tickets.put_right(self._db, self._settings.lease_seconds)
        return lost

    def _put_back(self, job: Job, now: float, *, blame: bool) -> None:
        with self._db.use("durable") as db:
            if job.cancelling:
                self._end(db, job, State.CANCELLED)
                return
            row = db.execute(_LOST, (blame, job.id, job.attempt)).fetchone()
            if row is None:
                return
            tell(db, job.id, now, "lost")
            self._tickets.waiting(db, [job.id])
            if row["lost"] >= MOST_LOST or row["attempt"] >= MOST_ATTEMPTS:
                db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (job.id,))
                self._end(db, job, State.FAILED, Failure(code=WorkerLost.code, params={"attempts": row["attempt"]}))

    def _is_done(self, job: Job) -> bool:
        """Whether this attempt ended well before, and only the answer was lost."""
        with self._db.use("read") as db:
            row = db.execute("SELECT 1 FROM jobs WHERE id = ? AND attempt = ? AND state = 'done'", (job.id, job.attempt))
            return row.fetchone() is not None

    def _end(self, db: Speaker, job: Job, state: State, failure: Failure | None = None) -> bool:
        now = self._now()
        why = json.dumps(asdict(failure)) if failure else None
        row = db.execute(_END, (state.value, why, now, now, self._settings.keep_hours, job.id, job.attempt)).fetchone()
        if row is None:
            return False
        tell(db, job.id, now, state)
        announce(db, job.id, row["webhook"], now)
        return True

    def _anything_waits(self) -> bool:
        """A look that takes no lock, so that idle workers stand in nobody's way."""
        with self._db.use("read") as db:
            found = db.execute("SELECT 1 FROM jobs WHERE state = 'queued' AND not_before <= ? LIMIT 1", (self._now(),))
            return found.fetchone() is not None


def _grip(row: Any) -> Grip:
    return Grip(held=row is not None, cancelling=row is not None and bool(row["cancelling"]))
