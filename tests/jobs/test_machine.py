"""The shelf against a model of itself, by orders of events that nobody thought of."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from tests.jobs.conftest import Clock
from tests.jobs.stand_in import work

from f2p.jobs.job import MOST_LOST, Failure, Job, Priority, State, Terms
from f2p.jobs.settings import ShelfSettings
from f2p.jobs.shelf import Shelf
from f2p.jobs.upkeep import sweep

ENDS = {State.DONE, State.FAILED, State.CANCELLED}


class ShelfMachine(RuleBasedStateMachine):
    """Clients, workers, deaths and clocks in any order; `held` is the attempt that counts for each running job."""

    jobs = Bundle("jobs")
    grips = Bundle("grips")

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="f2p-machine-"))
        self.clock = Clock()
        self.shelf = Shelf(ShelfSettings(folder=self.folder, reserve_bytes=1, keep_hours=1), self.clock)
        self.state: dict[str, State] = {}
        self.held: dict[str, int] = {}
        self.lost: dict[str, int] = {}
        self.unwanted: set[str] = set()
        self.deleted: set[str] = set()
        self.dead: set[str] = set()
        self.made = 0

    def teardown(self) -> None:
        self.shelf.database.close()
        shutil.rmtree(self.folder)

    @rule(target=jobs, client=st.sampled_from("ab"), priority=st.sampled_from(Priority), count=st.integers(1, 3))
    def put(self, client: str, priority: Priority, count: int) -> object:
        self.made += 1
        terms = Terms(client=client, priority=priority, key=str(self.made), webhook="https://x")
        works = [work(f"{self.made}.{n}") for n in range(count)]
        ids = [job.id for job in self.shelf.put(works, terms)]
        assert [job.id for job in self.shelf.put(works, terms)] == ids
        self.state |= dict.fromkeys(ids, State.QUEUED)
        return multiple(*ids)

    @rule(target=grips, owner=st.sampled_from(["w1", "w2"]))
    def claim(self, owner: str) -> object:
        job = self.shelf.leases.claim(f"here:{owner}:{len(self.dead)}")
        waiting = [one for one, state in self.state.items() if state is State.QUEUED]
        if job is None:
            assert not waiting
            return multiple()
        assert job.id in waiting
        best = min(self.shelf.get(one).priority.rank for one in waiting if one != job.id or len(waiting) == 1)
        assert job.priority.rank <= best
        assert job.attempt > self.held.get(job.id, 0)
        self.state[job.id], self.held[job.id] = State.RUNNING, job.attempt
        return job

    def mine(self, job: Job) -> bool:
        """Whether that grip is the one that counts."""
        return self.state[job.id] is State.RUNNING and self.held[job.id] == job.attempt

    @rule(job=grips)
    def step(self, job: Job) -> None:
        grip = self.shelf.leases.step(job, "open")
        assert grip.held == self.mine(job)
        assert grip.cancelling == (grip.held and job.id in self.unwanted)

    @rule(job=consumes(grips), how=st.sampled_from(["finish", "fail", "drop", "give_back", "forget"]))
    def end(self, job: Job, how: str) -> None:
        mine = self.mine(job)
        match how:
            case "finish":
                done = self.shelf.leases.finish(job, {"photo.jpg": ("photo", f"{job.id} {job.attempt}".encode())})
                after = State.DONE
            case "fail":
                done, after = self.shelf.leases.fail(job, Failure(code="no_face")), State.FAILED
            case "drop":
                done, after = self.shelf.leases.drop(job), State.CANCELLED
            case "give_back":
                done, after = self.shelf.leases.give_back(job), State.QUEUED
            case _:
                return  # the process is gone without a word
        assert done == mine
        if mine:
            self.state[job.id] = after

    @rule(dies=st.booleans())
    def put_back(self, dies: bool) -> None:
        running = [one for one, state in self.state.items() if state is State.RUNNING]
        if dies:
            found = self.shelf.leases.put_back_lost(is_alive=lambda owner: False)
        else:
            self.clock.now += self.shelf.settings.lease_seconds + 1
            found = self.shelf.leases.put_back_lost(is_alive=lambda owner: True)
        assert {job.id for job in found} == set(running)
        for one in running:
            self.lost[one] = self.lost.get(one, 0) + (one not in self.unwanted)
            self.state[one] = State.QUEUED
            if one in self.unwanted:
                self.state[one] = State.CANCELLED
            elif self.lost[one] >= MOST_LOST:
                self.state[one] = State.FAILED

    @rule(job=jobs)
    def cancel(self, job: str) -> None:
        self.shelf.cancel(job)
        if self.state[job] is State.QUEUED:
            self.state[job] = State.CANCELLED
        elif self.state[job] is State.RUNNING:
            self.unwanted.add(job)

    @rule(job=jobs)
    def delete(self, job: str) -> None:
        if self.state[job] in ENDS:
            self.shelf.delete(job)
            self.deleted.add(job)

    @rule(hours=st.floats(0, 2))
    def sweep(self, hours: float) -> None:
        self.clock.now += hours * 3600
        sweep(self.shelf)
        self.deleted |= {one for one in self.state if self.shelf.get(one).deleted}

    @invariant()
    def agrees(self) -> None:
        """State, files, endings and messages of every job are what the model says."""
        for one, state in getattr(self, "state", {}).items():
            job = self.shelf.get(one)
            assert job.state is state
            endings = [event.kind for event in self.shelf.events(one) if event.kind in set(ENDS)]
            assert len(endings) == (state in ENDS)
            photo = self.shelf.folders.path(one, job.attempt, "photo.jpg")
            there = state is State.DONE and one not in self.deleted
            assert photo.exists() == there
            if there:
                assert photo.read_text() == f"{one} {job.attempt}"
        if hasattr(self, "state"):
            with self.shelf.database.use("read") as db:
                told = db.execute("SELECT job, count(*) FROM outbox GROUP BY job").fetchall()
            assert {row[0]: row[1] for row in told} == {one: 1 for one, state in self.state.items() if state in ENDS}


ShelfMachine.TestCase.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
TestShelf = ShelfMachine.TestCase
