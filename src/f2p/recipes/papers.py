"""Every paper of a plan from one photo, with its sheet: all of them, or those that can be made and why the others cannot."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from f2p.engines.suite import Engines
from f2p.errors import F2PError
from f2p.files.exif import kept_exif
from f2p.files.photo import Limits, open_photo
from f2p.recipes.id_photo import Beside, Product, make_id_photo
from f2p.recipes.prints import check_sheet, with_sheet
from f2p.recipes.sitting import Sitting
from f2p.recipes.told import told_of
from f2p.recipes.trace import Trace
from f2p.settings import Settings
from f2p.values.outcome import Order, Output
from f2p.values.pixels import Photo, Rgb8
from f2p.values.plan import BackdropKind, IdPhotoPlan, PapersPlan, name_of, papers_of


def make_papers(
    photo: Photo, plan: IdPhotoPlan | PapersPlan, order: Order, at_hand: tuple[Settings, Engines], trace: Trace
) -> tuple[list[tuple[Output, Product]], tuple[F2PError, ...]]:
    """Each paper of the plan from the one photo, who is looked at once: all of them, or the first error.

    An order that keeps going gets the papers that can be made, at least one, and why the others cannot.
    """
    settings, engines = at_hand
    for paper in papers_of(plan):
        check_sheet(paper, order.name, settings)
    sitting = Sitting(photo, engines, trace)
    made: list[tuple[Output, Product]] = []
    missing: list[F2PError] = []
    for paper in papers_of(plan):
        try:
            with told_of(name_of(paper) if isinstance(plan, PapersPlan) else ""):
                made.append(_paper(sitting, paper, order, settings, trace))
        except F2PError as error:
            if not order.keep_going or "output" not in error.params:
                raise
            missing.append(error)
    if not made:
        raise missing[0]
    return made, tuple(missing)


def _paper(sitting: Sitting, paper: IdPhotoPlan, order: Order, settings: Settings, trace: Trace) -> tuple[Output, Product]:
    """One paper of the sitting, with its sheet."""
    part = trace.apart()
    beside = Beside(exif=_exif(order.data, paper, part), picture=_behind(order, paper, settings, trace))
    product = make_id_photo(sitting, paper, part, beside)
    another = partial(make_id_photo, sitting, beside=beside)
    product = with_sheet(product, paper, order.name, another, (settings, part))
    written = product.files[1:] if paper.only_sheet else product.files
    product = replace(product, files=tuple(replace(file, name=name_of(paper)) for file in written))
    output = Output(name=name_of(paper), plan=paper, checks=product.checks, notes=part.notes, placement=product.placement)
    return output, product


def _behind(order: Order, paper: IdPhotoPlan, settings: Settings, trace: Trace) -> Rgb8 | None:
    """The picture handed in to stand behind the person, where the paper wants one."""
    if not order.backdrop or paper.backdrop.kind is not BackdropKind.IMAGE:
        return None
    limits = Limits(max_bytes=settings.max_input_bytes, max_pixels=settings.max_input_pixels)
    return trace.run("open", open_photo, order.backdrop, order.backdrop_name, limits).rgb


def _exif(data: bytes, plan: IdPhotoPlan, trace: Trace) -> bytes:
    """The block to keep where that was asked for; why there is none is told."""
    if not plan.encoding.keep_exif:
        return b""
    kept = kept_exif(data, plan.encoding.format, (plan.spec.width_px, plan.spec.height_px), plan.encoding.dpi)
    for note in kept.notes:
        trace.tell(note.code, note.level, **note.params)
    return kept.block
