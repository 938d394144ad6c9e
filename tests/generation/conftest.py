"""Models and lanes for the tests of generated pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.generation.fake_backend import FakeBackend

from f2p.engines.generative.lane import Lane
from f2p.engines.suite import Engines
from f2p.settings import Settings
from f2p.values.generation import Budget

ROOMY = Budget(vram_gb=1000.0, ram_gb=1000.0)
CONFIG = '{"num_layers": 60}'


@pytest.fixture
def shells(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with model folders that are complete by name and size and hold nothing."""
    for folder, parts in (
        ("Qwen/Qwen-Image", ("text_encoder", "vae", "tokenizer", "scheduler", "transformer")),
        ("Qwen/Qwen-Image-Edit", ("text_encoder", "vae", "tokenizer", "scheduler", "transformer", "processor")),
    ):
        for part in parts:
            (tmp_path / folder / part).mkdir(parents=True)
        (tmp_path / folder / "model_index.json").write_text("{}")
        (tmp_path / folder / "transformer" / "config.json").write_text(CONFIG)
        for part, gb in (("transformer", 40.86), ("text_encoder", 16.58), ("vae", 0.25)):
            with (tmp_path / folder / part / "all.safetensors").open("wb") as file:
                file.truncate(round(gb * 1e9))  # as large as the real ones, and not one byte on the disk
    for name in (
        "DiffSynth-Studio/Qwen-Image-Edit-F2P/model.safetensors",
        "lightx2v/Qwen-Image-Lightning/Qwen-Image-Lightning-4steps-V1.0-bf16.safetensors",
        "lightx2v/Qwen-Image-Lightning/Qwen-Image-Edit-Lightning-8steps-V1.0-bf16.safetensors",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    return replace(settings, generators_dir=tmp_path)


@pytest.fixture
def suite(shells: Settings) -> Callable[[FakeBackend], Engines]:
    """The real exact engines of this machine with a sampler of our own on the lane."""

    def made(backend: FakeBackend) -> Engines:
        engines = Engines(shells)
        engines._opened["generator"] = Lane(shells, lambda: backend, lambda _settings: ROOMY)
        return engines

    return made
