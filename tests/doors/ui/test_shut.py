"""What the page's framework would do and must not: hand out files, take them in, or hold work."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.doors.ui.conftest import Served

pytestmark = pytest.mark.slow
SECRET = b"nobody outside may read this"


def asked(served: Served, path: str, body: Any = None, seconds: float = 10) -> tuple[int, bytes]:
    """Status and answer of one request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{served.url}{path}", data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status, b"".join(_lines(answer))
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def _lines(answer: Iterable[bytes]) -> Iterator[bytes]:
    """The answer; a stream that stays open, until it says how an event ended or nothing more for as long as we wait."""
    with suppress(TimeoutError):
        for line in answer:
            yield line
            if line.startswith((b"event: complete", b"event: error")):
                yield next(iter(answer), b"")
                return


@pytest.mark.parametrize("route", ["call", "run/predict", "api/predict", "queue/join"])
def test_a_foreign_file_named_in_a_request_is_not_handed_out(served: Served, tmp_path: Path, route: str) -> None:
    """On each of the framework's four routes, for each of the page's events."""
    foreign = tmp_path / "foreign.txt"
    foreign.write_bytes(SECRET)
    named = {"path": str(foreign), "meta": {"_type": "gradio.FileData"}}
    events = json.loads(asked(served, "/config")[1])["dependencies"]
    for event in events:
        body = {"data": [named] * len(event["inputs"]), "fn_index": event["id"], "session_hash": "test", "event_data": named}
        path = f"/gradio_api/{route}/{event['api_name']}" if route == "call" else f"/gradio_api/{route}"
        status, answer = asked(served, path, body)
        assert SECRET not in answer
        assert b"/gradio_api/file=" not in answer
        if status == 200 and route == "call":
            assert SECRET not in asked(served, f"{path}/{json.loads(answer)['event_id']}", seconds=2)[1]


@pytest.mark.parametrize("path", ["upload", "file=/etc/hostname", "proxy=http://127.0.0.1/", "component_server", "mcp/schema"])
def test_addresses_of_the_framework_that_the_page_does_not_need_are_shut(served: Served, path: str) -> None:
    """Files go in and out by routes of our own."""
    assert asked(served, f"/gradio_api/{path}")[0] == 404


def test_no_event_waits_in_the_frameworks_queue(served: Served) -> None:
    """Whatever is pressed is on the shelf when the press is answered."""
    events = json.loads(asked(served, "/config")[1])["dependencies"]
    assert events
    assert not any(event["queue"] for event in events if event["backend_fn"])


def test_unknown_addresses_of_the_api_stay_the_apis(served: Served) -> None:
    """A problem document, not a page."""
    status, answer = asked(served, "/api/v1/nothing")
    assert status == 404
    assert json.loads(answer)["code"] == "no_such_page"


def test_the_page_keeps_no_foreign_number(served: Served) -> None:
    """A photo's number is nothing but a number: paths, and jobs that are not there, are refused."""
    assert asked(served, "/page/jobs/..%2f..%2fetc%2fpasswd/photo")[0] == 404
    assert asked(served, "/page/jobs/0123/photo")[0] == 404
