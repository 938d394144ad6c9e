"""Pictures as values: arrays that nobody can write to. RGB order everywhere, sRGB (IEC 61966-2-1), origin top left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from f2p.values.outcome import Note

Rgb8 = NDArray[np.uint8]
"""(H, W, 3) uint8, 0..255, sRGB."""
Plane = NDArray[np.float32]
"""(H, W) float32, 0..1."""


def sealed(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, contiguous and read-only; a view of somebody else's memory is copied first.

    An array that owns its memory is handed over, not copied (a phone's photo is 300 MB): its maker can no longer write to it.
    """
    array = np.ascontiguousarray(array)
    if array.base is not None:
        array = array.copy()
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the file itself said, before anything was done to it."""

    format: str
    """"JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF", "AVIF", "GIF", "MPO"."""
    width_px: int
    height_px: int
    """Size as stored, before the EXIF turn."""
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture ready to work on: upright, sRGB, opaque, read-only.

    rgb: (H, W, 3) uint8 sRGB. dpi: as stored in the file, None where it says nothing.
    notes: what opening had to do (EXIF turn, ICC conversion, 16 to 8 bit, first frame of several, alpha flattened).
    """

    rgb: Rgb8
    dpi: float | None
    source: Source
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise ValueError(f"rgb must be (H, W, 3) uint8, not {self.rgb.shape} {self.rgb.dtype}")
        object.__setattr__(self, "rgb", sealed(self.rgb))

    @property
    def width_px(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height_px(self) -> int:
        return int(self.rgb.shape[0])


@dataclass(frozen=True, slots=True)
class Matte:
    """How much of each pixel is the person: alpha (H, W) float32, 0 = backdrop, 1 = person."""

    alpha: Plane

    def __post_init__(self) -> None:
        if self.alpha.ndim != 2 or self.alpha.dtype != np.float32:
            raise ValueError(f"alpha must be (H, W) float32, not {self.alpha.shape} {self.alpha.dtype}")
        object.__setattr__(self, "alpha", sealed(self.alpha))


@dataclass(frozen=True, slots=True)
class CutOut:
    """The person without the backdrop: straight (not premultiplied) colours and alpha.

    rgb: (H, W, 3) uint8 sRGB, equal to the source pixel wherever alpha is 1. alpha: (H, W) float32 0..1.
    """

    rgb: Rgb8
    alpha: Plane

    def __post_init__(self) -> None:
        if self.rgb.shape[:2] != self.alpha.shape:
            raise ValueError(f"colours {self.rgb.shape} and alpha {self.alpha.shape} differ in size")
        object.__setattr__(self, "rgb", sealed(self.rgb))
        object.__setattr__(self, "alpha", sealed(self.alpha))
