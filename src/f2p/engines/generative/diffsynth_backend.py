"""The sampler behind DiffSynth-Studio: the reference that others are measured by, on the same folders of weights.

It draws one picture at a time, encodes words only as part of drawing, and reads its weights again for every call where they
wait on the disk. CFG is not renormalised, so that with it pictures differ from those of diffusers by design.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

from f2p.engines.generative.backend import Cancelled, OnDraw
from f2p.engines.generative.torch_run import (
    device_of,
    free_memory,
    gpu_memory_told,
    hush,
    need_packages,
    picture_of,
    rgb_of,
    stops_within,
    working_type,
)  # fmt: skip
from f2p.engines.generative.vision import processor_of
from f2p.errors import GeneratorMissing, JobCancelled
from f2p.values.generation import Home, MemoryPlan, ModelSpec
from f2p.values.pixels import Rgb8
from f2p.values.sampling import Cond, Draw, Prompt

_PARTS = ("transformer", "text_encoder", "vae")
_SCHEDULES = {"published": "Qwen-Image", "lightning": "Qwen-Image-Lightning"}
_SPARE_GB = 0.5


class DiffSynthBackend:
    """A `Backend`. loads: how often a model was opened since it was made."""

    name = "diffsynth"
    capabilities = frozenset({"inside"})

    def __init__(self) -> None:
        need_packages()
        if find_spec("diffsynth") is None:
            raise GeneratorMissing(reason="gpu_packages", name="diffsynth", folder="")
        hush()
        _let_import()
        self.loads = 0
        self._pipe: Any = None
        self._spec: ModelSpec | None = None
        self._plan: MemoryPlan | None = None

    def load(self, spec: ModelSpec, plan: MemoryPlan) -> None:
        """See `Backend`."""
        before = self._spec
        if before is None or (before.kind, before.folder) != (spec.kind, spec.folder) or self._plan != plan:
            self.unload()
            with gpu_memory_told():
                self._pipe = _opened(spec, plan)
            self.loads += 1
        if before is None or before.fittings != spec.fittings or self._spec is None:
            self._fit(spec)
        from diffsynth.diffusion import FlowMatchScheduler

        self._pipe.scheduler = FlowMatchScheduler(_SCHEDULES[spec.schedule])
        self._spec, self._plan = spec, plan

    def encode(self, prompt: Prompt) -> Cond:
        """See `Backend`; the words are encoded as part of each drawing."""
        if self._spec is None:
            raise RuntimeError("no model is open")
        return Cond(prompt=prompt, model=self._spec.folder, positive=prompt.text, negative=prompt.negative or " ")

    def sample(self, draw: Draw, cond: Cond, on_draw: OnDraw, cancelled: Cancelled) -> tuple[Rgb8, ...]:
        """See `Backend`; one pass for each seed."""
        hooks = stops_within(self._pipe.dit.transformer_blocks, cancelled)
        made = []
        try:
            for number, seed in enumerate(draw.seeds):
                made.append(self._one(draw, cond, seed, (on_draw, cancelled, number * draw.steps)))
        finally:
            for hook in hooks:
                hook.remove()
        return tuple(made)

    def unload(self) -> None:
        """See `Backend`."""
        if self._pipe is not None:
            self._pipe, self._spec, self._plan = None, None, None
            free_memory()

    def _one(self, draw: Draw, cond: Cond, seed: int, hear: tuple[OnDraw, Cancelled, int]) -> Rgb8:
        import torch

        on_draw, cancelled, before = hear

        def watched(steps: Any) -> Iterator[Any]:
            """The only place where it can be heard: the list of its time steps."""
            for index, step in enumerate(steps):
                if cancelled():
                    raise JobCancelled
                yield step
                on_draw(before + index + 1, draw.steps * len(draw.seeds))
                if cancelled():
                    raise JobCancelled

        reference = cond.prompt.reference
        given = {} if reference is None else {"edit_image": picture_of(reference), "edit_image_auto_resize": False}
        with torch.inference_mode(), gpu_memory_told():
            made = self._pipe(
                prompt=cond.positive, negative_prompt=cond.negative, cfg_scale=draw.cfg, width=draw.width_px,
                height=draw.height_px, seed=seed, num_inference_steps=draw.steps,
                tiled=bool(self._plan and self._plan.tiled), progress_bar_cmd=watched,
                **given,
            )  # fmt: skip
        return rgb_of(made)

    def _fit(self, spec: ModelSpec) -> None:
        """LoRAs beside the weights where it streams them, melted into them elsewhere; a model that had some is opened anew."""
        if self._spec is not None and self._spec.fittings:
            assert self._plan is not None
            self._pipe = _opened(spec, self._plan)
            self.loads += 1
        for fitting in spec.fittings:
            if not Path(fitting.path).is_file():
                raise GeneratorMissing(
                    reason="generator_weights", name=Path(fitting.path).name, folder=str(Path(fitting.path).parent)
                )
            with redirect_stdout(StringIO()):
                self._pipe.load_lora(self._pipe.dit, fitting.path, alpha=fitting.strength)


def _opened(spec: ModelSpec, plan: MemoryPlan) -> Any:
    folder = Path(spec.folder)
    if not (folder / "model_index.json").is_file():
        raise GeneratorMissing(reason="generator_weights", name=folder.name, folder=str(folder))
    device = device_of()
    files = {part: sorted(str(path) for path in (folder / part).glob("*.safetensors")) for part in _PARTS}
    if missing := next((part for part in _PARTS if not files[part]), ""):
        raise GeneratorMissing(reason="generator_part", name=missing, folder=str(folder))
    with redirect_stdout(StringIO()):  # it lists every file and configuration
        pipe = _from_folder(spec, plan, device, files)
    if spec.kind == "edit":
        pipe.processor = processor_of(folder)
    return pipe


def _from_folder(spec: ModelSpec, plan: MemoryPlan, device: str, files: dict[str, list[str]]) -> Any:
    from diffsynth.pipelines.qwen_image import ModelConfig, QwenImagePipeline

    streams = device != "cpu" and plan.home is not Home.NONE
    states = _states(device, plan) if streams else {}
    limit = plan.vram_gb - _SPARE_GB if streams else None
    return QwenImagePipeline.from_pretrained(
        torch_dtype=working_type(device), device=device, processor_config=None,
        model_configs=[ModelConfig(path=paths[0] if len(paths) == 1 else paths, **states) for paths in files.values()],
        tokenizer_config=ModelConfig(path=str(Path(spec.folder) / "tokenizer")), vram_limit=limit,
    )  # fmt: skip


def _states(device: str, plan: MemoryPlan) -> dict[str, Any]:
    """Its own low-memory recipe: 8-bit storage by plain cast, bf16 maths; weights wait in host memory, or on the disk."""
    import torch

    small, where = torch.float8_e4m3fn, "disk" if plan.home is Home.DISK else "cpu"
    return {
        "offload_dtype": "disk" if where == "disk" else small, "offload_device": where, "onload_dtype": small,
        "onload_device": "cpu", "preparing_dtype": small, "preparing_device": device, "computation_dtype": torch.bfloat16,
        "computation_device": device,
    }  # fmt: skip


def _let_import() -> None:
    """Keeps it off the network, and lets it come in beside newer or smaller packages than it expects.

    It names torchvision as it is imported and a class of transformers that was renamed in 5.17; the Qwen models need neither.
    """
    os.environ["DIFFSYNTH_SKIP_DOWNLOAD"] = "True"
    from transformers.models.qwen2_5_vl import modeling_qwen2_5_vl as seeing
    from transformers.utils import is_torchvision_available

    if not hasattr(seeing, "Qwen2_5_VisionRotaryEmbedding"):
        seeing.Qwen2_5_VisionRotaryEmbedding = seeing.Qwen2_5_VLVisionRotaryEmbedding
    if not is_torchvision_available() and "torchvision" not in sys.modules:
        from transformers import Qwen2VLImageProcessor, SiglipVisionModel  # noqa: F401 - decided before the stand-in appears

        stand_in = ModuleType("torchvision")
        stand_in.__spec__, stand_in.__path__ = ModuleSpec("torchvision", None), []
        sys.modules["torchvision"] = stand_in
