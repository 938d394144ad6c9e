#!/usr/bin/env python3
"""What a batch costs, what a kill does to it, and whether a hundred thousand rows fit.

    .venv/bin/python bench/class_photos.py /tmp/class --people FOLDER        # 127 photos and a roster
    .venv/bin/python bench/batch.py speed /tmp/class [--loop 6] [--single 20]
    .venv/bin/python bench/batch.py kill /tmp/class --like /tmp/class/out [--kills 20]
    .venv/bin/python bench/batch.py many [--count 100000]
    .venv/bin/python bench/batch.py page /tmp/class/out /tmp/5000.html [--rows 5000]

speed: one warm process, photo by photo; the batch; the loop over run_app.py (a few photos of it, the rest projected); memory.
kill: the same batch, killed with SIGKILL at random moments and resumed until it is done, compared with the finished one.
many: as many rows with a recipe that does nothing: roster, books, report and their memory.
page: the HTML report of a finished batch with its rows repeated, to look at how a browser takes it.
Times are wall seconds; CPU seconds beside them say what a busy machine did not.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SENTENCE = "白底一寸,轻微磨皮"
F2P = [sys.executable, "-m", "f2p"]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    speed = commands.add_parser("speed")
    speed.add_argument("folder", type=Path)
    speed.add_argument("--loop", type=int, default=6)
    speed.add_argument("--single", type=int, default=20)
    speed.add_argument("--processes", type=int)
    kill = commands.add_parser("kill")
    kill.add_argument("folder", type=Path)
    kill.add_argument("--like", type=Path, required=True, help="the folder that an undisturbed run made")
    kill.add_argument("--kills", type=int, default=20)
    page = commands.add_parser("page")
    page.add_argument("out", type=Path, help="the folder of a finished batch")
    page.add_argument("html", type=Path)
    page.add_argument("--rows", type=int, default=5000)
    many = commands.add_parser("many")
    many.add_argument("--count", type=int, default=100_000)
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}", flush=True)
    measure = {"speed": measure_speed, "kill": measure_kills, "many": measure_many, "page": write_page}
    measure[args.command](args)


def measure_speed(args: argparse.Namespace) -> None:
    """Warm single photos, the whole batch, the shell loop."""
    photos = sorted(path for path in (args.folder / "photos").rglob("*") if path.is_file())
    step = max(1, len(photos) // args.single)
    single(photos[::step][: args.single])
    whole_batch(args.folder, len(photos), args.processes)
    loop(photos[:: max(1, len(photos) // max(1, args.loop))][: args.loop], len(photos))


def single(photos: list[Path]) -> None:
    """One warm process with all cores, photo after photo, as `f2p edit` makes them."""
    from f2p import studio
    from f2p.errors import F2PError
    from f2p.settings import load_settings
    from f2p.values.outcome import Order

    settings = load_settings()
    plan, _ = studio.plan_for(studio.understand(SENTENCE))
    wall, cpu = [], []
    for path in [photos[0], *photos]:
        begun, used = time.perf_counter(), time.process_time()
        try:
            studio.process(Order(data=path.read_bytes(), name=path.name, plan=plan), settings)
        except F2PError:
            continue
        wall.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - used)
    print(f"single, warm: p50 {statistics.median(wall[1:]):.2f} s wall, {statistics.median(cpu[1:]):.2f} s CPU", flush=True)


def whole_batch(folder: Path, count: int, processes: int | None) -> None:
    """The batch as a person runs it, its memory watched."""
    from f2p.batches.journal import Journal

    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(batch_command(folder, out, processes), stdout=subprocess.DEVNULL)
    memory = []
    while process.poll() is None:
        memory.append(family_mb(process.pid))
        time.sleep(0.5)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with Journal(out) as journal:
        seconds = journal.seconds()
    half, last = memory[len(memory) // 3 : 2 * len(memory) // 3], memory[2 * len(memory) // 3 :]
    print(f"batch: {count} photos in {wall:.1f} s wall, {cpu:.1f} s CPU;", end="")
    print(f" a photo: {wall / count:.2f} s wall, {cpu / count:.2f} s CPU")
    print(f"  in its worker p50 {statistics.median(seconds):.2f} s, p95 {sorted(seconds)[int(0.95 * len(seconds))]:.2f} s")
    print(
        f"  memory of all processes: most {max(memory):.0f} MB, median of the middle third {statistics.median(half):.0f} MB,",
        end="",
    )
    print(f" of the last {statistics.median(last):.0f} MB; exit code {process.returncode}", flush=True)


def loop(photos: list[Path], count: int) -> None:
    """The article's shell loop, one process a photo."""
    if not photos:
        return
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = []
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(photos):
            command = [sys.executable, str(ROOT / "run_app.py"), "--input", str(path), "--prompt", SENTENCE]
            begun = time.perf_counter()
            subprocess.run([*command, "--output", f"{folder}/{number}.jpg"], check=False, capture_output=True)
            wall.append(time.perf_counter() - begun)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(photos)
    one = statistics.median(wall)
    print(f"loop over run_app.py: {one:.2f} s wall, {cpu:.2f} s CPU a photo ({len(photos)} photos);", end="")
    print(f" projected for {count}: {one * count:.0f} s wall, {cpu * count:.0f} s CPU", flush=True)


def batch_command(folder: Path, out: Path, processes: int | None = None) -> list[str]:
    """One command for the whole class."""
    more = ["--processes", str(processes)] if processes else []
    return [*F2P, "batch", str(folder / "photos"), str(folder / "roster.xlsx"), SENTENCE, "-o", str(out), "-q", *more]


