"""Kills the service again and again while it works, fills its disk, makes it read-only; then counts what was lost.

.venv/bin/python bench/killing.py [--kills 200] [--jobs 300] [--real 10] [--seed 1]

A quick stand-in for the studio makes most photos, so that many jobs are in flight when something dies; the last ones are real.
One client hands jobs in all the while, through the same restarts. "owner" is the process that keeps the others alive: with it
everything ends at once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from f2p import studio
from f2p.client import Client
from f2p.jobs.job import Job, State
from f2p.jobs.settings import ShelfSettings
from f2p.jobs.shelf import Shelf
from f2p.jobs.upkeep import sweep
from f2p.jobs.work import maker, serve
from f2p.settings import load_settings
from f2p.values.outcome import Delivery, FinishedFile, Order, Output, Report

ROOT = Path(__file__).resolve().parents[1]
PHOTO = (ROOT / "face_image.png").read_bytes()
SENTENCE = "一寸,白底,轻微磨皮"
WORKERS = 2


def expected(data: bytes) -> bytes:
    """What the stand-in makes of these bytes."""
    return b"".join(hashlib.sha256(data + bytes([n])).digest() for n in range(200))


def be_a_worker() -> None:
    """A worker that makes real photos of PNG files and stand-ins of everything else."""
    real = maker(load_settings())

    def make(order: Order, on_step: Callable[[str], None]) -> Delivery:
        if order.data.startswith(b"\x89PNG"):
            return real(order, on_step)
        for step in ("open", "find_faces", "matte", "encode"):
            on_step(step)
            time.sleep(0.15)
        output = Output(name="", plan=order.plan, checks=(), notes=(), placement={})
        report = Report(reading=None, source={}, steps=(), shared=(), outputs=(output,), seconds=0)
        return Delivery(files=(FinishedFile(data=expected(order.data), suffix=".jpg"),), report=report)

    serve(make, warm=lambda: None)


def be_the_service(port: str) -> None:
    """`f2p serve` with those workers."""
    from f2p.doors.cli import serving
    from f2p.doors.cli.main import main
    from f2p.jobs import crew

    crew.LONGEST_PAUSE = 0.1  # else most kills would find nobody
    serving.WORKER = (sys.executable, __file__, "worker")
    log = Path(os.environ["F2P_SHELF_DIR"]).with_suffix(".log")
    sys.exit(main(["serve", "--port", port, "--workers", str(WORKERS), "--log", str(log)]))


class Service:
    """The service on one folder, and its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        settings = {"F2P_SHELF_DIR": str(folder), "F2P_RESERVE_MB": "1", "F2P_RATE": "100000", "F2P_LANG": "en"}
        self.env = {**os.environ, **settings, "PYTHONPATH": str(ROOT / "src")}
        self.client = Client(f"http://127.0.0.1:{self.port}")
        self.owner: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and does not wait."""
        command = [sys.executable, __file__, "service", str(self.port)]
        self.owner = subprocess.Popen(command, env=self.env, start_new_session=True, stdout=subprocess.DEVNULL)

    def wait_until_ready(self) -> None:
        """Until it would work."""
        until = time.monotonic() + 60
        while not self.client.ready():
            assert time.monotonic() < until
            time.sleep(0.05)

    def processes(self) -> dict[str, list[int]]:
        """The pids of each kind."""
        found: dict[str, list[int]] = {"owner": [], "web": [], "worker": []}
        for one in Path("/proc").glob("[0-9]*"):
            try:
                words = (one / "cmdline").read_bytes()
                if f"F2P_SHELF_DIR={self.folder}\0".encode() in (one / "environ").read_bytes():
                    kind = "owner" if b"service\0" in words else "web" if b"api.web" in words else "worker"
                    found[kind].append(int(one.name))
            except OSError:
                continue
        return found

    def kill(self, what: str, chance: random.Random) -> int:
        """Kill -9 of one kind, or both; how many processes it hit."""
        there = self.processes()
        if what == "owner" and self.owner is not None:
            self.owner.kill()
            self.owner.wait()
            self.start()
            return 1
        kinds = {"both": ["web", "worker"]}.get(what, [what])
        victims = [chance.choice(there[kind]) for kind in kinds if there[kind]]
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return len(victims)

    def stop(self) -> int:
        """Stops it politely; how many of its processes are left."""
        assert self.owner is not None
        self.owner.terminate()
        self.owner.wait(60)
        return sum(map(len, self.processes().values()))


def insist(call: Callable[[], object]) -> None:
    """A client's call, made again until the service is there."""
    while True:
        try:
            call()
        except Exception as error:
            if getattr(error, "status", 503) not in {503, 507}:
                raise
            time.sleep(0.2)
        else:
            return


