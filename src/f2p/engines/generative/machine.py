"""What this machine may give to a model: GPU and host memory, asked without opening one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from f2p.settings import Settings
from f2p.values.generation import Budget


@dataclass(frozen=True, slots=True)
class Gpu:
    """The GPU that would draw. name: empty = none, or torch is not installed."""

    name: str
    free_gb: float
    total_gb: float


def gpu() -> Gpu:
    """The GPU as torch sees it; loads torch where it is installed."""
    if find_spec("torch") is None:
        return Gpu("", 0.0, 0.0)
    import torch

    if not torch.cuda.is_available():
        return Gpu("", 0.0, 0.0)
    free, total = torch.cuda.mem_get_info()
    return Gpu(torch.cuda.get_device_name(), round(free / 1e9, 1), round(total / 1e9, 1))


def ram_gb() -> float:
    """Host memory that is free now, in GB; 0 where the system does not say."""
    info = Path("/proc/meminfo")
    if info.is_file():
        for line in info.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return round(int(line.split()[1]) * 1024 / 1e9, 1)
    try:
        return round(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1)
    except (ValueError, OSError):
        return 0.0


def budget_of(settings: Settings) -> Budget:
    """What the administrator allows, at most what is free."""
    card = gpu()
    vram = min(card.free_gb, settings.vram_gb or card.free_gb)
    ram = min(ram_gb(), settings.ram_gb or ram_gb())
    return Budget(vram_gb=vram, ram_gb=ram, disk=str(settings.generators_dir))
