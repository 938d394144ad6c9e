"""What the shelf costs: time a job, status calls beside 1,000 waiting jobs, 50 clients at once, memory over 2,000, a real photo.

.venv/bin/python bench/shelf.py [--jobs 2000] [--photos 7]

Times are wall seconds beside whatever else the machine does; the load is printed. A stand-in for the studio makes the photos
(no time at all in the first part, 0.12 s in four steps in the others), but for the last, where in-process and API runs alternate.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from killing import PHOTO, SENTENCE, Service, expected

from f2p import studio
from f2p.jobs.job import State, Terms, Work
from f2p.jobs.settings import ShelfSettings
from f2p.jobs.shelf import Shelf
from f2p.jobs.worker import Worker
from f2p.settings import load_settings
from f2p.values.outcome import Delivery, FinishedFile, Order, Output, Report

PLAN = studio.plan_json(studio.plan_for(studio.understand(SENTENCE))[0])


def quick(order: Order, on_step: Callable[[str], None]) -> Delivery:
    """Eleven steps that take no time, as many as a photo has."""
    for number in range(11):
        on_step(f"step {number}")
    output = Output(name="", plan=order.plan, checks=(), notes=(), placement={})
    report = Report(reading=None, source={}, steps=(), shared=(), outputs=(output,), seconds=0)
    return Delivery(files=(FinishedFile(data=expected(b"quick"), suffix=".jpg"),), report=report)


def overhead(folder: Path, jobs: int = 200) -> None:
    """The shelf alone: a picture of 1 MB handed in, taken, eleven steps, result on the disk."""
    shelf = Shelf(ShelfSettings(folder=folder / "overhead", reserve_bytes=1))
    worker, picture = Worker(shelf, quick), os.urandom(2**20)
    put, work = [], []
    for number in range(jobs):
        begun = time.perf_counter()
        shelf.put([Work(data=picture, name=f"{number}.jpg", plan=PLAN)], Terms())
        between = time.perf_counter()
        assert worker.work_once()
        put.append(between - begun)
        work.append(time.perf_counter() - between)
    both = [a + b for a, b in zip(put, work, strict=True)]
    print(f"overhead a job, ms: median {_ms(both, 50)} (hand in {_ms(put, 50)}, rest {_ms(work, 50)}), p95 {_ms(both, 95)}")
    begun = time.perf_counter()
    shelf.put([Work(data=b"small", name="a.jpg", plan=PLAN)] * 200, Terms())
    print(f"handing in 200 small ones in one request: {(time.perf_counter() - begun) / 200 * 1000:.1f} ms each")
    shelf.database.close()


def crowd(folder: Path, jobs: int) -> None:
    """A service with 1,000 jobs waiting, asked by one client and by 50; then memory while it works through them all."""
    service = Service(folder / "crowd")
    service.start()
    service.wait_until_ready()
    for start in range(0, 1000, 200):
        service.client.submit([b"crowd %d " % (start + n) * 300 for n in range(200)], SENTENCE, priority="batch")
    ids = [job.id for job in service.client.history()][:200]
    alone = ask(service.port, [f"/api/v1/jobs/{job}" for job in ids])
    lists = ask(service.port, ["/api/v1/jobs?limit=50"] * 50)
    shelf = Shelf(ShelfSettings(folder=folder / "crowd", reserve_bytes=1))
    print(f"{shelf.counts()[State.QUEUED]} waiting; status calls, ms: p50 {_ms(alone, 50)}, p95 {_ms(alone, 95)}; "
          f"lists of 50: p50 {_ms(lists, 50)}, p95 {_ms(lists, 95)}")  # fmt: skip
    times: list[float] = []
    clients = [
        threading.Thread(target=lambda n=n: times.extend(ask(service.port, [f"/api/v1/jobs/{ids[n]}"] * 20, pause=0.5)))
        for n in range(50)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    print(f"50 clients that ask twice a second: {len(times)} of 1000 answered, p50 {_ms(times, 50)}, p95 {_ms(times, 95)}")
    memory(service, shelf, jobs)
    print(f"processes left after stop: {service.stop()}")
    shelf.database.close()


def memory(service: Service, shelf: Shelf, jobs: int) -> None:
    """Resident memory of each process at several points, and the slope after the first quarter."""
    handed, points = 1000, []
    while True:
        done = shelf.counts()[State.DONE]
        if done >= len(points) * jobs / 8:
            points.append((done, {kind: sum(map(rss, pids)) for kind, pids in service.processes().items()}))
        if done >= jobs:
            break
        if handed < jobs and handed - done < 200:
            service.client.submit([b"more %d " % (handed + n) * 300 for n in range(50)], SENTENCE)
            handed += 50
        time.sleep(0.2)
    later = [point for point in points if point[0] >= jobs / 4]
    (first, before), (last, after) = later[0], later[-1]
    slope = {kind: round((after[kind] - before[kind]) / (last - first) * 100, 2) for kind in after}
    print(f"memory after {last} jobs, MB: { {kind: round(mb) for kind, mb in after.items()} }; growth a 100 jobs: {slope}")


def photo(folder: Path, photos: int) -> None:
    """A real photo through the API against the same one in this process, in turns."""
    service = Service(folder / "photo")
    service.env["F2P_THREADS"] = os.environ.get("F2P_THREADS", "2")
    service.start()
    service.wait_until_ready()
    settings = load_settings({**os.environ, "F2P_THREADS": service.env["F2P_THREADS"]})
    plan, _ = studio.plan_for(studio.understand(SENTENCE))
    here, there = [], []
    for turn in range(photos + 2):
        begun = time.perf_counter()
        studio.process(Order(data=PHOTO, name="a.png", plan=plan), settings)
        between = time.perf_counter()
        service.client.submit([PHOTO], SENTENCE)[0].wait().photo()
        if turn > 1:  # warm
            here.append(between - begun)
            there.append(time.perf_counter() - between)
    ratio = statistics.median(there) / statistics.median(here)
    print(
        f"a real photo, s: in process {statistics.median(here):.2f}, by the API {statistics.median(there):.2f}; {ratio:.2f} times"
    )
    service.stop()


def ask(port: int, paths: list[str], pause: float = 0) -> list[float]:
    """How long each answer took, on one connection."""
    connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    for path in paths:
        begun = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        times.append(time.perf_counter() - begun)
        time.sleep(pause)
    connection.close()
    return times


def rss(pid: int) -> float:
    """Resident memory of a process in MB."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _ms(times: list[float], percent: int) -> str:
    return f"{statistics.quantiles(times, n=100)[percent - 1] * 1000:.1f}"


def main() -> None:
    """All parts, in a folder that is taken away."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--photos", type=int, default=7)
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    folder = Path(tempfile.mkdtemp(prefix="f2p-shelf-"))
    try:
        overhead(folder)
        crowd(folder, given.jobs)
        photo(folder, given.photos)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