def killing(folder: Path, kills: int, jobs: int, seed: int) -> None:
    """Random kills while jobs come in and are worked on."""
    chance, service = random.Random(seed), Service(folder / "shelf")
    service.start()
    service.wait_until_ready()
    hits: Counter[str] = Counter()
    room = threading.Semaphore(0)

    def hand_in() -> None:
        for number in range(jobs):
            room.acquire()
            data = b"stand-in %d " % number * 300
            insist(lambda data=data, number=number: service.client.submit([data], SENTENCE, key=f"job {number}"))

    client = threading.Thread(target=hand_in)
    client.start()
    released, in_flight = jobs * 2 // 3, 0
    room.release(released)  # a stock of work, as a service that is being killed all the time takes little in
    shelf = Shelf(ShelfSettings(folder=folder / "shelf", reserve_bytes=1))
    while sum(shelf.counts().values()) < released:
        time.sleep(0.05)
    begun = time.monotonic()
    while sum(hits.values()) < kills:
        if chance.random() < 0.5:
            room.release()
        time.sleep(chance.uniform(0, 2))
        at_work = shelf.counts()[State.RUNNING] > 0
        what = chance.choices(["worker", "web", "both", "owner"], [5, 2, 2, 1])[0]
        if service.kill(what, chance):
            hits[what] += 1
            in_flight += at_work
    room.release(jobs)
    client.join()
    wait_for_all(shelf)
    print(f"kills: {sum(hits.values())} ({dict(hits)}), {in_flight} with a job in flight, {time.monotonic() - begun:.0f} s")
    judge(service, shelf, expected)
    retried = [job.attempt for job in all_jobs(shelf)]
    print(f"attempts: {dict(sorted(Counter(retried).items()))}")


