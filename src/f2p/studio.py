"""The product's verbs for every door: understand a sentence, process an order, name the standards.

Heavy rooms (recipes, engines, files) are imported when first needed: doors that only read or list stay light.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from f2p import language
from f2p.catalogue.standards import add_rows, own_rows
from f2p.catalogue.standards import standards as all_standards
from f2p.errors import F2PError, SetupError, UnknownStandard
from f2p.settings import Settings
from f2p.values.batch import LookedOver
from f2p.values.generation import Budget, GenerationPlan, GenerationWish, MemoryPlan
from f2p.values.outcome import Delivery, FinishedFile, Order, Output, Report
from f2p.values.plan import IdPhotoPlan, MattePlan, PapersPlan, Plan, papers_of
from f2p.values.reading import Reading
from f2p.values.redaction import RedactionDelivery, RedactionOrder, RedactionPlan
from f2p.values.spec import PhotoSpec

if TYPE_CHECKING:
    from f2p.catalogue.faults import Fault
    from f2p.catalogue.generation import Weights as GeneratorWeights
    from f2p.engines.suite import Engines
    from f2p.engines.weights import State, Weight
    from f2p.files.photo import Limits
    from f2p.recipes.id_photo import Product
    from f2p.recipes.trace import Trace
    from f2p.values.pixels import Photo
    from f2p.values.preflight import Preflight, ToCheck
    from f2p.values.printed import Printed
    from f2p.values.sheet import SheetWish

OnStep = Callable[[str], None]
_ONE_SUITE = threading.Lock()


def understand(sentence: str, after: Sequence[str] = ()) -> Reading:
    """What the sentence asks for, said after the sentences of `after`; the same words give the same reading, always."""
    return language.converse([*after, sentence])


def plan_for(reading: Reading, allow: Collection[str] = ()) -> tuple[IdPhotoPlan | PapersPlan, Reading]:
    """The complete plan of a reading, of one paper or several, and the reading with what was assumed. Raises RequestError.

    allow: kinds of edits (`EDITS`) that are wanted although the document's authority forbids them; the files' names then say so.
    """
    return language.resolve(reading, allow)


def is_generative(reading: Reading) -> bool:
    """Whether a sentence describes a picture to be made, not what to do with a photo."""
    return language.is_generative(reading)


def plan_picture(reading: Reading, wish: GenerationWish) -> tuple[GenerationPlan, Reading]:
    """The complete plan of pictures to generate, and the reading with what was assumed. Raises RequestError kinds."""
    return language.resolve_generation(reading, wish)


def for_each(plan: IdPhotoPlan | PapersPlan, change: Callable[[IdPhotoPlan], IdPhotoPlan]) -> IdPhotoPlan | PapersPlan:
    """The plan with `change` made to its one paper, or to each of several."""
    return change(plan) if isinstance(plan, IdPhotoPlan) else replace(plan, papers=tuple(map(change, plan.papers)))


def wants_redaction(reading: Reading) -> bool:
    """Whether the sentence is about hiding things on a document, not about a photo."""
    return language.wants_redaction(reading)


def redaction_for(reading: Reading | None) -> tuple[RedactionPlan, Reading | None]:
    """The plan of a reading about hiding things, and the reading with what had to be assumed; of none, the usual plan.

    Raises RequestError kinds.
    """
    return language.resolve_redaction(reading) if reading is not None else (language.usual_redaction(), None)


def before_picture(plan: IdPhotoPlan) -> IdPhotoPlan:
    """The plan with a picture behind the person, which then belongs into the order."""
    return language.before_picture(plan)


def standards() -> Mapping[str, PhotoSpec]:
    """Every standard of the catalogue by id."""
    return all_standards()


def add_standards(path: Path) -> None:
    """Makes the own standards of a file or folder known beside the catalogue's. Raises BadStandards; then none is known."""
    from f2p.catalogue.own import own_standards

    add_rows(own_standards(path, own_rows()))


def check_standards(path: Path | None = None) -> tuple[int, list[Fault]]:
    """How many standards a file or folder has (None: the catalogue), and all its faults. Raises BadStandards: unreadable."""
    from f2p.catalogue.own import check_own, check_shipped

    return check_shipped() if path is None else check_own(path)


def standard_from_notice(notice: str, name: str, title: str, day: str) -> tuple[str, Reading]:
    """A pasted notice as an own standard in TOML, and the reading that tells what was not used.

    Raises Question where it says no size, BadStandards where its numbers exclude each other or the id is taken.
    """
    from f2p.catalogue.own import check_text

    text, reading = language.standard_from_notice(notice, name, title, day)
    check_text(text, f"{name}.toml")
    return text, reading


