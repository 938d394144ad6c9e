"""What generating a picture takes: loading, encoding, seconds a step, decoding, peak memory, and the bus; arms side by side.

python bench/generation.py --tiny                              # proves the script on a CPU with small random models
python bench/generation.py --models DIR --vram 18 --vram 24 --arm diffusers --arm diffsynth
python bench/generation.py --make DIR                          # full-size random weights (57.7 GB)

Each arm runs in a process of its own, so that the first is not warm for the second. Two pictures one after the other: the
second must read no weights. Steps: the first two are left out, the median of the others counts. On a GPU the budget is also
enforced by the allocator. One JSON line an arm, then a table.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
WARM_UP = 2


def main() -> None:
    """Runs the arms."""
    options = _options()
    if options.make:
        make_full(options.make)
        return
    if options.child:
        print(json.dumps(measure(json.loads(options.child))))
        return
    folder = options.models
    if options.tiny:
        folder = Path(tempfile.mkdtemp(prefix="f2p-tiny-")) / options.kind
        from tests.generation.tiny_models import save_tiny

        save_tiny(options.kind, folder)
    found = []
    for arm in options.arm:
        for vram in options.vram:
            wish = {
                "arm": arm, "vram": vram, "folder": str(folder), "kind": options.kind, "size": options.size,
                "steps": options.steps, "cfg": options.cfg, "ram": options.ram, "tiny": options.tiny,
            }  # fmt: skip
            done = subprocess.run(
                [sys.executable, __file__, "--child", json.dumps(wish)], capture_output=True, text=True, check=False
            )
            if done.returncode:
                print(f"{arm} {vram}: {done.stderr.strip().splitlines()[-1]}")
                continue
            found.append(json.loads(done.stdout.strip().splitlines()[-1]))
            print(json.dumps(found[-1]), flush=True)
    table(found)


def measure(wish: dict[str, Any]) -> dict[str, Any]:
    """One arm: two pictures from one model, all times in seconds, memory in GB."""
    import numpy as np
    import torch

    from f2p.engines.generative.memory_plan import memory_plan
    from f2p.engines.generative.opening import open_backend
    from f2p.engines.generative.store import size_of
    from f2p.values.generation import Budget, ModelSpec
    from f2p.values.sampling import Draw, Prompt

    on_gpu = torch.cuda.is_available()
    plan = memory_plan(size_of(Path(wish["folder"])), Budget(vram_gb=wish["vram"], ram_gb=wish["ram"], disk="/"))
    if plan is None:
        raise SystemExit("no plan fits that budget")
    if on_gpu:
        total = torch.cuda.get_device_properties(0).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, wish["vram"] * 1e9 / total))
    backend = open_backend(wish["arm"])
    if wish["tiny"]:
        _tiny(wish)
    width, height = (int(side) for side in wish["size"].split("x"))
    reference = np.random.default_rng(0).integers(0, 255, (height, width, 3)).astype(np.uint8) if wish["kind"] == "edit" else None
    load = _timed(lambda: backend.load(ModelSpec(kind=wish["kind"], folder=wish["folder"]), plan))[0]
    draw = Draw(width_px=width, height_px=height, steps=wish["steps"], cfg=wish["cfg"], seeds=(0,))
    encode, cond = _timed(lambda: backend.encode(Prompt(text="a portrait in a library", negative="blurry", reference=reference)))
    rounds = [_round(backend, draw, cond) for _ in range(2)]
    step = statistics.median([seconds for one in rounds for seconds in one["steps"][WARM_UP:]] or rounds[-1]["steps"])
    return {
        "arm": wish["arm"], "vram_cap_gb": wish["vram"], "device": torch.cuda.get_device_name() if on_gpu else "cpu",
        "plan": f"{plan.store.value} {plan.resident}/{plan.blocks} {plan.home.value}", "load_s": round(load, 2),
        "encode_s": round(encode, 3), "step_s": round(step, 4), "decode_s": round(rounds[-1]["after"], 3),
        "picture_s": [round(one["whole"], 2) for one in rounds], "loads": backend.loads, "peak_gb": _peak(on_gpu),
        "bus_gb_s": _bus(on_gpu),
    }  # fmt: skip


def _round(backend: Any, draw: Any, cond: Any) -> dict[str, Any]:
    marks = [time.perf_counter()]
    whole, _ = _timed(lambda: backend.sample(draw, cond, lambda _done, _of: marks.append(time.perf_counter()), lambda: False))
    steps = [after - before for before, after in pairwise(marks)]
    return {"steps": steps, "after": marks[0] + whole - marks[-1], "whole": whole}


def _timed(work: Any) -> tuple[float, Any]:
    import torch

    begun = time.perf_counter()
    result = work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - begun, result


def _peak(on_gpu: bool) -> float:
    import torch

    if on_gpu:
        return round(torch.cuda.max_memory_reserved() / 1e9, 2)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9, 2)


def _bus(on_gpu: bool) -> dict[str, float]:
    """Copies of 1 GB from host memory, GB a second."""
    import torch

    if not on_gpu:
        return {}
    found = {}
    for name, pinned in (("pinned", True), ("pageable", False)):
        source = torch.empty(10**9, dtype=torch.uint8, pin_memory=pinned)
        seconds, _ = _timed(lambda source=source: source.to("cuda", non_blocking=True))
        found[name] = round(1.0 / seconds, 1)
    return found


def _tiny(wish: dict[str, Any]) -> None:
    """Lets the pipelines work on tiny references, and the second library know tiny models."""
    from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit as edit

    width, height = (int(side) for side in wish["size"].split("x"))
    real = edit.calculate_dimensions
    edit.calculate_dimensions = lambda _target, ratio: real(width * height, ratio)
    if wish["arm"] == "diffsynth":
        from tests.generation.tiny_diffsynth import register

        register(Path(wish["folder"]))


def make_full(folder: Path) -> None:
    """Full-size random weights under the published names: configurations on the meta device, then tensor by tensor."""
    import torch
    from accelerate import init_empty_weights
    from diffusers import AutoencoderKLQwenImage, QwenImageTransformer2DModel
    from safetensors.torch import save_file
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    device = "cuda" if torch.cuda.is_available() else "cpu"
    with init_empty_weights():
        parts = {
            "transformer": QwenImageTransformer2DModel(),
            "text_encoder": Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig()),
            "vae": AutoencoderKLQwenImage(),
        }
    for part, model in parts.items():
        place = folder / part
        place.mkdir(parents=True, exist_ok=True)
        model.save_config(place) if hasattr(model, "save_config") else model.config.save_pretrained(place)
        shards: list[dict[str, Any]] = [{}]
        room = 9_000_000_000
        for name, tensor in model.state_dict().items():
            if room < tensor.numel() * 2:
                shards.append({})
                room = 9_000_000_000
            room -= tensor.numel() * 2
            shards[-1][name] = tuple(tensor.shape)
        index = {}
        for number, shard in enumerate(shards, 1):
            file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
            made = {name: (torch.randn(shape, device=device) * 0.02).to(torch.bfloat16).cpu() for name, shape in shard.items()}
            save_file(made, place / file, metadata={"format": "pt"})
            index.update(dict.fromkeys(shard, file))
        name = "diffusion_pytorch_model" if part != "text_encoder" else "model"
        (place / f"{name}.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
        print(part, len(shards), "files", flush=True)
    print("tokenizer, processor, scheduler and model_index.json: copy them from the model's own folder")


def table(found: list[dict[str, Any]]) -> None:
    """The arms under one another."""
    print(f"{'arm':<12}{'cap GB':>7}{'load s':>8}{'encode':>8}{'s/step':>9}{'decode':>8}{'peak GB':>9}{'loads':>6}  plan")
    for one in found:
        print(
            f"{one['arm']:<12}{one['vram_cap_gb']:>7g}{one['load_s']:>8.2f}{one['encode_s']:>8.3f}{one['step_s']:>9.4f}"
            f"{one['decode_s']:>8.3f}{one['peak_gb']:>9.2f}{one['loads']:>6}  {one['plan']} ({one['device']})"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, help="one model's folder")
    parser.add_argument("--make", type=Path, help="write full-size random weights there and stop")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--kind", choices=["text", "edit"], default="edit")
    parser.add_argument("--arm", action="append", choices=["diffusers", "diffsynth"])
    parser.add_argument("--vram", action="append", type=float, help="GPU memory in GB, once for each arm to run")
    parser.add_argument("--ram", type=float, default=64.0)
    parser.add_argument("--size", default="864x1152")
    parser.add_argument("--steps", type=int, default=7)
    parser.add_argument("--cfg", type=float, default=4.0)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.arm = options.arm or ["diffusers"]
    options.vram = options.vram or ([80.0] if options.tiny else [18.0, 24.0])
    if options.tiny:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        options.size = "96x96"
    return options


if __name__ == "__main__":
    main()
