"""Where the person stands in the frame: head height, eye line, margins, turns, zoom, aspect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, denied, index, is_denied, negations_before
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.tokens import Token

_TO_LEFT = frozenset({"left", "to the left", "on the left", "往左", "向左", "左", "左边", "counterclockwise"})
_GAPS = ("top_gap", "side_gap", "eye_line", "head_width", "crown")
_MM_PER_INCH = 25.4
_SHARED = ("top_gap", "crown", "head_share", "eye_top", "eye_line", "eyes")
_HEAD_SAID = frozenset({"head_height", "head", "face"})
_HEAD = ("head_height", "head", "head_share", "face_detail")


def read_geometry(clauses: Sequence[Clause], draft: Draft) -> None:
    """Sets `geometry`. Aspect is left out where width and height in the same sentence already say it."""
    for i, clause in enumerate(clauses):
        _turn(clause, draft)
        _left_whole(clause, draft)
        _aspect(clause, draft)
        _lengths(clause, draft)
        _shares(clause, clauses[i + 1 : i + 2], draft)
        _margins(clause, draft)
        _zoom(clause, draft)
        _landscape_photo(clause, clauses[i + 1 :], draft)


def _left_whole(clause: Clause, draft: Draft) -> None:
    """As in 别给我缩放, "no cropping": the picture stays whole, or at its scale."""
    for token in clause.all("object", "cutting", "scaling"):
        said_no = denied(negations_before(clause, index(clause, token))) and not clause.has("object", "ears", "shoulders", "hair")
        if said_no and draft.is_free(token):
            draft.put("geometry.crop" if token.value == "cutting" else "geometry.scale", False, token)


def _landscape_photo(clause: Clause, later: Sequence[Clause], draft: Draft) -> None:
    if clause.has("order", "landscape") and any(part.has("wish", "geometry.rotate=90") for part in (clause, *later)):
        draft.use("geometry", *clause.all("order", "landscape"))


def _turn(clause: Clause, draft: Draft) -> None:
    angles = [t for t in clause.all("amount") if isinstance(t.data, Amount) and t.data.unit == "deg"]
    turns = clause.all("wish", "geometry.rotate=90", "geometry.rotate=270", "geometry.rotate=180")
    rotates = any(word in token.text for token in clause.tokens for word in ("转", "rotate", "turn"))
    if not angles or not (turns or rotates):
        return
    data = angles[0].data
    value = data.low if isinstance(data, Amount) else 0.0
    to_left = any(t.text in _TO_LEFT for t in clause.tokens) and not turns
    if to_left or (turns and turns[0].value.endswith("270")):
        value = (360 - value) % 360
    draft.put("geometry.rotate", whole(value), angles[0], *turns)
    draft.use("geometry", *(t for t in clause.tokens if t.text in _TURNING and draft.is_free(t)))


_TURNING = frozenset(
    {
        "rotate",
        "rotated",
        "turn",
        "turned",
        "left",
        "right",
        "to the left",
        "to the right",
        "旋",
        "转",
        "旋转",
        "the left",
        "the right",
    }
)
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5][05]")
"""A time of day: no frame is 10 : 30."""


def _aspect(clause: Clause, draft: Draft) -> None:
    for token in clause.all("ratio"):
        if _CLOCK.fullmatch(token.text):
            draft.use("-", token)
            continue
        if "/" in token.text and clause.has("object", *_SHARED) and isinstance(token.data, tuple):
            share = round(int(token.data[0]) / int(token.data[1]), 3)
            gap = clause.has("object", "top_gap", "crown")
            draft.put("geometry.top_margin" if gap else "geometry.head_ratio", share if gap else [share, share], token)
            draft.use("geometry", *clause.all("object"))
            continue
        draft.use("geometry", token, *clause.all("order", "aspect"), *clause.all("object", "proportions"))
        if not {"px", "mm"} & set(draft.asked.get("size", {})) or "name" in draft.asked.get("size", {}):
            draft.put("geometry.aspect", token.value, token)


def _band(amount: Amount, scale: float = 1.0) -> list[float]:
    return [whole(round(value * scale, 4)) for value in (amount.low, amount.high)]


def _lengths(clause: Clause, draft: Draft) -> None:
    lengths = [t for t in clause.all("amount", "mm", "cm", "inch") if isinstance(t.data, Amount) and draft.is_free(t)]
    for token in lengths:
        if not isinstance(token.data, Amount):
            continue
        band = _band(token.data) if token.value != "inch" else [round(side * _MM_PER_INCH) for side in _band(token.data)]
        at = index(clause, token)
        before = [t for t in clause.tokens[:at] if t.kind in {"object", "direction"}]
        after = _up_to_next(clause, at)
        names = [t.value for t in before if t.kind == "object"] or [t.value for t in after if t.among("object", *_GAPS)]
        from_bottom = any(t.among("direction", "bottom") for t in clause.tokens)
        if "head" in names and "top_gap" in [t.value for t in after if t.kind == "object"]:
            names = ["top_gap"]  # "my head 4 mm below the upper edge"
        if "eye_line" in names or ("eyes" in names and from_bottom):
            _put(draft, "eye_from_bottom_mm", band, token, before)
        elif "top_gap" in names or ("crown" in names and not clause.has("object", "head_height")):
            _put(draft, "head_top_mm", band if band[0] != band[1] else band[0], token, before)
        elif "head_width" in names:
            _put(draft, "head_width_mm", band if band[0] != band[1] else band[0], token, before)
        elif "side_gap" in names:
            _put(draft, "side_margin", band[0], token, before)
        elif {"head_height", "head", "face"} & set(names) or any(t.among("object", "head_height") for t in after):
            _put(draft, "head_mm", band, token, before)


def _up_to_next(clause: Clause, at: int) -> list[Token]:
    """The words behind the amount at `at`, as far as the next "and": what follows it belongs to another measure."""
    found: list[Token] = []
    for token in clause.tokens[at + 1 :]:
        if token.among("conj", "and"):
            break
        found.append(token)
    return found


def _own_part(clause: Clause, token: Token) -> list[Token]:
    """The words of the amount's own measure: "the head must be 32 to 36 mm and the eyes 30 % to 45 % of the height"."""
    at = index(clause, token)
    start = max((i + 1 for i, other in enumerate(clause.tokens[:at]) if other.among("conj", "and")), default=0)
    own = [*clause.tokens[start:at], *_up_to_next(clause, at)]
    return own if any(other.kind == "object" for other in own) else list(clause.tokens)