def killing_real(folder: Path, kills: int, jobs: int, seed: int) -> None:
    """The same with real photos."""
    chance, service = random.Random(seed), Service(folder / "real")
    plan, _ = studio.plan_for(studio.understand(SENTENCE))
    threads = {"F2P_THREADS": str(max(1, len(os.sched_getaffinity(0)) // WORKERS))}
    settings, order = load_settings({**os.environ, **threads}), Order(data=PHOTO, name="a.png", plan=plan)
    studio.warm(settings)
    begun = time.monotonic()
    quiet = studio.process(order, settings).files[0].data
    usual = time.monotonic() - begun
    service.start()
    service.wait_until_ready()
    service.client.submit([PHOTO] * jobs, SENTENCE)
    shelf = Shelf(ShelfSettings(folder=folder / "real", reserve_bytes=1))
    hits, begun = 0, time.monotonic()
    while hits < kills and shelf.counts()[State.DONE] < jobs:
        time.sleep(chance.uniform(usual, 5 * usual))
        hits += service.kill(chance.choice(["worker", "both", "owner"]), chance) > 0
    wait_for_all(shelf)
    print(f"real photos: {jobs}, kills: {hits}, {time.monotonic() - begun:.0f} s, {usual:.1f} s for one left in peace")
    judge(service, shelf, lambda _: quiet)


def bad_places(folder: Path) -> None:
    """A disk that is full, then a folder of jobs that is read-only, in the middle of the work."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(disk)], check=False).returncode:
        print("full disk, read-only folder: not tried, mounting is not permitted here")
        return
    try:
        service = Service(disk / "shelf")
        service.start()
        service.wait_until_ready()
        for number in range(40):
            service.client.submit([b"full %d " % number * 300], SENTENCE)
        with full(disk):
            time.sleep(4)
            refused = refusal(service)
        time.sleep(2)
        for number in range(40):
            insist(lambda number=number: service.client.submit([b"ro %d " % number * 300], SENTENCE, key=f"ro {number}"))
        jobs = str(disk / "shelf" / "jobs")
        subprocess.run(["mount", "--bind", jobs, jobs], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", jobs], check=True)
        time.sleep(4)
        refused_ro = refusal(service)
        subprocess.run(["umount", "-l", jobs], check=True)
        shelf = Shelf(ShelfSettings(folder=disk / "shelf", reserve_bytes=1))
        wait_for_all(shelf)
        print(f"full disk and read-only folder: new work refused with {refused} and {refused_ro}")
        judge(service, shelf, expected)
        shelf.database.close()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def refusal(service: Service) -> str:
    """What a client is told that hands in now."""
    try:
        service.client.submit([b"refused " * 100_000], SENTENCE)
    except Exception as error:  # noqa: BLE001 - told, whatever it is
        return f"{getattr(error, 'status', '?')} {getattr(error, 'code', type(error).__name__)}"
    return "nothing"


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """The disk without a byte left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            pass
        try:
            while True:
                file.write(b"x" * 512)
        except OSError:
            pass
    yield
    filler.unlink()


def all_jobs(shelf: Shelf) -> list[Job]:
    """Every job of a shelf."""
    jobs, before = [], 0
    while True:
        page = shelf.list("", before=before, limit=200)
        jobs += page.jobs
        before = page.next
        if not before:
            return jobs


def wait_for_all(shelf: Shelf) -> None:
    """Until every job has ended."""
    until = time.monotonic() + 240
    while any(count for state, count in shelf.counts().items() if not state.ended):
        assert time.monotonic() < until, shelf.counts()
        time.sleep(0.1)


def judge(service: Service, shelf: Shelf, wanted: Callable[[bytes], bytes]) -> None:
    """Stops the service and counts what is not as it must be."""
    left = service.stop()
    swept = sweep(shelf, young=-1)
    jobs, wrong = all_jobs(shelf), Counter[str]()
    for job in jobs:
        kinds = Counter(event.kind for event in shelf.events(job.id))
        wrong["ended other than once"] += kinds["done"] + kinds["failed"] + kinds["cancelled"] != 1
        if job.state is not State.DONE:
            wrong[f"not done: {job.failure.code if job.failure else job.state}"] += 1
            continue
        wrong["other bytes"] += shelf.file(job, "photo.jpg").read_bytes() != wanted(shelf.folders.inputs(job.id)[0])
        inside = {path.name for path in (shelf.folders.root / job.id).iterdir()}
        wrong["orphan files"] += inside != {f"a{job.attempt}", "input"}
    wrong["orphan folders"] += len(set(shelf.folders.jobs()) - {job.id for job in jobs})
    wrong["processes left"] += left
    with shelf.database.use("read") as db:
        wrong["damaged database"] += db.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
    print(f"jobs: {len(jobs)}; swept after the kills: {swept.orphans}; wrong: {dict(+wrong) or 'nothing'}")


def main() -> None:
    """All three runs, in a folder that is taken away."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--real", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="f2p-killing-"))
    real_kills = min(given.kills // 10, 2 * given.real)
    try:
        killing(folder, given.kills - real_kills, given.jobs - given.real, given.seed)
        killing_real(folder, real_kills, given.real, given.seed)
        bad_places(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["worker"]:
            be_a_worker()
        case ["service", port]:
            be_the_service(port)
        case _:
            main()