def family_mb(pid: int) -> float:
    """Resident MB of a process and its children, shared pages counted once each (PSS)."""
    total = 0.0
    for one in [pid, *children(pid)]:
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0) / 1024
    return total


def children(pid: int) -> list[int]:
    """Direct children by /proc."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def measure_kills(args: argparse.Namespace) -> None:
    """SIGKILL to the main process at random moments; its workers find the pipe closed and leave."""
    chance = random.Random(11)
    out = args.folder / "killed"
    shutil.rmtree(out, ignore_errors=True)
    command, done = batch_command(args.folder, out), 0
    finished, moments = 0, list[int]()
    for _ in range(args.kills):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted, later = finished + chance.choice((0, 1, 1, 2)), chance.uniform(0.0, 2.0)
        while process.poll() is None and done_so_far(out) < wanted:
            time.sleep(0.05)
        time.sleep(later)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            done += 1
        process.wait()
        finished = done_so_far(out)
        moments.append(finished)
        command = [*F2P, "batch", "--resume", "-o", str(out), "-q"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    ours, theirs = tree(out), tree(args.like)
    different = sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
    print(
        f"{done} kills (at {moments} photos done); {len(theirs)} files and reports compared, different: {different or 'none'}",
        flush=True,
    )


def done_so_far(out: Path) -> int:
    """Photos that the books have."""
    books = out / ".f2p-batch" / "journal.sqlite"
    if not books.is_file():
        return 0
    try:
        with contextlib.closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as kept:
            return int(kept.execute("SELECT count(outcome) FROM item").fetchone()[0])
    except sqlite3.OperationalError:  # the books are just being laid out
        return 0


def tree(folder: Path) -> dict[str, str]:
    """SHA-256 of every file but the books, which hold times."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and ".f2p-batch" not in path.parts)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def measure_many(args: argparse.Namespace) -> None:
    """Roster, books and report with a recipe that does nothing."""
    count = args.count
    from f2p.batches.batch import Running, run, workshop
    from f2p.batches.journal import Journal
    from f2p.batches.order import BatchOrder
    from f2p.catalogue.messages import Messages
    from f2p.doors.batch.reports import write_reports
    from f2p.settings import load_settings

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        begun = time.perf_counter()
        rows = ["学号,姓名,班级"] + [f"2023{number:06d},同学{number},{number % 40}班" for number in range(count)]
        (folder / "roster.csv").write_text("\n".join(rows), encoding="utf-8")
        for number in range(count - 5):
            path = folder / "photos" / f"{number // 1000:03d}" / f"2023{number:06d}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        told("photos and roster laid out", begun)
        order = BatchOrder(inputs=(str(folder / "photos"),), sentence=SENTENCE, roster=str(folder / "roster.csv"))
        settings, pool = workshop(load_settings(), work=stub)
        out = folder / "out"
        with Journal(out) as journal, pool:
            begun = time.perf_counter()
            finished = run(order, out, journal, Running(settings=settings, pool=pool))
            told(f"{finished.made} made", begun)
            begun = time.perf_counter()
            counts = write_reports(out, order, finished.work, journal, Messages("zh")).counts
            told(f"reports written {counts}", begun)
            begun = time.perf_counter()
            again = run(order, out, journal, Running(settings=settings, pool=pool))
            told(f"run again: {again.made} made", begun)
        for name in ("report.json", "report.html", "report.xlsx", ".f2p-batch/journal.sqlite"):
            print(f"  {name}: {(out / name).stat().st_size / 2**20:.1f} MB")


def write_page(args: argparse.Namespace) -> None:
    """The rows of a real batch over and over, each under a number of its own."""
    from itertools import cycle, islice

    from f2p.batches.batch import kept_order, rows
    from f2p.batches.journal import Journal
    from f2p.batches.order import settle
    from f2p.catalogue.messages import Messages
    from f2p.doors.batch.lines import Words
    from f2p.doors.batch.report_html import write_html

    text = Messages("zh")
    with Journal(args.out) as journal:
        work = settle(kept_order(journal), args.out)
        words = Words(text, work.roster)
        found = list(rows(work, journal))
        many = (replace(row, label=f"{number:05d} {row.label}") for number, row in enumerate(islice(cycle(found), args.rows)))
        above = {"title": f"{args.rows}", "wish": "", "class": ""}
        write_html(args.html, above, (words.line(row) for row in many), journal.pictures, text)
    print(f"{args.rows} rows: {args.html.stat().st_size / 2**20:.1f} MB")


def told(what: str, begun: float) -> None:
    """One line: what, how long, and the most memory this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {time.perf_counter() - begun:.1f} s, peak memory {peak:.0f} MB", flush=True)


def stub(task):  # type: ignore[no-untyped-def]
    """An outcome as a real photo gives one, in no time; every 500th must be taken again."""
    from f2p.batches.work import Made
    from f2p.values.batch import Group, Measured, Outcome, Reason

    number = int(task.item.source.stem[4:])
    identity = random.Random(number).randbytes(512)
    measured = replace(
        Measured(identity=b"", light=70.0, red=10.0, yellow=15.0, head_mm=22.4, eye_line_mm=19.0), light=60.0 + number % 20
    )
    bad = number % 500 == 0
    outcome = Outcome(
        group=Group.RETAKE if bad else Group.READY,
        reasons=(Reason("no_face"),) if bad else (),
        sha256=hashlib.sha256(identity).hexdigest(),
        measured=measured,
    )
    return Made(outcome=outcome, before=None, after=None, seconds=0.0)


if __name__ == "__main__":
    main()
