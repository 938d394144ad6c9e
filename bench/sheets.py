"""How many photos of one size each paper holds, against a proven optimum; for docs/sheets.md.

    python bench/sheets.py [--seconds 60] [--gap 2] [--margin usual]

The proof is another method than the product's: the bounds of area and of bars (Barnes 1979) where they are reached, else an exact
integer program (a 0/1 variable for every position of a photo on the normal patterns, no point of the paper covered twice), solved
by HiGHS within the seconds given.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from f2p.catalogue.papers import find_paper
from f2p.stages.packing import Size, fill, upper_bound

PAPERS = ("5inch", "6inch", "7inch", "8inch", "a6", "a5", "a4", "letter", "4x6in")
SIZES = {
    "小一寸 22×32": (22, 32), "一寸 25×35": (25, 35), "社保 26×32": (26, 32), "大一寸 33×48": (33, 48),
    "小二寸 35×45": (35, 45), "二寸 35×49": (35, 49), "大二寸 35×53": (35, 53), "美签 51×51": (51, 51),
}  # fmt: skip


def sums(longest: int, box: Size) -> list[int]:
    """Every sum of box sides that leaves room for one more box: where a box may begin."""
    found = {0}
    for length in range(1, longest + 1):
        if any(length - side in found for side in box):
            found.add(length)
    return sorted(found)


def beats(area: Size, box: Size, count: int, seconds: float) -> str:
    """Whether more than `count` boxes can be placed: "no" is a proof, "yes" a better packing, "open" neither in the
    time given.
    """
    xs, ys = (sums(side, box) for side in area)
    places = [
        (x, y, w, h)
        for w, h in ((box, box[::-1]) if box[0] != box[1] else (box,))
        for x in xs
        for y in ys
        if x + w <= area[0] and y + h <= area[1]
    ]
    rows, columns = [], []
    for number, (x, y, w, h) in enumerate(places):
        inside = [i * len(ys) + j for i, px in enumerate(xs) if x <= px < x + w for j, py in enumerate(ys) if y <= py < y + h]
        rows += inside
        columns += [number] * len(inside)
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(xs) * len(ys), len(places)))
    ones = np.ones(len(places))
    result = milp(
        c=-ones,
        constraints=[LinearConstraint(matrix, ub=1), LinearConstraint(ones[None, :], lb=count + 1)],
        integrality=ones,
        bounds=Bounds(0, 1),
        options={"time_limit": seconds},
    )
    return {0: "yes", 2: "no"}.get(result.status, "open")


def main() -> None:
    """Prints the table in Markdown: count, and * where it is proved by the program, ? where the time did not suffice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--gap", type=float, default=2.0)
    parser.add_argument("--margin", default="usual")
    args = parser.parse_args()
    begun, open_cells, took = time.perf_counter(), 0, 0.0
    print("| |", " | ".join(SIZES), "|")
    print("|---|" + "---|" * len(SIZES))
    for name in PAPERS:
        paper = find_paper(name)
        assert paper is not None
        margin = paper.margin_mm if args.margin == "usual" else float(args.margin)
        cells = []
        for size in SIZES.values():
            gap = round(10 * args.gap)
            box = (10 * size[0] + gap, 10 * size[1] + gap)
            area = tuple(round(10 * (side - 2 * margin)) + gap for side in (paper.width_mm, paper.height_mm))
            start = time.perf_counter()
            count = len(fill((area[0], area[1]), box).boxes)
            took = max(took, time.perf_counter() - start)
            proof = "" if count == upper_bound((area[0], area[1]), box) else beats((area[0], area[1]), box, count, args.seconds)
            open_cells += proof == "open"
            cells.append(f"{count}{dict(no='*', open='?', yes=' (not the most!)').get(proof, '')}")
        print(f"| {paper.name_zh} |", " | ".join(cells), "|", flush=True)
    print(f"\nlongest search {took:.2f} s, {open_cells} cells open, {time.perf_counter() - begun:.0f} s in all")


if __name__ == "__main__":
    main()
