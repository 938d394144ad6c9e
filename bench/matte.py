#!/usr/bin/env python3
"""How true the alpha is, against pictures whose alpha is known.

    .venv/bin/python bench/matte.py FOLDER [--peer "rembg i -om {input} {output}"]

FOLDER holds NAME.alpha.png (8-bit straight alpha) and NAME.ANYTHING.jpg composites of the same size. Errors ×1000: MAD, MSE
over the picture; bMAD, bMSE inside the band of 0.02 < alpha < 0.98 widened by 0.8 % of the long side; out = MAD outside it
(missing limbs, islands); bGRAD = squared gradient differences in the band (sigma 1.4), sum / 1000. Rows: the raw matting
network on the whole picture, `f2p matte`, and the peer (an alpha as grey PNG) if one is named.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p import studio
from f2p.files.inspect import inspect
from f2p.settings import load_settings
from f2p.values.outcome import Order
from f2p.values.plan import MattePlan

Alpha = NDArray[np.float32]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peer", help="command that writes an alpha, with {input} and {output}")
    args = parser.parse_args()
    methods: dict[str, Callable[[Path], Alpha]] = {"network alone": network_alone, "f2p matte": ours}
    if args.peer:
        methods["peer"] = lambda path: peers(path, args.peer)
    scores: dict[str, list[list[float]]] = {name: [] for name in methods}
    for alpha_path in sorted(args.folder.glob("*.alpha.png")):
        truth = cv2.imread(str(alpha_path), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255.0
        for path in sorted(args.folder.glob(alpha_path.name.split(".")[0] + ".*.jpg")):
            for name, method in methods.items():
                scores[name].append(score(method(path), truth))
    print(f"{len(next(iter(scores.values())))} pictures\n{'':16s}   MAD   MSE  bMAD  bMSE bGRAD   out")
    for name, rows in scores.items():
        print(f"{name:16s}" + "".join(f"{value:6.2f}" for value in np.mean(rows, axis=0)))


def ours(path: Path) -> Alpha:
    """Alpha of `f2p matte`."""
    delivery = studio.process(Order(data=path.read_bytes(), name=path.name, plan=MattePlan()), load_settings())
    return inspect(delivery.files[0].data).rgb[:, :, 0].astype(np.float32) / 255.0


def network_alone(path: Path) -> Alpha:
    """The matting network on the whole picture, nothing else."""
    rgb = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    return studio.engines(load_settings()).matter.matte(rgb).alpha


def peers(path: Path, command: str) -> Alpha:
    """Alpha written by another program."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "alpha.png"
        subprocess.run(shlex.split(command.format(input=path, output=out)), check=True, stdout=subprocess.DEVNULL)
        return cv2.imread(str(out), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255.0


def score(alpha: Alpha, truth: Alpha) -> list[float]:
    """MAD, MSE, bMAD, bMSE, bGRAD, out."""
    reach = round(0.008 * max(truth.shape))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    band = cv2.dilate(((truth > 0.02) & (truth < 0.98)).astype(np.uint8), disc) > 0
    error = np.abs(alpha - truth)
    slope = sum((a - b) ** 2 for a, b in zip(gradient(alpha), gradient(truth), strict=True))
    rows = [error.mean(), (error**2).mean(), error[band].mean(), (error[band] ** 2).mean()]
    return [1000 * float(value) for value in rows] + [float(slope[band].sum()) / 1000, 1000 * float(error[~band].mean())]


def gradient(alpha: Alpha) -> tuple[Alpha, Alpha]:
    """Derivatives of a Gaussian of sigma 1.4, x and y."""
    x = np.arange(-5, 6, dtype=np.float64)
    smooth = np.exp(-(x**2) / (2 * 1.4**2))
    derived = -x * smooth
    smooth, derived = smooth / smooth.sum(), derived / np.sqrt((derived**2).sum())
    return cv2.sepFilter2D(alpha, -1, derived, smooth), cv2.sepFilter2D(alpha, -1, smooth, derived)


if __name__ == "__main__":
    main()
