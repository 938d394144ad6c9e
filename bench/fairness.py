#!/usr/bin/env python3
"""Who is served worse: how often a photo fails or is in doubt, by complexion, hair, glasses, head cover and age.

    .venv/bin/python bench/fairness.py FOLDER LABELS.tsv

LABELS.tsv has a header and one line a face: file, face (number from the left), hair, glasses, cover, age; words of your own,
"-" where it is not known. Complexion is measured (individual typology angle of the skin as photographed, so light counts in).
Every face is made into a one-inch photo on white with light retouch, once for each label line.

  n       faces with that label: small numbers say little
  failed  no photo was made (error codes in brackets)
  doubt   a photo with a warning about the face, the edges, the head's place or the identity, or with a check that does not hold
  id      median SFace distance of the light retouch
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from people import sitters

from f2p import studio
from f2p.catalogue.standards import standards
from f2p.errors import F2PError
from f2p.settings import load_settings
from f2p.values.outcome import Delivery, Order
from f2p.values.plan import Backdrop, BackdropKind, IdPhotoPlan, Retouch

TRAITS = ("complexion", "hair", "glasses", "cover", "age")
DOUBTS = frozenset({"face_weak", "doubtful_edges", "no_face_seen", "crown_near_edge", "identity", "head_out_of_band"})
PLAN = IdPhotoPlan(
    spec=standards()["cn_1inch"], backdrop=Backdrop(kind=BackdropKind.SOLID, color="#FFFFFF"), retouch=Retouch.LIGHT
)


@dataclass(frozen=True)
class Outcome:
    """How one face fared."""

    error: str = ""
    doubts: tuple[str, ...] = ()
    identity: float | None = None


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("labels", type=Path)
    args = parser.parse_args()
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    skins: dict[Path, dict[str, str]] = {}
    with args.labels.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = args.folder / row["file"]
            if path not in skins:
                skins[path] = {one.name.rsplit("#", 1)[1]: one.complexion for one in sitters(path)}
            row["complexion"] = skins[path].get(row["face"], "-")
            found = outcome(path, int(row["face"]))
            print(
                f"{row['file']}#{row['face']}: {row['complexion']}; {found.error or 'made'} {','.join(found.doubts)}", flush=True
            )
            for trait in TRAITS:
                groups[trait, row[trait]].append(found)
    print("\n| trait | group | n | failed | doubt | id |\n|---|---|---|---|---|---|")
    for (trait, group), outcomes in sorted(groups.items(), key=lambda item: (TRAITS.index(item[0][0]), item[0][1])):
        print(line(trait, group, outcomes))


def outcome(path: Path, face: int) -> Outcome:
    """One photo of the face with that number; where there is only one face the number is not needed."""
    try:
        delivery = studio.process(Order(data=path.read_bytes(), name=path.name, plan=replace(PLAN, face=face)), load_settings())
    except F2PError as error:
        return Outcome(error=error.code)
    return Outcome(doubts=doubts(delivery), identity=identity(delivery))


def doubts(delivery: Delivery) -> tuple[str, ...]:
    """Codes of warnings and of checks that do not hold."""
    told = {note.code for note in delivery.report.notes if note.code in DOUBTS}
    return tuple(sorted(told | {check.name for check in delivery.report.checks if check.ok is False}))


def identity(delivery: Delivery) -> float | None:
    """SFace distance before and after the retouch."""
    return next((float(check.value) for check in delivery.report.checks if check.name == "identity_distance"), None)


def line(trait: str, group: str, outcomes: list[Outcome]) -> str:
    """One line of the table."""
    errors = Counter(one.error for one in outcomes if one.error)
    doubted = Counter(code for one in outcomes for code in one.doubts)
    distances = [one.identity for one in outcomes if one.identity is not None]
    failed = f"{errors.total()} ({', '.join(errors)})" if errors else "0"
    unsure = sum(bool(one.doubts) for one in outcomes)
    named = f"{unsure} ({', '.join(doubted)})" if doubted else "0"
    return (
        f"| {trait} | {group} | {len(outcomes)} | {failed} | {named} | {np.median(distances):.4f} |"
        if distances
        else (f"| {trait} | {group} | {len(outcomes)} | {failed} | {named} | |")
    )


if __name__ == "__main__":
    main()
