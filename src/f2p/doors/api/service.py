"""What every route of this door holds, and who is calling."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from fastapi import Request

from f2p.catalogue.messages import Messages
from f2p.doors.api.problems import language_of, messages
from f2p.doors.api.secret import Secret
from f2p.doors.api.settings import ApiSettings
from f2p.doors.api.tokens import Tokens
from f2p.errors import NoSuchJob, ScopeMissing, TokenMissing, TooManyRequests
from f2p.jobs.job import Job
from f2p.jobs.shelf import Shelf
from f2p.settings import Settings

LOCAL = "local"
_WRONG_TOKENS_PER_MINUTE = 5
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the client's name, what it may do, and its language."""

    client: str
    scopes: frozenset[str]
    text: Messages

    def must(self, scope: str) -> None:
        """Raises ScopeMissing."""
        if not self.scopes & {scope, "admin"}:
            raise ScopeMissing(scope=scope)

    @property
    def sees(self) -> str:
        """Whose jobs it may see; empty: everybody's."""
        return "" if "admin" in self.scopes else self.client


class Rate:
    """A bucket for each client that refills steadily; the longest unused are forgotten."""

    def __init__(self, per_minute: float) -> None:
        self._per_second, self._most = per_minute / 60, per_minute
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, amount: float = 1) -> None:
        """Takes so much of what a client may do. Raises TooManyRequests, and takes nothing, where that is not left."""
        amount = min(amount, self._most)
        with self._lock:
            left, now = self._left(client)
            enough = left >= amount
            self._buckets[client] = (left - amount if enough else left, now)
            self._buckets.move_to_end(client)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        if not enough:
            raise self._wait(amount - left)

    def check(self, client: str) -> None:
        """Raises TooManyRequests where a client has nothing left."""
        with self._lock:
            left, _ = self._left(client)
        if left < 1:
            raise self._wait(1 - left)

    def _left(self, client: str) -> tuple[float, float]:
        now = time.monotonic()
        left, at = self._buckets.get(client, (self._most, now))
        return min(self._most, left + (now - at) * self._per_second), now

    def _wait(self, missing: float) -> TooManyRequests:
        return TooManyRequests(seconds=max(1, round(missing / self._per_second)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The shelf, the settings of all rooms, and who may call; made once by `app.build`."""

    shelf: Shelf
    settings: Settings
    api: ApiSettings
    tokens: Tokens
    secret: Secret
    submits: Rate
    wrong_tokens: Rate = field(default_factory=lambda: Rate(_WRONG_TOKENS_PER_MINUTE))
    closing: threading.Event = field(default_factory=threading.Event)

    def caller(self, request: Request) -> Caller:
        """Who calls. Raises TokenMissing, TooManyRequests after several wrong tokens from one address."""
        text = messages(language_of(request.headers.get("accept-language", ""), self.settings.language))
        if not self.tokens.all():
            return Caller(LOCAL, frozenset({"submit", "read", "admin"}), text)
        address = request.client.host if request.client else "-"
        self.wrong_tokens.check(address)
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        token = self.tokens.find(secret.strip()) if kind.lower() == "bearer" and secret.strip() else None
        if token is None:
            if secret:
                self.wrong_tokens.take(address)
            raise TokenMissing
        return Caller(token.name, frozenset(token.scopes), text)

    def job(self, caller: Caller, job: str) -> Job:
        """A job that the caller may see; one of somebody else is as good as none. Raises NoSuchJob."""
        found = self.shelf.get(job)
        if caller.sees and found.client != caller.sees:
            raise NoSuchJob(job=job)
        return found


def service_of(request: Request) -> Service:
    """The service behind a request."""
    service: Service = request.app.state.service
    return service


def caller_of(request: Request) -> Caller:
    """Who calls; a route that asks for this needs a token where tokens are in use."""
    return service_of(request).caller(request)
