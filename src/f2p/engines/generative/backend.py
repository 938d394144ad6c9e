"""What a sampler does for us, whichever library stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from f2p.values.generation import MemoryPlan, ModelSpec
from f2p.values.pixels import Rgb8
from f2p.values.sampling import Cond, Draw, Prompt

OnDraw = Callable[[int, int], None]
"""Called after each step of the sampler with how many are done and how many there are."""
Cancelled = Callable[[], bool]
"""Asked many times in a step; True ends the work with JobCancelled."""


class Backend(Protocol):
    """One model at a time: opened, asked, closed. Not safe for two threads at once."""

    @property
    def name(self) -> str:
        """The library's, for the report."""
        ...

    @property
    def capabilities(self) -> frozenset[str]:
        """Of "batch" (several pictures in one pass), "inside" (cancelled within a step), "streaming" (blocks read ahead)."""
        ...

    def load(self, spec: ModelSpec, plan: MemoryPlan) -> None:
        """Opens the model, or only changes what differs from the one that is open; weights are read once.

        Raises GeneratorMissing (no such folder, a part of it missing), GpuMemory.
        """
        ...

    def encode(self, prompt: Prompt) -> Cond:
        """What the words (and the reference) say to the model that is open. Raises GpuMemory."""
        ...

    def sample(self, draw: Draw, cond: Cond, on_draw: OnDraw, cancelled: Cancelled) -> tuple[Rgb8, ...]:
        """(height, width, 3) uint8 sRGB for each seed; the same for the same input on the same device.

        Raises JobCancelled (the next call is clean), GpuMemory.
        """
        ...

    def unload(self) -> None:
        """Gives all memory back; nothing where no model is open."""
        ...
