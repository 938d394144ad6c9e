"""A wish for prints turned into a complete sheet: the paper, the sizes on it, gap and margin, marks; and said again in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from f2p.catalogue.papers import find_paper, gap_mm, least_gap_mm, papers, print_size_mm, tight_gap_mm
from f2p.catalogue.standards import standards
from f2p.errors import Infeasible, Question, UnknownPaper
from f2p.language.filled import Filled
from f2p.values.sheet import Caption, CutMarks, Paper, SheetFormat, SheetItem, SheetPlan
from f2p.values.spec import PhotoSpec

_USUAL_PAPER = "6inch"
_MOST_GAP_MM, _MOST_MARGIN_MM, _MOST_PHOTOS = 50.0, 100.0, 500
_MAX = "max"
Say = Callable[..., str]


def with_size_of_sheet(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked, where a sheet of several sizes says how large the photo itself is to be: its first size."""
    sizes = asked.get("sheet", {}).get("mixed", ()) if isinstance(asked.get("sheet"), Mapping) else ()
    if not sizes or "size" in asked:
        return dict(asked)
    return {**asked, "size": {"name": sizes[0]["size"]}}


def sheet_specs(asked: Mapping[str, Any], spec: PhotoSpec) -> tuple[PhotoSpec, ...]:
    """The standards of the other sizes on the sheet: what their authorities forbid holds for the photo too. Raises Question."""
    wish = asked.get("sheet")
    sizes = wish.get("mixed", ()) if isinstance(wish, Mapping) else ()
    return tuple(_standard(one["size"], spec) for one in sizes if one["size"] != spec.id)


