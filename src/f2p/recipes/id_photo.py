"""One ID photo, from the opened picture to the checked file: the order of things, written once."""

from __future__ import annotations

from dataclasses import dataclass

from f2p.catalogue.standards import conventions
from f2p.engines.suite import Engines
from f2p.errors import BackdropTooSmall, CutOff, FaceTooSmall
from f2p.files.encode import encode
from f2p.recipes.checks import Expected, check_file, doubt_check
from f2p.recipes.study import Reach, Study, picture_corners, study, study_again
from f2p.recipes.subject import Subject, Wanted, find_subject
from f2p.recipes.trace import Trace
from f2p.stages.backdrop import composed, painted, softened
from f2p.stages.doubt import Doubt, doubt_of
from f2p.stages.facemesh import inter_eye_px
from f2p.stages.foreground import unmixed
from f2p.stages.framing import Fit, Frame, fitted, frame_for, height_mm_of, picture_limits, wished
from f2p.stages.light import apply_light
from f2p.stages.matting import refined, without_haze
from f2p.stages.retouch import retouch
from f2p.stages.sharpen import sharpen
from f2p.stages.skin import skin_mask
from f2p.stages.warp import area_mean, covered, mirrored, moved_plane, quarter_turned, samples_for, warped
from f2p.values.geometry import Affine, Head, Placement, Points
from f2p.values.outcome import Check, FinishedFile
from f2p.values.pixels import CutOut, Photo, Plane, Rgb8
from f2p.values.plan import Backdrop, BackdropKind, IdPhotoPlan, Quality, Retouch
from f2p.values.spec import CUSTOM, PhotoSpec

_MOST_ENLARGED = 3.0
"""Beyond this an ID photo would be mostly invented between the pixels."""
_TOLD_ENLARGED = 1.2
_FINE_SIDE_PX = 700
"""Smaller pictures get their edges refined at twice the size and averaged down."""
_CUT_TOLERANCE_PX = 1.5
_TOLD_EXTENDED = 0.005
"""Share of the frame beyond the source from which on it is worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What a recipe made, before the report is written around it."""

    files: tuple[FinishedFile, ...]
    checks: tuple[Check, ...]
    placement: dict[str, object]
    doubt: Doubt | None = None
    """Where the edges are in doubt, over `shown`; None where the backdrop stays, so that no edge shows."""
    shown: Rgb8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Framed:
    """The frame as it was placed: source px to finished px, and the finished raster's own pixels."""

    placement: Placement
    rgb: Rgb8
    mesh: Points
    crown_px: float


def make_id_photo(photo: Photo, plan: IdPhotoPlan, engines: Engines, trace: Trace, exif: bytes = b"") -> Product:
    """The finished file of `plan`; exif: a block to keep. Raises PhotoError and Infeasible kinds; nothing is written anywhere."""
    photo = mirrored(quarter_turned(photo, plan.framing.rotate_deg), plan.framing.mirror)
    subject = find_subject(photo, Wanted(plan.face, plan.select), engines, trace)
    frame = trace.run("frame", _frame, plan)
    seen = study(subject, plan.framing.straighten, _reach(frame), engines, trace)
    framed = _place(subject, frame, seen, plan, trace)
    alpha, doubt = _edges(subject, seen, framed, plan.backdrop, trace)
    if doubt is not None and doubt.high and plan.quality is Quality.BEST:
        seen = study_again(subject, seen, plan.framing.straighten, engines, trace)
        alpha, doubt = _edges(subject, seen, framed, plan.backdrop, trace)
    if plan.backdrop.kind is BackdropKind.KEEP:
        person = CutOut(framed.rgb, alpha)
    else:
        person = trace.run("foreground", unmixed, framed.rgb, alpha)
    before, _ = _compose(person, framed, plan.backdrop)
    person = _finish(person, framed, plan, trace)
    rgb, out_alpha = trace.run("backdrop", _compose, person, framed, plan.backdrop)
    encoded = trace.run("encode", encode, rgb, out_alpha, plan.encoding, _size_mm(plan.spec), exif)
    for note in encoded.notes:
        trace.tell(note.code, note.level, **note.params)
    expected = Expected(before=before, mesh=framed.mesh, frame=frame)
    checks = trace.run("check", check_file, encoded.data, plan, expected, engines)
    checks += doubt_check(doubt, trace)
    _tell_plan(plan, checks, trace)
    return Product(
        files=(FinishedFile(data=encoded.data, suffix=encoded.suffix),),
        checks=checks,
        placement=_placement(framed, subject),
        doubt=doubt,
        shown=rgb,
    )


