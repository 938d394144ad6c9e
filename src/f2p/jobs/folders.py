"""The files of jobs: one folder a job, everything in it whole and on the disk before the database speaks of it.

jobs/ID/input        the picture handed in        jobs/ID/a3/photo.jpg   what the third attempt made
jobs/ID/backdrop     a picture to stand behind    jobs/ID/a3.part/       being written; never looked at
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from f2p.jobs.job import JobFile


class Files(Protocol):
    """Where the files of all jobs lie, as the shelf sees it; `Folders` says what each does. root: where `path` is looked for."""

    root: Path

    def keep(self, job: str, data: bytes, backdrop: bytes) -> None: ...
    def flush(self) -> None: ...
    def inputs(self, job: str) -> tuple[bytes, bytes]: ...
    def publish(self, job: str, attempt: int, files: Mapping[str, tuple[str, bytes]]) -> tuple[JobFile, ...]: ...
    def withdraw(self, job: str, attempt: int) -> None: ...
    def path(self, job: str, attempt: int, name: str) -> Path: ...
    def delete(self, job: str) -> None: ...
    def jobs(self) -> Iterator[str]: ...
    def age_of(self, job: str, now: float) -> float: ...
    def leftovers(self, job: str, attempt: int | None) -> list[str]: ...
    def discard(self, job: str, folder: str) -> None: ...


class Folders:
    """All jobs' folders under one root. Raises OSError kinds; what a failed call began is taken away again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, job: str, data: bytes, backdrop: bytes) -> None:
        """The inputs of a new job, on the disk. Its folder's own name is flushed by `flush`."""
        folder = self.root / job
        folder.mkdir(mode=0o700)
        try:
            _write(folder / "input", data)
            if backdrop:
                _write(folder / "backdrop", backdrop)
            _flush(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def flush(self) -> None:
        """New folders' names onto the disk."""
        _flush(self.root)

    def inputs(self, job: str) -> tuple[bytes, bytes]:
        """The picture handed in, and the one to stand behind or nothing."""
        backdrop = self.root / job / "backdrop"
        return (self.root / job / "input").read_bytes(), backdrop.read_bytes() if backdrop.exists() else b""

    def publish(self, job: str, attempt: int, files: Mapping[str, tuple[str, bytes]]) -> tuple[JobFile, ...]:
        """Writes name → (role, bytes) aside, flushes, and renames: the attempt's folder is there whole or not at all."""
        part, whole = self.root / job / f"a{attempt}.part", self._made(job, attempt)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        try:
            for name, (_, data) in files.items():
                _write(part / name, data)
            _flush(part)
            if whole.exists():  # offered again by the same attempt, whose answer was lost
                shutil.rmtree(part)
            else:
                part.rename(whole)
            _flush(whole.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            shutil.rmtree(whole, ignore_errors=True)
            raise
        return described(files)

    def withdraw(self, job: str, attempt: int) -> None:
        """Takes an attempt's files away that nobody will speak of."""
        shutil.rmtree(self._made(job, attempt), ignore_errors=True)

    def path(self, job: str, attempt: int, name: str) -> Path:
        """Where one finished file lies."""
        return self._made(job, attempt) / name

    def delete(self, job: str) -> None:
        """Takes everything of a job away; gone already is as good."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.root / job)

    def jobs(self) -> Iterator[str]:
        """The ids that have a folder."""
        with os.scandir(self.root) as entries:
            for entry in entries:
                yield entry.name

    def age_of(self, job: str, now: float) -> float:
        """Seconds since something was made or taken away in the job's folder; 0 if it is gone."""
        with suppress(FileNotFoundError):
            return now - (self.root / job).stat().st_mtime
        return 0

    def leftovers(self, job: str, attempt: int | None) -> list[str]:
        """Folders of attempts other than the one that counts (None: none does)."""
        with suppress(FileNotFoundError):
            return [one.name for one in (self.root / job).iterdir() if one.is_dir() and one.name != f"a{attempt}"]
        return []

    def discard(self, job: str, folder: str) -> None:
        """Takes one folder of an attempt away."""
        shutil.rmtree(self.root / job / folder, ignore_errors=True)

    def _made(self, job: str, attempt: int) -> Path:
        return self.root / job / f"a{attempt}"


def described(files: Mapping[str, tuple[str, bytes]]) -> tuple[JobFile, ...]:
    """The files as the rows speak of them."""
    return tuple(
        JobFile(name=name, role=role, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        for name, (role, data) in files.items()
    )


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
