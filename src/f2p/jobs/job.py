"""A piece of work on the shelf, as a frozen value: what was handed in, how far it is, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_LOST = 5
"""Workers that one job may lose: at 3, innocent jobs failed when workers were killed at random; a poisoned job ends at 5."""
MOST_ATTEMPTS = 25
"""Starts of one job in all, also those that ended with the whole service."""


class State(StrEnum):
    """Where a job stands; the last three are ends, and a job reaches exactly one of them."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in {State.DONE, State.FAILED, State.CANCELLED}


class Priority(StrEnum):
    """Who waits for it: a person goes before a batch."""

    PERSON = "person"
    BATCH = "batch"

    @property
    def rank(self) -> int:
        return {Priority.PERSON: 0, Priority.BATCH: 10}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a job is to be treated, whatever its work is.

    key: the client's idempotency key, empty for none. keep_hours: None = as the service keeps everything. once: delete when all
    files were fetched. webhook: where the end is told, empty for nowhere.
    """

    client: str = "local"
    priority: Priority = Priority.PERSON
    key: str = ""
    keep_hours: float | None = None
    once: bool = False
    webhook: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done: an Order in the form the shelf keeps. plan: JSON of `studio.plan_json`; reading: JSON or None.

    data: the picture's bytes, copied into the job's own folder; name: what to call it (never a path).
    """

    data: bytes
    name: str
    plan: str
    reading: dict[str, Any] | None = None
    backdrop: bytes = b""
    backdrop_name: str = ""
    mark: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFile:
    """One finished file of a job. name: in its folder, and in every address; role: as FinishedFile says, or "report"."""

    name: str
    role: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a job failed: a code of the error tree and the blanks of its message."""

    code: str
    params: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job as the shelf knows it now. Times are seconds since 1970; 0 = not yet.

    attempt: how often it was started; it fences: whoever holds an older number can no longer write. owner: process that works
    on it. step: name of the step that runs (message table [step]); steps: how many have begun.
    """

    id: str
    batch: str
    client: str
    state: State
    priority: Priority
    name: str
    plan: str
    reading: dict[str, Any] | None
    backdrop_name: str
    mark: bool
    attempt: int
    owner: str
    lease_until: float
    cancelling: bool
    step: str
    steps: int
    failure: Failure | None
    created: float
    started: float
    ended: float
    delete_after: float
    once: bool
    webhook: str
    deleted: float
    files: tuple[JobFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a job; numbers rise over all jobs. kind: a State, "step", "lost" or "deleted"."""

    number: int
    job: str
    at: float
    kind: str
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a job's files are gone. why: "asked", "fetched", "kept_long_enough" or "room_needed"."""

    job: str
    at: float
    why: str
    files: tuple[JobFile, ...]
