"""Photos that were chosen on the page and not handed in yet: bytes under a number that nobody can guess, for some hours."""

from __future__ import annotations

import os
import re
import secrets
import time
from pathlib import Path

from f2p.doors.api.service import Caller, Service
from f2p.doors.api.submit import Picture, picture
from f2p.errors import JobGone

_STAYS = 6 * 3600.0
_NUMBER = re.compile(r"[0-9a-f]{32}")


def keep(service: Service, data: bytes, name: str) -> str:
    """The number under which the photo waits. Raises EmptyFile, TooLarge, OSError kinds."""
    given = picture(data, name, service)
    folder = _folder(service)
    for left in folder.iterdir():
        if time.time() - left.stat().st_mtime > _STAYS:
            left.unlink(missing_ok=True)
    number = secrets.token_hex(16)
    named = given.name.encode()[:255]
    with os.fdopen(os.open(folder / number, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(bytes([len(named)]) + named + given.data)
    return number


def photo(service: Service, caller: Caller, number: str) -> Picture:
    """A photo that was chosen, or ("job:ID") the one of a job of the caller. Raises JobGone, NoSuchJob."""
    kind, _, job = number.rpartition(":")
    if kind == "job":
        found = service.job(caller, job)
        if found.deleted:
            raise JobGone(job=job)
        return Picture(service.shelf.folders.inputs(job)[0], found.name)
    path = _folder(service) / number
    if not _NUMBER.fullmatch(number) or not path.is_file():
        raise JobGone(job=number[:32])
    data = path.read_bytes()
    return Picture(data[1 + data[0] :], data[1 : 1 + data[0]].decode(errors="replace"))


def _folder(service: Service) -> Path:
    folder = service.shelf.settings.folder / "tmp" / "page"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
