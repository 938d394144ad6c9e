"""A real process of the command line, and a folder with a real portrait in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import f2p

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("edit", photo, sentence, env={...}, stdin="…")`: the finished process of `python -m f2p`, in an empty folder."""

    def start(*args: str | Path, env: Mapping[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
        whole = {**os.environ, "PYTHONPATH": str(Path(f2p.__file__).parents[1]), "F2P_LANG": "zh", **(env or {})}
        command = [sys.executable, "-m", "f2p", *map(str, args)]
        return subprocess.run(
            command, input=stdin, capture_output=True, encoding="utf-8", env=whole, cwd=tmp_path, timeout=120, check=False
        )

    return start


@pytest.fixture
def portrait(astronaut_path: Path, tmp_path: Path) -> Path:
    """A real portrait in a folder of its own."""
    folder = tmp_path / "photos"
    folder.mkdir()
    return Path(shutil.copy(astronaut_path, folder / "me.png"))
