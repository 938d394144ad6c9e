"""The page beside the API under one address."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp

from f2p.doors.api import problems
from f2p.doors.api.problems import messages
from f2p.doors.api.service import Service
from f2p.doors.ui.gate import Gate

LANGUAGES = ("zh", "en")


def with_page(api: FastAPI) -> ASGIApp:
    """The API and, at every other address, the page."""
    service: Service = api.state.service
    _settle(service.shelf.settings.folder / "tmp" / "gradio")
    return Gate(api, {language: _page(service, language) for language in LANGUAGES})


def _settle(folder: Path) -> None:
    """What the page's framework reads from its environment as it is loaded: nothing goes out, and its files lie with ours."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.update({
        "GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_TEMP_DIR": str(folder), "GRADIO_SSR_MODE": "False", "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1", "GRADIO_RUN_HISTORY": "False",
    })  # fmt: skip


def _page(service: Service, language: str) -> FastAPI:
    import gradio as gr

    from f2p.doors.ui import looks
    from f2p.doors.ui.page import page
    from f2p.doors.ui.routes import router
    from f2p.doors.ui.theme import theme

    text = messages(language)
    app = FastAPI(title="F2P Studio", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.service = service
    problems.install(app, service.settings.language)
    app.include_router(router)
    gr.mount_gradio_app(
        app, page(service, text), path="/", allowed_paths=[], footer_links=[], run_history=False, show_error=False,
        ssr_mode=False, enable_monitoring=False, pwa=False, mcp_server=False, max_file_size="1kb", theme=theme(),
        css=looks.style("page"), head=looks.head(text),
    )  # fmt: skip
    return app
