"""Bringing a model's folder: what is fetched, what is not fetched again, what is found out, and what fits this machine."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from f2p import studio
from f2p.engines.generative.fetching import damaged_in, pull_folder
from f2p.engines.generative.hub import Remote
from f2p.engines.generative.store import located
from f2p.errors import FetchFailed, GeneratorMissing, ModelDamaged
from f2p.settings import Settings
from f2p.values.generation import Budget

FILES = {"model.safetensors": b"weights " * 1000, "README.md": b"licence: Apache-2.0", "preview.png": b"not wanted"}
NAME = "qwen-image-edit-f2p"


class Shelf:
    """A hub in memory. breaks: fetches that end in the middle; wrong: fetches that bring other bytes."""

    name = "shelf"

    def __init__(self, *, breaks: int = 0, wrong: int = 0) -> None:
        self.breaks, self.wrong = breaks, wrong
        self.fetched: list[str] = []

    def files(self, model: str) -> list[Remote]:
        """See `Hub`."""
        assert model == "DiffSynth-Studio/Qwen-Image-Edit-F2P"
        hashes = {name: hashlib.sha256(data).hexdigest() if name.endswith(".safetensors") else "" for name, data in FILES.items()}
        return [Remote(name, len(data), hashes[name]) for name, data in FILES.items()]

    def fetch(self, model: str, path: str, folder: Path) -> None:
        """See `Hub`."""
        self.fetched.append(path)
        if self.breaks:
            self.breaks -= 1
            raise ConnectionError("the line broke")
        data = FILES[path]
        if self.wrong and path.endswith(".safetensors"):
            self.wrong -= 1
            data = b"x" + data[1:]
        (folder / path).write_bytes(data)


@pytest.fixture
def here(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with an empty folder of models."""
    return replace(settings, generators_dir=tmp_path)


def test_a_folder_is_fetched_checked_and_kept(here: Settings) -> None:
    """Wanted files only, where the article has them; asked again nothing is fetched; told: which of how many."""
    hub, told = Shelf(), []
    folder = pull_folder(NAME, here, told.append, hub)

    assert folder == here.generators_dir / "DiffSynth-Studio" / "Qwen-Image-Edit-F2P" == located(NAME, here)
    assert sorted(hub.fetched) == ["README.md", "model.safetensors"] and told[0].startswith("1/2 ")
    pull_folder(NAME, here, told.append, hub)
    assert len(hub.fetched) == 2
    assert damaged_in(NAME, here) == ""


def test_a_broken_line_is_told_and_the_next_try_goes_on(here: Settings) -> None:
    """What arrived before the break is not fetched again."""
    hub = Shelf()
    hub.files("DiffSynth-Studio/Qwen-Image-Edit-F2P")
    pull_folder(NAME, here, lambda _: None, hub)
    (located(NAME, here) / "README.md").unlink()
    hub.breaks = 1
    with pytest.raises(FetchFailed):
        pull_folder(NAME, here, lambda _: None, hub)
    hub.fetched.clear()
    pull_folder(NAME, here, lambda _: None, hub)
    assert hub.fetched == ["README.md"]


def test_wrong_bytes_are_found_out(here: Settings) -> None:
    """Wrong once: fetched again; wrong twice: an error that names the file; changed later: found by reading every byte."""
    pull_folder(NAME, here, lambda _: None, Shelf(wrong=1))
    weights = located(NAME, here) / "model.safetensors"
    assert weights.read_bytes() == FILES["model.safetensors"]
    weights.write_bytes(b"y" + weights.read_bytes()[1:])
    assert damaged_in(NAME, here) == "model.safetensors"
    with pytest.raises(ModelDamaged):
        pull_folder(NAME, here, lambda _: None, Shelf(wrong=2))


def test_a_folder_of_ones_own_is_taken(here: Settings) -> None:
    """A copy without its maker's folder is found; a part that is missing is named."""
    (here.generators_dir / "Qwen-Image-Edit-F2P").mkdir()
    with pytest.raises(GeneratorMissing) as caught:
        located(NAME, here)
    assert caught.value.params["name"] == "model.safetensors"
    (here.generators_dir / "Qwen-Image-Edit-F2P" / "model.safetensors").write_bytes(b"")
    assert located(NAME, here).name == "Qwen-Image-Edit-F2P"


def test_doctor_says_what_fits(here: Settings) -> None:
    """For a 24 GB card with 18 free and 64 GB of host memory: 8-bit weights, how much stays and how much is streamed."""
    fits = studio.what_fits(here, Budget(vram_gb=18.0, ram_gb=64.0, disk="/d"))
    nothing = studio.what_fits(here, Budget(vram_gb=0.0, ram_gb=64.0, disk="/d"))

    assert fits is not None and fits.vram_gb <= 18.0 and fits.stream_gb > 0
    assert nothing is None
