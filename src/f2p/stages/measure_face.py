"""What a face does and how it stands in the picture: lids, lips, gaze, centring, widths. Numbers only, no verdicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from f2p.stages.facemesh import LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS, inter_eye_px
from f2p.values.geometry import Points

_LIDS = (((159, 145), (158, 153), (160, 144)), ((386, 374), (385, 380), (387, 373)))
"""Pairs of upper and lower lid points over the iris: right eye, left eye (MediaPipe Face Mesh)."""
_LIPS = ((13, 14), (82, 87), (312, 317))
"""Pairs of inner lip points: middle, right, left."""
_MOUTH = (78, 308)
_IRISES = (468, 473)
_SIDES = (234, 454)
"""Where the cheek turns to the ear, right and left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Shares of the feature's own width, so that they say the same at every size.

    lids: smaller lid gap of the two eyes / eye width; lips: inner lip gap / mouth width; gaze_across, gaze_up: where the
    irises stand off the middle of the eye, in eye widths, to the picture's right and up (mean of both eyes). inter_eye_px,
    width_px: of the face.
    """

    lids: float
    lips: float
    gaze_across: float
    gaze_up: float
    inter_eye_px: float
    width_px: float


def features(mesh: Points) -> Features:
    """Measures the mesh (478, 2) px as it lies: a tilt is undone first."""
    level = _levelled(mesh)
    lids, across, up = [], [], []
    for pairs, corners, iris in zip(_LIDS, (RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS), _IRISES, strict=True):
        width = _apart(level, corners)
        lids.append(float(np.mean([_apart(level, pair) for pair in pairs])) / width)
        off = (level[iris] - level[list(corners)].mean(axis=0)) / width
        across.append(float(off[0]))
        up.append(float(-off[1]))
    return Features(
        lids=min(lids),
        lips=float(np.mean([_apart(level, pair) for pair in _LIPS])) / _apart(level, _MOUTH),
        gaze_across=float(np.mean(across)),
        gaze_up=float(np.mean(up)),
        inter_eye_px=inter_eye_px(mesh),
        width_px=_apart(level, _SIDES),
    )


def _levelled(mesh: Points) -> Points:
    """The mesh turned about the origin until the eye line is level."""
    right, left = mesh[list(RIGHT_EYE_CORNERS)].mean(axis=0), mesh[list(LEFT_EYE_CORNERS)].mean(axis=0)
    x, y = (left - right) / max(float(np.hypot(*(left - right))), 1e-6)
    turn = np.array([[x, y], [-y, x]], np.float32)
    return np.asarray(mesh @ turn.T, dtype=np.float32)


def _apart(mesh: Points, pair: tuple[int, int]) -> float:
    return max(float(np.hypot(*(mesh[pair[0]] - mesh[pair[1]]))), 1e-6)
