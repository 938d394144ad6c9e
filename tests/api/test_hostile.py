"""Hostile requests of every kind, from a fixed seed: each is refused with the right status (bench/hostile.py sends 200)."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

from bench.hostile_requests import CAP, HostileRequest, requests
from tests.api.conftest import running

MORE_THAN_EVERY_KIND = 44


def answered(port: int, one: HostileRequest) -> tuple[int, bytes]:
    """Status and answer; 0 where the connection was closed without one."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        with suppress(ConnectionError):
            connection.sendall(one.data)
        with suppress(ConnectionError, TimeoutError):
            while part := connection.recv(65536):
                got += part
    return (int(got.split(maxsplit=2)[1]) if got.startswith(b"HTTP/") else 0), got


def test_each_is_refused_as_what_it_is(tmp_path: Path) -> None:
    """Two of every kind: the right status, nothing of the machine in the answer, nothing on the shelf but what was taken."""
    with running(tmp_path, works=False, request_bytes=CAP, request_seconds=0.4, wait_seconds=0.4) as service:
        for one in requests(seed=3, count=MORE_THAN_EVERY_KIND):
            status, answer = answered(service.port, one)
            assert status in one.statuses, (one.kind, status, one.data[:200], answer[-300:])
            assert b"root:" not in answer and str(tmp_path).encode() not in answer
        assert sum(service.service.shelf.counts().values()) == 0
        assert list(service.service.shelf.folders.jobs()) == []
        assert service.call("GET", "/api/v1/health").status == 200
