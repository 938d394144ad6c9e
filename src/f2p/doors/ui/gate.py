"""Who gets where: the API's addresses to the API, everything else to the page in the reader's language; where tokens are in use,
nobody without one to the page.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from f2p.doors.api.problems import language_of, messages, problem_response
from f2p.doors.api.service import Service
from f2p.doors.ui.markup import tag
from f2p.errors import F2PError, NoSuchPage

COOKIE = "f2p_token"
LANGUAGE_COOKIE = "f2p_lang"
_API = ("/api/", "/docs", "/openapi.json")
_SHUT = (
    "upload",
    "file",
    "proxy",
    "stream",
    "component_server",
    "deep_link",
    "mcp",
    "vibe",
    "monitoring",
    "reset",
    "login",
    "logout",
    "runs",
)
"""Addresses of the page's framework that this page needs none of: files go in and out by routes of our own."""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'self'; base-uri 'self'; "
    "form-action 'self'; object-src 'none'"
)
"""The browser itself refuses whatever is not from this machine; the framework's own code needs the two `unsafe` ones."""


class Gate:
    """An ASGI application before the API and the page, one page a language."""

    def __init__(self, api: FastAPI, pages: Mapping[str, ASGIApp]) -> None:
        self._api, self._pages = api, pages
        self._service: Service = api.state.service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on to whom it belongs."""
        if scope["type"] != "http" or scope["path"].startswith(_API):
            await self._api(scope, receive, send)
            return
        scope = {**scope, "app": self._api}
        request = Request(scope)
        language = _language(request, self._service.settings.language)
        text = messages(language)
        if scope["path"].removeprefix("/gradio_api").strip("/").startswith(_SHUT) and not scope["path"].startswith("/page/"):
            await problem_response(NoSuchPage(), text)(scope, receive, send)
            return
        scope = _with_token(scope, request)
        try:
            if scope["path"] not in {"/page/sign-in", "/page/sign-out"}:
                self._service.caller(Request(scope))
        except F2PError as error:
            answer = sign_in_page(request) if scope["path"] == "/" else problem_response(error, text)
            await answer(scope, receive, send)
            return
        await self._pages[language](scope, receive, _with_policy(send))


def sign_in_page(request: Request, *, wrong: bool = False) -> Response:
    """Asks for the token."""
    service: Service = request.app.state.service
    text = messages(_language(request, service.settings.language))
    said = [tag("p", {"role": "alert"}, text.text("page.sign_in_wrong"))] if wrong else []
    form = tag(
        "form", {"method": "post", "action": "/page/sign-in"},
        tag("h1", {}, "F2P Studio"), tag("label", {"for": "token"}, text.text("page.sign_in_token")),
        tag("input", {"id": "token", "name": "token", "type": "password", "required": True, "autofocus": True}),
        *said, tag("button", {}, text.text("page.sign_in")),
    )  # fmt: skip
    style = (
        "body{font:16px/1.5 system-ui,sans-serif;background:#f4f5f7;display:grid;place-items:center;min-height:90vh}"
        "form{background:#fff;border:1px solid #d9dee5;border-radius:9px;padding:2em;width:min(22rem,80vw);display:grid;gap:9px}"
        "h1{font-size:1.25rem;margin:0}input,button{font:inherit;padding:.6rem;border-radius:6px;border:1px solid #7b8694}"
        "button{background:#1f4e79;color:#fff;border-color:#1f4e79}[role=alert]{color:#a4262c;margin:0}"
    )
    head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>F2P Studio</title>'
    return HTMLResponse(f"{head}<style>{style}</style>{form}", status_code=401, headers={"Cache-Control": "no-store"})


def _language(request: Request, usual: str) -> str:
    """What the person chose on the page, else what the browser prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in {"zh", "en"} else language_of(request.headers.get("accept-language", ""), usual)


def _with_token(scope: Scope, request: Request) -> Scope:
    """The cookie's token where the API's header stands."""
    token = request.cookies.get(COOKIE)
    if not token or "authorization" in request.headers:
        return scope
    return {**scope, "headers": [*scope["headers"], (b"authorization", f"Bearer {token}".encode("latin-1", "replace"))]}


def _with_policy(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and not any(
            name.lower() == b"content-security-policy" for name, _ in message["headers"]
        ):
            message = {**message, "headers": [*message["headers"], (b"content-security-policy", _POLICY.encode())]}
        await send(message)

    return sending
