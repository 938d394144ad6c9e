"""`python -m f2p.jobs.work`: a worker process of the service."""

from __future__ import annotations

import gc
import logging
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from f2p import studio
from f2p.jobs.log import log_to_stderr
from f2p.jobs.process import die_with_owner
from f2p.jobs.settings import load_shelf_settings
from f2p.jobs.shelf import Shelf
from f2p.jobs.worker import Make, Other, Worker
from f2p.settings import Settings, load_settings
from f2p.values.outcome import Delivery, Order

_DRAIN = 15.0
"""Seconds that the job at hand has to end once the worker is to stop."""
_LOG = logging.getLogger("f2p.worker")


def main() -> None:
    """Works until SIGTERM, or until the process that started it ends."""
    settings = load_settings()
    serve(maker(settings), warm=lambda: studio.warm(settings))


def maker(settings: Settings) -> Make:
    """`studio.process` with these settings; a job with marks also gets its photos with lines and faults drawn in."""

    def make(order: Order, on_step: Callable[[str], None]) -> Delivery:
        delivery = studio.process(order, settings, on_step)
        return studio.with_annotations(delivery, settings, on_step) if order.mark else delivery

    return make


def serve(make: Make, warm: Callable[[], None], other: Other | None = None, drain_seconds: float = _DRAIN) -> None:
    """One worker of this process for the shelf that the environment names."""
    die_with_owner()
    log_to_stderr()
    shelf = Shelf(load_shelf_settings())
    _limit_memory(shelf.settings.job_memory_mb)
    worker = Worker(shelf, make, drain_seconds=drain_seconds, other=other)

    def stop(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the crew ends its children politely
    warm()
    gc.freeze()
    _LOG.info("ready")
    if shelf.settings.engine == "local":
        worker.run()
    else:
        from f2p.jobs.engine import work_for_engine

        work_for_engine(shelf, worker, drain_seconds)
    shelf.database.close()


def _limit_memory(mb: int) -> None:
    """Above the limit an allocation fails, in this process alone; systems without such a limit go without."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = mb * 2**20
    if hard == resource.RLIM_INFINITY or hard >= wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the photo


if __name__ == "__main__":
    main()
