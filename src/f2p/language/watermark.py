"""Words to be written across a scan ("仅供办理签证使用"): they are the watermark's text and say nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from f2p.language.draft import Draft
from f2p.language.text import Text
from f2p.language.tokens import Token

_KEY = "watermark"
_PURPOSE = re.compile(r"仅[供限用][^,，。;；\"\n]{0,24}?(?:使用|专用|之用|用途|用)(?!于)|仅[供限用][^,，。;；\"\n]{1,24}")
_ENDS = frozenset(",，。.;；!?\n")


def read_watermark(tokens: Sequence[Token], text: Text, draft: Draft) -> list[Token]:
    """Sets `watermark` where one is to be added; returns the tokens without its text, which nobody else may read."""
    at = next((i for i, token in enumerate(tokens) if token.among("object", "watermark")), None)
    if at is None or _unwanted(tokens, at):
        return list(tokens)
    found = _quoted(tokens, text) or _purpose(text) or _announced(tokens, at)
    value: dict[str, Any] = {}
    taken = [tokens[at]]
    if found:
        start, end = found
        value["text"] = text.words(start, end).strip(" \"'“”‘’「」『』《》:：")
        taken += [token for token in tokens if start <= token.start < end]
    corners = [token for token in tokens if token.kind == "corner"]
    if corners:
        value["position"] = corners[0].value
    draft.asked[_KEY] = value
    draft.use(_KEY, *taken, *corners[:1])
    starts = {token.start for token in (*taken, *corners)}
    return [token for token in tokens if token.start not in starts]


def _unwanted(tokens: Sequence[Token], at: int) -> bool:
    """Whether the clause takes a watermark away or wants none."""
    for token in reversed(tokens[:at]):
        if token.kind == "mark" and token.value in _ENDS:
            break
        if token.kind == "neg" or token.among("act", "remove"):
            return True
    following = next((token for token in tokens[at + 1 :] if token.kind != "stop"), None)
    return following is not None and (following.kind == "neg" or following.among("act", "remove"))


def _quoted(tokens: Sequence[Token], text: Text) -> tuple[int, int] | None:
    quotes = [token for token in tokens if token.kind == "mark" and token.value in {'"', "'"}]
    if len(quotes) >= 2 and text.words(quotes[0].end, quotes[1].start).strip():
        return quotes[0].end, quotes[1].start
    return None


def _purpose(text: Text) -> tuple[int, int] | None:
    match = _PURPOSE.search(text.plain)
    return match.span() if match else None


def _announced(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """What follows "that says" or 写着, else a colon after the word watermark, up to the end of the clause."""
    opening = next((i for i, token in enumerate(tokens) if token.kind == "says" and i > at - 6), None)
    if opening is None and at + 1 < len(tokens) and tokens[at + 1].text == ":":
        opening = at + 1
    if opening is None:
        return None
    end = next((i for i in range(opening + 1, len(tokens)) if tokens[i].text in _ENDS), len(tokens))
    inside = tokens[opening + 1 : end]
    return (inside[0].start, inside[-1].end) if inside else None
