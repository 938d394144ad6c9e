"""What stands in front: foreign names, other sites' pages, bodies without end, slow ones, broken requests; bounded memory."""

from __future__ import annotations

import random
import resource
import socket
import time
from pathlib import Path

import pytest
from tests.api.conftest import Running, running

from f2p.doors.api.settings import ApiSettings, load_api_settings
from f2p.errors import BadSetting

MB = 2**20


def raw(port: int, data: bytes, *, wait: float = 5) -> bytes:
    """What comes back for these bytes on a bare socket."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as connection:
        got = b""
        try:
            connection.sendall(data)
            while part := connection.recv(65536):
                got += part
        except (TimeoutError, ConnectionError):
            pass
        return got


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "", "169.254.169.254", "[::2]"])
def test_foreign_names_are_not_answered(served: Running, host: str) -> None:
    """A Host header that is not ours gets 421 and nothing else, on every address."""
    for path in ("/api/v1/jobs", "/docs", "/", "/api/predict/"):
        assert served.call("GET", path, host=host).status == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7860", "127.0.0.1:1", "[::1]:7860"])
def test_own_names_are(served: Running, host: str) -> None:
    """This machine's names, whatever the port (something may stand between)."""
    assert served.call("GET", "/api/v1/health", host=host).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:1"}, {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"}, {"origin": "http://127.0.0.1.evil.example"},
    ],
)  # fmt: skip
def test_other_sites_pages_change_nothing(served: Running, headers: dict[str, str]) -> None:
    """A browser's request from another site is refused before it is read: handing in, the legacy call, deleting."""
    for method, path in (("POST", "/api/predict/"), ("POST", "/api/v1/jobs"), ("DELETE", "/api/v1/jobs/x")):
        answer = served.call(method, path, b"{}", **headers)
        assert (answer.status, answer.code) == (403, "foreign_page")


def test_the_own_page_may(served: Running) -> None:
    """Same origin passes, and so does a program that sends no such header."""
    own = {"origin": f"http://127.0.0.1:{served.port}", "sec_fetch_site": "same-origin"}
    assert served.call("POST", "/api/predict/", b"{}", **own).code == "bad_request"
    assert served.call("POST", "/api/predict/", b"{}").code == "bad_request"


def test_bodies_have_an_end(tmp_path: Path) -> None:
    """Over the limit is 413, told at once by the length, or while it comes in pieces; and nothing of it stays on the disk."""
    with running(tmp_path, works=False, request_bytes=MB) as small:
        for path in ("/api/predict/", "/api/v1/jobs", "/api/v1/readings"):
            head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            told = raw(small.port, f"{head}Content-Length: {10**12}\r\n\r\n".encode())
            assert b" 413 " in told.splitlines()[0]
            piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
            come = raw(small.port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + piece * 40)
            assert b" 413 " in come.splitlines()[0]
            assert b"request_too_large" in come
        form = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n' + b"x" * 3 * MB
        head = "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        pieces = b"".join(
            b"%x\r\n%b\r\n" % (len(part), part) for part in (form[n : n + MB // 4] for n in range(0, len(form), MB // 4))
        )
        assert b" 413 " in raw(small.port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + pieces).splitlines()[0]
        assert list(small.service.shelf.folders.jobs()) == []


def test_slow_bodies_are_cut_off(tmp_path: Path) -> None:
    """A body that does not arrive in its time is answered 408, and the connection is closed."""
    with running(tmp_path, works=False, request_seconds=0.5) as quick:
        head = b"POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        begun = time.monotonic()
        answer = raw(quick.port, head)
        assert b" 408 " in answer.splitlines()[0]
        assert b"slow_request" in answer
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /api/predict/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/predict/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST /api/predict/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /api/predict/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"CONNECT evil:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=range(12),
)
def test_requests_that_are_none(served: Running, data: bytes) -> None:
    """Broken requests are refused or cut off, never an error of ours, and the service goes on."""
    answer = raw(served.port, data, wait=1)
    assert not answer or 400 <= int(answer.split()[1]) < 500
    assert served.call("GET", "/api/v1/health").status == 200


@pytest.mark.slow
def test_two_hundred_hostile_requests(served: Running) -> None:
    """Mutations of good requests, from a fixed seed: no 5xx, nothing read that may not be, memory bounded."""
    chance = random.Random(11)
    bits = ["../", "%2e%2e/", "\\", "%00", "'", '"', "${7*7}", "{{7*7}}", "\u202e", "漢", "A" * 3000, "file://", "http://169.254.169.254/",
            "-1", "1e999", "NaN", "null", "[]", "{}", "%s%n", "<script>", "; ls", "|", "\r\nX: y", "🙂"]  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(200):
        evil = "".join(chance.choices(bits, k=chance.randint(1, 4)))
        safe = "".join(c for c in evil if c.isascii() and c.isprintable() and c != " ")
        ways = [
            ("GET", f"/api/v1/jobs/{safe}", None),
            ("GET", f"/api/v1/jobs/x/files/{safe}", None),
            ("GET", f"/api/v1/links/{safe}/a?expires={safe}&signature={safe}", None),
            ("GET", f"/api/v1/jobs?state={safe}&before={safe}", None),
            ("GET", f"/docs/assets/{safe}", None),
            ("POST", "/api/v1/readings", {"sentence": evil, "after": [evil]}),
            ("POST", "/api/predict/", {"data": [evil, evil, 1, evil, 1]}),
            ("POST", "/api/v1/jobs", {"photos": [{"name": evil, "data": "eA=="}], "sentence": evil}),
            ("POST", "/api/v1/jobs", {"photos": [{"data": "eA=="}], "sentence": "一寸", "webhook": evil}),
            ("POST", "/api/v1/jobs", {"photos": [{"data": "eA=="}], "plan": {"plan": "id_photo", "version": 1, "spec": evil}}),
        ]
        method, path, body = chance.choice(ways)
        answer = served.call(method, path, body)
        assert answer.status < 500, (method, path, body)
        assert b"root:" not in answer.body
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_the_environment_sets_the_door(tmp_path: Path) -> None:
    """Every field has its variable; names that would open more than was meant are refused."""
    env = {"F2P_HOST": "0.0.0.0", "F2P_PORT": "80", "F2P_HOSTS": "photos.example, B", "F2P_INPUT_DIRS": f"{tmp_path}:/x"}
    settings = load_api_settings({**env, "F2P_WEBHOOKS": "oa.example,http://127.0.0.1:9000"})
    assert {"photos.example", "b", "localhost"} <= settings.answers_to
    assert "0.0.0.0" not in settings.answers_to
    assert not settings.local_only
    assert settings.input_dirs == (tmp_path, Path("/x"))
    assert settings.webhooks == ("oa.example", "http://127.0.0.1:9000")
    assert load_api_settings({}).local_only
    assert [one.name for one in load_api_settings({}).input_dirs] == ["input"]
    for wrong in (
        {"F2P_PORT": "x"},
        {"F2P_PORT": "70000"},
        {"F2P_WEBHOOKS": "https://a/b"},
        {"F2P_WEBHOOKS": "ftp://a"},
        {"F2P_RATE": "0"},
    ):
        with pytest.raises(BadSetting):
            load_api_settings(wrong)
    assert ApiSettings().host == "127.0.0.1"
