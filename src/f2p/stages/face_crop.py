"""The face alone, upright: no hair, no shoulders, no background, as face-to-portrait models were trained."""

from __future__ import annotations

import math

from f2p.stages.facemesh import FACE_OVAL
from f2p.stages.warp import warped
from f2p.values.geometry import Affine, Face
from f2p.values.pixels import Rgb8

_STEP_PX = 32


def face_crop(rgb: Rgb8, face: Face, long_side_px: int) -> Rgb8:
    """(H, W, 3) uint8 of the face's oval, its eyes level; sides multiples of 32, never enlarged beyond four times.

    Too little is cut rather than too much: what the rounding adds is the face's own surroundings on both sides.
    """
    angle = math.radians(-face.roll_deg)
    turn = Affine(math.cos(angle), -math.sin(angle), 0.0, math.sin(angle), math.cos(angle), 0.0)
    oval = turn.apply(face.mesh[list(FACE_OVAL)])
    (left, top), (right, bottom) = ((float(x), float(y)) for x, y in (oval.min(axis=0), oval.max(axis=0)))
    scale = min(4.0, long_side_px / max(right - left, bottom - top))
    width, height = (_rounded(side * scale) for side in (right - left, bottom - top))
    shift_x = (width - (left + right) * scale) / 2.0
    shift_y = (height - (top + bottom) * scale) / 2.0
    matrix = turn.then(Affine(scale, 0.0, shift_x, 0.0, scale, shift_y))
    return warped(rgb, matrix, width, height)


def _rounded(side: float) -> int:
    return max(_STEP_PX, math.floor(side / _STEP_PX + 0.5) * _STEP_PX)
