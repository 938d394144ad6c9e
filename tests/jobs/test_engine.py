"""Workers behind the engine: what one machine promises holds for several, whoever dies and whatever is restarted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jobs.a_postgres import Server
from tests.jobs.stand_in import expected, work

import f2p
from f2p.errors import BadSetting
from f2p.jobs.job import Job, State, Terms
from f2p.jobs.settings import ShelfSettings, load_shelf_settings
from f2p.jobs.shelf import Shelf
from f2p.jobs.truth import DatabaseRefused
from f2p.jobs.upkeep import sweep

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shared(postgres: Server, with_tables: str, tmp_path: Path) -> Iterator[Shelf]:
    """A shelf for several machines, its files in a folder that all see."""
    settings = ShelfSettings(
        folder=tmp_path / "here", reserve_bytes=1, lease_seconds=2, database=postgres.emptied(with_tables),
        engine="procrastinate", storage=str(tmp_path / "shared"),
    )  # fmt: skip
    shelf = Shelf(settings)
    yield shelf
    shelf.database.close()


def start_machine(shelf: Shelf, folder: Path, *program: str, **env: str) -> subprocess.Popen[bytes]:
    """A worker process that knows nothing but the database and the shared folder; without root, in this network."""
    apart = ["unshare", "--uts", "sh", "-c", f'hostname {folder.name}; exec "$@"', "sh"] if _may_unshare() else []
    python_path = os.pathsep.join([str(Path(f2p.__file__).parents[1]), str(ROOT)])
    settings = {
        "F2P_DATABASE": shelf.settings.database, "F2P_STORAGE": shelf.settings.storage, "F2P_SHELF_DIR": str(folder),
        "F2P_LEASE_SECONDS": str(shelf.settings.lease_seconds), "F2P_RESERVE_MB": "1",
    }  # fmt: skip
    log = folder.parent / f"{folder.name}.log"
    with log.open("wb") as lines:
        return subprocess.Popen(
            [*apart, sys.executable, "-m", *(program or ("tests.jobs.stand_in",))],
            env={**os.environ, "PYTHONPATH": python_path, **settings, **env}, stderr=lines, stdout=lines,
        )  # fmt: skip


def _may_unshare() -> bool:
    return subprocess.run(["unshare", "--uts", "true"], capture_output=True, check=False).returncode == 0


def until(shelf: Shelf, true: object, seconds: float = 40) -> None:
    """Waits, and meanwhile does what every machine's crew does: puts lost jobs back."""
    end = time.monotonic() + seconds
    while True:
        try:
            shelf.leases.put_back_lost()
            if true():  # type: ignore[operator]
                return
        except DatabaseRefused:
            assert time.monotonic() < end, "the database stayed away"
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def stop(*workers: subprocess.Popen[bytes]) -> None:
    """Politely."""
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.wait(20)


@pytest.mark.slow
def test_three_machines_one_killed_and_the_database_restarted(shared: Shelf, postgres: Server, tmp_path: Path) -> None:
    """Each photo ends once, with the bytes of a quiet run, though a worker is killed at work and the database ended hard."""
    jobs = shared.put([work(number) for number in range(60)], Terms())
    crew = [start_machine(shared, tmp_path / f"machine{n}", STAND_IN_STEP_SECONDS="0.05") for n in range(3)]
    until(shared, lambda: shared.counts()[State.DONE] >= 8)
    held = kill_at_work(shared, crew[0])
    until(shared, lambda: shared.counts()[State.DONE] >= 20)
    postgres.stop("immediate")
    postgres.start()
    until(shared, lambda: all(job.state.ended for job in shared.list("", limit=200).jobs))
    stop(*crew[1:])

    assert shared.get(held.id).attempt >= 2
    check_each_once(shared, jobs)
    with shared.database.use("read") as db:
        assert db.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'").fetchone()[0] == 0


