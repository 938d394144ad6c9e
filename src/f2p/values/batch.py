"""A batch as values: who is on the roster, which photos came, what became of each; no pixels, cheap to import."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from f2p.values.outcome import Check
from f2p.values.plan import IdPhotoPlan, PapersPlan

Params = dict[str, str | int | float]


class Group(StrEnum):
    """Where a person stands on the retake desk, the most urgent last."""

    READY = "ready"
    FIXED = "fixed"
    """Finished, after something was put right that is worth a word."""
    CHECK = "check"
    """Something that only a person can decide: two photos of one name, one face under two names, a name that fits nobody."""
    RETAKE = "retake"
    """No finished photo can honestly be made of what was handed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One row of a roster. row: as the table's program counts it; cells: header → text, as written; known: our column → text."""

    row: int
    cells: dict[str, str]
    known: dict[str, str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Every number that names this person, the usual one first."""
        return tuple(self.known[key] for key in ID_COLUMNS if self.known.get(key))

    @property
    def name(self) -> str:
        return self.known.get("name", "")

    @property
    def label(self) -> str:
        """What to call this person in one line."""
        return " ".join(part for part in (*self.ids[:1], self.name) if part) or f"#{self.row}"


ID_COLUMNS = ("student_id", "staff_id", "exam_id", "id_number")
"""Columns whose value belongs to one person only, in the order in which they name files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A table of people. columns: our column → the header that stands for it; headers: all of them, in order."""

    name: str
    people: tuple[Person, ...]
    columns: dict[str, str]
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One photo that was handed in. key: its place below what was named, with "/" ("class 3/li.jpg"); path: the file, or the zip
    that holds it as `member`; stamp: changes when the file does, without reading it.
    """

    key: str
    path: str
    member: str = ""
    size: int
    stamp: str

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0] or self.name


@dataclass(frozen=True, slots=True)
class Reason:
    """Why someone stands where they stand: a code of table [desk] with its blanks."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the photo as handed in (upright), as shares 0..1 of its width and height, and the reason it shows."""

    left: float
    top: float
    right: float
    bottom: float
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One photo with all that was decided before it is opened. out: the finished file below the output folder's photos/, with its
    type; person: index into the roster, None without one; reasons: what matching had to say.
    """

    key: str
    source: Source
    out: str
    label: str
    plan: IdPhotoPlan | PapersPlan
    person: int | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured on one finished photo, for comparing people and photos. identity: 128 float32, little-endian,
    empty where faces are not compared.

    light, red, yellow: the median of the facial skin in CIE L*a*b*; head_mm, eye_line_mm: as the checks say, None where they say
    nothing.
    """

    identity: bytes
    light: float
    red: float
    yellow: float
    head_mm: float | None = None
    eye_line_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedOver:
    """A finished photo looked over. measured: None where its face is not found again; broken: rules and hints that it breaks."""

    measured: Measured | None
    broken: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one photo; the same photo and plan give the same outcome, so no time stands in it.

    files: path below the output folder → SHA-256. marks: faults on the photo as handed in.
    """

    group: Group
    reasons: tuple[Reason, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    marks: tuple[Mark, ...] = ()
    measured: Measured | None = None
    evened: str = ""
    """The class that the photo was moved towards, or left where it was since that came no nearer; "" = never tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the report: a photo, or a person of whom none came (source: "")."""

    label: str
    name: str
    person: int | None
    source: str
    out: str
    group: Group
    reasons: tuple[Reason, ...]
    marks: tuple[Mark, ...]
    measured: Measured | None
    files: dict[str, str]
    sha256: str
