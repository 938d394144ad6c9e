"""A `Backend` without a model: pictures by arithmetic from words, reference and seed. The contract tests keep it honest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from f2p.engines.generative.backend import Cancelled, OnDraw
from f2p.errors import GeneratorMissing, GpuMemory, JobCancelled
from f2p.stages.planes import resized
from f2p.values.generation import MemoryPlan, ModelSpec
from f2p.values.pixels import Rgb8
from f2p.values.sampling import Cond, Draw, Prompt


class FakeBackend:
    """small_from: plans with more GPU memory than this run out of it, as a card smaller than it said would."""

    name = "fake"
    capabilities = frozenset({"batch", "inside"})

    def __init__(self, *, most_gb: float = 1e9) -> None:
        self.loads = 0
        self.encoded: list[Prompt] = []
        self.drawn: list[Draw] = []
        self.most_gb = most_gb
        self.spec: ModelSpec | None = None
        self.plans: list[MemoryPlan] = []

    def load(self, spec: ModelSpec, plan: MemoryPlan) -> None:
        """See `Backend`."""
        if not (Path(spec.folder) / "model_index.json").is_file():
            raise GeneratorMissing(reason="generator_weights", name=Path(spec.folder).name, folder=spec.folder)
        if self.spec is None or self.spec.folder != spec.folder or self.plans[-1] != plan:
            self.loads += 1
        self.plans.append(plan)
        self.spec = spec

    def encode(self, prompt: Prompt) -> Cond:
        """See `Backend`."""
        assert self.spec is not None
        self.encoded.append(prompt)
        return Cond(prompt=prompt, model=self.spec.folder, positive=prompt.text, negative=prompt.negative)

    def sample(self, draw: Draw, cond: Cond, on_draw: OnDraw, cancelled: Cancelled) -> tuple[Rgb8, ...]:
        """See `Backend`."""
        if self.plans[-1].vram_gb > self.most_gb:
            raise GpuMemory(gb=self.plans[-1].vram_gb, have_gb=self.most_gb)
        for step in range(draw.steps):
            if cancelled():
                raise JobCancelled
            on_draw(step + 1, draw.steps)
        self.drawn.append(draw)
        return tuple(self._picture(draw, cond, seed) for seed in draw.seeds)

    def unload(self) -> None:
        """See `Backend`."""
        self.spec = None

    def _picture(self, draw: Draw, cond: Cond, seed: int) -> Rgb8:
        assert self.spec is not None
        words = f"{cond.positive} {cond.negative if draw.cfg > 1 else ''} {seed} {self.spec.fittings} {draw.steps}"
        noise = np.random.default_rng(int.from_bytes(hashlib.sha256(words.encode()).digest()[:8]))
        base = np.full((draw.height_px, draw.width_px, 3), 128.0)
        if cond.prompt.reference is not None:
            base = resized(cond.prompt.reference, draw.width_px, draw.height_px).astype(np.float64)
        return np.clip(base + noise.normal(0, 6, base.shape), 0, 255).astype(np.uint8)