def _frame(plan: IdPhotoPlan) -> Frame:
    spec = plan.spec
    height_mm = height_mm_of(spec)
    frame = frame_for(spec.head, conventions(), (spec.width_px, spec.height_px), height_mm, plan.framing.zoom)
    return wished(frame, plan.framing, height_mm)


def _size_mm(spec: PhotoSpec) -> tuple[float, float] | None:
    return None if spec.width_mm is None or spec.height_mm is None else (spec.width_mm, spec.height_mm)


def _reach(frame: Frame) -> Reach:
    """Far enough around the eyes for the widest frame that may come out, in eye-to-chin lengths."""
    low = frame.head_px.low or 0.5 * frame.height_px
    height = 2.0 * frame.height_px / low
    return Reach(
        up=max(1.9, height * 0.5), down=max(2.3, height * 0.65), side=max(1.9, 0.55 * height * frame.width_px / frame.height_px)
    )


def _place(subject: Subject, frame: Frame, seen: Study, plan: IdPhotoPlan, trace: Trace) -> _Framed:
    """The frame on the source, the pixels in it. Raises CutOff, FaceTooSmall."""
    if seen.limits.top_share > 0.08:
        raise CutOff(side="top")
    kept = plan.backdrop.kind in (BackdropKind.KEEP, BackdropKind.BLUR)
    corners = seen.matrix.apply(picture_corners(subject.photo.width_px, subject.photo.height_px))
    limits = picture_limits(corners, seen.limits) if kept else seen.limits
    fit = trace.run("frame", fitted, frame, seen.head, plan.spec.head.reference, limits)
    for side, missing in fit.cut_px.items():
        if missing > _CUT_TOLERANCE_PX:
            raise BackdropTooSmall if kept else CutOff(side=side)
    matrix = seen.matrix.then(fit.placement.matrix)
    if matrix.scale > _MOST_ENLARGED:
        have = round(fit.head_px / matrix.scale)
        raise FaceTooSmall(have_px=have, need_px=round(fit.head_px / _MOST_ENLARGED))
    if matrix.scale > _TOLD_ENLARGED:
        trace.tell("enlarged", "warning", factor=round(matrix.scale, 2))
    if plan.framing.straighten and abs(subject.face.roll_deg) >= 1.0:
        trace.tell("tilted", deg=round(subject.face.roll_deg, 1))
    _tell_fit(frame, fit, seen.head, trace)
    placement = Placement(matrix, frame.width_px, frame.height_px)
    rgb = trace.run("frame", warped, subject.photo.rgb, matrix, frame.width_px, frame.height_px)
    top = seen.head.crown_y if plan.spec.head.reference == "hair" else seen.head.skull_y
    crown = fit.placement.matrix.e * top + fit.placement.matrix.f
    return _Framed(placement=placement, rgb=rgb, mesh=matrix.apply(subject.face.mesh), crown_px=crown)


def _tell_fit(frame: Frame, fit: Fit, head: Head, trace: Trace) -> None:
    matrix = fit.placement.matrix
    if matrix.e * head.crown_y + matrix.f < -1.0:
        trace.tell("cut_by_frame", "warning", side="top")
    if matrix.e * head.chin_y + matrix.f > frame.height_px - 1.0:
        trace.tell("cut_by_frame", "warning", side="bottom")
    low, high = frame.head_px.low or 0.0, frame.head_px.high or float(frame.height_px)
    if not low - 0.5 <= fit.head_px <= high + 0.5:
        share = 100.0 / frame.height_px
        wanted = f"{low * share:.0f}-{high * share:.0f} %"
        trace.tell("head_out_of_band", "warning", have=f"{fit.head_px * share:.0f} %", want=wanted)


