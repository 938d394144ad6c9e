"""Jobs after they were handed in: how they stand, their files, cancelling and deleting."""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from f2p.doors.api import models
from f2p.doors.api.problems import responses
from f2p.doors.api.service import Caller, Service, caller_of, service_of
from f2p.doors.api.views import PREFIX, job_view, receipt_view, report_view
from f2p.errors import JobGone, LinkRefused, NoSuchJob
from f2p.jobs.job import Job, State
from f2p.jobs.record import REPORT_NAME

router = APIRouter(tags=["jobs"])

_CHUNK = 65536
_TYPES = ("image/jpeg", "image/png", "image/webp", "image/tiff", "application/pdf", "application/json")
_BINARY: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _TYPES}}
}


@router.get(f"{PREFIX}/jobs", operation_id="list_jobs", responses=responses(), summary="The caller's jobs, newest first")
def list_jobs(
    request: Request,
    caller: Annotated[Caller, Depends(caller_of)],
    state: State | None = None,
    before: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> models.JobPage:
    """The history, page by page."""
    caller.must("read")
    shelf = service_of(request).shelf
    page = shelf.list(caller.sees, before=before, limit=limit, state=state)
    return models.JobPage(jobs=[job_view(job, shelf.ahead(job), caller.text) for job in page.jobs], next=page.next or None)


@router.get(
    f"{PREFIX}/batches/{{batch}}", operation_id="get_batch", responses=responses(404), summary="What was handed in together"
)
def get_batch(request: Request, batch: str, caller: Annotated[Caller, Depends(caller_of)]) -> models.Accepted:
    """The jobs of one request, in its order."""
    caller.must("read")
    service = service_of(request)
    jobs = [job for job in service.shelf.batch(batch) if not caller.sees or job.client == caller.sees]
    if not jobs:
        raise NoSuchJob(job=batch)
    return models.Accepted(batch=batch, jobs=[job_view(job, service.shelf.ahead(job), caller.text) for job in jobs])


@router.get(f"{PREFIX}/jobs/{{job}}", operation_id="get_job", responses=responses(404), summary="How a job stands")
def get_job(request: Request, job: str, caller: Annotated[Caller, Depends(caller_of)]) -> models.Job:
    """State, step, files, or why it failed."""
    caller.must("read")
    return _view(service_of(request), caller, job)


@router.post(f"{PREFIX}/jobs/{{job}}/cancel", operation_id="cancel_job", responses=responses(404, 507), summary="Stop a job")
def cancel_job(request: Request, job: str, caller: Annotated[Caller, Depends(caller_of)]) -> models.Job:
    """A waiting job ends at once, a running one at its next step; what has ended stays as it is."""
    caller.must("submit")
    service = service_of(request)
    service.shelf.cancel(service.job(caller, job).id)
    return _view(service, caller, job)


@router.delete(f"{PREFIX}/jobs/{{job}}", operation_id="delete_job", responses=responses(404, 409), summary="Delete a job's files")
def delete_job(request: Request, job: str, caller: Annotated[Caller, Depends(caller_of)]) -> models.Receipt:
    """Photo, results and names are gone when this answers; the receipt proves it. A running job is told to stop: ask again."""
    caller.must("submit")
    service = service_of(request)
    found = service.job(caller, job)
    if not found.state.ended:
        service.shelf.cancel(found.id)
    return receipt_view(service.shelf.delete(found.id))


@router.get(f"{PREFIX}/jobs/{{job}}/receipt", operation_id="get_receipt", responses=responses(404), summary="Proof of deletion")
def get_receipt(request: Request, job: str, caller: Annotated[Caller, Depends(caller_of)]) -> models.Receipt:
    """When, why and which files were deleted."""
    caller.must("read")
    service = service_of(request)
    return receipt_view(service.shelf.receipt(service.job(caller, job).id))


@router.get(f"{PREFIX}/jobs/{{job}}/report", operation_id="get_report", responses=responses(404, 409, 410), summary="The report")
def get_report(request: Request, job: str, caller: Annotated[Caller, Depends(caller_of)]) -> dict[str, Any]:
    """What was understood, done and measured (docs/report.md), with words in the caller's language."""
    caller.must("read")
    service = service_of(request)
    return read_report(service, service.job(caller, job), caller)


def read_report(service: Service, job: Job, caller: Caller) -> dict[str, Any]:
    """The report of a finished job. Raises NotFinished, JobGone."""
    return report_view(json.loads(_path(service, job, REPORT_NAME).read_bytes()), caller.text)


@router.get(
    f"{PREFIX}/jobs/{{job}}/files/{{name}}", operation_id="get_file", response_class=Response, summary="A finished file",
    responses={**responses(404, 409, 410), **_BINARY},
)  # fmt: skip
def get_file(request: Request, job: str, name: str, caller: Annotated[Caller, Depends(caller_of)]) -> Response:
    """The bytes, as they were made. A job that is kept `once` goes soon after its last file went out."""
    caller.must("read")
    service = service_of(request)
    return _file(service, service.job(caller, job), name)


@router.post(
    f"{PREFIX}/jobs/{{job}}/links", operation_id="make_links", responses=responses(404, 409, 410), summary="Links to share"
)
def make_links(
    request: Request,
    job: str,
    caller: Annotated[Caller, Depends(caller_of)],
    hours: Annotated[float | None, Query(gt=0, le=24 * 366)] = None,
) -> models.Links:
    """Signed addresses of all files that need no token and end after some hours."""
    caller.must("read")
    service = service_of(request)
    found = service.job(caller, job)
    _path(service, found, REPORT_NAME)
    expires = int(time.time() + (hours or service.api.link_hours) * 3600)
    base, until = str(request.base_url).rstrip("/"), datetime.fromtimestamp(expires, UTC)
    return models.Links(
        links=[
            models.Link(name=one.name, url=base + link(service, found, one.name, expires), expires=until) for one in found.files
        ]
    )


def link(service: Service, job: Job, name: str, expires: int) -> str:
    """The signed address of one file, without the service's own."""
    return f"{PREFIX}/links/{job.id}/{quote(name)}?expires={expires}&signature={service.secret.sign_link(job.id, name, expires)}"


@router.get(
    f"{PREFIX}/links/{{job}}/{{name}}", operation_id="open_link", response_class=Response, summary="A finished file by its link",
    responses={**responses(404, 410), **_BINARY},
)  # fmt: skip
def open_link(
    request: Request,
    job: str,
    name: str,
    expires: Annotated[int, Query(ge=0, le=2**40)],
    signature: Annotated[str, Query(max_length=100)],
) -> Response:
    """The bytes, for whoever has the link and while it lasts."""
    service = service_of(request)
    if time.time() > expires or not service.secret.link_is_good(job, name, expires, signature):
        raise LinkRefused
    return _file(service, service.shelf.get(job), name)


def _view(service: Service, caller: Caller, job: str) -> models.Job:
    found = service.job(caller, job)
    return job_view(found, service.shelf.ahead(found), caller.text)


def _path(service: Service, job: Job, name: str) -> Path:
    """Where a file lies now. Raises JobGone also where it went this moment."""
    path = service.shelf.file(job, name)
    if not path.is_file():
        raise JobGone(job=job.id)
    return path


def _file(service: Service, job: Job, name: str) -> Response:
    path = _path(service, job, name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    sha256 = next(one.sha256 for one in job.files if one.name == name)
    headers = {"Cache-Control": "private, no-store", "ETag": f'"{sha256}"'}
    if not job.once:
        return FileResponse(path, media_type=kind, filename=name, headers=headers)
    headers |= {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return _Fetched(path.read_bytes(), kind, headers, lambda: service.shelf.fetched(job, [name]))


class _Fetched(Response):
    """A file that counts as fetched when its last part went out to somebody who was still there."""

    def __init__(self, data: bytes, kind: str, headers: Mapping[str, str], tell: Callable[[], object]) -> None:
        super().__init__(b"", media_type=kind, headers={**headers, "Content-Length": str(len(data))})
        self._data, self._tell = data, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it in parts; a caller who left before the last one has fetched nothing."""
        request = Request(scope, receive)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for at in range(0, len(self._data), _CHUNK):
            if await request.is_disconnected():
                return
            await send({"type": "http.response.body", "body": self._data[at : at + _CHUNK], "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        await run_in_threadpool(self._tell)
