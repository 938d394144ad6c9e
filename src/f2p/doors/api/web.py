"""`python -m f2p.doors.api.web`: the web process of the service, on a socket that its parent already listens on."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from f2p.doors.api.app import guarded, make_app, make_service, use_own_temp
from f2p.doors.api.service import Service
from f2p.doors.api.settings import load_api_settings
from f2p.doors.api.webhooks import Messenger
from f2p.jobs.log import log_to_stderr
from f2p.jobs.process import die_with_owner
from f2p.jobs.settings import load_shelf_settings
from f2p.settings import load_settings

_GOODBYE_SECONDS = 5
_HEADER_BYTES = 32768
_MOST_AT_ONCE = 500
_LOG = logging.getLogger("f2p.web")


class _Server(uvicorn.Server):
    """Streams end when the service does, and not when their readers go."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called by uvicorn on SIGTERM and SIGINT."""
        self._service.closing.set()
        super().handle_exit(sig, frame)


def main() -> None:
    """Serves until SIGTERM, or until the process that started it ends. argv[1]: the number of the listening socket."""
    run(lambda app: app)


def run(dressed: Callable[[FastAPI], ASGIApp]) -> None:
    """As `main`; `dressed` puts what else belongs to the service around the API, such as the page."""
    die_with_owner()
    log_to_stderr()
    settings = load_shelf_settings()
    use_own_temp(settings.folder / "tmp")
    service = make_service(load_settings(), settings, load_api_settings())
    Messenger(service).start()
    app = make_app(service)
    server = make_server(guarded(app, dressed(app)), service)
    _LOG.info("ready")
    asyncio.run(server.serve(sockets=[socket.socket(fileno=int(sys.argv[1]))]))


def make_server(app: ASGIApp, service: Service) -> uvicorn.Server:
    """A server for an application, with limits and no words of its own about requests."""
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=_GOODBYE_SECONDS,
        timeout_keep_alive=20, h11_max_incomplete_event_size=_HEADER_BYTES, limit_concurrency=_MOST_AT_ONCE, lifespan="auto",
        http="h11", ws="none", loop="asyncio", proxy_headers=False,
    )  # fmt: skip
    return _Server(config, service)


if __name__ == "__main__":
    main()