def reading_json(reading: Reading) -> dict[str, Any]:
    """The reading in the public JSON form."""
    return language.dump(reading)


def plan_json(plan: Plan) -> str:
    """The plan as versioned JSON text."""
    return language.plan_to_json(plan)


def plan_from_json(text: str) -> Plan:
    """The plan behind `plan_json`. Raises ValueError for anything else."""
    return language.plan_from_json(text)


def explain(plan: IdPhotoPlan, in_language: str) -> str:
    """The plan as one sentence in "zh" or "en", which is understood as the same plan again."""
    return language.explain(plan, in_language)


def process(order: Order, settings: Settings, on_step: OnStep | None = None) -> Delivery:
    """The finished files and the truth about them; raises F2PError kinds, writes nothing.

    on_step is called with each step's name as it begins. Models are opened on first use and stay warm in this process.
    """
    from f2p.recipes.papers import make_papers
    from f2p.recipes.trace import Trace

    begun = time.perf_counter()
    trace, models = Trace(on_step), engines(settings)
    missing: tuple[F2PError, ...] = ()
    photo = _opened(order, settings, trace) if order.data or not isinstance(order.plan, GenerationPlan) else None
    if isinstance(order.plan, GenerationPlan):
        made = _pictures(photo, order.plan, models, trace)
    elif photo is not None and isinstance(order.plan, MattePlan):
        made = [_alpha(photo, order.plan, models, trace)]
    elif photo is not None and not isinstance(order.plan, MattePlan):
        made, missing = make_papers(photo, order.plan, order, (settings, models), trace)
    report = Report(
        reading=order.reading, steps=trace.steps, shared=trace.notes, outputs=tuple(output for output, _ in made),
        source={} if photo is None else {"name": order.name, **asdict(photo.source)},
        seconds=round(time.perf_counter() - begun, 3), matting=models.matting,
    )  # fmt: skip
    files = tuple(file for _, product in made for file in product.files)
    marks = tuple(_marked(output.name, product) for output, product in made) if order.mark else ()
    return Delivery(files=(*files, *marks), report=report, missing=missing)


def redact(order: RedactionOrder, settings: Settings, on_step: OnStep | None = None) -> RedactionDelivery:
    """The document with its private things covered and proven so, or a preview; raises F2PError kinds, writes nothing."""
    from f2p.files.photo import Limits
    from f2p.recipes.redaction_order import carry_out
    from f2p.recipes.trace import Trace

    limits = Limits(max_bytes=settings.max_input_bytes, max_pixels=settings.max_input_pixels)
    return carry_out(order, limits, engines(settings), Trace(on_step))


def redacted_suffix(data: bytes, name: str) -> str:
    """The file type that the redacted document will have, from its first bytes. Raises NotAnImage."""
    from f2p.files.pages import suffix_of

    return suffix_of(data, name)


def look_over(delivery: Delivery, settings: Settings, *, compare: bool) -> LookedOver:
    """What a batch compares photos by, and the rules that the finished photo breaks. compare: its face may be compared too."""
    from f2p.files.photo import Limits
    from f2p.recipes.likeness import looked_over

    limits = Limits(max_bytes=settings.max_input_bytes, max_pixels=settings.max_input_pixels)
    return looked_over(delivery, engines(settings), limits, compare=compare)


def faces_in(data: bytes, name: str, settings: Settings) -> tuple[tuple[float, float, float, float], ...]:
    """Where faces may be: left, top, right, bottom as shares of the upright picture. Raises InputError kinds."""
    from f2p.files.photo import Limits, open_photo
    from f2p.recipes.likeness import faces_on

    photo = open_photo(data, name, Limits(max_bytes=settings.max_input_bytes, max_pixels=settings.max_input_pixels))
    width, height = photo.width_px, photo.height_px
    boxes = (one.box for one in faces_on(photo.rgb, engines(settings)))
    return tuple((box.left / width, box.top / height, box.right / width, box.bottom / height) for box in boxes)


def alike(identities: Sequence[bytes], least: float) -> list[tuple[int, int]]:
    """Pairs of faces, by their identities (`Measured.identity`), whose likeness is at least `least`, first before second."""
    import numpy as np

    from f2p.stages.alike import alike as pairs

    if not identities:
        return []
    vectors = np.frombuffer(b"".join(identities), dtype="<f4").reshape(len(identities), -1)
    return [(first, second) for first, second, _ in pairs(vectors.astype(np.float32), least)]


