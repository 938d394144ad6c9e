"""What one run of several papers saves against one run each: seconds, warm, and that the files are the same bytes.

    python bench/papers.py PHOTO [SENTENCE] [--runs 5]

Default sentence: four papers of three sizes and two backdrops. Runs in one process with warm models; the median of the runs, wall
and CPU. A paper that the photo does not allow ends the bench with its error.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from f2p import studio
from f2p.settings import load_settings
from f2p.values.outcome import Delivery, Order
from f2p.values.plan import IdPhotoPlan, PapersPlan, papers_of

SENTENCE = "一份白底一寸,一份蓝底一寸,一份白底二寸,一份申根签证白底"


def made(data: bytes, plan: IdPhotoPlan | PapersPlan) -> tuple[tuple[float, float], Delivery]:
    """Seconds by the clock and of CPU, and the result of one order."""
    begun, worked = time.perf_counter(), time.process_time()
    delivery = studio.process(Order(data=data, name="bench", plan=plan), load_settings())
    return (time.perf_counter() - begun, time.process_time() - worked), delivery


def main() -> None:
    """Prints one line for the run of all and one for the runs of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photo", type=Path)
    parser.add_argument("sentence", nargs="?", default=SENTENCE)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    data = args.photo.read_bytes()
    plan, _ = studio.plan_for(studio.understand(args.sentence))
    papers = papers_of(plan)
    _, together = made(data, plan)  # opens the models
    one_run, each_run = [], []
    for _ in range(args.runs):
        one_run.append(made(data, plan)[0])
        alone = [made(data, paper) for paper in papers]
        each_run.append(tuple(sum(seconds[at] for seconds, _ in alone) for at in (0, 1)))
    same = together.files == tuple(file for _, delivery in alone for file in delivery.files)
    first, rest = ([statistics.median(run[at] for run in runs) for at in (0, 1)] for runs in (one_run, each_run))
    print(f"{len(papers)} papers in one run   {first[0]:.2f} s, CPU {first[1]:.2f} s")
    print(
        f"{len(papers)} runs of one paper   {rest[0]:.2f} s, CPU {rest[1]:.2f} s   "
        f"({rest[0] / first[0]:.1f} x, CPU {rest[1] / first[1]:.1f} x)"
    )
    print("files of both: " + ("the same bytes" if same else "DIFFERENT"))


if __name__ == "__main__":
    main()
