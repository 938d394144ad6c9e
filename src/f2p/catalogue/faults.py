"""What is wrong with a row of a standards file: names, types, ranges, rules that cannot be kept together; each with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from f2p.catalogue.colours import colours
from f2p.catalogue.feasible import unfeasible
from f2p.catalogue.regions import NOWHERE, regions
from f2p.catalogue.rows import Row
from f2p.catalogue.standards import PLAIN_LIGHT
from f2p.values.spec import CATEGORIES, CONFIDENCES, EDITS, EXPRESSIONS, GLASSES, HEAD_COVERS, PX_FROM

_ID = re.compile(r"[a-z][a-z0-9_]{1,63}")
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_MM_PER_INCH = 25.4
_NEEDED = ("name_zh", "name_en", "region", "category", "source", "source_kind", "confidence", "checked", "dpi")
_TEXTS = (
    "name_zh", "name_en", "source", "source_kind", "file_rule", "editing_rule", "editing_rule_zh", "authority", "authority_zh",
    "notes", "notes_zh",
)  # fmt: skip
_IN_BOTH = (("editing_rule", "editing_rule_zh"), ("authority", "authority_zh"), ("notes", "notes_zh"))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. code: its text is fault.<code> in the messages; key: what it is about, "" for the row itself."""

    file: str
    line: int
    standard: str
    key: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def faults_of(row: Row, usual: Mapping[str, Any]) -> list[Fault]:
    """Everything that is wrong with a row, in the order of its lines; usual: what it has where it says nothing."""
    try:
        said = row.table()
    except tomllib.TOMLDecodeError as error:
        return [Fault(row.file, row.line, row.id, "", "syntax", {"why": str(error)})]
    table = {**usual, **said}
    found = [*_forms(row.id, table), *_values(table)]
    if not found:  # rules are compared only where each can be read
        found = [*_together(table), *unfeasible(table)]
    made = [Fault(row.file, row.line_of(key), row.id, key, code, params) for key, code, params in found]
    return sorted(made, key=lambda fault: fault.line)


_Found = Iterator[tuple[str, str, dict[str, object]]]


def _forms(name: str, table: Mapping[str, Any]) -> _Found:
    """Names and types."""
    if not _ID.fullmatch(name):
        yield "", "bad_id", {"name": name}
    for key in _NEEDED:
        if key not in table:
            yield key, "missing", {"key": key}
    if "px" not in table and "mm" not in table:
        yield "px", "missing", {"key": "px"}
    for key, value in table.items():
        if key not in _KINDS:
            yield key, "unknown_key", {"key": key}
        elif not _KINDS[key](value):
            yield key, "wrong_type", {"key": key}
    if isinstance(table.get("head"), dict):
        yield from _head_forms(table["head"])


def _head_forms(head: Mapping[str, Any]) -> _Found:
    if head.get("top_of") not in {"hair", "skull"}:
        yield "head.top_of", "not_one_of", {"key": "head.top_of", "allowed": "hair, skull"}
    for key, value in head.items():
        if key in {"top_of", "wording"}:
            continue
        if key not in _HEAD_LIMITS:
            yield f"head.{key}", "unknown_key", {"key": f"head.{key}"}
        elif not _is_band(value):
            yield f"head.{key}", "wrong_type", {"key": f"head.{key}"}
        elif not 0 <= min(value.values()) <= max(value.values()) <= _HEAD_LIMITS[key]:
            yield f"head.{key}", "out_of_range", {"key": f"head.{key}", "low": 0, "high": _HEAD_LIMITS[key]}
        elif value.get("min", 0) > value.get("max", _HEAD_LIMITS[key]):
            yield f"head.{key}", "upside_down", {"key": f"head.{key}"}


def _values(table: Mapping[str, Any]) -> _Found:
    """Ranges and codes, of what has the right type."""
    for key, (low, high) in _RANGES.items():
        value = table.get(key)
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
        if _KINDS[key](value) and not all(low <= part <= high for part in parts if part is not None):
            yield key, "out_of_range", {"key": key, "low": low, "high": high}
    for key, allowed in _ONE_OF.items():
        values = table.get(key, ())
        for value in values if isinstance(values, list) else [values] if values else ():
            if value not in allowed():
                yield key, "not_one_of", {"key": key, "value": str(value), "allowed": ", ".join(sorted(allowed()))}
    kb = table.get("kb")
    if isinstance(kb, dict) and _is_band(kb) and kb.get("min", 0) > kb.get("max", kb.get("min", 0)):
        yield "kb", "upside_down", {"key": "kb"}
    if not _is_date(table.get("checked")):
        yield "checked", "not_a_date", {"key": "checked"}


