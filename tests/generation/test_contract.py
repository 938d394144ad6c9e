"""What every sampler promises, run against each of them: the double that other tests use, and diffusers on tiny random models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.generation.fake_backend import FakeBackend
from tests.generation.tiny_models import SIDE_PX, lower_reference, save_lora, save_tiny

from f2p.engines.generative.backend import Backend
from f2p.engines.generative.opening import open_backend
from f2p.errors import GeneratorMissing, JobCancelled
from f2p.values.generation import Fitting, Home, MemoryPlan, ModelSpec, Store
from f2p.values.sampling import Draw, Prompt

PLAN = MemoryPlan(
    store=Store.BF16, blocks=3, resident=3, home=Home.NONE, encoder_store=Store.BF16, encoder_home=Home.NONE, tiled=False,
    vram_gb=0.0, ram_gb=0.0, stream_gb=0.0,
)  # fmt: skip
DRAW = Draw(width_px=SIDE_PX, height_px=SIDE_PX, steps=2, cfg=4.0, seeds=(1,))
REFERENCE = np.random.default_rng(3).integers(60, 200, (SIDE_PX, SIDE_PX, 3)).astype(np.uint8)


def silent(done: int, of: int) -> None:
    """Progress that nobody reads."""


def never() -> bool:
    """Nobody cancels."""
    return False


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tiny text model, a tiny editing model, and a LoRA for it in both spellings; empty shells where torch is not installed."""
    root = tmp_path_factory.mktemp("tiny")
    try:
        import diffusers  # noqa: F401
        import torch  # noqa: F401
    except ImportError:
        for kind in ("text", "edit"):
            (root / kind).mkdir()
            (root / kind / "model_index.json").write_text("{}")
        return {"text": root / "text", "edit": root / "edit"}
    made = {kind: save_tiny(kind, root / kind) for kind in ("text", "edit")}
    loras = {style: save_lora(root / f"{style}.safetensors", made["edit"], style=style) for style in ("diffsynth", "diffusers")}
    return {**made, **loras}


@pytest.fixture(params=["fake", "diffusers", "diffsynth"])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, folders: dict[str, Path]) -> Iterator[Any]:
    """Each sampler in turn."""
    if request.param == "fake":
        yield FakeBackend()
        return
    pytest.importorskip("torch", reason="the extra f2p[gpu] is not installed")
    pytest.importorskip("diffusers", reason="the extra f2p[gpu] is not installed")
    lower_reference(monkeypatch)
    made = open_backend(request.param) if request.param == "diffusers" else reference_backend(folders)
    yield made
    made.unload()


def reference_backend(folders: dict[str, Path]) -> Any:
    """DiffSynth-Studio, where it is installed, taught the tiny models."""
    if find_spec("diffsynth") is None:
        pytest.skip("diffsynth is not installed")
    made = open_backend("diffsynth")
    from tests.generation.tiny_diffsynth import register

    for kind in ("text", "edit"):
        register(folders[kind])
    return made


def drawn(backend: Backend, prompt: Prompt, draw: Draw = DRAW) -> list[Any]:
    """The pictures of one prompt."""
    return list(backend.sample(draw, backend.encode(prompt), silent, never))


