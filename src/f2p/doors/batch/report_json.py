"""The report for programs: one JSON object, written row by row, so that a hundred thousand rows take no memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from f2p.doors.batch.lines import Line, line_json

VERSION = 1


def write_json(path: Path, head: dict[str, Any], lines: Iterable[Line]) -> None:
    """`head` with the lines under "rows"; no time and no path stands in it: the same batch gives the same bytes."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps({"version": VERSION, **head}, ensure_ascii=False, indent=1)[:-2] + ',\n "rows": [')
        for number, line in enumerate(lines):
            file.write(("," if number else "") + "\n  " + json.dumps(line_json(line), ensure_ascii=False))
        file.write("\n ]\n}\n")
