"""All that is written about a batch once its photos are done: every file whole, in one step, in place of the last one."""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from f2p import studio
from f2p.batches.batch import class_of, rows
from f2p.batches.evenness import middles, outliers
from f2p.batches.journal import Journal
from f2p.batches.naming import Names, safe
from f2p.batches.order import BatchOrder, Work, standard_of
from f2p.batches.twins import faces_of, mixed_up
from f2p.catalogue.messages import Messages, number
from f2p.doors.batch.contact_sheet import write_sheet
from f2p.doors.batch.lines import Line, Words, understood
from f2p.doors.batch.report_html import write_html
from f2p.doors.batch.report_json import write_json
from f2p.doors.batch.report_xlsx import write_xlsx
from f2p.values.batch import Group

_TEMPORARY = "report.tmp"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_DELIVERED = (Group.READY, Group.FIXED)
Lines = Callable[[], Iterator[Line]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What stands above the rows. understood: the plan as a sentence; counts: rows by group."""

    sentence: str
    understood: str
    counts: dict[str, int]
    total: int
    of_class: dict[str, Any]
    """Per standard the medians and the outliers; empty where too few photos have one."""


def write_reports(out: Path, order: BatchOrder, work: Work, journal: Journal, text: Messages) -> Told:
    """Writes report.json, .html, .xlsx, contact-sheet.pdf, notices/ and, where asked, photos.zip."""
    words = Words(text, work.roster)
    beyond = mixed_up(faces_of(rows(work, journal)))

    def lines() -> Iterator[Line]:
        return (words.line(row) for row in rows(work, journal, beyond))

    told = _told(order, work, (lines, _class(work, journal)), text)
    folder = out / _TEMPORARY
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    write_json(folder / "report.json", _head(told, work), lines())
    above = {"title": text.text("batch.title"), "wish": told.understood, "class": _class_line(told.of_class, text)}
    write_html(folder / "report.html", above, lines(), journal.pictures, text)
    write_xlsx(folder / "report.xlsx", lines(), work.roster, text)
    sheet = write_sheet(folder / "contact-sheet.pdf", lines(), out, text)
    notices = _write_notices(folder / "notices", lines())
    if order.zipped or work.wish.reading.asked.get("zip"):
        _write_zip(folder / "photos.zip", lines(), out)
    _publish(folder, out, {"contact-sheet.pdf": sheet, "notices": notices})
    return told


def _head(told: Told, work: Work) -> dict[str, Any]:
    return {
        "sentence": told.sentence,
        "understood": told.understood,
        "reading": studio.reading_json(work.wish.reading),
        "roster": None if work.roster is None else {"name": work.roster.name, "columns": work.roster.columns},
        "names": work.pattern,
        "class": told.of_class,
        "counts": told.counts,
        "total": told.total,
    }


def _class(work: Work, journal: Journal) -> dict[str, Any]:
    """How alike the finished photos of each standard are."""
    standards = {item.key: standard_of(item) for item in work.items}
    done = [(entry.key, entry.outcome) for entry in journal.entries() if entry.outcome is not None and entry.key in standards]
    found = class_of(journal) or middles((standards[key], outcome) for key, outcome in done)
    told: dict[str, Any] = {}
    for name, middle in found.items():
        of_it = ((key, one.measured, middle) for key, one in done if standards[key] == name and one.group in _DELIVERED)
        told[name] = {"middle": asdict(middle), "outliers": [asdict(one) for one in outliers(of_it)]}
    return told


def _class_line(of_class: dict[str, Any], text: Messages) -> str:
    lines = []
    for name, one in of_class.items():
        middle = one["middle"]
        params = {
            "head": number(middle["head_mm"]), "eyes": number(middle["eye_line_mm"]), "light": number(middle["light"]),
            "outliers": len({outlier["source"] for outlier in one["outliers"]}),
        }  # fmt: skip
        lines.append(f"{text.standard(name)}: {text.text('batch.even_line', params)}")
    return "  ".join(lines)


def _told(order: BatchOrder, work: Work, found: tuple[Lines, dict[str, Any]], text: Messages) -> Told:
    lines, of_class = found
    counted = Counter(line.row.group for line in lines())
    return Told(
        sentence=order.sentence,
        understood=understood(work.wish.plan, text),
        counts={group.value: counted[group] for group in Group},
        total=sum(counted.values()),
        of_class=of_class,
    )


def _write_notices(folder: Path, lines: Iterator[Line]) -> bool:
    """One text a person who must do something, named like their photo; whether there is any."""
    names = Names()
    for line in lines:
        if line.notice:
            folder.mkdir(exist_ok=True)
            stem = line.row.out.rpartition(".")[0].replace("/", "_") or line.row.label
            (folder / f"{names.free(safe(stem))}.txt").write_text(line.notice + "\n", encoding="utf-8")
    return folder.is_dir()


def _write_zip(path: Path, lines: Iterator[Line], out: Path) -> None:
    """The photos that can be handed in as they are, uncompressed, without times: the same photos give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for line in lines:
            if line.row.group in _DELIVERED:
                for name in line.row.files:
                    info = zipfile.ZipInfo(name.partition("/")[2], _FIXED_TIME)
                    archive.writestr(info, (out / name).read_bytes())


def _publish(folder: Path, out: Path, made: dict[str, bool]) -> None:
    """Each file in place of the one of last time; what was not made this time goes."""
    for name, there in made.items():
        if not there or (folder / name).is_dir():
            _remove(out / name)
        if not there:
            _remove(folder / name)
    for path in sorted(folder.iterdir()):
        path.replace(out / path.name)
    folder.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
