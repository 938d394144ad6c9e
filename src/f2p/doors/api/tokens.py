"""Tokens of the API: kept as SHA-256 in one small file, shown once when they are made.

Without any token the service serves this machine only and asks for none; with one, everybody needs one, on this machine too (a
proxy makes everybody look local).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

SCOPES = ("submit", "read", "admin")
"""submit: hand in, cancel, delete; read: look and fetch, one's own; admin: everybody's."""


@dataclass(frozen=True, slots=True)
class Token:
    """One client: its name, the hash of its token, and what it may do."""

    name: str
    sha256: str
    scopes: tuple[str, ...]


class Tokens:
    """The tokens of one shelf's folder; read again when the file changes. Raises OSError kinds, ValueError for a damaged file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "tokens.json"
        self._lock = threading.Lock()
        self._read_at = -1
        self._tokens: tuple[Token, ...] = ()

    def all(self) -> tuple[Token, ...]:
        """Every token."""
        with self._lock:
            try:
                changed = self._path.stat().st_mtime_ns
            except FileNotFoundError:
                self._tokens, self._read_at = (), -1
                return ()
            if changed != self._read_at:
                rows = json.loads(self._path.read_text(encoding="utf-8"))
                self._tokens = tuple(Token(row["name"], row["sha256"], tuple(row["scopes"])) for row in rows)
                self._read_at = changed
            return self._tokens

    def find(self, secret: str) -> Token | None:
        """Whose token that is; all are compared, each in constant time."""
        digest = _digest(secret)
        found = [one for one in self.all() if hmac.compare_digest(one.sha256, digest)]
        return found[0] if found else None

    def add(self, name: str, scopes: Sequence[str]) -> str:
        """A new token for a client, in place of an older one; the secret is returned and kept nowhere. Raises ValueError."""
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,40}", name) or not scopes or not set(scopes) <= set(SCOPES):
            raise ValueError(name)
        secret = f"f2p_{secrets.token_urlsafe(32)}"
        kept = [one for one in self.all() if one.name != name]
        self._write([*kept, Token(name, _digest(secret), tuple(scopes))])
        return secret

    def remove(self, name: str) -> bool:
        """Whether there was such a client; it no longer gets in."""
        kept = [one for one in self.all() if one.name != name]
        there = len(kept) < len(self.all())
        if there:
            self._write(kept)
        return there

    def _write(self, tokens: Sequence[Token]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([asdict(one) for one in tokens], file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
