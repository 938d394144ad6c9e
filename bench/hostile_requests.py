"""200 requests that nobody should send, as bytes on a bare socket, each with the statuses that are right for it; the same ones
from the same seed. Made for a service that takes `CAP` bytes in a request and gives it `SECONDS` to arrive.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.hostile_files import picture

CAP = 2**20
SECONDS = 2.0
JOBS, LEGACY = "/api/v1/jobs", "/api/predict/"
_CUT_OFF = 0
"""Instead of a status: the connection is closed without an answer."""


@dataclass(frozen=True, slots=True)
class HostileRequest:
    """One request: what it is, its bytes, and the statuses of which one must come back. slow: the rest never comes."""

    kind: str
    data: bytes
    statuses: frozenset[int]
    slow: bool = False


def requests(seed: int = 1, count: int = 200) -> Iterator[HostileRequest]:
    """`count` requests, all kinds in turn."""
    chance = random.Random(seed)
    for number in range(count):
        kind, (make, statuses) = list(_KINDS.items())[number % len(_KINDS)]
        yield HostileRequest(kind, make(chance), frozenset(statuses), kind.startswith("slow"))


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request in good order; header names have _ for -, and an empty value leaves a usual one out."""
    named = {"host": "localhost", "connection": "close", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body and "transfer-encoding" not in named:
        named.setdefault("content-length", str(len(body)))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items() if value)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def posted(path: str, said: object, **headers: str) -> bytes:
    """JSON that is posted."""
    return request("POST", path, json.dumps(said).encode(), content_type="application/json", **headers)


def _photo() -> str:
    return base64.b64encode(picture("PNG")).decode()


def _handed(**wish: object) -> bytes:
    return posted(JOBS, {"photos": [{"data": _photo(), "name": "me.png"}], "sentence": "一寸白底", **wish})


_UP = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "%252e%252e%252f", "..%c0%af", ".%00./")
_INSIDE = (
    "http://127.0.0.1/",
    "https://localhost/",
    "http://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "https://0x7f000001/",
    "https://10.0.0.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:11211/",
    "ftp://127.0.0.1/",
    "https://user:secret@oa.example/",
    "https://oa.example@127.0.0.1/",
    "//127.0.0.1/",
    "https://oa.example\\@127.0.0.1/",
    "https://127.0.0.1:99999/",
    "http://[::1",
    "javascript:alert(1)",
    "https://oa.example\r\nX: y/",
)


def _climb(chance: random.Random) -> str:
    return chance.choice(_UP) * chance.randint(1, 9) + chance.choice(("etc/passwd", "tokens.json", "shelf.sqlite", "secret"))


def _climbing_address(chance: random.Random) -> bytes:
    before = chance.choice(
        (
            "/api/v1/jobs/",
            "/api/v1/jobs/x/files/",
            "/api/v1/batches/",
            "/docs/assets/",
            "/",
            "/api/v1/links/x/",
            "/api/v1/standards/",
        )
    )
    return request("GET", before + _climb(chance))


def _climbing_path(chance: random.Random) -> bytes:
    start = chance.choice(
        ("", "input/", "/", "./input/", "input/../", "C:\\", "\\\\host\\share\\", "~/", "/proc/self/", "input/\0")
    )
    path = (
        start
        + chance.choice(("../", "..\\", "")) * chance.randint(0, 5)
        + chance.choice(("etc/passwd", "environ", "shelf/secret", "dev/zero"))
    )
    return posted(LEGACY, {"data": [path, "一寸白底"]})


def _address_as_photo(chance: random.Random) -> bytes:
    return posted(LEGACY, {"data": [chance.choice(_INSIDE), "一寸白底"]})


def _address_as_base64(chance: random.Random) -> bytes:
    given = chance.choice((*_INSIDE, "data:image/png,plain", "data:text/html;base64,!!!", "=" * 40, "A" * 41, "\0"))
    return posted(JOBS, {"photos": [{"data": given}], "sentence": "一寸白底"})


def _webhook(chance: random.Random) -> bytes:
    return _handed(webhook=chance.choice(_INSIDE))


def _host(chance: random.Random) -> bytes:
    name = chance.choice(
        (
            "evil.example",
            "localhost.evil.example",
            "169.254.169.254",
            "127.0.0.1@evil",
            "[::2]",
            "0.0.0.0",
            "localhost,evil",
            "127.0.0.2",
        )
    )
    return request(chance.choice(("GET", "POST")), chance.choice(("/", "/docs", JOBS, LEGACY, "/api/v1/metrics")), host=name)


