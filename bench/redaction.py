"""Redaction on generated pages with a true box for every character: recall of digits, what else was hit, what can still be read.

    python bench/redaction.py [--pages 24] [--hard] [--seed 1] [--entities digits] [--save FOLDER] [--peer PYTHON]

Contracts, ID cards, bank slips, statements and invoices in Chinese and English, drawn with whatever fonts `fc-list` names;
clean scans by default, --hard adds blur, JPEG, shadow, stamps, noise and perspective. Every value is invented.
--peer names the Python of an environment with Presidio's image redactor: see redaction_presidio.py.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from private_pages import CAPITAL, drawn

from f2p.engines.suite import Engines
from f2p.errors import NotProven
from f2p.files.page import decoded
from f2p.files.pages import OnePage
from f2p.files.photo import Limits
from f2p.recipes.page_reading import read_page
from f2p.recipes.redaction import redact
from f2p.recipes.trace import Trace
from f2p.settings import load_settings
from f2p.stages.hidden import glyph_middles
from f2p.values.redaction import RedactionPlan

Chars = list[tuple[str, np.ndarray]]
"""Each character of a page with its box, (4, 2) px."""


def share_covered(mask: np.ndarray, box: np.ndarray) -> float:
    """How much of a character's box the mask covers."""
    left, top = np.floor(box.min(axis=0)).astype(int)
    right, low = np.ceil(box.max(axis=0)).astype(int)
    local = np.zeros((max(low - top, 1), max(right - left, 1)), np.uint8)
    cv2.fillConvexPoly(local, np.round(box - [left, top]).astype(np.int32), 1)
    part = mask[max(top, 0) : max(top, 0) + local.shape[0], max(left, 0) : max(left, 0) + local.shape[1]]
    local = local[: part.shape[0], : part.shape[1]] > 0
    return float(part[local].mean()) if local.any() else 1.0


def still_read(rgb: np.ndarray, digits: list[tuple[str, np.ndarray]], engines: Engines) -> int:
    """True digits that a fresh look at yet another scale still reads where they stood; a box taken for another digit is none."""
    bigger = cv2.resize(rgb, None, fx=1.25, fy=1.25, interpolation=cv2.INTER_CUBIC)
    seen = [
        (glyph.char, glyph_middles(line)[i] / 1.25)
        for line in read_page(bigger, engines.reader, 2000)
        for i, glyph in enumerate(line.glyphs)
        if glyph.char.isdigit()
    ]
    return sum(
        any(char == true and cv2.pointPolygonTest(box, tuple(map(float, at)), measureDist=False) >= 0 for char, at in seen)
        for true, box in digits
    )


def scored(out: np.ndarray, rgb: np.ndarray, chars: Chars) -> tuple[dict[str, Any], list[tuple[float, np.ndarray]]]:
    """How many digits are covered and how many other characters hit, and the share of each digit's box that is covered."""
    mask = (out == 0).all(axis=2) & ~(rgb.max(axis=2) < 3)
    mask = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) > 0
    shares = [(char, share_covered(mask, box), box) for char, box in chars]
    digits = [(share, box) for char, share, box in shares if char.isdigit()]
    others = [(char, share) for char, share, _ in shares if char.isalnum() and not char.isdigit() and char not in CAPITAL]
    row = {
        "digits": len(digits), "full": sum(s >= 0.95 for s, _ in digits), "open": sum(s < 0.5 for s, _ in digits),
        "others": len(others), "hit": sum(s > 0.25 for _, s in others), "touched": sum(0.02 < s <= 0.25 for _, s in others),
    }  # fmt: skip
    row["hit_chars"] = "".join(char for char, s in others if s > 0.25)
    return row, digits


