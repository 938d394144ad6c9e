"""What is done to the person: smoothing, whitening, things to keep, mend or leave, light, sharpness, and what cannot be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, degree, denied, index, is_denied, negations_before
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.tokens import Token

_PASSED = frozenset({"stop", "degree", "mark", "place", "other", "correct", "follow", "source", "noise"})
_RETOUCH = {"light": "light", "medium": "medium", "strong": "strong", "less": "lighter"}
_FALSE_WHEN_DENIED = ("sharpen", "denoise")
_BRIGHTNESS_STEPS = {"strong": 2}
_NUMBER_PER_STEP = 10
_BLURRED_PARTS = ("hair", "hair_strand", "glasses_frame", "ears")
_ON_CLOTHES = ("creases", "clothing_wrinkles", "lint", "scratches", "fringe")
_BRIGHT_THINGS = ("shine", "glasses_glare", "glare")
_TOO_BRIGHT = ("太亮", "有点亮", "有些亮", "偏亮", "too bright", "反光太亮")
_LEVELS = ("light", "medium", "strong")
_NAMED_LEVELS = {"中度": "medium", "重度": "strong", "medium": "medium", "strong": "strong"}
"""Levels of beauty that are named as such; other degrees (稍微, "a lot") leave a wish at its usual amount."""


def read_look(clauses: Sequence[Clause], draft: Draft, meanings: Mapping[str, Any]) -> None:
    """Sets retouch, beauty, keep, fix, light, sharpen, denoise, upscale, color_mode, unsupported."""
    carried: str | None = None
    for i, clause in enumerate(clauses):
        if clause.has("object", "shadow") and i and clauses[i - 1].has("ground") and not clauses[i - 1].has("object"):
            clause = Clause((*clauses[i - 1].all("ground"), *clause.tokens), clause.after, clause.question, clause.corrects)
        _smoothing(clause, draft)
        _whitening(clause, draft)
        _unsupported(clause, draft, meanings["denied"])
        _saturation(clause, draft)
        _light(clause, draft, meanings["light"])
        _upscale(clause, draft)
        carried = _objects(clause, draft, meanings, carried)
        _blur(clause, draft)
    _wishes(clauses, draft)


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
            level = _RETOUCH[word.value] if word else "light"
            draft.put("retouch", level, token, word, corrects=clause.corrects)


def _means_removal(clause: Clause, token: Token) -> bool:
    """Whether "touch up my face" with a thing that is named is about that thing."""
    bare = token.text.startswith(("touch up", "soften")) and not token.text.endswith(("skin", "face"))
    return bare and any(other.kind == "object" and other != token for other in clause.tokens)


def _says_none(clause: Clause, token: Token) -> bool:
    following = [t for t in clause.tokens[index(clause, token) + 1 :] if t.kind not in {"mark", "stop"}]
    return bool(following) and following[0].text in {"none", "no", "off", "无", "零", "0", "关", "关闭"}


def _whitening(clause: Clause, draft: Draft) -> None:
    for token in clause.all("object", "whiten"):
        if clause.has("object", "teeth", "yellow_teeth"):
            teeth = clause.all("object", "teeth", "yellow_teeth")
            level = _named_level(clause, token) or _named_level(clause, teeth[0])
            draft.put("beauty.teeth_whiten", level or True, token, *clause.all("object", "teeth"), *clause.all("colour"))
            continue
        word = degree(clause, token)
        if is_denied(clause, token) or _listed_after_denied(clause, token):
            draft.put("beauty.whiten", "none", token, *clause.all("neg"), corrects=clause.corrects)
        else:
            level = word.value if word and word.value in _LEVELS else None
            if level is None and ("一点" in token.text or "些" in token.text):
                level = "light"
            draft.put("beauty.whiten", level or True, token, word, corrects=clause.corrects)


def _named_level(clause: Clause, token: Token) -> str | None:
    word = degree(clause, token)
    return _NAMED_LEVELS.get(word.text) if word else None


def _listed_after_denied(clause: Clause, token: Token) -> bool:
    """As in 不要磨皮美白: the no of the first holds for what follows it directly."""
    at = index(clause, token)
    before = clause.tokens[at - 1] if at else None
    return before is not None and before.among("object", "smooth") and is_denied(clause, before)


def _unsupported(clause: Clause, draft: Draft, denials: Mapping[str, str]) -> None:
    for token in clause.all("unsupported"):
        if is_denied(clause, token) or _kept(clause, token) or _listed_after_denied(clause, token):
            draft.apply(denials.get(token.value, ""), token, *negations_before(clause, index(clause, token)))
        else:
            draft.add("unsupported", token.value, token, *clause.all("act", "change"))


def _kept(clause: Clause, token: Token) -> bool:
    at = index(clause, token)
    return any(other.among("act", "keep") for other in clause.tokens[max(0, at - 2) : at + 2])


def _light(clause: Clause, draft: Draft, meanings: Mapping[str, str]) -> None:
    signed = [t for t in clause.all("amount") if isinstance(t.data, Amount) and t.data.signed and t.data.unit in {"", "pct"}]
    for token in clause.all("object", "lighting", "brightness", "contrast") + clause.all("light", "contrast_up", "brighter"):
        at = index(clause, token)
        number = next((t for t in signed if index(clause, t) in {at + 1, at + 2}), None)
        if number is not None and isinstance(number.data, Amount):
            key = "contrast_abs" if "contrast" in token.value else "brightness_abs"
            draft.put(f"light.{key}", whole(number.data.low), token, number)
    for token in clause.all("light", "brighter", "darker", "contrast_up", "contrast_down"):
        following = [t for t in clause.tokens[index(clause, token) + 1 :] if t.kind not in {"stop", "degree"}]
        number = following[0] if following else None
        by_number = number is not None and (number.kind == "number" or number.among("amount", "pct", ""))
        if number is not None and by_number and isinstance(number.data, Amount):
            key = "contrast_abs" if "contrast" in token.value else "brightness_abs"
            sign = -1 if token.value in {"darker", "contrast_down"} else 1
            draft.put(f"light.{key}", sign * whole(number.data.low), token, number)
    for token in clause.all("light"):
        if not draft.is_free(token):
            continue
        if token.value in {"darker", "brighter"} and clause.has("object", *_BRIGHT_THINGS) and token.text.startswith(_TOO_BRIGHT):
            draft.use("beauty", token)
            continue
        if is_denied(clause, token):
            draft.use("-", token, *clause.all("neg"))
            continue
        if token.value == "brighter" and clause.has("object", "dark_circles", "eye_bags"):
            draft.use("beauty", token)
            continue
        if token.value == "brighter" and clause.has("object", "teeth"):
            draft.put("beauty.teeth_whiten", True, token, *clause.all("object", "teeth"))
            continue
        meaning = meanings[token.value]
        if meaning[-1] in "+-":
            word = degree(clause, token)
            meaning += str(_BRIGHTNESS_STEPS.get(word.value if word else "", 1))
            path, value = meaning.split("=", 1)
            draft.put(path, value, token, word, corrects=True)
        else:
            draft.apply(meaning, token, corrects=clause.corrects)


def _saturation(clause: Clause, draft: Draft) -> None:
    """A number with a sign ("saturation +20") as steps; the smallest change is one."""
    for token in clause.all("object", "saturation"):
        following = clause.tokens[index(clause, token) + 1 :][:1]
        if following and isinstance(following[0].data, Amount) and following[0].data.signed:
            value = following[0].data.low
            steps = round(value / _NUMBER_PER_STEP) or (1 if value > 0 else -1)
            draft.put("light.saturation", f"{steps:+d}", token, following[0])


def _upscale(clause: Clause, draft: Draft) -> None:
    for token in clause.all("amount"):
        amount = token.data
        grows = clause.has("act", "enlarge") or "upscale" in " ".join(t.text for t in clause.tokens) or "超分" in _text(clause)
        if isinstance(amount, Amount) and amount.unit == "x" and grows:
            draft.put("upscale", whole(amount.low), token, *clause.all("act", "enlarge"))


def _text(clause: Clause) -> str:
    return "".join(token.text for token in clause.tokens)


def _blur(clause: Clause, draft: Draft) -> None:
    for token in clause.all("state", "blur"):
        if not draft.is_free(token) or clause.has("conceal"):
            continue
        if clause.has("light") or (clause.has("object", *_BLURRED_PARTS) and is_denied(clause, token)):
            draft.use("-", token)  # too dark to see, or hair that must not be blurred
            continue
        draft.put("sharpen", True, token, corrects=True)


def _wishes(clauses: Sequence[Clause], draft: Draft) -> None:
    for clause in clauses:
        for token in clause.all("wish"):
            path = token.value.split("=")[0]
            sides = next((v for k, v in (draft.asked.get("size") or {}).items() if k in {"px", "mm", "inch"}), None)
            if path == "geometry.aspect" and sides:
                draft.use("size", token)
            parts = clause.all("object", "ears", "shoulders", "logo") if token.value == "geometry.crop=false" else []
            if parts:
                for part in parts:
                    draft.apply(f"keep+{part.value}", token, part)
                continue
            if path == "sharpen" and clause.has("unsupported", "slim_face", "reshape_nose"):
                continue
            if path == "geometry.straighten" and "转正" in token.text and draft.get("geometry.rotate") is not None:
                draft.use("geometry", token)
            if not draft.is_free(token) or path.split(".")[0] in {"batch", "generate", "followup"}:
                continue
            if not is_denied(clause, token, frozenset({"stop", "degree", "act"})):
                draft.apply(token.value, token, corrects=clause.corrects)
            elif path in _FALSE_WHEN_DENIED:
                draft.put(path, False, token, *clause.all("neg"))
            else:
                draft.use("-", token, *clause.all("neg"))


# --- things and acts -----------------------------------------------------------------------------------------------


def _objects(clause: Clause, draft: Draft, meanings: Mapping[str, Any], carried: str | None) -> str | None:
    """Carries out what the clause does to each thing it names; returns its last act for a list that goes on."""
    spent: set[int] = set()
    last: str | None = None
    for at, token in enumerate(clause.tokens):
        rows = meanings["object"].get(_meant(clause, token, meanings["beside"])) if token.kind == "object" else None
        if rows is None or not draft.is_free(token) or _is_place(clause, at):
            continue
        act, words = _act(clause, at, spent)
        if act is None and token.value == "clothes" and clause.has("object", *_ON_CLOTHES):
            continue
        if act is None and token.value in {"skin_tone", "lighting", "brightness"} and clause.has("light"):
            continue
        if act is None and clause.after in {",", "、", "then"} and carried and not _has_act(clause):
            act = carried if clause.after == "、" or "none" not in rows else None
        meaning = _meaning(rows, meanings["like"], act)
        if meaning is None:
            continue
        for piece in meaning if isinstance(meaning, list) else [meaning]:
            draft.apply(_graded(piece, clause, token), token, *words, corrects=True)
        last = act or last
    return last if last is not None else (carried if not _has_act(clause) else None)


def _meant(clause: Clause, token: Token, beside: Mapping[str, Mapping[str, str]]) -> str:
    """What a general word means beside another: a shadow with "background" near it, creases with a shirt."""
    row = beside.get(token.value, {})
    names = {other.value for other in clause.tokens if other is not token and other.kind in {"object", "ground"}}
    return next((meaning for companion, meaning in row.items() if companion in names), token.value)


def _graded(meaning: str, clause: Clause, token: Token) -> str:
    """As in 皮肤稍微磨一下: a degree word turns the light smoothing into another one; beauty takes a level named as such."""
    if meaning.startswith("beauty.") and meaning.endswith("=true"):
        level = _named_level(clause, token)
        return meaning.removesuffix("true") + level if level else meaning
    word = degree(clause, token) if meaning == "retouch=light" else None
    return f"retouch={_RETOUCH[word.value]}" if word else meaning


_PREPOSITIONS = frozenset(
    {
        *(
            "on",
            "from",
            "in",
            "of",
            "at",
            "off",
            "over",
            "along",
            "around",
            "near",
            "behind",
            "under",
            "across",
            "above",
            "below",
        ),
        *("beside", "between", "against", "onto", "by"),
    }
)
_ZH_ON = (
    "上",
    "上的",
    "上有",
    "里",
    "里的",
    "上全是",
    "上面",
    "边上",
    "旁边",
    "周围",
    "附近",
    "上方",
    "后面",
    "上都是",
    "旁",
    "边",
)


def _is_place(clause: Clause, at: int) -> bool:
    """Whether the thing at `at` only says where another one is: lint *on the jacket*, 衬衫上的褶皱."""
    for i in range(at - 1, 0, -1):
        token = clause.tokens[i]
        if token.text in _PREPOSITIONS or token.text.split(" ")[0] in {"from", "in"}:
            return any(other.kind == "object" for other in clause.tokens[max(0, i - 1) : i])
        if token.kind not in {"stop", "degree", "direction"}:
            break
    following = clause.tokens[at + 1 : at + 7]
    return bool(following) and following[0].text in _ZH_ON and any(other.kind == "object" for other in following[1:])


_OBJECT_FIRST = frozenset({"把", "将", "给我把", "take", "get"})
_SPLIT_OFF = frozenset({"off", "away", "out", "gone"})


def _has_act(clause: Clause) -> bool:
    return any(token.kind in {"act", "neg"} for token in clause.tokens)


def _act(clause: Clause, at: int, spent: set[int]) -> tuple[str | None, list[Token]]:
    """The act on the thing at `at` ("!" before a denied one) and its words: on its left, else on its right."""
    found = list(_walk(clause, range(at - 1, -1, -1), spent))
    act = next((token for token in found if token.kind == "act"), None)
    if act is not None:
        negations = negations_before(clause, index(clause, act), frozenset({"stop", "degree", "act"}))
        spent.add(act.start)
        return ("!" if denied(negations) else "") + act.value, [act, *negations]
    negations = [token for token in found if token.kind == "neg"]
    if negations:
        right = next((t for t in _walk(clause, range(at + 1, len(clause.tokens)), spent) if t.kind == "act"), None)
        object_first = any(other.text in _OBJECT_FIRST for other in clause.tokens[:at])
        if right is not None and (object_first or right.value in {"lose", "touch"} or right.text in _SPLIT_OFF):
            spent.add(right.start)
            return ("!" if denied(negations) else "") + right.value, [*negations, right]
        return ("not" if denied(negations) else "keep"), negations
    return _act_on_the_right(clause, at, spent)


def _act_on_the_right(clause: Clause, at: int, spent: set[int]) -> tuple[str | None, list[Token]]:
    negations: list[Token] = []
    for token in _walk(clause, range(at + 1, len(clause.tokens)), spent):
        if token.kind == "act":
            spent.add(token.start)
            return ("!" if denied(negations) else "") + token.value, [*negations, token]
        if token.kind == "neg":
            negations.append(token)
        elif token.among("colour", "white") or token.among("object", "whiten"):
            return "white", [token]
    return ("not", negations) if denied(negations) else (None, [])


def _walk(clause: Clause, places: range, spent: set[int]) -> Iterator[Token]:
    """Acts and negations along `places` until another thing (one that is not listed with and) ends the reach."""
    linked = joined = False
    seen_act = False
    listed = places.step > 0 and places.start > 1 and clause.tokens[places.start - 2].among("conj", "and")
    for i in places:
        token = clause.tokens[i]
        if token.kind == "act":
            if token.start in spent and places.step > 0 and not listed:
                return
            if places.step < 0 and token.start in spent and not (linked or joined):
                return
            seen_act = True
            yield token
            return
        if token.kind == "neg":
            yield token
        elif token.among("conj", "and"):
            linked = True
        elif token.kind in {"object", "unsupported"} and linked and not seen_act:
            linked, joined = False, True
        elif token.among("colour", "white") or token.among("object", "whiten"):
            yield token
            return
        elif token.kind not in _PASSED:
            return


def _meaning(rows: Mapping[str, Any], like: Mapping[str, str], act: str | None) -> Any:
    if act is None:
        act = rows.get("none")
        if act is None:
            return None
    if act in rows:
        return rows[act]
    if act.startswith("!"):
        act = "remove" if act == "!keep" else "keep"
    seen = set()
    while act not in rows and act in like and act not in seen:
        seen.add(act)
        act = like[act]
    return rows.get(act)
