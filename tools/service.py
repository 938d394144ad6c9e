"""start.sh and stop.sh: set up if needed, start the service in the background, wait until it is ready; end it and all it started.

Standard library only, so that it runs on a bare Python. Both may be typed any number of times.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

import bootstrap

ROOT = Path(__file__).resolve().parents[1]
LOG = ROOT / "gradio.log"
_READY_SECONDS = 90
_STOP_SECONDS = 30
_EXIT_NOT_READY = 54

_TEXTS = {
    "en": {
        "starting": "Starting the service …",
        "running": "The service is running already: {url}",
        "ready": "Ready after {seconds:.1f} s: {url}  (API manual: {url}/docs)",
        "log": "Log: {log}    Stop: bash stop.sh",
        "local": "Only this machine can reach it. For others: f2p token add NAME, then F2P_HOST=0.0.0.0 bash start.sh",
        "lan": "Others reach it at {urls}. If they do not, let port {port} through the firewall"
        " (sudo ufw allow {port}/tcp, or firewall-cmd --add-port={port}/tcp).",
        "slow": "It is not ready after {seconds} s. The log may say why: {log}",
        "ended": "The service ended at once. The end of its log ({log}):",
        "stopped": "Stopped after {seconds:.1f} s.",
        "killed": "It did not stop by itself and was ended.",
        "not_running": "The service is not running.",
    },
    "zh": {
        "starting": "正在启动服务……",
        "running": "服务已在运行:{url}",
        "ready": "准备就绪,用时 {seconds:.1f} 秒:{url}  (接口说明:{url}/docs)",
        "log": "日志:{log}    停止:bash stop.sh",
        "local": "现在只有本机能访问。对外开放:先运行 f2p token add 名称,再运行 F2P_HOST=0.0.0.0 bash start.sh",
        "lan": "其他电脑请访问 {urls}。如果打不开,请在防火墙放行端口 {port}"
        "(sudo ufw allow {port}/tcp,或 firewall-cmd --add-port={port}/tcp)。",
        "slow": "{seconds} 秒后仍未就绪,原因可能在日志里:{log}",
        "ended": "服务一启动就结束了。日志({log})的末尾:",
        "stopped": "已停止,用时 {seconds:.1f} 秒。",
        "killed": "它没有自行停止,已强制结束。",
        "not_running": "服务没有在运行。",
    },
}


def text(key: str, **blanks: object) -> str:
    """A message of this file in the user's language."""
    return _TEXTS[bootstrap.language()][key].format(**blanks)


def start(options: Sequence[str]) -> int:
    """Starts the service with the options of `f2p serve`; 0 when it is ready, or was running already."""
    f2p = bootstrap.ensure() / "f2p"
    return start_with([str(f2p), "serve", *options])


def start_with(command: Sequence[str]) -> int:
    """Starts that command in a session of its own and waits until it serves."""
    if pid_of_running() is not None:
        say(text("running", url=_url()))
        return 0
    _make_input()
    say(text("starting"))
    begun = time.monotonic()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            [*command, "--log", str(LOG)], stdin=subprocess.DEVNULL, stdout=told, stderr=told, start_new_session=True, cwd=ROOT
        )
        while not _is_ready():
            if process.poll() is not None:
                told.seek(0)
                sys.stderr.buffer.write(told.read())
                return process.returncode or _EXIT_NOT_READY
            if time.monotonic() - begun > _READY_SECONDS:
                say(text("slow", seconds=_READY_SECONDS, log=LOG))
                return _EXIT_NOT_READY
            time.sleep(0.1)
    say(text("ready", seconds=time.monotonic() - begun, url=_url()))
    say(text("log", log=LOG))
    say(_who_reaches_it())
    return 0


def stop() -> int:
    """Ends the service and everything it started, and nothing else; 0 also where it was not running."""
    pid = pid_of_running()
    if pid is None:
        say(text("not_running"))
        return 0
    begun = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    while pid_of_running() == pid and time.monotonic() - begun < _STOP_SECONDS:
        time.sleep(0.05)
    if pid_of_running() == pid:
        os.kill(pid, signal.SIGKILL)  # its children end with it
        say(text("killed"))
    say(text("stopped", seconds=time.monotonic() - begun))
    return 0


def pid_of_running() -> int | None:
    """The process that owns the shelf, if it is that one still: a pid that was given to another does not count."""
    try:
        _, pid, start = (shelf() / "service.pid").read_text(encoding="utf-8").strip().rsplit(":", 2)
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except (OSError, ValueError):
        return None if Path("/proc/self").exists() else _by_signal()
    return int(pid) if fields[19] == start and fields[0] not in "ZX" else None


def shelf() -> Path:
    """The folder of the jobs, as the service's own settings have it."""
    return Path(os.environ.get("F2P_SHELF_DIR") or ROOT / "shelf").expanduser()


def say(line: str) -> None:
    """One line for the person."""
    print(line, flush=True)


def _by_signal() -> int | None:
    """Where there is no /proc: whether somebody has that pid."""
    try:
        pid = int((shelf() / "service.pid").read_text(encoding="utf-8").strip().rsplit(":", 2)[1])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return None
    return pid


def _make_input() -> None:
    """input/ is where the legacy call may read; a fresh one has the sample photo in it."""
    folder = ROOT / "input"
    if not folder.exists():
        folder.mkdir()
        shutil.copy(ROOT / "face_image.png", folder)


def _address(env: Mapping[str, str] = os.environ) -> tuple[str, int]:
    """Where the running service listens: what it wrote down, else what the environment says."""
    try:
        found = json.loads((shelf() / "service.json").read_text(encoding="utf-8"))
        return found["host"], int(found["port"])
    except (OSError, ValueError, KeyError):
        return env.get("F2P_HOST") or "127.0.0.1", int(env.get("F2P_PORT") or 7860)


def _url() -> str:
    host, port = _address()
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://{host}:{port}"


def _is_ready() -> bool:
    if pid_of_running() is None:
        return False
    try:
        with urllib.request.urlopen(f"{_url()}/api/v1/ready", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _who_reaches_it() -> str:
    host, port = _address()
    if host in {"127.0.0.1", "localhost", "::1"}:
        return text("local")
    return text("lan", urls=" ".join(f"http://{one}:{port}" for one in _own_addresses()) or _url(), port=port)


def _own_addresses() -> list[str]:
    """This machine's addresses in its network, as far as its own name tells."""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    except OSError:
        found = set()
    return sorted(one for one in found if not one.startswith("127."))


if __name__ == "__main__":
    sys.exit(stop() if sys.argv[1:2] == ["stop"] else start(sys.argv[2:]))
