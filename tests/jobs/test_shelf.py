"""The shelf: what was accepted is there, is worked on by one, and ends once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jobs.conftest import Clock
from tests.jobs.stand_in import work

from f2p.errors import JobGone, NoSuchJob, NotFinished, QueueFull, SameKeyOtherWork, StillRunning, StorageFault, StorageLow
from f2p.jobs.job import MOST_ATTEMPTS, MOST_LOST, Failure, Job, Priority, State, Terms
from f2p.jobs.process import alive, me
from f2p.jobs.settings import ShelfSettings, load_shelf_settings
from f2p.jobs.shelf import Shelf
from f2p.jobs.upkeep import expire, sweep

LIVING, DEAD = "here:1:1", "here:2:1"
MADE = {"photo.jpg": ("photo", b"made"), "report.json": ("report", b"{}")}


def put(shelf: Shelf, number: int = 1, **terms: object) -> Job:
    """One job, handed in."""
    return shelf.put([work(number)], Terms(**terms))[0]  # type: ignore[arg-type]


def claim(shelf: Shelf, owner: str = LIVING) -> Job:
    """The next job."""
    job = shelf.leases.claim(owner)
    assert job is not None
    return job


def kinds(shelf: Shelf, job: Job) -> list[str]:
    """What happened to a job, in order."""
    return [event.kind for event in shelf.events(job.id)]


def test_a_job_goes_from_hand_to_result(shelf: Shelf) -> None:
    """Handed in, taken, worked on and finished, a job has its files and tells each turn in order."""
    job = put(shelf)
    taken = claim(shelf)
    assert (taken.id, taken.attempt, taken.state) == (job.id, 1, State.RUNNING)
    assert shelf.leases.step(taken, "open").held
    assert shelf.get(job.id).step == "open"
    assert shelf.leases.finish(taken, MADE)

    done = shelf.get(job.id)
    assert done.state is State.DONE
    assert shelf.file(done, "photo.jpg").read_bytes() == b"made"
    assert [(one.name, one.bytes) for one in done.files] == [("photo.jpg", 4), ("report.json", 2)]
    assert kinds(shelf, job) == ["queued", "running", "step", "done"]
    assert shelf.leases.claim(LIVING) is None


def test_two_workers_never_hold_one_job(shelf: Shelf) -> None:
    """Each job is handed to one worker."""
    for number in range(5):
        put(shelf, number)
    taken = [claim(shelf, f"here:{n}:1").id for n in range(5)]
    assert len(set(taken)) == 5
    assert shelf.leases.claim(LIVING) is None


def test_a_worker_that_was_given_up_can_no_longer_write(shelf: Shelf, clock: Clock) -> None:
    """A worker that slept past its lease ends nothing, leaves no file, and learns that the job is somebody else's."""
    put(shelf)
    slow = claim(shelf)
    clock.now += shelf.settings.lease_seconds + 1
    assert [job.id for job in shelf.leases.put_back_lost(is_alive=lambda owner: True)] == [slow.id]
    quick = claim(shelf, "here:9:1")

    assert not shelf.leases.step(slow, "open").held
    assert not shelf.leases.beat(slow).held
    assert not shelf.leases.finish(slow, {"photo.jpg": ("photo", b"late")})
    assert not shelf.leases.fail(slow, Failure(code="no_face"))
    assert not shelf.leases.give_back(slow)
    assert not shelf.folders.path(slow.id, slow.attempt, "photo.jpg").exists()
    assert shelf.leases.finish(quick, MADE)
    assert shelf.file(shelf.get(quick.id), "photo.jpg").read_bytes() == b"made"
    assert kinds(shelf, quick).count("done") == 1


def test_a_beating_heart_keeps_the_job(shelf: Shelf, clock: Clock) -> None:
    """A long job stays with its worker as long as that one says so."""
    put(shelf)
    job = claim(shelf)
    for _ in range(5):
        clock.now += shelf.settings.lease_seconds * 0.9
        assert shelf.leases.beat(job).held
        assert shelf.leases.put_back_lost(is_alive=lambda owner: True) == []


def test_a_dead_workers_job_is_put_back_at_once_and_at_its_old_place(shelf: Shelf) -> None:
    """Nobody waits for a lease where the process is seen to be gone."""
    first = put(shelf, 1)
    put(shelf, 2)
    claim(shelf, DEAD)
    assert shelf.leases.put_back_lost(is_alive=lambda owner: owner != DEAD)
    again = claim(shelf)
    assert (again.id, again.attempt) == (first.id, 2)


