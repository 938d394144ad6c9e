"""Everything that is measured on one written picture, before any rule is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from f2p.engines.suite import Engines
from f2p.recipes.trace import Trace
from f2p.stages.facemap import CloseUp, FaceMap, close_up, filled
from f2p.stages.facemesh import CHIN, FACE_OVAL, LEFT_EYE, RIGHT_EYE
from f2p.stages.flat import person_before_flat
from f2p.stages.glasses import RIM_ALONE, find_glasses
from f2p.stages.headlines import eyes_middle, head_lines
from f2p.stages.matting import connected, guarded
from f2p.stages.measure_backdrop import BackdropSeen, backdrop_seen
from f2p.stages.measure_detail import Detail, detail_of
from f2p.stages.measure_face import Features, features
from f2p.stages.measure_glasses import reflections
from f2p.stages.measure_skin import FaceLight, face_light
from f2p.stages.planes import disc, resized
from f2p.stages.red_eye import red_eye_mask
from f2p.stages.skin import skin_mask
from f2p.values.geometry import Face, Head, Points
from f2p.values.pixels import Plane, Rgb8

REAL_PRESENCE = 8.0
"""Mesh logit from which a box is a face (see recipes/subject.py)."""
_SAME_FACE = 0.06
"""A second face whose box is smaller than this share of the first is a picture on the wall."""
_LOOK_PX = 512
_MOST_APART = 0.002
"""Share of the picture that may stand before a flat backdrop without being a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One face in a written picture. rgb: (H, W, 3); alpha: the person (H, W) 0..1; all px are of this picture.

    glare: share of the lenses under reflections; eyes: L* range inside the flatter eye.
    glasses: "yes", "no", or "maybe" where a fringe may be taken for a frame. hair_width_px: of the head with its hair at the
    eyes; top_cut: share of the width in which the person meets the upper edge.
    """

    rgb: Rgb8
    alpha: Plane
    face: Face
    others: int
    head: Head
    features: Features
    expression: Mapping[str, tuple[float, float]]
    light: FaceLight
    backdrop: BackdropSeen | None
    detail: Detail
    glasses: str
    glare: float
    red_eyes: bool
    eyes: float
    top_cut: float
    hair_width_px: float


def faces_in(rgb: Rgb8, engines: Engines, trace: Trace) -> list[Face]:
    """The real faces, the largest first."""
    boxes = trace.run("find_faces", engines.detector.find, rgb)
    faces = [trace.run("measure_face", engines.mesher.measure, rgb, box) for box in boxes[:6]]
    real = [face for face in faces if face.presence >= REAL_PRESENCE]
    return sorted(real, key=lambda face: -face.box.area)


def person_in(rgb: Rgb8, face: Face, engines: Engines, trace: Trace) -> Plane:
    """Who stands in the picture and what does not belong to them: alpha (H, W) float32 0..1.

    Before a perfectly flat backdrop everything else is the person, as far as the coarse mask agrees (a shadow on the wall is
    none). Else the networks say, and look with room around the picture: a tight portrait is all person, which they do not expect.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, _LOOK_PX / min(height, width))
    small: Rgb8 = np.asarray(resized(rgb, max(round(width * scale), 8), max(round(height * scale), 8)), dtype=np.uint8)
    room = round(0.25 * max(small.shape[:2]))
    wide: Rgb8 = np.asarray(cv2.copyMakeBorder(small, room, 0, room, room, cv2.BORDER_REPLICATE), dtype=np.uint8)
    part = slice(room, room + small.shape[0]), slice(room, room + small.shape[1])
    person = trace.run("look", engines.guard.matte, wide).alpha
    flat = trace.run("look", person_before_flat, rgb)
    if flat is not None and _agree(resized(flat, small.shape[1], small.shape[0]), person[part]):
        return flat
    alpha = trace.run("matte", engines.matter.matte, wide).alpha
    x, y = face.mesh[list(FACE_OVAL)].mean(axis=0) * scale + room
    joined = connected(guarded(alpha, person), float(x), float(y))
    return resized(np.ascontiguousarray(joined[part]), width, height)


def _agree(flat: Plane, person: Plane) -> bool:
    """Whether hardly anything that stands before the backdrop is far from the person of the coarse mask."""
    reach = cv2.dilate((person > 0.3).astype(np.uint8), disc(max(2, round(0.025 * max(person.shape)))))
    upper = slice(0, round(0.7 * flat.shape[0]))  # below, collars and shoulders are where the coarse mask is worst
    return float(((flat > 0.1) & (reach == 0))[upper].mean()) < _MOST_APART


def look_at(rgb: Rgb8, faces: list[Face], alpha: Plane, engines: Engines) -> Seen:
    """Measures the largest of `faces`."""
    face = faces[0]
    mesh = face.mesh
    skin = skin_mask(rgb, mesh, alpha)
    mapped = FaceMap(mesh=mesh, alpha=alpha, skin=skin)
    look = close_up(rgb, mapped)
    frames = find_glasses(look)
    glasses = "yes" if frames.rim >= RIM_ALONE else "maybe" if frames.seen else "no"
    glare = reflections(look, frames) if glasses == "yes" else 0.0
    upper = alpha[: max(1, round(0.004 * alpha.shape[0]))]
    return Seen(
        rgb=rgb, alpha=alpha, face=face,
        others=sum(1 for other in faces[1:] if other.box.area > _SAME_FACE * face.box.area),
        head=head_lines(mesh, alpha),
        features=features(mesh),
        expression=engines.expressions.read(mesh),
        light=face_light(look),
        backdrop=backdrop_seen(rgb, alpha, mapped.iod_px, _cheek_line(mesh)),
        detail=detail_of(rgb, mesh),
        glasses=glasses, glare=glare,
        red_eyes=bool((red_eye_mask(rgb, mapped) > 0.5).any()),
        eyes=_eyes(look),
        top_cut=float((upper > 0.5).mean()),
        hair_width_px=_hair_width(mesh, alpha),
    )  # fmt: skip


def _hair_width(mesh: Points, alpha: Plane) -> float:
    """How wide the person is at the eyes, px; long hair and big hats counted up to 1.5 times the face."""
    row = int(np.clip(round(float(eyes_middle(mesh)[1])), 0, alpha.shape[0] - 1))
    low, high = float(mesh[:468, 0].min()), float(mesh[:468, 0].max())
    return min(float((alpha[row] > 0.5).sum()), 1.5 * (high - low))


def _cheek_line(mesh: Points) -> float:
    """Row between eyes and chin above which collars and shoulders hardly reach."""
    eyes, chin = float(eyes_middle(mesh)[1]), float(mesh[CHIN, 1])
    return eyes + 0.45 * (chin - eyes)


def _eyes(look: CloseUp) -> float:
    """L* between the darkest and the brightest part of the eye that shows less: an iris before white, or nothing of it."""
    lightness = look.lab[..., 0]
    ranges = []
    for outline in (RIGHT_EYE, LEFT_EYE):
        inside = lightness[filled([look.mesh[list(outline)]], look.alpha.shape) > 0.5]
        ranges.append(float(np.ptp(np.percentile(inside, (4, 96)))) if inside.size >= 12 else 0.0)
    return min(ranges)


def eye_line_px(face: Face) -> float:
    """Row of the eye line."""
    return float(eyes_middle(face.mesh)[1])
