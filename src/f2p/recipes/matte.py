"""The person's alpha at source size."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.engines.suite import Engines
from f2p.errors import NoFace
from f2p.files.encode import encode
from f2p.recipes.id_photo import Product
from f2p.recipes.study import Look, Reach, around_face, look
from f2p.recipes.subject import Wanted, find_subject
from f2p.recipes.trace import Trace
from f2p.stages.matting import refined
from f2p.stages.warp import moved_plane
from f2p.values.geometry import Affine, Box
from f2p.values.outcome import Check, FinishedFile
from f2p.values.pixels import Photo, Plane, Rgb8
from f2p.values.plan import Encoding, FileFormat, MattePlan

_WHOLE = Reach(up=3.0, down=9.0, side=4.5)
"""The whole person in one look; the close look at head and shoulders replaces it where it sees better."""
_UPRIGHT = Affine(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_SMALLEST_PERSON = 0.01
"""Without a face, a person must cover this share of the picture to be believed."""


def make_matte(photo: Photo, plan: MattePlan, engines: Engines, trace: Trace) -> Product:
    """An 8-bit grey PNG of the picture's size, 255 = person. Raises PhotoError kinds."""
    photo, looks = _looks(photo, plan, engines, trace)
    size = (photo.width_px, photo.height_px)
    coarse = trace.run("matte", _joined, looks, size)
    alpha = trace.run("refine_edges", _refined_where_needed, photo.rgb, coarse)
    gray = np.repeat(np.rint(alpha * 255.0).astype(np.uint8)[:, :, None], 3, axis=2)
    encoding = Encoding(format=FileFormat.PNG, dpi=round(photo.dpi or 72), gray=True)
    data = trace.run("encode", encode, gray, None, encoding, None).data
    checks = (
        Check(name="width_px", value=gray.shape[1], wanted=str(size[0]), ok=gray.shape[1] == size[0], unit="px"),
        Check(name="height_px", value=gray.shape[0], wanted=str(size[1]), ok=gray.shape[0] == size[1], unit="px"),
    )
    return Product(files=(FinishedFile(data=data, suffix=".png", role="alpha"),), checks=checks, placement={})


def _looks(photo: Photo, plan: MattePlan, engines: Engines, trace: Trace) -> tuple[Photo, tuple[Look, Look]]:
    """The photo as it is looked at, the whole person, and the part that deserves the network's full resolution."""
    whole = Box(0.0, 0.0, float(photo.width_px), float(photo.height_px))
    try:
        subject = find_subject(photo, Wanted(plan.face, "largest"), engines, trace, turn=False)
    except NoFace:  # seen from behind, or the face is covered: a matte needs a person, not a face
        far = look(photo, _UPRIGHT, whole, engines, trace)
        return photo, (far, look(photo, _UPRIGHT, _around_person(far), engines, trace))
    far_box, near_box = (around_face(subject.face, _UPRIGHT, reach) for reach in (_WHOLE, Reach()))
    far, near = (look(photo, _UPRIGHT, box, engines, trace) for box in (far_box, near_box))
    return photo, (far, near)


def _around_person(far: Look) -> Box:
    """Source px around what the far look took for a person. Raises NoFace when that is next to nothing."""
    solid = (far.alpha > 0.5) & (far.person > 0.3)
    if solid.mean() < _SMALLEST_PERSON:
        raise NoFace
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    margin = 0.08 * max(rows[-1] - rows[0], columns[-1] - columns[0])
    corners = np.array([[columns[0] - margin, rows[0] - margin], [columns[-1] + margin, rows[-1] + margin]], np.float32)
    (left, top), (right, bottom) = far.matrix.inverse().apply(corners)
    return Box(float(left), float(top), float(right), float(bottom))


def _joined(looks: tuple[Look, Look], size: tuple[int, int]) -> Plane:
    """Both looks at source size, the near one over the far one, feathered."""
    far, near = looks
    whole = moved_plane(far.alpha, far.matrix.inverse(), *size)
    close = moved_plane(near.alpha, near.matrix.inverse(), *size)
    weight = moved_plane(_feather(near, size), near.matrix.inverse(), *size, beyond=cv2.BORDER_CONSTANT)
    return np.asarray(close * weight + whole * (1.0 - weight), dtype=np.float32)


def _feather(near: Look, size: tuple[int, int]) -> Plane:
    """1 inside the near look, falling to 0 towards those of its rims that are not the picture's own."""
    height, width = near.alpha.shape
    rim = max(4, round(0.06 * max(height, width)))
    (left, top), (right, bottom) = near.matrix.inverse().apply(np.array([[0, 0], [width - 1, height - 1]], np.float32))
    y = np.arange(height, dtype=np.float32)[:, None] / rim
    x = np.arange(width, dtype=np.float32)[None, :] / rim
    weight = np.ones((height, width), np.float32)
    for distance, own_rim in ((x, left < 2), (y, top < 2), (x[:, ::-1], right > size[0] - 3), (y[::-1], bottom > size[1] - 3)):
        if not own_rim:
            weight = np.minimum(weight, distance)
    return np.ascontiguousarray(weight)


def _refined_where_needed(rgb: Rgb8, coarse: Plane) -> Plane:
    """The refinement on the person's surroundings only: a small person in a large picture keeps all its pixels."""
    rows, columns = np.flatnonzero((coarse > 0.02).any(axis=1)), np.flatnonzero((coarse > 0.02).any(axis=0))
    if rows.size == 0:
        return coarse
    y = slice(max(0, int(rows[0]) - 16), int(rows[-1]) + 17)
    x = slice(max(0, int(columns[0]) - 16), int(columns[-1]) + 17)
    alpha = np.zeros_like(coarse)
    alpha[y, x] = refined(np.ascontiguousarray(rgb[y, x]), np.ascontiguousarray(coarse[y, x]))
    return alpha