def by_peer(args: argparse.Namespace) -> None:
    """The same pages through Presidio: as it comes, and with a pattern for digits. Prints one line a page and the sums."""
    command = [args.peer, str(Path(__file__).with_name("redaction_presidio.py"))]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer,
    ):
        peer.stdout.readline()
        rows: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
        page, out = Path(folder) / "page.png", Path(folder) / "out.png"
        for number in range(args.first, args.first + args.pages):
            rgb, chars, dpi, kind = drawn(number, args.seed, hard=args.hard)
            Image.fromarray(rgb).save(page, dpi=(dpi, dpi))
            for digits, done in rows.items():
                peer.stdin.write(json.dumps({"page": str(page), "out": str(out), "digits": digits}) + "\n")
                peer.stdin.flush()
                row = json.loads(peer.stdout.readline()) | {"page": number, "kind": kind, "pattern": digits}
                done.append(row | scored(decoded(out.read_bytes()), rgb, chars)[0])
                print(json.dumps({k: v for k, v in done[-1].items() if k != "hit_chars"}, ensure_ascii=False), flush=True)
        peer.stdin.close()
    for digits, done in rows.items():
        total = {key: sum(row[key] for row in done) for key in ("digits", "full", "open", "others", "hit")}
        wall = sorted(row["wall"] for row in done)
        print(
            f"presidio{' + digits' if digits else ''}: recall95 {total['full'] / total['digits']:.4f} "
            f"recall50 {1 - total['open'] / total['digits']:.4f} kept {1 - total['hit'] / total['others']:.4f} "
            f"wall p50 {wall[len(wall) // 2]:.1f}"
        )


def one_page(number: int, args: argparse.Namespace, engines: Engines) -> dict[str, Any]:
    """What happened to one page."""
    rgb, chars, dpi, kind = drawn(number, args.seed, hard=args.hard)
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "PNG", dpi=(dpi, dpi))
    pages = OnePage(stream.getvalue(), "page.png", Limits(max_bytes=1 << 28, max_pixels=120_000_000))
    plan = RedactionPlan(entities=tuple(args.entities.split(",")))
    cpu, wall = time.process_time(), time.perf_counter()
    row: dict[str, Any] = {"page": number, "kind": kind, "dpi": dpi, "failed": False}
    trace = Trace()
    try:
        done = redact(pages, plan, engines, trace)
    except NotProven as error:
        row |= {"failed": True, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "place": error.params}
        return row
    row |= {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    row["steps"] = {step.name: round(step.seconds, 2) for step in trace.steps}
    out = decoded(done.data)
    scores, digits = scored(out, rgb, chars)
    row |= scores | {"late": sum(page.late for page in done.receipt.pages), "rounds": done.receipt.pages[0].rounds}
    if args.leaks:
        row["read"] = still_read(out, [(char, box) for char, box in chars if char.isdigit()], engines)
    if args.save:
        folder = Path(args.save)
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(out).save(folder / f"{'hard' if args.hard else 'clean'}-{number:03d}-{kind}.png")
        missing = np.array(out)
        for share, box in digits:
            if share < 0.95:
                cv2.polylines(missing, [box.astype(np.int32)], isClosed=True, color=(255, 0, 0), thickness=3)
        Image.fromarray(missing).save(folder / f"{'hard' if args.hard else 'clean'}-{number:03d}-{kind}-marked.png")
    return row


def main() -> None:
    """Prints one line a page and the sums."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--leaks", action="store_true", help="read each finished page again with the first reader")
    parser.add_argument("--entities", default="digits")
    parser.add_argument("--save")
    parser.add_argument("--peer")
    args = parser.parse_args()
    if args.peer:
        by_peer(args)
        return
    engines = Engines(load_settings())
    rows = []
    for number in range(args.first, args.first + args.pages):
        row = one_page(number, args, engines)
        rows.append(row)
        print(json.dumps({k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()}, ensure_ascii=False), flush=True)
    good = [row for row in rows if not row["failed"]]
    total = {
        key: sum(row.get(key, 0) for row in good)
        for key in ("digits", "full", "open", "others", "hit", "touched", "late", "read")
    }
    digits, others = max(total["digits"], 1), max(total["others"], 1)
    cpu = sorted(row["cpu"] for row in rows)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"recall95 {total['full'] / digits:.4f} recall50 {1 - total['open'] / digits:.4f} kept {1 - total['hit'] / others:.4f} "
        f"read {total['read']} late {total['late']} failed {len(rows) - len(good)}/{len(rows)} "
        f"cpu p50 {cpu[len(cpu) // 2]:.1f} peak {peak_mb} MB"
    )


if __name__ == "__main__":
    main()
