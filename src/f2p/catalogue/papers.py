"""Papers for print sheets from data/papers.toml as frozen values, and papers of a person's own in mm."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from f2p.values.sheet import Paper
from f2p.values.spec import PhotoSpec

_DATA = Path(__file__).resolve().parents[1] / "data" / "papers.toml"
_OWN = re.compile(r"(\d+(?:\.\d+)?)\s*[x×*]\s*(\d+(?:\.\d+)?)\s*(mm|cm|in|毫米|厘米|英寸)?", re.IGNORECASE)
_MM_OF = {"mm": 1.0, "毫米": 1.0, "": 1.0, "cm": 10.0, "厘米": 10.0, "in": 25.4, "英寸": 25.4}
_MM_PER_INCH = 25.4
_ROUNDED_MM = 0.3
_SMALLEST_MM, _LARGEST_MM = 30.0, 1200.0
_LARGEST_PHOTO_SIDE_MM = 260.0
"""Papers up to this long side are photo paper; longer ones go through desktop printers."""
_TOLD_APART = str.maketrans("", "", " -_的")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def papers() -> Mapping[str, Paper]:
    """Every paper by its id, in the order of the file; read-only."""
    table = _table()
    return MappingProxyType({name: _paper(name, row) for name, row in table["paper"].items()})


def gap_mm() -> float:
    """The usual distance between photos."""
    return float(_table()["gap"]["mm"])


def least_gap_mm() -> float:
    """What the distance may go down to where more photos fit that way."""
    return float(_table()["gap"]["least_mm"])


def tight_gap_mm() -> float:
    """What it may go down to where a count that was named fits no other way."""
    return float(_table()["gap"]["tight_mm"])


def caption_fonts() -> tuple[Path, ...]:
    """Where systems keep fonts with Chinese characters, tried after the one of the models folder."""
    return tuple(Path(path) for path in _table()["caption"]["fonts"])


def print_size_mm(spec: PhotoSpec) -> tuple[float, float]:
    """Width and height of a standard's print to a tenth of a mm: whole inches as they are (two are 50.8 mm, whatever "51" a rule
    rounds them to), else the standard's mm, else its px and dpi.
    """
    sides = ((spec.width_px, spec.width_mm), (spec.height_px, spec.height_mm))
    width, height = (_side_mm(px / spec.dpi, mm) for px, mm in sides)
    return width, height


def _side_mm(inches: float, said_mm: float | None) -> float:
    exact = round(inches * _MM_PER_INCH, 1)
    if said_mm is None or (inches.is_integer() and abs(exact - said_mm) < _ROUNDED_MM):
        return exact
    return round(said_mm, 1)


def find_paper(name: str) -> Paper | None:
    """The paper of that id or name ("6inch", "6寸", "A4"), or one of a person's own ("100x150mm"); None if neither."""
    wanted = name.strip().lower().replace("吋", "寸").translate(_TOLD_APART)
    for paper in papers().values():
        if wanted in _names(paper):
            return paper
    return _own(name)


def _names(paper: Paper) -> set[str]:
    known = {paper.id, paper.name_zh, paper.name_en, paper.name_zh.replace("相纸", "")}
    known |= {paper.id.replace("inch", ending) for ending in ("寸", "寸纸", "in")} if paper.id.endswith("inch") else set()
    return {name.lower().translate(_TOLD_APART) for name in known}


def _own(name: str) -> Paper | None:
    found = _OWN.match(name.strip())
    if found is None:
        return None
    scale = _MM_OF[(found[3] or "").lower()]
    short, long = sorted(round(float(side) * scale, 1) for side in (found[1], found[2]))
    if short < _SMALLEST_MM or long > _LARGEST_MM:
        return None
    kind = "photo" if long <= _LARGEST_PHOTO_SIDE_MM else "office"
    title = f"{short:g}×{long:g} mm"
    return _paper(f"{short:g}x{long:g}mm", {"mm": [short, long], "kind": kind, "name_zh": title, "name_en": title, "source": ""})


def _paper(name: str, row: Mapping[str, Any]) -> Paper:
    kind = _table()["kind"][row["kind"]]
    return Paper(
        id=name,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        width_mm=float(row["mm"][0]),
        height_mm=float(row["mm"][1]),
        margin_mm=float(kind["margin_mm"]),
        least_margin_mm=float(kind["least_margin_mm"]),
        source=row["source"],
    )
