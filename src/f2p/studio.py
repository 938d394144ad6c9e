"""The product's verbs for every door: understand a sentence, process an order, name the standards.

Heavy rooms (recipes, engines, files) are imported when first needed: doors that only read or list stay light.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from f2p import language
from f2p.catalogue.standards import standards as all_standards
from f2p.errors import SetupError
from f2p.settings import Settings
from f2p.values.outcome import Delivery, FinishedFile, Order, Report
from f2p.values.plan import BackdropKind, IdPhotoPlan, MattePlan, Plan
from f2p.values.reading import Reading
from f2p.values.spec import PhotoSpec

if TYPE_CHECKING:
    from f2p.engines.suite import Engines
    from f2p.engines.weights import State, Weight
    from f2p.recipes.id_photo import Product
    from f2p.recipes.trace import Trace

OnStep = Callable[[str], None]
_ONE_SUITE = threading.Lock()


def understand(sentence: str, after: Sequence[str] = ()) -> Reading:
    """What the sentence asks for, said after the sentences of `after`; the same words give the same reading, always."""
    return language.converse([*after, sentence])


def plan_for(reading: Reading) -> tuple[IdPhotoPlan, Reading]:
    """The complete plan of a reading, and the reading with what had to be assumed. Raises RequestError kinds."""
    return language.resolve(reading)


def before_picture(plan: IdPhotoPlan) -> IdPhotoPlan:
    """The plan with a picture behind the person, which then belongs into the order."""
    return language.before_picture(plan)


def standards() -> Mapping[str, PhotoSpec]:
    """Every standard of the catalogue by id."""
    return all_standards()


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
    from f2p.files.photo import Limits, open_photo
    from f2p.recipes.id_photo import Beside, make_id_photo
    from f2p.recipes.matte import make_matte
    from f2p.recipes.trace import Trace

    begun = time.perf_counter()
    trace, models = Trace(on_step), engines(settings)
    limits = Limits(max_bytes=settings.max_input_bytes, max_pixels=settings.max_input_pixels)
    photo = trace.run("open", open_photo, order.data, order.name, limits)
    for note in photo.notes:
        trace.tell(note.code, note.level, **note.params)
    if isinstance(order.plan, MattePlan):
        product = make_matte(photo, order.plan, models, trace)
    else:
        wanted = order.backdrop and order.plan.backdrop.kind is BackdropKind.IMAGE
        picture = trace.run("open", open_photo, order.backdrop, order.backdrop_name, limits).rgb if wanted else None
        beside = Beside(exif=_exif(order.data, order.plan, trace), picture=picture)
        product = make_id_photo(photo, order.plan, models, trace, beside)
    source = photo.source
    report = Report(
        reading=order.reading, plan=order.plan, steps=trace.steps, checks=product.checks, notes=trace.notes,
        source={
            "name": order.name, "format": source.format, "width_px": source.width_px, "height_px": source.height_px,
            "bytes": source.bytes, "sha256": source.sha256,
        },
        placement=product.placement, seconds=round(time.perf_counter() - begun, 3), matting=models.matting,
    )  # fmt: skip
    return Delivery(files=(*product.files, *_marked(order, product)), report=report)


def _marked(order: Order, product: Product) -> tuple[FinishedFile, ...]:
    """The picture that shows where the edges are in doubt, where that was asked for."""
    from f2p.files.encode import encode
    from f2p.stages.doubt import marked
    from f2p.values.plan import Encoding, FileFormat

    if not order.mark:
        return ()
    rgb = product.shown if product.doubt is None else marked(product.shown, product.doubt)
    return (FinishedFile(data=encode(rgb, None, Encoding(format=FileFormat.PNG), None).data, suffix=".png", role="marked"),)


def _exif(data: bytes, plan: IdPhotoPlan, trace: Trace) -> bytes:
    """The block to keep where that was asked for; why there is none is told."""
    from f2p.files.exif import kept_exif

    if not plan.encoding.keep_exif:
        return b""
    kept = kept_exif(data, plan.encoding.format, (plan.spec.width_px, plan.spec.height_px), plan.encoding.dpi)
    for note in kept.notes:
        trace.tell(note.code, note.level, **note.params)
    return kept.block


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


def pull_model(name: str, settings: Settings, on_progress: OnStep | None = None) -> Path:
    """Brings one weight from its registry. Raises UnknownModel, FetchFailed, OutputError kinds."""
    from f2p.engines.weights import pull

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
