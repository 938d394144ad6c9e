"""The web application: routes, the OpenAPI document and its page, and the guard in front of it all."""

from __future__ import annotations

import importlib.resources
import tempfile
import time
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from f2p import __version__
from f2p.doors.api import health, jobs, legacy, models, problems, progress, submit, words
from f2p.doors.api.guard import Guard
from f2p.doors.api.secret import Secret
from f2p.doors.api.service import Rate, Service
from f2p.doors.api.settings import ApiSettings
from f2p.doors.api.tokens import Tokens
from f2p.jobs.settings import ShelfSettings
from f2p.jobs.shelf import Shelf
from f2p.settings import Settings

_TOLD = """
One plain sentence and a photo in, a finished ID photo out. Hand work in, get a number, follow it, fetch the files: what was
answered with 202 is on the disk and will be done, also when the service is killed in between.

一句话加一张照片,得到证件照。提交后得到编号,可查询进度、取回文件;返回 202 的任务已经落盘,服务中断也不会丢。
"""
_LEFT_AFTER = 3600.0


def make_service(settings: Settings, shelf: ShelfSettings, api: ApiSettings) -> Service:
    """Everything the routes need. Raises F2PError kinds for a place that cannot be used."""
    on_disk = Shelf(shelf)
    return Service(
        shelf=on_disk, settings=settings, api=api, tokens=Tokens(shelf.folder), secret=Secret(shelf.folder),
        submits=Rate(api.submits_per_minute),
    )  # fmt: skip


def make_app(service: Service) -> FastAPI:
    """The routes, without the guard: further pages may be mounted before `guarded` is put around."""
    app = FastAPI(title="F2P Studio", version=__version__, description=_TOLD, docs_url=None, redoc_url=None)
    app.state.service = service
    problems.install(app, service.settings.language)
    for room in (words, submit, jobs, progress, health, legacy):
        app.include_router(room.router)
    _own_docs(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def guarded(app: FastAPI, dressed: ASGIApp | None = None) -> ASGIApp:
    """The application as it may meet the network; `dressed`: the same with what was put around it."""
    service: Service = app.state.service
    app.state.counter = health.RequestCounter(dressed or app)
    return Guard(app.state.counter, service.api, service.settings.language)


def use_own_temp(folder: Path) -> None:
    """Uploads are spooled inside the shelf's folder, readable by the service alone; what a killed service left is taken away."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.iterdir():
        if left.is_file() and time.time() - left.stat().st_mtime > _LEFT_AFTER:
            left.unlink(missing_ok=True)
    tempfile.tempdir = str(folder)


def _own_docs(app: FastAPI) -> None:
    """/docs with every script and style from this machine."""
    assets = importlib.resources.files("fastapi_offline") / "static"
    app.mount("/docs/assets", StaticFiles(directory=str(assets)), name="docs_assets")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        """The API's manual, to try out."""
        return get_swagger_ui_html(
            openapi_url="/openapi.json", title="F2P Studio API", swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css", swagger_favicon_url="/docs/assets/favicon.png",
        )  # fmt: skip


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document, made once: what FastAPI knows, and what it cannot know (problem documents, bodies)."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, openapi_version="3.1.0"
        )
        parts = document.setdefault("components", {})
        schemas = parts.setdefault("schemas", {})
        for model in (models.Problem, models.Submission):
            made = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= made.pop("$defs", {}) | {model.__name__: made}
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{}, {"token": []}]
        for path in document["paths"].values():
            for operation in path.values():
                _without_422_of_fastapi(operation["responses"])
        app.openapi_schema = document
    return app.openapi_schema


def _without_422_of_fastapi(responses: dict[str, Any]) -> None:
    """FastAPI says that it answers 422 to what does not fit; we answer 400 with a problem document."""
    if "application/json" in responses.get("422", {}).get("content", {}):
        del responses["422"]
