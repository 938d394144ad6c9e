"""The size of the finished photo: a standard of the catalogue, or millimetres, inches and pixels said without a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from f2p.catalogue.standards import conventions, standards
from f2p.errors import Infeasible, Question
from f2p.language.filled import Filled
from f2p.values.spec import PhotoSpec

CUSTOM = "custom"
_MM_PER_INCH = 25.4
_DPI = 300
_SIDES_PX = (16, 10_000)
"""Shortest and longest side of a photo: fewer pixels show nobody, more fit into no memory."""
_FEWEST_DPI = 150
"""A size said in mm alone may be made this coarse where its file size needs that; a print coarser than this looks so."""
_DEFAULT = "cn_1inch"
_ANY_PASSPORT = "icao_generic"


def resolve_spec(asked: Mapping[str, Any], sentence: str, filled: Filled) -> PhotoSpec:
    """The standard with its final px, mm and dpi. Raises Question for a document whose rule the catalogue lacks and of which
    no size is said, Infeasible for sides that no photo has.

    Millimetres become pixels by rounding (25 mm at 300 dpi = 295), never by cutting off; pixels that were said stay as said.
    """
    size: Mapping[str, Any] = asked.get("size", {})
    dpi = _dpi(asked)
    measured = bool({"px", "mm", "inch", "px_min"} & set(size))
    if "name" in size and (size["name"] in standards() or not measured):
        return _possible(_adjusted(_standard(size["name"]), size, dpi))
    if {"px", "mm", "inch", "px_min"} & set(size):
        return _possible(_custom(size, dpi, filled))
    name, why = _default(asked, sentence)
    filled.assume("size", name, why)
    return _possible(_adjusted(_standard(name), {}, dpi))


def _possible(spec: PhotoSpec) -> PhotoSpec:
    for side in (spec.width_px, spec.height_px):
        if not _SIDES_PX[0] <= side <= _SIDES_PX[1]:
            raise Infeasible(what="side_px", best=_SIDES_PX[0] if side < _SIDES_PX[0] else _SIDES_PX[1])
    return spec


def pixels(mm: float, dpi: float) -> int:
    """Pixels of a length in mm, rounded."""
    return round(mm * dpi / _MM_PER_INCH)


def _dpi(asked: Mapping[str, Any]) -> int | None:
    values = [round(asked[key]) for key in ("dpi", "dpi_min") if key in asked]
    return max(values) if values else None


def _standard(name: str) -> PhotoSpec:
    spec = standards().get(name)
    if spec is None:
        raise Question(ask="unknown_document", conflicts="")
    return spec


def _default(asked: Mapping[str, Any], sentence: str) -> tuple[str, str]:
    """Which size nobody said: a Chinese sentence about "a passport" means the Chinese one, any other the ICAO size."""
    question = asked.get("ask", "")
    chinese = any("\u4e00" <= char <= "\u9fff" for char in sentence)
    if question == "ambiguous_passport":
        return ("cn_passport" if chinese else _ANY_PASSPORT), question
    if question == "ambiguous_visa":
        return _ANY_PASSPORT, question
    return _DEFAULT, question if question == "missing_size" else "not_said"


def _adjusted(spec: PhotoSpec, size: Mapping[str, Any], dpi: int | None) -> PhotoSpec:
    """`spec` with what the sentence says beyond its name."""
    mm: list[float] | None = size.get("mm")
    moved = mm is not None and (spec.width_mm, spec.height_mm) != (mm[0], mm[1])
    if mm is not None and moved:
        spec = replace(spec, width_mm=float(mm[0]), height_mm=float(mm[1]))
    final_dpi = dpi or spec.dpi
    if "px" in size:  # pixels that were said are fixed
        return replace(spec, width_px=int(size["px"][0]), height_px=int(size["px"][1]), dpi=final_dpi, min_px=None)
    if spec.width_mm and spec.height_mm and (moved or final_dpi != spec.dpi):
        spec = replace(spec, width_px=pixels(spec.width_mm, final_dpi), height_px=pixels(spec.height_mm, final_dpi))
    return replace(spec, dpi=final_dpi)


def _custom(size: Mapping[str, Any], dpi: int | None, filled: Filled) -> PhotoSpec:
    mm: list[float] = size.get("mm") or [side * _MM_PER_INCH for side in size.get("inch", ())]
    px: list[int] | None = size.get("px") or (size.get("px_min") if not mm else None)
    if "px" not in size and px:
        filled.assume("size", f"{px[0]}x{px[1]} px", "smallest_allowed")
    open_px = dpi is None and not px
    if dpi is None:
        dpi = round(px[0] * _MM_PER_INCH / mm[0]) if px and mm else _DPI
        filled.assume("dpi", dpi, "computed" if px and mm else "not_said")
    if px:
        width, height = int(px[0]), int(px[1])
    else:
        width, height = pixels(mm[0], dpi), pixels(mm[1], dpi)
    label = f"{mm[0]:g}x{mm[1]:g} mm" if mm else f"{width}x{height} px"
    return PhotoSpec(
        id=CUSTOM,
        name_zh=label,
        name_en=label,
        region="",
        category=CUSTOM,
        width_px=width,
        height_px=height,
        dpi=dpi,
        min_px=(pixels(mm[0], _FEWEST_DPI), pixels(mm[1], _FEWEST_DPI)) if open_px else None,
        width_mm=float(mm[0]) if mm else None,
        height_mm=float(mm[1]) if mm else None,
        head=conventions(),
    )