def _shares(clause: Clause, following: Sequence[Clause], draft: Draft) -> None:
    for token in clause.all("amount", "pct") + clause.all("ratio"):
        if not isinstance(token.data, Amount) or not draft.is_free(token):
            continue
        band = _band(token.data, 0.01)
        names = [t.value for t in _own_part(clause, token) if t.kind == "object" or t.among("measure", "eye_line")]
        if "eye_top" in names or ({"eyes", "eye_line"} & set(names) and not _HEAD_SAID & set(names)):
            if any(t.among("direction", "bottom") or "bottom" in t.text for part in (clause, *following) for t in part.tokens):
                band = [whole(round(1 - share, 4)) for share in reversed(band)]
            _put(draft, "eye_from_top", band, token, clause.all("object"))
        elif {"head_share", "head_height", "head", "face", "face_detail"} & set(names):
            _put(draft, "head_ratio", band, token, clause.all("object"))
        elif "crown" in names or "top_gap" in names:
            _put(draft, "top_margin", band if band[0] != band[1] else band[0], token, clause.all("object"))
        elif "side_gap" in names:
            _put(draft, "side_margin", band if band[0] != band[1] else band[0], token, clause.all("object"))


def _put(draft: Draft, key: str, value: Any, token: Token, names: Sequence[Token]) -> None:
    draft.put(f"geometry.{key}", value, token)
    draft.use("geometry", *names)


def _margins(clause: Clause, draft: Draft) -> None:
    for token in clause.all("object", "crown"):
        acts = clause.all("act", "more", "less", "enlarge", "shrink", "keep")
        if not draft.is_free(token) or not acts or is_denied(clause, token):
            continue
        before = [t for t in acts if t.start < token.start]
        act = before[-1] if before else acts[0]
        if act.value != "keep":
            value = {"enlarge": "more", "shrink": "less"}.get(act.value, act.value)
            if "太" in act.text or "too" in act.text:
                value = {"more": "more", "less": "less"}[value]
            draft.put("geometry.head_top", value, token, act)


def _zoom(clause: Clause, draft: Draft) -> None:
    heads = [t for t in clause.all("object", "head", "face") if draft.is_free(t)]
    acts = clause.all("act", "enlarge", "shrink")
    has_factor = any(isinstance(t.data, Amount) and t.data.unit == "x" for t in clause.tokens)
    if heads and acts and not has_factor:
        smaller_head = acts[0].value == "shrink"
        draft.put("geometry.zoom", "out" if smaller_head else "in", heads[0], acts[0])
