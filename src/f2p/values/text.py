"""Read text as values: which characters stand where on a page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from f2p.values.geometry import Points
from f2p.values.pixels import sealed


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as it was read. at: its middle as a share 0..1 along its line. score: 0..1.

    digit: 0..1, how much the reader saw a digit there, whatever it decided for. char may be "" where it decided for nothing and
    still saw something of a digit.
    """

    char: str
    at: float
    score: float
    digit: float = 0.0


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text. corners: (4, 2) float32 px of the page: start top, end top, end bottom, start bottom as one reads it.

    stacked: the characters stand upright one below the other, and `at` runs down along the line.
    """

    corners: Points
    glyphs: tuple[Glyph, ...]
    score: float
    stacked: bool = False

    def __post_init__(self) -> None:
        corners = np.asarray(self.corners, dtype=np.float32)
        if corners.shape != (4, 2):
            raise ValueError(f"four corners are needed, not {corners.shape}")
        object.__setattr__(self, "corners", sealed(corners))

    @property
    def text(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)

    @property
    def length_px(self) -> float:
        """How long the line is, along its middle."""
        start, end = (self.corners[0] + self.corners[3]) / 2, (self.corners[1] + self.corners[2]) / 2
        return float(np.hypot(*(end - start)))

    @property
    def height_px(self) -> float:
        """How high the line is, in the middle of its sides."""
        top, bottom = (self.corners[0] + self.corners[1]) / 2, (self.corners[3] + self.corners[2]) / 2
        return float(np.hypot(*(bottom - top)))