def _edges(subject: Subject, seen: Study, framed: _Framed, backdrop: Backdrop, trace: Trace) -> tuple[Plane, Doubt | None]:
    """The person's alpha (H, W) in the finished raster, as fine as the source allows, and where it is in doubt."""
    placement, photo = framed.placement, subject.photo
    width, height = placement.width_px, placement.height_px
    fine = 2 if max(width, height) < _FINE_SIDE_PX and backdrop.kind is not BackdropKind.KEEP else 1
    matrix = placement.matrix.then(Affine.scaling(fine))
    rgb = framed.rgb if fine == 1 else trace.run("refine_edges", warped, photo.rgb, matrix, width * fine, height * fine)
    coarse = moved_plane(seen.alpha, seen.matrix.inverse().then(matrix), width * fine, height * fine)
    inside = covered(photo.width_px, photo.height_px, matrix, width * fine, height * fine)
    if not inside.all():
        if backdrop.kind in (BackdropKind.KEEP, BackdropKind.BLUR):
            raise BackdropTooSmall
        if 1.0 - inside.mean() > _TOLD_EXTENDED:
            trace.tell("extended_backdrop")
    edges = trace.run("refine_edges", refined, rgb, coarse)
    alpha = area_mean(trace.run("refine_edges", without_haze, edges.alpha, edges.unsure) * inside, fine)
    if backdrop.kind is BackdropKind.KEEP:
        return alpha, None
    apart = (
        None if seen.apart is None else moved_plane(seen.apart, seen.matrix.inverse().then(matrix), width * fine, height * fine)
    )
    return alpha, trace.run("refine_edges", doubt_of, edges, apart)


def _finish(person: CutOut, framed: _Framed, plan: IdPhotoPlan, trace: Trace) -> CutOut:
    """Light, skin and sharpness on the person alone; each only when asked."""
    if not (plan.light.changes or plan.sharpen or plan.retouch is not Retouch.NONE):
        return person
    iod_px, rgb = inter_eye_px(framed.mesh), person.rgb
    skin = trace.run("skin", skin_mask, framed.rgb, framed.mesh, person.alpha)
    if plan.retouch is not Retouch.NONE:
        rgb = trace.run("retouch", retouch, rgb, skin, iod_px, plan.retouch)
    if plan.light.changes:
        rgb = trace.run("light", apply_light, rgb, person.alpha, skin, plan.light)
    if plan.sharpen:
        rgb = trace.run("sharpen", sharpen, rgb, person.alpha, iod_px, skin)
    return CutOut(rgb, person.alpha)


def _compose(person: CutOut, framed: _Framed, backdrop: Backdrop) -> tuple[Rgb8, Plane | None]:
    """The finished pixels, and their alpha for a transparent picture."""
    if backdrop.kind is BackdropKind.TRANSPARENT:
        return person.rgb, person.alpha
    if backdrop.kind is BackdropKind.KEEP:
        behind = framed.rgb.astype("float32")
    elif backdrop.kind is BackdropKind.BLUR:
        behind = softened(framed.rgb, person.alpha)
    else:
        behind = painted(backdrop, framed.placement.width_px, framed.placement.height_px)
    return composed(person, behind), None


def _tell_plan(plan: IdPhotoPlan, checks: tuple[Check, ...], trace: Trace) -> None:
    """What the person must know about the standard and about wishes left out."""
    edited = plan.retouch is not Retouch.NONE or plan.light.changes or plan.backdrop.kind is not BackdropKind.KEEP
    if plan.spec.editing_rule and edited:
        trace.tell("edit_rule", "warning", standard=plan.spec.id, rule=plan.spec.editing_rule)
    if plan.spec.id != CUSTOM and plan.spec.confidence in ("low", "unconfirmed"):
        trace.tell("standard_unconfirmed", "warning", standard=plan.spec.id)
    for wish in plan.unsupported:
        trace.tell("unsupported", "warning", wish=wish)
    for check in checks:
        if check.name == "identity_distance" and check.ok is False:
            trace.tell("identity", "warning", distance=check.value)


def _placement(framed: _Framed, subject: Subject) -> dict[str, object]:
    matrix = framed.placement.matrix
    return {
        "matrix": [round(value, 9) for value in (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)],
        "samples": samples_for(matrix),
        "scale": round(matrix.scale, 5),
        "source_px": [subject.photo.width_px, subject.photo.height_px],
        "roll_deg": round(subject.face.roll_deg, 2),
        "yaw_deg": round(subject.face.yaw_deg, 1),
        "pitch_deg": round(subject.face.pitch_deg, 1),
        "crown_y_px": round(framed.crown_px, 1),
        "inter_eye_px": round(inter_eye_px(framed.mesh), 1),
    }
