"""What `f2p serve` runs: a process for the web, workers for photos, and this one, which keeps them alive and the shelf clean."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from f2p.doors.api.settings import ApiSettings, listen, load_api_settings
from f2p.doors.api.tokens import Tokens
from f2p.doors.cli.door import Door
from f2p.doors.cli.show import say
from f2p.errors import AlreadyRunning, BadSetting, F2PError, PortTaken
from f2p.jobs.crew import Crew, Post
from f2p.jobs.log import log_to_file, log_to_stderr
from f2p.jobs.process import me
from f2p.jobs.settings import ShelfSettings, load_shelf_settings
from f2p.jobs.shelf import Shelf
from f2p.jobs.truth import DatabaseRefused
from f2p.jobs.upkeep import expire, sweep

_LOOK_FOR_LOST = 0.5
_EXPIRE = 5.0
_SWEEP = 60.0
_GRACE = 20.0
_OLD_ONE_GOES = 3.0
WORKER = (sys.executable, "-m", "f2p.machines.work")
_LOG = logging.getLogger("f2p.crew")


def serve(door: Door, address: tuple[str | None, int | None], workers: int | None, log: Path | None) -> None:
    """Serves until SIGTERM or Ctrl-C; what is given here goes before the environment. Raises F2PError kinds."""
    host, port = address
    api = load_api_settings()
    api = replace(api, host=host or api.host, port=api.port if port is None else port)
    shelf_settings = load_shelf_settings()
    if not api.local_only and not Tokens(shelf_settings.folder).all():
        raise BadSetting(name="F2P_HOST", value=api.host, reason="token_first")
    shelf = Shelf(shelf_settings)
    with _alone(shelf_settings), _listening(api) as listening:
        if log is None:
            log_to_stderr()
        else:
            log_to_file(log)
        here = replace(api, port=listening.getsockname()[1])
        _write_down(shelf_settings, here)
        say(door.text.text("serve.at", {"url": _url(here)}))
        shelf.leases.put_back_lost(blame=False)
        crew = Crew(_posts(here, workers or usual_workers(), (door.settings.threads, listening)), Upkeep(shelf), lambda: None)
        stop_on_signals(crew)
        crew.run(_GRACE)
    shelf.database.close()


def _write_down(settings: ShelfSettings, api: ApiSettings) -> None:
    """Where the service is, for start.sh and whoever looks."""
    (settings.folder / "service.json").write_text(json.dumps({"host": api.host, "port": api.port}) + "\n", encoding="utf-8")


class Upkeep:
    """Called several times a second: gives lost jobs back, and cleans now and then."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lost_at = 0.0
        self._expire_at = self._sweep_at = time.monotonic() + 5

    def __call__(self) -> None:
        """What is due now; a disk that refuses is told and tried again."""
        now = time.monotonic()
        try:
            if now >= self._lost_at:
                self._lost_at = now + _LOOK_FOR_LOST
                for job in self._shelf.leases.put_back_lost():
                    _LOG.warning("job=%s attempt=%d lost", job.id, job.attempt)
            if now >= self._expire_at:
                self._expire_at = now + _EXPIRE
                expire(self._shelf)
            if now >= self._sweep_at:
                self._sweep_at = now + _SWEEP
                swept = sweep(self._shelf)
                if swept.anything:
                    _LOG.info("swept orphans=%d expired=%d for_room=%d", swept.orphans, swept.expired, swept.for_room)
        except (OSError, F2PError, DatabaseRefused) as error:
            _LOG.warning("upkeep error_type=%s", type(error).__name__)
            self._lost_at = now + _LOOK_FOR_LOST


def usual_workers() -> int:
    """One worker for two cores: a photo uses both while it is alone."""
    return max(1, _cores() // 2)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2


def _posts(api: ApiSettings, workers: int, given: tuple[int, socket.socket]) -> list[Post]:
    """F2P_WORKERS many workers that share the cores, and the web process that takes over the socket."""
    threads, listening = given
    env = {"F2P_HOST": api.host, "F2P_PORT": str(api.port), "F2P_THREADS": str(threads or max(1, _cores() // workers))}
    descriptor = listening.fileno()
    web = Post(name="web", command=(sys.executable, "-m", "f2p.doors.ui.web", str(descriptor)), env=env, fds=(descriptor,))
    work = [Post(name=f"worker{n + 1}", command=WORKER, env=env) for n in range(workers)]
    return [web, *work]


def _url(api: ApiSettings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(api.host, api.host)  # noqa: S104 - shown, not bound
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{api.port}"


def stop_on_signals(crew: Crew) -> None:
    """SIGTERM and Ctrl-C end the crew politely."""

    def stop(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        crew.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


@contextmanager
def _alone(settings: ShelfSettings) -> Iterator[None]:
    """One service a shelf; `service.pid` says which process it is while it runs. Raises AlreadyRunning."""
    path = settings.folder / "service.pid"
    with (settings.folder / "service.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(path=str(settings.folder)) from error
        path.write_text(me() + "\n", encoding="utf-8")
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            (settings.folder / "service.json").unlink(missing_ok=True)


@contextmanager
def _listening(api: ApiSettings) -> Iterator[socket.socket]:
    reasons = {errno.EADDRINUSE: "port_in_use", errno.EADDRNOTAVAIL: "address_not_ours", errno.EACCES: "no_permission"}
    until = time.monotonic() + _OLD_ONE_GOES
    while True:
        try:
            listening = listen(api)
            break
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < until:
                time.sleep(0.1)  # a service that was killed a moment ago still holds it
                continue
            reason = reasons.get(error.errno or 0, "address_not_ours" if isinstance(error, socket.gaierror) else str(error))
            raise PortTaken(host=api.host, port=api.port, reason=reason) from error
    with listening:
        yield listening
