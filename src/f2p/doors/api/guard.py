"""What stands in front of the whole web application, the page included: who may call at all, how much, and how slowly.

- Host: only names that the service answers to (DNS rebinding).
- Origin and Sec-Fetch-Site: what changes something may be asked by our own page or by programs, never by another site's page
  (CSRF); needed because the legacy call is a request that browsers send unasked.
- Bytes and seconds of a body: counted as they come, whatever the headers say. Bytes of the headers.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from f2p.doors.api.problems import language_of, messages, place, problem_response
from f2p.doors.api.settings import ApiSettings
from f2p.errors import BadRequest, F2PError, ForeignPage, RequestTooLarge, SlowRequest, WrongHost

_LOG = logging.getLogger("f2p.api")
_SAFE = {"GET", "HEAD", "OPTIONS"}
_MOST_HEADER_BYTES = 32 * 1024
"""Asked here too: the parser counts only what comes in pieces."""
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """An ASGI application around another one."""

    def __init__(self, app: ASGIApp, settings: ApiSettings, language: str) -> None:
        self._app, self._settings, self._language = app, settings, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what may pass; answers the rest with a problem document."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = _Headers(scope["headers"])
        try:
            self._check(scope, headers)
        except F2PError as error:
            await self._refuse(scope, (receive, send), error, headers)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, send, self._settings)
        try:
            await self._app(scope, body.receive, body.send)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception as error:  # noqa: BLE001 - the last door: what it says may name a person, so its kind alone is logged
            if body.trouble is None:
                _LOG.error("error_type=%s at=%s", type(error).__name__, place(error))
        if body.trouble is not None and not body.answered:
            await self._refuse(scope, (receive, send), body.trouble, headers)

    def _check(self, scope: Scope, headers: _Headers) -> None:
        if headers.bytes + len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _MOST_HEADER_BYTES:
            raise BadRequest(detail="headers")
        hosts = headers.all(b"host")
        name = _host_name(hosts[0]) if len(hosts) == 1 else ""
        if name not in self._settings.answers_to:
            raise WrongHost(host=name[:100])
        if scope["type"] == "websocket" or scope["method"] not in _SAFE:
            origin = headers.one(b"origin")
            foreign = bool(origin) and _host_port(origin.partition("://")[2]) != _host_port(hosts[0])
            if foreign or headers.one(b"sec-fetch-site") in {"cross-site", "same-site"}:
                raise ForeignPage
        length = headers.one(b"content-length")
        if length and not (length.isascii() and length.isdecimal()):
            raise BadRequest(detail="content-length")
        if length and int(length) > self._settings.request_bytes:
            raise _too_large(self._settings)

    async def _refuse(self, scope: Scope, way: tuple[Receive, Send], error: F2PError, headers: _Headers) -> None:
        receive, send = way
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        text = messages(language_of(headers.one(b"accept-language"), self._language))
        response = problem_response(error, text)
        response.headers["connection"] = "close"  # what is left of the body is not read
        await response(scope, receive, send)


class _Body:
    """The two ends of one request: counts what comes in, and holds back answers to a request that was cut off."""

    def __init__(self, receive: Receive, send: Send, settings: ApiSettings) -> None:
        self._receive, self._send, self._settings = receive, send, settings
        self._until = time.monotonic() + settings.request_seconds
        self._bytes = 0
        self._whole = False
        self.trouble: F2PError | None = None
        self.answered = False

    async def receive(self) -> Message:
        """The next part of the body, while it may come."""
        if self._whole:
            return await self._receive()  # waits for the caller to go
        try:
            async with asyncio.timeout(max(0.0, self._until - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            self.trouble = SlowRequest(seconds=round(self._settings.request_seconds))
            raise
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._bytes > self._settings.request_bytes:
                self.trouble = _too_large(self._settings)
                raise self.trouble
        return message

    async def send(self, message: Message) -> None:
        """Passes the answer on, with the headers that every answer has."""
        if self.trouble is not None and not self.answered:
            return
        if message["type"] == "http.response.start":
            self.answered = True
            there = {name.lower() for name, _ in message.get("headers", ())}
            message = {**message, "headers": [*message.get("headers", ()), *(one for one in _HEADERS if one[0] not in there)]}
        await self._send(message)


class _Headers:
    """Headers of a request by lower-case name."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._raw = [(name.lower(), value.decode("latin-1")) for name, value in raw]

    @property
    def bytes(self) -> int:
        """All of them together."""
        return sum(len(name) + len(value) for name, value in self._raw)

    def all(self, name: bytes) -> list[str]:
        return [value for one, value in self._raw if one == name]

    def one(self, name: bytes) -> str:
        """The first value, or nothing."""
        return next(iter(self.all(name)), "")


def _host_name(host: str) -> str:
    """The name or address in a Host header, without its port."""
    name, end, _ = host.strip().lower().partition("]")
    return name.removeprefix("[") if end else name.partition(":")[0]


def _host_port(host: str) -> str:
    return host.strip().lower().rstrip("/")


def _too_large(settings: ApiSettings) -> RequestTooLarge:
    return RequestTooLarge(limit_mb=settings.request_bytes // 2**20)
