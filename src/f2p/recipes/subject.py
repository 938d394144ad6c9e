"""Whose photo it is: find the faces, turn the picture upright, choose one, measure it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from f2p.engines.suite import Engines
from f2p.errors import NoFace, NoSuchFace, NotAPerson, SeveralFaces
from f2p.recipes.trace import Trace
from f2p.stages.planes import resized
from f2p.stages.warp import quarter_turned
from f2p.values.geometry import Face, FaceBox
from f2p.values.pixels import Photo

_REAL_PRESENCE, _SURE_PRESENCE = 8.0, 13.0
"""Mesh logits: frontal faces 13..22 (lowest of 55: a mask), no face -17..-31."""
_SAME_SIZE = 0.80
"""Two faces whose areas differ by less than this ratio are equals: which is meant is a question."""
_MOST_MEASURED = 12
_TRIED_SIDE_PX = 1280
"""Long side at which other turns are tried: the detector sees no more, and turning 100 MP takes a second and its own size."""
_PERSON_SHARE = 0.75
"""Of a person's face the person mask covers nearly all (0.994 and more on 20 faces)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of several faces: `face` is 1-based from the left and goes first; `select` is left, right, center, largest."""

    face: int | None
    select: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """The picture as it will be worked on, and the one face in it that matters."""

    photo: Photo
    face: Face


def find_subject(photo: Photo, wanted: Wanted, engines: Engines, trace: Trace, *, turn: bool = True) -> Subject:
    """The person to work on. turn: also look in the picture turned by quarters. Raises NoFace, SeveralFaces, NoSuchFace."""
    faces = _faces(photo, engines, trace)
    if not faces and turn:
        clockwise_deg = _turn_to_upright(photo, engines, trace)
        photo = quarter_turned(photo, clockwise_deg)
        faces = _faces(photo, engines, trace)
        trace.tell("turned", "warning", deg=clockwise_deg)
    if not faces:
        raise NoFace
    face = _chosen(faces, wanted)
    if len(faces) > 1:
        trace.tell("several_faces", "warning", count=len(faces), index=faces.index(face) + 1)
    if face.presence < _SURE_PRESENCE:
        trace.tell("face_weak", "warning")
    return Subject(photo, face)


def must_be_person(share: float) -> None:
    """Raises NotAPerson when a person mask covers too small a `share` (0..1) of the face: animals pass the face networks."""
    if share < _PERSON_SHARE:
        raise NotAPerson


def _faces(photo: Photo, engines: Engines, trace: Trace) -> list[Face]:
    """The upright faces, from left to right."""
    boxes = trace.run("find_faces", engines.detector.find, photo.rgb)
    return trace.run("measure_face", _measured, photo, boxes, engines)


def _turn_to_upright(photo: Photo, engines: Engines, trace: Trace) -> int:
    """The quarter turn, clockwise, after which there are faces; tried on a small copy. Raises NoFace."""
    scale = min(1.0, _TRIED_SIDE_PX / max(photo.width_px, photo.height_px))
    width_px, height_px = (max(1, round(side * scale)) for side in (photo.width_px, photo.height_px))
    small = replace(photo, rgb=resized(photo.rgb, width_px, height_px))
    for clockwise_deg in (90, 270, 180):
        if _faces(quarter_turned(small, clockwise_deg), engines, trace):
            return clockwise_deg
    raise NoFace


def _measured(photo: Photo, boxes: tuple[FaceBox, ...], engines: Engines) -> list[Face]:
    """The boxes that are upright faces, measured, from left to right."""
    largest = sorted(boxes, key=lambda box: -box.box.area)[:_MOST_MEASURED]
    faces = [engines.mesher.measure(photo.rgb, box) for box in largest]
    real = [face for face in faces if face.presence >= _REAL_PRESENCE and abs(face.roll_deg) <= 50.0]
    return sorted(real, key=lambda face: face.box.left + face.box.right)


def _chosen(faces: list[Face], wanted: Wanted) -> Face:
    if wanted.face is not None:
        if not 1 <= wanted.face <= len(faces):
            raise NoSuchFace(wanted=wanted.face, count=len(faces))
        return faces[wanted.face - 1]
    by_size = sorted(faces, key=lambda face: -face.box.area)
    if wanted.select == "left":
        return faces[0]
    if wanted.select == "right":
        return faces[-1]
    if wanted.select == "center":
        return faces[len(faces) // 2]
    if wanted.select is None and len(faces) > 1 and by_size[1].box.area > _SAME_SIZE * by_size[0].box.area:
        raise SeveralFaces(count=len(faces))
    return by_size[0]
