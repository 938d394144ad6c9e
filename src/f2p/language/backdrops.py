"""The backdrop of the plan: what was asked, else what the standard wants, else white."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from f2p.catalogue.colours import colours, studio_grey
from f2p.catalogue.standards import PLAIN_LIGHT, demands_plain
from f2p.language.filled import Filled
from f2p.values.plan import Backdrop, BackdropKind, Direction, IdPhotoPlan
from f2p.values.spec import PhotoSpec

_WHITE = "white"
_GRADIENT_FROM = "light_gray"
_STUDIO = "studio"
_PICTURE_WISH = "background_image"
_LIGHT_FROM = 150
"""Smallest channel mean of a colour that counts as "plain light"."""


def resolve_backdrop(asked: Mapping[str, Any], spec: PhotoSpec, filled: Filled) -> Backdrop:
    """The complete backdrop; a colour that the standard does not list is made as asked, and told.

    A gradient, studio light or picture for an office's photo is not: it takes a plain backdrop, and that is told.
    """
    wish: Mapping[str, Any] = asked.get("background", {})
    kind = wish.get("type")
    if demands_plain(spec) and (kind in {"gradient", "image"} or "style" in wish):
        if kind == "image" and wish.get("style") != _STUDIO:
            filled.leave_out(_PICTURE_WISH)
        return _plain(spec, "plain_demanded", filled)
    if wish.get("style") == _STUDIO or (kind == "solid" and "style" in wish):
        return _studio(wish)
    if kind == "image":
        return Backdrop(kind=BackdropKind.IMAGE)
    if kind == "solid":
        return _solid(wish, spec, filled)
    if kind == "gradient":
        return _gradient(wish, filled)
    if kind in {"keep", "transparent", "blur"}:
        return Backdrop(kind=BackdropKind(kind))
    if asked.get("geometry", {}).get("crop") == "only":
        filled.assume("background", "keep", "crop_only")
        return Backdrop(kind=BackdropKind.KEEP)
    why = "standard" if spec.backgrounds else "not_said"
    return _plain(spec, "missing_color" if asked.get("ask") == "missing_color" else why, filled)


def before_picture(plan: IdPhotoPlan) -> IdPhotoPlan:
    """The plan with the picture that is handed in behind the person; "blurred" is then said of that picture.

    An office's photo keeps its plain backdrop, and the picture stands among what is left out.
    """
    if not demands_plain(plan.spec):
        soft = plan.backdrop.kind is BackdropKind.BLUR or plan.backdrop.soften
        return replace(plan, backdrop=Backdrop(kind=BackdropKind.IMAGE, soften=soft))
    if _PICTURE_WISH in plan.unsupported:
        return plan
    return replace(plan, unsupported=(*plan.unsupported, _PICTURE_WISH))


def _plain(spec: PhotoSpec, why: str, filled: Filled) -> Backdrop:
    """The standard's usual colour, or white."""
    name = next((colour for colour in spec.backgrounds if colour != PLAIN_LIGHT), _WHITE)
    filled.assume("background", name, why)
    return Backdrop(kind=BackdropKind.SOLID, color=_hex(name, spec))


def _studio(wish: Mapping[str, Any]) -> Backdrop:
    """Studio paper: of the colour that is said, else the studio's own grey, which is also the American one."""
    said = wish.get("color")
    if said is None and "name" in wish and wish.get("style") == _STUDIO:
        said = _hex(wish["name"])
    return Backdrop(kind=BackdropKind.STUDIO, color=said or studio_grey().hex)


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
    direction = Direction.ANGLE if "angle" in wish else Direction(wish.get("direction", Direction.VERTICAL.value))
    if start is None:
        start = _GRADIENT_FROM
        filled.assume("background.from", start, "gradient_end")
    if end is None:
        end = _WHITE if start != _WHITE else _GRADIENT_FROM
        filled.assume("background.to", end, "gradient_end")
    if "direction" not in wish and "angle" not in wish:
        filled.assume("background.direction", direction.value, "not_said")
    first, second = (end, start) if direction is Direction.RADIAL else (start, end)
    return Backdrop(
        kind=BackdropKind.GRADIENT,
        color=_hex(first),
        color_to=_hex(second),
        direction=direction,
        angle_deg=int(wish.get("angle", 0)),
    )
