"""The person's alpha at source size."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.engines.suite import Engines
from f2p.errors import NoFace
from f2p.files.encode import encode
from f2p.recipes.checks import doubt_check
from f2p.recipes.id_photo import Product
from f2p.recipes.study import CLOSER, MIRROR, Look, Reach, agreed, around_face, feather, look
from f2p.recipes.subject import Wanted, find_subject
from f2p.recipes.trace import Trace
from f2p.stages.doubt import Doubt, doubt_of
from f2p.stages.matting import Edges, refined
from f2p.stages.warp import moved_plane
from f2p.values.geometry import Affine, Box
from f2p.values.outcome import Check, FinishedFile
from f2p.values.pixels import Photo, Plane
from f2p.values.plan import Encoding, FileFormat, MattePlan, Quality

_WHOLE = Reach(up=3.0, down=9.0, side=4.5)
"""The whole person in one look; the close look at head and shoulders replaces it where it sees better."""
_UPRIGHT = Affine(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_SMALLEST_PERSON = 0.01
"""Without a face, a person must cover this share of the picture to be believed."""
_POSSIBLY_PERSON = 0.5
"""And the person mask must mean it. No proof: a cat has 0.974, some people seen from behind less; so the doubt is told."""
_JOINED_SIDE_PX = 1536
"""Long side of the joined looks: twice the looks' own; the picture's own pixels come in when the edges are refined."""
Part = tuple[slice, slice]
"""Columns and rows of the picture."""


@dataclass(frozen=True, slots=True)
class _Looks:
    """The whole person, the part that deserves the network's full resolution, and where a second opinion looks.

    second: px of the mirrored picture; apart: in the near look's raster, where there were two opinions.
    """

    far: Look
    near: Look
    second: Box
    apart: Plane | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The person's edges in the part of the picture where the person is, and the doubt over the whole picture."""

    part: Part
    edges: Edges
    doubt: Doubt


def make_matte(photo: Photo, plan: MattePlan, engines: Engines, trace: Trace) -> Product:
    """An 8-bit grey PNG of the picture's size, 255 = person. Raises PhotoError kinds."""
    cut = cut_out(photo, plan, engines, trace)
    gray = _gray(photo, cut)
    size = (photo.width_px, photo.height_px)
    encoding = Encoding(format=FileFormat.PNG, dpi=round(photo.dpi or 72), gray=True)
    data = trace.run("encode", encode, gray, None, encoding, None).data
    checks = (
        Check(name="width_px", value=gray.shape[1], wanted=str(size[0]), ok=gray.shape[1] == size[0], unit="px"),
        Check(name="height_px", value=gray.shape[0], wanted=str(size[1]), ok=gray.shape[0] == size[1], unit="px"),
        *doubt_check(cut.doubt, trace),
    )
    file = FinishedFile(data=data, suffix=".png", role="alpha")
    return Product(files=(file,), checks=checks, placement={}, doubt=cut.doubt, shown=photo.rgb)


def cut_out(photo: Photo, plan: MattePlan, engines: Engines, trace: Trace) -> Cut:
    """The person's edges at source size, after a second look where the first is in doubt. Raises NoFace, NoSuchFace."""
    looks = _looks(photo, plan, engines, trace)
    cut = _refined(photo, looks, trace)
    if not (cut.doubt.high and plan.quality is Quality.BEST):
        return cut
    del cut  # a plane of a phone's whole picture
    return _refined(photo, _looked_again(photo, looks, engines, trace), trace)


def _gray(photo: Photo, cut: Cut) -> NDArray[np.uint8]:
    """(H, W) of the picture, 255 = person; works in the cut's own memory, one float plane at most."""
    gray = np.zeros((photo.height_px, photo.width_px), np.uint8)
    x, y = cut.part
    alpha = cut.edges.alpha
    alpha *= np.float32(255.0)
    gray[y, x] = np.rint(alpha, out=alpha)
    return gray


def _refined(photo: Photo, looks: _Looks, trace: Trace) -> Cut:
    """Refined edges of what the looks see; full size only where the person is."""
    whole = (slice(0, photo.width_px), slice(0, photo.height_px))
    found = _around(trace.run("matte", _joined, (looks.far, looks.near), photo, whole), whole)
    if found is None:
        nothing = np.zeros((0, 0), np.float32)
        return Cut((slice(0, 0), slice(0, 0)), Edges(nothing, nothing, nothing), Doubt(0.0, np.zeros((1, 1), np.float32)))
    x, y = found
    coarse = trace.run("matte", _joined, (looks.far, looks.near), photo, found)
    edges = trace.run("refine_edges", refined, photo.rgb[y, x], coarse)
    seen = trace.run("refine_edges", doubt_of, edges, _apart(looks, found, edges.solved.shape))
    return Cut(found, edges, Doubt(seen.score, _on_whole(seen.plane, found, (photo.width_px, photo.height_px))))


def _apart(looks: _Looks, part: Part, shape: tuple[int, ...]) -> Plane | None:
    """How far two looks lay apart, in a raster (h, w) of that part of the picture."""
    if looks.apart is None:
        return None
    (x, y), (height, width) = part, shape
    shift = Affine(1.0, 0.0, -float(x.start), 0.0, 1.0, -float(y.start))
    matrix = shift.then(_resizing((x.stop - x.start, y.stop - y.start), (width, height)))
    return moved_plane(looks.apart, looks.near.matrix.inverse().then(matrix), width, height)


