"""Rules of one standard that no photo can keep together: a head that does not fit, a file size that no JPEG of it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from f2p.catalogue.reading import head_rules, pixels_of
from f2p.values.spec import Band, HeadRules

_MM_PER_INCH = 25.4
_EYES = (0.38, 0.62)
"""Share of the head's height, from its top, within which the eyes stand in any face and by any meaning of "top"."""
_LEAST_BYTES = 0.04
"""Bytes a pixel of a portrait at the lowest JPEG quality that still shows a face (quality 25 to 30, measured on ID photos)."""
_HEADER_BYTES = 700
_ROOM = 0.02
"""Share of the height by which bands may miss each other: sources round."""


def unfeasible(table: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, object]]]:
    """(key, code of the fault, its blanks) of rules that contradict each other; of a row whose parts are well formed."""
    width_px, height_px = pixels_of(table)
    if "head" in table:
        rules = head_rules(table["head"], (width_px, height_px))
        yield from _head(rules, table["mm"][1] if "mm" in table else height_px * _MM_PER_INCH / table["dpi"])
    most = table.get("kb", {}).get("max")
    least = (width_px * height_px * _LEAST_BYTES + _HEADER_BYTES) / 1024
    if most is not None and most < least:
        yield "kb", "kb_unreachable", {"high": most, "least": round(least, 1)}


def _head(rules: HeadRules, height_mm: float) -> Iterator[tuple[str, str, dict[str, object]]]:
    head = _both(rules.head_ratio, rules.head_mm, height_mm)
    top = _both(rules.top_ratio, rules.top_mm, height_mm)
    bottom = _both(None, rules.bottom_mm, height_mm)
    if head is None or top is None or bottom is None:
        yield "head", "bands_exclude", {}
        return
    if head[0] + top[0] + bottom[0] > 1 + _ROOM:
        yield "head", "head_too_large", {"share": round((head[0] + top[0] + bottom[0]) * 100)}
    eyes = _eyes(rules, height_mm)
    highest, lowest = top[0] + _EYES[0] * head[0], _lowest_eyes(head, top)
    if eyes and not (eyes[0] <= lowest + _ROOM and highest - _ROOM <= eyes[1]):
        yield "head", "eyes_do_not_fit", {}


def _lowest_eyes(head: tuple[float, float], top: tuple[float, float]) -> float:
    """The lowest eye line of a head that stays in the picture: as low and as large as the bands let it be."""
    if top[1] + head[0] >= 1:
        return 1 - (1 - _EYES[1]) * head[0]
    return top[1] + _EYES[1] * min(head[1], 1 - top[1])


def _both(share: Band | None, mm: Band | None, height_mm: float) -> tuple[float, float] | None:
    """What both bands allow, as shares of the height; None where they leave nothing."""
    low, high = _ends(share, 1)
    if mm is not None:
        other_low, other_high = _ends(mm, height_mm)
        low, high = max(low, other_low), min(high, other_high)
    return None if low > high + _ROOM else (low, max(low, high))


def _ends(band: Band | None, whole: float) -> tuple[float, float]:
    if band is None:
        return 0, 1
    return (band.low or 0) / whole, 1 if band.high is None else band.high / whole


def _eyes(rules: HeadRules, height_mm: float) -> tuple[float, float] | None:
    """Where the eyes may be, as shares from the top."""
    if rules.eyes_from_top_ratio:
        return _ends(rules.eyes_from_top_ratio, 1)
    if rules.eyes_from_bottom_mm:
        low, high = _ends(rules.eyes_from_bottom_mm, height_mm)
        return 1 - high, 1 - low
    return None
