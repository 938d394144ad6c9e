"""A hot folder: says when there is something new that has come to rest."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from f2p.batches.order import BatchOrder
from f2p.batches.sources import find_sources
from f2p.errors import InputError

_EVERY_SECONDS = 1.0


def changes(order: BatchOrder, out: Path, stopping: Callable[[], bool]) -> Iterator[None]:
    """Yields whenever the photos (or the roster) differ from last time and have not changed for a second: copying is over."""
    done, last = "", ""
    while not stopping():
        now = _signature(order, out)
        if now == last and now not in ("", done):
            done = now
            yield
            continue
        last = now
        time.sleep(_EVERY_SECONDS)


def _signature(order: BatchOrder, out: Path) -> str:
    """What is there, without reading it; "" for nothing."""
    try:
        sources = find_sources([Path(place) for place in order.inputs], out)
    except (InputError, OSError):  # nothing yet, or a file that went while we looked
        return ""
    listed = hashlib.sha256()
    for source in sources:
        listed.update(f"{source.key}\0{source.stamp}\n".encode())
    if order.roster is not None and Path(order.roster).is_file():
        listed.update(str(Path(order.roster).stat().st_mtime_ns).encode())
    return listed.hexdigest()
