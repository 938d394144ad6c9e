"""The environment as one frozen value; read once, by the door."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


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
    """Settings from `env` (default: the process environment). Raises ValueError on a number that is none."""
    env = os.environ if env is None else env
    return Settings(
        models_dir=_models_dir(env),
        language=_language(env),
        threads=int(env.get("F2P_THREADS", "0")),
        max_input_bytes=int(float(env.get("F2P_MAX_INPUT_MB", "64")) * 1024 * 1024),
        max_input_pixels=int(float(env.get("F2P_MAX_INPUT_MP", "120")) * 1_000_000),
    )