def kill_at_work(shelf: Shelf, worker: subprocess.Popen[bytes]) -> Job:
    """Kills a worker that holds a job; which."""
    held: list[Job] = []

    def holds() -> bool:
        running = shelf.list("", limit=200, state=State.RUNNING).jobs
        held[:] = [job for job in running if job.owner.split(":")[1] == str(worker.pid)]
        if held:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        return bool(held)

    until(shelf, holds)
    return held[0]


def check_each_once(shelf: Shelf, jobs: tuple[Job, ...]) -> None:
    """Done, once, with the bytes that its input gives, and nothing else lies in the shared folder."""
    sweep(shelf, young=-1)
    for job in jobs:
        done = shelf.get(job.id)
        assert done.state is State.DONE
        assert shelf.file(done, "photo.jpg").read_bytes() == expected(shelf.folders.inputs(job.id)[0])
        assert [event.kind for event in shelf.events(job.id)].count("done") == 1
    assert sorted(shelf.folders.jobs()) == sorted(job.id for job in jobs)


def test_a_stopping_worker_gives_back_and_a_cancelled_job_ends(shared: Shelf, tmp_path: Path) -> None:
    """The engine asks alike at both: a job that nobody wants is cancelled; a worker that ends loses no job and blames none."""
    unwanted, wanted = shared.put([work(1), work(2)], Terms())
    worker = start_machine(shared, tmp_path / "one", STAND_IN_STEP_SECONDS="1.0", STAND_IN_DRAIN="0.2")
    until(shared, lambda: shared.get(unwanted.id).state is State.RUNNING)
    shared.cancel(unwanted.id)
    until(shared, lambda: shared.get(wanted.id).state is State.RUNNING)
    assert shared.get(unwanted.id).state is State.CANCELLED
    stop(worker)
    assert shared.get(wanted.id).state is State.QUEUED
    assert "lost" not in [event.kind for event in shared.events(wanted.id)]
    other = start_machine(shared, tmp_path / "two")
    until(shared, lambda: shared.get(wanted.id).state is State.DONE)
    stop(other)


def test_a_job_and_its_ticket_are_written_together_or_not_at_all(shared: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the engine cannot be told, no job is there either."""
    monkeypatch.setattr("f2p.jobs.tickets.TASK", None)
    with pytest.raises(Exception, match=r"."):
        shared.put([work(1)], Terms())
    assert shared.counts()[State.QUEUED] == 0
    monkeypatch.undo()
    shared.put([work(1)], Terms())
    with shared.database.use("read") as db:
        assert db.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'").fetchone()[0] == 1


def test_lost_tickets_are_written_again(shared: Shelf) -> None:
    """A ticket drawn by a worker that died before it took the job is ended, and another is there."""
    shared.put([work(1)], Terms())
    with shared.database.use("durable") as db:
        db.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    shared.leases.put_back_lost()
    with shared.database.use("read") as db:
        assert [row["status"] for row in db.execute("SELECT status FROM procrastinate_jobs")] == ["todo"]


def test_a_person_goes_before_a_batch_with_the_engine_too(shared: Shelf) -> None:
    """The engine draws in the shelf's order: people first, clients in turn."""
    shared.put([work(number) for number in range(5)], Terms(client="many"))
    few = shared.put([work(9)], Terms(client="few"))[0]
    with shared.database.use("read") as db:
        rows = db.execute("SELECT queueing_lock FROM procrastinate_jobs ORDER BY priority DESC, id").fetchall()
    assert few.id in [row[0] for row in rows[:2]]


def test_the_settings_choose_the_engine() -> None:
    """A database alone brings its engine; an engine without its database, and other words, are refused."""
    assert load_shelf_settings({"F2P_DATABASE": "postgresql://x/y"}).engine == "procrastinate"
    assert load_shelf_settings({"F2P_DATABASE": "postgresql://x/y", "F2P_ENGINE": "local"}).engine == "local"
    for env in ({"F2P_ENGINE": "procrastinate"}, {"F2P_DATABASE": "mysql://x"}, {"F2P_ENGINE": "huey"}):
        with pytest.raises(BadSetting):
            load_shelf_settings(env)
