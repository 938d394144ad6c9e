"""Word to Procrastinate that jobs wait, in the transaction that writes their rows: both are there or neither is.

A ticket names a job; whoever draws it takes that job if it still waits. A ticket drawn for nothing does no harm, so one is
written each time a job begins to wait, and `put_right` writes those again that a worker lost between drawing and taking.
"""

from __future__ import annotations

from collections.abc import Sequence

from f2p.errors import BadSetting
from f2p.jobs.truth import Speaker, Truth

TASK, QUEUE = "f2p.photo", "f2p-photos"
_REAPING = 0x66327002
"""Number of the lock under which one reaper works at a time."""
_FLOOR = -2_000_000_000
_DEFER = """
SELECT procrastinate_defer_jobs_v1(coalesce(array_agg(
    ROW(?, ?, waiting.rank, NULL, waiting.id, jsonb_build_object('job', waiting.id), waiting.after)::procrastinate_job_to_defer_v1
    ORDER BY waiting.place), ARRAY[]::procrastinate_job_to_defer_v1[]))
FROM (
    SELECT jobs.id, jobs.seq AS place,
        greatest(?, -(jobs.priority * 100000000 + least(jobs.turn, 99999999)))::int AS rank,
        CASE WHEN jobs.not_before > 0 THEN to_timestamp(jobs.not_before) END AS after
    FROM jobs WHERE jobs.state = 'queued' AND {which}
    AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = jobs.id AND status IN {held})
) AS waiting
"""
_UNWANTED = """
SELECT procrastinate_cancel_job_v1(id, true, false) FROM procrastinate_jobs
WHERE queueing_lock = ? AND status IN ('todo', 'doing')
"""
_STALLED = """
SELECT id FROM procrastinate_jobs AS ticket WHERE ticket.queue_name = ? AND ticket.status = 'doing' AND NOT EXISTS (
    SELECT 1 FROM procrastinate_workers AS worker
    WHERE worker.id = ticket.worker_id AND worker.last_heartbeat > now() - make_interval(secs => ?))
"""


class EngineTickets:
    """Tells Procrastinate."""

    @staticmethod
    def prepare(db: Speaker, url: str) -> None:
        """The engine's own tables, where they are not there yet; the caller holds the lock under which tables are made."""
        if db.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL").fetchone()[0]:
            return
        try:
            from procrastinate import SyncPsycopgConnector
            from procrastinate.schema import SchemaManager
        except ImportError as missing:
            raise BadSetting(name="F2P_ENGINE", value="procrastinate", reason="needs_distributed") from missing

        connector = SyncPsycopgConnector(conninfo=url)
        connector.open()
        try:
            SchemaManager(connector).apply_schema()
        finally:
            connector.close()

    def waiting(self, db: Speaker, jobs: Sequence[str]) -> None:
        """One ticket for each, unless one waits already."""
        self._defer(db, "jobs.id = ANY(?)", "('todo')", [list(jobs)])

    def unwanted(self, db: Speaker, job: str) -> None:
        """Takes a waiting ticket back, and asks the worker of a drawn one to stop."""
        db.execute(_UNWANTED, (job,))

    def put_right(self, truth: Truth, silent_seconds: float) -> None:
        """Ends tickets of workers that have been silent so long, and writes one for every waiting job that has none."""
        with truth.use("durable") as db:
            db.execute("SELECT pg_advisory_xact_lock(?)", (_REAPING,))
            for row in db.execute(_STALLED, (QUEUE, silent_seconds)).fetchall():
                db.execute("SELECT procrastinate_finish_job_v1(?, 'failed', false)", (row["id"],))
            db.execute(
                "DELETE FROM procrastinate_jobs WHERE queue_name = ? AND status IN ('failed', 'cancelled', 'aborted')", (QUEUE,)
            )
            self._defer(db, "jobs.not_before >= 0", "('todo', 'doing')", [])

    def _defer(self, db: Speaker, which: str, held: str, said: list[object]) -> None:
        db.execute(_DEFER.format(which=which, held=held), (QUEUE, TASK, _FLOOR, *said))
