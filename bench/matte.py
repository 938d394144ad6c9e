#!/usr/bin/env python3
"""How true alpha and composite are, against pictures whose alpha is known.

    .venv/bin/python bench/matte.py FOLDER [--weights FOLDER] [--peer "rembg i -om {input} {output}"] [--json FILE]

FOLDER holds NAME.alpha.png (8-bit straight alpha) and NAME.ANYTHING.jpg composites of the same size.

Alpha, errors × 1000: MAD, MSE over the picture; bMAD, bMSE inside the band of 0.02 < alpha < 0.98 widened by 0.8 % of the long
side; out = MAD outside it (missing limbs, islands). Grad, bGRAD = squared gradient differences (sigma 1.4), sum / 1000.

Colour: mean CIEDE2000 in that band of the picture composed on white, blue #438EDB, red #D74532 and black, their mean (dE), and
the mean in the part of the band that is hair (hair). The true composite is front + (1 - alpha) · colour; `front` is solved
from all composites of a person together, each weighed by how even its backdrop is near the edge, so plain walls decide. Ours is
composed as an ID photo is: haze taken out, colours unmixed. Networks alone are composed with the colours of the picture.

Rows: the raw matting network on the whole picture; ours, --quality fast and best; ours with the true alpha, which shows what the
colours alone cost; networks found in --weights (bench/peers.py says under which file names; licences do not matter for
measuring); the peer (an alpha as grey PNG). At the end: whether doubt tells the true error (Spearman), and CPU seconds of each
part.
"""

from __future__ import annotations

import argparse
import json
import shlex
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from peers import peers
from scores import BACKDROPS, NAMES, Alpha, Rgb, Truth, alpha_scores, band_of, colour_errors, hair_of, solved

from f2p import studio
from f2p.files.photo import Limits, open_photo
from f2p.recipes.matte import cut_out
from f2p.recipes.trace import Trace
from f2p.settings import load_settings
from f2p.stages.closed_form import solve_band
from f2p.stages.colour_cue import colour_cue
from f2p.stages.foreground import unmixed
from f2p.stages.matting import refined, unknown_band, without_haze
from f2p.values.plan import MattePlan, Quality

COLUMNS = (*NAMES, *BACKDROPS, "dE", "hair")


@dataclass(frozen=True)
class Picture:
    """One composite and what is known of it."""

    name: str
    path: Path
    rgb: Rgb
    truth: Truth


@dataclass(frozen=True)
class Answer:
    """What a method says: alpha, the alpha and straight colours that it composes with, and its doubt where it has one."""

    alpha: Alpha
    composed: Alpha
    rgb: Rgb
    doubt: float = 0.0


Method = Callable[[Picture], Answer]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, help="folder with the files of other networks")
    parser.add_argument("--peer", help="command that writes an alpha, with {input} and {output}")
    parser.add_argument("--json", type=Path, help="also write every number here")
    args = parser.parse_args()
    pictures = gathered(args.folder)
    rows: dict[str, dict[str, list[float]]] = {}
    doubts: dict[str, float] = {}
    for name, method in methods(args.weights, args.peer).items():
        rows[name] = {}
        for picture in pictures:
            answer = method(picture)
            rows[name][picture.name] = scored(answer, picture.truth)
            if name == "ours, fast":
                doubts[picture.name] = answer.doubt
    show(pictures, rows)
    show_doubt(doubts, rows["ours, fast"])
    costs = show_costs(pictures[0])
    if args.json:
        args.json.write_text(json.dumps({"columns": COLUMNS, "rows": rows, "doubt": doubts, "cpu_s": costs}, indent=1))


