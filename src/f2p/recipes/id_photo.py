"""One ID photo, from the looks of a sitting to the checked file: the order of things, written once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from f2p.catalogue.standards import conventions
from f2p.errors import BackdropMissing, Infeasible, KbOutOfReach
from f2p.files.encode import encode
from f2p.recipes.beauty import groomed
from f2p.recipes.checks import Expected, check_file, doubt_check
from f2p.recipes.posed import Framed, View, is_enlarged, placement_of, posed
from f2p.recipes.sitting import Sitting, sight_of
from f2p.recipes.smaller import smaller
from f2p.recipes.study import Reach
from f2p.recipes.trace import Trace
from f2p.stages.backdrop import composed, covering, painted, rimmed, softened, with_shadow
from f2p.stages.doubt import Doubt
from f2p.stages.facemap import FaceMap
from f2p.stages.facemesh import inter_eye_px
from f2p.stages.framing import Frame, frame_for, height_mm_of, whole_frame, wished
from f2p.stages.light import apply_light
from f2p.stages.retouch import retouch
from f2p.stages.sharpen import sharpen
from f2p.stages.skin import skin_mask
from f2p.values.outcome import Check, FinishedFile
from f2p.values.pixels import CutOut, Plane, Rgb8
from f2p.values.plan import Backdrop, BackdropKind, IdPhotoPlan, Quality, Retouch, against_rule, edits_of, name_of
from f2p.values.spec import CUSTOM

_LONGEST_PX = 10_000
_STAYS = (BackdropKind.KEEP, BackdropKind.BLUR)
"""Backdrops that show the picture's own."""


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
class Beside:
    """What was handed in beside the photo. exif: a block to keep; picture: (H, W, 3) uint8 sRGB to stand behind the person."""

    exif: bytes = b""
    picture: Rgb8 | None = None


def make_id_photo(sitting: Sitting, plan: IdPhotoPlan, trace: Trace, beside: Beside) -> Product:
    """The finished file of `plan`. Raises BackdropMissing, PhotoError and Infeasible kinds; nothing is written anywhere."""
    if plan.backdrop.kind is BackdropKind.IMAGE and beside.picture is None:
        raise BackdropMissing
    plan = _finer(plan) if plan.framing.crop else _uncropped(plan, sitting)
    told = trace.notes
    while True:
        try:
            return _made(sitting, plan, trace, beside)
        except KbOutOfReach as trouble:  # the pixels move last, only where the rule leaves them open, and fewer each time
            plan = smaller(plan, trouble)
        trace.back_to(told)
        trace.tell("made_smaller", "warning", width=plan.spec.width_px, height=plan.spec.height_px)


def _made(sitting: Sitting, plan: IdPhotoPlan, trace: Trace, beside: Beside) -> Product:
    """The photo in the plan's pixels. Raises PhotoError kinds, KbOutOfReach."""
    frame = _frame(plan) if plan.framing.crop else whole_frame(plan.spec)
    pose = posed(_view(plan, frame), sitting, trace)
    before, _ = _compose(pose.plain, pose.plain_rgb, plan.backdrop, beside.picture)
    person = _finish(pose.person, pose.framed, plan, trace)
    rgb, alpha = trace.run("backdrop", _compose, person, pose.framed.rgb, plan.backdrop, beside.picture)
    rim = _border_px(plan)
    rgb, alpha = rimmed(rgb, rim), None if alpha is None else rimmed(alpha, rim)
    encoded = trace.run("encode", encode, rgb, alpha, plan.encoding, _size_mm(plan), beside.exif)
    for note in encoded.notes:
        trace.tell(note.code, note.level, **note.params)
    expected = Expected(before=before, mesh=pose.framed.mesh, frame=frame, alpha=pose.person.alpha, border_px=rim)
    checks = trace.run("check", check_file, encoded.data, plan, expected, sitting.engines)
    checks += doubt_check(pose.doubt, trace)
    _tell_plan(plan, checks, trace)
    _tell_rule(plan, is_enlarged(pose), trace)
    return Product(
        files=(FinishedFile(data=encoded.data, suffix=encoded.suffix, name=name_of(plan)),),
        checks=checks,
        placement=placement_of(pose),
        doubt=pose.doubt,
        shown=rgb,
    )


