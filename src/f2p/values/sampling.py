"""What goes into a sampler and comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from f2p.values.pixels import Rgb8, sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Words and, for models that edit, the picture they are about. negative: empty = the sampler runs without a second pass.

    reference: (H, W, 3) uint8 sRGB, sides multiples of 32.
    """

    text: str
    negative: str = ""
    reference: Rgb8 | None = None

    def __post_init__(self) -> None:
        if self.reference is not None:
            object.__setattr__(self, "reference", sealed(self.reference))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cond:
    """An encoded prompt: what the words come to is the backend's own and opaque; it fits the model it was encoded with only."""

    prompt: Prompt
    model: str
    positive: Any
    negative: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One pass of the sampler: as many pictures as seeds. width_px, height_px: multiples of 16. cfg: 1 = no second pass."""

    width_px: int
    height_px: int
    steps: int
    cfg: float
    seeds: tuple[int, ...]
