"""Where the folders of generating models lie, whether they are complete, and how large what is in them is."""

from __future__ import annotations

import json
from pathlib import Path

from f2p.catalogue.generation import Weights, facts, generators
from f2p.errors import GeneratorMissing
from f2p.settings import Settings
from f2p.values.generation import Fitting, GenerationPlan, Mode, ModelSize, ModelSpec, Profile

_WEIGHTS = ("*.safetensors",)
_MOST_WORK_GB = 2.6
_PORTRAIT = "qwen-image-edit-f2p"
_FAST = "qwen-image-lightning"


def folder_of(weights: Weights, settings: Settings) -> Path:
    """The folder as the models' makers name it ("Qwen/Qwen-Image"), or that folder without its maker where only this is there."""
    full = settings.generators_dir / weights.folder
    short = settings.generators_dir / Path(weights.folder).name
    return short if short.is_dir() and not full.is_dir() else full


def missing_of(weights: Weights, settings: Settings) -> str:
    """The first thing that the folder lacks; empty where it is complete."""
    folder = folder_of(weights, settings)
    if not folder.is_dir():
        return folder.name
    for need in weights.needs:
        if not (folder / need).exists():
            return need
    return _missing_shard(folder)


def located(name: str, settings: Settings) -> Path:
    """The complete folder of that model. Raises GeneratorMissing."""
    weights = generators()[name]
    lacking = missing_of(weights, settings)
    folder = folder_of(weights, settings)
    if lacking == folder.name:
        raise GeneratorMissing(reason="generator_weights", name=name, folder=str(folder))
    if lacking:
        raise GeneratorMissing(reason="generator_part", name=lacking, folder=str(folder))
    return folder


def spec_for(plan: GenerationPlan, settings: Settings) -> ModelSpec:
    """The model and LoRAs that a plan is drawn with. Raises GeneratorMissing."""
    kind = "edit" if plan.mode in (Mode.EDIT, Mode.PORTRAIT) else "text"
    folder = located("qwen-image-edit" if kind == "edit" else "qwen-image", settings)
    fittings = []
    if plan.mode is Mode.PORTRAIT:
        fittings.append(Fitting(path=str(_portrait_file(located(_PORTRAIT, settings)))))
    row = facts()["profile"][plan.profile.value]
    if plan.profile is not Profile.QUALITY:
        file = facts()["lightning"][f"{kind}_{row['lightning']}"]
        found = _beneath(located(_FAST, settings), file)
        if found is None:
            raise GeneratorMissing(reason="generator_part", name=file, folder=str(folder_of(generators()[_FAST], settings)))
        fittings.append(Fitting(path=str(found)))
    return ModelSpec(kind=kind, folder=str(folder), schedule=row["schedule"], fittings=tuple(fittings))


def size_of(folder: Path) -> ModelSize:
    """How large that very model is, by its files: 16-bit and 32-bit files alike are counted as bf16."""
    sizes = {part: _gb(folder / part) for part in ("transformer", "text_encoder", "vae")}
    config = json.loads((folder / "transformer" / "config.json").read_text(encoding="utf-8"))
    return ModelSize(
        transformer_gb=sizes["transformer"], text_encoder_gb=sizes["text_encoder"], vae_gb=sizes["vae"],
        blocks=int(config.get("num_layers", 1)), work_gb=min(_MOST_WORK_GB, sizes["transformer"]),
    )  # fmt: skip


def _portrait_file(folder: Path) -> Path:
    return folder / "model.safetensors"


def _beneath(folder: Path, name: str) -> Path | None:
    return next(iter(sorted(folder.rglob(name))), None)


def _gb(folder: Path) -> float:
    return sum(path.stat().st_size for pattern in _WEIGHTS for path in folder.glob(pattern)) / 1e9


def _missing_shard(folder: Path) -> str:
    """The first file that an index of shards names and that is not there."""
    for index in sorted(folder.glob("*/*.index.json")):
        names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        for name in sorted(names):
            if not (index.parent / name).is_file():
                return f"{index.parent.name}/{name}"
    return ""
