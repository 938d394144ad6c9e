"""One ID photo, from the opened picture to the checked file: the order of things, written once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from f2p.catalogue.standards import conventions
from f2p.engines.suite import Engines
from f2p.errors import BackdropMissing, BackdropTooSmall, CutOff, FaceTooSmall, Infeasible
from f2p.files.encode import encode
from f2p.recipes.beauty import groomed, tidied
from f2p.recipes.checks import Expected, check_file, doubt_check
from f2p.recipes.study import Reach, Study, picture_corners, study, study_again
from f2p.recipes.subject import Subject, Wanted, find_subject
from f2p.recipes.trace import Trace
from f2p.stages.backdrop import composed, covering, painted, rimmed, softened, with_shadow
from f2p.stages.denoise import CLEAN, denoised, noise_of, steadied
from f2p.stages.doubt import Doubt, doubt_of
from f2p.stages.facemap import FaceMap
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
from f2p.values.spec import CUSTOM

_MOST_ENLARGED, _MOST_ASKED = 3.0, 4.0
"""Beyond this an ID photo would be mostly invented between the pixels; the second where more pixels were asked for."""
_LONGEST_PX = 10_000
_MOST_CLEANED = 3 * 3_000_000
"""Values up to which the source itself is cleaned of noise, so that the person is cut out of a clean picture. Larger ones are
cleaned in the finished raster: bringing them down to it has averaged most of the noise away, and cleaning them takes 1 s a MP.
"""
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
    larger: bool
    """Enlarged because that was asked: with Lanczos' kernel and gently sharpened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What was handed in beside the photo. exif: a block to keep; picture: (H, W, 3) uint8 sRGB to stand behind the person."""

    exif: bytes = b""
    picture: Rgb8 | None = None


def make_id_photo(photo: Photo, plan: IdPhotoPlan, engines: Engines, trace: Trace, beside: Beside) -> Product:
    """The finished file of `plan`. Raises BackdropMissing, PhotoError and Infeasible kinds; nothing is written anywhere."""
    if plan.backdrop.kind is BackdropKind.IMAGE and beside.picture is None:
        raise BackdropMissing
    plan = _finer(plan)
    photo = mirrored(quarter_turned(photo, plan.framing.rotate_deg), plan.framing.mirror)
    subject = find_subject(photo, Wanted(plan.face, plan.select), engines, trace)
    frame = trace.run("frame", _frame, plan)
    source = subject.photo.rgb
    if plan.denoise and source.size <= _MOST_CLEANED:
        subject = replace(subject, photo=replace(subject.photo, rgb=_cleaned(source, trace)))
    seen = study(subject, plan.framing.straighten, _reach(frame), engines, trace)
    framed = _place(subject, frame, seen, plan, trace)
    alpha, doubt = _edges(subject, seen, framed, plan.backdrop, trace)
    if doubt is not None and doubt.high and plan.quality is Quality.BEST:
        seen = study_again(subject, seen, plan.framing.straighten, engines, trace)
        alpha, doubt = _edges(subject, seen, framed, plan.backdrop, trace)
    if plan.repairs.stray_hair and plan.backdrop.kind not in (BackdropKind.KEEP, BackdropKind.BLUR):
        alpha = tidied(alpha, inter_eye_px(framed.mesh), trace)
    unedited = framed
    if plan.denoise:
        unedited = replace(framed, rgb=trace.run("frame", _moved, source, framed))
        framed = framed if source.size <= _MOST_CLEANED else replace(framed, rgb=_cleaned(framed.rgb, trace))
    before, _ = _compose(_person(unedited, alpha, plan.backdrop, trace), unedited, plan.backdrop, beside.picture)
    person = _person(framed, alpha, plan.backdrop, trace)
    person = _finish(person, framed, plan, trace)
    rgb, out_alpha = trace.run("backdrop", _compose, person, framed, plan.backdrop, beside.picture)
    rim = _border_px(plan)
    rgb, out_alpha = rimmed(rgb, rim), None if out_alpha is None else rimmed(out_alpha, rim)
    encoded = trace.run("encode", encode, rgb, out_alpha, plan.encoding, _size_mm(plan), beside.exif)
    for note in encoded.notes:
        trace.tell(note.code, note.level, **note.params)
    expected = Expected(before=before, mesh=framed.mesh, frame=frame, alpha=alpha, border_px=rim)
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


def _finer(plan: IdPhotoPlan) -> IdPhotoPlan:
    """The plan with its enlargement carried out on the numbers: more pixels, the same print."""
    if plan.upscale == 1:
        return plan
    spec, times = plan.spec, plan.upscale
    spec = replace(spec, width_px=spec.width_px * times, height_px=spec.height_px * times, dpi=spec.dpi * times)
    if max(spec.width_px, spec.height_px) > _LONGEST_PX:
        raise Infeasible(what="side_px", best=_LONGEST_PX)
    return replace(plan, spec=spec, encoding=replace(plan.encoding, dpi=plan.encoding.dpi * times))


def _border_px(plan: IdPhotoPlan) -> int:
    return round(plan.border_mm * plan.spec.height_px / height_mm_of(plan.spec))


def _size_mm(plan: IdPhotoPlan) -> tuple[float, float] | None:
    """Of the print with its rim."""
    width, height = plan.spec.width_mm, plan.spec.height_mm
    return None if width is None or height is None else (width + 2 * plan.border_mm, height + 2 * plan.border_mm)


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
    _tell_scale(matrix.scale, fit.head_px, plan, trace)
    if plan.framing.straighten and abs(subject.face.roll_deg) >= 1.0:
        trace.tell("tilted", deg=round(subject.face.roll_deg, 1))
    _tell_fit(frame, fit, seen.head, trace)
    placement = Placement(matrix, frame.width_px, frame.height_px)
    larger = plan.upscale > 1 and matrix.scale > 1.0
    rgb = trace.run("frame", warped, subject.photo.rgb, matrix, frame.width_px, frame.height_px, lanczos=larger)
    top = seen.head.crown_y if plan.spec.head.reference == "hair" else seen.head.skull_y
    crown = fit.placement.matrix.e * top + fit.placement.matrix.f
    return _Framed(placement=placement, rgb=rgb, mesh=matrix.apply(subject.face.mesh), crown_px=crown, larger=larger)


