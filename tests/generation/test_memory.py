"""What lies where: the plan for a budget, 8-bit weights with row scales, and what streaming and LoRAs leave unchanged."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.generation.test_contract import DRAW, PLAN, never, silent
from tests.generation.tiny_models import lower_reference, save_lora, save_tiny

from f2p.catalogue.generation import size_of_model
from f2p.engines.generative.memory_plan import block_gb, memory_plan, smaller_plan
from f2p.errors import GeneratorMissing, ModelDamaged
from f2p.values.generation import Budget, Fitting, Home, MemoryPlan, ModelSpec, Store
from f2p.values.sampling import Draw, Prompt

SIZE = size_of_model()


def plan_for(vram_gb: float, ram_gb: float = 64.0, disk: str = "/d") -> MemoryPlan | None:
    """The plan of the real model for a budget."""
    return memory_plan(SIZE, Budget(vram_gb=vram_gb, ram_gb=ram_gb, disk=disk))


@pytest.mark.parametrize("vram_gb", [8.0, 12.0, 16.0, 18.0, 24.0, 32.0, 48.0, 80.0])
def test_no_plan_takes_more_than_its_budget(vram_gb: float) -> None:
    """GPU and host memory of every plan fit, and more GPU memory never means more to stream."""
    plan, larger = plan_for(vram_gb), plan_for(vram_gb + 4.0)
    assert plan is not None and larger is not None

    assert plan.vram_gb <= vram_gb and plan.ram_gb <= 60.0
    assert larger.stream_gb <= plan.stream_gb
    assert plan.stream_gb == pytest.approx((plan.blocks - plan.resident) * block_gb(SIZE, plan.store), abs=0.01)


def test_a_24_gb_card_keeps_most_blocks_and_streams_the_rest_from_pinned_memory() -> None:
    """18 GB of 24: 8-bit weights, most blocks resident; all 24 GB: nothing is streamed, with 64 GB of host memory."""
    small, whole = plan_for(18.0), plan_for(24.5)
    assert small is not None and whole is not None

    assert small.store is Store.FP8 and small.home is Home.PINNED and small.tiled
    assert 38 <= small.resident < 60
    assert whole.store is Store.FP8 and whole.resident == 60 and whole.stream_gb == 0 and whole.home is Home.NONE


def test_a_data_centre_card_holds_everything() -> None:
    """80 GB: bf16, all of it on the GPU."""
    plan = plan_for(80.0)
    assert plan is not None and plan.store is Store.BF16 and plan.encoder_home is Home.NONE and plan.stream_gb == 0


def test_the_disk_comes_last() -> None:
    """Little host memory: the text encoder waits on the disk first, the blocks when they must; no disk, no plan."""
    middle, least = plan_for(8.0, ram_gb=26.0), plan_for(8.0, ram_gb=8.0)
    assert middle is not None and least is not None

    assert (middle.home, middle.encoder_home) == (Home.RAM, Home.DISK)
    assert (least.home, least.encoder_home) == (Home.DISK, Home.DISK)
    assert plan_for(8.0, ram_gb=8.0, disk="") is None


def test_smaller_plans_end() -> None:
    """After running out of memory each next plan takes clearly less, and the last one is the last."""
    budget = Budget(vram_gb=80.0, ram_gb=64.0, disk="/d")
    plan, seen = memory_plan(SIZE, budget), []
    while plan is not None:
        seen.append(plan.vram_gb)
        plan = smaller_plan(plan, SIZE, budget)

    assert seen[0] > 55 and seen[-1] < 8.0
    assert all(after <= 0.9 * before for before, after in pairwise(seen))
    assert memory_plan(SIZE, Budget(vram_gb=3.0, ram_gb=64.0, disk="/d")) is None


def fp8(home: Home = Home.NONE, resident: int = 3) -> MemoryPlan:
    """8-bit weights of the tiny model."""
    return MemoryPlan(
        store=Store.FP8, blocks=3, resident=resident, home=home, encoder_store=Store.FP8, encoder_home=Home.NONE, tiled=False,
        vram_gb=0.0, ram_gb=0.0, stream_gb=0.0,
    )  # fmt: skip


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Any:
    """diffusers, where it is installed."""
    pytest.importorskip("torch", reason="the extra f2p[gpu] is not installed")
    pytest.importorskip("diffusers", reason="the extra f2p[gpu] is not installed")
    from f2p.engines.generative.diffusers_backend import DiffusersBackend

    lower_reference(monkeypatch)
    return DiffusersBackend()


@pytest.fixture
def folder(tmp_path: Path, backend: Any) -> Path:
    """A tiny text model of its own for each test."""
    return save_tiny("text", tmp_path / "Qwen-Image")


def picture(backend: Any, draw: Draw = DRAW) -> Any:
    """One picture as whole numbers."""
    cond = backend.encode(Prompt(text="a lighthouse at dusk", negative="fog"))
    return backend.sample(draw, cond, silent, never)[0].astype(int)


def test_row_scales_keep_small_weights(backend: Any) -> None:
    """8 bits with a scale for each row lose the same 2.7 % of weights of any size; a plain cast up to four times as much."""
    import torch

    from f2p.engines.generative.scaled_fp8 import scaled_rows

    for spread in (0.02, 0.005):
        weight = torch.randn(64, 512, generator=torch.Generator().manual_seed(0)) * spread
        rows, scale = scaled_rows(weight)
        scaled = (rows.float() * scale - weight).norm() / weight.norm()
        plain = (weight.to(torch.float8_e4m3fn).float() - weight).norm() / weight.norm()
        assert scaled < 0.03 and scaled < plain
    assert plain > 0.08


@pytest.mark.slow
def test_8_bit_weights_are_made_once_and_guarded(backend: Any, folder: Path) -> None:
    """First opening converts and keeps the file and its hash; the second reads it; a flipped byte is found."""
    spec = ModelSpec(kind="text", folder=str(folder))
    backend.load(spec, PLAN)
    whole = picture(backend)
    backend.load(spec, fp8())
    small = picture(backend)
    kept = folder.parent / "Qwen-Image.f2p-fp8" / "transformer.safetensors"
    written = kept.stat().st_mtime_ns

    assert 0 < np.abs(small - whole).mean() < 4.0
    assert len(json.loads(kept.with_suffix(".json").read_text())["sha256"]) == 64
    backend.unload()
    backend.load(spec, fp8())
    assert kept.stat().st_mtime_ns == written
    assert (picture(backend) == small).all()
    backend.unload()
    data = bytearray(kept.read_bytes())
    data[-1] ^= 1
    kept.write_bytes(data)
    with pytest.raises(ModelDamaged):
        backend.load(spec, fp8())


def test_other_weights_of_the_same_name_are_converted_anew(backend: Any, folder: Path) -> None:
    """The kept 8-bit file belongs to the very weights it was made from."""
    backend.load(ModelSpec(kind="text", folder=str(folder)), fp8())
    kept = folder.parent / "Qwen-Image.f2p-fp8" / "transformer.json"
    before = kept.read_text()
    config = folder / "transformer" / "config.json"
    config.write_text(config.read_text().replace("}", " }"))
    backend.unload()
    backend.load(ModelSpec(kind="text", folder=str(folder)), fp8())

    assert kept.read_text() != before


def test_weights_that_8_bits_would_spoil_are_refused(backend: Any, folder: Path) -> None:
    """One step in 8 bits stays within 3 % of the same step whole; a layer that is broken by them is named and nothing is kept."""
    import torch

    from f2p.engines.generative.scaled_fp8 import convert, use_scaled

    backend.load(ModelSpec(kind="text", folder=str(folder)), PLAN)
    transformer = backend._pipe.transformer
    noise = torch.Generator().manual_seed(0)
    step = {
        "hidden_states": torch.randn(1, 36, 64, generator=noise), "encoder_hidden_states": torch.randn(1, 8, 32, generator=noise),
        "timestep": torch.tensor([0.7]), "img_shapes": [[(1, 6, 6)]], "encoder_hidden_states_mask": torch.ones(1, 8),
    }  # fmt: skip
    with torch.inference_mode():
        whole = transformer(**step).sample
        use_scaled(transformer, folder / "transformer", folder.parent / "kept")
        small = transformer(**step).sample
    assert 0 < float((small - whole).norm() / whole.norm()) < 0.05

    layer = torch.nn.Sequential(torch.nn.Linear(64, 64))
    layer[0].weight.data.fill_(float("nan"))
    with pytest.raises(GeneratorMissing):
        convert(layer, folder.parent / "broken" / "one.safetensors", "mark")
    assert not (folder.parent / "broken").exists()


@pytest.mark.parametrize("home", [Home.PINNED, Home.DISK])
def test_streamed_blocks_draw_the_same_picture(backend: Any, folder: Path, home: Home) -> None:
    """Blocks that come when it is their turn, from host memory or disk, change no pixel."""
    from f2p.engines.generative.placing import stream_blocks

    backend.load(ModelSpec(kind="text", folder=str(folder)), PLAN)
    whole = picture(backend)
    stream_blocks(backend._pipe.transformer, fp8(home, resident=1), "cpu")

    assert (picture(backend) == whole).all()


@pytest.mark.parametrize("store", [Store.BF16, Store.FP8])
def test_loras_in_either_spelling_and_off_again(backend: Any, folder: Path, store: Store) -> None:
    """DiffSynth's and diffusers' keys draw the same picture, another than without; off again gives the old one."""
    plan, plain = (PLAN if store is Store.BF16 else fp8()), ModelSpec(kind="text", folder=str(folder))
    backend.load(plain, plan)
    without = picture(backend)
    made = {}
    for style in ("diffsynth", "diffusers"):
        path = save_lora(folder.parent / f"{style}.safetensors", folder, style=style)
        backend.load(ModelSpec(kind="text", folder=str(folder), fittings=(Fitting(path=str(path)),)), plan)
        made[style] = picture(backend)
    backend.load(ModelSpec(kind="text", folder=str(folder), fittings=(Fitting(path=str(path), strength=0.0),)), plan)
    zero = picture(backend)
    backend.load(plain, plan)

    assert (made["diffsynth"] == made["diffusers"]).all() and np.abs(made["diffsynth"] - without).max() > 2
    assert np.abs(zero - without).max() <= 1 and (picture(backend) == without).all()
    assert backend.loads == 1, "a LoRA reads no weights but its own"
    with pytest.raises(GeneratorMissing):
        backend.load(ModelSpec(kind="text", folder=str(folder), fittings=(Fitting(path=str(folder / "no.safetensors")),)), plan)
