"""A worker that Procrastinate tells what waits: it draws a ticket, takes the job that it names, and works as every worker does.

The engine delivers at least once and decides in which order; that a job ends once is the shelf's fencing, as on one machine.
"""

from __future__ import annotations

import logging
import time

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import AbortReason, JobContext

from f2p.jobs.shelf import Shelf
from f2p.jobs.tickets import QUEUE, TASK
from f2p.jobs.worker import Stop, Worker

_AGAIN = 1.0
_POLL = 2.0
"""Seconds between two looks for tickets and for wishes to stop, beside being told."""
_LOG = logging.getLogger("f2p.worker")


def work_for_engine(shelf: Shelf, worker: Worker, drain_seconds: float) -> None:
    """Works until SIGTERM. A database that goes away is waited for, with the models warm."""
    worker.begin_heart()
    while True:
        try:
            _app(shelf, worker).run_worker(
                queues=[QUEUE],
                concurrency=1,
                fetch_job_polling_interval=_POLL,
                abort_job_polling_interval=_POLL,
                shutdown_graceful_timeout=drain_seconds,
                update_heartbeat_interval=max(0.5, shelf.settings.lease_seconds / 5),
                stalled_worker_timeout=shelf.settings.lease_seconds,
                delete_jobs="successful",
            )
        except (ConnectorException, psycopg.Error) as error:
            _LOG.error("engine error_type=%s", type(error).__name__)
            time.sleep(_AGAIN)
        else:
            return


def _app(shelf: Shelf, worker: Worker) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=shelf.settings.database))

    def photo(context: JobContext, job: str) -> None:
        def asked() -> Stop | None:
            return _STOPS.get(context.abort_reason())

        worker.work_on(job, asked)

    app.task(photo, name=TASK, queue=QUEUE, pass_context=True)
    return app


_STOPS: dict[AbortReason | None, Stop] = {AbortReason.SHUTDOWN: Stop.DRAIN, AbortReason.USER_REQUEST: Stop.CANCEL}
"""The engine asks in the same way when it ends and when somebody cancels: one gives the job back, the other ends it."""
