"""The legacy call: `POST /api/predict/` with `{"data": [picture, sentence, steps, size, seed]}`, answered with the picture.

The body is read raw, whatever its content type says: `curl -d` sends a form's. The exact engine draws nothing, so steps and seed
have no effect, and the answer says so. What takes longer than the wait goes on, and the answer (504) names the job.
"""

from __future__ import annotations

import asyncio
import base64
import json
import math
import os
import re
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool

from f2p import studio
from f2p.doors.api import models
from f2p.doors.api.jobs import read_report
from f2p.doors.api.problems import error_of, responses
from f2p.doors.api.service import Caller, Service, caller_of, service_of
from f2p.doors.api.submit import Handed, Picture, from_base64, picture, put
from f2p.errors import BadRequest, JobCancelled, PathRefused, StillWorking
from f2p.jobs.job import Job, State

router = APIRouter(tags=["legacy"])

_LOOK = 0.01
_SHORTEST_PICTURE = 64
"""Characters of base64; anything shorter is a path."""
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
_MOST_SENTENCE = 4000
_FIVE = [
    {"type": "string", "pattern": r"^\S"},
    {"type": "string", "maxLength": _MOST_SENTENCE},
    {"type": ["number", "null"]},
    {"type": ["string", "null"], "maxLength": 100},
    {"type": ["number", "null"]},
]
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["data"],
                    "properties": {
                        "data": {
                            "type": "array", "minItems": 2, "maxItems": 5, "prefixItems": _FIVE,
                            "description": "[path in an allowed folder | base64 | data: URL, sentence, steps, size preset, seed]",
                        }
                    },
                },
                "example": {"data": ["input/face_image.png", "纯白背景,1寸标准证件照尺寸,轻微磨皮", 40, "1寸", 42]},
            }
        },
    }
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """One call, understood."""

    source: str
    sentence: str
    size: str


@router.post("/api/predict/", operation_id="predict", responses=responses(404, 415, 422, 500, 504, 507), openapi_extra=_BODY)
@router.post("/api/predict", include_in_schema=False)
async def predict(request: Request, caller: Annotated[Caller, Depends(caller_of)]) -> dict[str, Any]:
    """The finished picture as base64 in `data[0]`, the report in `data[1]`, the seconds in `data[2]`."""
    caller.must("submit")
    begun = time.perf_counter()
    service = service_of(request)
    call = understand(await request.body())
    job = (await run_in_threadpool(_put, service, caller, call))[0]
    job = await _end_of(service, job)
    photo, report = await run_in_threadpool(_result, service, job, caller)
    seconds = round(time.perf_counter() - begun, 3)
    return {"data": [photo, report, seconds], "job_id": job.id, "duration": seconds, "unused": ["steps", "seed"]}


def understand(body: bytes) -> Call:
    """The five things of the call. Raises BadRequest."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(detail="JSON") from error
    data = said.get("data") if isinstance(said, dict) else None
    if not isinstance(data, list) or not 2 <= len(data) <= 5:
        raise BadRequest(detail='{"data": [picture, sentence, steps, size, seed]}')
    source, sentence, steps, size, seed = [*data, None, None, None][:5]
    if isinstance(source, dict):  # how older clients of this call wrap a picture
        source = source.get("data") or source.get("path")
    if not isinstance(source, str) or not source.strip():
        raise BadRequest(detail="data[0]")
    if not isinstance(sentence, str) or len(sentence) > _MOST_SENTENCE:
        raise BadRequest(detail="data[1]")
    for place, number in ((2, steps), (4, seed)):
        if number is not None and not (isinstance(number, int | float) and math.isfinite(number)):
            raise BadRequest(detail=f"data[{place}]")
    if size is not None and not (isinstance(size, str) and len(size) <= 100):
        raise BadRequest(detail="data[3]")
    return Call(source.strip(), sentence, (size or "").strip())


def _put(service: Service, caller: Caller, call: Call) -> tuple[Job, ...]:
    photo = _photo(call.source, service)
    wish = models.Wish(sentence=call.sentence)
    if call.size and "size" not in studio.understand(call.sentence).asked:
        wish = models.Wish(sentence=call.size, after=[call.sentence])
    return put(service, caller, Handed((photo,), None, wish))


def _photo(source: str, service: Service) -> Picture:
    if source.startswith("data:"):
        return picture(from_base64(source), "photo", service)
    if len(source) >= _SHORTEST_PICTURE and _BASE64.fullmatch(source):
        return picture(from_base64(source), "photo", service)
    path = allowed_path(source, service.api.input_dirs)
    return picture(_read(path, service.settings.max_input_bytes), path.name, service)


def allowed_path(given: str, folders: Sequence[Path]) -> Path:
    """The real place of a file in one of the folders, links followed. Raises PathRefused, the same for whatever is outside."""
    if "://" in given:
        raise PathRefused(reason="path_is_url")
    if "\0" in given or len(given) > 4096:
        raise PathRefused(reason="path_odd")
    reason = "path_outside"
    for folder in folders:
        root, named = folder.resolve(), PurePosixPath(given)
        # "me.jpg" and "input/me.jpg" both mean input/me.jpg
        base = folder.parent if named.parts[:1] == (folder.name,) else folder
        found = Path(os.path.realpath(base / named))
        if found.is_relative_to(root) and found != root:
            if found.is_file():
                return found
            reason = "path_missing"
    raise PathRefused(reason=reason)


def _read(path: Path, most: int) -> bytes:
    """One byte more than is allowed at most, so that too large shows. Raises PathRefused for what is no regular file now."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise PathRefused(reason="path_missing") from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise PathRefused(reason="path_odd")
        return file.read(most + 1)


async def _end_of(service: Service, job: Job) -> Job:
    """The job when it has ended. Raises StillWorking."""
    until, mark = time.monotonic() + service.api.wait_seconds, -1
    while time.monotonic() < until and not service.closing.is_set():
        now = service.shelf.database.change_mark()
        if now != mark:
            mark = now
            found = await run_in_threadpool(service.shelf.get, job.id)
            if found.state.ended:
                return found
        await asyncio.sleep(_LOOK)
    raise StillWorking(job=job.id)


def _result(service: Service, job: Job, caller: Caller) -> tuple[str, dict[str, Any]]:
    if job.state is State.CANCELLED:
        raise JobCancelled
    if job.failure is not None:
        raise error_of(job.failure)
    photo = service.shelf.file(job, job.files[0].name).read_bytes()
    return base64.b64encode(photo).decode(), read_report(service, job, caller)
