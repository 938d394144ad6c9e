"""The page's own addresses, beside those of its framework: photos in, the photo handed in to look at, all files as one zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response

from f2p.doors.api.service import Caller, Service, caller_of, service_of
from f2p.doors.ui import uploads
from f2p.doors.ui.gate import COOKIE, sign_in_page
from f2p.errors import JobGone, NoSuchJob
from f2p.jobs.job import Job, State

router = APIRouter(prefix="/page", include_in_schema=False)

_LOOKS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif", b"BM": "image/bmp"}
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The same files give the same zip."""


@router.post("/photos")
async def take_photo(
    request: Request, caller: Annotated[Caller, Depends(caller_of)], name: Annotated[str, Query(max_length=300)] = ""
) -> JSONResponse:
    """Keeps a photo until it is handed in; the body is the file."""
    caller.must("submit")
    data = await request.body()
    number = await run_in_threadpool(uploads.keep, service_of(request), data, name)
    return JSONResponse({"id": number})


@router.get("/jobs/{job}/photo")
def photo(request: Request, job: str, caller: Annotated[Caller, Depends(caller_of)]) -> Response:
    """The photo handed in, where a browser can show it; nothing else is ever sent as a picture."""
    caller.must("read")
    data = uploads.photo(service_of(request), caller, f"job:{job}").data
    kind = _kind(data)
    if not kind:
        raise NoSuchJob(job=f"{job}/photo")
    headers = {"Cache-Control": "private, max-age=600", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(data, media_type=kind, headers=headers)


@router.get("/jobs/{job}/all.zip")
def whole_job(request: Request, job: str, caller: Annotated[Caller, Depends(caller_of)]) -> Response:
    """All files of a job."""
    caller.must("read")
    service = service_of(request)
    found = service.job(caller, job)
    return _zip(service, [(found, "")], f"{found.id[:8]}.zip")


@router.get("/batches/{batch}/all.zip")
def whole_batch(request: Request, batch: str, caller: Annotated[Caller, Depends(caller_of)]) -> Response:
    """All finished photos of a batch, each under its photo's name."""
    caller.must("read")
    service = service_of(request)
    jobs = [job for job in service.shelf.batch(batch) if not caller.sees or job.client == caller.sees]
    done = [job for job in jobs if job.state is State.DONE and not job.deleted]
    if not done:
        raise NoSuchJob(job=batch)
    return _zip(
        service, [(job, f"{place:03d}_{_stem(job.name)}_") for place, job in enumerate(jobs, 1) if job in done], "photos.zip"
    )


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """A browser's way to say its token: it is kept in a cookie that no script can read."""
    service = service_of(request)
    form = await request.form(max_files=0, max_fields=2)
    token = str(form.get("token", "")).strip()
    address = request.client.host if request.client else "-"
    service.wrong_tokens.check(address)
    if service.tokens.find(token) is None:
        service.wrong_tokens.take(address)
        return sign_in_page(request, wrong=True)
    answer = RedirectResponse("/", status_code=303)
    secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
    answer.set_cookie(COOKIE, token, max_age=30 * 86400, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/sign-out")
def sign_out() -> Response:
    """Forgets the token."""
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


def _kind(data: bytes) -> str:
    """What a browser can show, by the bytes."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    return next((kind for start, kind in _LOOKS.items() if data.startswith(start)), "")


def _stem(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name.rpartition(".")[0] or name)[:60]


def _zip(service: Service, jobs: Iterable[tuple[Job, str]], name: str) -> Response:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as packed:
        for job, before in jobs:
            for one in job.files:
                try:
                    data = service.shelf.file(job, one.name).read_bytes()
                except FileNotFoundError as error:
                    raise JobGone(job=job.id) from error
                packed.writestr(zipfile.ZipInfo(f"{before}{one.name}", _ZIP_DATE), data)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(held.getvalue(), media_type="application/zip", headers=headers)
