"""Smoothing and whitening of skin (and teeth): whether, and how strongly."""

from __future__ import annotations

from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, degree, index, is_denied
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.tokens import Token

RETOUCH = {"light": "light", "medium": "medium", "strong": "strong", "less": "lighter"}
_SKIN_WORDS = ("skin", "face", "complexion", "smoothing", "smoothening", "smoother")
_SKIN = ("肤", "脸", "skin", "face", "complexion")
_A_LITTLE = ("点", "些", "一度", "a bit", "a little", "slightly", "a touch", "a shade", "a tad", "somewhat")
_LEVELS = ("light", "medium", "strong")
_NAMED_LEVELS = {"中度": "medium", "重度": "strong", "medium": "medium", "strong": "strong"}
"""Levels of beauty that are named as such; other degrees (稍微, "a lot") leave a wish at its usual amount."""


def read_skin(clause: Clause, draft: Draft, before: Clause) -> None:
    """Sets retouch, beauty.whiten and beauty.teeth_whiten where the clause names what is done ("smoothing", 美白)."""
    _smoothing(clause, draft)
    _whitening(clause, draft, before)


def _smoothing(clause: Clause, draft: Draft) -> None:
    for token in clause.all("object", "smooth"):
        if _means_removal(clause, token):
            continue
        word = degree(clause, token)
        percent = next((t for t in clause.all("amount") if isinstance(t.data, Amount) and t.data.unit == "pct"), None)
        if is_denied(clause, token) or (word is None and _says_none(clause, token)):
            draft.put("retouch", "none", token, *clause.all("neg"), corrects=clause.corrects)
        elif percent is not None and isinstance(percent.data, Amount):
            draft.put("retouch_pct", whole(percent.data.low), token, percent)
        elif clause.has("neg") and word is not None and word.value in {"strong", "less"} and word.start < token.start:
            draft.put("retouch", "light", token, word, *clause.all("neg"), corrects=clause.corrects)
        elif word is not None and word.value == "light" and clause.has("follow", "relative"):
            level = "medium" if clause.has("act", "more") else "lighter"
            draft.put("retouch", level, token, word, corrects=clause.corrects)
        else:
            level = RETOUCH[word.value] if word else "light"
            draft.put("retouch", level, token, word, corrects=clause.corrects)


def read_bare_smoothing(clause: Clause, draft: Draft, before: Clause) -> None:
    """As in 轻轻磨一下就行: an act that is only done to skin, without the skin; as in 不要轻度磨皮,要中度的: the degree alone."""
    words = clause.all("degree", "light", "medium", "strong")
    if (
        words
        and before.has("object", "smooth")
        and before.has("neg")
        and all(t.kind in {"degree", "stop"} for t in clause.tokens)
    ):
        draft.put("retouch", words[0].value, words[0], corrects=True)
    for token in clause.all("act", "smooth"):
        if token.text.startswith("磨") and draft.is_free(token) and not any(t.kind == "object" for t in clause.tokens[:-1]):
            word = degree(clause, token)
            level = "none" if is_denied(clause, token) else RETOUCH[word.value] if word else "light"
            draft.put("retouch", level, token, word, corrects=True)


def _means_removal(clause: Clause, token: Token) -> bool:
    """Whether "touch up my face" with a thing that is named is about that thing."""
    bare = token.text.startswith(("touch up", "soften", "smooth")) and not token.text.endswith(_SKIN_WORDS)
    return bare and any(other.kind == "object" and other != token for other in clause.tokens)


def _says_none(clause: Clause, token: Token) -> bool:
    following = [t for t in clause.tokens[index(clause, token) + 1 :] if t.kind not in {"mark", "stop"}]
    return bool(following) and following[0].text in {"none", "no", "off", "无", "零", "0", "关", "关闭"}


def _whitening(clause: Clause, draft: Draft, before: Clause) -> None:
    others = clause.has("object", "skin", "face", "skin_tone", "yellow_teeth", "teeth")
    for token in clause.all("object", "whiten"):
        own = others or any(word in token.text for word in _SKIN)
        if (clause if own else before).has("object", "teeth", "yellow_teeth"):
            teeth = [token, *clause.all("object", "teeth", "yellow_teeth")]
            level = next(filter(None, (named_level(clause, one) for one in teeth)), None)
            wish = "none" if is_denied(clause, token) else level or True
            draft.put("beauty.teeth_whiten", wish, token, *clause.all("object", "teeth"), *clause.all("colour"))
            continue
        word = degree(clause, token)
        if is_denied(clause, token) or listed_after_denied(clause, token):
            draft.put("beauty.whiten", "none", token, *clause.all("neg"), corrects=clause.corrects)
        else:
            level = word.value if word and word.value in _LEVELS else None
            if level is None and any(sign in token.text for sign in _A_LITTLE):
                level = "light"
            draft.put("beauty.whiten", level or True, token, word, corrects=clause.corrects)


def named_level(clause: Clause, token: Token) -> str | None:
    """The level of a beauty wish where the sentence names one: 重度祛痘, "remove blemishes strong"."""
    word = degree(clause, token)
    return _NAMED_LEVELS.get(word.text) if word else None


def listed_after_denied(clause: Clause, token: Token) -> bool:
    """As in 不要磨皮美白: the no of the first holds for what follows it directly."""
    at = index(clause, token)
    before = clause.tokens[at - 1] if at else None
    return before is not None and before.among("object", "smooth") and is_denied(clause, before)
