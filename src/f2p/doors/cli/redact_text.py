"""What the command line says about a redaction: understood, found, proven. Never a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from f2p.catalogue.messages import Messages, number
from f2p.doors.cli.show import bullets, heading, say
from f2p.values.reading import Reading
from f2p.values.redaction import RedactionDelivery, RedactionPlan


def show_redaction_wish(plan: RedactionPlan, reading: Reading | None, text: Messages) -> None:
    """Prints what will be hidden, what stays, and how."""
    heading(text.text("show.redacts"))
    lines = [_named(text, "redact.entities", plan.entities)]
    if plan.exclude:
        lines.append(_named(text, "redact.exclude", plan.exclude))
    lines.append(_named(text, "redact.style", (plan.style.value,)))
    for key in ("keep_first", "keep_last", "mask_count", "min_len"):
        value = getattr(plan, key)
        if value > (1 if key == "min_len" else 0):
            lines.append(text.text("show.name_value", {"name": text.asked(f"redact.{key}"), "value": value}))
    if plan.pages:
        pages = ", ".join(str(page) for page in plan.pages)
        lines.append(text.text("show.name_value", {"name": text.asked("redact.pages"), "value": pages}))
    bullets(lines)
    if reading is not None and reading.assumed:
        heading(text.text("show.assumed"))
        bullets([text.assumed(one) for one in reading.assumed])
    if plan.unsupported:
        heading(text.text("show.not_done"))
        bullets([text.wish(code) for code in plan.unsupported])


def _named(text: Messages, key: str, values: Sequence[str]) -> str:
    words = text.text("show.and").join(text.word("word", value) for value in values)
    return text.text("show.name_value", {"name": text.asked(key), "value": words})


def show_redaction(done: RedactionDelivery, paths: Sequence[Path], text: Messages) -> None:
    """Prints counts by kind, what was verified, and where the files are."""
    counts: dict[str, int] = {}
    for find in done.finds:
        counts[find.entity] = counts.get(find.entity, 0) + 1
    heading(text.text("show.found"))
    bullets([text.text("show.name_value", {"name": text.word("word", name), "value": count}) for name, count in counts.items()])
    if not counts:
        bullets([text.text("show.found_nothing")])
    if done.receipt is not None:
        heading(text.text("show.checks"))
        bullets([text.check(code) for code in done.receipt.checks], mark="✓", fg="green")
    for note in done.notes:
        bullets([text.note(note)], mark="!", fg="yellow")
    for path in paths:
        say(text.text("show.saved", {"path": str(path), "seconds": number(round(done.seconds, 1))}), fg="green", bold=True)


def redaction_json(done: RedactionDelivery, paths: Sequence[Path], text: Messages) -> dict[str, Any]:
    """The delivery as one JSON object."""
    return {
        "files": [str(path) for path in paths],
        "receipt": asdict(done.receipt) if done.receipt is not None else None,
        "finds": [
            {"page": find.page, "entity": find.entity, "why": find.why.value, "masked": find.masked,
             "boxes": [list(place.bounds) for place in find.places]}
            for find in done.finds
        ],
        "notes": [{"code": n.code, "level": n.level, "params": n.params, "text": text.note(n)} for n in done.notes],
        "steps": [{"name": step.name, "seconds": step.seconds} for step in done.steps],
        "seconds": done.seconds,
    }  # fmt: skip
