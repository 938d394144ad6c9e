"""A follow-up that takes back a wish of before: 不用png, 别那么亮, "undo the smoothing", 不限大小.

The clause is read once more without its word of taking back; what it then asks for is what is not wanted any more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from f2p.language.lexicon import lexicon
from f2p.language.reader import read
from f2p.language.text import fold
from f2p.values.reading import Reading

_OPEN = frozenset({"followup", "ask", "conflicts"})
_ADDED = frozenset(
    {"retouch", "sheet", "sharpen", "denoise", "upscale", "batch", "zip", "border_mm", "format", "watermark", "redact"}
)
_ADDED_BEAUTY = frozenset({"whiten", "teeth_whiten", "even_tone"})
"""What can be taken off again; "remove the spots" asks for a repair, it takes none back."""
_MARKS = re.compile(r"[,;!?\n，。；！？、]|\.(?:\s|$)|\bbut\b|但是|但")
_FAULTS = frozenset({"fix", "beauty"})
"""Faults are wished away with a no: "no red eyes" asks for the repair."""
_STEPS = ("brightness", "contrast", "saturation")


@dataclass(frozen=True, slots=True)
class TakenBack:
    """base: the wishes before without what is taken back; wishes, new: the new sentence without the words that did so."""

    base: dict[str, Any]
    wishes: dict[str, Any]
    new: Reading
    found: bool


def take_back(new: Reading, wishes: Mapping[str, Any], before: Mapping[str, Any]) -> TakenBack:
    """What `new`, a sentence said after `before`, takes back of it, clause by clause."""
    base, left, ignored, found = dict(before), dict(wishes), new.ignored, False
    for said in _clauses(new.sentence):
        row, unwanted = _unwanted(said, base)
        own = {key: value for key, value in read(said).asked.items() if key not in _OPEN}
        if row == "denied":
            unwanted = {key: value for key, value in unwanted.items() if key not in _FAULTS or key not in own}
        if not unwanted or (own and not any(value is None or own.get(key) == value for key, value in unwanted.items())):
            continue
        found = True
        for key, value in unwanted.items():
            base = _taken(base, key, value)
            if left.get(key) == own.get(key):
                left.pop(key, None)
        ignored = tuple(words for words in ignored if words not in said)
    return TakenBack(base, left, replace(new, ignored=ignored), found)


def _clauses(sentence: str) -> list[str]:
    return [piece.strip() for piece in _MARKS.split(sentence) if piece.strip()]


def _unwanted(said: str, before: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """(How, the keys of `before` that a clause takes back, as it would ask for them); the value None stands for all of it."""
    plain = fold(said, lexicon().simplified).plain.strip()
    pieces = lexicon().meanings["followup"]
    for key, names in lexicon().meanings["free"].items():
        if key in before and re.search(rf"(?:{'|'.join(names)})", plain):
            return "free", {key: None}
    for row, any_key in (("undone", True), ("denied", True), ("removed", False)):
        rest = _without_words(plain, tuple(pieces[row]))
        if rest is None:
            continue
        named = next((key for key, names in lexicon().meanings["named"].items() if rest in names), "")
        if named in before and row != "removed":
            return row, {named: None}
        asked = _asked(rest)
        if row == "undone":
            return row, asked
        return row, {
            key: value
            for key, value in asked.items()
            if key in before and (any_key or key in _ADDED or (key == "beauty" and set(value) <= _ADDED_BEAUTY))
        }
    return "", {}


@cache
def _edges(words: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    fill = r"(?:\s*(?:那么|这么|太|再|给我|so|that|too|the|my|any|a|make it|use|do|more|much|这个|那个|了|吧))*\s*"
    return re.compile(
        rf"^(?:请|就|那就|还是|那|please|ok|and|but|also|now|\s)*(?:{listed})(?![a-z]){fill}|(?:就|也|都|还是)*(?:{listed})(?:了|吧|啦)*$"
    )


def _without_words(plain: str, words: tuple[str, ...]) -> str | None:
    """`plain` without a word of the row at its start or end (or inside: 头不要那么大); None where it has none."""
    left = _edges(words).sub("", plain)
    if left == plain:
        inside = "|".join(sorted((re.escape(word) for word in words if not word.isascii()), key=len, reverse=True))
        left = re.sub(rf"(?:{inside})(?:那么|这么|太|再)?", "", plain, count=1) if inside else plain
    if left == plain:
        return None
    left = re.sub(r"(?:了|吧|啦| anymore| any more| please| again| step| change)+$", "", left).strip(" ,.!。！，")
    return left or None


def _asked(rest: str) -> dict[str, Any]:
    for words in (rest, f"{rest}一点", f"{rest}er"):
        asked = {key: value for key, value in read(words).asked.items() if key not in _OPEN}
        if asked:
            return asked
    return {}


def _taken(base: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    known: Any = base.get(key)
    left: Any = None
    if key == "background" and isinstance(value, dict) and any(known.get(name) != said for name, said in value.items()):
        left = known  # 不要白底 after a blue one
    elif key == "light" and isinstance(value, dict):
        left = _dimmed(known, value)
    elif key in {"format", "upscale", "dpi", "color_mode", "sharpen"} and value is not None and known != value:
        left = known
    elif isinstance(known, list) and isinstance(value, list):
        left = [item for item in known if item not in value]
    elif key in {"beauty", "geometry", "naming", "review"} and isinstance(value, dict):
        left = {name: said for name, said in known.items() if name not in value}
    elif key == "size" and isinstance(value, dict) and value.get("name") != known.get("name"):
        left = known
    others = {name: said for name, said in base.items() if name != key}
    return {name: (left if name == key else said) for name, said in base.items()} if left else others


def _dimmed(known: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """Steps go back by one; a correction goes."""
    light = dict(known)
    for name, wish in value.items():
        if name in _STEPS and name in light and (light[name][0] == wish[0]):
            steps = int(light.pop(name)) - int(wish)
            if steps and (steps > 0) == (int(wish) > 0):
                light[name] = f"{steps:+d}"
        elif light.get(name) == wish:
            del light[name]
    return light
