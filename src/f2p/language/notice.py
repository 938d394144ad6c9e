"""An office's notice, pasted as it is, as a standard of one's own: what the sentence reader understands becomes a row."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from f2p.errors import Question
from f2p.language.reader import read
from f2p.values.reading import Reading
from f2p.values.spec import EDITS

_MM_PER_INCH = 25.4
_DPI = 300
_QUOTE = 300
"""Characters of the notice that are kept as the source."""
_MONTHS = re.compile(
    r"近\s*([0-9]{1,2}|[一二两三四五六九十])\s*个?月|(?:within|last|past)\D{0,20}?([0-9]{1,2}|one|two|three|six)\s*months?",
    re.IGNORECASE,
)
_NUMBERS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "九": 9,
    "十": 10,
    "one": 1,
    "two": 2,
    "three": 3,
    "six": 6,
}
_NO_EDIT = tuple(edit for edit in EDITS if edit not in {"upscale", "straighten", "crop"})


_HEAD_KEYS = {
    "ratio": "head_ratio", "mm": "head_mm", "eyes_from_bottom_mm": "eye_from_bottom_mm", "eyes_from_top_ratio": "eye_from_top",
}  # fmt: skip


def standard_from_notice(notice: str, name: str, title: str, day: str) -> tuple[str, Reading]:
    """(TOML of [standard.<name>], the reading) of a notice; title: its name for people; day: today, ISO 8601.

    What a notice does not say stays empty; nothing is guessed. Raises Question where it says no size.
    """
    reading = read(notice)
    asked = reading.asked
    row = {"name_zh": title, "name_en": title, "category": "exam", **_size(asked)}
    row |= {"head": _head(asked.get("geometry", {}))} if _head(asked.get("geometry", {})) else {}
    row |= _backgrounds(asked.get("background", {}))
    if "kb" in asked and {"min", "max"} & set(asked["kb"]):
        row["kb"] = {side: asked["kb"][side] for side in ("min", "max") if side in asked["kb"]}
    if asked.get("format") in {"jpg", "png"}:
        row["format"] = asked["format"]
    if "remove_glasses" in asked.get("unsupported", ()):
        row["glasses"] = "forbidden"
    row |= _edits(reading) | _age(notice)
    row |= {"source": _quote(notice), "source_kind": "own", "confidence": "own", "checked": day}
    return _toml(name, row), reading


def _size(asked: Mapping[str, Any]) -> dict[str, Any]:
    size, dpi = asked.get("size", {}), round(asked.get("dpi", asked.get("dpi_min", _DPI)))
    mm = size.get("mm") or [round(side * _MM_PER_INCH, 2) for side in size.get("inch", ())]
    px = size.get("px") or (None if mm else size.get("px_min") or size.get("px_max"))
    if not mm and not px:
        raise Question(ask="missing_size", conflicts="")
    found: dict[str, Any] = {"mm": mm} if mm else {}
    if px:
        found |= {"px": px, "px_from": "authority"}
    found["dpi"] = dpi
    return found | {key: size[key] for key in ("px_min", "px_max") if key in size}


def _head(geometry: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, said in _HEAD_KEYS.items():
        if said in geometry:
            low, high = geometry[said]
            found[key] = {"min": low, "max": high}
    return {"top_of": "hair", **found} if found else {}


def _backgrounds(wish: Mapping[str, Any]) -> dict[str, Any]:
    if wish.get("type") != "solid":
        return {}
    return {"backgrounds": [wish["name"]]} if "name" in wish else {}


def _edits(reading: Reading) -> dict[str, Any]:
    """What the notice forbids, with its own words."""
    asked = reading.asked
    forbidden = _NO_EDIT if asked.get("policy") == "no_edit" else ("retouch",) if asked.get("retouch") == "none" else ()
    words = [span.text for span in reading.spans if span.key in {"policy", "retouch"}]
    if not forbidden or not words:
        return {}
    rule = "; ".join(dict.fromkeys(words))
    return {"editing_rule": rule, "editing_rule_zh": rule, "forbidden_edits": list(forbidden)}


def _age(notice: str) -> dict[str, int]:
    found = _MONTHS.search(notice)
    if found is None:
        return {}
    number = (found[1] or found[2]).lower()
    return {"photo_age_months": int(number) if number.isdecimal() else _NUMBERS[number]}


def _quote(notice: str) -> str:
    line = " ".join(notice.split())
    return line if len(line) <= _QUOTE else line[:_QUOTE] + " …"


def _toml(name: str, row: Mapping[str, Any]) -> str:
    lines = [f"[standard.{name}]"]
    for key, value in row.items():
        parts = value.items() if key == "head" else [("", value)]
        lines += [f"{key}.{part} = {_value(inner)}" if part else f"{key} = {_value(inner)}" for part, inner in parts]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    """A TOML value; JSON's strings, numbers and lists are TOML's."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
