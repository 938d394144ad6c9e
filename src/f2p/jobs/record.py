"""A delivery as the shelf keeps it: files with names of our own, and the report as facts without words.

The words are added by the door that hands it out, in the language of whoever asks. docs/report.md describes the fields.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from f2p import studio
from f2p.jobs.job import Job
from f2p.values.outcome import Delivery, Report

REPORT_NAME = "report.json"
REPORT_ROLE = "report"


def finished_files(delivery: Delivery, job: Job) -> dict[str, tuple[str, bytes]]:
    """Name → (role, bytes) of every file of a delivery: photo.jpg, photo-2.png, marked.png … and report.json."""
    files: dict[str, tuple[str, bytes]] = {}
    seen: dict[str, int] = {}
    for file in delivery.files:
        seen[file.role] = seen.get(file.role, 0) + 1
        number = f"-{seen[file.role]}" if seen[file.role] > 1 else ""
        files[f"{file.role}{number}{file.suffix}"] = (file.role, file.data)
    facts = json.dumps(report_facts(delivery.report, job), ensure_ascii=False, indent=1).encode()
    return {**files, REPORT_NAME: (REPORT_ROLE, facts + b"\n")}


def report_facts(report: Report, job: Job) -> dict[str, Any]:
    """Everything a report says, with codes where words will stand."""
    return {
        "version": report.version,
        "source": dict(report.source),
        "reading": job.reading,
        "plan": json.loads(studio.plan_json(report.plan)),
        "steps": [asdict(step) for step in report.steps],
        "checks": [asdict(check) for check in report.checks],
        "notes": [asdict(note) for note in report.notes],
        "placement": dict(report.placement),
        "matting": report.matting,
        "seconds": round(report.seconds, 4),
    }
