#!/usr/bin/env python3
"""How often `f2p check` names a planted fault, and how often it names one that isn't there.

    .venv/bin/python bench/preflight.py [FOLDER of portraits] [--faults tilted,blurred] [--for us_visa,cn_passport] [--values]

Each portrait (face_image.png and the pictures of FOLDER) is made into a photo for each document by the product itself. That
file is the good one: what fails on it is printed by name, to be looked at, as a sitter may really show teeth. Then one fault
after the other is planted at rising strength (bench/faults.py). Detected = an expected check fails; unsure = it says "can't be
told"; beside = any other rule that fails although it held on the good file. Hints count as failing here.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.faults import FAULTS, Fault, Good, white_plan  # noqa: E402

from f2p import studio  # noqa: E402
from f2p.errors import F2PError  # noqa: E402
from f2p.files.photo import Limits  # noqa: E402
from f2p.recipes.preflight import Inspected, preflight  # noqa: E402
from f2p.settings import load_settings  # noqa: E402
from f2p.values.outcome import Check, Order  # noqa: E402
from f2p.values.preflight import ToCheck  # noqa: E402
from f2p.values.spec import PhotoSpec  # noqa: E402

SETTINGS = load_settings()
LIMITS = Limits(max_bytes=1 << 28, max_pixels=200_000_000)
DOCUMENTS = "us_visa,cn_passport,de_passport,cn_id_card"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--faults", default=",".join(FAULTS))
    parser.add_argument("--for", dest="documents", default=DOCUMENTS)
    parser.add_argument("--values", action="store_true", help="also print every value of the expected checks")
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    photos = [ROOT / "face_image.png", *(sorted(args.folder.glob("*.jpg")) if args.folder else [])]
    goods = list(good_files(photos, args.documents.split(",")))
    show_good(goods)
    begun, count = time.perf_counter(), 0
    print(f"\n{'fault':20s} {'strength':>8s}  files  detected  unsure  beside")
    for name in args.faults.split(","):
        count += run_fault(FAULTS[name], goods, show_values=args.values)
    print(f"\n{count} files checked, {(time.perf_counter() - begun) / max(count, 1):.2f} s each with planting")


def good_files(photos: list[Path], documents: list[str]) -> Iterator[tuple[str, Good, Inspected]]:
    """Each portrait as a photo for each document, with its own verdicts."""
    for photo in photos:
        for document in documents:
            made = good_file(photo.read_bytes(), studio.standards()[document])
            if isinstance(made, str):
                print(f"  {photo.stem} for {document}: not made ({made})")
                continue
            yield f"{photo.stem}/{document}", *made


def good_file(data: bytes, spec: PhotoSpec) -> tuple[Good, Inspected] | str:
    """A finished white photo of that document and its verdicts, or why none can be made."""
    try:
        finished = studio.process(Order(data=data, name="bench", plan=white_plan(spec)), SETTINGS).files[0].data
    except F2PError as error:
        return error.code
    found = checked(finished, spec)
    if found.seen is None:
        return "no face in the result"
    seen = found.seen
    good = Good(spec=spec, data=finished, rgb=seen.rgb, alpha=seen.alpha, mesh=seen.face.mesh)
    return good, found


def checked(data: bytes, spec: PhotoSpec | None) -> Inspected:
    """The verdicts on a file."""
    return preflight(ToCheck(data=data, name="bench", spec=spec), studio.engines(SETTINGS), LIMITS)


def failing(found: Inspected) -> dict[str, Check]:
    """Rules and hints that do not hold."""
    return {check.name: check for check in found.report.checks if check.ok is False}


def show_good(goods: list[tuple[str, Good, Inspected]]) -> None:
    """Each check over all good files: how often it fails and can't be told, and where."""
    fails: dict[str, list[str]] = defaultdict(list)
    unsure: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    for name, _good, found in goods:
        for check in found.report.checks:
            if check.rule:
                judged[check.name] += 1
            if check.ok is False:
                fails[check.name].append(f"{name}={check.value}")
            if check.unsure:
                unsure[check.name] += 1
    print(f"\n{len(goods)} good files\n{'check':22s} judged  fails  unsure")
    for name, count in judged.items():
        print(f"{name:22s} {count:6d} {len(fails[name]):6d} {unsure[name]:7d}  {', '.join(fails[name])}")


def run_fault(fault: Fault, goods: list[tuple[str, Good, Inspected]], *, show_values: bool) -> int:
    """One fault at all its strengths; returns how many files were made."""
    made = 0
    for strength in fault.strengths:
        tally: Counter[str] = Counter()
        beside: Counter[str] = Counter()
        values = []
        for _name, good, before in goods:
            known = {check.name for check in before.report.checks}
            data = fault.make(good, strength) if known & {*fault.expected, "faces"} else None
            if data is None or not planted_anew(fault, before):
                continue
            after = checked(data, good.spec)
            fails = failing(after)
            doubts = {check.name for check in after.report.checks if check.unsure}
            tally["files"] += 1
            tally["detected"] += bool(fails.keys() & set(fault.expected))
            tally["unsure"] += not fails.keys() & set(fault.expected) and bool(doubts & set(fault.expected))
            others = set(fails) - set(failing(before)) - set(fault.expected) - set(fault.along)
            beside.update(others)
            tally["beside"] += bool(others)
            values += [f"{check.value}" for check in after.report.checks if check.name in fault.expected]
        made += tally["files"]
        show_row(fault.name, strength, tally, beside)
        if show_values:
            print("      " + " ".join(values))
    return made


def planted_anew(fault: Fault, before: Inspected) -> bool:
    """Whether the good file does not have that fault already."""
    return not (failing(before).keys() & set(fault.expected)) and bool(
        {check.name for check in before.report.checks} & set(fault.expected) or "glare" in fault.expected
    )


def show_row(name: str, strength: float, tally: Counter[str], beside: Counter[str]) -> None:
    """One line of the table."""
    count = max(tally["files"], 1)
    parts = ", ".join(f"{check} {times}" for check, times in beside.most_common())
    detected, unsure, others = (100 * tally[key] / count for key in ("detected", "unsure", "beside"))
    print(
        f"{name:20s} {strength:8g} {tally['files']:6d} {detected:8.0f}% {unsure:6.0f}% {others:6.0f}%  {parts}",
        flush=True,
    )


if __name__ == "__main__":
    main()
