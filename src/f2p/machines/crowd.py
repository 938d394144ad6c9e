"""Hands a batch's photos to workers on any machine; stands where the pool of one machine stands, and answers as it does.

Each photo's job has a key of the photo, its plan and its folder: a batch that was killed finds what was made meanwhile.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

from f2p.batches.pool import Lost
from f2p.batches.sources import read_source
from f2p.batches.work import Made, Task, make
from f2p.errors import F2PError, OverTime, QueueFull, StorageFault, UnreadablePath, WorkerLost
from f2p.jobs.job import Failure, Job, Priority, State, Terms
from f2p.jobs.shelf import Shelf
from f2p.jobs.truth import DatabaseRefused
from f2p.machines.photo import pack, unpack

_MOST_OUT = 256
"""Photos that wait with the workers at once: enough for a hundred cores, and little to take back."""
_LOOK = 0.2
_PATIENCE = 600.0
"""Seconds that a database may be away before the batch gives up; it can be resumed."""
_CLIENT = "batch"
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Crowd:
    """`run` hands out results as they come."""

    shelf: Shelf
    _out: dict[str, Task] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """What is on its way stays on the shelf: the next run finds it."""
        self.shelf.database.close()

    def run(self, tasks: Iterable[Task], stopping: Callable[[], bool] = lambda: False) -> Iterator[tuple[Task, Made | Lost]]:
        """Each task with its result, in the order in which they finish. Once `stopping` says so, all is taken back.

        Raises the F2PError that a worker met and that is not the photo's.
        """
        waiting, took_back = iter(tasks), False
        while True:
            if not stopping():
                yield from self._feed(waiting)
            elif not took_back:
                took_back = True
                for job in tuple(self._out):
                    _patiently(lambda job=job: self.shelf.cancel(job))  # type: ignore[misc]
            if not self._out:
                return
            ended = _patiently(lambda: self.shelf.ended(tuple(self._out)))
            for job in ended:
                task = self._out.pop(job)
                answer = _patiently(lambda job=job, task=task: self._answer(job, task))  # type: ignore[misc]
                _patiently(lambda job=job: self.shelf.delete(job))  # type: ignore[misc]
                if answer is not None:
                    yield task, answer
            if not ended:
                time.sleep(_LOOK)

    def _feed(self, waiting: Iterator[Task]) -> Iterator[tuple[Task, Made | Lost]]:
        """Hands in as many as may be out; what cannot even be read is answered at once."""
        while len(self._out) < _MOST_OUT:
            task = next(waiting, None)
            if task is None:
                return
            limit = task.settings.max_input_bytes
            try:
                data = read_source(task.item.source, limit)
            except (OSError, UnreadablePath):
                data = None
            if data is None or len(data) > limit:
                yield task, make(task)  # ends with the reason, before any model is needed
            else:
                self._out[_patiently(lambda data=data, task=task: self._put(task, data)).id] = task  # type: ignore[misc]

    def _put(self, task: Task, data: bytes) -> Job:
        work = pack(task, data)
        which = hashlib.sha256(f"{task.folder}\n{work.plan}".encode() + hashlib.sha256(data).digest()).hexdigest()
        for number in range(1000):  # a job that was fetched and deleted, or failed, is made anew
            key = f"{which}-{number}"
            job = self.shelf.put([work], Terms(client=_CLIENT, priority=Priority.BATCH, key=key))[0]
            if self._can_be_had(job):
                return job
        raise StorageFault(reason="too_many_tries")

    def _answer(self, job: str, task: Task) -> Made | Lost | None:
        """What came of a job; None where it was taken back."""
        found = self.shelf.get(job)
        if found.state is State.DONE:
            files = {one.name: self.shelf.file(found, one.name).read_bytes() for one in found.files}
            return unpack(files, Path(task.folder))
        return _lost(found.failure) if found.failure is not None else None

    def _can_be_had(self, job: Job) -> bool:
        """Whether something will come, or lies there whole: a batch that was killed may have taken the files and not the row."""
        if job.deleted or job.id in self._out or (job.state.ended and job.state is not State.DONE):
            return False
        return all(self.shelf.file(job, one.name).is_file() for one in job.files)


def _lost(failure: Failure) -> Lost:
    """The photo's own fault as the pool tells it. Raises the error of the tree that is not the photo's."""
    codes = {WorkerLost.code: "crashed", OverTime.code: "too_long", "out_of_memory": "crashed"}
    if failure.code in codes:
        return Lost(codes[failure.code])
    raise _error(failure)


def _error(failure: Failure) -> F2PError:
    kinds = [F2PError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    found = next((kind for kind in kinds if kind.code == failure.code), F2PError)
    return found(**failure.params)


def _patiently(ask: Callable[[], Answer]) -> Answer:
    """Asks again while the database is away or the shelf is full."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return ask()
        except (DatabaseRefused, StorageFault, QueueFull):
            if time.monotonic() > until:
                raise
        time.sleep(1.0)