def gathered(folder: Path) -> list[Picture]:
    """All composites of the folder, with the truth of each person."""
    pictures = []
    for alpha_path in sorted(folder.glob("*.alpha.png")):
        alpha = cv2.imread(str(alpha_path), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255.0
        paths = sorted(folder.glob(alpha_path.name.split(".")[0] + ".*.jpg"))
        composites = [cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in paths]
        truth = solved(alpha, composites)
        pictures += [Picture(path.stem, path, rgb, truth) for path, rgb in zip(paths, composites, strict=True)]
    return pictures


def methods(weights: Path | None, peer: str | None) -> dict[str, Method]:
    """Every row of the table by name."""
    found: dict[str, Method] = {
        "network alone": partial(alone, studio.engines(load_settings()).matter.matte),
        "ours, fast": partial(ours, Quality.FAST),
        "ours, best": partial(ours, Quality.BEST),
        "ours, true alpha": with_true_alpha,
    }
    if weights:
        found |= {name: partial(alone, matter.matte) for name, matter in peers(weights)}
    if peer:
        found["peer"] = partial(by_command, peer)
    return found


def alone(matte: Callable[[Rgb], object], picture: Picture) -> Answer:
    """A network on the whole picture, nothing else."""
    alpha = matte(picture.rgb).alpha  # type: ignore[attr-defined]
    return Answer(alpha, alpha, picture.rgb)


def ours(quality: Quality, picture: Picture) -> Answer:
    """The alpha of `f2p matte`, and the composite as an ID photo makes it."""
    photo = open_photo(picture.path.read_bytes(), picture.name, Limits(max_bytes=2**30, max_pixels=2**28))
    cut = cut_out(photo, MattePlan(quality=quality), studio.engines(load_settings()), Trace())
    x, y = cut.part
    alpha, composed = np.zeros(picture.truth.alpha.shape, np.float32), np.zeros(picture.truth.alpha.shape, np.float32)
    alpha[y, x], composed[y, x] = cut.edges.alpha, without_haze(cut.edges.alpha, cut.edges.unsure)
    return Answer(alpha, composed, unmixed(picture.rgb, composed).rgb, cut.doubt.score)


def with_true_alpha(picture: Picture) -> Answer:
    """Our colours under the true alpha: what is left is the error of the colours alone, noise and JPEG."""
    alpha = picture.truth.alpha
    return Answer(alpha, alpha, unmixed(picture.rgb, alpha).rgb)


def by_command(command: str, picture: Picture) -> Answer:
    """Alpha written by another program."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "alpha.png"
        subprocess.run(shlex.split(command.format(input=picture.path, output=out)), check=True, stdout=subprocess.DEVNULL)
        alpha = cv2.imread(str(out), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255.0
    return Answer(alpha, alpha, picture.rgb)


def scored(answer: Answer, truth: Truth) -> list[float]:
    """One number for each of COLUMNS."""
    band = colour_errors(answer.rgb, answer.composed, truth, band_of(truth.alpha))
    hair = colour_errors(answer.rgb, answer.composed, truth, hair_of(truth.alpha))
    return [*alpha_scores(answer.alpha, truth.alpha), *band, statistics.mean(band), statistics.mean(hair)]


def show(pictures: list[Picture], rows: dict[str, dict[str, list[float]]]) -> None:
    """Every picture, then the means."""
    head = f"{'':19s}" + "".join(f"{name:>7s}" for name in COLUMNS)
    for picture in pictures:
        print(f"\n{picture.name}\n{head}")
        for name, scores in rows.items():
            print(line(name, scores[picture.name]))
    print(f"\nmean of {len(pictures)} pictures\n{head}")
    means = {name: np.mean(list(scores.values()), axis=0).tolist() for name, scores in rows.items()}
    for name, values in means.items():
        print(line(name, values))
    raw, best = means["network alone"], means["ours, best"]
    for column in ("bMAD", "dE", "hair"):
        place = COLUMNS.index(column)
        print(f"{column}: ours, best is {100 * (1 - best[place] / raw[place]):.0f} % below the network alone")


def line(name: str, values: list[float]) -> str:
    """One row of the table."""
    return f"{name:19s}" + "".join(f"{value:7.2f}" for value in values)


def show_doubt(doubts: dict[str, float], scores: dict[str, list[float]]) -> None:
    """Doubt beside the true error of the edge, and how well one ranks the other."""
    error = {name: scores[name][COLUMNS.index("bMAD")] for name in doubts}
    for name, doubt in sorted(doubts.items(), key=lambda item: item[1]):
        print(f"doubt {doubt:.3f}  bMAD {error[name]:6.1f}  {name}")
    ranks = [np.argsort(np.argsort(list(values.values()))) for values in (doubts, error)]
    print(f"Spearman of doubt and bMAD: {np.corrcoef(*ranks)[0, 1]:.2f}")


def show_costs(picture: Picture) -> dict[str, float]:
    """CPU seconds of each part at an ID photo's fine raster (590 × 826)."""
    rgb = cv2.resize(picture.rgb, (590, 826), interpolation=cv2.INTER_AREA)
    matter = studio.engines(load_settings()).matter
    coarse = matter.matte(rgb).alpha
    size = (366, 512)
    colours = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    small = cv2.resize(coarse, size, interpolation=cv2.INTER_AREA)
    band, trust = unknown_band(small), np.full(small.shape, 0.01, np.float32)
    photo_rgb, photo_alpha = cv2.resize(rgb, (295, 413)), cv2.resize(coarse, (295, 413))
    costs = {
        "the matting network, once": cpu_s(lambda: matter.matte(rgb)),
        "edges refined, all of it": cpu_s(lambda: refined(rgb, coarse)),
        "  of it colours around the edge": cpu_s(lambda: colour_cue(colours, small, band)),
        "  of it closed form in the band": cpu_s(lambda: solve_band(colours, small, band, trust)),
        "foreground colours, 295 × 413": cpu_s(lambda: unmixed(photo_rgb, photo_alpha)),
    }
    print(f"\nCPU seconds, band {100 * band.mean():.0f} % of the raster")
    for name, seconds in costs.items():
        print(f"  {name:34s} {seconds:.3f}")
    return costs


def cpu_s(part: Callable[[], object], runs: int = 7) -> float:
    """Median CPU seconds, after one run that does not count."""
    seconds = []
    for _ in range(runs + 1):
        begun = time.process_time()
        part()
        seconds.append(time.process_time() - begun)
    return statistics.median(seconds[1:])


if __name__ == "__main__":
    main()
