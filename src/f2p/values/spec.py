"""Standards, colours and limits as values: mm, px, dpi, KB, head and eye bands, allowed edits, source and date."""

from __future__ import annotations

from dataclasses import dataclass

CUSTOM = "custom"
"""Id of a size that the person gave in numbers: no standard, so nobody confirms it."""

EDITS = ("background", "light", "retouch", "repair", "sharpen", "denoise", "upscale", "mirror", "straighten", "crop")
"""What can be done to a photo beyond its format, as `PhotoSpec.forbidden_edits` names it.

background: another backdrop; light: brightness, contrast, colour; retouch: skin, teeth, eyes; repair: red eyes, glare, stray
hair, fringes; sharpen, denoise: as they say; upscale: more pixels than were taken; mirror: left and right exchanged; straighten:
turning a tilted head upright, where the rule names rotation; crop: cutting the frame. Scaling down and writing the file are
format and never stand here.
"""


CATEGORIES = ("print", "sheet", "standard", "id", "passport", "visa", "exam", "school", "work", "avatar")
"""What a standard is for. print: sizes of the trade; standard: ICAO's general one; sheet: paper to print on."""
CONFIDENCES = ("high", "medium", "low", "unconfirmed", "own")
"""high: official text, or a standard quoted word for word by two or more sites; unconfirmed: nothing was read; own: a person's
own standard, from a notice they have."""
PX_FROM = ("mm", "inch", "authority")
GLASSES = ("forbidden", "clear", "habitual")
EXPRESSIONS = ("neutral", "natural")
HEAD_COVERS = ("forbidden", "religious")
"""The codes of `PhotoSpec.px_from`, `glasses`, `expression` and `head_cover`."""


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
    """One of CATEGORIES."""
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
    px_from: str = "mm"
    """Whose the pixels are: "mm" = width_mm, height_mm and dpi, rounded; "authority" = the office (or the platform) names them;
    "inch" = the office's inches at dpi, of which mm are the rounded form (2 x 2 in is called 51 x 51 mm)."""
    glasses: str = ""
    """forbidden; clear = allowed without glare, tint or rims over the eyes; habitual = who always wears them keeps them on."""
    expression: str = ""
    """neutral = mouth closed, no smile; natural = a slight smile is taken too."""
    head_cover: str = ""
    """forbidden; religious = for religion (and medicine) only, the face free."""
    photo_age_months: int | None = None
    """Months since the photo was taken, at most."""
    editing_rule: str = ""
    editing_rule_zh: str = ""
    """What the authority says about editing, in English and in Chinese."""
    forbidden_edits: tuple[str, ...] = ()
    """Which of EDITS `editing_rule` forbids by its words; empty = no rule found that forbids any."""
    authority: str = ""
    authority_zh: str = ""
    """The office, agency or platform that takes the photo, in English and in Chinese."""
    source: str = ""
    source_kind: str = ""
    confidence: str = "unconfirmed"
    """One of CONFIDENCES: shown wherever the standard is shown."""
    checked: str = ""
    """Date (ISO 8601) on which the source was last read."""
    conflicts: tuple[str, ...] = ()
    conflicts_zh: tuple[str, ...] = ()
    """One sentence for each thing that sources disagree about: who says what; in English and, in the same order, in Chinese."""
    notes: str = ""
    notes_zh: str = ""
    """What else a person should know, in English and in Chinese."""
