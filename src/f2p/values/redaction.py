"""Hiding private things: what is wanted, what was found, what can be proven afterwards. No value of any document is in here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from f2p.values.outcome import FinishedFile, Note, Step
from f2p.values.reading import Reading

REDACTION_VERSION = 1

ENTITIES = (
    "digits", "id_number", "bank_card", "bank_account", "phone", "email", "name", "address", "license_plate", "tax_number",
    "amount", "date", "credit_code", "case_number", "page_number", "passport", "face", "seal", "signature", "qr_code", "barcode",
)  # fmt: skip
PICTURED = frozenset({"face", "seal", "signature", "qr_code", "barcode"})
"""Entities that are found in the picture and not in its text."""
Corner = tuple[float, float]


class Style(StrEnum):
    """What stands in the place of what is hidden. All are burnt in, and none is computed from what was there but its colours."""

    BLACK_BOX = "black_box"
    WHITE_BOX = "white_box"
    PAPER = "paper"
    """The colour of the paper around."""
    MOSAIC = "mosaic"
    BLUR = "blur"
    STARS = "stars"


class Why(StrEnum):
    """What a find rests on."""

    PATTERN = "pattern"
    CHECK = "check"
    """The check digits hold."""
    NEAR = "near"
    """They nearly hold: a misread digit is likelier than a number that only looks like one."""
    LABEL = "label"
    """The words before it say what it is."""
    PICTURE = "picture"
    SECOND = "second"
    """Only the second reader saw it, on the finished page."""
    PERSON = "person"
    """Added by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionPlan:
    """What to hide and how.

    entities, exclude: of ENTITIES; what is excluded stays unless a check digit proves that it is an entity that was asked for.
    keep_first, keep_last: characters of each value that stay. mask: "first", "last" or "middle" with `mask_count`: only so many
    are hidden. min_len: a number with fewer digits stays. pages: 1-based, empty = all.
    """

    entities: tuple[str, ...] = ("digits",)
    exclude: tuple[str, ...] = ()
    style: Style = Style.BLACK_BOX
    keep_first: int = 0
    keep_last: int = 0
    mask: str = ""
    mask_count: int = 0
    min_len: int = 1
    pages: tuple[int, ...] = ()
    unsupported: tuple[str, ...] = ()
    version: int = REDACTION_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One patch to cover: four corners (x, y) in px of the page's raster, clockwise. stars: how many characters it hides."""

    corners: tuple[Corner, Corner, Corner, Corner]
    stars: int = 0

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """left, top, right, bottom in px."""
        xs, ys = [x for x, _ in self.corners], [y for _, y in self.corners]
        return round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """One private thing on one page: what kind, where, and how it looks with its characters masked ("1••••••2")."""

    page: int
    entity: str
    places: tuple[Place, ...]
    masked: str = ""
    why: Why = Why.PATTERN


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReceipt:
    """What was done to one page. rounds: how often the finished page was read again; late: finds that only that reading made."""

    page: int
    width_px: int
    height_px: int
    counts: dict[str, int]
    places: int
    rounds: int
    late: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof of one redaction, without any value: what went in and out (SHA-256), how it was hidden, and how it was checked."""

    sha256_before: str
    sha256_after: str
    method: str
    readers: tuple[str, ...]
    style: str
    counts: dict[str, int]
    pages: tuple[PageReceipt, ...]
    checks: tuple[str, ...]
    """Codes of what was verified on the finished file."""
    version: int = REDACTION_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionOrder:
    """A document handed in. name: what to call it in messages (never a path). password: of an encrypted PDF.

    finds: an edited list as JSON, applied exactly instead of what the program would find; b"" = none; finds_name: its name.
    preview: only show what would be hidden.
    """

    data: bytes
    name: str
    plan: RedactionPlan
    reading: Reading | None = None
    password: str = ""
    finds: bytes = b""
    finds_name: str = ""
    preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionDelivery:
    """What comes back. files: the document (role "document") or, for a preview, one annotated page after the other (role
    "preview") and the list of finds (role "finds"). receipt: None for a preview.
    """

    files: tuple[FinishedFile, ...]
    finds: tuple[Find, ...]
    receipt: Receipt | None
    notes: tuple[Note, ...]
    steps: tuple[Step, ...]
    seconds: float
