"""A small typed client of the service's API, on the standard library alone.

`Client().make("me.jpg", "白底,一寸,轻微磨皮").save("output")` is all that most need.

A call that breaks off is sent again with the same idempotency key, so that nothing is made twice; `follow` and `wait` go on after
the service was restarted. Raises Problem for every answer that is an error.
"""

from __future__ import annotations

import http.client
import json
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_ENDED = {"done", "failed", "cancelled"}
_TRIES = 5
_BROKEN = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)

Photo = str | Path | bytes | tuple[str, bytes]
"""A file's path, or bytes, or bytes with a name."""


class Problem(Exception):
    """An answer that is an error (RFC 9457): HTTP status, the code of docs/api.md, and words in the client's language."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(document.get("code", "internal"))
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", ""))
        self.params: dict[str, Any] = dict(document.get("params", {}))
        super().__init__(f"{self.title} ({self.code}): {self.detail}")


@dataclass(frozen=True, slots=True)
class File:
    """One finished file of a job."""

    name: str
    role: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a job. kind: a state, "step", "lost" or "deleted"; step: its words in the client's language."""

    number: int
    kind: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it stood when it was asked for."""

    id: str
    state: str
    name: str
    step: str
    ahead: int
    files: tuple[File, ...]
    problem: Problem | None
    data: dict[str, Any] = field(repr=False)
    """The whole answer, as docs/api.md describes it."""
    client: Client = field(repr=False)

    @property
    def ended(self) -> bool:
        return self.state in _ENDED

    def wait(self, seconds: float = 600) -> Job:
        """The job when it has ended well. Raises Problem where it failed or was cancelled, TimeoutError."""
        return self.client.wait(self.id, seconds)

    def photo(self) -> bytes:
        """The first finished file."""
        return self.client.file(self.id, self.files[0].name)

    def save(self, folder: str | Path) -> list[Path]:
        """Writes every finished file into a folder as PHOTO_FILE; the paths."""
        paths = []
        for file in self.files:
            path = Path(folder) / f"{Path(self.name).stem}_{file.name}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.client.file(self.id, file.name))
            paths.append(path)
        return paths


class Client:
    """One service. language: "zh" or "en", of all words that come back; token: where the service asks for one."""

    def __init__(self, url: str = "http://127.0.0.1:7860", *, token: str = "", language: str = "", timeout: float = 60) -> None:
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError(url)
        self._url, self._timeout = url.rstrip("/"), timeout
        self._headers = {"Accept-Language": language} if language else {}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def make(self, photo: Photo, sentence: str, **wish: Any) -> Job:
        """Hands one photo in and waits for it. `wish` as for `submit`."""
        return self.submit([photo], sentence, **wish)[0].wait()

    def submit(self, photos: Sequence[Photo], sentence: str = "", *, key: str = "", **wish: Any) -> list[Job]:
        """Hands photos in: one job each, in order. They are on the service's disk when this returns.

        wish: plan (dict, instead of the sentence), after (list), face, quality, mark, priority, keep_hours, once, webhook,
        backdrop (a photo). key: an idempotency key of your own, so that a later call gives the same jobs.
        """
        fields: dict[str, Any] = {**({"sentence": sentence} if sentence else {}), **wish}
        files = [("photo", photo) for photo in photos]
        if "backdrop" in fields:
            files.append(("backdrop", fields.pop("backdrop")))
        kind, body = _form(fields, files)
        headers = {"Content-Type": kind, "Idempotency-Key": key or secrets.token_hex(16)}
        answer = self._json("POST", "/jobs", body, headers)
        return [self._job(one) for one in answer["jobs"]]

    def read(self, sentence: str, after: Sequence[str] = ()) -> dict[str, Any]:
        """What a sentence is understood to say: reading, plan, explained, problem."""
        body = json.dumps({"sentence": sentence, "after": list(after)}).encode()
        return self._object("POST", "/readings", body, {"Content-Type": "application/json"})

    def job(self, job: str) -> Job:
        """How a job stands now."""
        return self._job(self._json("GET", f"/jobs/{_quoted(job)}"))

    def history(self, state: str = "") -> Iterator[Job]:
        """One's jobs, newest first."""
        before = 0
        while True:
            asked = urllib.parse.urlencode({"before": before, "limit": 100, **({"state": state} if state else {})})
            page = self._json("GET", f"/jobs?{asked}")
            yield from map(self._job, page["jobs"])
            if not page["next"]:
                return
            before = page["next"]

    def follow(self, job: str, after: int = 0) -> Iterator[Event]:
        """What happens to a job, until it ends; goes on where it was when the connection breaks."""
        broken = 0
        while broken < _TRIES:
            try:
                with self._open("GET", f"/jobs/{_quoted(job)}/events", None, {"Last-Event-ID": str(after)}) as answer:
                    if answer.status == http.client.NO_CONTENT:
                        return
                    for event in _events(answer):
                        after, broken = event.number, 0
                        yield event
                        if event.kind in _ENDED:
                            return
            except _BROKEN:
                broken += 1
                time.sleep(0.5 * broken)

    def wait(self, job: str, seconds: float = 600) -> Job:
        """The job when it has ended well. Raises Problem where it failed or was cancelled, TimeoutError."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.job(job)
            if found.problem is not None:
                raise found.problem
            if found.state == "cancelled":
                raise Problem(http.client.CONFLICT, {"code": "job_cancelled", "title": "cancelled"})
            if found.ended:
                return found
            time.sleep(0.05 if found.state == "running" else 0.2)
        raise TimeoutError(job)

    def file(self, job: str, name: str) -> bytes:
        """The bytes of a finished file."""
        return self._bytes("GET", f"/jobs/{_quoted(job)}/files/{_quoted(name)}")

    def report(self, job: str) -> dict[str, Any]:
        """What was understood, done and measured."""
        return self._object("GET", f"/jobs/{_quoted(job)}/report")

    def links(self, job: str, hours: float | None = None) -> dict[str, str]:
        """Addresses of the finished files that anybody may open for some hours, by name."""
        asked = f"?hours={hours}" if hours else ""
        return {one["name"]: one["url"] for one in self._json("POST", f"/jobs/{_quoted(job)}/links{asked}")["links"]}

    def cancel(self, job: str) -> Job:
        """Stops a job: a waiting one at once, a running one at its next step."""
        return self._job(self._json("POST", f"/jobs/{_quoted(job)}/cancel"))

    def delete(self, job: str) -> dict[str, Any]:
        """Deletes a job's files and names; the receipt."""
        return self._object("DELETE", f"/jobs/{_quoted(job)}")

    def standards(self, words: str = "") -> list[dict[str, Any]]:
        """The standards that have all these words."""
        found: list[dict[str, Any]] = self._json("GET", f"/standards?{urllib.parse.urlencode({'q': words})}")
        return found

    def ready(self) -> bool:
        """Whether work that is handed in now would be done now."""
        try:
            return bool(self._json("GET", "/ready")["ready"])
        except (Problem, *_BROKEN):
            return False

    def _job(self, data: dict[str, Any]) -> Job:
        trouble = data["problem"]
        return Job(
            id=data["id"], state=data["state"], name=data["name"], step=(data["step"] or {}).get("text", ""), ahead=data["ahead"],
            files=tuple(File(one["name"], one["role"], one["bytes"], one["sha256"]) for one in data["files"]),
            problem=Problem(trouble["status"], trouble) if trouble else None, data=data, client=self,
        )  # fmt: skip

    def _object(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        found: dict[str, Any] = self._json(method, path, body, headers)
        return found

    def _json(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Any:
        return json.loads(self._bytes(method, path, body, headers))

    def _bytes(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        """The answer's body; a broken connection is tried again. Raises Problem, URLError kinds."""
        for turn in range(1, _TRIES + 1):
            try:
                with self._open(method, path, body, headers or {}) as answer:
                    data: bytes = answer.read()
                    return data
            except _BROKEN:
                if turn == _TRIES:
                    raise
                time.sleep(0.4 * turn)
        raise AssertionError

    def _open(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        whole = {**self._headers, **headers}
        request = urllib.request.Request(f"{self._url}/api/v1{path}", body, whole, method=method)  # noqa: S310 - http, checked
        try:
            return urllib.request.urlopen(request, timeout=self._timeout)  # noqa: S310
        except urllib.error.HTTPError as error:
            with error:
                text = error.read()
            try:
                document = json.loads(text)
            except ValueError:
                document = {"title": error.reason, "detail": text[:200].decode("utf-8", "replace")}
            raise Problem(error.code, document) from None


def _quoted(part: str) -> str:
    return urllib.parse.quote(part, safe="")


def _form(fields: Mapping[str, Any], files: Sequence[tuple[str, Photo]]) -> tuple[str, bytes]:
    """Content type and body of a form (RFC 7578)."""
    edge = secrets.token_hex(16)
    parts: list[bytes] = []
    for name, value in fields.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            text = one if isinstance(one, str) else json.dumps(one)
            parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode())
    for name, photo in files:
        called, data = _named(photo)
        called = called.replace('"', "%22").replace("\r", "").replace("\n", "")
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
        parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", data, b"\r\n"]
    return f"multipart/form-data; boundary={edge}", b"".join([*parts, f"--{edge}--\r\n".encode()])


def _named(photo: Photo) -> tuple[str, bytes]:
    if isinstance(photo, tuple):
        return photo
    if isinstance(photo, bytes):
        return "photo", photo
    return Path(photo).name, Path(photo).read_bytes()


def _events(lines: Iterator[bytes]) -> Iterator[Event]:
    """The events of one stream."""
    number, kind, data = 0, "", ""
    for raw in lines:
        name, _, value = raw.decode("utf-8").rstrip("\r\n").partition(": ")
        if name == "id":
            number = int(value)
        elif name == "event":
            kind = value
        elif name == "data":
            data = value
        elif not name and kind:
            yield Event(number, kind, json.loads(data).get("step", {}).get("text", ""))
            kind = ""
