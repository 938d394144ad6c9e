"""Several papers of one sentence: what each is asked for, what each file is called, and what was assumed for which of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from f2p.language.filled import Filled
from f2p.values.plan import IdPhotoPlan
from f2p.values.reading import Assumption
from f2p.values.spec import CUSTOM

Asked = dict[str, Any]
_SHEET = "sheet"
ONLY_SHEET = "only_sheet"
"""Beside the keys of a reading: this paper is printed, and its photo is no file of its own."""


def each_paper(asked: Mapping[str, Any]) -> tuple[Asked, ...]:
    """What is asked of each paper, what all share included; one for a sentence about one file.

    An output with nothing but a sheet prints the first photo: it goes with that paper. So does a sheet that is said beside the
    list. More sheets than that are papers of their own, of which only the sheet is written. Papers that nothing tells apart are
    one.
    """
    outputs = asked.get("outputs")
    if not outputs:
        return (dict(asked),)
    shared = {key: value for key, value in asked.items() if key != "outputs"}
    sheets = [one[_SHEET] for one in outputs if set(one) == {_SHEET}]
    photos = [{**shared, **one} for one in outputs if set(one) != {_SHEET}] or [{**shared, _SHEET: sheets.pop(0)}]
    if _SHEET in shared and len(photos) > 1:
        sheets.insert(0, shared[_SHEET])
        photos = [{key: value for key, value in one.items() if key != _SHEET} for one in photos]
    more = []
    for sheet in sheets:
        at = _printed(photos, sheet)
        if _SHEET in photos[at]:
            more.append({**photos[at], _SHEET: sheet, ONLY_SHEET: True})
        else:
            photos[at] = {**photos[at], _SHEET: sheet}
    papers = (*photos, *more)
    return tuple(one for at, one in enumerate(papers) if one not in papers[:at])


def too_few(asked: Mapping[str, Any], papers: Sequence[Mapping[str, Any]]) -> bool:
    """Whether more files are asked for than the sentence tells apart ("and another version")."""
    outputs = asked.get("outputs", ())
    return any(one in outputs[:at] for at, one in enumerate(outputs)) and len(papers) < len(outputs)


def _printed(photos: Sequence[Mapping[str, Any]], sheet: Any) -> int:
    """Which photo the sheet prints: the first of a size that stands on it, else the first."""
    sizes = {one.get("size") for one in sheet.get("mixed", ())} if isinstance(sheet, Mapping) else set()
    return next((at for at, one in enumerate(photos) if one.get("size", {}).get("name") in sizes), 0)


def named_apart(papers: Sequence[IdPhotoPlan], asked: Sequence[Mapping[str, Any]]) -> tuple[IdPhotoPlan, ...]:
    """The papers, each with a name of its own: the standard's id, and as much of what else tells them apart as it takes."""
    names = [_id(paper) for paper in papers]
    for key in _TELLING:
        taken = [name for name in names if names.count(name) > 1]
        if len({repr(one.get(key)) for name, one in zip(names, asked, strict=True) if name in taken}) < 2:
            continue
        names = [
            f"{name}_{_label(key, one[key])}" if name in taken and key in one else name
            for name, one in zip(names, asked, strict=True)
        ]
    names = [name if names.count(name) == 1 else f"{name}_{names[: at + 1].count(name)}" for at, name in enumerate(names)]
    return tuple(replace(paper, name="" if name == paper.spec.id else name) for paper, name in zip(papers, names, strict=True))


_TELLING = ("background", "format", "kb", "dpi", "retouch", "color_mode", _SHEET)
"""What tells two papers of one standard apart, the plainest first."""


def _id(paper: IdPhotoPlan) -> str:
    spec = paper.spec
    return f"{spec.width_px}x{spec.height_px}" if spec.id == CUSTOM else spec.id


def _label(key: str, value: Any) -> str:
    if key == "background":
        return str(value.get("name") or value.get("color", "").removeprefix("#") or value.get("type"))
    if key == "kb":
        return f"{next(iter(reversed(value.values()))):g}kb"
    if key == _SHEET:
        return str(value.get("paper", _SHEET)) if isinstance(value, Mapping) else _SHEET
    return f"{value}dpi" if key == "dpi" else str(value)


def together(filled: Sequence[Filled]) -> tuple[Assumption, ...]:
    """What was assumed: once where it holds for every paper, else with the paper's number ("outputs.2.background")."""
    if len(filled) == 1:
        return tuple(filled[0].assumed)
    common = [one for one in filled[0].assumed if all(one in other.assumed for other in filled)]
    own = [
        replace(one, key=f"outputs.{number}.{one.key}")
        for number, other in enumerate(filled, 1)
        for one in other.assumed
        if one not in common
    ]
    return (*common, *own)
