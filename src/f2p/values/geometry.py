"""Places in pictures. Pixels: x to the right, y down, the centre of the top-left pixel is (0, 0). Angles clockwise, degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from f2p.values.pixels import sealed

Points = NDArray[np.float32]
"""(N, 2) float32, x and y in px."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in px: left, top, right, bottom (right and bottom outside it)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a x + b y + c, y' = d x + e y + f: moves points of one picture to their places in another."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(2, 3) float64."""
        return np.array([[self.a, self.b, self.c], [self.d, self.e, self.f]], dtype=np.float64)

    @property
    def scale(self) -> float:
        """Target px per source px."""
        return math.sqrt(abs(self.a * self.e - self.b * self.d))

    def then(self, other: Affine) -> Affine:
        """First this, then `other`."""
        return Affine(
            other.a * self.a + other.b * self.d,
            other.a * self.b + other.b * self.e,
            other.a * self.c + other.b * self.f + other.c,
            other.d * self.a + other.e * self.d,
            other.d * self.b + other.e * self.e,
            other.d * self.c + other.e * self.f + other.f,
        )

    def inverse(self) -> Affine:
        det = self.a * self.e - self.b * self.d
        a, b, d, e = self.e / det, -self.b / det, -self.d / det, self.a / det
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))

    def apply(self, points: Points) -> Points:
        """(N, 2) float32 to (N, 2) float32."""
        matrix = self.matrix
        return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], dtype=np.float32)

    @staticmethod
    def scaling(factor: float) -> Affine:
        """Scale about the picture's corner, so that areas (not pixel centres) map: the same as resizing the whole raster."""
        offset = (factor - 1.0) / 2.0
        return Affine(factor, 0.0, offset, 0.0, factor, offset)


@dataclass(frozen=True, slots=True)
class FaceBox:
    """A detected face: box in px, score 0..1, five points (5, 2): right eye, left eye, nose, right and left mouth corner.

    "Right eye" is the person's, so it stands left in the picture. Points are for finding the face, not for measuring it.
    """

    box: Box
    score: float
    five: Points

    def __post_init__(self) -> None:
        object.__setattr__(self, "five", sealed(self.five))


@dataclass(frozen=True, slots=True)
class Face:
    """A face that was verified and measured, in px of the upright source picture.

    mesh: (478, 2) float32, MediaPipe Face Mesh order. presence: the mesh network's logit (frontal faces 13..22).
    roll_deg: clockwise tilt of the eye line as seen, what straightening must undo.
    """

    box: Box
    score: float
    mesh: Points
    presence: float
    roll_deg: float
    yaw_deg: float
    pitch_deg: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mesh", sealed(self.mesh))


@dataclass(frozen=True, slots=True)
class Head:
    """The lines that standards speak of, as y in px of one upright raster, plus the head's axis and sides as x."""

    crown_y: float
    """Top of the hair (or hat), from the matte."""
    skull_y: float
    """Top of the skull under the hair, estimated: 0.92 of eye-to-chin above the eyes (median of 18 shaved heads)."""
    eyes_y: float
    chin_y: float
    axis_x: float
    left_x: float
    right_x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where the picture cuts the person off, in px of one upright raster; infinite where it does not.

    top_share: share 0..1 of the raster's width in which hair or head meets the picture's upper edge. bottom: the row in which the
    body ends. left, right: the columns of those cuts, and the row from which on they begin. top: the row above which there is
    nothing to show; only for a backdrop that is kept, as a new one goes on for ever.
    """

    top_share: float
    bottom: float
    left: float
    left_from_y: float
    right: float
    right_from_y: float
    top: float = -math.inf


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the finished picture lies in the source: output px = matrix · source px; output size in px."""

    matrix: Affine
    width_px: int
    height_px: int
