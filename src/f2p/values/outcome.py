"""What goes in and what comes out: Order → Delivery(files, Report). No pixels, no models: cheap to import."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from f2p.errors import F2PError
    from f2p.values.generation import GenerationPlan
    from f2p.values.plan import IdPhotoPlan, MattePlan, Plan
    from f2p.values.reading import Reading


@dataclass(frozen=True, slots=True)
class Note:
    """Something the person should know: a message code of the table [note] with its blanks. level: "info" or "warning"."""

    code: str
    level: str = "info"
    params: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage of a recipe as it ran: its name (message table [step]) and wall time."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing measured on the finished file: what it is, what was wanted, and whether that holds.

    ok: None = no limit given, or it can't be told; then `unsure` says why (table [unsure]). rule: who sets the limit (table
    [rule]: "document", "icao", "iso", "ofiq", "trade", "own"), cite: where it is written. binding: False = a hint that refuses
    no photo.
    """

    name: str
    value: str | int | float
    wanted: str = ""
    ok: bool | None = None
    unit: str = ""
    rule: str = ""
    cite: str = ""
    binding: bool = True
    unsure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The truth about one paper: what was to be made, what was measured on it, what the person should know about it.

    name: as its files have it. placement: the transform that made it, so that anyone can repeat it: matrix [a, b, c, d, e, f]
    from source px (upright, centre of the top-left pixel = 0, 0) to output px, and `samples`, the side of the square of bicubic
    samples averaged into each output pixel. Geometry values are px of the output.
    """

    name: str
    plan: IdPhotoPlan | MattePlan | GenerationPlan
    checks: tuple[Check, ...]
    notes: tuple[Note, ...]
    placement: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The truth about one delivery: understood, assumed, done, measured, warned.

    source: what the input file said. shared: notes about the photo, whatever is made of it; what concerns one paper stands in its
    output.
    """

    reading: Reading | None
    source: dict[str, Any]
    steps: tuple[Step, ...]
    shared: tuple[Note, ...]
    outputs: tuple[Output, ...]
    """One for each paper of the plan, in its order."""
    seconds: float
    matting: str = "modnet"
    """Name of the weights that cut the person out."""
    version: int = 1

    @property
    def notes(self) -> tuple[Note, ...]:
        """Everything that the person should know, each once: about the photo, then about each paper."""
        found = [*self.shared]
        for output in self.outputs:
            found += [note for note in output.notes if note not in found]
        return tuple(found)

    @property
    def plan(self) -> IdPhotoPlan | MattePlan | GenerationPlan:
        """Of the first output, which most often is the only one; so are checks and placement."""
        return self.outputs[0].plan

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.outputs[0].checks

    @property
    def placement(self) -> dict[str, Any]:
        return self.outputs[0].placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One piece of work handed in. data: the picture file's bytes (none: a picture from words alone); name: what to call it in
    messages (never a path).

    backdrop: the bytes of a picture to stand behind the person, where the plan says so; backdrop_name: what to call that.
    """

    data: bytes
    name: str
    plan: Plan
    reading: Reading | None = None
    backdrop: bytes = b""
    backdrop_name: str = ""
    mark: bool = False
    """Also hand out a picture that shows where the edges are in doubt (role "marked")."""
    keep_going: bool = False
    """Of several papers make the others where one cannot be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedFile:
    """Bytes ready to be written. suffix: with the dot, fits the bytes (".jpg").

    role: "photo", "generated", "sheet" (prints), "alpha", "marked" (edges in doubt), "annotated" (lines and faults), "report",
    "plan".
    name: whose paper it is (the output's name), so that a door can name several files apart.
    """

    data: bytes
    suffix: str
    role: str = "photo"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What comes back: the files and the truth about them.

    files: first those that `f2p.values.plan.files_of` the plan foretells, in that order; then what was asked for beside them.
    """

    files: tuple[FinishedFile, ...]
    report: Report
    missing: tuple[F2PError, ...] = ()
    """Where the order says to keep going: why a paper was not made, with its name as the param `output`, for each such paper."""
