"""Stands in for `studio.process` where the shelf is the matter, not the photo: same values, no models, the same bytes each time.

Run as a program it is a worker of the shelf that F2P_SHELF_DIR names.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Callable

from f2p import studio
from f2p.errors import NoFace
from f2p.jobs.job import Work
from f2p.jobs.work import serve
from f2p.values.outcome import Delivery, FinishedFile, Order, Output, Report, Step
from f2p.values.plan import name_of, papers_of

PLAN = studio.plan_json(studio.plan_for(studio.understand("一寸白底"))[0])
STEP_SECONDS = float(os.environ.get("STAND_IN_STEP_SECONDS", "0.005"))


def work(number: int | str, what: bytes = b"") -> Work:
    """Work whose picture is some bytes; `what` may say how the stand-in is to behave."""
    return Work(data=what + b" " + str(number).encode() * 200, name=f"{number}.jpg", plan=PLAN)


def expected(data: bytes) -> bytes:
    """What comes of these bytes."""
    return b"".join(hashlib.sha256(data + bytes([n])).digest() for n in range(200))


def make(order: Order, on_step: Callable[[str], None]) -> Delivery:
    """Four steps, then bytes that depend on the order alone; some orders fail, hang, or kill the process."""
    for step in ("open", "find_faces", "matte", "encode"):
        on_step(step)
        time.sleep(STEP_SECONDS)
        misbehave(order.data.split(b" ")[0])
    outputs = tuple(Output(name=name_of(paper), plan=paper, checks=(), notes=(), placement={}) for paper in papers_of(order.plan))
    report = Report(reading=None, source={}, steps=(Step(name="open", seconds=0.1),), shared=(), outputs=outputs, seconds=0.1)
    return Delivery(
        files=tuple(FinishedFile(data=expected(order.data), suffix=".jpg", name=one.name) for one in outputs), report=report
    )


def misbehave(what: bytes) -> None:
    """What the first word of the picture asks for."""
    match what:
        case b"noface":
            raise NoFace
        case b"odd":
            raise RuntimeError("/secret/name.jpg")
        case b"memory":
            raise MemoryError
        case b"poison":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"hang":
            time.sleep(60)


if __name__ == "__main__":
    serve(make, warm=lambda: None, drain_seconds=float(os.environ.get("STAND_IN_DRAIN", "15")))