def test_a_job_that_kills_its_workers_ends(shelf: Shelf) -> None:
    """After five lost workers a job fails, says why, and stops nobody else."""
    bad, good = put(shelf, 1), put(shelf, 2)
    for _ in range(MOST_LOST):
        assert claim(shelf, DEAD).id == bad.id
        shelf.leases.put_back_lost(is_alive=lambda owner: owner != DEAD)
    failed = shelf.get(bad.id)
    assert failed.state is State.FAILED
    assert failed.failure == Failure(code="worker_lost", params={"attempts": MOST_LOST})
    assert kinds(shelf, bad).count("failed") == 1
    assert claim(shelf).id == good.id


def test_a_service_that_ends_blames_no_job(shelf: Shelf) -> None:
    """What ran when everything was killed is started again more often than what kills its workers, but not for ever."""
    job = put(shelf)
    for _ in range(MOST_ATTEMPTS - 1):
        claim(shelf, DEAD)
        shelf.leases.put_back_lost(blame=False, is_alive=lambda owner: owner != DEAD)
    assert shelf.get(job.id).state is State.QUEUED
    claim(shelf, DEAD)
    shelf.leases.put_back_lost(blame=False, is_alive=lambda owner: owner != DEAD)
    assert shelf.get(job.id).state is State.FAILED


def test_giving_back_blames_no_job(shelf: Shelf, clock: Clock) -> None:
    """A job that a stopping worker gives back may be started any number of times, after a pause where one was asked for."""
    job = put(shelf)
    for _ in range(MOST_LOST + 2):
        assert shelf.leases.give_back(claim(shelf), pause=5)
        assert shelf.leases.claim(LIVING) is None
        clock.now += 6
    assert shelf.get(job.id).state is State.QUEUED


def test_a_person_goes_before_a_batch(shelf: Shelf) -> None:
    """A job somebody waits for is taken before all the batch's, though it came later."""
    shelf.put([work(number) for number in range(20)], Terms(priority=Priority.BATCH))
    mine = put(shelf, 99)
    assert shelf.ahead(mine) == 0
    assert claim(shelf).id == mine.id


def test_clients_take_turns(shelf: Shelf) -> None:
    """Whoever hands in three jobs after somebody handed in a hundred waits for three, not for a hundred."""
    shelf.put([work(number) for number in range(100)], Terms(client="many"))
    for _ in range(10):
        claim(shelf)
    few = [put(shelf, 200 + n, client="few") for n in range(3)]
    order = [claim(shelf).client for _ in range(8)]
    assert order.count("few") == 3
    assert order[:4].count("few") >= 1
    assert shelf.ahead(few[0]) == 0


def test_a_waiting_job_is_cancelled_at_once(shelf: Shelf) -> None:
    """What nobody has begun ends right away."""
    job = put(shelf)
    assert shelf.cancel(job.id).state is State.CANCELLED
    assert shelf.leases.claim(LIVING) is None
    assert shelf.cancel(job.id).state is State.CANCELLED


def test_a_running_job_is_cancelled_at_its_next_step(shelf: Shelf) -> None:
    """The worker learns it at its next step, and a job whose worker dies meanwhile is not started again."""
    put(shelf, 1)
    put(shelf, 2)
    job, other = claim(shelf), claim(shelf, DEAD)
    assert shelf.cancel(job.id).cancelling
    assert shelf.leases.step(job, "matte").cancelling
    assert shelf.leases.drop(job)
    shelf.cancel(other.id)
    shelf.leases.put_back_lost(is_alive=lambda owner: False)
    assert [shelf.get(one.id).state for one in (job, other)] == [State.CANCELLED, State.CANCELLED]


def test_the_same_key_is_the_same_job(shelf: Shelf) -> None:
    """A request that is sent again gives the job of the first time; with other content it is refused; keys are a client's own."""
    first = shelf.put([work(1), work(2)], Terms(key="k"))
    assert [job.id for job in shelf.put([work(1), work(2)], Terms(key="k"))] == [job.id for job in first]
    with pytest.raises(SameKeyOtherWork):
        shelf.put([work(3)], Terms(key="k"))
    assert put(shelf, 3, key="k", client="other").id not in {job.id for job in first}
    assert shelf.counts()[State.QUEUED] == 3
    assert len(list(shelf.folders.jobs())) == 3


