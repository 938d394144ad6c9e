"""A delivery as the shelf keeps it: files with names of our own, and the report as facts without words.

The words are added by the door that hands it out, in the language of whoever asks. docs/report.md describes the fields.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from f2p import studio
from f2p.jobs.job import Job
from f2p.values.outcome import Delivery, Output, Report
from f2p.values.plan import MARK

REPORT_NAME = "report.json"
REPORT_ROLE = "report"


def finished_files(delivery: Delivery, job: Job) -> dict[str, tuple[str, bytes]]:
    """Name → (role, bytes) of every file of a delivery, and report.json.

    One paper: photo.jpg, marked.png. Several, or one edited against its authority's rule: cn_1inch_photo.jpg, us_visa_photo.jpg.
    """
    files: dict[str, tuple[str, bytes]] = {}
    several = len(delivery.report.outputs) > 1
    for file in delivery.files:
        stem = f"{_safe(file.name)}_{file.role}" if several or MARK in file.name else file.role
        number = 1
        while (name := f"{stem}{f'-{number}' if number > 1 else ''}{file.suffix}") in files:
            number += 1
        files[name] = (file.role, file.data)
    facts = json.dumps(report_facts(delivery.report, job), ensure_ascii=False, indent=1).encode()
    return {**files, REPORT_NAME: (REPORT_ROLE, facts + b"\n")}


def report_facts(report: Report, job: Job) -> dict[str, Any]:
    """Everything a report says, with codes where words will stand; one paper in the document itself, several under `outputs`."""
    if len(report.outputs) == 1:
        made = {**_output(report.outputs[0]), "notes": [asdict(note) for note in report.notes]}
    else:
        outputs = [{"name": one.name, **_output(one)} for one in report.outputs]
        made = {"outputs": outputs, "notes": [asdict(note) for note in report.shared]}
    return {
        "version": report.version,
        "source": dict(report.source),
        "reading": job.reading,
        "steps": [asdict(step) for step in report.steps],
        "matting": report.matting,
        "seconds": round(report.seconds, 4),
        **made,
    }


def _output(output: Output) -> dict[str, Any]:
    return {
        "plan": json.loads(studio.plan_json(output.plan)),
        "checks": [asdict(check) for check in output.checks],
        "notes": [asdict(note) for note in output.notes],
        "placement": dict(output.placement),
    }


def _safe(name: str) -> str:
    """A name as a file may have it."""
    return re.sub(r"[^\w.-]+", "_", name)[:60].strip(".") or "paper"
