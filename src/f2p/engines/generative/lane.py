"""The one lane to the GPU of this process: one model open, pictures one after the other, a smaller plan when memory runs out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from f2p.engines.generative.backend import Backend, Cancelled, OnDraw
from f2p.engines.generative.machine import budget_of
from f2p.engines.generative.memory_plan import memory_plan, smaller_plan
from f2p.engines.generative.store import size_of, spec_for
from f2p.errors import GpuMemory
from f2p.settings import Settings
from f2p.values.generation import Budget, GenerationPlan, Home, MemoryPlan, ModelSize, ModelSpec, Store
from f2p.values.pixels import Rgb8
from f2p.values.sampling import Cond, Draw, Prompt

_KEPT_PROMPTS = 16
_TOGETHER = 2
"""Pictures in one pass where weights are streamed: the bus is read once for both. With all weights in place nothing is won."""


@dataclass(slots=True)
class Drawn:
    """Pictures, and what it took: the plan they came from, smaller plans tried before (GB), weights read in this call."""

    pictures: tuple[Rgb8, ...]
    backend: str
    plan: MemoryPlan
    gave_way: list[float] = field(default_factory=list)
    loads: int = 0


class Lane:
    """Draws for all threads of the process, one at a time. make: opens the backend when the first picture is wanted."""

    def __init__(self, settings: Settings, make: Callable[[], Backend], budget: Callable[[Settings], Budget] = budget_of) -> None:
        self._settings, self._make, self._budget = settings, make, budget
        self._lock = threading.Lock()
        self._backend: Backend | None = None
        self._plan: MemoryPlan | None = None
        self._plan_folder = ""
        self._prompts: OrderedDict[tuple[object, ...], Cond] = OrderedDict()

    def draw(self, wanted: GenerationPlan, prompt: Prompt, draw: Draw, hear: tuple[OnDraw, Cancelled]) -> Drawn:
        """The pictures of `draw`. Raises GeneratorMissing, GpuMemory (the smallest plan failed too), JobCancelled."""
        with self._lock:
            spec = spec_for(wanted, self._settings)
            size = size_of(Path(spec.folder))
            if self._plan is None or self._plan_folder != spec.folder:
                self._plan, self._plan_folder = self._first_plan(size), spec.folder
            return self._until_it_fits(spec, size, (prompt, draw), hear)

    def close(self) -> None:
        """Gives the GPU's memory back."""
        with self._lock:
            if self._backend is not None:
                self._backend.unload()
            self._plan = None
            self._prompts.clear()

    def _until_it_fits(
        self, spec: ModelSpec, size: ModelSize, work: tuple[Prompt, Draw], hear: tuple[OnDraw, Cancelled]
    ) -> Drawn:
        backend = self._backend = self._backend or self._make()
        gave_way: list[float] = []
        while True:
            plan = self._plan
            assert plan is not None
            try:
                backend.load(spec, plan)
                pictures = self._passes(backend, spec, work, hear)
            except GpuMemory:
                backend.unload()
                self._prompts.clear()
                gave_way.append(plan.vram_gb)
                self._plan = smaller_plan(plan, size, self._budget(self._settings))
                if self._plan is None:
                    raise
                continue
            return Drawn(pictures, backend.name, plan, gave_way)

    def _passes(
        self, backend: Backend, spec: ModelSpec, work: tuple[Prompt, Draw], hear: tuple[OnDraw, Cancelled]
    ) -> tuple[Rgb8, ...]:
        """One pass for each picture, or for two where that reads the bus once for both; progress counts through all of them."""
        prompt, draw = work
        on_draw, cancelled = hear
        cond = self._encoded(backend, spec, prompt)
        together = _TOGETHER if self._plan is not None and self._plan.stream_gb and "batch" in backend.capabilities else 1
        groups = [draw.seeds[at : at + together] for at in range(0, len(draw.seeds), together)]
        made: list[Rgb8] = []
        for number, seeds in enumerate(groups):
            before = number * draw.steps

            def count(done: int, of: int, before: int = before) -> None:
                on_draw(before + done, of * len(groups))

            one = Draw(width_px=draw.width_px, height_px=draw.height_px, steps=draw.steps, cfg=draw.cfg, seeds=seeds)
            made += backend.sample(one, cond, count, cancelled)
        return tuple(made)

    def _encoded(self, backend: Backend, spec: ModelSpec, prompt: Prompt) -> Cond:
        """The encoded words; those of the last prompts are kept, as encoding costs as much as a step."""
        picture = b"" if prompt.reference is None else prompt.reference.tobytes()
        key = (spec.folder, prompt.text, prompt.negative, hash(picture))
        if key not in self._prompts:
            self._prompts[key] = backend.encode(prompt)
            while len(self._prompts) > _KEPT_PROMPTS:
                self._prompts.popitem(last=False)
        self._prompts.move_to_end(key)
        return self._prompts[key]

    def _first_plan(self, size: ModelSize) -> MemoryPlan:
        """The quickest plan for what is free. Without a GPU: all in host memory, where it fits. Raises GpuMemory."""
        budget = self._budget(self._settings)
        plan = memory_plan(size, budget) if budget.vram_gb else _on_cpu(size, budget)
        if plan is None:
            least = memory_plan(size, Budget(vram_gb=1e6, ram_gb=1e6))
            raise GpuMemory(gb=0.0 if least is None else _least_gb(size), have_gb=budget.vram_gb)
        return plan


def _least_gb(size: ModelSize) -> float:
    """The GPU memory of the smallest plan."""
    plan, least = memory_plan(size, Budget(vram_gb=1e6, ram_gb=1e6)), 0.0
    while plan is not None:
        least = plan.vram_gb
        plan = smaller_plan(plan, size, Budget(vram_gb=1e6, ram_gb=1e6))
    return least


def _on_cpu(size: ModelSize, budget: Budget) -> MemoryPlan | None:
    need = 2.0 * (size.transformer_gb + size.text_encoder_gb + size.vae_gb)  # float32
    if need > budget.ram_gb:
        return None
    return MemoryPlan(
        store=Store.BF16, blocks=size.blocks, resident=size.blocks, home=Home.NONE, encoder_store=Store.BF16,
        encoder_home=Home.NONE, tiled=False, vram_gb=0.0, ram_gb=round(need, 2), stream_gb=0.0,
    )  # fmt: skip