def thumbnail(data: bytes, height_px: int, width_px: int) -> bytes | None:
    """A small upright WebP of any picture; None for bytes that are none."""
    from f2p.files.thumbnail import thumbnail as small

    return small(data, height_px, width_px)


def small_jpeg(data: bytes, height_px: int, width_px: int) -> bytes | None:
    """The same as a JPEG, for paper."""
    from f2p.files.thumbnail import thumbnail as small

    return small(data, height_px, width_px, "JPEG")


def use_cores(count: int) -> None:
    """Keeps the picture library of this process to so many cores; models get theirs from the settings."""
    import cv2

    cv2.setNumThreads(count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file that was checked. annotated: the picture with lines and faults drawn in, where that was asked for."""

    report: Preflight
    annotated: FinishedFile | None = None


def standard_for(words: str) -> PhotoSpec:
    """The standard that is meant: its id, or how people say it ("US visa", "一寸", "35x45mm"). Raises RequestError kinds."""
    from f2p.catalogue.standards import near

    name = words.strip().lower().replace("-", "_")
    if name in all_standards():
        return all_standards()[name]
    asked = understand(words).asked
    named = asked.get("check", {}).get("spec") or asked.get("size", {}).get("name")
    if named in all_standards():
        return all_standards()[named]
    if "size" not in asked:
        raise UnknownStandard(name=words, near=", ".join(near(words)) or "-")
    return papers_of(plan_for(understand(words))[0])[0].spec


def check_asked(sentence: str, after: Sequence[str] = ()) -> tuple[bool, PhotoSpec | None]:
    """Whether a sentence wants a photo judged instead of made, and for which document."""
    asked = understand(sentence, after).asked
    spec = asked.get("check", {}).get("spec")
    return "check" in asked, all_standards().get(spec) if spec else None


def preflight(wanted: ToCheck, settings: Settings, on_step: OnStep | None = None) -> Checked:
    """Every measurable rule of a document held against a finished file. Raises InputError, SetupError kinds; writes nothing."""
    from f2p.recipes.annotate import annotated
    from f2p.recipes.preflight import preflight as measure
    from f2p.recipes.trace import Trace

    found = measure(wanted, engines(settings), _limits(settings), Trace(on_step))
    return Checked(report=found.report, annotated=annotated(found) if wanted.annotate else None)


def with_annotations(delivery: Delivery, settings: Settings, on_step: OnStep | None = None) -> Delivery:
    """The delivery and, last, each of its photos with what was measured drawn in (role "annotated")."""
    from f2p.values.preflight import ToCheck

    specs = {output.name: output.plan.spec for output in delivery.report.outputs if isinstance(output.plan, IdPhotoPlan)}
    drawn = []
    for file in delivery.files:
        if file.role == "photo" and file.name in specs:
            wanted = ToCheck(data=file.data, name=f"{file.name}{file.suffix}", spec=specs[file.name], annotate=True)
            picture = preflight(wanted, settings, on_step).annotated
            drawn += [] if picture is None else [replace(picture, name=file.name)]
    return replace(delivery, files=(*delivery.files, *drawn))


def _opened(order: Order, settings: Settings, trace: Trace) -> Photo:
    from f2p.files.photo import open_photo

    photo = trace.run("open", open_photo, order.data, order.name, _limits(settings))
    for note in photo.notes:
        trace.tell(note.code, note.level, **note.params)
    return photo


def _limits(settings: Settings) -> Limits:
    from f2p.files.photo import Limits

    return Limits(max_bytes=settings.max_input_bytes, max_pixels=settings.max_input_pixels)


def _alpha(photo: Photo, plan: MattePlan, models: Engines, trace: Trace) -> tuple[Output, Product]:
    from f2p.recipes.matte import make_matte

    product = make_matte(photo, plan, models, trace)
    return Output(name="", plan=plan, checks=product.checks, notes=(), placement=product.placement), product


def _pictures(photo: Photo | None, plan: GenerationPlan, models: Engines, trace: Trace) -> list[tuple[Output, Product]]:
    """Generated pictures, each with what was proved about it."""
    from f2p.recipes.generation import generated

    products = generated(photo, plan, models, trace)
    return [
        (Output(name=one.files[0].name, plan=plan, checks=one.checks, notes=(), placement=one.placement), one) for one in products
    ]


def _marked(name: str, product: Product) -> FinishedFile:
    """The picture that shows where the edges are in doubt."""
    from f2p.files.encode import encode
    from f2p.stages.doubt import marked
    from f2p.values.plan import Encoding, FileFormat

    rgb = product.shown if product.doubt is None else marked(product.shown, product.doubt)
    data = encode(rgb, None, Encoding(format=FileFormat.PNG), None).data
    return FinishedFile(data=data, suffix=".png", role="marked", name=name)


def print_sheet(
    photos: Sequence[tuple[bytes, str]], wish: SheetWish, settings: Settings, on_step: OnStep | None = None
) -> Printed:
    """One sheet of photos that are finished already, (bytes, name) each; raises F2PError kinds, writes nothing."""
    from f2p.recipes import prints
    from f2p.recipes.trace import Trace

    return prints.print_sheet(photos, wish, settings, Trace(on_step))


def check_output(path: Path, *, overwrite: bool) -> None:
    """Raises OutputExists or OutputNotWritable before any work is done for a file that could not be written."""
    from f2p.files.output import check_writable

    check_writable(path, overwrite=overwrite)


def deliver(files: Mapping[Path, FinishedFile], *, overwrite: bool) -> None:
    """Writes finished files where they belong: all of them whole, or nothing. Raises OutputError kinds."""
    from f2p.files.output import write_together

    write_together({path: file.data for path, file in files.items()}, overwrite=overwrite)


def models(settings: Settings) -> list[tuple[Weight, State]]:
    """Every listed weight and whether its file is in place."""
    from f2p.engines.weights import state_of, weights

    return [(weight, state_of(weight, settings)) for weight in weights().values()]


def generator_states(settings: Settings) -> list[tuple[GeneratorWeights, str]]:
    """Every folder of models that generate pictures, and the first thing that it lacks; empty = complete."""
    from f2p.catalogue.generation import generators
    from f2p.engines.generative.store import missing_of

    return [(weights, missing_of(weights, settings)) for weights in generators().values()]


def generator_damage(name: str, settings: Settings) -> str:
    """The first file of such a folder that is not what was fetched; reads every byte."""
    from f2p.engines.generative.fetching import damaged_in

    return damaged_in(name, settings)


def gpu_and_budget(settings: Settings) -> tuple[str, float, Budget]:
    """The GPU's name ("" = none, or no torch), its GB, and what may be used of it and of the host's memory. Loads torch."""
    from f2p.engines.generative.machine import budget_of, gpu

    card = gpu()
    return card.name, card.total_gb, budget_of(settings)


def what_fits(settings: Settings, budget: Budget) -> MemoryPlan | None:
    """How pictures would be drawn within a budget: of the model on this machine, or of the published one where none is here."""
    from f2p.catalogue.generation import generators, size_of_model
    from f2p.engines.generative.memory_plan import memory_plan
    from f2p.engines.generative.store import folder_of, missing_of, size_of

    weights = generators()["qwen-image-edit"]
    size = size_of_model() if missing_of(weights, settings) else size_of(folder_of(weights, settings))
    return memory_plan(size, budget) if budget.vram_gb else None


def pull_model(name: str, settings: Settings, on_progress: OnStep | None = None) -> Path:
    """Brings a weight from its registry, a generating model from its hub. Raises UnknownModel, FetchFailed, OutputError kinds."""
    from f2p.catalogue.generation import generators
    from f2p.engines.weights import pull

    if name in generators():
        from f2p.engines.generative.fetching import pull_folder

        return pull_folder(name, settings, on_progress or (lambda _: None))
    return pull(name, settings, on_progress)


def verify_models(settings: Settings) -> list[tuple[Weight, SetupError | None]]:
    """Every listed weight, all bytes hashed, with what is wrong with it."""
    from f2p.engines.weights import verify, weights

    found: list[tuple[Weight, SetupError | None]] = []
    for weight in weights().values():
        try:
            verify(weight, settings)
        except SetupError as error:
            found.append((weight, error))
        else:
            found.append((weight, None))
    return found


def warm(settings: Settings) -> None:
    """Loads what an ID photo needs before the first one is asked for; what is missing is told by the photo that needs it."""
    import f2p.files.photo
    import f2p.recipes.id_photo
    import f2p.recipes.matte  # noqa: F401 - loading is the point

    models = engines(settings)
    with suppress(SetupError):
        for needed in ("detector", "mesher", "matter", "guard", "identifier"):
            getattr(models, needed)


def engines(settings: Settings) -> Engines:
    """The warm models of this process for these settings: one suite for all threads."""
    with _ONE_SUITE:  # `cache` alone lets two threads that come first make two
        return _suite(settings)


@cache
def _suite(settings: Settings) -> Engines:
    from f2p.engines.suite import Engines

    return Engines(settings)
