"""8-bit weights with one scale for each row: converted once, kept beside the model with their hash, used for storage.

A plain cast to 8 bits loses 3.3 to 11 % of weights between 0.02 and 0.005; a scale for each row keeps it at 2.65 % whatever their
size. The maths stays in the working type: a row's numbers are multiplied by its scale as they are needed.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from f2p.errors import GeneratorMissing, ModelDamaged, OutputNotWritable

_HIGHEST = 448.0
"""Of float8_e4m3fn."""
_LEAST_ROWS = 16
_SKIPPED = ("norm", "embed", "proj_out", "img_in", "txt_in", "lm_head", "visual.patch")
"""Small or delicate layers stay as they are."""
_FORM = 1
_MOST_LOST = 0.04
"""Share of a layer's norm; row scales lose 0.027 of any plain weights, a broken layer (one huge outlier, NaN) more."""


def use_scaled(module: Any, source: Path, kept: Path) -> Path:
    """Replaces the module's large linear layers by 8-bit ones from the file in `kept`, which is made first where it is not there.

    source: the folder of the module's own weights, whose names and sizes mark the file. Raises ModelDamaged where the kept file
    is not what was once written, OutputNotWritable where it cannot be written.
    """
    path = kept / f"{source.name}.safetensors"
    mark = _mark_of(source)
    if not _is_current(path, mark):
        convert(module, path, mark)
    check(path)
    _replace(module, path)
    return path


def convert(module: Any, path: Path, mark: str) -> str:
    """Writes the module's large linear layers as 8-bit rows and scales; the file's SHA-256, which lies beside it.

    Raises GeneratorMissing (generator_rounding) where a layer loses more than rounding may: such weights are not fit for 8 bits.
    """
    from safetensors.torch import save_file

    tensors = {}
    for name, layer in _large(module):
        rows, scale = scaled_rows(layer.weight.data)
        lost = rounding_of(layer.weight.data, rows, scale)
        if not lost <= _MOST_LOST:
            raise GeneratorMissing(reason="generator_rounding", name=f"{name} {lost:.3f}", folder=str(path.parent))
        tensors[f"{name}.rows"], tensors[f"{name}.scale"] = rows, scale
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, part, metadata={"form": str(_FORM), "mark": mark})
        digest = _hash(part)
        _said(path).write_text(json.dumps({"sha256": digest, "mark": mark, "form": _FORM}), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise OutputNotWritable(path=str(path), reason=error.strerror or str(error)) from error
    return digest


def check(path: Path) -> None:
    """Raises ModelDamaged unless the file's SHA-256 is the one beside it."""
    said = json.loads(_said(path).read_text(encoding="utf-8"))
    if _hash(path) != said["sha256"]:
        raise ModelDamaged(name=path.stem, path=str(path))


def scaled_rows(weight: Any) -> tuple[Any, Any]:
    """(rows, columns) float8_e4m3fn and (rows, 1) float32 such that rows · scale is the weight to within 8 bits."""
    import torch

    wide = weight.float()
    scale = wide.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / _HIGHEST
    return (wide / scale).to(torch.float8_e4m3fn).contiguous(), scale.contiguous()


def rounding_of(weight: Any, rows: Any, scale: Any) -> float:
    """How much of a weight its 8-bit form loses: the norm of the difference over the norm."""
    wide = weight.float()
    return float((rows.float() * scale - wide).norm() / wide.norm().clamp(min=1e-12))


def _replace(module: Any, path: Path) -> None:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        for name, layer in list(_large(module)):
            _set(module, name, _scaled_linear()(layer, file.get_tensor(f"{name}.rows"), file.get_tensor(f"{name}.scale")))


@cache
def _scaled_linear() -> Any:
    """A linear layer whose weight is put together from 8-bit rows and scales when it is used. LoRAs can be laid beside it."""
    import torch

    class ScaledLinear(torch.nn.Linear):  # type: ignore[misc] # torch is read as untyped
        def __init__(self, layer: Any, rows: Any, scale: Any) -> None:
            torch.nn.Module.__init__(self)
            self.in_features, self.out_features, self.bias = layer.in_features, layer.out_features, layer.bias
            self.register_buffer("rows", rows)
            self.register_buffer("scale", scale)
            self._type = layer.weight.dtype

        @property
        def weight(self) -> Any:
            return self.rows.to(self._type) * self.scale.to(self._type)

        def forward(self, x: Any) -> Any:
            return torch.nn.functional.linear(x, self.weight, self.bias)

    return ScaledLinear


def _large(module: Any) -> list[tuple[str, Any]]:
    import torch

    return [
        (name, layer)
        for name, layer in module.named_modules()
        if isinstance(layer, torch.nn.Linear)
        and min(layer.in_features, layer.out_features) >= _LEAST_ROWS
        and not any(part in name for part in _SKIPPED)
    ]


def _set(module: Any, name: str, layer: Any) -> None:
    parent, _, last = name.rpartition(".")
    setattr(module.get_submodule(parent), last, layer)


def _mark_of(source: Path) -> str:
    """What tells this model's weights from others without reading 40 GB: names, sizes and the index of its files."""
    digest = hashlib.sha256(f"form {_FORM}".encode())
    for path in sorted(source.glob("*")):
        if path.is_file():
            digest.update(f"{path.name} {path.stat().st_size}\n".encode())
            if path.suffix == ".json":
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_current(path: Path, mark: str) -> bool:
    try:
        return path.is_file() and json.loads(_said(path).read_text(encoding="utf-8"))["mark"] == mark
    except (OSError, ValueError, KeyError):
        return False


def _said(path: Path) -> Path:
    return path.with_suffix(".json")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