def _together(table: Mapping[str, Any]) -> _Found:
    """What several keys must say together."""
    yield from _pixels(table)
    for one, other in _IN_BOTH:
        if bool(table.get(one)) != bool(table.get(other)):
            yield (one if table.get(one) else other), "one_language", {"key": one, "other": other}
    if len(table.get("conflicts", ())) != len(table.get("conflicts_zh", ())):
        yield "conflicts", "one_language", {"key": "conflicts", "other": "conflicts_zh"}
    if table.get("forbidden_edits") and not table.get("editing_rule"):
        yield "forbidden_edits", "no_words_for_edits", {}
    edits = table.get("forbidden_edits", [])
    if edits != sorted(set(edits), key=EDITS.index):
        yield "forbidden_edits", "not_in_order", {"key": "forbidden_edits", "order": ", ".join(EDITS)}
    hexes = table.get("background_hex", ())
    if len(hexes) > len(table.get("backgrounds", ())) or not all(_HEX.fullmatch(one) for one in hexes):
        yield "background_hex", "bad_hex", {}


def _pixels(table: Mapping[str, Any]) -> _Found:
    px, mm, dpi = table.get("px"), table.get("mm"), table["dpi"]
    origin = table.get("px_from", "mm" if mm else "authority")
    if mm and px and origin == "mm":
        follows = [round(side * dpi / _MM_PER_INCH) for side in mm]
        if follows != px:
            yield "px", "px_do_not_follow", {"px": _pair(px), "follows": _pair(follows), "dpi": dpi}
    if mm and px and origin == "inch":
        follows = [round(round(side / _MM_PER_INCH * 4) / 4 * dpi) for side in mm]
        if follows != px:
            yield "px", "px_do_not_follow", {"px": _pair(px), "follows": _pair(follows), "dpi": dpi}
    if not mm and origin != "authority":
        yield "px_from", "px_from_without_mm", {}
    for key, sign in (("px_min", -1), ("px_max", 1)):
        limit = table.get(key)
        if limit and px and any((side - bound) * sign > 0 for side, bound in zip(px, limit, strict=True)):
            yield key, "px_outside", {"px": _pair(px), "limit": _pair(limit)}


def _pair(sides: list[float]) -> str:
    return f"{sides[0]:g}x{sides[1]:g}"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(one) for one in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_number(one) for one in value)


def _is_whole_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_whole(one) for one in value)


def _is_band(value: object) -> bool:
    return (
        isinstance(value, dict) and 0 < len(value) <= 2 and set(value) <= {"min", "max"} and all(map(_is_number, value.values()))
    )


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value) > date(2000, 1, 1)
    except ValueError:
        return False


_KINDS: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(_TEXTS, _is_text),
    **dict.fromkeys(("region", "category", "px_from", "format", "glasses", "expression", "head_cover", "confidence"), _is_text),
    **dict.fromkeys(("backgrounds", "background_hex", "forbidden_edits", "conflicts", "conflicts_zh"), _is_texts),
    **dict.fromkeys(("px", "px_min", "px_max"), _is_whole_pair),
    "mm": _is_pair, "dpi": _is_whole, "kb": _is_band, "checked": _is_text, "photo_age_months": _is_whole,
    "head": lambda value: isinstance(value, dict),
}  # fmt: skip
_HEAD_LIMITS = {
    "mm": 300, "ratio": 1, "width_mm": 300, "face_width_px": 10_000, "eyes_from_bottom_mm": 300, "eyes_from_bottom_px": 10_000,
    "eyes_from_top_ratio": 1, "eyes_from_top_px": 10_000, "top_mm": 300, "top_ratio": 1, "top_px": 10_000, "bottom_mm": 300,
}  # fmt: skip
_RANGES = {
    "mm": (5, 500), "px": (16, 10_000), "px_min": (16, 20_000), "px_max": (16, 20_000), "dpi": (50, 1200), "kb": (1, 102_400),
    "photo_age_months": (1, 120),
}  # fmt: skip
_ONE_OF: Mapping[str, Callable[[], frozenset[str]]] = {
    "region": lambda: frozenset({*regions(), NOWHERE}),
    "category": lambda: frozenset(CATEGORIES),
    "px_from": lambda: frozenset(PX_FROM),
    "format": lambda: frozenset({"jpg", "png"}),
    "glasses": lambda: frozenset(GLASSES),
    "expression": lambda: frozenset(EXPRESSIONS),
    "head_cover": lambda: frozenset(HEAD_COVERS),
    "confidence": lambda: frozenset(CONFIDENCES),
    "forbidden_edits": lambda: frozenset(EDITS),
    "backgrounds": lambda: frozenset({*colours(), PLAIN_LIGHT}),
}
