"""Standards, colours and limits as values: mm, px, dpi, KB, head and eye bands, allowed edits, source and date."""

from __future__ import annotations

from dataclasses import dataclass

CUSTOM = "custom"
"""Id of a size that the person gave in numbers: no standard, so nobody confirms it."""


@dataclass(frozen=True, slots=True)
class Band:
    """A closed range; None = open on that side."""

    low: float | None = None
    high: float | None = None

    def holds(self, value: float, tolerance: float = 0.0) -> bool:
        return (self.low is None or value >= self.low - tolerance) and (self.high is None or value <= self.high + tolerance)


@dataclass(frozen=True, slots=True)
class Colour:
    """A backdrop colour: id ("blue"), sRGB hex "#RRGGBB", its names, and who gives the number."""

    id: str
    hex: str
    name_zh: str = ""
    name_en: str = ""
    source: str = ""

    @property
    def rgb(self) -> tuple[int, int, int]:
        return int(self.hex[1:3], 16), int(self.hex[3:5], 16), int(self.hex[5:7], 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadRules:
    """Where the head must be. mm of the print, unless the name says otherwise; None = the standard is silent."""

    reference: str = "hair"
    """What the top of the head is: "hair" (top of the hair) or "skull" (crown of the skull under it)."""
    reference_wording: str = ""
    """The source's own words about the head; empty = it says none, and `reference` is the usual reading."""
    head_mm: Band | None = None
    head_ratio: Band | None = None
    """Top of head to chin as a share of the picture's height."""
    head_width_mm: Band | None = None
    face_width_ratio: Band | None = None
    """Width of the face as a share of the picture's width."""
    eyes_from_bottom_mm: Band | None = None
    eyes_from_top_ratio: Band | None = None
    top_mm: Band | None = None
    top_ratio: Band | None = None
    bottom_mm: Band | None = None
    """Chin to the lower edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSpec:
    """One document's photo: what the file must be and who says so. Empty = no rule found, not "no rule exists"."""

    id: str
    name_zh: str
    name_en: str
    region: str
    category: str
    """print, id, passport, visa, exam, school, sheet, ..."""
    width_px: int
    height_px: int
    dpi: int
    width_mm: float | None = None
    height_mm: float | None = None
    min_px: tuple[int, int] | None = None
    """Smallest upload the office takes, (width, height); None = it says none."""
    max_px: tuple[int, int] | None = None
    head: HeadRules = HeadRules()
    backgrounds: tuple[str, ...] = ()
    """Colour ids allowed, the usual one first; "plain_light" = any plain light colour."""
    background_hex: tuple[str, ...] = ()
    kb: Band = Band()
    format: str = "jpg"
    file_rule: str = ""
    """The source's own words about the file, where they say more than `format`."""
    glasses: str = ""
    editing_rule: str = ""
    editing_rule_zh: str = ""
    """What the authority says about editing, in English and in Chinese."""
    source: str = ""
    source_kind: str = ""
    confidence: str = "unconfirmed"
    """high, medium, low, unconfirmed: shown wherever the standard is shown."""
    checked: str = ""
    """Date (ISO 8601) on which the source was last read."""
    notes: str = ""
