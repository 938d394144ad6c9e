"""A service on a real socket: the web in a thread of this process, and a worker with the stand-in for the studio in another."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.jobs.stand_in import make

from f2p.client import Client
from f2p.doors.api.app import guarded, make_app, make_service
from f2p.doors.api.service import Service
from f2p.doors.api.settings import ApiSettings, listen
from f2p.doors.api.web import make_server
from f2p.jobs.settings import ShelfSettings
from f2p.jobs.worker import Worker
from f2p.settings import load_settings


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem document, which this must be."""
        assert self.headers["content-type"].startswith("application/problem+json")
        assert self.json["status"] == self.status
        assert self.json["title"] and self.json["detail"]
        return str(self.json["code"])


@dataclass(frozen=True)
class Running:
    """A service that runs: its parts, and ways to call it."""

    service: Service
    port: int

    @property
    def client(self) -> Client:
        return Client(f"http://127.0.0.1:{self.port}")

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request; `body` that is no bytes goes as JSON. Header names have _ for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None and not isinstance(body, bytes):
            named = {"Content-Type": "application/json", **named}
        try:
            connection.request(method, path, data, named)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


Serve = Callable[..., Running]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's folder, as far as this test is concerned."""
    folder = tmp_path_factory.mktemp("service")
    (folder / "input").mkdir()
    (folder / "input" / "me.jpg").write_bytes(b"x me")
    return folder


@contextmanager
def running(folder: Path, *, works: bool = True, shelf: dict[str, Any] | None = None, **api: Any) -> Iterator[Running]:
    """A service in `folder`; ended, with everything it holds, at the end."""
    given = {"port": 0, "input_dirs": (folder / "input",), **api}
    on_disk = replace(ShelfSettings(folder=folder / "shelf", reserve_bytes=1), **(shelf or {}))
    service = make_service(load_settings({"F2P_LANG": "en"}), on_disk, ApiSettings(**given))
    listening = listen(service.api)
    server = make_server(guarded(make_app(service)), service)
    worker = Worker(service.shelf, make)
    threads = [threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))]
    threads += [threading.Thread(target=worker.run)] if works else []
    for thread in threads:
        thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Running(service, listening.getsockname()[1])
    service.closing.set()
    server.should_exit = True
    worker.stop()
    for thread in threads:
        thread.join()
    listening.close()


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Running]:
    """A service that works."""
    with running(folder) as one:
        yield one