def photo_format(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked of the photo's own file: with a sheet, "as PDF" is about the sheet."""
    if isinstance(asked.get("sheet"), Mapping) and asked.get("format") == "pdf":
        return {key: value for key, value in asked.items() if key != "format"}
    return dict(asked)


def resolve_sheet(asked: Mapping[str, Any], spec: PhotoSpec, border_mm: float, filled: Filled) -> SheetPlan | None:
    """The sheet asked for, None where none is. Raises UnknownPaper, Infeasible, Question (a size the catalogue lacks)."""
    wish = asked.get("sheet")
    if not isinstance(wish, Mapping):
        return None
    paper = _paper(wish, filled)
    items = _items(wish, spec, border_mm, filled)
    gap, least_gap = _length(wish, "gap_mm", (gap_mm(), least_gap_mm(), _MOST_GAP_MM), filled)
    margin, least_margin = _length(wish, "margin_mm", (paper.margin_mm, paper.least_margin_mm, _MOST_MARGIN_MM), filled)
    if "cut_marks" not in wish:
        filled.assume("sheet.cut_marks", CutMarks.TICKS.value, "not_said")
    if asked.get("format") == SheetFormat.PDF.value:
        filled.assume("sheet.format", SheetFormat.PDF.value, "pdf_is_sheet")
    marks = {True: CutMarks.LINES, False: CutMarks.NONE}.get(wish.get("cut_marks", ""), CutMarks.TICKS)
    return SheetPlan(
        paper=paper,
        items=items,
        gap_mm=gap,
        least_gap_mm=least_gap,
        tight_gap_mm=gap if "gap_mm" in wish else tight_gap_mm(),
        margin_mm=margin,
        least_margin_mm=least_margin,
        per_row=None if "per_row" not in wish else _whole(wish["per_row"]),
        cut_marks=marks,
        caption=Caption.NAME if wish.get("captions") else Caption.NONE,
        format=SheetFormat.PDF if asked.get("format") == "pdf" else SheetFormat.JPG,
    )


def _paper(wish: Mapping[str, Any], filled: Filled) -> Paper:
    if "paper" not in wish:
        filled.assume("sheet.paper", _USUAL_PAPER, "not_said")
        return papers()[_USUAL_PAPER]
    paper = find_paper(str(wish["paper"]))
    if paper is None:
        raise UnknownPaper(name=str(wish["paper"]), near=", ".join(papers()))
    return paper


def _items(wish: Mapping[str, Any], spec: PhotoSpec, border_mm: float, filled: Filled) -> tuple[SheetItem, ...]:
    if wish.get("mixed"):
        return tuple(_item(_standard(one["size"], spec), border_mm, _whole(one["count"])) for one in wish["mixed"])
    if "count" not in wish:
        filled.assume("sheet.count", _MAX, "not_said")
    count = wish.get("count", _MAX)
    return (_item(spec, border_mm, None if count == _MAX else _whole(count)),)


def _standard(name: str, own: PhotoSpec) -> PhotoSpec:
    found = own if name == own.id else standards().get(name)
    if found is None:
        raise Question(ask="unknown_document", conflicts="")
    return found


def _item(spec: PhotoSpec, border_mm: float, count: int | None) -> SheetItem:
    """The photo's print size: as the standard says, else from px and dpi."""
    width, height = print_size_mm(spec)
    return SheetItem(
        name_zh=spec.name_zh,
        name_en=spec.name_en,
        width_mm=round(width + 2 * border_mm, 1),
        height_mm=round(height + 2 * border_mm, 1),
        count=count,
        spec=spec,
    )


def _whole(count: Any) -> int:
    number = int(count)
    if not 1 <= number <= _MOST_PHOTOS:
        raise Infeasible(what="sheet_photos", best=1 if number < 1 else _MOST_PHOTOS)
    return number


def _length(wish: Mapping[str, Any], key: str, usual: tuple[float, float, float], filled: Filled) -> tuple[float, float]:
    """What was said, which then is kept; else the usual with what it may go down to. usual: first, least, the most to ask for."""
    first, least, most = usual
    if key not in wish:
        filled.assume(f"sheet.{key}", f"{first:g}", "not_said")
        return first, least
    said = float(wish[key])
    if not 0 <= said <= most:
        raise Infeasible(what=f"sheet_{key.removesuffix('_mm')}", best=f"{0 if said < 0 else most:g} mm")
    return said, said


def explain_sheet(sheet: SheetPlan, spec: PhotoSpec, say: Say, titles: Callable[[PhotoSpec], str]) -> Iterator[str]:
    """The sheet in words that are read as the same sheet. say: a piece of the table [explain] with its blanks filled."""
    paper = sheet.paper
    if paper.id in papers():
        yield say("sheet_paper", paper=say(f"paper_{paper.id}"))
    else:
        yield say("sheet_own_paper", width=f"{paper.width_mm:g}", height=f"{paper.height_mm:g}")
    if len(sheet.items) > 1 or sheet.items[0].spec != spec:
        yield _mixed(sheet.items, say, titles)
    elif sheet.items[0].count is not None:
        yield say("sheet_count", count=str(sheet.items[0].count))
    if sheet.per_row is not None:
        yield say("sheet_per_row", count=str(sheet.per_row))
    if sheet.gap_mm == sheet.least_gap_mm:
        yield say("sheet_gap", value=f"{sheet.gap_mm:g}")
    if sheet.margin_mm == sheet.least_margin_mm:
        yield say("sheet_margin", value=f"{sheet.margin_mm:g}")
    if sheet.cut_marks is not CutMarks.TICKS:
        yield say("sheet_cut_marks" if sheet.cut_marks is CutMarks.LINES else "sheet_no_cut_marks")
    if sheet.caption is not Caption.NONE:
        yield say("sheet_captions")


def _mixed(items: Sequence[SheetItem], say: Say, titles: Callable[[PhotoSpec], str]) -> str:
    counted = [
        say("sheet_of_size", count=str(item.count), size=titles(item.spec) if item.spec is not None else item.name_en)
        for item in items
    ]
    return say("sheet_mixed", sizes=say("sheet_and").join(counted))