def _origin(chance: random.Random) -> bytes:
    headers = chance.choice(
        (
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"sec_fetch_site": "cross-site"},
            {"origin": "http://localhost.evil"},
            {"origin": "http://localhost:1"},
            {"sec_fetch_site": "same-site"},
            {"origin": "file://"},
        )
    )
    return request("POST", chance.choice((JOBS, LEGACY, f"{JOBS}/x/cancel")), b"{}", **headers)


def _huge_header(chance: random.Random) -> bytes:
    size = chance.choice((70_000, 300_000))
    return chance.choice(
        (
            request("GET", "/api/v1/health", x="a" * size),
            request("GET", "/" + "a" * size),
            request("GET", "/api/v1/health", cookie="a=b;" * (size // 4)),
            request("GET", "/api/v1/health", **{f"x{n}": "y" * 40 for n in range(size // 45)}),
        )
    )


def _pieces(head: bytes, body: bytes, each: int = 65_536) -> bytes:
    return head + b"".join(b"%x\r\n%b\r\n" % (len(body[n : n + each]), body[n : n + each]) for n in range(0, len(body), each))


def _chunked(chance: random.Random) -> bytes:
    kind = chance.choice(("application/json", "multipart/form-data; boundary=x", "image/png"))
    path = chance.choice((JOBS, LEGACY, "/api/v1/readings"))
    body = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n' + bytes(3 * CAP)
    if kind == "image/png" and path == JOBS:
        kind = "application/json"
    return _pieces(request("POST", path, content_type=kind, transfer_encoding="chunked"), body)


def _length(chance: random.Random) -> bytes:
    return request("POST", chance.choice((JOBS, LEGACY)), content_length=str(chance.choice((CAP + 1, 10**12, 10**30))))


def _bad_length(chance: random.Random) -> bytes:
    return chance.choice(
        (
            request("POST", LEGACY, content_length="-1"),
            request("POST", LEGACY, content_length="1e3"),
            request("POST", LEGACY, content_length="0x10"),
            b"POST /api/predict/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            request("POST", LEGACY, transfer_encoding="gzip"),
            request("POST", LEGACY, b"zz\r\n", transfer_encoding="chunked"),
            b"POST /api/predict/ HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nContent-Length: 2\r\n\r\n{}",
            b"GET /\r\n\r\n",
            b"\x16\x03\x01\x02\0\1\0",
            b"GET / HTTP/9.9\r\n\r\n",
        )
    )


def _smuggled(_: random.Random) -> bytes:
    """Two lengths that disagree, and a second request behind the first."""
    hidden = request("GET", "/api/v1/metrics", host="evil.example")
    return request("POST", LEGACY, content_length=str(len(hidden) + 5), transfer_encoding="chunked") + b"0\r\n\r\n" + hidden


def _form(chance: random.Random) -> bytes:
    part = b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
    body = chance.choice(
        (
            b"",
            b"--x",
            b"no form at all",
            b"--y\r\n\r\n--y--",
            part % (b"photo", b"", b"text, no file") + b"--x--\r\n",
            part % (b"photo", b'; filename=""', b"") + b"--x--\r\n",
            (part % (b"a", b"", b"b")) * 500 + b"--x--\r\n",
            (part % (b"photo", b'; filename="a"', b"x")) * 300 + b"--x--\r\n",
            b"--x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n--x--\r\n",
            part % (b"sentence", b"", b"a" * 900_000) + b"--x--\r\n",
            part % (b"photo" * 9000, b"", b"a") + b"--x--\r\n",
            part % (b"ph\0to", b'; filename="../../a"', b"x") + b"--x--\r\n",
        )
    )
    return request(
        "POST",
        JOBS,
        body or b"-",
        content_type=chance.choice(
            ("multipart/form-data; boundary=x", "multipart/form-data", f"multipart/form-data; boundary={'x' * 300}")
        ),
    )


def _key(chance: random.Random) -> bytes:
    return posted(JOBS, {"photos": [{"data": _photo()}], "sentence": "一寸白底"}, idempotency_key="k" * chance.randint(201, 9000))


def _json(chance: random.Random) -> bytes:
    body = chance.choice(
        (
            b"[" * 100_000,
            b'{"a":' * 50_000,
            b"{",
            b"null",
            b"[]",
            b'"x"',
            b"\xff\xfe{\0",
            b'{"photos": [], "sentence": "a"}',
            b'{"photos": 1}',
            b'{"data": NaN}',
            b'{"data": [1, 2]}',
            b'{"data": [{"data": {}}, "a"]}',
            b'{"data": ["a", "b", 1e999, "c", 1]}',
            b'{"data": ["\\ud800", 7]}',
            b"1" * 5000,
            b'{"data": ["x", "y", "z"]}',
        )
    )
    return request("POST", chance.choice((JOBS, LEGACY)), body, content_type="application/json")


def _wish(chance: random.Random) -> bytes:
    return _handed(
        **chance.choice(
            (
                {"face": 0},
                {"face": 2**70},
                {"keep_hours": -1},
                {"keep_hours": 1e300},
                {"quality": "best; rm"},
                {"priority": "root"},
                {"plan": {"plan": "id_photo"}},
                {"sentence": "x" * 5000},
                {"after": ["x"] * 1000},
                {"allow": ["everything"]},
                {"backdrop": {"data": "%%%"}},
                {"sentence": ""},
                {"once": "maybe"},
                {"sentence": None, "plan": {"plan": "exec"}},
            )
        )
    )


def _type(chance: random.Random) -> bytes:
    kind = chance.choice(
        (
            "text/xml",
            "application/x-www-form-urlencoded",
            "application/x-python-pickle",
            "image/jpeg",
            "application/json-patch+json",
            "a" * 5000,
        )
    )
    return request("POST", JOBS, b"<x/>", content_type=kind)


def _method(chance: random.Random) -> bytes:
    return request(
        chance.choice(("TRACE", "PUT", "PATCH", "DEBUG", "PROPFIND", "A" * 60)), chance.choice((JOBS, LEGACY, "/api/v1/ready"))
    )


def _forged_link(chance: random.Random) -> bytes:
    signature = chance.choice(("", "A" * 43, "%00", "x" * 5000))
    expires = chance.choice(("9999999999", "0", "-1", "nan", "9" * 400))
    return request(
        "GET",
        f"/api/v1/links/{chance.randbytes(16).hex()}/photo.jpg?expires={expires}&signature={signature}",
    )


def _query(chance: random.Random) -> bytes:
    return request(
        "GET",
        f"{JOBS}?"
        + chance.choice(
            ("state=all", "before=-1", "before=1e99", f"limit={2**80}", "limit=0", "state='%20or%201=1--", "before=%00")
        ),
    )


def _unknown_job(chance: random.Random) -> bytes:
    job = chance.choice((chance.randbytes(16).hex(), "'%20or%20'1'='1", "%00", "*", "%25s%25n", "a" * 4000, "%F0%9F%98%80"))
    ways = (
        ("GET", ""),
        ("GET", "/events"),
        ("GET", "/report"),
        ("GET", "/receipt"),
        ("POST", "/cancel"),
        ("POST", "/links"),
        ("DELETE", ""),
    )
    method, what = chance.choice(ways)
    return request(method, f"{JOBS}/{job}{what}", last_event_id=chance.choice(("", "-1", "x" * 900)))


def _slow(chance: random.Random) -> bytes:
    """A body that stops half way."""
    if chance.random() < 0.5:
        return request(
            "POST", JOBS, b"--x\r\nContent-Disp", content_type="multipart/form-data; boundary=x", content_length="5000"
        )
    return request("POST", chance.choice((JOBS, LEGACY)), b'{"da', content_type="application/json", content_length="5000")


_KINDS: dict[str, tuple[Callable[[random.Random], bytes], set[int]]] = {
    "traversal in the address": (_climbing_address, {400, 403, 404}),
    "traversal in a path": (_climbing_path, {400, 403}),
    "address instead of a photo (SSRF)": (_address_as_photo, {400, 403}),
    "address or nonsense as base64": (_address_as_base64, {400}),
    "webhook into the own network (SSRF)": (_webhook, {422}),
    "foreign Host": (_host, {421}),
    "foreign page": (_origin, {403}),
    "huge headers": (_huge_header, {400, 414, 431, _CUT_OFF}),
    "chunked over the cap": (_chunked, {413}),
    "length over the cap": (_length, {400, 413}),
    "lengths and lines that are none": (_bad_length, {400, 421, 501, 505, _CUT_OFF}),
    "smuggling": (_smuggled, {400}),
    "broken form": (_form, {400, 422}),
    "idempotency key too long": (_key, {400}),
    "broken JSON": (_json, {400, 403}),
    "wish out of range": (_wish, {400, 422}),
    "wrong content type": (_type, {415}),
    "wrong method": (_method, {405}),
    "forged link": (_forged_link, {400, 403, 404}),
    "query out of range": (_query, {400}),
    "unknown job": (_unknown_job, {404}),
    "slow body": (_slow, {408}),
}
