"""The shelf's part of the environment as one frozen value; read once, by the door that starts the service."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from f2p.errors import BadSetting
from f2p.settings import amount

_MB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfSettings:
    """What the administrator may set about jobs; every field names its environment variable."""

    folder: Path
    """F2P_SHELF_DIR: database and files of all jobs; a local disk, never a network share (SQLite's locks need one)."""
    keep_hours: float = 720
    """F2P_KEEP_HOURS: how long the files of a finished job stay."""
    quota_bytes: int = 20 * 1024 * _MB
    """F2P_QUOTA_MB: what all jobs may use on the disk; above it the oldest finished ones go first."""
    reserve_bytes: int = 0
    """F2P_RESERVE_MB: room that must stay free on the disk; 0 = 1 GiB or 5 % of the disk, whichever is more."""
    most_waiting: int = 10_000
    """F2P_MAX_WAITING: jobs that may wait at once."""
    lease_seconds: float = 30
    """F2P_LEASE_SECONDS: a job whose worker says nothing for so long is given to another."""
    job_seconds: float = 120
    """F2P_JOB_SECONDS: longest time for one job."""
    job_memory_mb: int = 6144
    """F2P_JOB_MEMORY_MB: address space of a worker."""
    database: str = ""
    """F2P_DATABASE: postgresql://… for several machines; empty = SQLite in the folder."""
    engine: str = "local"
    """F2P_ENGINE: "local", workers of this machine look for themselves; "procrastinate", workers anywhere are told."""
    storage: str = ""
    """F2P_STORAGE: where all machines find the files: a shared folder, or a URL that fsspec knows (s3://bucket/f2p)."""


def load_shelf_settings(env: Mapping[str, str] | None = None) -> ShelfSettings:
    """Shelf settings from `env` (default: the process environment). Raises BadSetting."""
    env = os.environ if env is None else env
    usual = ShelfSettings(folder=_folder(env))
    reserve = amount(env, "F2P_RESERVE_MB", 1) * _MB if env.get("F2P_RESERVE_MB") else 0
    return ShelfSettings(
        folder=usual.folder,
        keep_hours=amount(env, "F2P_KEEP_HOURS", usual.keep_hours),
        quota_bytes=int(amount(env, "F2P_QUOTA_MB", usual.quota_bytes / _MB) * _MB),
        reserve_bytes=int(reserve),
        most_waiting=int(amount(env, "F2P_MAX_WAITING", usual.most_waiting)),
        lease_seconds=amount(env, "F2P_LEASE_SECONDS", usual.lease_seconds),
        job_seconds=amount(env, "F2P_JOB_SECONDS", usual.job_seconds),
        job_memory_mb=int(amount(env, "F2P_JOB_MEMORY_MB", usual.job_memory_mb)),
        database=_database(env),
        engine=_engine(env),
        storage=env.get("F2P_STORAGE", ""),
    )


def _database(env: Mapping[str, str]) -> str:
    given = env.get("F2P_DATABASE", "")
    if given and not given.startswith(("postgresql://", "postgres://")):
        raise BadSetting(name="F2P_DATABASE", value=given.partition(":")[0], reason="not_a_database")
    return given


def _engine(env: Mapping[str, str]) -> str:
    database = _database(env)
    given = env.get("F2P_ENGINE") or ("procrastinate" if database else "local")
    if given not in {"local", "procrastinate"} or (given == "procrastinate" and not database):
        raise BadSetting(name="F2P_ENGINE", value=given, reason="not_an_engine")
    return given


def _folder(env: Mapping[str, str]) -> Path:
    if env.get("F2P_SHELF_DIR"):
        return Path(env["F2P_SHELF_DIR"]).expanduser()
    root = Path(__file__).resolve().parents[3]
    if (root / "pyproject.toml").is_file():  # a checkout: beside the code, git-ignored
        return root / "shelf"
    state = env.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "f2p" / "shelf"
