"""The lines standards speak of (crown, eyes, chin), found from the mesh and the matte of an upright raster."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from f2p.stages.facemesh import CHIN, LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS
from f2p.values.geometry import Head, Limits, Points
from f2p.values.pixels import Plane

SKULL_ABOVE_EYES = 0.92
"""Skull top above the eye line in eye-to-chin lengths: median of 18 shaved heads (0.75..1.14)."""
_HAIR_SIDES = 0.55
"""Hair is looked for this far to either side of the axis, in eye-to-chin lengths: past the head, short of raised arms."""
_EDGE_PX = 6
_LEFT_CHEEK, _RIGHT_CHEEK = 454, 234


def eye_to_chin_px(mesh: Points) -> float:
    """Eye line to chin in px, the ruler of the head."""
    return float(np.hypot(*(mesh[CHIN] - eyes_middle(mesh))))


def eyes_middle(mesh: Points) -> Points:
    """(2,) px: the middle of the four eye corners."""
    return np.asarray(mesh[[*RIGHT_EYE_CORNERS, *LEFT_EYE_CORNERS]].mean(axis=0), dtype=np.float32)


def head_lines(mesh: Points, alpha: Plane) -> Head:
    """Crown, skull, eye line, chin, axis and sides in px of the raster that `mesh` and `alpha` (H, W) share.

    The crown is the first row from the top in which the matte is solid over a tenth of the eye-to-chin length: single hairs that
    stand up do not raise it.
    """
    ruler = eye_to_chin_px(mesh)
    eyes = eyes_middle(mesh)
    left, right = float(mesh[_RIGHT_CHEEK, 0]), float(mesh[_LEFT_CHEEK, 0])
    axis = (float(eyes[0]) + (left + right) / 2) / 2
    skull = float(eyes[1]) - SKULL_ABOVE_EYES * ruler
    first = max(0, int(axis - _HAIR_SIDES * ruler))
    last = min(alpha.shape[1], int(axis + _HAIR_SIDES * ruler) + 1)
    solid = (alpha[: max(1, int(eyes[1])), first:last] > 0.5).sum(axis=1) >= max(2.0, 0.1 * ruler)
    rows = np.flatnonzero(solid)
    hair = float(rows[0]) if rows.size else skull
    return Head(
        crown_y=min(hair, skull + 0.15 * ruler), skull_y=max(skull, hair), eyes_y=float(eyes[1]),
        chin_y=float(mesh[CHIN, 1]), axis_x=axis, left_x=left, right_x=right,
    )  # fmt: skip


def cut_edges(alpha: Plane, inside: NDArray[np.bool_]) -> Limits:
    """Where the person runs off the source picture, in px of the raster.

    alpha: (H, W) float32. inside: (H + 2, W + 2) bool, True on the source picture; one pixel more on every side, so that the
    raster's own edge is not taken for the picture's.
    """
    solid = (alpha > 0.5) & inside[1:-1, 1:-1]
    beyond = ~inside
    top, bottom = solid & _reaches(beyond, dy=1), solid & _reaches(beyond, dy=-1)
    left, right = solid & _reaches(beyond, dx=1), solid & _reaches(beyond, dx=-1)
    rows = {side: np.flatnonzero(mask.any(axis=1)) for side, mask in (("left", left), ("right", right), ("bottom", bottom))}
    return Limits(
        top_share=float(top.any(axis=0).mean()),
        bottom=float(rows["bottom"][0]) if rows["bottom"].size else math.inf,
        left=float(np.flatnonzero(left.any(axis=0))[-1]) if rows["left"].size else -math.inf,
        left_from_y=float(rows["left"][0]) if rows["left"].size else math.inf,
        right=float(np.flatnonzero(right.any(axis=0))[0]) if rows["right"].size else math.inf,
        right_from_y=float(rows["right"][0]) if rows["right"].size else math.inf,
    )


def _reaches(beyond: NDArray[np.bool_], dy: int = 0, dx: int = 0) -> NDArray[np.bool_]:
    """(H, W): pixels that have the picture's end within a few px on one side; networks fade out just before an edge.

    beyond: (H + 2, W + 2). dy, dx: the way from the end towards the pixel.
    """
    found = np.zeros_like(beyond)
    height, width = beyond.shape
    for step in range(1, _EDGE_PX + 1):
        y, x = dy * step, dx * step
        found[max(y, 0) : height + min(y, 0), max(x, 0) : width + min(x, 0)] |= beyond[
            max(-y, 0) : height - max(y, 0), max(-x, 0) : width - max(x, 0)
        ]
    return found[1:-1, 1:-1]
