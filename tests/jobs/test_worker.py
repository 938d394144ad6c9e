"""Workers: every way a job can go ends it once; killed processes cost nothing but time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jobs.stand_in import expected, make, work

import f2p
from f2p.jobs.job import Job, State, Terms
from f2p.jobs.shelf import Shelf
from f2p.jobs.upkeep import sweep
from f2p.jobs.worker import Worker

ROOT = Path(__file__).parents[2]
PICTURE = (ROOT / "face_image.png").read_bytes


def start_worker(folder: Path, **env: str) -> subprocess.Popen[bytes]:
    """A real worker process with the stand-in for the studio."""
    python_path = os.pathsep.join([str(Path(f2p.__file__).parents[1]), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.stand_in"],
        env={**os.environ, "PYTHONPATH": python_path, "F2P_SHELF_DIR": str(folder), "F2P_RESERVE_MB": "1", **env},
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def real_shelf(tmp_path: Path) -> Iterator[Shelf]:
    """A shelf with the world's clock."""
    from f2p.jobs.settings import ShelfSettings

    shelf = Shelf(ShelfSettings(folder=tmp_path / "shelf", reserve_bytes=1))
    yield shelf
    shelf.database.close()


def wait_until(true: object, seconds: float = 30) -> None:
    """Until `true()` is, or the test fails."""
    until = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("what", "code"), [(b"noface", "no_face"), (b"odd", "internal"), (b"memory", "out_of_memory"), (b"", "")]
)
def test_every_way_a_job_can_go_ends_it(real_shelf: Shelf, what: bytes, code: str) -> None:
    """Done with its bytes, or failed with the code of the tree; what an unforeseen error says goes nowhere but its kind."""
    job = real_shelf.put([work(1, what)], Terms())[0]
    assert Worker(real_shelf, make).work_once()
    ended = real_shelf.get(job.id)
    if not code:
        data = real_shelf.folders.inputs(job.id)[0]
        assert real_shelf.file(ended, "photo.jpg").read_bytes() == expected(data)
        return
    assert ended.failure is not None
    assert (ended.state, ended.failure.code) == (State.FAILED, code)
    assert "secret" not in str(ended.failure)


def test_a_cancelled_job_stops_at_its_next_step(real_shelf: Shelf) -> None:
    """The worker leaves the job and is free for the next."""
    job = real_shelf.put([work(1)], Terms())[0]

    def cancelling(order: object, on_step: object) -> object:
        real_shelf.cancel(job.id)
        return make(order, on_step)  # type: ignore[arg-type]

    assert Worker(real_shelf, cancelling).work_once()  # type: ignore[arg-type]
    assert real_shelf.get(job.id).state is State.CANCELLED
    assert [event.kind for event in real_shelf.events(job.id)] == ["queued", "running", "step", "cancelled"] or [
        event.kind for event in real_shelf.events(job.id)
    ] == ["queued", "running", "cancelled"]


@pytest.mark.slow
def test_a_job_that_hangs_is_ended_with_its_process(real_shelf: Shelf) -> None:
    """Over its time, a job fails as such and its process ends; cancelled while it does not listen, it is cancelled."""
    late = real_shelf.put([work(1, b"hang")], Terms())[0]
    worker = start_worker(real_shelf.settings.folder, F2P_JOB_SECONDS="1")
    assert worker.wait(20) == 70
    failure = real_shelf.get(late.id).failure
    assert failure is not None
    assert failure.code == "over_time"

    deaf = real_shelf.put([work(2, b"hang")], Terms())[0]
    worker = start_worker(real_shelf.settings.folder)
    wait_until(lambda: real_shelf.get(deaf.id).step)
    real_shelf.cancel(deaf.id)
    assert worker.wait(20) == 70
    assert real_shelf.get(deaf.id).state is State.CANCELLED


