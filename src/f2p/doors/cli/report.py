"""The truth about one delivery, for a person and as the JSON that docs/report.md describes field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from f2p import studio
from f2p.catalogue.messages import Messages, number
from f2p.doors.cli.problem import expected
from f2p.doors.cli.show import bullets, heading, limits, say, say_problem
from f2p.values.outcome import Check, Delivery, Note, Output
from f2p.values.plan import IdPhotoPlan

_NO_RESULTS = ("marked", "annotated")
"""Pictures about a result."""


def report_json(delivery: Delivery, paths: Sequence[Path], text: Messages) -> dict[str, Any]:
    """The report of a delivery whose files were written to `paths`, with each code's words in the user's language.

    paths: of the delivery's first files, in its order. One paper stands in the document itself, several stand under `outputs`.
    """
    report = delivery.report
    files = _files(delivery, paths)
    if len(report.outputs) == 1 and not delivery.missing:
        made = {"output": {key: files[0][key] for key in ("path", "bytes")}, **_output(report.outputs[0], files, text)}
        made["notes"] = _notes(report.notes, text)
    else:
        made = {"outputs": [{"name": one.name, **_output(one, files, text)} for one in report.outputs]}
        made["notes"] = _notes(report.shared, text)
        made["missing"] = [expected(error, text).document() for error in delivery.missing]
    return {
        "version": report.version,
        "language": text.language,
        "source": dict(report.source),
        "reading": None if report.reading is None else studio.reading_json(report.reading),
        "steps": [{"name": step.name, "text": text.step(step.name), "seconds": round(step.seconds, 4)} for step in report.steps],
        "matting": report.matting,
        "seconds": round(report.seconds, 4),
        **made,
    }


def _files(delivery: Delivery, paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Each written file: whose paper, what it is, where it lies, how large."""
    pairs = zip(delivery.files, paths, strict=False)
    return [
        {"name": one.name, "role": one.role, "path": str(path), "bytes": len(one.data)}
        for one, path in pairs
        if one.role not in _NO_RESULTS
    ]


def _output(output: Output, files: Sequence[Mapping[str, Any]], text: Messages) -> dict[str, Any]:
    own = [{key: value for key, value in one.items() if key != "name"} for one in files if one["name"] == output.name]
    return {
        "files": own,
        "plan": json.loads(studio.plan_json(output.plan)),
        "checks": [{**asdict(check), "text": text.check(check.name)} for check in output.checks],
        "notes": _notes(output.notes, text),
        "placement": dict(output.placement),
    }


def _title(paper: IdPhotoPlan, text: Messages) -> str:
    """The standard's name; what else tells the paper from others as its file says it."""
    standard = paper.spec.name_zh if text.language == "zh" else paper.spec.name_en
    return standard if paper.name in {"", paper.spec.id} else f"{standard} ({paper.name})"


def _notes(notes: Sequence[Note], text: Messages) -> list[dict[str, Any]]:
    return [{**asdict(note), "text": text.note(note)} for note in notes]


def show_report(delivery: Delivery, paths: Sequence[Path], text: Messages) -> None:
    """Prints what was measured on the written files, what the person should know, and where the files are."""
    report = delivery.report
    several = len(report.outputs) > 1 or bool(delivery.missing)
    for output in report.outputs:
        _show_checks(output, text, several=several)
        if several:
            _show_notes(output.notes, text, title=False)
    _show_notes(report.shared if several else report.notes, text, title=True)
    seconds = number(round(report.seconds, 1))
    for path in paths[:-1]:
        say(text.text("show.saved_too", {"path": str(path)}), fg="green", bold=True)
    say(text.text("show.saved", {"path": str(paths[-1]), "seconds": seconds}), fg="green", bold=True)


def show_missing(delivery: Delivery, text: Messages) -> int:
    """Tells on stderr which papers were not made and what to do; gives the exit code, 0 where none is missing."""
    for error in delivery.missing:
        say_problem(expected(error, text).explanation, text)
    return next((error.exit_code for error in delivery.missing), 0)


def _show_checks(output: Output, text: Messages, *, several: bool) -> None:
    if not output.checks:
        return
    title = text.text("show.checks")
    if several and isinstance(output.plan, IdPhotoPlan):
        title = text.text("show.name_value", {"name": title, "value": _title(output.plan, text)})
    heading(title)
    quiet = [check for check in output.checks if check.rule and check.ok is not False]
    for check in output.checks:
        if check not in quiet:
            show_check(check, text)
    if quiet:
        bullets([text.text("show.more_checks", {"count": len(quiet)})], mark="✓", fg="green")


def _show_notes(notes: Sequence[Note], text: Messages, *, title: bool) -> None:
    told = [note for note in notes if note.code != "unsupported"]  # those stand with the reading already
    hints = [text.note(note) for note in told if note.level != "warning"]
    warnings = [text.note(note) for note in told if note.level == "warning"]
    if title and (hints or warnings):
        heading(text.text("show.notes"))
    bullets(warnings, mark="!", fg="yellow", bold=True)
    bullets(hints)


def show_check(check: Check, text: Messages) -> None:
    """Prints one line of the table: holds or not, what, how much, and what was wanted."""
    mark, colour = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", None)}[check.ok]
    if check.ok is False and not check.binding:
        mark, colour = "!", "yellow"
    value = f"{text.value(check.name, check.value)} {check.unit}".strip()
    line = text.text("show.name_value", {"name": text.check(check.name), "value": value})
    if check.wanted and (check.ok is not True or _nearly(check)):
        line += text.text("show.wanted", {"wanted": limits(text.value(check.name, check.wanted))})
    bullets([line], mark=mark, fg=colour)


def _nearly(check: Check) -> bool:
    """Whether a thing named in words (a colour) holds and still is not to the letter what was asked."""
    return isinstance(check.value, str) and check.value != check.wanted
