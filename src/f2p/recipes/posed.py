"""The frame on the photo and the person cut out in it: from the looks of a sitting to the finished raster."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from f2p.errors import BackdropMustStay, BackdropTooSmall, CutOff, EnlargingForbidden, FaceTooSmall, PhotoError
from f2p.recipes.beauty import tidied
from f2p.recipes.sitting import Sight, Sitting, cleaned, is_cleaned_whole
from f2p.recipes.study import Study, picture_corners
from f2p.recipes.subject import Subject
from f2p.recipes.trace import Trace
from f2p.stages.denoise import steadied
from f2p.stages.doubt import Doubt, doubt_of
from f2p.stages.facemesh import inter_eye_px
from f2p.stages.foreground import unmixed
from f2p.stages.framing import Fit, Frame, fitted, picture_limits
from f2p.stages.matting import refined, without_haze
from f2p.stages.warp import area_mean, covered, moved_plane, samples_for, warped
from f2p.values.geometry import Affine, Head, Placement, Points
from f2p.values.pixels import CutOut, Plane, Rgb8
from f2p.values.plan import BackdropKind

_MOST_ENLARGED, _MOST_ASKED = 3.0, 4.0
"""Beyond this an ID photo would be mostly invented between the pixels; the second where more pixels were asked for."""
_TILT_DEG = (0.5, 5.0)
"""Tilts that may be left where straightening would cost the frame: ISO/IEC 39794-5 allows 8."""
_TOLD_TILT_DEG = 2.0
_TOLD_ENLARGED = 1.2
_ENLARGED = 1.005
"""Where a rule forbids enlarging: beyond the rounding of a frame to whole pixels."""
_FINE_SIDE_PX = 700
"""Smaller pictures get their edges refined at twice the size and averaged down."""
_CUT_TOLERANCE_PX = 1.5
_TOLD_EXTENDED = 0.005
"""Share of the frame beyond the source from which on it is worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of a plan decides where the frame lies and what is cut out in it; papers of one view differ in what is done then."""

    sight: Sight
    frame: Frame
    reference: str
    """"hair" or "skull": the top the standard measures from."""
    stays: BackdropKind | None
    """KEEP or BLUR where the picture's own backdrop is seen, else None."""
    upscale: int
    twice: bool
    """Whether edges in doubt are looked at a second time."""
    whole: bool
    """The whole picture instead of a frame around the head."""
    tidy: bool
    """Whether flyaway strands are thinned."""
    forbidden: frozenset[str]
    """Of "background", "upscale" and "straighten", what the authority forbids and nobody allowed."""
    rule: tuple[str, str] = field(compare=False)
    """The standard's id and its authority's words, for what is told; the same picture whatever they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """The frame as it was placed: source px to finished px, and the finished raster's own pixels."""

    placement: Placement
    rgb: Rgb8
    mesh: Points
    crown_px: float
    larger: bool
    """Enlarged because that was asked: with Lanczos' kernel and gently sharpened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """The person in the finished raster, before anything is done to them. rgb, plain: (H, W, 3) uint8 sRGB."""

    subject: Subject
    framed: Framed
    person: CutOut
    doubt: Doubt | None
    """Where the edges are in doubt; None where the backdrop stays, so that no edge shows."""
    plain: CutOut
    """The person with the source's noise; `person` itself where none was taken out."""
    plain_rgb: Rgb8


def posed(view: View, sitting: Sitting, trace: Trace) -> Posed:
    """The person as this view shows them, looked at once. Raises PhotoError kinds."""
    return sitting.once(("posed", view), lambda own: _posed(view, sitting, own), trace)


def _posed(view: View, sitting: Sitting, trace: Trace) -> Posed:
    subject, source = sitting.subject(view.sight, trace), sitting.source(view.sight).photo.rgb
    seen = sitting.study(view.sight, trace)
    if view.stays is not None and _better_tilted(subject, seen, view, trace):
        view = replace(view, sight=replace(view.sight, straighten=False))
        seen = sitting.study(view.sight, trace)
    framed = _place(subject, seen, view, trace)
    alpha, doubt = _edges(subject, seen, framed, view, trace)
    if doubt is not None and doubt.high and view.twice:
        seen = sitting.study(view.sight, trace, again=True)
        alpha, doubt = _edges(subject, seen, framed, view, trace)
    if view.tidy:
        alpha = tidied(alpha, inter_eye_px(framed.mesh), trace)
    plain_rgb = framed.rgb
    if view.sight.clean:
        plain_rgb = trace.run("frame", _moved, source, framed)
        framed = framed if is_cleaned_whole(source) else replace(framed, rgb=cleaned(framed.rgb, trace))
    person = _person(framed.rgb, alpha, view, trace)
    plain = person if framed.rgb is plain_rgb else _person(plain_rgb, alpha, view, trace)
    return Posed(subject=subject, framed=framed, person=person, doubt=doubt, plain=plain, plain_rgb=plain_rgb)


