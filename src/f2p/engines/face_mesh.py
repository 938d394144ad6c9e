"""MediaPipe Face Landmarker's mesh network: 478 points on one face (Google; model card Apache-2.0), run by LiteRT."""

from __future__ import annotations

import math
import threading
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from f2p.engines.litert import interpreter
from f2p.values.geometry import Box, Face, FaceBox, Points
from f2p.values.pixels import Rgb8

_SIDE_PX = 256
_CROP = 1.5
"""Side of the square crop over the face's longer side; the ratio the network was trained with."""
_PASSES = 3
_NEUTRAL_PITCH_DEG = 5.0
"""Frontal portraits sit at +4..+8 degrees in the canonical mesh's frame (measured): taken off, so that 0 means frontal."""
RIGHT_EYE, LEFT_EYE = (33, 133), (263, 362)
"""Outer and inner corner of the person's right and left eye."""


class FaceMesh:
    """A `FaceMesher`. The crop is re-cut by the mesh it gave until it sits upright on the face."""

    def __init__(self, task: Path, threads: int) -> None:
        import cv2

        self._cv2 = cv2
        self._lock = threading.Lock()
        with zipfile.ZipFile(task) as archive:
            self._net = interpreter(archive.read("face_landmarks_detector.tflite"), threads)
            self._canonical = _canonical_mesh(archive.read("geometry_pipeline_metadata_landmarks.binarypb"))
        self._input = self._net.get_input_details()[0]["index"]
        outputs = sorted(self._net.get_output_details(), key=lambda detail: str(detail["name"]))
        self._points, self._presence = outputs[0]["index"], outputs[1]["index"]

    def measure(self, rgb: Rgb8, box: FaceBox) -> Face:
        """The mesh in px of `rgb`; raises nothing: a low `presence` says that this is no face."""
        centre = np.array([(box.box.left + box.box.right) / 2, (box.box.top + box.box.bottom) / 2])
        side = _CROP * max(box.box.width, box.box.height)
        angle = _tilt(box.five[0], box.five[1])
        for _ in range(_PASSES):
            mesh, presence = self._run(rgb, centre, side, angle)
            angle = _tilt(eye_centre(mesh, RIGHT_EYE), eye_centre(mesh, LEFT_EYE))
            low, high = mesh[:, :2].min(axis=0), mesh[:, :2].max(axis=0)
            centre, side = (low + high) / 2, _CROP * _upright_extent(mesh[:, :2], angle)
        yaw, pitch = self._pose(mesh, angle)
        found = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        return Face(found, box.score, mesh[:, :2].astype(np.float32), presence, math.degrees(angle), yaw, pitch)

    def _run(self, rgb: Rgb8, centre: NDArray[Any], side: float, angle: float) -> tuple[NDArray[np.float64], float]:
        """One pass: mesh (478, 3) in px of `rgb` (z in the same scale), presence logit."""
        cv2 = self._cv2
        scale = side / _SIDE_PX
        cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
        half = (_SIDE_PX - 1) / 2
        back = np.array([[cos, -sin, centre[0] - cos * half + sin * half], [sin, cos, centre[1] - sin * half - cos * half]])
        source, matrix = _shrunk(cv2, rgb, back, scale)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        crop = cv2.warpAffine(source, matrix, (_SIDE_PX, _SIDE_PX), flags=flags, borderMode=cv2.BORDER_CONSTANT)
        with self._lock:
            self._net.set_tensor(self._input, crop[None].astype(np.float32) / np.float32(255.0))
            self._net.invoke()
            points = self._net.get_tensor(self._points).reshape(478, 3).astype(np.float64)
            presence = float(self._net.get_tensor(self._presence).ravel()[0])
        mesh = np.empty_like(points)
        mesh[:, :2] = points[:, :2] @ back[:, :2].T + back[:, 2]
        mesh[:, 2] = points[:, 2] * scale
        return mesh, presence

    def _pose(self, mesh: NDArray[np.float64], angle: float) -> tuple[float, float]:
        """Yaw and pitch in degrees by a similarity fit to the canonical face (Kabsch/Umeyama); + is the person's left, down."""
        points = mesh[: len(self._canonical)] * [1.0, -1.0, -1.0]
        points, canonical = points - points.mean(axis=0), self._canonical - self._canonical.mean(axis=0)
        u, _, vt = np.linalg.svd(canonical.T @ points)
        sign = np.sign(np.linalg.det(u @ vt))
        rotation = (u @ np.diag([1.0, 1.0, sign]) @ vt).T
        roll = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])
        upright = roll @ rotation
        yaw = math.degrees(math.atan2(upright[0, 2], upright[2, 2]))
        pitch = math.degrees(math.atan2(-upright[1, 2], math.hypot(upright[0, 2], upright[2, 2])))
        return yaw, pitch - _NEUTRAL_PITCH_DEG


def eye_centre(mesh: Points | NDArray[np.float64], corners: tuple[int, int]) -> NDArray[np.float64]:
    """Middle between an eye's corners (2,), in the mesh's px: steadier than the iris, which follows the gaze."""
    return np.asarray((mesh[corners[0], :2] + mesh[corners[1], :2]) / 2, dtype=np.float64)


def _tilt(right: NDArray[Any], left: NDArray[Any]) -> float:
    """Clockwise angle of the line from the right to the left eye, in radians."""
    return math.atan2(float(left[1] - right[1]), float(left[0] - right[0]))


def _upright_extent(points: NDArray[np.float64], angle: float) -> float:
    """Longer side of the points' box after the tilt is undone."""
    cos, sin = math.cos(-angle), math.sin(-angle)
    turned = points @ np.array([[cos, -sin], [sin, cos]]).T
    return float(np.ptp(turned, axis=0).max())


def _shrunk(cv2: Any, rgb: Rgb8, back: NDArray[np.float64], scale: float) -> tuple[Rgb8, NDArray[np.float64]]:
    """`rgb` cut to the crop's surroundings and area-averaged when the crop would skip pixels, with the matrix that fits it."""
    corners = np.array([[0, 0], [_SIDE_PX, 0], [0, _SIDE_PX], [_SIDE_PX, _SIDE_PX]]) @ back[:, :2].T + back[:, 2]
    height, width = rgb.shape[:2]
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int) - 2, 0, [width - 1, height - 1])
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 3, [left + 1, top + 1], [width, height])
    cut = rgb[top:bottom, left:right]
    matrix = back.copy()
    matrix[:, 2] -= (left, top)
    factor = max(1, int(scale))
    if factor > 1 and min(cut.shape[:2]) >= factor:
        small = cv2.resize(cut, (cut.shape[1] // factor, cut.shape[0] // factor), interpolation=cv2.INTER_AREA)
        ratio = np.array([small.shape[1] / cut.shape[1], small.shape[0] / cut.shape[0]])
        matrix = matrix * ratio[:, None]
        matrix[:, 2] += (ratio - 1) / 2
        return small, matrix
    return cut, matrix


def _canonical_mesh(metadata: bytes) -> NDArray[np.float64]:
    """The canonical face (468, 3) in cm, x right, y up, z towards the viewer.

    In the file: a run of unpacked fixed32 floats (protobuf tag 0x1d), five a vertex: x, y, z, u, v.
    """
    start = metadata.index(b"\x1d")
    record = np.dtype([("tag", "u1"), ("value", "<f4")])
    floats = np.frombuffer(metadata, dtype=record, count=468 * 5, offset=start)
    if not (floats["tag"] == 0x1D).all():
        raise ValueError("face_landmarker.task: the canonical mesh is not where it was expected")
    return floats["value"].reshape(468, 5)[:, :3].astype(np.float64)
