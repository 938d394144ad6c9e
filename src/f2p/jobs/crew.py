"""The process that owns the service: starts the others, starts them again when they end, collects their lines, ends them all.

It does no work that could fail: no web framework, no models. When it is killed, its children end too (`process.die_with_owner`).
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from f2p.jobs.log import CHILD
from f2p.jobs.process import OWNER_VARIABLE

_LOG = logging.getLogger("f2p.crew")
_LINES = logging.getLogger(CHILD)
_LIVED = 2.0
"""Seconds after which a child that ended is started again at once; sooner deaths wait longer each time."""
LONGEST_PAUSE = 5.0
_TICK = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One child to keep alive."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    fds: tuple[int, ...] = ()


class _Child:
    """One post with the process that holds it now."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.process: subprocess.Popen[bytes] | None = None
        self.begun = 0.0
        self.start_at = 0.0
        self._quick_deaths = 0

    def start(self) -> None:
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            self.post.command, env={**os.environ, **self.post.env, OWNER_VARIABLE: str(os.getpid())}, pass_fds=self.post.fds,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        threading.Thread(target=_pass_on, args=(self.process,), daemon=True).start()

    def look(self) -> bool:
        """Starts the process if it is time; whether one has just been found dead."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return False
        code = self.process.poll()
        if code is None:
            return False
        self._quick_deaths = self._quick_deaths + 1 if now - self.begun < _LIVED else 0
        pause = min(LONGEST_PAUSE, 0.1 * 2 ** (self._quick_deaths - 1)) if self._quick_deaths else 0
        self.process, self.start_at = None, now + pause
        _LOG.warning("%s ended code=%d again_in=%.1f", self.post.name, code, pause)
        return True


class Crew:
    """Keeps the posts held until `stop`. on_death: called when a child was found dead; on_tick: called several times a second."""

    def __init__(self, posts: Sequence[Post], on_tick: Callable[[], None], on_death: Callable[[], None]) -> None:
        self._children = [_Child(post) for post in posts]
        self._on_tick, self._on_death = on_tick, on_death
        self._stop = threading.Event()

    def stop(self) -> None:
        """`run` ends everything and returns."""
        self._stop.set()

    def run(self, grace_seconds: float) -> None:
        """Works until `stop`; children then have so long to finish what they hold."""
        try:
            while not self._stop.is_set():
                deaths = [child.look() for child in self._children]
                if any(deaths):
                    self._on_death()
                self._on_tick()
                self._stop.wait(_TICK)
        finally:
            self._end_all(grace_seconds)

    def pids(self) -> dict[str, int]:
        """The processes that hold the posts now."""
        return {child.post.name: child.process.pid for child in self._children if child.process is not None}

    def _end_all(self, grace_seconds: float) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + grace_seconds
        for process in running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        _LOG.info("stopped children=%d", len(running))


def _pass_on(process: subprocess.Popen[bytes]) -> None:
    """A child's lines into the log."""
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            _LINES.info("%s", line.decode("utf-8", "replace").rstrip())