def _tell_scale(scale: float, head_px: float, plan: IdPhotoPlan, trace: Trace) -> None:
    """What the enlargement means for the details. Raises FaceTooSmall."""
    most = _MOST_ENLARGED if plan.upscale == 1 else _MOST_ASKED
    if scale > most:
        raise FaceTooSmall(have_px=round(head_px / scale), need_px=round(head_px / most))
    if plan.upscale > 1:
        width, height = plan.spec.width_px, plan.spec.height_px
        if scale > 1.0:
            trace.tell("upscaled", "warning", factor=round(scale, 2), width=width, height=height)
        else:
            trace.tell("upscale_enough", width=width, height=height)
    elif scale > _TOLD_ENLARGED:
        trace.tell("enlarged", "warning", factor=round(scale, 2))


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
    edges = trace.run("refine_edges", refined, trace.run("refine_edges", steadied, rgb), coarse)
    alpha = area_mean(trace.run("refine_edges", without_haze, edges.alpha, edges.unsure) * inside, fine)
    if backdrop.kind is BackdropKind.KEEP:
        return alpha, None
    apart = (
        None if seen.apart is None else moved_plane(seen.apart, seen.matrix.inverse().then(matrix), width * fine, height * fine)
    )
    return alpha, trace.run("refine_edges", doubt_of, edges, apart)


def _person(framed: _Framed, alpha: Plane, backdrop: Backdrop, trace: Trace) -> CutOut:
    """The person's own colours; before the picture's own backdrop they are the picture's."""
    if backdrop.kind is BackdropKind.KEEP:
        return CutOut(framed.rgb, alpha)
    return trace.run("foreground", unmixed, framed.rgb, alpha)


def _cleaned(rgb: Rgb8, trace: Trace) -> Rgb8:
    """The picture without noise: all of it, as a backdrop that stays is as noisy as the person."""
    noise = trace.run("denoise", noise_of, rgb)
    trace.tell("denoise_clean" if noise < CLEAN else "denoised", noise=round(noise, 1))
    return trace.run("denoise", denoised, rgb, noise)


def _moved(source: Rgb8, framed: _Framed) -> Rgb8:
    """The source's pixels in the finished raster."""
    place = framed.placement
    return warped(source, place.matrix, place.width_px, place.height_px, lanczos=framed.larger)


def _finish(person: CutOut, framed: _Framed, plan: IdPhotoPlan, trace: Trace) -> CutOut:
    """Light, skin and sharpness on the person alone; each only when asked."""
    crisper = plan.sharpen or framed.larger
    if not (plan.edits_person or crisper):
        return person
    iod_px, rgb = inter_eye_px(framed.mesh), person.rgb
    skin = trace.run("skin", skin_mask, framed.rgb, framed.mesh, person.alpha)
    if plan.beauty.changes or plan.repairs.changes:
        rgb = groomed(rgb, FaceMap(mesh=framed.mesh, alpha=person.alpha, skin=skin), plan.beauty, plan.repairs, trace)
    if plan.retouch is not Retouch.NONE:
        rgb = trace.run("retouch", retouch, rgb, skin, iod_px, plan.retouch)
    if plan.light.changes:
        rgb = trace.run("light", apply_light, rgb, person.alpha, skin, plan.light, framed.rgb)
    if crisper:
        rgb = trace.run("sharpen", sharpen, rgb, person.alpha, iod_px, skin)
    return CutOut(rgb, person.alpha)


def _compose(person: CutOut, framed: _Framed, backdrop: Backdrop, picture: Rgb8 | None) -> tuple[Rgb8, Plane | None]:
    """The finished pixels, and their alpha for a transparent picture."""
    width, height = framed.placement.width_px, framed.placement.height_px
    if backdrop.kind is BackdropKind.TRANSPARENT:
        return person.rgb, person.alpha
    if backdrop.kind is BackdropKind.KEEP:
        behind = framed.rgb.astype("float32")
    elif backdrop.kind is BackdropKind.BLUR:
        behind = softened(framed.rgb, person.alpha)
    elif backdrop.kind is BackdropKind.IMAGE and picture is not None:
        behind = covering(picture, width, height, soft=backdrop.soften)
    elif backdrop.kind is BackdropKind.STUDIO:
        behind = with_shadow(painted(backdrop, width, height), person.alpha)
    else:
        behind = painted(backdrop, width, height)
    return composed(person, behind), None


def _tell_plan(plan: IdPhotoPlan, checks: tuple[Check, ...], trace: Trace) -> None:
    """What the person must know about the standard and about wishes left out."""
    edited = plan.edits_person or plan.backdrop.kind is not BackdropKind.KEEP
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
        "kernel": "lanczos4" if framed.larger else "bicubic",
        "scale": round(matrix.scale, 5),
        "source_px": [subject.photo.width_px, subject.photo.height_px],
        "roll_deg": round(subject.face.roll_deg, 2),
        "yaw_deg": round(subject.face.yaw_deg, 1),
        "pitch_deg": round(subject.face.pitch_deg, 1),
        "crown_y_px": round(framed.crown_px, 1),
        "inter_eye_px": round(inter_eye_px(framed.mesh), 1),
    }
