"""LoRAs on an open model, in either spelling of their keys, and off again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from f2p.errors import GeneratorMissing
from f2p.values.generation import Fitting


def add_fittings(pipe: Any, fittings: tuple[Fitting, ...]) -> None:
    """Lays each LoRA beside the transformer's weights. Raises GeneratorMissing where a file is not there or fits no layer."""
    names = []
    for number, fitting in enumerate(fittings):
        path = Path(fitting.path)
        if not path.is_file():
            raise GeneratorMissing(reason="generator_weights", name=path.name, folder=str(path.parent))
        name = f"fitting{number}"
        try:
            pipe.load_lora_weights(str(path.parent), weight_name=path.name, adapter_name=name, local_files_only=True)
        except (ValueError, RuntimeError, KeyError) as error:
            raise GeneratorMissing(reason="generator_part", name=path.name, folder=str(path.parent)) from error
        names.append(name)
    if names:
        pipe.set_adapters(names, adapter_weights=[fitting.strength for fitting in fittings])


def drop_fittings(pipe: Any) -> None:
    """The model as it was read."""
    if getattr(pipe.transformer, "peft_config", None):
        pipe.unload_lora_weights()
