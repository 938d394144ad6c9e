"""The environment as one frozen value; read once, by the door."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from f2p.errors import BadSetting

_MOST_THREADS = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the administrator may set; every field names its environment variable."""

    models_dir: Path
    """F2P_MODELS_DIR: folder of weights, flat, names as in data/weights.toml; serves machines with no network."""
    language: str
    """F2P_LANG, else LC_ALL / LC_MESSAGES / LANG: "zh" or "en"."""
    threads: int
    """F2P_THREADS: cores one job may use; 0 = all cores that this process may run on."""
    max_input_bytes: int
    """F2P_MAX_INPUT_MB: largest file opened, in bytes."""
    max_input_pixels: int
    """F2P_MAX_INPUT_MP: most pixels decoded; checked on the header, before decoding."""
    matting: str = "modnet"
    """F2P_MATTING: the weights that cut people out; other than modnet: a person's own, NAME.toml and its ONNX in models_dir."""

    standards: Path | None = None
    """F2P_STANDARDS: a TOML file with own standards, or a folder of such files; see docs/standards.md."""
    generators_dir: Path = Path()
    """F2P_GENERATORS_DIR: folder of the models that generate pictures, laid out as "Qwen/Qwen-Image"; see docs/gpu.md."""
    generator: str = "diffusers"
    """F2P_GENERATOR: the library that runs them, "diffusers" or "diffsynth"."""
    vram_gb: float = 0.0
    """F2P_VRAM_GB: GPU memory that may be used at most; 0 = all that is free."""
    ram_gb: float = 0.0
    """F2P_RAM_GB: host memory that may hold weights at most; 0 = all that is free."""


def _language(env: Mapping[str, str]) -> str:
    for name in ("F2P_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = env.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def _models_dir(env: Mapping[str, str]) -> Path:
    if env.get("F2P_MODELS_DIR"):
        return Path(env["F2P_MODELS_DIR"]).expanduser()
    root = Path(__file__).resolve().parents[2]
    if (root / "pyproject.toml").is_file():  # a checkout: weights lie beside the code, git-ignored
        return root / "models" / "exact"
    data = env.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "f2p" / "models"


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `env` (default: the process environment); an empty variable counts as none. Raises BadSetting."""
    env = os.environ if env is None else env
    return Settings(
        models_dir=_models_dir(env),
        language=_language(env),
        threads=_threads(env),
        max_input_bytes=int(amount(env, "F2P_MAX_INPUT_MB", 64) * 1024 * 1024),
        max_input_pixels=int(amount(env, "F2P_MAX_INPUT_MP", 120) * 1_000_000),
        matting=_name(env, "F2P_MATTING", "modnet"),
        standards=Path(env["F2P_STANDARDS"]).expanduser() if env.get("F2P_STANDARDS") else None,
        generators_dir=_generators_dir(env),
        generator=_name(env, "F2P_GENERATOR", "diffusers"),
        vram_gb=amount(env, "F2P_VRAM_GB", 0) if env.get("F2P_VRAM_GB") else 0.0,
        ram_gb=amount(env, "F2P_RAM_GB", 0) if env.get("F2P_RAM_GB") else 0.0,
    )


def _generators_dir(env: Mapping[str, str]) -> Path:
    """Beside the exact engine's weights in a checkout (models/), inside the models folder elsewhere."""
    if env.get("F2P_GENERATORS_DIR"):
        return Path(env["F2P_GENERATORS_DIR"]).expanduser()
    folder = _models_dir(env)
    return folder.parent if folder.name == "exact" else folder


def _threads(env: Mapping[str, str]) -> int:
    given = env.get("F2P_THREADS") or "0"
    if given.strip().isdecimal() and int(given) <= _MOST_THREADS:
        return int(given)
    raise BadSetting(name="F2P_THREADS", value=given, reason="not_a_count")


def _name(env: Mapping[str, str], name: str, usual: str) -> str:
    """A plain file name without type or folder."""
    given = env.get(name) or usual
    if given.replace("-", "").replace("_", "").replace(".", "").isalnum() and not given.startswith("."):
        return given
    raise BadSetting(name=name, value=given, reason="not_a_name")


def amount(env: Mapping[str, str], name: str, usual: float) -> float:
    """The number above zero in one variable, or the usual one. Raises BadSetting."""
    given = env.get(name) or str(usual)
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and value > 0:
        return value
    raise BadSetting(name=name, value=given, reason="not_above_zero")
