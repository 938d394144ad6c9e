"""Errors as problem documents (RFC 9457) in the caller's language, and what the OpenAPI document says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from f2p.catalogue.messages import Messages
from f2p.errors import BadRequest, F2PError, NoSuchPage, TokenMissing, TooManyRequests, WrongMethod
from f2p.jobs.job import Failure

MEDIA_TYPE = "application/problem+json"


@cache
def messages(language: str) -> Messages:
    """All texts of one language."""
    return Messages(language)


def language_of(accept: str, usual: str) -> str:
    """The language of zh and en that an Accept-Language header likes best (RFC 9110 12.5.4); `usual` where it likes neither."""
    liked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept[:200].split(",")):
        tag, _, rest = part.strip().partition(";")
        found = tag.strip().lower()[:2]
        try:
            weight = float(rest.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0
        if found in {"zh", "en"} and weight > 0:
            liked.append((-weight, place, found))
    return min(liked)[2] if liked else usual


def problem(code: str, params: Mapping[str, Any], text: Messages) -> dict[str, Any]:
    """The problem document of one error: type, title, status, detail as in RFC 9457; code and params are ours."""
    explained = text.error(code, params)
    return {
        "type": f"urn:f2p:error:{code}",
        "title": explained.title,
        "status": status_of(code),
        "detail": f"{explained.what} {explained.next_step}".strip(),
        "code": code,
        "params": dict(params),
    }


def failure_problem(failure: Failure, text: Messages) -> dict[str, Any]:
    """Why a job failed."""
    return problem(failure.code, failure.params, text)


def problem_response(error: F2PError, text: Messages) -> Response:
    """The answer to a request that ended in an error of the tree."""
    headers = {"Content-Language": text.language}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.params["seconds"])
    elif error.http_status in {429, 503, 507}:
        headers["Retry-After"] = "60"
    if isinstance(error, TokenMissing):
        headers["WWW-Authenticate"] = "Bearer"
    body = json.dumps(problem(error.code, error.params, text), ensure_ascii=False).encode()
    return Response(body, status_code=error.http_status, media_type=MEDIA_TYPE, headers=headers)


def error_of(failure: Failure) -> F2PError:
    """The error again that a worker wrote down."""
    kind = next((kind for kind in kinds() if kind.code == failure.code), F2PError)
    return kind(**failure.params)


def status_of(code: str) -> int:
    """The HTTP status of an error's code."""
    return _statuses().get(code, 500)


@cache
def _statuses() -> dict[str, int]:
    return {kind.code: kind.http_status for kind in kinds() if "code" in vars(kind)}  # groups have none of their own


def kinds() -> Iterator[type[F2PError]]:
    """Every class of the tree."""
    waiting: list[type[F2PError]] = [F2PError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        yield kind


def install(app: FastAPI, usual_language: str) -> None:
    """Every way a request can fail ends in a problem document."""

    def text_for(request: Request) -> Messages:
        return messages(language_of(request.headers.get("accept-language", ""), usual_language))

    @app.exception_handler(F2PError)
    async def expected(request: Request, error: F2PError) -> Response:
        return problem_response(error, text_for(request))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5])
        return problem_response(BadRequest(detail=told[:300]), text_for(request))

    @app.exception_handler(HTTPException)
    async def routed(request: Request, error: HTTPException) -> Response:
        found: F2PError = BadRequest(detail=str(error.detail)[:300])
        if error.status_code == 404:
            found = NoSuchPage()
        elif error.status_code == 405:
            found = WrongMethod()
        answer = problem_response(found, text_for(request))
        answer.headers.update(error.headers or {})
        if error.status_code == 405:
            answer.headers["Allow"] = ", ".join(_methods(request))
        return answer

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        return problem_response(F2PError(what=type(error).__name__), text_for(request))


def _methods(request: Request) -> list[str]:
    """Every method that the address takes; a router's own answer names those of one route only."""
    found: set[str] = set()
    for method in ("GET", "POST", "DELETE"):
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):
            found.add(method)
    return sorted(found)


def place(error: BaseException) -> str:
    """Where in the code it happened: tells a developer enough, and nothing of the person."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "-" if trace is None else f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says of the errors of one operation: those given, and those that any has."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    every = {400, 401, 403, 405, 413, 421, 429, 503, *statuses}
    return {status: {"description": _DESCRIPTIONS[status], "content": content} for status in sorted(every)}


_DESCRIPTIONS = {
    400: "The request is not right", 401: "A token is needed", 403: "Not allowed", 404: "Not there", 405: "Wrong method",
    408: "The request came too slowly", 409: "Not now", 410: "Deleted", 413: "Too large", 415: "Wrong type",
    421: "Unknown host name", 422: "Understood, and cannot be done", 429: "Too much", 500: "An error of ours",
    503: "Something must be set up first", 504: "Not finished in time", 507: "Too little room",
}  # fmt: skip
