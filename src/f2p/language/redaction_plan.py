"""From what a sentence asks to hide to a complete plan; every default that is taken is told."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from f2p.errors import Question, Refused, UnsupportedWish
from f2p.language.filled import Filled
from f2p.values.reading import Reading
from f2p.values.redaction import ENTITIES, RedactionPlan, Style

_USUAL = "digits"
_ANOTHER = (
    "background",
    "size",
    "retouch",
    "beauty",
    "light",
    "geometry",
    "sheet",
    "generate",
    "kb",
    "format",
    "dpi",
    "watermark",
)
"""What the same sentence may ask besides, which hiding does not do."""


def wants_redaction(reading: Reading) -> bool:
    """Whether the sentence is about hiding things on a document."""
    return "redact" in reading.asked


def resolve_redaction(reading: Reading) -> tuple[RedactionPlan, Reading]:
    """The plan, and the reading with what was assumed. Raises Refused, Question (a contradiction), UnsupportedWish (it asks
    for something else).
    """
    asked = reading.asked
    if "refuse" in asked:
        raise Refused(reason=asked["refuse"])
    if asked.get("ask") == "contradiction":
        raise Question(ask="contradiction", conflicts=",".join(asked.get("conflicts", ())))
    if "redact" not in asked:
        raise UnsupportedWish(wishes=",".join(key for key in asked if key != "ask") or "vague")
    wish: dict[str, Any] = asked["redact"]
    filled = Filled()
    entities = tuple(name for name in wish.get("entities", ()) if name in ENTITIES)
    if not entities:
        entities = (_USUAL,)
        filled.assume("redact.entities", _USUAL, "not_said")
    if "style" not in wish:
        filled.assume("redact.style", Style.BLACK_BOX.value, "not_said")
    filled.leave_out(*(key for key in asked if key in _ANOTHER), *asked.get("unsupported", ()))
    mask, count = _mask(wish.get("mask", ""))
    plan = RedactionPlan(
        entities=entities,
        exclude=tuple(name for name in wish.get("exclude", ()) if name in ENTITIES and name not in entities),
        style=Style(wish.get("style", Style.BLACK_BOX)),
        keep_first=max(0, int(wish.get("keep_first", 0))),
        keep_last=max(0, int(wish.get("keep_last", 0))),
        mask=mask,
        mask_count=count,
        min_len=max(1, int(wish.get("min_len", 1))),
        pages=tuple(int(page) for page in wish.get("pages", ())),
        unsupported=tuple(filled.left_out),
    )
    return plan, replace(reading, assumed=tuple(filled.assumed))


def usual_redaction() -> RedactionPlan:
    """What is hidden where nobody says a word: every number, under black boxes."""
    return RedactionPlan()


def _mask(said: str) -> tuple[str, int]:
    match = re.fullmatch(r"(first|last|middle)_(\d+)", said)
    return (match[1], int(match[2])) if match else ("", 0)
