"""All that is written about a batch once its photos are done: every file whole, in one step, in place of the last one."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from f2p import studio
from f2p.batches.batch import rows
from f2p.batches.journal import Journal
from f2p.batches.order import BatchOrder, Work
from f2p.catalogue.messages import Messages
from f2p.doors.batch.lines import Line, Words
from f2p.doors.batch.report_json import write_json
from f2p.values.batch import Group

JSON_NAME = "report.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What stands above the rows. counts: rows by group, in the order of urgency."""

    sentence: str
    understood: str
    counts: dict[str, int]
    total: int


def write_reports(out: Path, order: BatchOrder, work: Work, journal: Journal, text: Messages) -> Told:
    """Writes the report in every form. Raises OutputError kinds."""
    words = Words(text, work.roster)

    def lines() -> Iterator[Line]:
        return (words.line(row) for row in rows(work, journal))

    told = _told(order, work, lines(), text)
    folder = out / "report.tmp"
    folder.mkdir(exist_ok=True)
    try:
        write_json(folder / JSON_NAME, head_json(told, work), lines())
        for path in sorted(folder.iterdir()):
            path.replace(out / path.name)
    finally:
        shutil.rmtree(folder)
    return told


def head_json(told: Told, work: Work) -> dict[str, Any]:
    """Everything of the JSON report but its rows."""
    return {
        "sentence": told.sentence,
        "reading": studio.reading_json(work.wish.reading),
        "roster": None if work.roster is None else {"name": work.roster.name, "columns": work.roster.columns},
        "names": work.pattern,
        "counts": told.counts,
        "total": told.total,
    }


def _told(order: BatchOrder, work: Work, lines: Iterable[Line], text: Messages) -> Told:
    counted = Counter(line.row.group for line in lines)
    return Told(
        sentence=order.sentence,
        understood=studio.explain(work.wish.plan, text.language),
        counts={group.value: counted[group] for group in Group},
        total=sum(counted.values()),
    )


Writer = Callable[[Path], None]
