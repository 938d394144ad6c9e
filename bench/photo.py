#!/usr/bin/env python3
"""How long one ID photo takes and how much memory: cold process, warm p50/p95, peak memory, each step, and a peer beside it.

    .venv/bin/python bench/photo.py [--runs 15] [--photo FILE] [--peer "rembg i {input} {output}"]

Two sizes are made from the photo: 1 MP (866 × 1155) and 2400 × 3200. Each size runs in a process of its own, so that peak memory
is its own. Cold runs and peer runs alternate, so that a busy machine slows both. Times are wall seconds; quote
medians.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SENTENCE = "纯白背景,1寸标准证件照尺寸,轻微磨皮,保留发丝细节,高清锐利"
SIZES = {"1 MP": (866, 1155), "2400x3200": (2400, 3200)}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photo", type=Path, default=ROOT / "face_image.png")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--peer", help="command of another background remover, with {input} and {output}")
    parser.add_argument("--json", type=Path, help="also write every number here")
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {sys.platform}, Python {sys.version.split()[0]}")
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for label, (width, height) in SIZES.items():
            path = Path(folder) / f"{width}.jpg"
            path.write_bytes(sized(args.photo, width, height))
            results[label] = warm = in_own_process(path, args.runs)
            show_warm(label, warm)
            results[f"{label} cold"] = cold = cold_runs(path, Path(folder), args.peer, max(3, args.runs // 3))
            show_cold(label, cold)
    results["help"] = show_help(args.runs)
    if args.json:
        args.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


def sized(photo: Path, width: int, height: int) -> bytes:
    """The photo as a JPEG of the given size, the person large, the rest filled by mirroring."""
    from PIL import Image, ImageOps

    with Image.open(photo) as image:
        picture = ImageOps.exif_transpose(image).convert("RGB")
    factor = width / picture.width
    picture = picture.resize((width, round(picture.height * factor)), Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (width, height))
    y, part = 0, picture
    while y < height:
        canvas.paste(part, (0, y))
        y, part = y + part.height, ImageOps.flip(part)
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def in_own_process(path: Path, runs: int) -> dict[str, object]:
    """Warm seconds, steps and peak MB, measured in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(warm_runs, (str(path), runs))


def warm_runs(path: str, runs: int) -> dict[str, object]:
    """One first run, then `runs` counted ones."""
    from f2p import studio
    from f2p.settings import load_settings
    from f2p.values.outcome import Order

    settings, data = load_settings(), Path(path).read_bytes()
    seconds, steps = [], []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        plan, reading = studio.plan_for(studio.understand(SENTENCE))
        delivery = studio.process(Order(data=data, name="bench", plan=plan, reading=reading), settings)
        seconds.append(time.perf_counter() - begun)
        steps.append({step.name: step.seconds for step in delivery.report.steps})
    medians = {name: statistics.median(run.get(name, 0.0) for run in steps[1:]) for name in steps[1]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "first": seconds[0],
        "seconds": seconds[1:],
        "steps": medians,
        "peak_mb": peak / (2**20 if sys.platform == "darwin" else 2**10),
    }


def cold_runs(path: Path, folder: Path, peer: str | None, runs: int) -> dict[str, list[float]]:
    """Whole processes from start to finished file, ours and the peer's in turn."""
    ours, theirs = [], []
    out = folder / "out.jpg"
    command = [sys.executable, "-m", "f2p", "edit", str(path), SENTENCE, "-o", str(out), "--overwrite", "--quiet"]
    for _ in range(runs):
        ours.append(timed(command))
        if peer:
            theirs.append(timed(shlex.split(peer.format(input=path, output=folder / "peer.png"))))
    return {"ours": ours, "peer": theirs}


def timed(command: list[str]) -> float:
    """Wall seconds of a command that must succeed."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def show_warm(label: str, warm: dict[str, object]) -> None:
    """Median, p95, peak memory, and each step against the matting network's own time."""
    seconds: list[float] = sorted(warm["seconds"])  # type: ignore[call-overload]
    steps: dict[str, float] = warm["steps"]  # type: ignore[assignment]
    p95 = seconds[min(len(seconds) - 1, round(0.95 * (len(seconds) - 1)))]
    rest = sum(steps.values()) - steps["matte"]
    print(
        f"\n{label}: warm p50 {statistics.median(seconds):.2f} s, p95 {p95:.2f} s, first in process {warm['first']:.2f} s, ",
        end="",
    )
    print(f"peak memory {warm['peak_mb']:.0f} MB; everything but the matting network / the network = {rest / steps['matte']:.2f}")
    for name, value in sorted(steps.items(), key=lambda item: -item[1]):
        print(f"  {name:14s} {1000 * value:7.1f} ms")


def show_cold(label: str, cold: dict[str, list[float]]) -> None:
    """Median of whole processes, and the ratio to the peer pair by pair."""
    print(f"  cold process   {statistics.median(cold['ours']):.2f} s (min {min(cold['ours']):.2f}, max {max(cold['ours']):.2f})")
    if cold["peer"]:
        ratios = [ours / theirs for ours, theirs in zip(cold["ours"], cold["peer"], strict=True)]
        print(f"  peer, {label}: {statistics.median(cold['peer']):.2f} s; ours / peer = {statistics.median(ratios):.2f}")


def show_help(runs: int) -> list[float]:
    """`f2p --help`: what a person waits before anything is said."""
    seconds = [timed([sys.executable, "-m", "f2p", "--help"]) for _ in range(runs)]
    print(f"\nf2p --help       {statistics.median(seconds):.3f} s")
    return seconds


if __name__ == "__main__":
    main()
