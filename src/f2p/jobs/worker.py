"""One worker process: takes jobs off the shelf one after the other and runs the same work as every other door, with warm models.

Ways a job ends here: done; failed with an error of the tree; cancelled at its next step. A worker that is killed, hangs or runs
out of memory in native code leaves the job to its lease: somebody else starts it again. A disk that takes nothing ends no job:
the finished files are held and offered again until it does.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum

from f2p import studio
from f2p.errors import F2PError, JobCancelled, OutOfMemory, OverTime
from f2p.jobs.job import Failure, Job
from f2p.jobs.lease import Grip
from f2p.jobs.process import me
from f2p.jobs.record import finished_files
from f2p.jobs.shelf import Shelf
from f2p.jobs.truth import DatabaseRefused
from f2p.values.outcome import Delivery, Order

Make = Callable[[Order, Callable[[str], None]], Delivery]
Other = Callable[[Job, Callable[[], bytes], Callable[[str], None]], Mapping[str, tuple[str, bytes]] | None]
"""Makes the files of a job that is no order; None where it is one. It gets the job, its picture, and whom to tell its steps."""


class Stop(Enum):
    """Why an engine wants a job to stop: nobody wants it any more, or the worker ends and another goes on with it."""

    CANCEL = "cancel"
    DRAIN = "drain"


EXIT_GAVE_UP = 70
"""The worker ended itself because a job would not stop; whoever started it starts a new one."""
_QUICK_LOOK, _SLOW_LOOK = 0.01, 0.05
"""Seconds between two looks at the shelf: soon after work, and when nothing has come for a while."""
_BUSY_FOR = 20.0
_BEAT = 0.5
_UNHEARD = 5.0
"""Seconds that a cancelled job may go on until its next step; then its process ends."""
_OFFER_AGAIN = 1.0
_WELL = 5.0
"""Seconds between two words that this worker is there."""
_LOG = logging.getLogger("f2p.worker")


class _NotOurs(Exception):
    """The job belongs to another attempt now."""


class _DrainOver(Exception):
    """The service stops and this job would take too long."""


class Worker:
    """Takes jobs until told to stop. make: `studio.process` with the settings filled in, or something that stands in for it."""

    def __init__(self, shelf: Shelf, make: Make, *, drain_seconds: float = 15, other: Other | None = None) -> None:
        self._shelf, self._leases, self._make, self._other = shelf, shelf.leases, make, other
        self._asked: Callable[[], Stop | None] = lambda: None
        self._drain_seconds = drain_seconds
        self._stop = threading.Event()
        self._stop_at = 0.0
        self._job: Job | None = None
        self._begun = 0.0
        self._unwanted_since = 0.0

    def stop(self) -> None:
        """No further job; the one at hand is finished if that does not take too long, else given back."""
        self._stop_at = time.monotonic()
        self._stop.set()

    def run(self) -> None:
        """Works until `stop`."""
        self.begin_heart()
        worked_at = time.monotonic()
        while not self._stop.is_set():
            try:
                worked = self.work_once()
            except DatabaseRefused as error:
                _LOG.error("shelf error_type=%s", error.name)
                self._stop.wait(_OFFER_AGAIN)
                continue
            now = time.monotonic()
            worked_at = now if worked else worked_at
            if not worked:
                self._stop.wait(_QUICK_LOOK if now - worked_at < _BUSY_FOR else _SLOW_LOOK)

    def begin_heart(self) -> None:
        """From now on the job at hand keeps its lease; `run` does this by itself."""
        threading.Thread(target=self._beat_on, daemon=True).start()

    def work_on(self, job: str, asked: Callable[[], Stop | None]) -> None:
        """Brings this job to an end if it still waits. asked: whether, and why, an engine wants it to stop."""
        taken = self._leases.take(job, me())
        if taken is not None:
            self._asked = asked
            self._work(taken)

    def work_once(self) -> bool:
        """Takes one job if there is one and brings it to an end; whether there was one."""
        job = self._leases.claim(me())
        if job is not None:
            self._work(job)
        return job is not None

    def _work(self, job: Job) -> None:
        self._begun, self._unwanted_since, self._job = time.monotonic(), 0.0, job
        try:
            self._bring_to_an_end(job)
        finally:
            self._job = None

    def _bring_to_an_end(self, job: Job) -> None:
        try:
            files = self._files(job)
        except _NotOurs:
            _log(job, "not_ours")
        except _DrainOver:
            self._offer(job, lambda: self._leases.give_back(job))
            _log(job, "given_back")
        except JobCancelled:
            self._offer(job, lambda: self._leases.drop(job))
        except F2PError as error:
            self._fail(job, Failure(code=error.code, params=error.params))
        except MemoryError:
            limit = self._shelf.settings.job_memory_mb
            self._fail(job, Failure(code=OutOfMemory.code, params={"mb": limit}))
        except Exception as error:  # noqa: BLE001 - the worker is a last door: one strange photo must not end it
            _LOG.error("job=%s attempt=%d error_type=%s", job.id, job.attempt, type(error).__name__, exc_info=_traceback())
            self._fail(job, Failure(code=F2PError.code, params={"what": type(error).__name__}))
        else:
            if self._offer(job, lambda: self._leases.finish(job, files)):
                _log(job, f"done seconds={time.monotonic() - self._begun:.2f}")

    def _files(self, job: Job) -> Mapping[str, tuple[str, bytes]]:
        def on_step(step: str) -> None:
            self._on_step(job, step)

        if self._other is not None:
            files = self._other(job, lambda: self._leases.folders.inputs(job.id)[0], on_step)
            if files is not None:
                return files
        return finished_files(self._make(self._order(job), on_step), job)

    def _order(self, job: Job) -> Order:
        data, backdrop = self._leases.folders.inputs(job.id)
        return Order(
            data=data, name=job.name, plan=studio.plan_from_json(job.plan), backdrop=backdrop, backdrop_name=job.backdrop_name,
            mark=job.mark,
        )  # fmt: skip

    def _on_step(self, job: Job, step: str) -> None:
        """Tells where the job is; raises what ends it where it should not go on."""
        if self._stop.is_set() and time.monotonic() - self._stop_at > self._drain_seconds:
            raise _DrainOver
        asked = self._asked()
        if asked is not None:
            raise _DrainOver if asked is Stop.DRAIN else JobCancelled
        grip = Grip(held=True, cancelling=False)
        with _only_logged():
            grip = self._leases.step(job, step)
        if not grip.held:
            raise _NotOurs
        if grip.cancelling:
            raise JobCancelled

    def _fail(self, job: Job, failure: Failure) -> None:
        if self._offer(job, lambda: self._leases.fail(job, failure)):
            _log(job, f"failed error_type={failure.code} seconds={time.monotonic() - self._begun:.2f}")

    def _offer(self, job: Job, end: Callable[[], bool]) -> bool:
        """Ends the job, again and again while the disk refuses; False where it was not ours any more or the service stops."""
        while True:
            try:
                return end()
            except (OSError, DatabaseRefused) as error:
                _LOG.error("job=%s attempt=%d disk error_type=%s", job.id, job.attempt, _disk_word(error))
            if self._stop.wait(_OFFER_AGAIN):
                return False

    def _beat_on(self) -> None:
        """The heart: keeps the lease, and ends the process where a job neither ends nor listens."""
        well_at = -_WELL
        while True:
            with _only_logged():
                if time.monotonic() - well_at >= _WELL:
                    self._leases.live(me(), "worker")
                    well_at = time.monotonic()
                job = self._job
                if job is not None:
                    self._end_if_deaf(job, self._leases.beat(job))
            time.sleep(_BEAT)

    def _end_if_deaf(self, job: Job, grip: Grip) -> None:
        now, limit = time.monotonic(), self._shelf.settings.job_seconds
        if grip.held and now - self._begun > limit:
            if self._leases.fail(job, Failure(code=OverTime.code, params={"seconds": round(limit)})):
                _log(job, "over_time")
                os._exit(EXIT_GAVE_UP)
        elif grip.cancelling:
            self._unwanted_since = self._unwanted_since or now
            if now - self._unwanted_since > _UNHEARD and self._leases.drop(job):
                _log(job, "cancelled_hard")
                os._exit(EXIT_GAVE_UP)


@contextmanager
def _only_logged() -> Iterator[None]:
    """Progress and heartbeats that a full disk refuses end no job."""
    try:
        yield
    except DatabaseRefused as error:
        _LOG.warning("shelf error_type=%s", error.name)


def _disk_word(error: OSError | DatabaseRefused) -> str:
    return errno.errorcode.get(error.errno or 0, "OSError") if isinstance(error, OSError) else error.name


def _traceback() -> bool:
    """Tracebacks may hold names of files; only whoever asks gets them."""
    return bool(os.environ.get("F2P_DEBUG"))


def _log(job: Job, what: str) -> None:
    _LOG.info("job=%s attempt=%d %s", job.id, job.attempt, what)
