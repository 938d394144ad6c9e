"""Brightness, contrast, saturation, colour temperature: by words, by steps, by numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from f2p.language.amounts import Amount, number
from f2p.language.clauses import Clause, degree, index, is_denied
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.tokens import Token

_BRIGHTNESS_STEPS = {"strong": 2}
_NUMBER_PER_STEP = 10
_MOST_STEPS = 3
_SIGN_WITHIN = 4
_SAID_STEPS = re.compile(r"([一二两三123])个?[档级挡格]")
_BRIGHT_THINGS = ("shine", "glasses_glare", "glare")
_LEFT_DARK = ("脸", "人", "太黑", "太暗", "有点黑", "有点暗", "黑", "面部", "too dark", "dark")
_TOO_BRIGHT = ("太亮", "有点亮", "有些亮", "偏亮", "too bright", "反光太亮")


def read_light(clause: Clause, draft: Draft, meanings: Mapping[str, str]) -> None:
    """Sets everything of `light` but what is done to a shadow or to the light as a thing."""
    _saturation(clause, draft)
    _by_sign(clause, draft)
    for token in clause.all("light", "brighter", "darker", "contrast_up", "contrast_down"):
        _by_number(clause, token, draft)
    toned = clause.all("light", "warmer", "cooler")
    draft.use("light", *(clause.all("light", "white_balance") if toned else []))  # a cooler white balance is no neutral one
    for token in clause.all("light"):
        if draft.is_free(token) and not _said_of_a_thing(clause, token, draft):
            _by_word(clause, token, draft, meanings[token.value])


def _key(token: Token) -> str:
    return "contrast" if "contrast" in token.value else "brightness"


def _by_sign(clause: Clause, draft: Draft) -> None:
    """As in 亮度+10: a number with a sign soon after."""
    signed = [t for t in clause.all("amount") if isinstance(t.data, Amount) and t.data.signed and t.data.unit in {"", "pct"}]
    for token in clause.all("object", "lighting", "brightness", "contrast") + clause.all("light", "contrast_up", "brighter"):
        at = index(clause, token)
        found = next((t for t in signed if 0 < index(clause, t) - at <= _SIGN_WITHIN), None)
        if found is not None and isinstance(found.data, Amount):
            draft.put(f"light.{_key(token)}_abs", whole(found.data.low), token, found)


def _by_number(clause: Clause, token: Token, draft: Draft) -> None:
    """As in 提亮20% or "brighten by two stops"."""
    following = next((t for t in clause.tokens[index(clause, token) + 1 :] if t.kind not in {"stop", "degree"}), None)
    if following is None or not isinstance(following.data, Amount):
        return
    sign = -1 if token.value in {"darker", "contrast_down"} else 1
    if following.among("amount", "notch"):
        steps = max(1, min(_MOST_STEPS, round(following.data.low)))
        draft.put(f"light.{_key(token)}", f"{sign * steps:+d}", token, following, corrects=True)
    elif following.kind == "number" or following.among("amount", "pct", ""):
        draft.put(f"light.{_key(token)}_abs", sign * whole(following.data.low), token, following)


def _said_of_a_thing(clause: Clause, token: Token, draft: Draft) -> bool:
    """Whether a word of light is denied, or is about shine, circles under the eyes or teeth."""
    if token.value == "brighter" and draft.get("light.backlight") and token.text.startswith(_LEFT_DARK):
        draft.use("light", token)  # 逆光拍的，脸黑: the same complaint twice
    elif token.value in {"darker", "brighter"} and clause.has("object", *_BRIGHT_THINGS) and token.text.startswith(_TOO_BRIGHT):
        draft.use("beauty", token)
    elif is_denied(clause, token):
        draft.use("-", token, *clause.all("neg"))
    elif token.value == "brighter" and clause.has("object", "dark_circles", "eye_bags"):
        draft.use("beauty", token)
    elif token.value == "brighter" and clause.has("object", "teeth"):
        draft.put("beauty.teeth_whiten", True, token, *clause.all("object", "teeth"))
    else:
        return False
    return True


def _by_word(clause: Clause, token: Token, draft: Draft, meaning: str) -> None:
    if meaning[-1] not in "+-":
        draft.apply(meaning, token, corrects=clause.corrects)
        return
    word = degree(clause, token)
    said = _SAID_STEPS.search(token.text)
    steps = round(number(said[1])) if said else _BRIGHTNESS_STEPS.get(word.value if word else "", 1)
    path, value = f"{meaning}{steps}".split("=", 1)
    draft.put(path, value, token, word, corrects=True)


def _saturation(clause: Clause, draft: Draft) -> None:
    """A number with a sign ("saturation +20") as steps; the smallest change is one."""
    for token in clause.all("object", "saturation"):
        following = clause.tokens[index(clause, token) + 1 :][:1]
        if following and isinstance(following[0].data, Amount) and following[0].data.signed:
            value = following[0].data.low
            steps = round(value / _NUMBER_PER_STEP) or (1 if value > 0 else -1)
            draft.put("light.saturation", f"{steps:+d}", token, following[0])
