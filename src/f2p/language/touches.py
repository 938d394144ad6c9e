"""Retouch, light and framing of the plan, and what of these wishes the exact engine has to leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from f2p.catalogue.standards import conventions
from f2p.language.filled import Filled
from f2p.values.plan import Amount, BackdropKind, Beauty, Framing, Light, Repairs, Retouch
from f2p.values.spec import Band, PhotoSpec

_MOST_STEPS = 3
_ABSOLUTE_PER_STEP = 10
_PCT_LIGHT, _PCT_MEDIUM = 35, 70
_MORE_TOP, _LESS_TOP = 0.04, -0.03
_SETTLED_FIXES = frozenset({"edge_fringe", "color_cast", "glasses_glare", "red_eye"})
_BACKDROP_FIXES = frozenset({"background_shadow", "background_wrinkles", "stray_hair"})
_FRAMED = frozenset({"straighten", "center", "scale", "rotate", "flip", "zoom", "head_ratio", "head_mm", "crop"})
_SPARED = ("moles", "freckles", "scars")
_KEPT_AGAINST = {"wrinkles": "wrinkles", "skin_tone": "whiten"}
"""What `keep` names, and the wish that would take it away."""
_GENTLE = frozenset({"skin_texture", "moles", "scars", "freckles", "wrinkles"})


def resolve_retouch(asked: Mapping[str, Any], filled: Filled) -> Retouch:
    """How strongly the skin is smoothed: as asked; gentler where the sentence also wants the skin kept; else not at all."""
    keep = set(asked.get("keep", ()))
    if "retouch_pct" in asked:
        level = _from_percent(asked["retouch_pct"])
        filled.assume("retouch", level.value, "retouch_pct")
        return level
    wish = asked.get("retouch")
    if wish == "lighter":
        filled.assume("retouch", Retouch.LIGHT.value, "lighter")
        return Retouch.LIGHT
    if wish is None:
        why = "keep_face" if "face_detail" in keep else "not_said"
        filled.assume("retouch", Retouch.NONE.value, why)
        return Retouch.NONE
    level = Retouch(wish)
    if level is Retouch.STRONG and keep & _GENTLE:
        filled.assume("retouch", Retouch.MEDIUM.value, "keep_skin")
        return Retouch.MEDIUM
    return level


def _from_percent(percent: float) -> Retouch:
    if percent <= 0:
        return Retouch.NONE
    if percent <= _PCT_LIGHT:
        return Retouch.LIGHT
    return Retouch.MEDIUM if percent <= _PCT_MEDIUM else Retouch.STRONG


def resolve_beauty(asked: Mapping[str, Any], filled: Filled) -> Beauty:
    """How much of each wish: the level that was said; light where none was, which shows and stays natural.

    What is to be kept goes before what is to go: kept wrinkles are not softened, a kept skin tone is not whitened, named marks
    are spared.
    """
    keep = set(asked.get("keep", ()))
    amounts = {name: _amount(wish) for name, wish in asked.get("beauty", {}).items()}
    for kept, name in _KEPT_AGAINST.items():
        if kept in keep and amounts.get(name, Amount.NONE) is not Amount.NONE:
            amounts[name] = Amount.NONE
            filled.assume(f"beauty.{name}", Amount.NONE.value, "keep_first")
    spared = amounts.get("blemish", Amount.NONE) is not Amount.NONE
    return Beauty(**amounts, spare=tuple(mark for mark in _SPARED if mark in keep and spared))


def _amount(wish: Any) -> Amount:
    if isinstance(wish, bool):
        return Amount.LIGHT if wish else Amount.NONE
    return Amount(wish)


def resolve_repairs(asked: Mapping[str, Any], backdrop: BackdropKind, filled: Filled) -> Repairs:
    """Faults to mend. Strands can only be thinned before a new backdrop; glare that is to be kept is kept."""
    fixes, keep = set(asked.get("fix", ())), set(asked.get("keep", ()))
    glare = "glasses_glare" in fixes
    if glare and "glasses_glare" in keep:
        glare = False
        filled.assume("fix.glasses_glare", Amount.NONE.value, "keep_first")
    replaced = backdrop not in {BackdropKind.KEEP, BackdropKind.BLUR}
    return Repairs(glasses_glare=glare, red_eye="red_eye" in fixes, stray_hair="stray_hair" in fixes and replaced)


def resolve_light(asked: Mapping[str, Any], filled: Filled) -> Light:
    """Changes of light in steps, and corrections, each its own: a cast, uneven light, a face's shadow, light from behind."""
    wish: Mapping[str, Any] = asked.get("light", {})
    balance = wish.get("white_balance")
    return Light(
        brightness=_steps(wish, "brightness", filled),
        contrast=_steps(wish, "contrast", filled),
        saturation=_steps(wish, "saturation", filled),
        warmth={"warmer": 1, "cooler": -1}.get(balance or "", 0),
        white_balance=balance == "neutral" or "color_cast" in asked.get("fix", ()),
        even=bool(wish.get("even")),
        face_shadow="face_shadow" in wish,
        backlight="backlight" in wish,
        exposure="exposure" in wish,
    )


