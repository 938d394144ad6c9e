"""Warm processes: results stream, a death takes nobody along, stopping finishes what has begun."""

from __future__ import annotations

import os
import signal

import pytest

from f2p.batches.pool import Lost, Pool, Size
from f2p.errors import DiskFull


def work(task: tuple[str, str]) -> str:
    """Does what the task says: answer, die always, die once, fail."""
    what, value = task
    if what == "die" or (what == "die once" and not os.path.exists(value)):  # noqa: PTH110
        open(value, "w").close()  # noqa: PTH123
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "full":
        raise DiskFull(path=value)
    return value.upper()


def test_one_death_takes_no_other_task_along(tmp_path: object) -> None:
    """A task that kills its process is lost after its second try; one that did it once gets its answer; the others theirs."""
    tasks = [("say", "a"), ("die", f"{tmp_path}/x"), ("say", "b"), ("die once", f"{tmp_path}/y"), ("say", "c")]
    with Pool[tuple[str, str], str](Size(2, 1), work) as pool:
        answers = dict(pool.run(tasks))

    assert answers[("die", f"{tmp_path}/x")] == Lost("crashed")
    assert [answers[("say", one)] for one in "abc"] == ["A", "B", "C"]
    assert answers[("die once", f"{tmp_path}/y")] == f"{tmp_path}/Y".upper()


def test_an_error_that_is_not_the_photos_ends_the_batch() -> None:
    """It comes across with its kind and its blanks."""
    with Pool[tuple[str, str], str](Size(1, 1), work) as pool, pytest.raises(DiskFull) as caught:
        list(pool.run([("full", "/x")]))

    assert caught.value.params == {"path": "/x"}


def test_stopping_finishes_what_has_begun() -> None:
    """Nothing new is begun, nothing begun is thrown away, and the next run goes on in the same processes."""
    asked: list[int] = []
    with Pool[tuple[str, str], str](Size(1, 1), work) as pool:
        first = []
        for _, answer in pool.run([("say", "a"), ("say", "b"), ("say", "c")], lambda: bool(asked)):
            first.append(answer)
            asked.append(1)
        second = [answer for _, answer in pool.run([("say", "d")])]

    assert (first, second) == (["A"], ["D"])
