"""The pool fits the machine."""

from __future__ import annotations

from f2p.batches.pool import Size, size_for


def test_processes_share_the_cores() -> None:
    """One a core where memory allows; as many as asked, each with its share of threads, at least one."""
    assert size_for(1) == Size(1, 1)
    assert size_for(8, 2) == Size(2, 4)
    assert size_for(2, 1) == Size(1, 2)
    assert size_for(2, 5) == Size(5, 1)
