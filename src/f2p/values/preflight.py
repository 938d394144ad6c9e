"""What a written file is, held against a document's rules: verdicts per rule, never a promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from f2p.values.outcome import Check, Note, Step
from f2p.values.spec import Band, PhotoSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCheck:
    """One file handed in to be checked. spec: the document it is for, None = the rules of travel documents at large; name:
    what to call it in messages; annotate: also draw what was measured.
    """

    data: bytes
    name: str
    spec: PhotoSpec | None = None
    annotate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One limit that holds for many documents. limit: what passes; unsure: how far beyond it nothing is said, as measuring is not
    that exact. travel, office, free: "rule", "hint" or "silent" for passports, visas and ID; for exams and the like; for prints.
    source: who says so ("icao", "iso", "ofiq", "trade", "own"); cite: where.
    """

    name: str
    limit: Band
    unsure: float
    unit: str
    source: str
    cite: str
    travel: str = "rule"
    office: str = "hint"
    free: str = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The truth about one file. spec: the document it was held against, None = the rules that hold for travel documents at large.

    unmeasured: what no program can tell from the file (table [unmeasured]).
    """

    spec: PhotoSpec | None
    source: dict[str, Any]
    checks: tuple[Check, ...]
    unmeasured: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    steps: tuple[Step, ...] = ()
    seconds: float = 0.0
    version: int = 1

    @property
    def failed(self) -> tuple[Check, ...]:
        """The rules that the file breaks; hints are none."""
        return tuple(check for check in self.checks if check.ok is False and check.binding)

    @property
    def doubtful(self) -> tuple[Check, ...]:
        """Rules of which it can't be told."""
        return tuple(check for check in self.checks if check.unsure and check.binding)

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each check that does not hold, as an annotated picture shows it: rules first, then hints."""
        wrong = sorted((check for check in self.checks if check.ok is False), key=lambda check: not check.binding)
        return {check.name: number for number, check in enumerate(wrong, 1)}
