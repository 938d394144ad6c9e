"""The service as people start it, with its page, and a browser that is on this machine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import f2p

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_READY_SECONDS = 90


class Served:
    """`f2p serve` on a free port; may be killed with all it started, and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = {
            **os.environ, "F2P_SHELF_DIR": str(folder / "shelf"), "F2P_PORT": str(self.port), "F2P_RESERVE_MB": "1",
            "PYTHONPATH": str(Path(f2p.__file__).parents[1]),
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it would do work."""
        command = [sys.executable, "-m", "f2p", "serve", "--workers", "1"]
        self._process = subprocess.Popen(
            command, env=self._env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + _READY_SECONDS
        while not self._ready():
            assert time.monotonic() < until, "the service did not get ready"
            assert self._process.poll() is None, "the service ended"
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut would: every process at once."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Politely."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(30)

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with its page."""
    service = Served(tmp_path_factory.mktemp("page"))
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium): the page was not looked at")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()
