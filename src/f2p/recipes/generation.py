"""Pictures from words and photos, from the plan to labelled files: the order of things, written once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from f2p.catalogue.generation import facts
from f2p.engines.generative.lane import Drawn
from f2p.engines.suite import Engines
from f2p.errors import FaceDiffers, NoFace, OutputWrong
from f2p.files.generated import MADE, MIXED, encode_generated, source_type
from f2p.recipes.id_photo import Product
from f2p.recipes.keep_face import (
    Person,
    Tried,
    alpha_of,
    identity_of,
    keeping_checks,
    moved_too_far,
    person_of,
    plane_of,
    with_own_person,
)  # fmt: skip
from f2p.recipes.matte import cut_out
from f2p.recipes.subject import Wanted, find_subject
from f2p.recipes.trace import Trace
from f2p.stages.backdrop import composed, covering
from f2p.stages.canvas import Canvas, canvas_for, off_canvas, on_canvas
from f2p.stages.face_crop import face_crop
from f2p.stages.foreground import unmixed
from f2p.stages.plain_cut import cut_from_plain, rim_is_plain
from f2p.values.generation import GenerationPlan, KeepFace, Mode
from f2p.values.outcome import Check, FinishedFile
from f2p.values.pixels import CutOut, Photo, Plane, Rgb8, Source
from f2p.values.plan import MattePlan
from f2p.values.sampling import Draw, Prompt

_STEP_PX = 16
_ALONE = "isolated on a plain pure white background"
_EMPTY = "an empty scene without people"
_NOBODY = "person, people, face, portrait"


@dataclass(frozen=True, slots=True)
class Made:
    """One picture before it is a file. kind: how much of it a model drew; checks: what was proved about it."""

    rgb: Rgb8
    alpha: Plane | None
    kind: str
    checks: tuple[Check, ...] = ()


def generated(photo: Photo | None, plan: GenerationPlan, engines: Engines, trace: Trace) -> list[Product]:
    """A product for each picture of the plan. photo: None for words alone. Raises PhotoError, SetupError, ServiceError kinds."""
    if plan.mode is Mode.TEXT or photo is None:
        made = _from_words(plan, engines, trace)
    elif plan.mode is Mode.PORTRAIT:
        made = _portraits(photo, plan, engines, trace)
    elif plan.mode is Mode.BACKGROUND:
        made = _backgrounds(photo, plan, engines, trace)
    else:
        made = _edits(photo, plan, engines, trace)
    trace.tell("generated", kind=plan.mode.value)
    return [_finished(one, number, plan, engines, trace) for number, one in enumerate(made)]


def _from_words(plan: GenerationPlan, engines: Engines, trace: Trace) -> list[Made]:
    words = f"{plan.prompt}, {_ALONE}" if plan.transparent else plan.prompt
    width, height = draw_size(plan.width_px, plan.height_px)
    drawn = _draw(plan, Prompt(text=words, negative=plan.negative), (width, height, _seeds(plan)), engines, trace)
    return [Made(_to_size(one, plan.width_px, plan.height_px), None, MADE) for one in drawn.pictures]


def _edits(photo: Photo, plan: GenerationPlan, engines: Engines, trace: Trace) -> list[Made]:
    """The photo changed as the sentence says, in its own raster; what is to be kept is the photo's own."""
    canvas = canvas_for(photo.width_px, photo.height_px, facts()["limits"]["work_area_px"])
    reference = trace.run("canvas", on_canvas, photo.rgb, canvas)
    prompt = Prompt(text=plan.prompt, negative=plan.negative, reference=reference)
    if plan.keep is KeepFace.NONE:
        drawn = _draw(plan, prompt, (canvas.width_px, canvas.height_px, _seeds(plan)), engines, trace)
        return [Made(off_canvas(one, canvas, photo.width_px, photo.height_px), None, MADE) for one in drawn.pictures]
    subject = find_subject(photo, Wanted(plan.face, plan.select), engines, trace, turn=False)
    person = person_of(subject, plan.keep, plan.face, engines, trace)
    return [_kept_edit((person, canvas, prompt, number), plan, engines, trace) for number in range(plan.count)]


def _kept_edit(work: tuple[Person, Canvas, Prompt, int], plan: GenerationPlan, engines: Engines, trace: Trace) -> Made:
    """One edit with the photo's face: other seeds are tried while the picture does not lie on the photo. Raises FaceMoved."""
    person, canvas, prompt, number = work
    tried: list[Tried] = []
    for again in range(max(1, plan.best_of)):
        seed = plan.seed + number + again * plan.count
        drawn = _draw(plan, prompt, (canvas.width_px, canvas.height_px, (seed,)), engines, trace)
        tried.append(with_own_person(drawn.pictures[0], canvas, person, trace))
        last = tried[-1].kept
        if last is not None:
            trace.tell("face_kept", seed=seed, tries=len(tried))
            return Made(last.rgb, None, MIXED, keeping_checks(tried[-1]))
    raise moved_too_far(tried)


def _portraits(photo: Photo, plan: GenerationPlan, engines: Engines, trace: Trace) -> list[Made]:
    """New portraits of the photo's face: for each, the best of so many by likeness. Raises FaceDiffers below the threshold."""
    subject = find_subject(photo, Wanted(plan.face, plan.select), engines, trace)
    crop = trace.run("face_crop", face_crop, subject.photo.rgb, subject.face, facts()["portrait"]["crop_px"])
    own = identity_of(subject.photo.rgb, engines)
    if own is None:
        raise NoFace
    prompt = Prompt(text=plan.prompt, negative=plan.negative, reference=crop)
    size = draw_size(plan.width_px, plan.height_px)
    made = []
    for number in range(plan.count):
        seeds = tuple(plan.seed + number + again * plan.count for again in range(plan.best_of))
        drawn = _draw(plan, prompt, (*size, seeds), engines, trace)
        scores = [_likeness(one, own, engines, trace) for one in drawn.pictures]
        best = int(np.argmax(scores))
        made.append(Made(_to_size(drawn.pictures[best], plan.width_px, plan.height_px), None, MADE, _likeness_check(scores)))
    return made