@pytest.mark.slow
def test_a_stopping_worker_finishes_what_it_holds(real_shelf: Shelf) -> None:
    """SIGTERM in the middle of a job: the job is done, the next one stays for somebody else, the exit code is 0."""
    first, second = real_shelf.put([work(1), work(2)], Terms())
    worker = start_worker(real_shelf.settings.folder, STAND_IN_STEP_SECONDS="0.3")
    wait_until(lambda: real_shelf.get(first.id).step)
    worker.terminate()
    assert worker.wait(10) == 0
    assert [real_shelf.get(job.id).state for job in (first, second)] == [State.DONE, State.QUEUED]


@pytest.mark.slow
def test_a_real_photo_comes_off_the_shelf_as_from_the_studio(real_shelf: Shelf) -> None:
    """The worker's photo has the bytes that `studio.process` gives in this process."""
    from f2p import studio
    from f2p.jobs.job import Work
    from f2p.jobs.work import maker
    from f2p.settings import load_settings
    from f2p.values.outcome import Order

    settings = load_settings()
    plan, _ = studio.plan_for(studio.understand("一寸,蓝底,轻微磨皮"))
    data = PICTURE()
    job = real_shelf.put([Work(data=data, name="me.png", plan=studio.plan_json(plan))], Terms())[0]
    assert Worker(real_shelf, maker(settings)).work_once()
    done = real_shelf.get(job.id)
    photo = studio.process(Order(data=data, name="me.png", plan=plan), settings).files[0].data
    assert real_shelf.file(done, "photo.jpg").read_bytes() == photo
    assert [one.role for one in done.files] == ["photo", "report"]
    assert done.steps > 5


@pytest.mark.slow
def test_fifteen_kills_lose_nothing(real_shelf: Shelf) -> None:
    """Workers killed at random, fifteen times in 120 jobs: each job ends once, with a quiet run's bytes, and no file is left."""
    chance = random.Random(7)
    jobs = real_shelf.put([work(number) for number in range(120)], Terms())
    crew = [start_worker(real_shelf.settings.folder) for _ in range(2)]
    kills = 0
    until = time.monotonic() + 60
    while any(not real_shelf.get(job.id).state.ended for job in jobs) and time.monotonic() < until:
        time.sleep(chance.uniform(0.05, 0.25))
        if kills < 15 and real_shelf.counts()[State.RUNNING]:
            place = chance.randrange(2)
            crew[place].send_signal(signal.SIGKILL)
            crew[place].wait()
            kills += 1
            crew[place] = start_worker(real_shelf.settings.folder)
        real_shelf.leases.put_back_lost()
    for worker in crew:
        worker.terminate()
        worker.wait()

    assert kills == 15
    check_all_done(real_shelf, jobs)


def check_all_done(shelf: Shelf, jobs: tuple[Job, ...]) -> None:
    """Each job is done, once, with the bytes that its input gives, and nothing else lies in the folder."""
    sweep(shelf, young=-1)
    for job in jobs:
        done = shelf.get(job.id)
        assert done.state is State.DONE
        assert shelf.file(done, "photo.jpg").read_bytes() == expected(shelf.folders.inputs(job.id)[0])
        assert [event.kind for event in shelf.events(job.id)].count("done") == 1
        inside = sorted(path.name for path in (shelf.folders.root / job.id).iterdir())
        assert inside == [f"a{done.attempt}", "input"]
    assert sorted(shelf.folders.jobs()) == sorted(job.id for job in jobs)


def test_threads_share_one_shelf(real_shelf: Shelf) -> None:
    """Many threads hand in, look and cancel at once without an error."""
    troubles: list[BaseException] = []

    def use(number: int) -> None:
        try:
            for turn in range(5):
                job = real_shelf.put([work(number * 100 + turn)], Terms(client=str(number)))[0]
                real_shelf.events(job.id)
                real_shelf.list(str(number))
                real_shelf.cancel(job.id)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells it
            troubles.append(error)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert real_shelf.counts()[State.CANCELLED] == 40