def _steps(wish: Mapping[str, Any], key: str, filled: Filled) -> int:
    if key in wish:
        steps = int(wish[key])
    elif f"{key}_abs" in wish:
        steps = round(wish[f"{key}_abs"] / _ABSOLUTE_PER_STEP) or (1 if wish[f"{key}_abs"] > 0 else -1)
        filled.assume(f"light.{key}", f"{steps:+d}", "nearest_step")
    else:
        return 0
    return max(-_MOST_STEPS, min(_MOST_STEPS, steps))


def resolve_framing(asked: Mapping[str, Any], spec: PhotoSpec, filled: Filled) -> Framing:
    """Wishes about the frame beyond the standard."""
    wish: Mapping[str, Any] = asked.get("geometry", {})
    turn = int(wish.get("rotate", 0))
    if turn % 90:
        filled.leave_out("rotate")
    if wish.get("flip") == "v":
        filled.leave_out("flip_v")
    if wish.get("crop") is False:
        filled.leave_out("no_crop")
    known = _FRAMED | {"head_top", "head_top_mm", "top_margin", "eye_from_bottom_mm", "aspect"}
    filled.leave_out(*(key for key in wish if key not in known))
    if "aspect" in wish and not _has_aspect(wish["aspect"], spec):
        filled.leave_out("aspect")
    return Framing(
        straighten=wish.get("straighten") is not False,
        crop=wish.get("crop") != "whole",
        rotate_deg=turn % 360 if turn % 90 == 0 else 0,
        mirror=wish.get("flip") == "h",
        head_ratio=_band(wish.get("head_ratio")),
        head_mm=_band(wish.get("head_mm")),
        top_ratio=_top(wish, spec),
        top_mm=_band(wish.get("head_top_mm")),
        eyes_from_bottom_mm=_band(wish.get("eye_from_bottom_mm")),
        zoom={"in": 1, "out": -1}.get(wish.get("zoom", ""), 0),
    )


def _has_aspect(aspect: str, spec: PhotoSpec) -> bool:
    width, height = (float(side) for side in aspect.split(":"))
    return any(abs(spec.width_px / spec.height_px / ratio - 1) < 0.02 for ratio in (width / height, height / width))


def _band(value: Any) -> Band | None:
    if value is None:
        return None
    return Band(float(value[0]), float(value[1])) if isinstance(value, list) else Band(float(value), float(value))


def _top(wish: Mapping[str, Any], spec: PhotoSpec) -> Band | None:
    if "top_margin" in wish:
        return _band(wish["top_margin"])
    return top_shifted(wish["head_top"], spec) if "head_top" in wish else None


def top_shifted(how: str, spec: PhotoSpec) -> Band:
    """The space above the head as a share of the height, moved from the standard's by "more" or "less"."""
    usual = spec.head.top_ratio or conventions().top_ratio or Band(0.06, 0.12)
    shift = _MORE_TOP if how == "more" else _LESS_TOP
    return Band(max((usual.low or 0.0) + shift, 0.0), max((usual.high or 0.0) + shift, 0.0))


def left_out_fixes(asked: Mapping[str, Any], backdrop: BackdropKind, filled: Filled) -> None:
    """Repairs nobody makes yet. A replaced backdrop has no shadow, no creases, no strands before it; unmixing leaves no rim."""
    replaced = backdrop not in {BackdropKind.KEEP, BackdropKind.BLUR}
    for fix in asked.get("fix", ()):
        if fix in _SETTLED_FIXES or (fix in _BACKDROP_FIXES and replaced):
            continue
        filled.leave_out(fix)
