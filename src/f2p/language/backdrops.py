"""The backdrop of the plan: what was asked, else what the standard wants, else white."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from f2p.catalogue.colours import colours
from f2p.catalogue.standards import PLAIN_LIGHT
from f2p.language.filled import Filled
from f2p.values.plan import Backdrop, BackdropKind, Direction
from f2p.values.spec import PhotoSpec

_WHITE = "white"
_GRADIENT_FROM = "light_gray"
_LIGHT_FROM = 150
"""Smallest channel mean of a colour that counts as "plain light"."""


def resolve_backdrop(asked: Mapping[str, Any], spec: PhotoSpec, filled: Filled) -> Backdrop:
    """The complete backdrop; a colour that the standard does not list is made as asked, and told."""
    wish: Mapping[str, Any] = asked.get("background", {})
    kind = wish.get("type")
    if kind == "image":
        filled.leave_out("background_image")
    if kind == "solid":
        return _solid(wish, spec, filled)
    if kind == "gradient":
        return _gradient(wish, filled)
    if kind in {"keep", "transparent", "blur"}:
        return Backdrop(kind=BackdropKind(kind))
    if asked.get("geometry", {}).get("crop") == "only":
        filled.assume("background", "keep", "crop_only")
        return Backdrop(kind=BackdropKind.KEEP)
    name = next((colour for colour in spec.backgrounds if colour != PLAIN_LIGHT), _WHITE)
    why = "standard" if spec.backgrounds else "not_said"
    filled.assume("background", name, "missing_color" if asked.get("ask") == "missing_color" else why)
    return Backdrop(kind=BackdropKind.SOLID, color=_hex(name, spec))


def _hex(name: str, spec: PhotoSpec | None = None) -> str:
    """The colour's number; the standard's own where it names one."""
    if spec and name in spec.backgrounds and len(spec.background_hex) == len(spec.backgrounds):
        return spec.background_hex[spec.backgrounds.index(name)].upper()
    return colours()[name].hex.upper()


def _solid(wish: Mapping[str, Any], spec: PhotoSpec, filled: Filled) -> Backdrop:
    name = wish.get("name")
    color = wish["color"] if "color" in wish else _hex(name or _WHITE, spec)
    if name and spec.backgrounds and spec.category != "print" and not _allowed(name, color, spec):
        filled.assume("background", name, "background_not_in_standard")
    return Backdrop(kind=BackdropKind.SOLID, color=color)


def _allowed(name: str, color: str, spec: PhotoSpec) -> bool:
    light = sum(int(color[i : i + 2], 16) for i in (1, 3, 5)) / 3 >= _LIGHT_FROM
    return name in spec.backgrounds or (PLAIN_LIGHT in spec.backgrounds and light)


def _gradient(wish: Mapping[str, Any], filled: Filled) -> Backdrop:
    """Plan order: vertical and horizontal from → to; a reading's radial runs from the middle, a plan's from the corners."""
    start, end = wish.get("from"), wish.get("to")
    direction = Direction(wish.get("direction", Direction.VERTICAL.value))
    if start is None:
        start = _GRADIENT_FROM
        filled.assume("background.from", start, "gradient_end")
    if end is None:
        end = _WHITE if start != _WHITE else _GRADIENT_FROM
        filled.assume("background.to", end, "gradient_end")
    if "direction" not in wish:
        filled.assume("background.direction", direction.value, "not_said")
    first, second = (end, start) if direction is Direction.RADIAL else (start, end)
    return Backdrop(kind=BackdropKind.GRADIENT, color=_hex(first), color_to=_hex(second), direction=direction)