def _place(subject: Subject, seen: Study, view: View, trace: Trace) -> Framed:
    """The frame on the source, the pixels in it. Raises CutOff, FaceTooSmall."""
    if view.whole:
        return _whole(subject, seen, view, trace)
    if seen.limits.top_share > 0.08:
        raise CutOff(side="top")
    frame, kept = view.frame, view.stays is not None
    fit = _fit(subject, seen, view, trace)
    cut = {side: missing for side, missing in fit.cut_px.items() if missing > _CUT_TOLERANCE_PX}
    if cut:
        most = max(cut, key=lambda side: cut[side])
        raise _no_room(view, most, cut[most]) if kept else CutOff(side=next(iter(cut)))
    matrix = seen.matrix.then(fit.placement.matrix)
    _tell_scale(matrix.scale, fit.head_px, view, trace)
    if view.sight.straighten and abs(subject.face.roll_deg) >= 1.0:
        trace.tell("tilted", deg=round(subject.face.roll_deg, 1))
    _tell_kept_tilt(subject, view, trace)
    _tell_fit(frame, fit, seen.head, trace)
    placement = Placement(matrix, frame.width_px, frame.height_px)
    larger = view.upscale > 1 and matrix.scale > 1.0
    rgb = trace.run("frame", warped, subject.photo.rgb, matrix, frame.width_px, frame.height_px, lanczos=larger)
    top = seen.head.crown_y if view.reference == "hair" else seen.head.skull_y
    crown = fit.placement.matrix.e * top + fit.placement.matrix.f
    return Framed(placement=placement, rgb=rgb, mesh=matrix.apply(subject.face.mesh), crown_px=crown, larger=larger)


def _fit(subject: Subject, seen: Study, view: View, trace: Trace) -> Fit:
    """The best place of the frame on this look; a backdrop that stays ends with the picture."""
    corners = seen.matrix.apply(picture_corners(subject.photo.width_px, subject.photo.height_px))
    height, width = seen.alpha.shape
    limits = seen.limits if view.stays is None else picture_limits(corners, seen.limits, (width, height))
    return trace.run("frame", fitted, view.frame, seen.head, view.reference, limits)


def _better_tilted(subject: Subject, seen: Study, view: View, trace: Trace) -> bool:
    """Whether a slight tilt is left, and told: turned straight the frame would reach beyond the picture, whose backdrop stays."""
    tilt = abs(subject.face.roll_deg)
    if view.whole or not view.sight.straighten or not _TILT_DEG[0] <= tilt <= _TILT_DEG[1]:
        return False
    if max(_fit(subject, seen, view, trace).cut_px.values()) <= _CUT_TOLERANCE_PX:
        return False
    trace.tell("left_tilted", "warning", deg=round(subject.face.roll_deg, 1))
    return True


def _whole(subject: Subject, seen: Study, view: View, trace: Trace) -> Framed:
    """The whole picture, scaled to the frame's size and not turned."""
    photo, frame = subject.photo, view.frame
    across, down = frame.width_px / photo.width_px, frame.height_px / photo.height_px
    matrix = Affine(across, 0.0, (across - 1.0) / 2.0, 0.0, down, (down - 1.0) / 2.0)
    rgb = trace.run("frame", warped, photo.rgb, matrix, frame.width_px, frame.height_px)
    crown = float(matrix.apply(seen.matrix.inverse().apply(np.array([[seen.head.axis_x, seen.head.crown_y]], np.float32)))[0, 1])
    placement = Placement(matrix, frame.width_px, frame.height_px)
    return Framed(placement=placement, rgb=rgb, mesh=matrix.apply(subject.face.mesh), crown_px=crown, larger=False)


def _no_room(view: View, side: str, missing_px: float) -> PhotoError:
    """Why the frame reaches beyond the picture's own backdrop: that was wished, or the authority wants it; how far, and where."""
    standard, rule = view.rule
    whole = view.frame.height_px if side in {"top", "bottom"} else view.frame.width_px
    missing = math.ceil(100.0 * missing_px / whole)
    if "background" in view.forbidden:
        return BackdropMustStay(standard=standard, rule=rule, side=side, missing=missing)
    return BackdropTooSmall(side=side, missing=missing)


