"""A batch handed to workers elsewhere: the same files and the same report as on one machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.jobs.a_postgres import Server
from tests.jobs.test_engine import ROOT, kill_at_work, start_machine, until

from f2p.batches.journal import FOLDER
from f2p.doors.cli.main import main
from f2p.jobs.job import State
from f2p.jobs.settings import ShelfSettings
from f2p.jobs.shelf import Shelf


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Good ones of several sizes and kinds, a damaged one and an empty one."""
    folder = tmp_path / "photos"
    (folder / "class 2").mkdir(parents=True)
    with Image.open(ROOT / "face_image.png") as opened:
        picture = opened.convert("RGB")
    for number, (width, kind) in enumerate([(900, "jpeg"), (760, "png"), (640, "webp"), (820, "jpeg"), (700, "tiff")]):
        small = picture.resize((width, round(picture.height * width / picture.width)))
        small.save(folder / ("class 2" if number % 2 else ".") / f"20230{number}.{kind}")
    whole = BytesIO()
    picture.resize((300, 400)).save(whole, "jpeg")
    (folder / "damaged.jpg").write_bytes(whole.getvalue()[:900])
    (folder / "empty.jpg").write_bytes(b"")
    return folder


@pytest.fixture
def shared(postgres: Server, with_tables: str, tmp_path: Path) -> Iterator[Shelf]:
    """A shelf for several machines."""
    settings = ShelfSettings(
        folder=tmp_path / "here", reserve_bytes=1, lease_seconds=5, database=postgres.emptied(with_tables),
        engine="procrastinate", storage=str(tmp_path / "shared"),
    )  # fmt: skip
    shelf = Shelf(settings)
    yield shelf
    shelf.database.close()


def files(folder: Path) -> dict[str, bytes]:
    """Everything that a person finds in a batch's folder."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if not name.startswith(FOLDER)}


@pytest.mark.slow
def test_machines_make_what_one_machine_makes(
    photos: Path, shared: Shelf, postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three workers killed at work, the database ended hard once: files and reports are one machine's, byte for byte."""
    here, there = tmp_path / "a" / "out", tmp_path / "b" / "out"
    local = main(["batch", str(photos), "一寸白底", "-o", str(here), "-q"])

    crew = [start_machine(shared, tmp_path / f"machine{n}", "f2p.machines.work", F2P_THREADS="1") for n in range(3)]
    monkeypatch.setenv("F2P_STORAGE", shared.settings.storage)
    monkeypatch.setenv("F2P_SHELF_DIR", str(tmp_path / "driver"))
    command = ["f2p", "batch", str(photos), "一寸白底", "-o", str(there), "-q", "--database", shared.settings.database]
    batch = subprocess.Popen([*_python(), *command[1:]])
    kill_at_work(shared, crew[0])
    postgres.stop("immediate")
    postgres.start()
    until(shared, lambda: batch.poll() is not None, seconds=120)
    for worker in crew[1:]:
        worker.terminate()
        worker.wait(20)

    assert batch.returncode == local
    alike(files(here), files(there))
    assert shared.counts()[State.DONE] == 7
    assert list(shared.folders.jobs()) == []


def alike(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    """The same names with the same bytes."""
    assert list(one) == list(other)
    assert [name for name in one if one[name] != other[name]] == []


def _python() -> list[str]:
    return [sys.executable, "-m", "f2p"]
