"""Print sheets as values: the paper, what goes onto it, where it lies. mm; x to the right, y down, from the sheet's top left."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from f2p.values.spec import PhotoSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A sheet of paper standing upright. margin_mm: what printers of it leave white; least_margin_mm: what a full sheet may go
    down to. source: who gives the size.
    """

    id: str
    name_zh: str
    name_en: str
    width_mm: float
    height_mm: float
    margin_mm: float
    least_margin_mm: float
    source: str = ""


class CutMarks(StrEnum):
    """What shows where to cut; always beside the photos, never on them."""

    NONE = "none"
    TICKS = "ticks"
    """Short lines that go on from each photo's corners."""
    LINES = "lines"
    """Ticks, and a hairline around each photo."""


class Caption(StrEnum):
    """What stands under each photo."""

    NONE = "none"
    NAME = "name"
    SIZE = "size"
    BOTH = "both"


class SheetFormat(StrEnum):
    """The file type of a sheet; also its extension."""

    JPG = "jpg"
    PNG = "png"
    TIFF = "tiff"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetItem:
    """One picture on the sheet: its print size and how often. count: None = as many as fit.

    spec: the standard to make it by; None for a photo that is finished already.
    """

    name_zh: str
    name_en: str
    width_mm: float
    height_mm: float
    count: int | None = None
    spec: PhotoSpec | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """One sheet, complete: nothing left to look up.

    Gap and margin are tried from the first value down to the least: the largest with which everything fits is taken. Only a count
    that was named may take the margin down, and after it the gap to the tight one.
    per_row: photos in each row, None = free. bleed_mm: how far a photo's edge pixels go on into the gap.
    """

    paper: Paper
    items: tuple[SheetItem, ...]
    gap_mm: float
    least_gap_mm: float
    tight_gap_mm: float
    margin_mm: float
    least_margin_mm: float
    per_row: int | None = None
    cut_marks: CutMarks = CutMarks.TICKS
    caption: Caption = Caption.NONE
    ruler: bool = True
    bleed_mm: float = 0.0
    format: SheetFormat = SheetFormat.JPG


@dataclass(frozen=True, slots=True)
class Slot:
    """One photo's place: which item, its top left corner, its size as it lies, and whether it lies a quarter turn clockwise."""

    item: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    turned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where everything lies. width_mm, height_mm: the paper as it lies. gap_mm, margin_mm: those that were taken.

    guillotine: whether straight cuts from edge to edge separate all photos. caption_mm: room under each photo.
    """

    width_mm: float
    height_mm: float
    slots: tuple[Slot, ...]
    gap_mm: float
    margin_mm: float
    guillotine: bool
    caption_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Ink:
    """A filled rectangle. gray: 0 black … 255 white."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    gray: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text around the middle of a place it may fill, read from the left or, with `turned`, from above downwards."""

    text: str
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet shows beside its photos."""

    inks: tuple[Ink, ...] = ()
    labels: tuple[Label, ...] = ()
    ruler_mm: int = 0
    """Length of the ruler; 0 where there was no room for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetWish:
    """A sheet of photos that are finished already, as somebody asks for it; None and () = the usual.

    sizes: "25x35" in mm, or a standard's id or name: one for all photos or one each; () = each photo's own px and dpi.
    counts: one for all photos or one each; () = as many as fit.
    """

    paper: str
    sizes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    gap_mm: float | None = None
    margin_mm: float | None = None
    bleed_mm: float = 0.0
    per_row: int | None = None
    cut_marks: CutMarks = CutMarks.TICKS
    caption: Caption = Caption.NONE
    ruler: bool = True
    format: SheetFormat = SheetFormat.JPG
