"""What a document's authority forbids, or the sentence itself, is taken out of what is asked before anything is planned; told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from f2p.language.filled import Filled
from f2p.values.spec import EDITS, PhotoSpec

Asked = dict[str, Any]
_NO_EDIT = "no_edit"
_LIGHT_FIXES = frozenset({"color_cast"})
_REPAIRS = frozenset({"glasses_glare", "red_eye", "stray_hair", "edge_fringe"})
_NEEDS_NEW_BACKDROP = frozenset({"background_shadow", "background_wrinkles"})


def permitted(asked: Mapping[str, Any], spec: PhotoSpec, allowed: Collection[str], filled: Filled) -> Asked:
    """`asked` without the edits that nobody may make to this photo; each one taken out is told, with who forbids it.

    The authority's word (`spec.forbidden_edits`) goes before the sentence's wish, unless the person `allowed` that kind. A
    sentence that wants no editing gets format only (crop, straighten, scale, encode); a backdrop that it names in the same breath
    is the more exact wish, and is made and told where no rule forbids it.
    """
    forbidden = {kind for kind in spec.forbidden_edits if kind not in allowed}
    own = set(EDITS) - {"crop", "straighten"} - forbidden if asked.get("policy") == _NO_EDIT else set()
    if "background" in own and _names_backdrop(asked):
        own.remove("background")
        filled.assume("policy", "background", "named_although_no_edit")
    left = dict(asked)
    for kind in EDITS:
        if kind in forbidden | own:
            _OFF[kind](left, "rule_forbids" if kind in forbidden else "no_edit_asked", filled)
    return left


def _names_backdrop(asked: Mapping[str, Any]) -> bool:
    return bool(asked.get("background", {}).get("type", "keep") != "keep")


def _backdrop_stays(asked: Asked, why: str, filled: Filled) -> None:
    if asked.get("background", {}).get("type") != "keep":
        filled.assume("background", "keep", why)
    asked["background"] = {"type": "keep"}
    _without_fixes(asked, _NEEDS_NEW_BACKDROP, "background_shadow", why, filled)


def _light_stays(asked: Asked, why: str, filled: Filled) -> None:
    _without_key(asked, "light", "light", why, filled)
    if asked.pop("color_mode", None) is not None:
        filled.assume("color_mode", "none", why)
    _without_fixes(asked, _LIGHT_FIXES, "color_cast", why, filled)


def _skin_stays(asked: Asked, why: str, filled: Filled) -> None:
    if asked.get("retouch") != "none":
        filled.assume("retouch", "none", why)
    asked.pop("retouch_pct", None)
    asked["retouch"] = "none"
    if any(level not in {"none", False} for level in asked.pop("beauty", {}).values()):
        filled.assume("beauty", "none", why)


def _faults_stay(asked: Asked, why: str, filled: Filled) -> None:
    _without_fixes(asked, _REPAIRS, "fix", why, filled)


def _not_mirrored(asked: Asked, why: str, filled: Filled) -> None:
    geometry = asked.get("geometry", {})
    if geometry.get("flip") == "h":
        asked["geometry"] = {key: value for key, value in geometry.items() if key != "flip"}
        filled.assume("geometry.flip", "none", why)


def _not_turned(asked: Asked, why: str, filled: Filled) -> None:
    asked["geometry"] = {**asked.get("geometry", {}), "straighten": False}
    filled.assume("geometry.straighten", "none", why)


def _not_cropped(asked: Asked, why: str, filled: Filled) -> None:
    asked["geometry"] = {**asked.get("geometry", {}), "crop": "whole"}
    filled.assume("geometry.crop", "none", why)


def _switch(key: str) -> Callable[[Asked, str, Filled], None]:
    """Takes out a wish that is one key of a reading."""

    def off(asked: Asked, why: str, filled: Filled) -> None:
        _without_key(asked, key, key, why, filled)

    return off


def _without_key(asked: Asked, key: str, told: str, why: str, filled: Filled) -> None:
    if asked.pop(key, None):
        filled.assume(told, "none", why)


def _without_fixes(asked: Asked, gone: frozenset[str], told: str, why: str, filled: Filled) -> None:
    fixes = asked.get("fix", ())
    if gone & set(fixes):
        asked["fix"] = [fix for fix in fixes if fix not in gone]
        filled.assume(told if told == "fix" else f"fix.{told}", "none", why)


_OFF: Mapping[str, Callable[[Asked, str, Filled], None]] = {
    "background": _backdrop_stays,
    "light": _light_stays,
    "retouch": _skin_stays,
    "repair": _faults_stay,
    "sharpen": _switch("sharpen"),
    "denoise": _switch("denoise"),
    "upscale": _switch("upscale"),
    "mirror": _not_mirrored,
    "straighten": _not_turned,
    "crop": _not_cropped,
}
"""How each kind of edit is taken out of what is asked."""
