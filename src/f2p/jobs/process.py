"""Who works on a job, in a form that outlives the process: machine, pid and the time the process was started."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from functools import cache
from pathlib import Path

OWNER_VARIABLE = "F2P_OWNER_PID"
"""How a process that starts others tells them its number."""
_PR_SET_PDEATHSIG = 1


@cache
def me() -> str:
    """This process, as "host:pid:start"."""
    return f"{platform.node()}:{os.getpid()}:{start_of(os.getpid())}"


def alive(owner: str) -> bool:
    """Whether that process still runs here: a pid that was given to somebody else does not count, a zombie neither.

    A process of another machine counts as alive: only its lease can end it.
    """
    host, pid, start = owner.rsplit(":", 2)
    return host != platform.node() or start_of(int(pid)) == start


def start_of(pid: int) -> str:
    """When that process was started, in whatever unit the system has; empty where there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() else _start_by_ps(pid)
    except ProcessLookupError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def die_with_owner() -> None:
    """Ends this process when the one that started it ends, however it ends, and however early: it said its number beforehand."""
    parent = int(os.environ.get(OWNER_VARIABLE) or os.getppid())
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    if sys.platform != "linux":
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _start_by_ps(pid: int) -> str:
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "-".join(told.stdout.split()).replace(":", ".")
