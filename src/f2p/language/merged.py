"""The keys of a sentence laid over those of the one before: replaced, joined, or moved by a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from f2p.language.lexicon import lexicon

_LISTS = ("keep", "fix", "unsupported")
_LEVELS = ("none", "light", "medium", "strong")
_MOST_STEPS = 3
_PER_STEP = 10
_STEPPED = ("brightness", "contrast", "saturation")
_ANSWERS = {
    "missing_size": "size",
    "ambiguous_passport": "size",
    "ambiguous_visa": "size",
    "missing_color": "background",
    "missing_image": "background",
}
_KB_LIMITS = ("min", "max")


def merged(before: Mapping[str, Any], wishes: Mapping[str, Any], sentence: str, *, relative: bool) -> dict[str, Any]:
    """`before` with `wishes` laid over it. relative: the sentence compares with the result before ("再", "than before")."""
    asked = _still_open(before, wishes)
    for key, value in wishes.items():
        known = asked.get(key)
        if key in _LISTS and known is not None:
            asked[key] = [*known, *(item for item in value if item not in known)]
        elif key == "light":
            asked[key] = _light(known or {}, value)
        elif key == "retouch":
            asked[key] = _retouch(known, value, sentence)
        elif key == "beauty":
            asked[key] = _beauty(known or {}, value, relative=relative)
        elif key == "geometry":
            asked[key] = _geometry(known or {}, value)
        elif key == "redact":
            asked[key] = _redact(known or {}, value)
        elif key == "kb":
            asked[key] = _kilobytes(known or {}, value)
        elif key == "background" and known is not None:
            asked[key] = _background(known, value, sentence)
        else:
            asked[key] = value
    return _consistent(asked, wishes)


def _still_open(before: Mapping[str, Any], wishes: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked, without the question that the new wishes answer."""
    asked = dict(before)
    question = asked.get("ask")
    if question and (_ANSWERS[question] in wishes if question in _ANSWERS else "conflicts" not in asked and wishes):
        del asked["ask"]
    return asked


def _consistent(asked: dict[str, Any], wishes: Mapping[str, Any]) -> dict[str, Any]:
    """Takes back what a new wish stands instead of: another word for the same thing, its value in each of several files."""
    if "retouch" in wishes:
        asked.pop("retouch_pct", None)
    elif "retouch_pct" in wishes:
        asked.pop("retouch", None)
    if "size" in wishes:
        asked.pop("idphoto", None)
    if "outputs" in asked and "outputs" not in wishes:
        outputs = [{key: value for key, value in one.items() if key not in wishes} for one in asked["outputs"]]
        if any(outputs):
            asked["outputs"] = outputs
        else:
            del asked["outputs"]
    return {key: value for key, value in asked.items() if value not in ({}, [])}


def _light(known: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """Steps add up, a number takes the place of what was there."""
    light = dict(known)
    for key, wish in value.items():
        if key not in _STEPPED:
            light[key] = wish
            if key.endswith("_abs"):
                light.pop(key.removesuffix("_abs"), None)
        elif f"{key}_abs" in light:
            light[f"{key}_abs"] += int(wish) * _PER_STEP
        else:
            steps = max(-_MOST_STEPS, min(_MOST_STEPS, int(light.pop(key, 0)) + int(wish)))
            if steps:
                light[key] = f"{steps:+d}"
    return light


def _level(known: Any, step: int) -> str:
    at = _LEVELS.index(known) if known in _LEVELS else 1
    return _LEVELS[max(0, min(len(_LEVELS) - 1, at + step))]


def _retouch(known: Any, wish: Any, sentence: str) -> Any:
    """One level down for "less", one up for "more"; a level that was named is taken as it is."""
    if known is None:
        return wish
    if wish == "lighter":
        return _level(known, -1)
    more = any(piece in sentence.lower() for piece in lexicon().meanings["followup"]["stronger"])
    return _level(known, +1) if more and wish != "none" else wish


def _beauty(known: Mapping[str, Any], value: Mapping[str, Any], *, relative: bool) -> dict[str, Any]:
    wishes = dict(value)
    for name, wish in value.items():
        if relative and name in known and wish in {True, "light"}:
            wishes[name] = _level(known[name], +1)
    return {**known, **wishes}


def _geometry(known: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """As said; "larger" after "smaller" is the size before."""
    both = {known.get("zoom"), value.get("zoom")} == {"in", "out"}
    geometry = {**known, **value}
    if both:
        del geometry["zoom"]
    return geometry


def _redact(known: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """What was hidden stays hidden: new things join, only what is named as spared is taken out."""
    spared = value.get("exclude", [])
    hidden = [name for name in known.get("entities", []) if name not in spared]
    hidden += [name for name in value.get("entities", []) if name not in hidden]
    left = [*(name for name in known.get("exclude", []) if name not in hidden), *(n for n in spared if n not in hidden)]
    both = {**known, **value, "entities": hidden, "exclude": list(dict.fromkeys(left))}
    return both if both["exclude"] else {key: part for key, part in both.items() if key != "exclude"}


def _kilobytes(known: Mapping[str, float], value: Mapping[str, float]) -> dict[str, float]:
    """A limit on one side leaves the other one, as long as both can hold."""
    if set(value) | set(known) <= set(_KB_LIMITS):
        limits = {**known, **value}
        if limits.get("min", 0) <= limits.get("max", float("inf")):
            return limits
    return dict(value)


def _background(known: Mapping[str, Any], wish: Mapping[str, Any], sentence: str) -> dict[str, Any]:
    """A background that stays is the one that was made, unless the photo's own is named."""
    own = any(piece in sentence.lower() for piece in lexicon().meanings["followup"]["scenery"])
    if wish.get("type") == "keep" and not own:
        return dict(known)
    if wish.get("type") == known.get("type") == "gradient" and not {"from", "to"} & wish.keys():
        return {**known, **wish}
    return dict(wish)
