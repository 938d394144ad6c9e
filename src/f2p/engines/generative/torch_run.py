"""What every backend on torch shares: the device, running out of its memory, pictures in and out, and stopping within a step."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import numpy as np

from f2p.engines.generative.backend import Cancelled
from f2p.errors import GeneratorMissing, GpuMemory, JobCancelled
from f2p.values.pixels import Rgb8

_PACKAGES = ("torch", "diffusers", "transformers", "safetensors", "accelerate", "peft")


def need_packages() -> None:
    """Nothing where the extra `f2p[gpu]` is installed. Raises GeneratorMissing with the first package that is not there."""
    for name in _PACKAGES:
        if find_spec(name) is None:
            raise GeneratorMissing(reason="gpu_packages", name=name, folder="")


def hush() -> None:
    """Keeps the libraries' progress bars and advice off the terminal; errors still come."""
    from diffusers.utils import logging as drawing
    from transformers.utils import logging as reading

    for library in (drawing, reading):
        library.set_verbosity_error()
        library.disable_progress_bar()


def device_of() -> str:
    """The torch device that pictures are drawn on."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def working_type(device: str) -> Any:
    """The number type of the maths: bf16 on a GPU, float32 elsewhere."""
    import torch

    return torch.bfloat16 if device == "cuda" else torch.float32


@contextmanager
def gpu_memory_told() -> Iterator[None]:
    """Turns torch's out-of-memory errors into GpuMemory, with what is free now."""
    import torch

    try:
        yield
    except torch.OutOfMemoryError as error:
        free, total = torch.cuda.mem_get_info() if torch.cuda.is_available() else (0, 0)
        raise GpuMemory(gb=round((total - free) / 1e9, 1), have_gb=round(total / 1e9, 1)) from error


def stops_within(blocks: Any, cancelled: Cancelled) -> list[Any]:
    """Hooks on the transformer's blocks that raise JobCancelled before the next one begins; `remove()` each afterwards."""

    def ask(_module: Any, _args: Any) -> None:
        if cancelled():
            raise JobCancelled

    return [block.register_forward_pre_hook(ask) for block in blocks]


def noise_of(seeds: tuple[int, ...]) -> list[Any]:
    """One generator for each picture, on the CPU: the same noise whatever device draws."""
    import torch

    return [torch.Generator("cpu").manual_seed(seed) for seed in seeds]


def picture_of(rgb: Rgb8) -> Any:
    """A PIL picture for the pipelines."""
    from PIL import Image

    return Image.fromarray(rgb)


def rgb_of(picture: Any) -> Rgb8:
    """(H, W, 3) uint8 of what a pipeline hands out."""
    return np.asarray(picture.convert("RGB"), dtype=np.uint8)


def free_memory() -> None:
    """What nobody holds any more goes back to the device."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
