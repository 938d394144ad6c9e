"""The sampler behind `diffusers`: Qwen-Image and Qwen-Image-Edit, whole or with 8-bit weights, on a GPU or a CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from f2p.catalogue.generation import schedule
from f2p.engines.generative.backend import Cancelled, OnDraw
from f2p.engines.generative.fittings import add_fittings, drop_fittings
from f2p.engines.generative.placing import Placed, place, put_for
from f2p.engines.generative.torch_run import (
    device_of,
    free_memory,
    gpu_memory_told,
    hush,
    need_packages,
    noise_of,
    picture_of,
    rgb_of,
    stops_within,
    working_type,
)  # fmt: skip
from f2p.engines.generative.vision import processor_of
from f2p.errors import GeneratorMissing, JobCancelled
from f2p.values.generation import MemoryPlan, ModelSpec
from f2p.values.pixels import Rgb8
from f2p.values.sampling import Cond, Draw, Prompt

_CLASSES = {"text": "QwenImagePipeline", "edit": "QwenImageEditPipeline"}
_NO_WORDS = " "
"""An empty negative would switch CFG off without a word."""


class DiffusersBackend:
    """A `Backend`. loads: how often weights were read from disk since it was made."""

    name = "diffusers"
    capabilities = frozenset({"batch", "inside", "streaming"})

    def __init__(self) -> None:
        need_packages()
        hush()
        self.loads = 0
        self._pipe: Any = None
        self._spec: ModelSpec | None = None
        self._placed: Placed | None = None
        self._published: Any = None

    def load(self, spec: ModelSpec, plan: MemoryPlan) -> None:
        """See `Backend`. Another schedule or LoRA of the open model reads no weights but its own."""
        before = self._spec
        same = before is not None and (before.kind, before.folder) == (spec.kind, spec.folder)
        if not same or self._placed is None or self._placed.plan != plan:
            self.unload()
            with gpu_memory_told():
                self._open(spec, plan)
        if self._spec is None or self._spec.fittings != spec.fittings:
            drop_fittings(self._pipe)
            add_fittings(self._pipe, spec.fittings)
        self._set_schedule(spec.schedule)
        self._spec = spec

    def encode(self, prompt: Prompt) -> Cond:
        """See `Backend`. The negative is encoded only where there is one to be used."""
        import torch

        pipe, spec, placed = self._opened()
        with torch.inference_mode(), gpu_memory_told(), put_for(pipe, placed, "encode"):
            positive = self._words(prompt.text, prompt)
            negative = self._words(prompt.negative or _NO_WORDS, prompt)
        return Cond(prompt=prompt, model=spec.folder, positive=positive, negative=negative)

    def sample(self, draw: Draw, cond: Cond, on_draw: OnDraw, cancelled: Cancelled) -> tuple[Rgb8, ...]:
        """See `Backend`. CFG is renormalised, as diffusers does it."""
        import torch

        pipe, _, placed = self._opened()
        hooks = stops_within(pipe.transformer.transformer_blocks, cancelled)

        def step(_pipe: Any, index: int, _time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            on_draw(index + 1, draw.steps)
            if cancelled():
                raise JobCancelled
            return tensors

        try:
            with torch.inference_mode(), gpu_memory_told(), put_for(pipe, placed, "draw"):
                made = pipe(**self._call(draw, cond), callback_on_step_end=step).images
        finally:
            for hook in hooks:
                hook.remove()
        return tuple(rgb_of(picture) for picture in made)

    def unload(self) -> None:
        """See `Backend`."""
        if self._pipe is not None:
            self._pipe, self._spec, self._placed, self._published = None, None, None, None
            free_memory()

    def _open(self, spec: ModelSpec, plan: MemoryPlan) -> None:
        import diffusers

        folder = Path(spec.folder)
        if not (folder / "model_index.json").is_file():
            raise GeneratorMissing(reason="generator_weights", name=folder.name, folder=str(folder))
        device = device_of()
        shown = {"processor": processor_of(folder)} if spec.kind == "edit" else {}
        try:
            pipe = getattr(diffusers, _CLASSES[spec.kind]).from_pretrained(
                folder, dtype=working_type(device), local_files_only=True, **shown
            )
        except (OSError, ValueError) as error:
            raise GeneratorMissing(reason="generator_part", name=str(error).splitlines()[0][:200], folder=str(folder)) from error
        pipe.set_progress_bar_config(disable=True)
        self._placed = place(pipe, plan, device, folder)
        self._pipe, self._published, self._spec = pipe, pipe.scheduler.config, None
        self.loads += 1

    def _set_schedule(self, name: str) -> None:
        from diffusers import FlowMatchEulerDiscreteScheduler

        self._pipe.scheduler = FlowMatchEulerDiscreteScheduler.from_config({**self._published, **schedule(name)})

    def _words(self, words: str, prompt: Prompt) -> tuple[Any, Any]:
        given = {} if prompt.reference is None else {"image": self._as_seen(prompt.reference)}
        embeds, mask = self._pipe.encode_prompt(prompt=[words], **given)
        return embeds, mask

    def _as_seen(self, reference: Rgb8) -> Any:
        """The reference in the size in which the pipeline shows it to the text encoder."""
        from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit as edit

        picture = picture_of(reference)
        width, height, _ = edit.calculate_dimensions(1024 * 1024, picture.width / picture.height)
        return self._pipe.image_processor.resize(picture, height, width)

    def _call(self, draw: Draw, cond: Cond) -> dict[str, Any]:
        call: dict[str, Any] = {
            "prompt_embeds": cond.positive[0], "prompt_embeds_mask": cond.positive[1], "width": draw.width_px,
            "height": draw.height_px, "num_inference_steps": draw.steps, "true_cfg_scale": draw.cfg,
            "num_images_per_prompt": len(draw.seeds), "generator": noise_of(draw.seeds),
        }  # fmt: skip
        if draw.cfg > 1:
            call["negative_prompt_embeds"], call["negative_prompt_embeds_mask"] = cond.negative
        if cond.prompt.reference is not None:
            call["image"] = picture_of(cond.prompt.reference)
        return call

    def _opened(self) -> tuple[Any, ModelSpec, Placed]:
        if self._spec is None or self._placed is None:
            raise RuntimeError("no model is open")
        return self._pipe, self._spec, self._placed
