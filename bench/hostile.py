"""Sends 500 hostile files and 200 hostile requests to a service that runs, and says what was answered and what memory it took.

.venv/bin/python bench/hostile.py [--files 500] [--requests 200] [--seed 1]

Files go through the API to a worker with the real work; each job must fail with a code that is right for its kind. Memory is the
kernel's own high-water mark of each process. Exits with 1 where an answer was wrong.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from killing import ROOT, Service

sys.path.insert(0, str(ROOT))

from bench.hostile_files import files
from bench.hostile_requests import CAP, SECONDS, HostileRequest, requests

from f2p.client import Job, Problem

SENTENCE = "一寸白底"


class Real(Service):
    """`f2p serve` as it is, one worker."""

    def start(self) -> None:
        """Starts it and does not wait."""
        command = [
            sys.executable,
            "-m",
            "f2p",
            "serve",
            "--port",
            str(self.port),
            "--workers",
            "1",
            "--log",
            f"{self.folder}.log",
        ]
        self.owner = subprocess.Popen(command, env=self.env, start_new_session=True, stdout=subprocess.DEVNULL)

    def peaks(self) -> dict[str, int]:
        """Most memory that each kind of process ever held, MB."""
        return {kind: max([*map(peak, pids), 0]) for kind, pids in self.processes().items()}


def peak(pid: int) -> int:
    """High-water mark of resident memory, MB."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


def send_files(service: Real, seed: int, count: int) -> int:
    """Every file as a job; how many ended otherwise than they should."""
    wrong, kinds, before = 0, Counter[str](), service.peaks()
    begun = time.monotonic()
    for number, one in enumerate(files(seed, count)):
        code = _end_of(service, one.name, one.data)
        kinds[code] += 1
        if code not in one.refused:
            wrong += 1
            print(f"file {number}, {one.kind}: {code}")
    print(f"{count} files in {time.monotonic() - begun:.0f} s: {dict(kinds)}; {wrong} wrong")
    print(f"peak MB before {before}, after {service.peaks()}")
    return wrong


def _end_of(service: Real, name: str, data: bytes) -> str:
    try:
        job: Job = service.client.submit([(name, data)], SENTENCE)[0].wait(150)
    except Problem as problem:
        return problem.code
    return job.state


def send_requests(service: Real, seed: int, count: int) -> int:
    """Every request; how many were answered otherwise than they should."""
    wrong, statuses, before = 0, Counter[int](), service.peaks()
    for number, one in enumerate(requests(seed, count)):
        status = answered(service.port, one)
        statuses[status] += 1
        if status not in one.statuses:
            wrong += 1
            print(f"request {number}, {one.kind}: {status}")
    print(f"{count} requests: {dict(statuses)}; {wrong} wrong; peak MB before {before}, after {service.peaks()}")
    return wrong


def answered(port: int, one: HostileRequest) -> int:
    """The status; 0 where the connection was closed without one."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        with suppress(OSError):  # cut off while it was sending: what was answered can still be read
            connection.sendall(one.data)
        with suppress(OSError):
            while part := connection.recv(65536):
                got += part
    return int(got.split(maxsplit=2)[1]) if got.startswith(b"HTTP/") else 0


def main() -> int:
    """Both, on one service in a folder that is taken away."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    folder, wrong = Path(tempfile.mkdtemp(prefix="f2p-hostile-")), 0
    service = Real(folder / "shelf")
    try:
        service.start()
        service.wait_until_ready()
        wrong += send_files(service, given.seed, given.files)
        print(f"processes left: {service.stop()}")
        service.env |= {"F2P_MAX_REQUEST_MB": str(CAP / 2**20), "F2P_REQUEST_SECONDS": str(SECONDS)}
        service.start()
        service.wait_until_ready()
        wrong += send_requests(service, given.seed, given.requests)
    finally:
        print(f"processes left: {service.stop()}")
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
