"""Whether the service is well: for people who run it, for load balancers, and for Prometheus."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from f2p import __version__
from f2p.doors.api import models
from f2p.doors.api.problems import responses
from f2p.doors.api.service import Caller, Service, caller_of, service_of
from f2p.doors.api.views import PREFIX
from f2p.jobs.job import State

router = APIRouter(tags=["service"])

_BUCKETS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get(f"{PREFIX}/health", operation_id="health", responses=responses(), summary="The service answers")
async def health() -> models.Health:
    """Needs no token."""
    return models.Health(version=__version__)


@router.get(
    f"{PREFIX}/ready", operation_id="ready", response_model=models.Readiness, summary="Work would be done now",
    responses={503: {"model": models.Readiness, "description": "No worker, no room, or a full queue"}},
)  # fmt: skip
def ready(request: Request) -> Response:
    """Needs no token. 503 where work that is handed in now would be refused, or wait for a worker to be started."""
    service = service_of(request)
    workers, waiting = service.shelf.leases.living("worker"), service.shelf.counts()[State.QUEUED]
    room = service.shelf.room_bytes()
    well = workers > 0 and waiting < service.shelf.settings.most_waiting and room > 0
    answer = models.Readiness(ready=well, workers=workers, waiting=waiting, room_mb=max(0, room // 2**20))
    return JSONResponse(answer.model_dump(), status_code=200 if well else 503)


@router.get(
    f"{PREFIX}/metrics", operation_id="metrics", response_class=PlainTextResponse, responses=responses(), summary="Metrics"
)
def metrics(request: Request, caller: Annotated[Caller, Depends(caller_of)]) -> PlainTextResponse:
    """In the text format of Prometheus."""
    caller.must("read")
    lines = [*_shelf_lines(service_of(request)), *request.app.state.counter.lines()]
    return PlainTextResponse("\n".join(lines) + "\n", media_type=_METRICS_TYPE)


class RequestCounter:
    """An ASGI application around another one that counts answers by status and how long they took to begin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._answers: Counter[tuple[str, int]] = Counter()
        self._within: Counter[float] = Counter()
        self._seconds = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope["method"], message["status"], time.perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, counted)

    def lines(self) -> Iterator[str]:
        """What was counted."""
        yield from _head("f2p_http_responses_total", "counter", "Answers by method and status.")
        for (method, status), count in sorted(self._answers.items()):
            yield f'f2p_http_responses_total{{method="{method}",status="{status}"}} {count}'
        yield from _head("f2p_http_response_seconds", "histogram", "Time until an answer began.")
        for limit in _BUCKETS:
            yield f'f2p_http_response_seconds_bucket{{le="{limit}"}} {self._within[limit]}'
        total = sum(self._answers.values())
        yield f'f2p_http_response_seconds_bucket{{le="+Inf"}} {total}'
        yield f"f2p_http_response_seconds_sum {self._seconds:.6f}"
        yield f"f2p_http_response_seconds_count {total}"

    def _count(self, method: str, status: int, seconds: float) -> None:
        known = method if method in {"GET", "POST", "DELETE", "HEAD", "PUT", "OPTIONS"} else "other"
        self._answers[known, status] += 1
        self._seconds += seconds
        for limit in _BUCKETS:
            self._within[limit] += seconds <= limit


def _shelf_lines(service: Service) -> Iterator[str]:
    shelf = service.shelf
    yield from _head("f2p_jobs", "gauge", "Jobs on the shelf by state.")
    for state, count in shelf.counts().items():
        yield f'f2p_jobs{{state="{state}"}} {count}'
    gauges = {
        "f2p_oldest_waiting_seconds": ("How long the oldest waiting job has waited.", shelf.oldest_waiting()),
        "f2p_workers": ("Workers that are there and well.", shelf.leases.living("worker")),
        "f2p_room_bytes": ("What new work may still use.", shelf.room_bytes()),
        "f2p_webhooks_waiting": ("Messages that were not delivered yet.", shelf.outbox.waiting()),
    }
    for name, (told, value) in gauges.items():
        yield from _head(name, "gauge", told)
        yield f"{name} {value}"


def _head(name: str, kind: str, told: str) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"
