"""How many photos each paper holds, against proven optima; for docs/sheets.md.

    python bench/sheets.py [--seconds 30] [--gap 2] [--margin usual]       # one size: the table
    python bench/sheets.py --mixed 60 [--seconds 30]                       # several sizes: sheets refused although they exist

The proof is another method than the product's: the bounds of area and of bars (Barnes 1979) where they are reached, else an exact
integer program (a 0/1 variable for every position of a photo on the normal patterns, no point of the paper covered twice), solved
by HiGHS within the seconds given.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from f2p.catalogue.papers import find_paper
from f2p.stages.packing import Size, fill, upper_bound
from f2p.stages.packing_mixed import place

PAPERS = ("5inch", "6inch", "7inch", "8inch", "a6", "a5", "a4", "letter", "4x6in")
SIZES = {
    "小一寸 22×32": (22, 32), "一寸 25×35": (25, 35), "社保 26×32": (26, 32), "大一寸 33×48": (33, 48),
    "小二寸 35×45": (35, 45), "二寸 35×49": (35, 49), "大二寸 35×53": (35, 53), "美签 2×2 in": (50.8, 50.8),
}  # fmt: skip
MARKS = {"": "", "no": "*", "open": "?", "yes": " (not the most!)"}


def sums(longest: int, boxes: Sequence[Size]) -> list[int]:
    """Every sum of box sides: where a box may begin."""
    found = {0}
    for length in range(1, longest + 1):
        if any(length - side in found for box in boxes for side in box):
            found.add(length)
    return sorted(found)


def exists(area: Size, boxes: Sequence[Size], counts: Sequence[int], seconds: float) -> str:
    """Whether so many of each box can be placed: "no" is a proof, "yes" a packing, "open" neither in time."""
    xs, ys = (sums(side - min(min(box) for box in boxes), boxes) for side in area)
    places = [
        (kind, x, y, w, h)
        for kind, box in enumerate(boxes)
        for w, h in {box, box[::-1]}
        for x in xs
        for y in ys
        if x + w <= area[0] and y + h <= area[1]
    ]
    rows, columns = [], []
    for number, (_, x, y, w, h) in enumerate(places):
        inside = [i * len(ys) + j for i, px in enumerate(xs) if x <= px < x + w for j, py in enumerate(ys) if y <= py < y + h]
        rows += inside
        columns += [number] * len(inside)
    once = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(xs) * len(ys), len(places)))
    kinds = np.array([[place[0] == kind for place in places] for kind in range(len(boxes))], dtype=float)
    result = milp(
        c=-np.ones(len(places)),
        constraints=[LinearConstraint(once, ub=1), LinearConstraint(kinds, lb=np.array(counts, dtype=float))],
        integrality=np.ones(len(places)),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds},
    )
    return "yes" if result.x is not None else {2: "no"}.get(result.status, "open")


def inflated(paper_id: str, gap_mm: float, margin: str) -> tuple[Size, int]:
    """What the margins leave of a paper, in tenths of a mm, larger by the gap as the boxes are; and the gap."""
    paper = find_paper(paper_id)
    assert paper is not None
    edge, gap = paper.margin_mm if margin == "usual" else float(margin), round(10 * gap_mm)
    return (round(10 * (paper.width_mm - 2 * edge)) + gap, round(10 * (paper.height_mm - 2 * edge)) + gap), gap


def table(args: argparse.Namespace) -> None:
    """One size on each paper in Markdown: * = proved by the program, ? = the time did not suffice, no mark = at the bound."""
    open_cells, took, begun = 0, 0.0, time.perf_counter()
    print("| |", " | ".join(SIZES), "|")
    print("|---|" + "---|" * len(SIZES))
    for name in PAPERS:
        area, gap = inflated(name, args.gap, args.margin)
        cells = []
        for size in SIZES.values():
            box = (round(10 * size[0]) + gap, round(10 * size[1]) + gap)
            start = time.perf_counter()
            count = len(fill(area, box).boxes)
            took = max(took, time.perf_counter() - start)
            proof = "" if count == upper_bound(area, box) else exists(area, [box], [count + 1], args.seconds)
            open_cells += proof == "open"
            cells.append(f"{count}{MARKS[proof]}")
        paper = find_paper(name)
        print(f"| {paper.name_zh if paper else name} |", " | ".join(cells), "|", flush=True)
    print(f"\nlongest search {took:.2f} s, {open_cells} cells open, {time.perf_counter() - begun:.0f} s in all")


def mixed(args: argparse.Namespace) -> None:
    """Random sheets of two or three sizes, full to 80-98 % of the area: how many were placed, and how many refused wrongly."""
    rng, counted, took = random.Random(1), dict.fromkeys(("placed", "no", "open", "yes"), 0), 0.0
    for _ in range(args.mixed):
        area, gap = inflated(rng.choice(("5inch", "6inch", "7inch", "a5")), args.gap, args.margin)
        sizes = rng.sample(sorted(SIZES.values()), rng.choice((2, 2, 3)))
        boxes = sorted(((round(10 * w) + gap, round(10 * h) + gap) for w, h in sizes), key=lambda box: -box[0] * box[1])
        counts, full = [1] * len(boxes), rng.uniform(0.8, 0.98) * area[0] * area[1]
        while sum(n * w * h for n, (w, h) in zip(counts, boxes, strict=True)) + boxes[-1][0] * boxes[-1][1] < full:
            counts[rng.randrange(len(counts))] += 1
        start = time.perf_counter()
        found = place(area, boxes, tuple(counts)) or place(area[::-1], boxes, tuple(counts))
        took = max(took, time.perf_counter() - start)
        verdict = "placed" if found else exists(area, boxes, counts, args.seconds)
        counted[verdict] += 1
        if verdict == "yes":
            print("refused although it exists:", area, boxes, counts, flush=True)
    print(
        f"{args.mixed} sheets: {counted['placed']} placed, {counted['no']} proved impossible, {counted['yes']} refused although "
        f"they exist, {counted['open']} not decided; longest search {took:.2f} s"
    )


def main() -> None:
    """Prints the table, or what became of mixed sheets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--gap", type=float, default=2.0)
    parser.add_argument("--margin", default="usual")
    parser.add_argument("--mixed", type=int, default=0)
    args = parser.parse_args()
    (mixed if args.mixed else table)(args)


if __name__ == "__main__":
    main()
