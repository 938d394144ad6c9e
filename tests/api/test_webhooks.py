"""Webhooks, against a real server on this machine: signed as documented, sent until taken, to no place that is not allowed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.conftest import Running, running
from tests.jobs.stand_in import work

from f2p.doors.api.webhook_rules import check_destination, resolve
from f2p.doors.api.webhooks import Messenger
from f2p.errors import WebhookRefused
from f2p.jobs.job import Terms
from f2p.jobs.outbox import PAUSES


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps what comes, and answers what it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.origin + "/other")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server that takes webhooks."""
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def quiet(tmp_path: Path, receiver: Receiver) -> Iterator[Running]:
    """A service whose messages are sent when the test says so."""
    with running(tmp_path, works=False, webhooks=(receiver.origin,), public_url="https://photos.example") as one:
        yield one


def finished(quiet: Running, url: str) -> str:
    """A job that ended, with word of it in the outbox."""
    shelf = quiet.service.shelf
    shelf.put([work(1)], Terms(webhook=url))
    job = shelf.leases.claim("here:1:1")
    assert job is not None
    assert shelf.leases.finish(job, {"photo.jpg": ("photo", b"made")})
    return job.id


def make_due(quiet: Running) -> None:
    """Turns the outbox's clock."""
    with quiet.service.shelf.database.use("durable") as db:
        db.execute("UPDATE outbox SET next_at = 0 WHERE state = 'waiting'")


def test_a_message_is_signed_and_says_where_the_file_is(quiet: Running, receiver: Receiver) -> None:
    """By the rules of Standard Webhooks 1.0, computed here anew; the link in it opens the photo without a token."""
    job = finished(quiet, f"{receiver.origin}/hook?x=1")
    assert Messenger(quiet.service).send_due() == 1
    headers, body = receiver.got[0]
    key = base64.b64decode(quiet.service.secret.webhook_secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    said = json.loads(body)
    assert (said["type"], said["data"]["job"]) == ("job.done", job)
    link = said["data"]["files"][0]["url"]
    assert link.startswith("https://photos.example/")
    assert quiet.call("GET", link.removeprefix("https://photos.example")).body == b"made"
    assert Messenger(quiet.service).send_due() == 0


def test_refused_messages_come_again_with_the_same_id(quiet: Running, receiver: Receiver) -> None:
    """500, a redirect, no answer: tried again after a pause, until it is taken; a redirect is never followed."""
    finished(quiet, receiver.origin)
    receiver.answers = [500, 302]
    for tries in (1, 2, 3):
        assert Messenger(quiet.service).send_due() == 1
        assert Messenger(quiet.service).send_due() == 0, "the pause comes first"
        make_due(quiet)
        assert len(receiver.got) == tries
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert quiet.service.shelf.outbox.waiting() == 0


def test_a_message_that_nobody_takes_is_given_up(quiet: Running, receiver: Receiver) -> None:
    """After the last pause, or at once where the receiver says that it is gone for good (410)."""
    receiver.answers = [410]
    finished(quiet, receiver.origin)
    Messenger(quiet.service).send_due()
    assert quiet.service.shelf.outbox.waiting() == 0
    receiver.answers = [500] * 20
    finished(quiet, receiver.origin)
    for _ in range(len(PAUSES) + 1):
        assert Messenger(quiet.service).send_due() == 1
        make_due(quiet)
    assert quiet.service.shelf.outbox.waiting() == 0


def test_a_receiver_that_is_not_there_is_tried_again(quiet: Running) -> None:
    """A refused connection is a try like any other."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        object.__setattr__(quiet.service.api, "webhooks", (nobody,))
        finished(quiet, nobody)
        assert Messenger(quiet.service).send_due() == 1
    assert quiet.service.shelf.outbox.waiting() == 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://oa.example/x", "webhook_not_https"),
        ("https://evil.example/x", "webhook_host"),
        ("https://oa.example.evil.example/", "webhook_host"),
        ("https://user@oa.example/", "webhook_odd"),
        ("https://oa.example:443@evil.example/", "webhook_odd"),
        ("https://evil.example\\@oa.example/", "webhook_odd"),
        ("ftp://oa.example/", "webhook_odd"),
        ("//oa.example/", "webhook_odd"),
        ("https://oa.example/ x", "webhook_odd"),
        ("https://oa.example:99999/", "webhook_odd"),
        ("https://oa.example/\r\nX: y", "webhook_odd"),
        ("http://127.0.0.1:9001/", "webhook_not_https"),
        ("http://127.0.0.1:9000.evil.example/", "webhook_odd"),
    ],
)
def test_only_listed_places(url: str, reason: str) -> None:
    """Https to a listed host, or exactly a listed origin; every other spelling is refused."""
    with pytest.raises(WebhookRefused) as refused:
        check_destination(url, ("oa.example", "http://127.0.0.1:9000"))
    assert refused.value.params["reason"] == reason


def test_listed_names_that_lead_inside_are_refused() -> None:
    """A public-looking name whose address is private goes nowhere; an origin listed as such may be inside."""
    check_destination("https://oa.example/hook", ("oa.example",))
    for inside in ("localhost", "127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0"):
        host = f"[{inside}]" if ":" in inside else inside
        with pytest.raises(WebhookRefused):
            resolve(f"https://{host}/", (inside,))
    assert resolve("http://127.0.0.1:9000/a?b", ("http://127.0.0.1:9000",)).target == "/a?b"
