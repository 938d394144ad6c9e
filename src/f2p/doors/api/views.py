"""Values of the shelf as the API's answers, with words in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from f2p.catalogue.messages import Messages
from f2p.doors.api import models
from f2p.doors.api.problems import failure_problem
from f2p.jobs.job import Job, Receipt, State
from f2p.values.outcome import Note

PREFIX = "/api/v1"


def job_view(job: Job, ahead: int, text: Messages) -> models.Job:
    """One job as it stands."""
    here = f"{PREFIX}/jobs/{job.id}"
    links = {"self": here, "events": f"{here}/events"}
    if job.deleted:
        links["receipt"] = f"{here}/receipt"
    elif job.state is State.DONE:
        links["report"] = f"{here}/report"
    files = [] if job.deleted else job.files
    return models.Job(
        id=job.id, batch=job.batch, state=job.state, priority=job.priority, name=job.name, created=_time(job.created),
        started=time_or_none(job.started), ended=time_or_none(job.ended), attempt=job.attempt, cancelling=job.cancelling,
        ahead=ahead, step=models.StepNow(name=job.step, text=text.step(job.step)) if job.step else None, steps=job.steps,
        reading=job.reading,
        files=[
            models.File(name=one.name, role=one.role, bytes=one.bytes, sha256=one.sha256, url=f"{here}/files/{quote(one.name)}")
            for one in files
        ],
        problem=models.Problem(**failure_problem(job.failure, text)) if job.failure else None,
        delete_after=time_or_none(job.delete_after), once=job.once, deleted=time_or_none(job.deleted), links=links,
    )  # fmt: skip


def receipt_view(receipt: Receipt) -> models.Receipt:
    """The proof that files are gone."""
    files = [models.DeletedFile(name=one.name, role=one.role, bytes=one.bytes, sha256=one.sha256) for one in receipt.files]
    return models.Receipt(job=receipt.job, at=_time(receipt.at), why=receipt.why, files=files)


def report_view(facts: Mapping[str, Any], text: Messages) -> dict[str, Any]:
    """The report with the words of one language beside its codes (docs/report.md; the files are the job's)."""
    whole = {**_worded(facts, text), "language": text.language}
    whole["steps"] = [{**step, "text": text.step(step["name"])} for step in facts["steps"]]
    if "outputs" in facts:
        whole["outputs"] = [_worded(output, text) for output in facts["outputs"]]
    return whole


def _worded(output: Mapping[str, Any], text: Messages) -> dict[str, Any]:
    """Checks and notes with their words."""
    worded = dict(output)
    if "checks" in output:
        worded["checks"] = [{**check, "text": text.check(check["name"])} for check in output["checks"]]
    notes = (Note(note["code"], note["level"], note["params"]) for note in output["notes"])
    worded["notes"] = [{**given, "text": text.note(note)} for given, note in zip(output["notes"], notes, strict=True)]
    return worded


def time_or_none(seconds: float) -> datetime | None:
    """A time of the shelf; 0 there means: not yet."""
    return _time(seconds) if seconds else None


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
