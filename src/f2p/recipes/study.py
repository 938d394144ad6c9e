"""A first look at the person, small and upright: coarse matte and head lines, from which the frame is chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from f2p.engines.suite import Engines
from f2p.recipes.subject import Subject, must_be_person
from f2p.recipes.trace import Trace
from f2p.stages.denoise import steadied
from f2p.stages.doubt import not_seen_twice
from f2p.stages.facemesh import FACE_OVAL
from f2p.stages.headlines import cut_edges, eye_to_chin_px, eyes_middle, head_lines
from f2p.stages.matting import connected, guarded, mean_inside
from f2p.stages.warp import covered, moved_plane, warped
from f2p.values.geometry import Affine, Box, Face, Head, Limits, Points
from f2p.values.pixels import Photo, Plane

_SHORT_SIDE_PX, _LONG_SIDE_PX = 512, 768
"""The network's own input, so that nothing is resampled twice."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far around the eyes to look, in eye-to-chin lengths."""

    up: float = 1.9
    down: float = 2.3
    side: float = 1.9


CLOSER = Reach(up=1.6, down=1.5, side=1.5)
"""The second look: head and shoulders alone, so that the network sees hair larger."""
MIRROR = Affine(-1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The small upright raster: how it lies in the source, its alpha, the head's lines and where the picture cuts the person."""

    matrix: Affine
    """Source px to study px."""
    alpha: Plane
    mesh: Points
    head: Head
    limits: Limits
    apart: Plane | None = None
    """How far two looks lay apart, where there were two."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look of the networks at a part of the picture. matrix: source px to look px; alpha, person: (H, W) float32 0..1."""

    matrix: Affine
    alpha: Plane
    person: Plane


def study(subject: Subject, straighten: bool, reach: Reach, engines: Engines, trace: Trace) -> Study:
    """The person's coarse matte and head lines. Raises NotAPerson."""
    photo, face = subject.photo, subject.face
    turn = upright(face, straighten)
    seen = look(photo, turn, around_face(face, turn, reach), engines, trace)
    mesh = seen.matrix.apply(face.mesh)
    must_be_person(mean_inside(seen.person, mesh[list(FACE_OVAL)]))
    height_px, width_px = seen.alpha.shape
    padded = Affine(1.0, 0.0, 1.0, 0.0, 1.0, 1.0)
    inside = covered(photo.width_px, photo.height_px, seen.matrix.then(padded), width_px + 2, height_px + 2)
    x, y = mesh[list(FACE_OVAL)].mean(axis=0)
    alpha = connected(seen.alpha * inside[1:-1, 1:-1], float(x), float(y))
    return Study(
        matrix=seen.matrix,
        alpha=alpha,
        mesh=mesh,
        head=head_lines(mesh, alpha),
        limits=cut_edges(alpha, inside),
    )


def look(photo: Photo, turn: Affine, box: Box, engines: Engines, trace: Trace) -> Look:
    """Guarded alpha of the part `box` (px after `turn`) of the picture, no further than the picture goes."""
    matrix, width_px, height_px = _raster(turn, box, photo.width_px, photo.height_px)
    rgb = trace.run("look", steadied, trace.run("look", warped, photo.rgb, matrix, width_px, height_px))
    person = trace.run("look", engines.guard.matte, rgb).alpha
    coarse = trace.run("matte", engines.matter.matte, rgb).alpha
    return Look(matrix, trace.run("look", guarded, coarse, person), person)


def study_again(subject: Subject, first: Study, straighten: bool, engines: Engines, trace: Trace) -> Study:
    """The study with the mean of two opinions: the first, and a closer look at head and shoulders in the mirror."""
    mirror = upright(subject.face, straighten).then(MIRROR)
    second = look(subject.photo, mirror, around_face(subject.face, mirror, CLOSER), engines, trace)
    x, y = second.matrix.apply(subject.face.mesh[list(FACE_OVAL)]).mean(axis=0)
    alone = replace(second, alpha=connected(second.alpha, float(x), float(y)))
    alpha, apart = agreed(first.alpha, first.matrix, alone, (subject.photo.width_px, subject.photo.height_px))
    return replace(first, alpha=alpha, apart=apart)


def agreed(alpha: Plane, matrix: Affine, second: Look, size: tuple[int, int]) -> tuple[Plane, Plane]:
    """`alpha` (H, W, raster of `matrix`) and a second look: their mean where both see the person, and how far they lie apart."""
    height, width = alpha.shape
    across = second.matrix.inverse().then(matrix)
    other = moved_plane(second.alpha, across, width, height)
    weight = moved_plane(feather(second, size), across, width, height, beyond=cv2.BORDER_CONSTANT) * (alpha > 0.0)
    apart = not_seen_twice(alpha.shape)
    apart += weight * (np.abs(other - alpha) - apart)
    return np.asarray(alpha + 0.5 * weight * (other - alpha), dtype=np.float32), apart


def feather(near: Look, size: tuple[int, int]) -> Plane:
    """1 inside the look, falling to 0 towards those of its rims that are not the picture's own; size: the picture's, px."""
    height, width = near.alpha.shape
    rim = max(4, round(0.06 * max(height, width)))
    (x0, y0), (x1, y1) = near.matrix.inverse().apply(np.array([[0, 0], [width - 1, height - 1]], np.float32))
    y = np.arange(height, dtype=np.float32)[:, None] / rim
    x = np.arange(width, dtype=np.float32)[None, :] / rim
    weight = np.ones((height, width), np.float32)
    for distance, at, side in ((x, x0, size[0]), (y, y0, size[1]), (x[:, ::-1], x1, size[0]), (y[::-1], y1, size[1])):
        if 2 <= at <= side - 3:
            weight = np.minimum(weight, distance)
    return np.ascontiguousarray(weight)


def upright(face: Face, straighten: bool) -> Affine:
    """The turn about the eyes' middle that makes the eye line level; the identity when it is not wished."""
    angle = math.radians(-face.roll_deg) if straighten else 0.0
    x, y = (float(value) for value in eyes_middle(face.mesh))
    cos, sin = math.cos(angle), math.sin(angle)
    return Affine(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y)


def around_face(face: Face, turn: Affine, reach: Reach) -> Box:
    """The part of the turned picture that `reach` covers."""
    ruler = eye_to_chin_px(face.mesh)
    x, y = (float(value) for value in turn.apply(eyes_middle(face.mesh)[None])[0])
    return Box(x - reach.side * ruler, y - reach.up * ruler, x + reach.side * ruler, y + reach.down * ruler)


def _raster(turn: Affine, box: Box, source_width: int, source_height: int) -> tuple[Affine, int, int]:
    """Source px to look px and the look's size."""
    corners = turn.apply(picture_corners(source_width, source_height))
    (low_x, low_y), (high_x, high_y) = (tuple(map(float, pair)) for pair in (corners.min(axis=0), corners.max(axis=0)))
    left, right, top, bottom = max(low_x, box.left), min(high_x, box.right), max(low_y, box.top), min(high_y, box.bottom)
    width, height = max(right - left, 8.0), max(bottom - top, 8.0)
    scale = min(_SHORT_SIDE_PX / min(width, height), _LONG_SIDE_PX / max(width, height))
    matrix = turn.then(Affine(scale, 0.0, -left * scale, 0.0, scale, -top * scale))
    return matrix, max(32, round(width * scale)), max(32, round(height * scale))


def picture_corners(width: int, height: int) -> Points:
    """(4, 2) px: middles of the top left, top right, bottom left and bottom right pixel."""
    return np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], dtype=np.float32)
