"""The report to look at: one HTML file with everything in it, that asks nothing of any network."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from f2p.catalogue.messages import Messages
from f2p.doors.batch.lines import Line

_PAGE = Path(__file__).resolve().parent / "page"
_WORDS = (
    *("search", "all", "person", "status", "why", "before", "after", "head_mm", "eye_line_mm", "light", "copy_notice", "copied"),
    *("none", "ready", "fixed", "check", "retake"),
)
Pictures = Callable[[str], tuple[bytes | None, bytes | None]]


def write_html(path: Path, above: dict[str, str], lines: Iterable[Line], pictures: Pictures, text: Messages) -> None:
    """The page; above: "title", "wish", "class" (one line about the whole batch). pictures: source → small WebP before, after."""
    frame = (_PAGE / "page.html").read_text(encoding="utf-8")
    words = {word: text.text(f"batch.{word}") for word in _WORDS}
    fill = {name: html.escape(value) for name, value in above.items()} | {
        "lang": text.language,
        "style": (_PAGE / "page.css").read_text(encoding="utf-8"),
        "script": (_PAGE / "page.js").read_text(encoding="utf-8"),
        "words": _inside(words),
    }
    before, after = frame.split("@rows@")
    for name, value in fill.items():
        before, after = before.replace(f"@{name}@", value), after.replace(f"@{name}@", value)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(before)
        for number, line in enumerate(lines):
            file.write((",\n" if number else "") + _inside(_row(line, pictures)))
        file.write(after)


def _row(line: Line, pictures: Pictures) -> dict[str, Any]:
    row, measured = line.row, line.row.measured
    small = pictures(row.source) if row.source else (None, None)
    before, after = (None if one is None else base64.b64encode(one).decode() for one in small)
    return {
        "label": row.label,
        "group": row.group.value,
        "why": line.why,
        "file": row.source,
        "notice": line.notice,
        "head": None if measured is None else measured.head_mm,
        "eyes": None if measured is None else measured.eye_line_mm,
        "light": None if measured is None else measured.light,
        "marks": [[mark.left, mark.top, mark.right, mark.bottom] for mark in row.marks],
        "before": before,
        "after": after,
    }


def _inside(value: Any) -> str:
    """JSON that may stand inside a script element: no "</script>" or "<!--" of a file's name ends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
