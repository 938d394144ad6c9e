"""Warm processes that work through tasks: one that dies takes no other with it, and its task gets one more chance.

Not `concurrent.futures`: there one dead process (out of memory, a decoder's fault) ends the whole pool.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from f2p.errors import F2PError

Task = TypeVar("Task")
Result = TypeVar("Result")

_TRIES = 2
_MOST_SECONDS = 300.0
_PER_PROCESS_MB = 700
"""What one warm process may need (361 to 509 MB measured, more for the largest photos)."""
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Size:
    """So many processes with so many threads each."""

    processes: int
    threads: int


@dataclass(frozen=True, slots=True)
class Lost:
    """No result: the process died or took too long, twice. code: "crashed" or "too_long"."""

    code: str


@dataclass(slots=True)
class _Worker(Generic[Task]):
    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    begun: float = 0.0


def size_for(cores: int, processes: int | None = None) -> Size:
    """One process a core with one thread each, as the memory allows, or as many as asked; fewer processes get more threads.

    Most steps of a recipe use one core, so processes bring more than threads (measured in docs/batches.md).
    """
    by_memory = max(1, free_mb() // _PER_PROCESS_MB)
    processes = processes or max(1, min(cores, by_memory))
    return Size(processes, max(1, cores // processes))


def free_mb() -> int:
    """Memory that can be had without pushing anybody out; a guess where the system does not say."""
    meminfo = Path("/proc/meminfo")
    if meminfo.is_file() and (found := re.search(r"MemAvailable:\s+(\d+)", meminfo.read_text(encoding="ascii"))):
        return int(found[1]) // 1024
    return 4096


class Pool(Generic[Task, Result]):
    """`run` hands out results as they come. `work` must be importable by name: processes begin afresh (spawn)."""

    def __init__(self, size: Size, work: Callable[[Task], Result]) -> None:
        self._size, self._work = size, work
        self._workers: list[_Worker[Task]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        for worker in self._workers:
            worker.pipe.close()  # the end of its work: it leaves by itself
        for worker in self._workers:
            worker.process.join(timeout=0.2 if kind else 5.0)
            if worker.process.is_alive():
                worker.process.terminate()
                worker.process.join()
        self._workers.clear()

    def run(self, tasks: Iterable[Task], stopping: Callable[[], bool] = lambda: False) -> Iterator[tuple[Task, Result | Lost]]:
        """Each task with its result, in the order in which they finish. Once `stopping` says so, what has begun is finished and
        nothing else begun. Raises the F2PError that a task ended with.
        """
        waiting = iter(tasks)
        again: deque[Task] = deque()
        tries: dict[int, int] = {}
        while True:
            if not stopping():
                self._feed(waiting, again)
            busy = [worker for worker in self._workers if worker.task is not None]
            if not busy:
                return
            for worker in self._ready(busy):
                task = worker.task
                assert task is not None
                answer = self._answer(worker)
                worker.task = None
                if isinstance(answer, Lost) and tries.setdefault(id(task), 1) < _TRIES:
                    tries[id(task)] += 1
                    again.append(task)
                elif isinstance(answer, F2PError):
                    raise answer
                else:
                    tries.pop(id(task), None)
                    yield task, answer

    def _feed(self, waiting: Iterator[Task], again: deque[Task]) -> None:
        while True:
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None and len(self._workers) >= self._size.processes:
                return
            task = again.popleft() if again else next(waiting, None)
            if task is None:
                return
            worker = idle or self._begin()
            worker.task, worker.begun = task, time.monotonic()
            worker.pipe.send(task)

    def _ready(self, busy: list[_Worker[Task]]) -> list[_Worker[Task]]:
        """Workers that answered, died or took too long."""
        by_handle: dict[Any, _Worker[Task]] = {worker.pipe: worker for worker in busy}
        by_handle |= {worker.process.sentinel: worker for worker in busy}
        found = {id(by_handle[handle]) for handle in wait(list(by_handle), timeout=1.0)}
        now = time.monotonic()
        return [worker for worker in busy if id(worker) in found or now - worker.begun > _MOST_SECONDS]

    def _answer(self, worker: _Worker[Task]) -> Result | Lost | F2PError:
        late = time.monotonic() - worker.begun > _MOST_SECONDS
        try:
            if worker.pipe.poll():
                answer: Result | F2PError = worker.pipe.recv()
                return answer
        except (EOFError, OSError):
            late = False
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        return Lost("too_long" if late else "crashed")

    def _begin(self) -> _Worker[Task]:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._work, self._size.threads), daemon=True)
        kept = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
        os.environ.update(dict.fromkeys(_THREAD_VARIABLES, str(self._size.threads)))  # read when NumPy is loaded over there
        try:
            process.start()
        finally:
            for name, value in kept.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
        theirs.close()
        worker = _Worker[Task](process, ours)
        self._workers.append(worker)
        return worker


def _serve(pipe: Connection, work: Callable[[Any], Any], threads: int) -> None:
    """A worker's life: tasks in, results out, until the other end closes or is gone."""
    from f2p import studio

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair: what has begun is finished
    studio.use_cores(threads)
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = work(task)
        except F2PError as error:
            answer = error
        try:
            pipe.send(answer)
        except OSError:
            return
