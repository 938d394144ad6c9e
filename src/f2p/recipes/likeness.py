"""What a batch compares people by, measured on a finished photo; and where the faces are on one that could not be finished."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.engines.suite import Engines
from f2p.files.inspect import inspect
from f2p.stages.blur import blur_of
from f2p.stages.facemesh import LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS, five_points, inter_eye_px
from f2p.stages.skin import skin_mask
from f2p.values.batch import Measured
from f2p.values.geometry import Face, FaceBox, Points
from f2p.values.outcome import Check
from f2p.values.pixels import Rgb8

_LIDS = (((159, 145), (160, 144), (158, 153)), ((386, 374), (387, 373), (385, 380)))
"""Upper and lower lid above each other, right and left eye: middle, outer and inner third."""
_LEAST_SKIN_PX = 200


def measured(finished: bytes, checks: tuple[Check, ...], engines: Engines) -> Measured | None:
    """The finished photo's face in numbers; None where no face is found on it any more."""
    rgb = inspect(finished).rgb
    boxes = engines.detector.find(rgb)
    if not boxes:
        return None
    face = engines.mesher.measure(rgb, max(boxes, key=lambda box: box.box.area))
    light, red, yellow = _skin_lab(rgb, face)
    values = {check.name: check.value for check in checks}
    return Measured(
        identity=engines.identifier.embed(rgb, five_points(face.mesh)).astype("<f4").tobytes(),
        eyes_open=round(eyes_open(face.mesh), 3),
        blur=round(blur_of(_around_eyes(rgb, face.mesh)), 3),
        light=light, red=red, yellow=yellow,
        head_mm=_number(values.get("head_height_mm")),
        eye_line_mm=_number(values.get("eye_line_mm")),
    )  # fmt: skip


def eyes_open(mesh: Points) -> float:
    """Distance of the lids over the width of the eye (Soukupová & Čech, CVWW 2016), the wider eye: a wink is no shut eye."""
    ratios = []
    for lids, corners in zip(_LIDS, (RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS), strict=True):
        width = float(np.hypot(*(mesh[corners[1]] - mesh[corners[0]])))
        gaps = [float(np.hypot(*(mesh[upper] - mesh[lower]))) for upper, lower in lids]
        ratios.append(sum(gaps) / len(gaps) / max(width, 1e-6))
    return max(ratios)


def faces_on(rgb: Rgb8, engines: Engines) -> tuple[FaceBox, ...]:
    """Every box that may be a face, from left to right."""
    return engines.detector.find(rgb)


def _around_eyes(rgb: Rgb8, mesh: Points) -> Rgb8:
    """Eyes and brows: never smoothed by a retouch, and full of edges where they are sharp."""
    unit = inter_eye_px(mesh)
    eyes = mesh[[*RIGHT_EYE_CORNERS, *LEFT_EYE_CORNERS]].mean(axis=0)
    left, right = int(max(0, eyes[0] - 1.1 * unit)), int(eyes[0] + 1.1 * unit)
    top, bottom = int(max(0, eyes[1] - 0.6 * unit)), int(eyes[1] + 0.5 * unit)
    return np.ascontiguousarray(rgb[top:bottom, left:right])


def _skin_lab(rgb: Rgb8, face: Face) -> tuple[float, float, float]:
    """Median L*, a*, b* of the facial skin; the whole face's box where no skin is found."""
    solid = np.ones(rgb.shape[:2], np.float32)
    skin = skin_mask(rgb, face.mesh, solid) > 0.5
    lab = cv2.cvtColor(rgb.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
    if np.count_nonzero(skin) < _LEAST_SKIN_PX:
        box = face.box
        pixels = lab[int(max(0, box.top)) : int(box.bottom), int(max(0, box.left)) : int(box.right)].reshape(-1, 3)
    else:
        pixels = lab[skin]
    light, red, yellow = (round(float(value), 2) for value in np.median(pixels, axis=0))
    return light, red, yellow


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
