"""Pictures that are made anew: what is wanted as a complete plan, and the facts and budgets behind it. Words and numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GENERATION_VERSION = 1


class Mode(StrEnum):
    """What the picture is made from."""

    TEXT = "text"
    """Words alone."""
    EDIT = "edit"
    """A photo, changed as a sentence says."""
    PORTRAIT = "portrait"
    """The face of a photo, in a portrait that words describe."""
    BACKGROUND = "background"
    """A photo whose person stays pixel by pixel; only what is behind comes from words."""


class Profile(StrEnum):
    """How much time one picture may take."""

    QUALITY = "quality"
    BALANCED = "balanced"
    FAST = "fast"


class KeepFace(StrEnum):
    """What of the person must come from the photo itself."""

    NONE = "none"
    FACE = "face"
    """Face and hair."""
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationPlan:
    """Pictures to make. width_px, height_px: of each finished picture; 0 = as the photo. seed: of the first, +1 for each further.

    best_of: so many tries, of which the face that is most like the photo's is taken (portraits). face, select: as in IdPhotoPlan.
    """

    mode: Mode
    prompt: str
    negative: str
    width_px: int
    height_px: int
    count: int = 1
    seed: int = 0
    steps: int = 40
    cfg: float = 4.0
    profile: Profile = Profile.QUALITY
    keep: KeepFace = KeepFace.NONE
    best_of: int = 1
    transparent: bool = False
    format: str = "png"
    face: int | None = None
    select: str | None = None
    unsupported: tuple[str, ...] = ()
    version: int = GENERATION_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """A LoRA beside a model. strength: 1 = as it was trained."""

    path: str
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """What a backend must open. kind: "text" or "edit"; folder: the model's; schedule: of [schedule] in data/generation.toml."""

    kind: str
    folder: str
    schedule: str = "published"
    fittings: tuple[Fitting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What the machine may give. vram_gb: 0 = no GPU; ram_gb: free host memory; disk: a folder for weights, "" = none."""

    vram_gb: float
    ram_gb: float
    disk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSize:
    """How large the parts of a model are, in GB of bf16 (1e9 bytes), and what one picture needs beside them.

    blocks: of the transformer, equally large. work_gb: activations of one pass.
    """

    transformer_gb: float
    text_encoder_gb: float
    vae_gb: float
    blocks: int
    work_gb: float


class Store(StrEnum):
    """How the transformer's numbers are kept."""

    BF16 = "bf16"
    FP8 = "fp8"
    """8 bits with one scale for each row."""


class Home(StrEnum):
    """Where weights that are not on the GPU wait."""

    NONE = "none"
    """Nothing waits: all of it is on the GPU."""
    PINNED = "pinned"
    RAM = "ram"
    DISK = "disk"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPlan:
    """What lies where. resident: so many of the transformer's blocks stay on the GPU, the others are streamed from `home`.

    encoder_home: where the text encoder waits while pictures are drawn. tiled: the picture is decoded in tiles. vram_gb, ram_gb:
    what that takes at most. stream_gb: read through the bus in each pass.
    """

    store: Store
    blocks: int
    resident: int
    home: Home
    encoder_store: Store
    encoder_home: Home
    tiled: bool
    vram_gb: float
    ram_gb: float
    stream_gb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationWish:
    """What is said beside the sentence; None and 0 leave it to the sentence and the profile. has_photo: one came along."""

    has_photo: bool
    mode: Mode | None = None
    profile: Profile = Profile.QUALITY
    keep: KeepFace | None = None
    negative: str | None = None
    steps: int = 0
    seed: int | None = None
    count: int = 0
    best_of: int = 0
    size_px: tuple[int, int] | None = None
    face: int | None = None
