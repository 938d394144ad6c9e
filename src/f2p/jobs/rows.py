"""Rows of the database as the frozen values of `job`, and the few lines of SQL that both sides of the shelf write."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Any

from f2p.jobs.job import Event, Failure, Job, JobFile, Priority, State
from f2p.jobs.truth import Speaker

_PRIORITY = {one.rank: one for one in Priority}


def job_of(row: Any, files: Iterable[Any] = ()) -> Job:
    """A row of `jobs` with its rows of `files`."""
    return Job(
        id=row["id"], batch=row["batch"], client=row["client"], state=State(row["state"]), priority=_PRIORITY[row["priority"]],
        name=row["name"], plan=row["plan"], reading=json.loads(row["reading"]) if row["reading"] else None,
        backdrop_name=row["backdrop_name"], mark=bool(row["mark"]), attempt=row["attempt"], owner=row["owner"],
        lease_until=row["lease_until"], cancelling=bool(row["cancelling"]), step=row["step"], steps=row["steps"],
        failure=Failure(**json.loads(row["failure"])) if row["failure"] else None,
        created=row["created"], started=row["started"], ended=row["ended"], delete_after=row["delete_after"],
        once=bool(row["once"]), webhook=row["webhook"], deleted=row["deleted"], files=tuple(file_of(one) for one in files),
    )  # fmt: skip


def file_of(row: Any) -> JobFile:
    """A row of `files`."""
    return JobFile(name=row["name"], role=row["role"], bytes=row["bytes"], sha256=row["sha256"])


def event_of(row: Any) -> Event:
    """A row of `events`."""
    return Event(number=row["number"], job=row["job"], at=row["at"], kind=row["kind"], step=row["step"])


def tell(db: Speaker, job: str, at: float, kind: str, step: str = "") -> None:
    """Writes that something happened to a job."""
    db.execute("INSERT INTO events (job, at, kind, step) VALUES (?, ?, ?, ?)", (job, at, kind, step))


def announce(db: Speaker, job: str, webhook: str, at: float) -> None:
    """Puts word of a job's end into the outbox, in the transaction that ends it."""
    if webhook:
        db.execute(
            "INSERT INTO outbox (id, job, url, created, next_at) VALUES (?, ?, ?, ?, ?)",
            (f"msg_{secrets.token_hex(12)}", job, webhook, at, at),
        )
