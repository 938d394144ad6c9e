"""Scores the sentence reader on labelled sentences: exact share per group, the failures with what differs, ms a sentence.

    python bench/reading.py FILE.jsonl [--quiet]

One JSON object a line: {"id", "group", "text", "expected"}. `expected` holds the keys of a reading; `name_any`, `retouch_any` and
`prompt_contains` say that any of several answers is right. Lists of names are compared without order. Exit code 0 always: a bench
measures, the tests judge.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from f2p.language import read

_UNORDERED = {"keep", "fix", "unsupported", "entities", "exclude", "conflicts", "measures"}


def differences(expected: Any, asked: Any, path: str = "") -> list[str]:
    """What keeps `asked` from being exactly what was expected; empty = read exactly."""
    if isinstance(expected, dict) and isinstance(asked, dict):
        return _dict_differences(expected, asked, path)
    key = path.rsplit(".", 1)[-1]
    if key in _UNORDERED and isinstance(expected, list) and isinstance(asked, list):
        return [] if sorted(expected) == sorted(asked) else [f"{path}: want {expected}, got {asked}"]
    if isinstance(expected, list) and isinstance(asked, list) and len(expected) == len(asked):
        return [
            line
            for i, (one, two) in enumerate(zip(expected, asked, strict=True))
            for line in differences(one, two, f"{path}[{i}]")
        ]
    return [] if expected == asked else [f"{path}: want {expected!r}, got {asked!r}"]


def _dict_differences(expected: dict[str, Any], asked: dict[str, Any], path: str) -> list[str]:
    found: list[str] = []
    names = set(asked)
    for key, value in expected.items():
        here = f"{path}.{key}" if path else key
        if key.endswith("_any"):
            name = key.removesuffix("_any")
            names.discard(name)
            if asked.get(name) not in value:
                found.append(f"{here}: want one of {value}, got {asked.get(name)!r}")
        elif key == "prompt_contains":
            names.discard("prompt")
            missing = [word for word in value if word not in asked.get("prompt", "")]
            found += [f"{here}: {missing} not in the prompt"] if missing else []
        else:
            names.discard(key)
            found += differences(value, asked[key], here) if key in asked else [f"{here}: want {value!r}, got nothing"]
    found += [f"{path}.{name}: not expected, got {asked[name]!r}".lstrip(".") for name in sorted(names)]
    return found


def main() -> None:
    """Print the score of the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--quiet", action="store_true", help="scores only, no failures")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    read("warm up")
    exact: dict[str, list[bool]] = defaultdict(list)
    times = []
    for row in rows:
        start = time.perf_counter()
        reading = read(row["text"])
        times.append((time.perf_counter() - start) * 1000)
        lines = differences(row["expected"], reading.asked)
        exact[row.get("group", "-")].append(not lines)
        if lines and not options.quiet:
            print(f"✗ {row.get('id', '')}  {row['text']}")
            print("".join(f"      {line}\n" for line in lines), end="")
    for group, results in exact.items():
        print(f"{group:<14} {sum(results):>4} / {len(results)}")
    everything = [result for results in exact.values() for result in results]
    print(f"{'exact':<14} {sum(everything):>4} / {len(everything)}  {100 * sum(everything) / len(everything):.1f} %")
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"median {statistics.median(times):.2f} ms, p95 {p95:.2f} ms, worst {ordered[-1]:.2f} ms a sentence")


if __name__ == "__main__":
    main()
