"""What of a model lies where, for a budget of GPU and host memory: plain arithmetic, so that every machine can be asked about.

The order of preference is that of the seconds it costs: all of it on the GPU; the text encoder away while pictures are drawn;
8-bit weights with row scales; as many blocks as fit and the others streamed, one ahead, from pinned memory; the disk last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from f2p.values.generation import Budget, Home, MemoryPlan, ModelSize, Store

_CONTEXT_GB = 0.9
"""The driver's own, and what the allocator rounds up."""
_AHEAD = 2
"""Streamed blocks on the GPU at a time: the one at work and the next."""
_SHARE_OF_BF16 = {Store.BF16: 1.0, Store.FP8: 0.502}
"""8 bits and a 32-bit scale for each row of 3072 or more."""
_SPARE_RAM_GB = 4.0
"""What the system and this process need beside the weights."""
_PINNED_SHARE = 0.75
"""Of the free host memory, at most so much is locked."""


def memory_plan(size: ModelSize, budget: Budget) -> MemoryPlan | None:
    """The quickest plan that the budget allows; None where not even one block at a time fits."""
    for plan in _by_preference(size):
        found = _housed(plan, budget)
        if found is not None and found.vram_gb <= budget.vram_gb:
            return found
    return None


def smaller_plan(plan: MemoryPlan, size: ModelSize, budget: Budget) -> MemoryPlan | None:
    """The next plan that takes clearly less GPU memory, after one did not fit after all; None after the smallest."""
    less = replace(budget, vram_gb=min(budget.vram_gb, plan.vram_gb * 0.88))
    return memory_plan(size, less)


def block_gb(size: ModelSize, store: Store) -> float:
    """GB of one of the transformer's blocks as it is kept."""
    return size.transformer_gb * _SHARE_OF_BF16[store] / size.blocks


def _by_preference(size: ModelSize) -> Iterator[MemoryPlan]:
    """Every plan from the quickest to the smallest, with what it takes on the GPU; where the rest waits is not settled yet."""
    yield _plan(size, Store.BF16, size.blocks, encoder_here=True)
    yield _plan(size, Store.BF16, size.blocks, encoder_here=False)
    yield _plan(size, Store.FP8, size.blocks, encoder_here=True)
    for resident in range(size.blocks, -1, -1):
        yield _plan(size, Store.FP8, resident, encoder_here=False)


def _plan(size: ModelSize, store: Store, resident: int, *, encoder_here: bool) -> MemoryPlan:
    one = block_gb(size, store)
    encoder = size.text_encoder_gb * _SHARE_OF_BF16[store]
    streamed = size.blocks - resident
    blocks = (resident + min(streamed, _AHEAD)) * one
    drawing = blocks + (encoder if encoder_here else 0.0)
    # the encoder works alone and layer by layer where it cannot stay: it never needs more than the blocks leave
    encoding = 0.0 if encoder_here else min(encoder, max(blocks, 2.0))
    vram = max(drawing, encoding) + size.vae_gb + size.work_gb + _CONTEXT_GB
    return MemoryPlan(
        store=store, blocks=size.blocks, resident=resident, home=Home.NONE, encoder_store=store,
        encoder_home=Home.NONE if encoder_here else Home.RAM, tiled=store is Store.FP8, vram_gb=round(vram, 2),
        ram_gb=round(streamed * one + (0.0 if encoder_here else encoder), 2), stream_gb=round(streamed * one, 2),
    )  # fmt: skip


def _housed(plan: MemoryPlan, budget: Budget) -> MemoryPlan | None:
    """The plan with a place for all that is not on the GPU; None where neither host memory nor a disk has room."""
    usable = budget.ram_gb - _SPARE_RAM_GB
    streams, waits = plan.resident < plan.blocks, plan.encoder_home is not Home.NONE
    if plan.ram_gb <= usable:
        pinned = plan.ram_gb <= _PINNED_SHARE * usable
        home = Home.PINNED if pinned else Home.RAM
        return replace(plan, home=home if streams else Home.NONE, encoder_home=home if waits else Home.NONE)
    if streams and plan.stream_gb <= usable and budget.disk:
        return replace(plan, home=Home.RAM, encoder_home=Home.DISK, ram_gb=plan.stream_gb)
    if budget.disk:
        return replace(plan, home=Home.DISK if streams else Home.NONE, encoder_home=Home.DISK, ram_gb=0.0)
    return None
