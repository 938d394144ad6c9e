"""Carries out a memory plan: what stays on the GPU, what is streamed, what comes only when it is its turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from f2p.engines.generative.scaled_fp8 import use_scaled
from f2p.engines.generative.torch_run import free_memory
from f2p.values.generation import Home, MemoryPlan, Store


@dataclass(frozen=True, slots=True)
class Placed:
    """A model as it lies: the plan that was carried out and the device that draws."""

    plan: MemoryPlan
    device: str


def place(pipe: Any, plan: MemoryPlan, device: str, folder: Path) -> Placed:
    """The pipeline's parts where the plan wants them. On a CPU all lies in the one memory; 8-bit weights are used there too."""
    if plan.store is Store.FP8:
        use_scaled(pipe.transformer, folder / "transformer", folder.parent / f"{folder.name}.f2p-fp8")
    if plan.encoder_store is Store.FP8:
        use_scaled(pipe.text_encoder, folder / "text_encoder", folder.parent / f"{folder.name}.f2p-fp8")
    if plan.tiled:
        pipe.vae.enable_tiling()
    if device == "cpu":
        return Placed(plan, device)
    pipe.vae.to(device)
    _place_transformer(pipe.transformer, plan, device)
    if plan.encoder_home is Home.NONE:
        pipe.text_encoder.to(device)
    elif plan.encoder_home is Home.PINNED:
        _pin(pipe.text_encoder)
    return Placed(plan, device)


@contextmanager
def put_for(pipe: Any, placed: Placed, what: str) -> Iterator[None]:
    """Has the text encoder on the device while words are encoded ("encode"), and away while pictures are drawn."""
    plan, device = placed.plan, placed.device
    moves = device != "cpu" and plan.encoder_home is not Home.NONE and what == "encode"
    if not moves:
        yield
        return
    kept = {name: tensor.data for name, tensor in _tensors(pipe.text_encoder)}
    try:
        for _, tensor in _tensors(pipe.text_encoder):
            tensor.data = tensor.data.to(device, non_blocking=True)
        yield
    finally:
        for name, tensor in _tensors(pipe.text_encoder):
            tensor.data = kept[name]  # nothing is copied back: weights do not change
        free_memory()


def _place_transformer(transformer: Any, plan: MemoryPlan, device: str) -> None:
    """The first blocks and all that is no block stay; the others are streamed, one ahead, on a stream of their own."""
    blocks = transformer.transformer_blocks
    streamed = list(blocks)[plan.resident :]
    for name, child in transformer.named_children():
        if name != "transformer_blocks":
            child.to(device)
    for block in list(blocks)[: plan.resident]:
        block.to(device)
    if streamed:
        stream_blocks(transformer, plan, device)


def stream_blocks(transformer: Any, plan: MemoryPlan, device: str) -> None:
    """Hooks that bring each further block before it is its turn. From disk where host memory has no room for them."""
    import tempfile

    import torch
    from diffusers.hooks import apply_group_offloading

    kept = list(transformer.transformer_blocks)[plan.resident :]
    on_gpu = device != "cpu"
    disk = tempfile.mkdtemp(prefix="f2p-blocks-") if plan.home is Home.DISK else None
    for number, block in enumerate(kept):
        apply_group_offloading(
            block, onload_device=torch.device(device), offload_device=torch.device("cpu"), offload_type="leaf_level",
            use_stream=on_gpu, record_stream=on_gpu, non_blocking=on_gpu, low_cpu_mem_usage=plan.home is not Home.PINNED,
            offload_to_disk_path=None if disk is None else f"{disk}/{number}",
        )  # fmt: skip


def _pin(module: Any) -> None:
    for _, tensor in _tensors(module):
        tensor.data = tensor.data.pin_memory()


def _tensors(module: Any) -> Iterator[tuple[str, Any]]:
    yield from module.named_parameters()
    yield from module.named_buffers()
