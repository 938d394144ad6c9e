"""Complete orders: resolved values, nothing to look up; JSON with a version, so that a plan can be kept and run again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from f2p.values.generation import GenerationPlan
from f2p.values.sheet import SheetPlan
from f2p.values.spec import EDITS, Band, PhotoSpec

PLAN_VERSION = 1
MARK = "_edited-against-rule"
"""In the name of every file that was edited although the document's authority forbids it."""


class BackdropKind(StrEnum):
    """What stands behind the person."""

    SOLID = "solid"
    GRADIENT = "gradient"
    STUDIO = "studio"
    """Paper of one colour with light behind the head, darker corners and the person's soft shadow."""
    IMAGE = "image"
    """A picture that is handed in beside the photo."""
    TRANSPARENT = "transparent"
    KEEP = "keep"
    BLUR = "blur"


class Direction(StrEnum):
    """How a gradient runs: from → to is top → bottom, left → right, corners → middle, top left → bottom right, bottom left → top
    right, or along `angle_deg`.
    """

    VERTICAL = "vertical"
    HORIZONTAL = "horizontal"
    RADIAL = "radial"
    DIAGONAL = "diagonal"
    RISING = "rising"
    ANGLE = "angle"


class Retouch(StrEnum):
    """How strongly the skin is smoothed; none leaves every pixel."""

    NONE = "none"
    LIGHT = "light"
    MEDIUM = "medium"
    STRONG = "strong"


class Amount(StrEnum):
    """How much of one thing is done."""

    NONE = "none"
    LIGHT = "light"
    MEDIUM = "medium"
    STRONG = "strong"


class Quality(StrEnum):
    """How much time edges in doubt may take. fast: one look; best: a second one where the first is in doubt."""

    FAST = "fast"
    BEST = "best"


class FileFormat(StrEnum):
    """The file type that is written; also its extension."""

    JPG = "jpg"
    PNG = "png"
    WEBP = "webp"
    TIFF = "tiff"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backdrop:
    """What stands behind the person; colours are sRGB "#RRGGBB", `color_to` only for gradients."""

    kind: BackdropKind
    color: str = "#FFFFFF"
    color_to: str = "#FFFFFF"
    direction: Direction = Direction.VERTICAL
    angle_deg: int = 0
    """Where a gradient by ANGLE runs to, clockwise: 0 up, 90 right, 180 down."""
    soften: bool = False
    """A picture a little out of focus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """Changes of light on the person; zero and False mean: leave it."""

    brightness: int = 0
    """Steps, -3..+3; one step is 1/6 stop of exposure, applied so that highlights do not clip."""
    contrast: int = 0
    """Steps, -3..+3."""
    saturation: int = 0
    warmth: int = 0
    """Steps, -3 cooler .. +3 warmer."""
    white_balance: bool = False
    even: bool = False
    """Bring the two sides of the face together (one side darker, the other brighter)."""
    face_shadow: bool = False
    """Lift the darker side of the face; the brighter one stays."""
    backlight: bool = False
    """Lift a person taken against the light; what is bright already (rim of light, shirt) stays."""
    exposure: bool = False
    """Correct a picture that is too dark or too bright."""

    @property
    def changes(self) -> bool:
        return self != Light()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beauty:
    """Wishes about the skin, the eyes' surroundings and the teeth, one thing each; none leaves every pixel."""

    blemish: Amount = Amount.NONE
    shine: Amount = Amount.NONE
    dark_circles: Amount = Amount.NONE
    eye_bags: Amount = Amount.NONE
    wrinkles: Amount = Amount.NONE
    teeth_whiten: Amount = Amount.NONE
    even_tone: Amount = Amount.NONE
    whiten: Amount = Amount.NONE
    spare: tuple[str, ...] = ()
    """"moles", "freckles", "scars": marks named as ones to keep; with any of them `blemish` calms clearly red spots only."""

    @property
    def changes(self) -> bool:
        return self != Beauty(spare=self.spare)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairs:
    """Faults of the picture to mend."""

    glasses_glare: bool = False
    red_eye: bool = False
    stray_hair: bool = False

    @property
    def changes(self) -> bool:
        return self != Repairs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """Wishes about the frame beyond the standard; None and False mean: as the standard says."""

    straighten: bool = True
    crop: bool = True
    """False: the whole picture, neither turned nor cut, scaled down only where it is larger than the office takes."""
    rotate_deg: int = 0
    """Clockwise quarter turns before anything else: 0, 90, 180, 270."""
    mirror: bool = False
    head_ratio: Band | None = None
    head_mm: Band | None = None
    top_ratio: Band | None = None
    top_mm: Band | None = None
    eyes_from_bottom_mm: Band | None = None
    zoom: int = 0
    """Steps: +1 head 8 % larger, -1 smaller, inside the standard's band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """What the file must be. kb: 1 KB = 1024 bytes. quality: JPEG/WebP 1..100, None = the best that fits."""

    format: FileFormat = FileFormat.JPG
    dpi: int = 300
    kb: Band = Band()
    quality: int | None = None
    gray: bool = False
    keep_exif: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdPhotoPlan:
    """One ID photo. spec: the standard with the final px, mm and bands; face: 1-based from the left, None = the largest."""

    spec: PhotoSpec
    backdrop: Backdrop
    retouch: Retouch = Retouch.NONE
    light: Light = Light()
    beauty: Beauty = Beauty()
    repairs: Repairs = Repairs()
    framing: Framing = Framing()
    encoding: Encoding = Encoding()
    sharpen: bool = False
    denoise: bool = False
    upscale: int = 1
    """As many times the pixels and the dpi of `spec`: the same print, finer; only where no office fixes the pixels."""
    border_mm: float = 0.0
    """White rim around the finished photo, which grows by it."""
    face: int | None = None
    select: str | None = None
    """"left", "right", "center", "largest": which of several faces, as the sentence said; `face` goes first."""
    quality: Quality = Quality.BEST
    unsupported: tuple[str, ...] = ()
    """Wishes that were read but that the exact engine does not do; told in the report."""
    allowed_edits: tuple[str, ...] = ()
    """Kinds of edits that the person allowed although the document's authority forbids them."""
    name: str = ""
    """What tells its file from others of the same photo; empty = the standard's id."""
    sheet: SheetPlan | None = None
    """Prints of it on a sheet of paper, a file of its own."""
    only_sheet: bool = False
    """Only that sheet is written: the photo is another paper's file."""
    version: int = PLAN_VERSION

    @property
    def edits_person(self) -> bool:
        """Whether any pixel of the person may change beyond being moved (sharpening apart)."""
        changes = self.light.changes or self.beauty.changes or self.repairs.changes
        return changes or self.denoise or self.retouch is not Retouch.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class MattePlan:
    """The person's alpha at source size as an 8-bit grey PNG. face as in IdPhotoPlan."""

    face: int | None = None
    quality: Quality = Quality.BEST
    version: int = PLAN_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersPlan:
    """Several papers from one photo in one run: the person is looked at once. papers: two or more, each with its own name."""

    papers: tuple[IdPhotoPlan, ...]
    version: int = PLAN_VERSION