def test_a_full_queue_takes_nothing_more(tmp_path: Path) -> None:
    """Above the limit a request is refused whole, and nothing of it is left."""
    shelf = Shelf(ShelfSettings(folder=tmp_path / "s", reserve_bytes=1, most_waiting=2))
    put(shelf)
    with pytest.raises(QueueFull):
        shelf.put([work(2), work(3)], Terms())
    assert shelf.counts()[State.QUEUED] == len(list(shelf.folders.jobs())) == 1


def test_low_room_takes_nothing_new_and_finishes_the_rest(tmp_path: Path) -> None:
    """Below the reserve new work is refused, while work handed in before goes on."""
    shelf = Shelf(ShelfSettings(folder=tmp_path / "s", reserve_bytes=1))
    put(shelf)
    low = Shelf(replace(shelf.settings, reserve_bytes=2**60))
    with pytest.raises(StorageLow):
        put(low, 2)
    assert low.leases.finish(claim(low), MADE)


def test_a_full_disk_leaves_nothing_half_done(tiny_disk: Path) -> None:
    """On a disk that is really full a request is refused as such, with nothing of it left, and what was there is still whole."""
    subprocess.run(["mount", "-o", "remount,size=1m", str(tiny_disk)], check=True)
    shelf = Shelf(ShelfSettings(folder=tiny_disk / "s", reserve_bytes=1))
    job = put(shelf)
    (tiny_disk / "filler").write_bytes(b"x" * (os.statvfs(tiny_disk).f_bavail * os.statvfs(tiny_disk).f_bsize - 8192))
    with pytest.raises(StorageLow):
        shelf.put([replace(work(2), data=b"x" * 4096 * 3)], Terms())
    assert list(shelf.folders.jobs()) == [job.id]
    (tiny_disk / "filler").unlink()
    assert shelf.leases.finish(claim(shelf), MADE)
    shelf.database.close()


def test_a_read_only_folder_is_said(tiny_disk: Path) -> None:
    """A disk that may not be written is named as the trouble, for what opens the shelf anew and for what has it open."""
    subprocess.run(["mount", "-o", "remount,size=1m", str(tiny_disk)], check=True)
    shelf = Shelf(ShelfSettings(folder=tiny_disk / "s", reserve_bytes=1))
    job = put(shelf)
    shelf.database.close()
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(StorageFault) as refused:
        put(shelf, 2)
    assert refused.value.params["reason"] == "read_only_disk"
    subprocess.run(["mount", "-o", "remount,rw", str(tiny_disk)], check=True)
    assert claim(shelf).id == job.id
    shelf.database.close()


def test_results_are_kept_so_long_and_then_receipted(shelf: Shelf, clock: Clock) -> None:
    """After its time a job's files and names are gone, and the receipt says when, why and which bytes they were."""
    short, usual = put(shelf, 1, keep_hours=2.0), put(shelf, 2)
    for _ in range(2):
        shelf.leases.finish(claim(shelf), MADE)
    clock.now += 3 * 3600
    assert sweep(shelf).expired == 1

    gone, receipt = shelf.get(short.id), shelf.receipt(short.id)
    assert (gone.name, gone.plan, gone.reading) == ("", "", None)
    assert (receipt.why, receipt.at, [one.role for one in receipt.files]) == ("kept_long_enough", clock.now, ["photo", "report"])
    assert not (shelf.folders.root / short.id).exists()
    with pytest.raises(JobGone):
        shelf.file(gone, "photo.jpg")
    assert shelf.file(shelf.get(usual.id), "photo.jpg").exists()
    with pytest.raises(NoSuchJob):
        shelf.receipt(usual.id)


def test_deleted_once_fetched(shelf: Shelf, clock: Clock) -> None:
    """A job handed in to be kept until it is fetched goes a minute after its last file went out; the report does not count."""
    put(shelf, once=True)
    job = claim(shelf)
    shelf.leases.finish(job, {**MADE, "marked.png": ("marked", b"m")})
    done = shelf.get(job.id)
    shelf.fetched(done, ["photo.jpg"])
    clock.now += 3600
    assert expire(shelf) == 0
    shelf.fetched(done, ["marked.png"])
    assert expire(shelf) == 0
    clock.now += 61
    assert expire(shelf) == 1
    assert shelf.receipt(job.id).why == "fetched"


def test_only_what_has_ended_can_be_deleted(shelf: Shelf) -> None:
    """A job at work is refused; an ended one gives the same receipt however often it is asked."""
    put(shelf)
    job = claim(shelf)
    with pytest.raises(StillRunning):
        shelf.delete(job.id)
    with pytest.raises(NotFinished):
        shelf.file(shelf.get(job.id), "photo.jpg")
    shelf.leases.fail(job, Failure(code="no_face"))
    assert shelf.delete(job.id) == shelf.delete(job.id)