def _on_whole(plane: Plane, part: Part, size: tuple[int, int]) -> Plane:
    """A small plane of that part as a small plane of the whole picture, nothing elsewhere."""
    x, y = part
    share = max(plane.shape) / max(x.stop - x.start, y.stop - y.start)
    whole = np.zeros((max(1, round(size[1] * share)), max(1, round(size[0] * share))), np.float32)
    top, left = min(round(y.start * share), whole.shape[0] - 1), min(round(x.start * share), whole.shape[1] - 1)
    fitting = plane[: whole.shape[0] - top, : whole.shape[1] - left]
    whole[top : top + fitting.shape[0], left : left + fitting.shape[1]] = fitting
    return whole


def _looks(photo: Photo, plan: MattePlan, engines: Engines, trace: Trace) -> _Looks:
    """Two looks, and where a second opinion would look. Raises NoFace, NoSuchFace."""
    whole = Box(0.0, 0.0, float(photo.width_px), float(photo.height_px))
    try:
        subject = find_subject(photo, Wanted(plan.face, "largest"), engines, trace, turn=False)
    except NoFace:  # seen from behind, or the face is covered: a matte needs a person, not a face
        far = look(photo, _UPRIGHT, whole, engines, trace)
        person = _around_person(far)
        near = look(photo, _UPRIGHT, person, engines, trace)
        trace.tell("no_face_seen", "warning")
        return _Looks(far, near, Box(-person.right, person.top, -person.left, person.bottom))
    far_box, near_box = (around_face(subject.face, _UPRIGHT, reach) for reach in (_WHOLE, Reach()))
    far, near = (look(photo, _UPRIGHT, box, engines, trace) for box in (far_box, near_box))
    return _Looks(far, near, around_face(subject.face, MIRROR, CLOSER))


def _looked_again(photo: Photo, looks: _Looks, engines: Engines, trace: Trace) -> _Looks:
    """The near look made the mean of two opinions: itself, and a closer one in the mirror."""
    second = look(photo, MIRROR, looks.second, engines, trace)
    alpha, apart = agreed(looks.near.alpha, looks.near.matrix, second, (photo.width_px, photo.height_px))
    return replace(looks, near=replace(looks.near, alpha=alpha), apart=apart)


def _around_person(far: Look) -> Box:
    """Source px around what the far look took for a person. Raises NoFace when that is next to nothing, or hardly a person."""
    solid = (far.alpha > 0.5) & (far.person > 0.3)
    if solid.mean() < _SMALLEST_PERSON or far.person[solid].mean() < _POSSIBLY_PERSON:
        raise NoFace
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    margin = 0.08 * max(rows[-1] - rows[0], columns[-1] - columns[0])
    corners = np.array([[columns[0] - margin, rows[0] - margin], [columns[-1] + margin, rows[-1] + margin]], np.float32)
    (left, top), (right, bottom) = far.matrix.inverse().apply(corners)
    return Box(float(left), float(top), float(right), float(bottom))


def _joined(looks: tuple[Look, Look], photo: Photo, part: Part) -> Plane:
    """Both looks at a part of the picture, the near one over the far one, feathered; no larger than the looks deserve."""
    far, near = looks
    x, y = part
    width, height = x.stop - x.start, y.stop - y.start
    scale = min(1.0, _JOINED_SIDE_PX / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    matrix = Affine(1.0, 0.0, -float(x.start), 0.0, 1.0, -float(y.start)).then(_resizing((width, height), size))
    to_far, to_near = (one.matrix.inverse().then(matrix) for one in looks)
    close, whole = moved_plane(near.alpha, to_near, *size), moved_plane(far.alpha, to_far, *size)
    weight = moved_plane(feather(near, (photo.width_px, photo.height_px)), to_near, *size, beyond=cv2.BORDER_CONSTANT)
    return np.asarray(close * weight + whole * (1.0 - weight), dtype=np.float32)


def _resizing(source: tuple[int, int], target: tuple[int, int]) -> Affine:
    """Px of a (width, height) raster to px of the same raster at another size."""
    across, down = target[0] / source[0], target[1] / source[1]
    return Affine(across, 0.0, (across - 1.0) / 2.0, 0.0, down, (down - 1.0) / 2.0)


def _around(coarse: Plane, part: Part) -> Part | None:
    """The piece of `part` that the person is in, with a margin; None where there is nobody."""
    rows, columns = np.flatnonzero((coarse > 0.02).any(axis=1)), np.flatnonzero((coarse > 0.02).any(axis=0))
    if rows.size == 0:
        return None
    return _piece(columns, coarse.shape[1], part[0].stop), _piece(rows, coarse.shape[0], part[1].stop)


def _piece(found: NDArray[np.intp], raster_px: int, whole_px: int) -> slice:
    ratio = whole_px / raster_px
    return slice(max(0, int((found[0] - 1) * ratio) - 16), min(whole_px, int((found[-1] + 2) * ratio) + 17))