def _likeness(rgb: Rgb8, own: np.ndarray[tuple[int, ...], np.dtype[np.float32]], engines: Engines, trace: Trace) -> float:
    found = trace.run("likeness", identity_of, rgb, engines)
    return -1.0 if found is None else float(found @ own)


def _likeness_check(scores: list[float]) -> tuple[Check, ...]:
    least = facts()["identity"]["least"]
    best = round(max(scores), 3)
    if best < least:
        raise FaceDiffers(score=best, least=least, tries=len(scores))
    return (Check(name="face_likeness", value=best, wanted=f">= {least}", ok=True),)


def _backgrounds(photo: Photo, plan: GenerationPlan, engines: Engines, trace: Trace) -> list[Made]:
    """The photo's person, every pixel, before a scene from words: the model sees no person and draws none."""
    alpha = alpha_of(photo, plan.face, engines, trace)
    person: CutOut = trace.run("foreground", unmixed, photo.rgb, alpha)
    width, height = photo.width_px, photo.height_px
    prompt = Prompt(text=f"{plan.prompt}, {_EMPTY}", negative=f"{plan.negative}, {_NOBODY}".strip(", "))
    drawn = _draw(plan, prompt, (*draw_size(width, height), _seeds(plan)), engines, trace)
    made = []
    for one in drawn.pictures:
        rgb = trace.run("backdrop", composed, person, np.rint(covering(one, width, height, soft=False)))
        solid = alpha >= 1.0
        apart = int(np.abs(rgb[solid].astype(np.int16) - photo.rgb[solid]).max(initial=0))
        if apart:
            raise OutputWrong(what="core_difference")
        made.append(Made(rgb, None, MIXED, (Check(name="core_difference", value=apart, wanted="0", ok=True),)))
    return made


def _draw(plan: GenerationPlan, prompt: Prompt, what: tuple[int, int, tuple[int, ...]], engines: Engines, trace: Trace) -> Drawn:
    width, height, seeds = what
    draw = Draw(width_px=width, height_px=height, steps=plan.steps, cfg=plan.cfg, seeds=seeds)
    hear = (lambda done, of: trace.tick("draw", done, of), trace.alive)
    drawn = trace.run("draw", engines.generator.draw, plan, prompt, draw, hear)
    for gb in drawn.gave_way:
        trace.tell("smaller_plan", "warning", gb=gb, now_gb=drawn.plan.vram_gb)
    return drawn


def draw_size(width_px: int, height_px: int) -> tuple[int, int]:
    """What is drawn for a finished size: its shape, sides multiples of 16, no more pixels than models draw well."""
    most = facts()["limits"]["most_area_px"]
    scale = min(1.0, math.sqrt(most / (width_px * height_px)))
    width, height = (max(_STEP_PX, math.ceil(side * scale / _STEP_PX) * _STEP_PX) for side in (width_px, height_px))
    return width, height


def _to_size(rgb: Rgb8, width_px: int, height_px: int) -> Rgb8:
    """The picture in its finished size; what the rounding drew too much is cut off evenly, nothing is stretched."""
    if rgb.shape[:2] == (height_px, width_px):
        return rgb
    return np.asarray(np.clip(np.rint(covering(rgb, width_px, height_px, soft=False)), 0, 255), dtype=np.uint8)


def _seeds(plan: GenerationPlan) -> tuple[int, ...]:
    return tuple(range(plan.seed, plan.seed + plan.count))


def _finished(made: Made, number: int, plan: GenerationPlan, engines: Engines, trace: Trace) -> Product:
    """The labelled file, opened again."""
    one = _cut(made, engines, trace) if plan.transparent else made
    data = trace.run("encode", encode_generated, one.rgb, one.alpha, plan.format, one.kind)
    if source_type(data) != one.kind:
        raise OutputWrong(what="source_type")
    height, width = one.rgb.shape[:2]
    checks = (
        Check(name="width_px", value=width, wanted=str(plan.width_px or width), ok=True, unit="px"),
        Check(name="height_px", value=height, wanted=str(plan.height_px or height), ok=True, unit="px"),
        *one.checks,
        Check(name="source_type", value=one.kind, wanted=one.kind, ok=True),
    )
    name = f"generated_{number + 1}" if plan.count > 1 else "generated"
    file = FinishedFile(data=data, suffix=f".{plan.format}", role="generated", name=name)
    return Product(files=(file,), checks=checks, placement={"seed": plan.seed + number}, shown=one.rgb)


def _cut(made: Made, engines: Engines, trace: Trace) -> Made:
    """The picture with its backdrop gone: a thing by its plain surroundings, a person by our own matte."""
    if rim_is_plain(made.rgb) and not engines.detector.find(made.rgb):
        cut = trace.run("matte", cut_from_plain, made.rgb)
    else:
        photo = Photo(rgb=made.rgb, dpi=None, source=Source(format="", width_px=0, height_px=0, bytes=0, sha256=""))
        alpha = plane_of(cut_out(photo, MattePlan(), engines, trace), made.rgb.shape)
        cut = trace.run("foreground", unmixed, made.rgb, alpha)
    return Made(cut.rgb, cut.alpha, made.kind, made.checks)
