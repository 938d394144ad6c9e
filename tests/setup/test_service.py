"""start.sh and stop.sh, by what they run: one service, ready when they say so, and nothing left afterwards."""

from __future__ import annotations

import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import f2p
import service
from f2p.client import Client

# start.sh ends when the service is ready, and leaves it running; inside one process Python finds fault with that.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
HERE = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "f2p", "serve"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder like a checkout's, a free port, and a shelf of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("F2P_PORT", str(free.getsockname()[1]))
    shutil.copy(HERE / "face_image.png", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(f2p.__file__).parents[1]))
    monkeypatch.setenv("F2P_SHELF_DIR", str(tmp_path / "shelf"))
    monkeypatch.setenv("F2P_INPUT_DIRS", str(tmp_path / "input"))
    monkeypatch.setenv("F2P_RESERVE_MB", "1")
    monkeypatch.setenv("F2P_LANG", "en")
    monkeypatch.setattr(service, "ROOT", tmp_path)
    monkeypatch.setattr(service, "LOG", tmp_path / "gradio.log")
    yield tmp_path
    service.stop()


def processes(place: Path) -> list[int]:
    """Every process that works on that shelf."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        try:
            environment = (one / "environ").read_bytes()
            if f"F2P_SHELF_DIR={place / 'shelf'}".encode() in environment and b"serve" not in environment:
                found.append(int(one.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def wait_for_none(place: Path) -> None:
    """Until no process works on that shelf, or the test fails."""
    until = time.monotonic() + 5
    while processes(place):
        assert time.monotonic() < until, processes(place)
        time.sleep(0.05)


@pytest.mark.slow
def test_a_service_that_is_killed_goes_on(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Started, killed in the middle of a real photo with everything it started, started again: the photo is done, once.

    Then stopped: nothing runs any more. Starting and stopping twice is as good as once.
    """
    assert service.start_with(COMMAND) == 0
    assert service.start_with(COMMAND) == 0
    told = capfd.readouterr().out
    assert "Ready after" in told
    assert "running already" in told
    port = int(os.environ["F2P_PORT"])
    client = Client(f"http://127.0.0.1:{port}")

    job = client.submit([place / "face_image.png"], "一寸,白底")[0]
    while client.job(job.id).state == "queued":
        time.sleep(0.02)
    owner = service.pid_of_running()
    assert owner is not None
    os.kill(owner, signal.SIGKILL)
    os.waitpid(owner, 0)
    wait_for_none(place)
    assert service.pid_of_running() is None

    assert service.start_with(COMMAND) == 0
    done = client.wait(job.id, 60)
    assert done.data["attempt"] == 2
    assert done.photo()[:3] == b"\xff\xd8\xff"
    assert [event.kind for event in client.follow(job.id)].count("done") == 1
    log = (place / "gradio.log").read_text()
    assert job.id in log
    assert "face_image" not in log

    assert service.stop() == 0
    wait_for_none(place)
    assert service.stop() == 0
    assert not (place / "shelf" / "service.pid").exists()


@pytest.mark.slow
def test_a_taken_port_is_said(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Somebody else's port is refused with the reason and an exit code of its own, and so is a wide address without a token."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(os.environ["F2P_PORT"])))
        taken.listen()
        assert service.start_with(COMMAND) == 88
    assert "another program uses it" in capfd.readouterr().err
    open_wide = subprocess.run([*COMMAND, "--host", "0.0.0.0"], capture_output=True, text=True, check=False)
    assert open_wide.returncode == 2
    assert "f2p token add" in open_wide.stderr
    made = subprocess.run([sys.executable, "-m", "f2p", "token", "add", "hr"], capture_output=True, text=True, check=True)
    assert made.stdout.startswith("f2p_")
    assert made.stdout.strip() not in (place / "shelf" / "tokens.json").read_text()
    listed = subprocess.run([sys.executable, "-m", "f2p", "token", "list"], capture_output=True, text=True, check=True)
    assert "hr" in listed.stdout


def test_app_gradio_becomes_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python3 app_gradio.py --port 0` sets up and then is `f2p serve --port 0`, as run_app.py is `f2p edit`."""
    became: list[list[str]] = []
    monkeypatch.setattr(service.bootstrap, "ensure", lambda: tmp_path)
    monkeypatch.setattr(os, "execv", lambda _path, command: became.append(command))
    monkeypatch.setattr(sys, "argv", ["app_gradio.py", "--port", "0"])
    runpy.run_path(str(HERE / "app_gradio.py"), run_name="__main__")
    assert became == [[str(tmp_path / "f2p"), "serve", "--port", "0"]]
