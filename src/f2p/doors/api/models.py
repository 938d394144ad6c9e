"""What the API answers, as the OpenAPI document shows it. Times are ISO 8601 in UTC; texts are in the caller's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from f2p.jobs.job import Priority, State


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(examples=["urn:f2p:error:no_face"])
    title: str
    status: int
    detail: str
    code: str = Field(examples=["no_face"])
    params: dict[str, Any] = {}


class Reading(BaseModel):
    """What a sentence is understood to say (docs/sentences.md), and the plan that would be carried out."""

    reading: dict[str, Any]
    plan: dict[str, Any] | None = Field(description="null where no photo can be made of this sentence; `problem` says why")
    explained: str | None = Field(description="the plan in words, one line a paper; each is understood as the same plan")
    problem: Problem | None


class StepNow(BaseModel):
    """What is being done right now."""

    name: str
    text: str


class File(BaseModel):
    """One finished file."""

    name: str
    role: str = Field(description="photo, alpha, marked, report …")
    bytes: int
    sha256: str
    url: str


class Job(BaseModel):
    """One piece of work and how far it is."""

    id: str
    batch: str
    state: State
    priority: Priority
    name: str = Field(description="what the photo was called; empty once its files are deleted")
    created: datetime
    started: datetime | None
    ended: datetime | None
    attempt: int
    cancelling: bool
    ahead: int = Field(description="how many jobs will be taken before this one")
    step: StepNow | None
    steps: int = Field(description="how many steps have begun")
    reading: dict[str, Any] | None
    files: list[File]
    problem: Problem | None = Field(description="why it failed")
    delete_after: datetime | None
    once: bool
    deleted: datetime | None
    links: dict[str, str]


class Accepted(BaseModel):
    """Work that was taken: it is on the disk and will be done, whatever happens to the service."""

    batch: str
    jobs: list[Job]


class JobPage(BaseModel):
    """Some jobs, newest first; `next` is the `before` of the next page, null on the last one."""

    jobs: list[Job]
    next: int | None


class DeletedFile(BaseModel):
    """What a deleted file was."""

    name: str
    role: str
    bytes: int
    sha256: str


class Receipt(BaseModel):
    """Proof that a job's files and names are gone."""

    job: str
    at: datetime
    why: str = Field(description="asked, fetched, kept_long_enough or room_needed")
    files: list[DeletedFile]


class Link(BaseModel):
    """An address that anybody may open until it expires."""

    name: str
    url: str
    expires: datetime


class Links(BaseModel):
    """Links to every file of a job."""

    links: list[Link]


class Health(BaseModel):
    """The service answers."""

    status: str = "ok"
    version: str


class Readiness(BaseModel):
    """Whether work that is handed in now will be done now."""

    ready: bool
    workers: int
    waiting: int
    room_mb: int


class Sentence(BaseModel):
    """A sentence to be read."""

    sentence: str = Field(max_length=4000, examples=["白底,一寸,轻微磨皮"])
    after: list[str] = Field(default=[], max_length=50, description="what was said before it")


class PhotoIn(BaseModel):
    """A picture as text."""

    name: str = Field(default="photo", max_length=255)
    data: str = Field(description="base64, or a data: URL of it")


class Wish(BaseModel):
    """What is to be made of the photos: a sentence, or a plan that an earlier answer gave."""

    sentence: str | None = Field(default=None, max_length=4000)
    after: list[str] = Field(default=[], max_length=50)
    plan: dict[str, Any] | None = None
    face: int | None = Field(default=None, ge=1, description="the n-th person from the left")
    quality: str | None = Field(default=None, pattern="^(fast|best)$")
    mark: bool = Field(default=False, description="also a picture that shows the edges most in doubt")
    allow: list[str] = Field(default=[], max_length=20, description="kinds of edits wanted although the authority forbids them")
    priority: Priority = Field(default=Priority.PERSON)
    keep_hours: float | None = Field(default=None, gt=0, le=24 * 3660, description="how long the files stay after the end")
    once: bool = Field(default=False, description="delete when every file was fetched")
    webhook: str = Field(default="", max_length=2000, description="where the end is told")


class Submission(Wish):
    """Photos and a wish, as JSON."""

    photos: list[PhotoIn] = Field(min_length=1, max_length=200)
    backdrop: PhotoIn | None = None
