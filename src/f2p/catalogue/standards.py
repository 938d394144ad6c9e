"""Photo standards from data/standards.toml as frozen values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from f2p.values.spec import CUSTOM, Band, HeadRules, PhotoSpec

_DATA = Path(__file__).resolve().parents[1] / "data" / "standards.toml"

PLAIN_LIGHT = "plain_light"
_FREE_BACKDROP = frozenset({"print", "sheet", CUSTOM})
"""Categories that no office rules: any backdrop will do."""
"""In `PhotoSpec.backgrounds`: any plain light colour; no colour of its own."""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def standards() -> Mapping[str, PhotoSpec]:
    """Every standard of the catalogue by its id, in the order of the file (China first); read-only."""
    table = _table()
    dpi, checked = table["conventions"]["dpi"], table["checked"]
    specs = (_spec(name, {"dpi": dpi, "checked": checked} | row) for name, row in table["standard"].items())
    return MappingProxyType({spec.id: spec for spec in specs})


@cache
def conventions() -> HeadRules:
    """Head rules for prints that no office rules (cn_1inch, ...): what photo studios do, hence an assumption to be told."""
    return _head(_table()["conventions"]["head"], (1, 1))


def near(name: str) -> tuple[str, ...]:
    """Up to three ids that look like `name`, the likeliest first; () where none does."""
    import difflib  # 12 ms that only a slip of the pen has to pay

    return tuple(difflib.get_close_matches(name.strip().lower().replace("-", "_"), standards(), n=3, cutoff=0.6))


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


def _head(row: Mapping[str, Any], px: tuple[int, int]) -> HeadRules:
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


def _pair(row: Mapping[str, Any], key: str) -> tuple[int, int] | None:
    return (row[key][0], row[key][1]) if key in row else None


def _spec(name: str, row: Mapping[str, Any]) -> PhotoSpec:
    width_px, height_px = row["px"]
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
        head=_head(row["head"], (width_px, height_px)) if "head" in row else HeadRules(),
        backgrounds=tuple(row.get("backgrounds", ())),
        background_hex=tuple(row.get("background_hex", ())),
        kb=_band(row.get("kb")) or Band(),
        format=row.get("format", "jpg"),
        file_rule=row.get("file_rule", ""),
        px_from=row.get("px_from", "mm" if "mm" in row else "authority"),
        glasses=row.get("glasses", ""),
        expression=row.get("expression", ""),
        head_cover=row.get("head_cover", ""),
        photo_age_months=row.get("photo_age_months"),
        editing_rule=row.get("editing_rule", ""),
        editing_rule_zh=row.get("editing_rule_zh", ""),
        forbidden_edits=tuple(row.get("forbidden_edits", ())),
        authority=row.get("authority", ""),
        authority_zh=row.get("authority_zh", ""),
        source=row["source"],
        source_kind=row["source_kind"],
        confidence=row["confidence"],
        checked=row["checked"],
        conflicts=tuple(row.get("conflicts", ())),
        conflicts_zh=tuple(row.get("conflicts_zh", ())),
        notes=row.get("notes", ""),
        notes_zh=row.get("notes_zh", ""),
    )


def demands_plain(spec: PhotoSpec) -> bool:
    """Whether an office takes this photo: then its backdrop is plain, without gradient, shadow or picture."""
    return spec.category not in _FREE_BACKDROP
