"""Glasses found by their frames alone: a closed line of strong edges round each eye, and a bridge across the nose."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from f2p.stages.facemap import CloseUp
from f2p.stages.planes import Float, gauss
from f2p.values.geometry import Points

_CORNERS = ((33, 133), (263, 362))
"""Outer and inner corner of each eye."""
_NOSE_ROOT, _NOSE_BACK = 168, 195
_ANGLES, _RADII = 72, 48
_NEAREST, _FURTHEST = 0.2, 0.66
"""Where a frame may run, in inter-eye distances from the eye's middle."""
RIM_ALONE, RIM, BRIDGE = 14.0, 9.0, 5.0
"""L* within 0.04 inter-eye distances: edges along the rim (lower third of their strengths) that are enough by themselves, or with
an edge across the bridge. Thirteen bare faces: rim 1.2..7.8, bridge 1.0..4.4 (21 under a fringe); dark frames: rim 10..45."""


@dataclass(frozen=True, slots=True)
class Glasses:
    """What was seen. lenses: the two outlines (N, 2) in px of the close-up; rim, bridge: how strong their edges are."""

    lenses: tuple[Points, Points]
    rim: float
    bridge: float

    @property
    def seen(self) -> bool:
        return self.rim >= RIM_ALONE or (self.rim >= RIM and self.bridge >= BRIDGE)


def find_glasses(look: CloseUp) -> Glasses:
    """The likeliest frame round each eye, and whether it is one (`seen`)."""
    iod = look.iod_px
    light = gauss(np.ascontiguousarray(look.lab[..., 0]), max(0.01 * iod, 0.6))
    lenses, strengths = [], []
    for corners in _CORNERS:
        outline, strength = _rim(light, look.mesh[list(corners)].mean(axis=0), iod)
        lenses.append(outline)
        strengths.append(strength)
    return Glasses((lenses[0], lenses[1]), float(np.mean(strengths)), _bridge(light, look.mesh, iod))


def _rim(light: Float, middle: Points, iod: float) -> tuple[Points, float]:
    """The closed line of strongest radial edges round one eye (dynamic programming), and how strong it is below the eye."""
    turn = np.linspace(0.0, 2.0 * np.pi, _ANGLES, endpoint=False, dtype=np.float32)
    radius = np.linspace(_NEAREST, _FURTHEST, _RADII, dtype=np.float32) * np.float32(iod)
    x = middle[0] + 1.15 * radius[None, :] * np.cos(turn)[:, None]
    y = middle[1] + 0.9 * radius[None, :] * np.sin(turn)[:, None]
    rays = cv2.remap(light, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    step = max(1, round(0.02 / (_FURTHEST - _NEAREST) * _RADII))
    edges = np.zeros_like(rays)
    edges[:, step:-step] = np.abs(rays[:, 2 * step :] - rays[:, : -2 * step])
    path = _best_ring(np.minimum(edges, 30.0))
    outline = np.stack([x[np.arange(_ANGLES), path], y[np.arange(_ANGLES), path]], axis=1).astype(np.float32)
    below = np.sin(turn) > 0.35
    return outline, float(np.percentile(edges[np.arange(_ANGLES), path][below], 33))


def _best_ring(gain: Float) -> np.ndarray:
    """The column of each row along the closed path of highest sum, stepping at most two columns a row."""
    rows = np.concatenate([gain, gain, gain])  # three turns: the middle one is closed up to a step
    best = np.zeros_like(rows)
    came = np.zeros(rows.shape, np.intp)
    best[0] = rows[0]
    columns = np.arange(rows.shape[1])
    for row in range(1, len(rows)):
        options = np.stack([np.roll(best[row - 1], shift) - 0.4 * abs(shift) for shift in (-2, -1, 0, 1, 2)])
        options[3, :1] = options[4, :2] = options[1, -1:] = options[0, -2:] = -np.inf
        choice = options.argmax(axis=0)
        best[row] = rows[row] + options[choice, columns]
        came[row] = columns - (choice - 2)
    path = np.zeros(len(rows), np.intp)
    path[-1] = int(best[-1].argmax())
    for row in range(len(rows) - 1, 0, -1):
        path[row - 1] = came[row, path[row]]
    return path[len(gain) : 2 * len(gain)]


def _bridge(light: Float, mesh: Points, iod: float) -> float:
    """The strongest edge across the back of the nose, between the eyes and a little below."""
    root, back = mesh[_NOSE_ROOT], mesh[_NOSE_BACK]
    down = (back - root) / max(float(np.hypot(*(back - root))), 1e-6)
    across = np.array([-down[1], down[0]], np.float32)
    steps = np.arange(-0.22 * iod, 0.42 * iod, 1.0, dtype=np.float32)
    sides = np.linspace(-0.07, 0.07, 9, dtype=np.float32) * np.float32(iod)
    places = root + steps[:, None, None] * down + sides[None, :, None] * across
    rows = cv2.remap(
        light,
        places[..., 0].astype(np.float32),
        places[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    step = max(1, round(0.02 * iod))
    if len(rows) <= 2 * step:
        return 0.0
    edge = np.abs(rows[2 * step :] - rows[: -2 * step])
    # Across the whole back of the nose: a wrinkle or a strand crosses only part of it.
    return float(np.percentile(edge, 25, axis=1).max())
