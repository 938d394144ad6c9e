"""Rows of a batch in words: the report's language for the clerk, the person's own for what is sent to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from f2p import studio
from f2p.catalogue.messages import Messages, number
from f2p.values.batch import Group, Params, Person, Reason, Roster, Row
from f2p.values.plan import IdPhotoPlan, PapersPlan, papers_of

_HAN = re.compile(r"[\u3400-\u9fff]")
_CHINESE = ("zh", "中", "汉", "chinese")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row with its words. why: all reasons in the report's language; notice: what to send, "" where nothing is to be done."""

    row: Row
    why: str
    notice: str
    contact: str
    language: str


class Words:
    """Both languages at hand, and the one of the report."""

    def __init__(self, text: Messages, roster: Roster | None) -> None:
        self.text, self._roster = text, roster
        self._by_language = {text.language: text}

    def line(self, row: Row) -> Line:
        """The row with its words."""
        person = self._roster.people[row.person] if self._roster is not None and row.person is not None else None
        language = self._language(person)
        return Line(
            row=row,
            why=self.reasons(row.reasons, self.text),
            notice=self._notice(row, person, self._in(language)),
            contact=person.known.get("contact", "") if person is not None else "",
            language=language,
        )

    def reasons(self, reasons: Iterable[Reason], text: Messages) -> str:
        """All reasons in one line."""
        return text.text("batch.between").join(reason_text(reason, text) for reason in reasons)

    def _notice(self, row: Row, person: Person | None, text: Messages) -> str:
        if row.group is not Group.RETAKE:
            return ""
        name = (person.name if person is not None else "") or row.label
        code = "notice_missing" if not row.source else "notice"
        file = row.source.rpartition("/")[2]
        return text.text(f"batch.{code}", {"name": name, "file": file, "reasons": self.reasons(row.reasons, text)})

    def _language(self, person: Person | None) -> str:
        """What the roster says, else the script of the name, else the report's."""
        if person is None:
            return self.text.language
        said = person.known.get("language", "").casefold()
        if said:
            return "zh" if said.startswith(_CHINESE) else "en"
        if not person.name:
            return self.text.language
        return "zh" if _HAN.search(person.name) else "en"

    def _in(self, language: str) -> Messages:
        if language not in self._by_language:
            self._by_language[language] = Messages(language)
        return self._by_language[language]


def understood(plan: IdPhotoPlan | PapersPlan, text: Messages) -> str:
    """What every photo becomes, in words; papers one after the other."""
    return text.text("show.and").join(studio.explain(paper, text.language) for paper in papers_of(plan))


def reason_text(reason: Reason, text: Messages) -> str:
    """One reason with what to do, in one sentence."""
    key = f"desk.{reason.code}"
    if text.has(key):
        return text.text(key, _shown(reason.params))
    return text.error(reason.code, reason.params).what


def line_json(line: Line) -> dict[str, Any]:
    """One line for programs; codes are stable, texts are for people."""
    row = line.row
    return {
        "label": row.label,
        "group": row.group.value,
        "source": row.source,
        "files": row.files,
        "sha256": row.sha256,
        "reasons": [{"code": reason.code, "params": reason.params} for reason in row.reasons],
        "text": line.why,
        "notice": line.notice,
        "contact": line.contact,
        "marks": [
            {"box": [mark.left, mark.top, mark.right, mark.bottom], "code": mark.code} for mark in row.marks
        ],
        "measured": None
        if row.measured is None
        else {
            name: getattr(row.measured, name)
            for name in ("light", "red", "yellow", "head_mm", "eye_line_mm")
        },
    }  # fmt: skip


def _shown(params: Params) -> Params:
    return {name: number(value) if isinstance(value, float) else value for name, value in params.items()}
