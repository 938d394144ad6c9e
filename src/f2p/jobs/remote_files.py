"""The files of jobs behind a URL that fsspec knows (s3://bucket/f2p): the same promises as `Folders`, without renames.

An object stands whole or not at all, and the row that names an attempt is written after all its objects: whatever no row names is
swept. What is read as a file here (`path`) is fetched into a folder of this machine first.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from f2p.errors import BadSetting
from f2p.jobs.folders import described
from f2p.jobs.job import JobFile

try:
    import fsspec
except ImportError as missing:
    raise BadSetting(name="F2P_STORAGE", value="fsspec", reason="needs_distributed") from missing


class RemoteFiles:
    """All jobs' files under one URL. Raises OSError kinds. root: where fetched files lie on this machine."""

    def __init__(self, url: str, fetched: Path) -> None:
        self.root = fetched
        try:
            self._fs, base = fsspec.core.url_to_fs(url, skip_instance_cache=False, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise BadSetting(name="F2P_STORAGE", value=url.partition(":")[0], reason="storage_unknown") from error
        self._base = f"{base.rstrip('/')}/jobs"
        fetched.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, job: str, data: bytes, backdrop: bytes) -> None:
        """The inputs of a new job."""
        try:
            self._write(f"{job}/input", data)
            if backdrop:
                self._write(f"{job}/backdrop", backdrop)
        except BaseException:
            self.delete(job)
            raise

    def flush(self) -> None:
        """Objects are kept when they are written."""

    def inputs(self, job: str) -> tuple[bytes, bytes]:
        """The picture handed in, and the one to stand behind or nothing."""
        data = self._fs.cat_file(self._at(f"{job}/input"))
        try:
            return data, self._fs.cat_file(self._at(f"{job}/backdrop"))
        except FileNotFoundError:
            return data, b""

    def publish(self, job: str, attempt: int, files: Mapping[str, tuple[str, bytes]]) -> tuple[JobFile, ...]:
        """Writes name → (role, bytes)."""
        try:
            for name, (_, data) in files.items():
                self._write(f"{job}/a{attempt}/{name}", data)
        except BaseException:
            self.withdraw(job, attempt)
            raise
        return described(files)

    def withdraw(self, job: str, attempt: int) -> None:
        """Takes an attempt's files away that nobody will speak of."""
        self.discard(job, f"a{attempt}")

    def path(self, job: str, attempt: int, name: str) -> Path:
        """One finished file, fetched; where it would lie if it is not there."""
        here = self.root / job / f"a{attempt}" / name
        if not here.exists():
            with suppress(FileNotFoundError):
                data = self._fs.cat_file(self._at(f"{job}/a{attempt}/{name}"))
                here.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                part = here.with_name(f".{name}.part")
                part.write_bytes(data)
                part.replace(here)
        return here

    def delete(self, job: str) -> None:
        """Takes everything of a job away; gone already is as good."""
        self._remove(job)
        shutil.rmtree(self.root / job, ignore_errors=True)

    def jobs(self) -> Iterator[str]:
        """The ids that have files."""
        yield from self._names("")

    def age_of(self, job: str, now: float) -> float:
        """Seconds since the job's picture came; 0 if it is gone, without end where the store does not say."""
        with suppress(FileNotFoundError):
            try:
                return float(now - self._fs.modified(self._at(f"{job}/input")).timestamp())
            except NotImplementedError:
                return float("inf")
        return 0

    def leftovers(self, job: str, attempt: int | None) -> list[str]:
        """Attempts other than the one that counts (None: none does)."""
        return [name for name in self._names(job) if name.startswith("a") and name != f"a{attempt}"]

    def discard(self, job: str, folder: str) -> None:
        """Takes the files of one attempt away."""
        self._remove(f"{job}/{folder}")
        shutil.rmtree(self.root / job / folder, ignore_errors=True)

    def _write(self, name: str, data: bytes) -> None:
        self._fs.makedirs(self._at(name).rpartition("/")[0], exist_ok=True)
        self._fs.pipe_file(self._at(name), data)

    def _remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self._fs.rm(self._at(name), recursive=True)

    def _names(self, below: str) -> list[str]:
        try:
            found = self._fs.ls(self._at(below) if below else self._base, detail=False)
        except FileNotFoundError:
            return []
        return [name.rstrip("/").rpartition("/")[2] for name in found]

    def _at(self, name: str) -> str:
        return f"{self._base}/{name}"
