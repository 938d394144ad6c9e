"""Pictures that do not exist yet: what to draw stays in the words, the numbers beside it become keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from f2p.language import amounts as a
from f2p.language.amounts import SPELLED, Amount, Dims
from f2p.language.clauses import Clause, index
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.lexicon import lexicon
from f2p.language.tokens import Token

_PERSON = ("size", "shot", "document")
_PHOTO_WORDS = frozenset({"photo", "photograph", "selfie", "照片", "相片", "自拍"})
_NAMELESS_AT_LEAST = 3
_KEY = "generate"
_COUNTED = re.compile(rf"([0-9]{{1,3}}|[两二三四五六七八九十])(?:张|幅|个|组|款|版|套|份)|\b({'|'.join(SPELLED)})\b")


def is_generation(clauses: Sequence[Clause]) -> bool:
    """Whether the sentence describes a picture to be made rather than what to do with a photo."""

    def said(kind: str, *values: str) -> bool:
        return any(clause.has(kind, *values) for clause in clauses)

    makes = [token for clause in clauses for token in clause.all("make")]
    draws = any(token.text.startswith(tuple(lexicon().meanings["signs"]["draws"])) for token in makes)
    styles = [token for clause in clauses for token in clause.all("unsupported", "stylize")]
    draws = draws or any(token.text.startswith(tuple(lexicon().meanings["signs"]["draws"])) for token in styles)
    restyled = bool(styles) and (not (draws or (makes and said("picture"))) or _about_me(clauses))
    if any(said(kind) for kind in _PERSON) or said("object", "smooth") or restyled:
        return False
    if draws:
        return True
    pictured = said("picture") or said("scene")
    of_a_photo = any(token.text in _PHOTO_WORDS for clause in clauses for token in clause.tokens)
    if makes and not of_a_photo and (pictured or (said("size2d") and (said("ground") or said("backdrop", "gradient")))):
        return True
    if any(token.data.unit == "kb" for c in clauses for token in c.all("amount") if isinstance(token.data, Amount)):
        return False
    unknown = sum(len(token.text) for clause in clauses for token in clause.tokens if token.kind == "other")
    return pictured and unknown >= _NAMELESS_AT_LEAST and not said("act", "change") and not said("ground")


def _about_me(clauses: Sequence[Clause]) -> bool:
    """Whether somebody's photo is spoken of: 把我画成水墨风 restyles a person, 画竹林,水墨风 does not."""
    words = {token.text for clause in clauses for token in clause.tokens}
    return bool(words & (_PHOTO_WORDS | {"我", "我的", "me", "my", "this", "it", "这张", "他", "她", "him", "her"}))


def read_generation(sentence: str, clauses: Sequence[Clause], draft: Draft) -> None:
    """Sets `generate` (and nothing of an ID photo). prompt: the sentence as it was written."""
    asked: dict[str, Any] = {"prompt": sentence.strip()}
    for clause in clauses:
        if clause.has("backdrop", "transparent"):
            asked["transparent"] = True
        for token in clause.all("ratio"):
            asked["aspect"] = token.value
        for token in clause.all("size2d"):
            if isinstance(token.data, Dims):
                asked["px"] = [int(token.data.width), int(token.data.height)]
        if clause.has("wish", "generate.no_text"):
            asked["no_text"] = True
        _numbers(clause, asked)
        if clause.has("backdrop", "gradient") or any(c.has("backdrop", "gradient") for c in clauses):
            colours = [token.value for token in clause.all("colour")]
            if len(colours) >= 2:
                asked["gradient"] = colours
        draft.use(_KEY, *(token for token in clause.tokens if token.kind != "format"))
    draft.asked[_KEY] = asked


def _numbers(clause: Clause, asked: dict[str, Any]) -> None:
    """How many pictures, how many steps, which seed."""
    counts = [token.data.low for token in clause.all("amount", "count") if isinstance(token.data, Amount)]
    counts += [a.number(said[1] or said[2]) for token in clause.tokens if (said := _counted(token))]
    counts += [SPELLED.get(token.text.split(" ")[0], 0) for token in clause.all("distribute", "each")]
    for token in clause.all("follow", "version"):
        before = clause.tokens[: index(clause, token)][-1:]
        counts += [one.data.low for one in before if isinstance(one.data, Amount)]
    if several := [count for count in counts if count > 1]:
        asked["count"] = whole(several[0])
    for token in clause.all("amount", "step"):
        if isinstance(token.data, Amount):
            asked["steps"] = whole(token.data.low)
    for name in ("steps", "seed"):
        for token in clause.all("file", name):
            around = clause.tokens[index(clause, token) + 1 :][:3]
            value = next((t.data for t in around if isinstance(t.data, Amount)), None)
            if value is not None:
                asked[name] = whole(value.low)


def _counted(token: Token) -> re.Match[str] | None:
    """The number inside 生成三张咖啡杯插画."""
    return _COUNTED.search(token.text) if token.kind == "make" or token.among("unsupported", "stylize") else None
