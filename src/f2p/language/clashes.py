"""Wishes that cannot stand together: found the same way in a sentence, after an edited chip and after a follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BITS_PER_PIXEL_LEAST = 0.05
"""Fewer bits a pixel than this and no photo file can be that small (JPEG at its lowest quality needs about 0.1)."""
_BITS_PER_KB = 8192
_TRANSPARENT_JPG = ("background", "format")
_TOO_SMALL_A_FILE = ("kb", "size")


def transparent_jpg(asked: Mapping[str, Any]) -> bool:
    """Whether a transparent backdrop is wanted in a file type that cannot hold one."""
    return _mapping(asked, "background").get("type") == "transparent" and asked.get("format") == "jpg"


def too_small_a_file(asked: Mapping[str, Any]) -> bool:
    """Whether so many pixels can never fit into so few KB."""
    pixels, limit = _mapping(asked, "size").get("px"), _mapping(asked, "kb").get("max")
    if not pixels or not limit:
        return False
    return bool(limit * _BITS_PER_KB / (pixels[0] * pixels[1]) < _BITS_PER_PIXEL_LEAST)


def settled(asked: dict[str, Any]) -> dict[str, Any]:
    """`asked` with the question that two of its wishes raise, as a sentence that says both would be read."""
    if transparent_jpg(asked):
        rest = {key: value for key, value in asked.items() if key not in _TRANSPARENT_JPG}
        conflicts = sorted({*asked.get("conflicts", ()), *_TRANSPARENT_JPG})
        return {**rest, "ask": "contradiction", "conflicts": conflicts}
    if too_small_a_file(asked):
        return {**asked, "ask": "infeasible", "conflicts": list(_TOO_SMALL_A_FILE)}
    return asked


def _mapping(asked: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = asked.get(key)
    return value if isinstance(value, Mapping) else {}