class TestEverySampler:
    """The contract."""

    def test_words_become_a_picture_of_the_size_asked(self, backend: Any, folders: dict[str, Path]) -> None:
        """Text to image: right size and type, the same twice, another for another seed and for other words."""
        backend.load(ModelSpec(kind="text", folder=str(folders["text"])), PLAN)
        wide = replace(DRAW, width_px=128, height_px=64)
        first = drawn(backend, Prompt(text="a red fox", negative="blurry"), wide)[0]

        assert first.shape == (64, 128, 3) and first.dtype == np.uint8
        assert np.array_equal(first, drawn(backend, Prompt(text="a red fox", negative="blurry"), wide)[0])
        assert not np.array_equal(
            first, drawn(backend, Prompt(text="a red fox", negative="blurry"), replace(wide, seeds=(2,)))[0]
        )
        assert not np.array_equal(first, drawn(backend, Prompt(text="snow", negative="blurry"), wide)[0])

    def test_a_photo_is_edited_by_a_sentence(self, backend: Any, folders: dict[str, Path]) -> None:
        """Another reference gives another picture; every step is told, in order."""
        backend.load(ModelSpec(kind="edit", folder=str(folders["edit"])), PLAN)
        told: list[tuple[int, int]] = []
        cond = backend.encode(Prompt(text="white background", negative=" ", reference=REFERENCE))
        first = backend.sample(DRAW, cond, lambda done, of: told.append((done, of)), never)[0]

        assert told == [(1, 2), (2, 2)]
        assert not np.array_equal(
            first, drawn(backend, Prompt(text="white background", negative=" ", reference=255 - REFERENCE))[0]
        )

    def test_several_pictures_in_one_pass_are_those_of_single_passes(self, backend: Any, folders: dict[str, Path]) -> None:
        """A batch of seeds is the same pictures (to one level, as sums run in another order), from one reading of the weights."""
        backend.load(ModelSpec(kind="text", folder=str(folders["text"])), PLAN)
        cond = backend.encode(Prompt(text="a lighthouse", negative="blurry"))
        both = backend.sample(replace(DRAW, seeds=(5, 6)), cond, silent, never)
        single = [backend.sample(replace(DRAW, seeds=(seed,)), cond, silent, never)[0] for seed in (5, 6)]

        assert len(both) == 2 and backend.loads == 1
        for one, other in zip(both, single, strict=True):
            assert np.abs(one.astype(int) - other).max() <= 1

    def test_the_negative_counts_only_with_guidance(self, backend: Any, folders: dict[str, Path]) -> None:
        """With CFG off the negative changes nothing; with CFG on it does."""
        backend.load(ModelSpec(kind="text", folder=str(folders["text"])), PLAN)
        prompts = [Prompt(text="a boat", negative=negative) for negative in ("fog", "people and letters")]
        off, on = ([drawn(backend, one, replace(DRAW, cfg=cfg))[0] for one in prompts] for cfg in (1.0, 4.0))

        assert np.array_equal(*off)
        assert not np.array_equal(*on)

    def test_cancelling_leaves_the_next_call_clean(self, backend: Any, folders: dict[str, Path]) -> None:
        """Work ends at the next question, not at the end; the same call again gives the picture of an undisturbed run."""
        backend.load(ModelSpec(kind="text", folder=str(folders["text"])), PLAN)
        cond = backend.encode(Prompt(text="a tree", negative="fog"))
        whole = backend.sample(replace(DRAW, steps=4), cond, silent, never)[0]
        told: list[int] = []
        with pytest.raises(JobCancelled):
            backend.sample(replace(DRAW, steps=4), cond, lambda done, _of: told.append(done), lambda: len(told) >= 1)

        assert told == [1]
        assert np.array_equal(whole, backend.sample(replace(DRAW, steps=4), cond, silent, never)[0])
        assert backend.loads == 1

    def test_a_model_that_is_not_there_is_named(self, backend: Any, tmp_path: Path) -> None:
        """A missing folder is told with its name and place, and nothing is open afterwards."""
        with pytest.raises(GeneratorMissing) as caught:
            backend.load(ModelSpec(kind="text", folder=str(tmp_path / "Qwen-Image")), PLAN)
        assert caught.value.params["name"] == "Qwen-Image"

    def test_models_can_be_changed_and_closed(self, backend: Any, folders: dict[str, Path]) -> None:
        """Opening another model, closing, opening again: the same pictures as at first."""
        text = ModelSpec(kind="text", folder=str(folders["text"]))
        backend.load(text, PLAN)
        first = drawn(backend, Prompt(text="a cup", negative="fog"))[0]
        backend.load(ModelSpec(kind="edit", folder=str(folders["edit"])), PLAN)
        backend.unload()
        backend.unload()
        backend.load(text, PLAN)

        assert np.array_equal(first, drawn(backend, Prompt(text="a cup", negative="fog"))[0])
        assert backend.loads == 3


def test_both_libraries_draw_the_same_picture(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Same weights, words, photo, seed, steps and LoRA, guidance off: a level apart, as one rounds and one cuts."""
    pytest.importorskip("torch", reason="the extra f2p[gpu] is not installed")
    pytest.importorskip("diffusers", reason="the extra f2p[gpu] is not installed")
    lower_reference(monkeypatch)
    both = [open_backend("diffusers"), reference_backend(folders)]
    prompt = Prompt(text="white background", reference=REFERENCE)
    for fittings in ((), (Fitting(path=str(folders["diffsynth"])),)):
        made = []
        for one in both:
            one.load(ModelSpec(kind="edit", folder=str(folders["edit"]), fittings=fittings), PLAN)
            made.append(drawn(one, prompt, replace(DRAW, cfg=1.0))[0].astype(int))
        apart = np.abs(made[0] - made[1])
        assert apart.max() <= 1 + len(fittings) and apart.mean() < 0.6