Plan = IdPhotoPlan | PapersPlan | MattePlan | GenerationPlan


@dataclass(frozen=True, slots=True)
class FileSlot:
    """One file that a plan makes, known before any work; name, role and suffix as in `FinishedFile`."""

    name: str
    role: str
    suffix: str


def generated_slots(plan: GenerationPlan) -> tuple[FileSlot, ...]:
    """Every file that a plan of pictures makes."""
    names = [f"generated_{number + 1}" for number in range(plan.count)] if plan.count > 1 else ["generated"]
    return tuple(FileSlot(name, "generated", f".{plan.format}") for name in names)


def papers_of(plan: IdPhotoPlan | PapersPlan) -> tuple[IdPhotoPlan, ...]:
    """The single papers of a plan, in order."""
    return plan.papers if isinstance(plan, PapersPlan) else (plan,)


def left_out(plan: IdPhotoPlan | PapersPlan) -> tuple[str, ...]:
    """Every wish that some paper does not carry out, each once."""
    return tuple(dict.fromkeys(wish for paper in papers_of(plan) for wish in paper.unsupported))


def edits_of(paper: IdPhotoPlan) -> tuple[str, ...]:
    """Which of `EDITS` the plan makes."""
    made = {
        "background": paper.backdrop.kind is not BackdropKind.KEEP,
        "light": paper.light.changes or paper.encoding.gray,
        "retouch": paper.retouch is not Retouch.NONE or paper.beauty.changes,
        "repair": paper.repairs.changes,
        "sharpen": paper.sharpen,
        "denoise": paper.denoise,
        # what a frame brings along is known only when the face was seen; allowed counts as made
        "upscale": paper.upscale > 1 or "upscale" in paper.allowed_edits,
        "mirror": paper.framing.mirror,
        "straighten": "straighten" in paper.allowed_edits,
        "crop": paper.framing.crop,
    }
    return tuple(edit for edit in EDITS if made[edit])


def against_rule(paper: IdPhotoPlan) -> tuple[str, ...]:
    """Which edits the plan makes although the document's authority forbids them."""
    return tuple(edit for edit in edits_of(paper) if edit in paper.spec.forbidden_edits)


def name_of(paper: IdPhotoPlan) -> str:
    """What the paper's files are called; one edited against its authority's rule says so in its name."""
    return f"{paper.name or paper.spec.id}{MARK if against_rule(paper) else ''}"


def files_of(plan: IdPhotoPlan | PapersPlan) -> tuple[FileSlot, ...]:
    """Every file that the plan makes, in the order in which they are delivered."""
    return tuple(slot for paper in papers_of(plan) for slot in _slots(paper))


def _slots(paper: IdPhotoPlan) -> tuple[FileSlot, ...]:
    photo = FileSlot(name_of(paper), "photo", f".{paper.encoding.format.value}")
    if paper.sheet is None:
        return (photo,)
    sheet = FileSlot(name_of(paper), "sheet", f".{paper.sheet.format.value}")
    return (sheet,) if paper.only_sheet else (photo, sheet)
