"""A row of a standards file as a `PhotoSpec`: bands, shares of the picture, defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from f2p.values.spec import Band, HeadRules, PhotoSpec

_MM_PER_INCH = 25.4


def photo_spec(name: str, row: Mapping[str, Any]) -> PhotoSpec:
    """The standard that a row says; see docs/standards.md. The row must be without faults (`faults_of`)."""
    width_px, height_px = pixels_of(row)
    width_mm, height_mm = row.get("mm", (None, None))
    return PhotoSpec(
        id=name,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        region=row["region"],
        category=row["category"],
        width_px=width_px,
        height_px=height_px,
        dpi=row["dpi"],
        width_mm=width_mm,
        height_mm=height_mm,
        min_px=_pair(row, "px_min"),
        max_px=_pair(row, "px_max"),
        head=head_rules(row["head"], (width_px, height_px)) if "head" in row else HeadRules(),
        kb=_band(row.get("kb")) or Band(),
        px_from=row.get("px_from", "mm" if "mm" in row else "authority"),
        photo_age_months=row.get("photo_age_months"),
        format=row.get("format", "jpg"),
        source=row["source"],
        source_kind=row["source_kind"],
        confidence=row["confidence"],
        checked=row["checked"],
        **_plain(row),
    )


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Lists and texts, which stand in the value as they stand in the row."""
    return {key: tuple(row.get(key, ())) for key in _LISTS} | {key: row.get(key, "") for key in _TEXTS}


_LISTS = ("backgrounds", "background_hex", "forbidden_edits", "conflicts", "conflicts_zh")
_TEXTS = (
    "file_rule", "glasses", "expression", "head_cover", "editing_rule", "editing_rule_zh", "authority", "authority_zh",
    "notes", "notes_zh",
)  # fmt: skip


def pixels_of(row: Mapping[str, Any]) -> tuple[int, int]:
    """The row's px, or those that follow from its mm and dpi."""
    if "px" in row:
        return row["px"][0], row["px"][1]
    return round(row["mm"][0] * row["dpi"] / _MM_PER_INCH), round(row["mm"][1] * row["dpi"] / _MM_PER_INCH)


def head_rules(row: Mapping[str, Any], px: tuple[int, int]) -> HeadRules:
    """The head's rules; what a source gives in pixels of px is read as shares of the picture."""
    width_px, height_px = px
    eyes_from_bottom = _from_other_edge(_share(row.get("eyes_from_bottom_px"), height_px))
    return HeadRules(
        reference=row["top_of"],
        reference_wording=row.get("wording", ""),
        head_mm=_band(row.get("mm")),
        head_ratio=_band(row.get("ratio")),
        head_width_mm=_band(row.get("width_mm")),
        face_width_ratio=_share(row.get("face_width_px"), width_px),
        eyes_from_bottom_mm=_band(row.get("eyes_from_bottom_mm")),
        eyes_from_top_ratio=_band(row.get("eyes_from_top_ratio"))
        or _share(row.get("eyes_from_top_px"), height_px)
        or eyes_from_bottom,
        top_mm=_band(row.get("top_mm")),
        top_ratio=_band(row.get("top_ratio")) or _share(row.get("top_px"), height_px),
        bottom_mm=_band(row.get("bottom_mm")),
    )


def _band(limits: Mapping[str, float] | None) -> Band | None:
    return None if limits is None else Band(limits.get("min"), limits.get("max"))


def _share(limits: Mapping[str, float] | None, whole_px: int) -> Band | None:
    """Limits in px of the standard's own size, as shares of that size."""
    return None if limits is None else _band({side: px / whole_px for side, px in limits.items()})


def _from_other_edge(share: Band | None) -> Band | None:
    """A share measured from the bottom as a share measured from the top."""
    if share is None:
        return None
    return Band(None if share.high is None else 1 - share.high, None if share.low is None else 1 - share.low)


def _pair(row: Mapping[str, Any], key: str) -> tuple[int, int] | None:
    return (row[key][0], row[key][1]) if key in row else None
