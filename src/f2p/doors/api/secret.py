"""The service's own secret: signs links to results, and webhooks. Made once, readable by the service's user alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path


class Secret:
    """A key for each use, derived from the one in `folder`/secret."""

    def __init__(self, folder: Path) -> None:
        path = folder / "secret"
        with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        self._key = path.read_bytes()
        if len(self._key) != 32:
            raise OSError(f"not a key: {path}")

    def sign_link(self, job: str, name: str, expires: int) -> str:
        """The signature of a link to one file that lasts until `expires` (seconds since 1970)."""
        return _sign(self._derived(b"links"), f"{job}/{name}/{expires}".encode())

    def link_is_good(self, job: str, name: str, expires: int, signature: str) -> bool:
        """Whether this service made that signature; when it ends is not looked at here."""
        return hmac.compare_digest(self.sign_link(job, name, expires).encode(), signature.encode())

    @property
    def webhook_secret(self) -> str:
        """What a receiver checks webhooks with, in the form of Standard Webhooks."""
        return "whsec_" + base64.b64encode(self._derived(b"webhooks")).decode()

    def sign_webhook(self, message: str, timestamp: int, body: bytes) -> str:
        """The header webhook-signature of Standard Webhooks 1.0: v1, HMAC-SHA256 of id.timestamp.body."""
        signed = f"{message}.{timestamp}.".encode() + body
        return "v1," + base64.b64encode(hmac.digest(self._derived(b"webhooks"), signed, "sha256")).decode()

    def _derived(self, use: bytes) -> bytes:
        return hmac.digest(self._key, use, hashlib.sha256)


def _sign(key: bytes, what: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, what, "sha256")).decode().rstrip("=")