def _view(plan: IdPhotoPlan, frame: Frame) -> View:
    stays = plan.backdrop.kind if plan.backdrop.kind in _STAYS else None
    return View(
        sight=sight_of(plan, _reach(frame)),
        frame=frame,
        reference=plan.spec.head.reference,
        stays=stays,
        upscale=plan.upscale,
        twice=plan.quality is Quality.BEST,
        whole=not plan.framing.crop,
        tidy=plan.repairs.stray_hair and stays is None,
        forbidden=frozenset({"background", "upscale", "straighten"}) & set(plan.spec.forbidden_edits) - set(plan.allowed_edits),
        rule=(plan.spec.id, plan.spec.editing_rule),
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


def _uncropped(plan: IdPhotoPlan, sitting: Sitting) -> IdPhotoPlan:
    """The plan of the picture as it was taken, not turned: its own pixels, fewer only where the office takes no more."""
    framing = replace(plan.framing, straighten=False)
    photo = sitting.source(sight_of(replace(plan, framing=framing), Reach())).photo
    most = plan.spec.max_px or (photo.width_px, photo.height_px)
    scale = min(1.0, most[0] / photo.width_px, most[1] / photo.height_px)
    width, height = round(photo.width_px * scale), round(photo.height_px * scale)
    return replace(
        plan, framing=framing, spec=replace(plan.spec, width_px=width, height_px=height, width_mm=None, height_mm=None)
    )


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


def _finish(person: CutOut, framed: Framed, plan: IdPhotoPlan, trace: Trace) -> CutOut:
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


def _compose(person: CutOut, own: Rgb8, backdrop: Backdrop, picture: Rgb8 | None) -> tuple[Rgb8, Plane | None]:
    """The finished pixels, and their alpha for a transparent picture. own: the photo's pixels there."""
    height, width = own.shape[:2]
    if backdrop.kind is BackdropKind.TRANSPARENT:
        return person.rgb, person.alpha
    if backdrop.kind is BackdropKind.KEEP:
        behind = own.astype("float32")
    elif backdrop.kind is BackdropKind.BLUR:
        behind = softened(own, person.alpha)
    elif backdrop.kind is BackdropKind.IMAGE and picture is not None:
        behind = covering(picture, width, height, soft=backdrop.soften)
    elif backdrop.kind is BackdropKind.STUDIO:
        behind = with_shadow(painted(backdrop, width, height), person.alpha)
    else:
        behind = painted(backdrop, width, height)
    return composed(person, behind), None


def _tell_plan(plan: IdPhotoPlan, checks: tuple[Check, ...], trace: Trace) -> None:
    """What the person must know about the standard and about wishes left out."""
    if plan.spec.id != CUSTOM and plan.spec.confidence in ("low", "unconfirmed"):
        trace.tell("standard_unconfirmed", "warning", standard=plan.spec.id)
    for wish in plan.unsupported:
        trace.tell("unsupported", "warning", wish=wish)
    for check in checks:
        if check.name == "identity_distance" and check.ok is False:
            trace.tell("identity", "warning", distance=check.value)


def _tell_rule(plan: IdPhotoPlan, enlarged: bool, trace: Trace) -> None:
    """What the document's authority says about editing: kept, broken because that was wished, or for the person to judge."""
    spec, broken = plan.spec, [edit for edit in against_rule(plan) if edit != "upscale" or enlarged]
    rule = {"standard": spec.id, "rule": spec.editing_rule}
    if broken:
        trace.tell("against_rule", "warning", **rule, edits=",".join(broken))
    if "background" in spec.forbidden_edits and plan.backdrop.kind is BackdropKind.KEEP and spec.backgrounds:
        trace.tell("wall_wanted", "warning", standard=spec.id)
    if broken:
        return
    if spec.forbidden_edits and not set(edits_of(plan)) - {"crop"} and "straighten" not in spec.forbidden_edits:
        trace.tell("format_only", **rule)
    elif spec.forbidden_edits:
        trace.tell("rule_kept", **rule, edits=",".join(spec.forbidden_edits))
    elif spec.editing_rule and (plan.edits_person or plan.backdrop.kind is not BackdropKind.KEEP):
        trace.tell("edit_rule", "warning", **rule)
