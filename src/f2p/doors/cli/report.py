"""The truth about one delivery, for a person and as the JSON that docs/report.md describes field by field."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from f2p import studio
from f2p.catalogue.messages import Messages, number
from f2p.doors.cli.show import bullets, heading, say
from f2p.values.outcome import Check, Delivery, Report


def report_json(delivery: Delivery, out: Path, text: Messages) -> dict[str, Any]:
    """The report of a delivery that was written to `out`, with each code's words in the user's language."""
    report = delivery.report
    return {
        "version": report.version,
        "language": text.language,
        "output": {"path": str(out), "bytes": len(delivery.files[0].data)},
        "source": dict(report.source),
        "reading": None if report.reading is None else studio.reading_json(report.reading),
        "plan": json.loads(studio.plan_json(report.plan)),
        "steps": [{"name": step.name, "text": text.step(step.name), "seconds": round(step.seconds, 4)} for step in report.steps],
        "checks": [{**asdict(check), "text": text.check(check.name)} for check in report.checks],
        "notes": [{**asdict(note), "text": text.note(note)} for note in report.notes],
        "placement": dict(report.placement),
        "matting": report.matting,
        "seconds": round(report.seconds, 4),
    }


def show_report(report: Report, out: Path, text: Messages) -> None:
    """Prints what was measured on the written file, what the person should know, and where the file is."""
    if report.checks:
        heading(text.text("show.checks"))
        for check in report.checks:
            show_check(check, text)
    told = [note for note in report.notes if note.code != "unsupported"]  # those stand with the reading already
    hints = [text.note(note) for note in told if note.level != "warning"]
    warnings = [text.note(note) for note in told if note.level == "warning"]
    if hints or warnings:
        heading(text.text("show.notes"))
        bullets(warnings, mark="!", fg="yellow", bold=True)
        bullets(hints)
    say(text.text("show.saved", {"path": str(out), "seconds": number(round(report.seconds, 1))}), fg="green", bold=True)


def show_check(check: Check, text: Messages) -> None:
    """Prints one line of the table: holds or not, what, how much, and what was wanted."""
    mark, colour = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", None)}[check.ok]
    value = f"{text.value(check.name, check.value)} {check.unit}".strip()
    line = text.text("show.name_value", {"name": text.check(check.name), "value": value})
    if check.wanted and (check.ok is not True or _nearly(check)):
        line += text.text("show.wanted", {"wanted": limits(text.value(check.name, check.wanted))})
    bullets([line], mark=mark, fg=colour)


def _nearly(check: Check) -> bool:
    """Whether a thing named in words (a colour) holds and still is not to the letter what was asked."""
    return isinstance(check.value, str) and check.value != check.wanted


def limits(wanted: str) -> str:
    """Limits such as "20..50" and "<= 200" as people write them."""
    return wanted.replace("..", "–").replace("<=", "≤").replace(">=", "≥")