def _uncovered(inside: NDArray[np.bool_], fine: int) -> tuple[str, float]:
    """The side of the frame at which most of the source is missing, and how far it is missing there, in finished px."""
    gaps = {"top": ~inside, "bottom": ~inside[::-1], "left": ~inside.T, "right": ~inside.T[::-1]}
    far = {side: float(np.cumprod(gap, axis=0).sum(axis=0).max()) for side, gap in gaps.items()}
    far = {side: pixels if pixels < gaps[side].shape[0] else 0.0 for side, pixels in far.items()}
    side = max(far, key=lambda one: far[one])
    return side, far[side] / fine


def _tell_scale(scale: float, head_px: float, view: View, trace: Trace) -> None:
    """What the enlargement means for the details. Raises EnlargingForbidden, FaceTooSmall."""
    if scale > _ENLARGED and "upscale" in view.forbidden:
        standard, rule = view.rule
        raise EnlargingForbidden(standard=standard, rule=rule, factor=math.ceil(100 * scale) / 100)
    most = _MOST_ENLARGED if view.upscale == 1 else _MOST_ASKED
    if scale > most:
        raise FaceTooSmall(have_px=round(head_px / scale), need_px=round(head_px / most))
    if view.upscale > 1:
        width, height = view.frame.width_px, view.frame.height_px
        if scale > 1.0:
            trace.tell("upscaled", "warning", factor=round(scale, 2), width=width, height=height)
        else:
            trace.tell("upscale_enough", width=width, height=height)
    elif scale > _TOLD_ENLARGED:
        trace.tell("enlarged", "warning", factor=round(scale, 2))


def _tell_kept_tilt(subject: Subject, view: View, trace: Trace) -> None:
    """That a tilted head stays as it is because the authority forbids turning the picture."""
    if "straighten" in view.forbidden and abs(subject.face.roll_deg) >= _TOLD_TILT_DEG:
        trace.tell("kept_tilted", "warning", deg=round(subject.face.roll_deg, 1), standard=view.rule[0])


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


def _edges(subject: Subject, seen: Study, framed: Framed, view: View, trace: Trace) -> tuple[Plane, Doubt | None]:
    """The person's alpha (H, W) in the finished raster, as fine as the source allows, and where it is in doubt."""
    placement, photo = framed.placement, subject.photo
    width, height = placement.width_px, placement.height_px
    fine = 2 if max(width, height) < _FINE_SIDE_PX and view.stays is not BackdropKind.KEEP else 1
    matrix = placement.matrix.then(Affine.scaling(fine))
    rgb = framed.rgb if fine == 1 else trace.run("refine_edges", warped, photo.rgb, matrix, width * fine, height * fine)
    coarse = moved_plane(seen.alpha, seen.matrix.inverse().then(matrix), width * fine, height * fine)
    inside = covered(photo.width_px, photo.height_px, matrix, width * fine, height * fine)
    if not inside.all():
        if view.stays is not None:
            raise _no_room(view, *_uncovered(inside, fine))
        if 1.0 - inside.mean() > _TOLD_EXTENDED:
            trace.tell("extended_backdrop")
    edges = trace.run("refine_edges", refined, trace.run("refine_edges", steadied, rgb), coarse)
    alpha = area_mean(trace.run("refine_edges", without_haze, edges.alpha, edges.unsure) * inside, fine)
    if view.stays is BackdropKind.KEEP:
        return alpha, None
    apart = (
        None if seen.apart is None else moved_plane(seen.apart, seen.matrix.inverse().then(matrix), width * fine, height * fine)
    )
    return alpha, trace.run("refine_edges", doubt_of, edges, apart)


def _person(rgb: Rgb8, alpha: Plane, view: View, trace: Trace) -> CutOut:
    """The person's own colours; before the picture's own backdrop they are the picture's."""
    if view.stays is BackdropKind.KEEP:
        return CutOut(rgb, alpha)
    return trace.run("foreground", unmixed, rgb, alpha)


def _moved(source: Rgb8, framed: Framed) -> Rgb8:
    """The source's pixels in the finished raster."""
    place = framed.placement
    return warped(source, place.matrix, place.width_px, place.height_px, lanczos=framed.larger)


def is_enlarged(pose: Posed) -> bool:
    """Whether the finished photo has more pixels than were taken."""
    return pose.framed.placement.matrix.scale > _ENLARGED


def placement_of(posed: Posed) -> dict[str, object]:
    """The geometry for the report, so that anyone can repeat it."""
    framed, subject = posed.framed, posed.subject
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
