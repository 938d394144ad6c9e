"""What a model does for us, as protocols with one method each; the weights behind them can change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from f2p.values.geometry import Face, FaceBox, Points
from f2p.values.pixels import Matte, Rgb8
from f2p.values.text import TextLine


class FaceDetector(Protocol):
    """Finds faces at any place and size."""

    def find(self, rgb: Rgb8) -> tuple[FaceBox, ...]:
        """Boxes in px of `rgb` (H, W, 3) uint8 sRGB, from left to right; empty when there is none."""
        ...


class FaceMesher(Protocol):
    """Measures one face in detail."""

    def measure(self, rgb: Rgb8, box: FaceBox) -> Face:
        """The 478-point mesh, its presence logit and the pose, in px of `rgb`."""
        ...


class Matter(Protocol):
    """Separates a person from the backdrop."""

    def matte(self, rgb: Rgb8) -> Matte:
        """Alpha of the same height and width as `rgb`."""
        ...


class FaceIdentifier(Protocol):
    """Turns a face into a direction that is the same for the same person."""

    def embed(self, rgb: Rgb8, five: Points) -> NDArray[np.float32]:
        """Unit vector (128,) of the face whose five points (5, 2) are given in px of `rgb`."""
        ...


class TextReader(Protocol):
    """Finds lines of text and reads them, with the place of every character."""

    def find(self, rgb: Rgb8, side_px: int) -> tuple[Points, ...]:
        """Where lines are in `rgb` (H, W, 3) uint8 sRGB, looked for with the long side brought to at most `side_px`: corners
        (4, 2) px each, clockwise from where reading begins.
        """
        ...

    def read(self, rgb: Rgb8, boxes: Sequence[Points]) -> tuple[TextLine, ...]:
        """The lines inside such boxes, in their order, without those that hold no text."""
        ...


class ExpressionReader(Protocol):
    """Reads what a face does from its mesh."""

    def read(self, mesh: Points) -> dict[str, tuple[float, float]]:
        """Scores 0..1 of the person's left and right side: blink, look_down/in/out/up, squint, jaw_open, smile, brow_down."""
        ...
