"""`GET /api/v1/jobs/{job}/events`: what happens to a job, as it happens (server-sent events), from where one was cut off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from f2p.catalogue.messages import Messages
from f2p.doors.api.problems import responses
from f2p.doors.api.service import Caller, Service, caller_of, service_of
from f2p.doors.api.views import PREFIX, time_or_none
from f2p.jobs.job import Event, State

router = APIRouter(tags=["jobs"])

_LOOK = 0.1
_ALIVE = 15.0
"""Seconds after which a silent stream says that it is there, so that nobody between cuts it."""
_ENDS = {State.DONE, State.FAILED, State.CANCELLED, "deleted"}


@router.get(
    f"{PREFIX}/jobs/{{job}}/events", operation_id="follow_job", response_class=Response, summary="Follow a job",
    responses={
        **responses(404),
        200: {"content": {"text/event-stream": {}}, "description": "events until the job ends"},
        204: {"description": "Nothing more will come: the job has ended, and the caller knows it"},
    },
)  # fmt: skip
async def follow_job(
    request: Request,
    job: str,
    caller: Annotated[Caller, Depends(caller_of)],
    last_event_id: Annotated[str, Header(max_length=30)] = "",
) -> Response:
    """Each event has a number (`id`), a kind (`event`) and a JSON object (`data`). Send the last number to go on after it."""
    caller.must("read")
    service = service_of(request)
    found = await run_in_threadpool(service.job, caller, job)
    known = last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) < 19
    after = int(last_event_id) if known else 0
    if found.state.ended and not await run_in_threadpool(service.shelf.events, job, after):
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _stream(request, service, job, (after, caller.text)), media_type="text/event-stream", headers=headers
    )


async def _stream(request: Request, service: Service, job: str, since: tuple[int, Messages]) -> AsyncIterator[bytes]:
    (after, text), silent, mark = since, 0.0, -1
    yield b"retry: 1000\n\n"
    while not service.closing.is_set() and not await request.is_disconnected():
        now = service.shelf.database.change_mark()
        events = await run_in_threadpool(service.shelf.events, job, after) if now != mark else ()
        mark = now
        for event in events:
            yield _lines(event, text)
            after = event.number
        if any(event.kind in _ENDS for event in events):
            return
        silent = 0.0 if events else silent + _LOOK
        if silent >= _ALIVE:
            yield b": still here\n\n"
            silent = 0.0
        await asyncio.sleep(_LOOK)


def _lines(event: Event, text: Messages) -> bytes:
    at = time_or_none(event.at)
    data: dict[str, Any] = {"job": event.job, "at": at.isoformat() if at else None, "kind": event.kind}
    if event.step:
        data["step"] = {"name": event.step, "text": text.step(event.step)}
    return f"id: {event.number}\nevent: {event.kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