def test_above_the_quota_the_oldest_results_go(tmp_path: Path, clock: Clock) -> None:
    """Finished jobs make room, oldest first; what is still to be done never does."""
    shelf = Shelf(ShelfSettings(folder=tmp_path / "s", reserve_bytes=1, quota_bytes=2000), clock)
    jobs = []
    for number in range(3):
        jobs.append(put(shelf, number))
        shelf.leases.finish(claim(shelf), {"photo.jpg": ("photo", b"x" * 1000)})
        clock.now += 60
    waiting = put(shelf, 9)
    assert sweep(shelf).for_room == 2
    assert [bool(shelf.get(job.id).deleted) for job in (*jobs, waiting)] == [True, True, False, False]


def test_nothing_that_nobody_speaks_of_stays(shelf: Shelf, clock: Clock) -> None:
    """Folders without a job and attempts that do not count are swept; a request that is being written is left alone."""
    clock.now = time.time()
    put(shelf)
    lost = claim(shelf, DEAD)
    shelf.folders.publish(lost.id, lost.attempt, MADE)  # and then the worker died
    shelf.leases.put_back_lost(is_alive=lambda owner: False)
    shelf.folders.keep("f" * 32, b"input", b"")
    assert sweep(shelf).orphans == 1
    assert not shelf.folders.path(lost.id, lost.attempt, "photo.jpg").exists()
    assert sorted(shelf.folders.jobs()) == sorted([lost.id, "f" * 32])
    clock.now += 3600
    assert sweep(shelf).orphans == 1
    assert list(shelf.folders.jobs()) == [lost.id]
    assert shelf.folders.inputs(lost.id)[0].startswith(b" 1")


def test_lists_are_a_clients_own_and_come_in_pages(shelf: Shelf) -> None:
    """Newest first, each job on one page, other clients' never."""
    mine = [put(shelf, number, client="a").id for number in range(5)]
    put(shelf, 9, client="b")
    first = shelf.list("a", limit=3)
    second = shelf.list("a", limit=3, before=first.next)
    assert [job.id for job in (*first.jobs, *second.jobs)] == mine[::-1]
    assert (second.next, len(shelf.list("").jobs), shelf.list("a", state=State.DONE).jobs) == (0, 6, ())


def test_a_webhook_is_written_with_the_end_and_once(shelf: Shelf) -> None:
    """Each end of a job that asked for it puts exactly one message into the outbox, in the same transaction."""
    done, cancelled, silent = put(shelf, 1, webhook="https://a"), put(shelf, 2, webhook="https://b"), put(shelf, 3)
    shelf.leases.finish(claim(shelf), MADE)
    shelf.cancel(cancelled.id)
    shelf.cancel(silent.id)
    shelf.cancel(cancelled.id)
    with shelf.database.use("read") as db:
        rows = db.execute("SELECT job, url FROM outbox ORDER BY url").fetchall()
    assert [tuple(row) for row in rows] == [(done.id, "https://a"), (cancelled.id, "https://b")]


def test_a_process_is_known_by_its_start_too() -> None:
    """A pid that was given to another process, a zombie and a dead one are not alive; a process elsewhere may be."""
    host, pid, start = me().rsplit(":", 2)
    assert alive(me())
    assert not alive(f"{host}:{pid}:{int(start) - 1}")
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    while alive(f"{host}:{child.pid}:{_start_file(child.pid)}"):
        pass  # ends by itself and stays a zombie until waited for
    child.wait()
    assert not alive(f"{host}:{child.pid}:1")
    assert alive("elsewhere:1:1")


def _start_file(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def test_the_environment_sets_the_shelf(tmp_path: Path) -> None:
    """Every field has its variable; without any the shelf lies beside the code of a checkout."""
    env = {"F2P_SHELF_DIR": str(tmp_path), "F2P_KEEP_HOURS": "1.5", "F2P_QUOTA_MB": "2", "F2P_RESERVE_MB": "3"}
    settings = load_shelf_settings(env)
    assert (settings.folder, settings.keep_hours, settings.quota_bytes) == (tmp_path, 1.5, 2 * 2**20)
    assert settings.reserve_bytes == 3 * 2**20
    assert load_shelf_settings({}).folder.name == "shelf"
