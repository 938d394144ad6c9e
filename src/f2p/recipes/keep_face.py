"""A picture made from a photo, and the photo's own person back in it: align, match, lay over, prove."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from f2p.catalogue.generation import facts
from f2p.engines.suite import Engines
from f2p.errors import FaceMoved, OutputWrong
from f2p.recipes.matte import Cut, cut_out
from f2p.recipes.subject import Subject
from f2p.recipes.trace import Trace
from f2p.stages.alignment import Residual, aligned_to, residual
from f2p.stages.canvas import Canvas
from f2p.stages.facemesh import five_points
from f2p.stages.keeping import Core, Kept, face_core, kept, whole_core
from f2p.stages.warp import warped
from f2p.values.generation import KeepFace
from f2p.values.geometry import FaceBox
from f2p.values.outcome import Check
from f2p.values.pixels import Photo, Plane, Rgb8
from f2p.values.plan import MattePlan


@dataclass(frozen=True, slots=True)
class Person:
    """Who must stay: the photo, the face in it, the alpha over it, and the core that is copied back."""

    subject: Subject
    alpha: Plane
    core: Core


@dataclass(frozen=True, slots=True)
class Tried:
    """One made picture laid on the photo. kept: None where it had moved too far."""

    residual: Residual
    kept: Kept | None


def person_of(subject: Subject, keep: KeepFace, face: int | None, engines: Engines, trace: Trace) -> Person:
    """The person's alpha and core in the photo. Raises NoFace kinds."""
    alpha = alpha_of(subject.photo, face, engines, trace)
    core = whole_core(alpha) if keep is KeepFace.PERSON else face_core(alpha, subject.face.mesh)
    return Person(subject, alpha, core)


def alpha_of(photo: Photo, face: int | None, engines: Engines, trace: Trace) -> Plane:
    """(H, W) float32 0..1 of the person over the whole photo."""
    return plane_of(cut_out(photo, MattePlan(face=face), engines, trace), photo.rgb.shape)


def plane_of(cut: Cut, shape: tuple[int, ...]) -> Plane:
    """A cut's alpha over the whole picture, nothing elsewhere."""
    alpha = np.zeros(shape[:2], np.float32)
    columns, rows = cut.part
    alpha[rows, columns] = cut.edges.alpha
    return alpha


def with_own_person(made: Rgb8, canvas: Canvas, person: Person, trace: Trace) -> Tried:
    """`made` (of the canvas) in the photo's raster with the photo's person on it, where it can be laid on within the limit."""
    photo = person.subject.photo.rgb
    height, width = photo.shape[:2]
    move = trace.run("align", aligned_to, photo, made, person.core.weight, canvas.matrix.inverse())
    if move is None:
        return Tried(Residual(float("inf"), float("inf"), 0), None)
    laid = trace.run("align", warped, made, move, width, height, lanczos=True)
    left = trace.run("align", residual, photo, laid, person.core.weight)
    if left.worst_px > facts()["identity"]["most_shift_px"]:
        return Tried(left, None)
    done = trace.run("keep_face", kept, photo, laid, person.core, alpha=person.alpha)
    if done.core_difference:
        raise OutputWrong(what="core_difference")
    return Tried(left, done)


def moved_too_far(tried: list[Tried]) -> FaceMoved:
    """The error for pictures none of which lies on the photo."""
    best = min(one.residual.worst_px for one in tried)
    most = facts()["identity"]["most_shift_px"]
    return FaceMoved(px=round(min(best, 999.0), 1), most=most, tries=len(tried))


def keeping_checks(tried: Tried) -> tuple[Check, ...]:
    """What was proved about a composite."""
    assert tried.kept is not None
    most = facts()["identity"]["most_shift_px"]
    return (
        Check(name="core_difference", value=tried.kept.core_difference, wanted="0", ok=tried.kept.core_difference == 0),
        Check(
            name="face_shift_px", value=round(tried.residual.worst_px, 2), wanted=f"<= {most}",
            ok=tried.residual.worst_px <= most, unit="px",
        ),
        Check(name="seam_error", value=tried.kept.seam),
    )  # fmt: skip


def identity_of(rgb: Rgb8, engines: Engines) -> NDArray[np.float32] | None:
    """The direction of the largest face; None where there is none."""
    boxes = engines.detector.find(rgb)
    if not boxes:
        return None
    box: FaceBox = max(boxes, key=lambda one: one.box.area)
    face = engines.mesher.measure(rgb, box)
    return engines.identifier.embed(rgb, five_points(face.mesh))
