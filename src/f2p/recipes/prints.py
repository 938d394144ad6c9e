"""Sheets around what is made or handed in: prints of an ID photo in its sizes, and finished photos of several people."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TypeVar

from f2p.catalogue.papers import find_paper, gap_mm, least_gap_mm, papers, print_size_mm, tight_gap_mm
from f2p.catalogue.standards import near, standards
from f2p.errors import Infeasible, UnknownPaper, UnknownStandard
from f2p.files.photo import Limits, open_photo
from f2p.recipes.id_photo import Product
from f2p.recipes.sheet import USUAL_DPI, Sheet, SheetPhoto, font_for, make_sheet
from f2p.recipes.trace import Trace
from f2p.settings import Settings
from f2p.stages.sheet_layout import lay_out
from f2p.stages.sheet_raster import in_grey
from f2p.values.pixels import Photo, Rgb8
from f2p.values.plan import BackdropKind, Encoding, IdPhotoPlan, name_of
from f2p.values.printed import Printed
from f2p.values.sheet import Caption, SheetItem, SheetPlan, SheetWish
from f2p.values.spec import PhotoSpec

_MM_PER_INCH = 25.4
_BY = str.maketrans("×*X", "xxx")
_OWN_SIZE = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)")
_OWN_FILE = Limits(max_bytes=2**31, max_pixels=2**31)
_T = TypeVar("_T")


def check_sheet(plan: IdPhotoPlan, name: str, settings: Settings) -> None:
    """Nothing where the sheet of a plan can be made: asked before long work. Raises SheetFull, ModelMissing."""
    if plan.sheet is not None:
        lay_out(plan.sheet)
        font_for([PurePath(name).stem] if plan.sheet.caption in {Caption.NAME, Caption.BOTH} else [], settings)


def with_sheet(
    product: Product, plan: IdPhotoPlan, name: str, make: Callable[..., Product], at_hand: tuple[Settings, Trace]
) -> Product:
    """The product with the sheet that its plan wants: the photo in every size of the sheet, by `make` where it is another one.

    make: the product of a plan, notes to `trace`; what is told of another size names that size.
    name: the photo file's, which captions show without its type.
    """
    if plan.sheet is None:
        return product
    settings, trace = at_hand
    photos = []
    for item in plan.sheet.items:
        own = item.spec is None or item.spec == plan.spec
        made = product if own or item.spec is None else _another(plan, item.spec, make, trace)
        dpi = plan.encoding.dpi if own or item.spec is None else item.spec.dpi
        photos.append(SheetPhoto(rgb=_flat(made, plan), dpi=dpi * plan.upscale, name=PurePath(name).stem))
    sheet: Sheet = make_sheet(photos, plan.sheet, settings, trace)
    file = replace(sheet.file, name=name_of(plan))
    return replace(product, files=(*product.files, file), checks=(*product.checks, *sheet.checks))


def _another(plan: IdPhotoPlan, spec: PhotoSpec, make: Callable[..., Product], trace: Trace) -> Product:
    """The photo in another size of the sheet; warnings about it are told with its name (param `printed`)."""
    own, told = trace.apart(), trace.notes
    made = make(plan=_in_size(plan, spec), trace=own)
    for note in own.notes:
        if note.level == "warning" and note not in told:
            trace.tell(note.code, note.level, **note.params, printed=spec.id)
    return made


def _in_size(plan: IdPhotoPlan, spec: PhotoSpec) -> IdPhotoPlan:
    """The same wishes at another size; limits of KB are those of the file, which prints have none of."""
    encoding = Encoding(format=plan.encoding.format, dpi=spec.dpi, gray=plan.encoding.gray)
    return replace(plan, spec=spec, encoding=encoding, sheet=None)


def _flat(made: Product, plan: IdPhotoPlan) -> Rgb8:
    """The finished pixels as the paper shows them: white where the photo is transparent, grey where it is grey."""
    if plan.backdrop.kind is BackdropKind.TRANSPARENT:
        return open_photo(made.files[0].data, "photo", _OWN_FILE).rgb
    return in_grey(made.shown) if plan.encoding.gray else made.shown


def print_sheet(files: Sequence[tuple[bytes, str]], wish: SheetWish, settings: Settings, trace: Trace) -> Printed:
    """The sheet of photos that are finished already, (bytes, file name) each, of one person or several.

    Raises InputError kinds, UnknownPaper, UnknownStandard, Infeasible, SheetFull, ModelMissing.
    """
    begun = time.perf_counter()
    limits = Limits(max_bytes=settings.max_input_bytes, max_pixels=settings.max_input_pixels)
    opened = [trace.run("open", open_photo, data, name, limits) for data, name in files]
    for photo in opened:
        for note in photo.notes:
            trace.tell(note.code, note.level, **note.params)
    plan = _planned(opened, wish, trace)
    photos = [
        SheetPhoto(rgb=photo.rgb, dpi=photo.rgb.shape[1] / item.width_mm * _MM_PER_INCH, name=PurePath(name).stem)
        for photo, item, (_, name) in zip(opened, plan.items, files, strict=True)
    ]
    made = make_sheet(photos, plan, settings, trace)
    return Printed(
        data=made.file.data, layout=made.layout, checks=made.checks, notes=trace.notes,
        seconds=round(time.perf_counter() - begun, 3),
    )  # fmt: skip


def _planned(opened: Sequence[Photo], wish: SheetWish, trace: Trace) -> SheetPlan:
    paper = find_paper(wish.paper)
    if paper is None:
        raise UnknownPaper(name=wish.paper, near=", ".join(papers()))
    sizes = _for_each(wish.sizes, len(opened), "sizes")
    counts = _for_each(wish.counts, len(opened), "counts")
    items = tuple(_item(photo, size, count, trace) for photo, size, count in zip(opened, sizes, counts, strict=True))
    gap = gap_mm() if wish.gap_mm is None else wish.gap_mm
    margin = paper.margin_mm if wish.margin_mm is None else wish.margin_mm
    if wish.bleed_mm > gap / 2:
        raise Infeasible(what="sheet_bleed", best=f"{gap / 2:g} mm")
    return SheetPlan(
        paper=paper, items=items, per_row=wish.per_row, cut_marks=wish.cut_marks, caption=wish.caption, ruler=wish.ruler,
        gap_mm=gap, least_gap_mm=max(least_gap_mm(), 2 * wish.bleed_mm) if wish.gap_mm is None else gap,
        tight_gap_mm=max(tight_gap_mm(), 2 * wish.bleed_mm) if wish.gap_mm is None else gap,
        margin_mm=margin, least_margin_mm=paper.least_margin_mm if wish.margin_mm is None else margin,
        bleed_mm=wish.bleed_mm, format=wish.format,
    )  # fmt: skip


def _for_each(given: tuple[_T, ...], photos: int, what: str) -> tuple[_T | None, ...]:
    """One for all, or one each, or none at all. Raises Infeasible for any other number of them."""
    if not given:
        return (None,) * photos
    if len(given) not in {1, photos}:
        raise Infeasible(what=f"sheet_{what}", best=photos)
    return given * photos if len(given) == 1 else given


def _item(photo: Photo, size: str | None, count: int | None, trace: Trace) -> SheetItem:
    """A photo's place, as large as said, else as its own px and dpi make it."""
    if size is None:
        dpi = photo.dpi or USUAL_DPI
        width, height = (round(px / dpi * _MM_PER_INCH, 1) for px in (photo.width_px, photo.height_px))
        trace.tell("sheet_size_assumed", size=f"{width:g}×{height:g} mm")
        return SheetItem(name_zh="", name_en="", width_mm=width, height_mm=height, count=count)
    found = _OWN_SIZE.fullmatch(size.translate(_BY).replace(" ", "").removesuffix("mm"))
    if found is not None:
        return SheetItem(name_zh="", name_en="", width_mm=float(found[1]), height_mm=float(found[2]), count=count)
    spec = _named(size)
    width, height = print_size_mm(spec)
    return SheetItem(name_zh=spec.name_zh, name_en=spec.name_en, width_mm=width, height_mm=height, count=count)


def _named(size: str) -> PhotoSpec:
    """The standard of that id or name; 1寸 and 两寸 are 一寸 and 二寸. Raises UnknownStandard."""
    wanted = size.strip().lower()
    chinese = wanted.replace("1", "一").replace("2", "二").replace("两", "二")
    for spec in standards().values():
        if wanted in {spec.id, spec.name_en.lower()} or chinese == spec.name_zh.lower():
            return spec
    raise UnknownStandard(name=size, near=", ".join(near(size)))
