"""What is done to the person: smoothing, whitening, things to keep, mend or leave, light, sharpness, and what cannot be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, degree, denied, index, is_denied, negations_before
from f2p.language.draft import NO_CLAUSE, Draft
from f2p.language.fileness import whole
from f2p.language.lights import read_light
from f2p.language.skin import RETOUCH, listed_after_denied, named_level, read_bare_smoothing, read_skin
from f2p.language.tokens import Token
from f2p.language.whereabouts import is_place, read_removals

_PASSED = frozenset({"stop", "degree", "mark", "place", "other", "correct", "follow", "source", "noise"})
_FALSE_WHEN_DENIED = ("sharpen", "denoise")
_BLURRED_PARTS = ("hair", "hair_strand", "glasses_frame", "ears")
_ON_CLOTHES = ("creases", "clothing_wrinkles", "lint", "scratches", "fringe")
_NEVER = frozenset({"never", "don't", "do not", "dont", "without", "not", "no"})


def read_look(clauses: Sequence[Clause], draft: Draft, meanings: Mapping[str, Any]) -> None:
    """Sets retouch, beauty, keep, fix, light, sharpen, denoise, upscale, color_mode, unsupported."""
    carried: str | None = None
    clauses = [_with_acts(clause) for clause in clauses]
    for i, clause in enumerate(clauses):
        if clause.has("object", "shadow", "creases") and i and clauses[i - 1].has("ground") and not clauses[i - 1].has("object"):
            clause = Clause((*clauses[i - 1].all("ground"), *clause.tokens), clause.after, clause.question, clause.corrects)
        if clause.has("object", "glare") and i and clauses[i - 1].has("object", "shine"):
            clause = replace(clause, tokens=(*clauses[i - 1].all("object", "shine"), *clause.tokens))
        before = clauses[i - 1] if i else NO_CLAUSE
        read_skin(clause, draft, before)
        _unsupported(clause, draft, meanings["denied"])
        read_light(clause, draft, meanings["light"])
        _upscale(clause, draft)
        carried = _objects(clause, draft, meanings, carried, kept=_kept_afterwards(clauses, i))
        _act_afterwards(before, clause, draft, meanings)
        read_bare_smoothing(clause, draft, before)
        read_removals(clause, draft)
        _blur(clause, draft)
    _wishes(clauses, draft)


def _with_acts(clause: Clause) -> Clause:
    """As in "never alter my skin tone": "never alter" is about the thing named next, not about the whole picture."""
    tokens: list[Token] = []
    for i, token in enumerate(clause.tokens):
        following = next((t for t in clause.tokens[i + 1 :] if t.kind != "stop"), None)
        head, _, verb = token.text.rpartition(" ")
        if token.among("wish", "policy=no_edit") and head in _NEVER and following is not None and following.kind == "object":
            middle = token.start + len(head) + 1
            tokens += [Token("neg", "not", token.start, middle - 1, head), Token("act", "change", middle, token.end, verb)]
        else:
            tokens.append(token)
    return replace(clause, tokens=tuple(tokens))


def _unsupported(clause: Clause, draft: Draft, denials: Mapping[str, str]) -> None:
    for token in clause.all("unsupported"):
        before = clause.tokens[: index(clause, token)][-1:]
        worn_now = token.text.startswith("wearing") and any(other.text in _NOW for other in before)
        if worn_now or (token.value == "change_hairstyle" and is_place(clause, index(clause, token))):
            draft.use("-", token)
        elif is_denied(clause, token) or _kept(clause, token) or listed_after_denied(clause, token):
            draft.apply(denials.get(token.value, ""), token, *negations_before(clause, index(clause, token)))
        else:
            draft.add("unsupported", token.value, token, *clause.all("act", "change"))


_NOW = frozenset({"i'm", "i am", "he's", "she's", "he is", "she is", "is", "am"})


def _kept(clause: Clause, token: Token) -> bool:
    at = index(clause, token)
    return any(other.among("act", "keep") for other in clause.tokens[max(0, at - 2) : at + 2])


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
    for i, clause in enumerate(clauses):
        for token in clause.all("wish"):
            path = token.value.split("=")[0]
            if path == "geometry.straighten" and i and _refers_back(clause, clauses[i - 1]):
                draft.use("unsupported", token)
                continue
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
            if (taken := _taken_back(clause, token, path)) is not None:
                draft.put(path, False, token, *taken)
            elif not _is_denied(clause, token):
                draft.apply(token.value, token, corrects=clause.corrects)
            else:
                draft.use("-", token, *clause.all("neg"))


def _is_denied(clause: Clause, token: Token) -> bool:
    return is_denied(clause, token, frozenset({"stop", "degree", "act", "correct"}))


def _taken_back(clause: Clause, token: Token, path: str) -> list[Token] | None:
    """The words that make "no" of a wish that knows a no: 不要锐化, 锐化去掉; None where it stands."""
    if path not in _FALSE_WHEN_DENIED:
        return None
    removed = [other for other in clause.tokens[index(clause, token) + 1 :][:1] if other.among("act", "remove")]
    return removed or (clause.all("neg") if _is_denied(clause, token) else None)


def _refers_back(clause: Clause, before: Clause) -> bool:
    """As in "my nose is crooked, straighten it"."""
    others = [token for token in clause.tokens if token.kind not in {"wish", "stop", "mark"}]
    return not others and before.has("unsupported", "reshape_nose", "change_pose")


# --- things and acts -----------------------------------------------------------------------------------------------


def _objects(clause: Clause, draft: Draft, meanings: Mapping[str, Any], carried: str | None, *, kept: bool = False) -> str | None:
    """Carries out what the clause does to each thing it names; returns its last act for a list that goes on.

    kept: the next clause says to keep what is only named here.
    """
    spent: set[int] = set()
    last: str | None = None
    for at, token in enumerate(clause.tokens):
        rows = meanings["object"].get(_meant(clause, token, meanings["beside"])) if token.kind == "object" else None
        if rows is None or not draft.is_free(token) or is_place(clause, at):
            continue
        act, words = _act(clause, at, spent)
        if kept and act in {None, "lose", "wear"}:
            act = "keep"
        if _only_named(clause, token, act):
            continue
        if token.value == "creases" and _already_smoothed(clause, draft):
            draft.use("fix", token)
            continue
        if act is None and clause.after in {",", "、", "then"} and carried and not _has_act(clause):
            act = carried if clause.after == "、" or "none" not in rows else None
        if act in {"not", "!remove"} and token.text.startswith(_TAKES_AWAY):
            draft.use("-", token, *words)  # 不用去油光
            continue
        meaning = _meaning(rows, meanings["like"], act)
        if meaning is None:
            continue
        for piece in meaning if isinstance(meaning, list) else [meaning]:
            draft.apply(_graded(piece, clause, token), token, *words, corrects=True)
        last = act or last
    return last if last is not None else (carried if not _has_act(clause) else None)


def _only_named(clause: Clause, token: Token, act: str | None) -> bool:
    """Whether the thing is spoken of and nothing is wished of it."""
    if token.value == "clothes" and _only_described(clause, token):
        return True
    if act is not None:
        return False
    if token.value == "clothes":
        return clause.has("object", *_ON_CLOTHES) or clause.has("other")
    if token.value == "hair_strand":
        return clause.has("object", "fringe")  # 头发边缘那圈白边: only where the rim is
    return token.value in {"skin_tone", "lighting", "brightness"} and clause.has("light")


_TAKES_AWAY = ("去", "祛", "控")
_IS = frozenset({"是", "is", "are", "was", "穿", "穿着", "穿了", "wearing", "wear"})


def _only_described(clause: Clause, token: Token) -> bool:
    """As in 我穿的是白衬衫, 我穿红色衣服 and "my shirt is white": what is worn, no wish."""
    acts, before = clause.all("act"), clause.tokens[: index(clause, token)]
    if len(acts) == 1 and acts[0].text.startswith("穿"):
        return any(other.text in {"我", "本人", "他", "她"} for other in before)
    named = token.text.startswith(("my ", "his ", "her ", "我的"))
    return not acts and (named or any(t.text in _IS or t.text.endswith("穿的") for t in clause.tokens))


def _already_smoothed(clause: Clause, draft: Draft) -> bool:
    """As in "the backdrop is wrinkled, smooth out the folds": they are those just spoken of."""
    return "background_wrinkles" in draft.asked.get("fix", ()) and not clause.has("object", "clothes")


def _kept_afterwards(clauses: Sequence[Clause], i: int) -> bool:
    """As in 脸上有颗痣,留着, or "my hair is frizzy, keep every strand": what is named here stays."""
    after = clauses[i + 1] if i + 1 < len(clauses) else NO_CLAUSE
    acts = after.all("act")
    if not acts or after.has("act", "natural"):
        return False
    denies = denied(negations_before(after, index(after, acts[0])))
    if denies == (acts[0].value == "keep") or (denies and acts[0].value not in _LEAVES_ALONE):
        return False
    hair = clauses[i].has("object", "stray_hair") and after.has("object", "hair", "hair_strand")
    return hair or all(token.kind in _ONLY_AN_ACT for token in after.tokens)


_ONLY_AN_ACT = frozenset({"act", "neg", "stop", "degree", "conj", "mark", "distribute", "noise", "place", "follow"})
_LEAVES_ALONE = frozenset({"change", "remove", "touch", "fix", "lose"})
_TOO_WIDE = frozenset({"face", "head", "size", "head_height", "brightness", "lighting"})


def _act_afterwards(before: Clause, clause: Clause, draft: Draft, meanings: Mapping[str, Any]) -> None:
    """As in 衬衫皱了,弄平: an act without a thing is done to the things named just before that nothing was done to."""
    if not clause.has("act") or any(token.kind not in _ONLY_AN_ACT for token in clause.tokens):
        return
    named = before.all("object")
    undone = all(draft.used.get(t.start, (0, ("-",)))[1] == ("-",) for t in named)
    topics = [t for t in named if undone and t.value not in _TOO_WIDE]
    for topic in topics:
        understood = draft.used.pop(topic.start, None)
        if is_place(before, index(before, topic)):
            continue
        _objects(Clause((topic, *clause.tokens), clause.after, clause.question, clause.corrects), draft, meanings, None)
        if understood is not None and draft.is_free(topic):
            draft.used[topic.start] = understood
    if not topics and not any(token.start in draft.used for token in before.tokens):
        read_removals(clause, draft, before)


def _meant(clause: Clause, token: Token, beside: Mapping[str, Mapping[str, str]]) -> str:
    """What a general word means beside another: a shadow with "background" near it, creases with a shirt."""
    row = beside.get(token.value, {})
    names = {other.value for other in clause.tokens if other is not token and other.kind in {"object", "ground"}}
    return next((meaning for companion, meaning in row.items() if companion in names), token.value)


def _graded(meaning: str, clause: Clause, token: Token) -> str:
    """As in 皮肤稍微磨一下: a degree word turns the light smoothing into another one; beauty takes a level named as such."""
    if meaning.startswith("beauty.") and meaning.endswith("=true"):
        level = named_level(clause, token)
        return meaning.removesuffix("true") + level if level else meaning
    word = degree(clause, token) if meaning == "retouch=light" else None
    return f"retouch={RETOUCH[word.value]}" if word else meaning


_OBJECT_FIRST = frozenset({"把", "将", "给我把", "take", "get"})
_EACH = ("都", "统统", "全都", "通通", "一律")
"""Said after several things: 耳朵肩膀都得露."""
_SPLIT_OFF = frozenset({"off", "away", "out", "gone"})
_DONE_TO = frozenset({"removed", "removal", "erased", "retouched", "reduced", "cleaned"})
"""After its thing an English act is done to it: "I don't want my glasses removed"."""


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
        passive = right is not None and right.text in _DONE_TO
        if right is not None and (object_first or passive or right.value in {"lose", "touch"} or right.text in _SPLIT_OFF):
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
    each = places.step > 0 and any(t.text.startswith(_EACH) for t in clause.tokens[places.start :])
    listed = each or (places.step > 0 and places.start > 1 and clause.tokens[places.start - 2].among("conj", "and"))
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
        elif token.kind in {"object", "unsupported"} and not seen_act and (linked or (each and token.kind == "object")):
            linked, joined = False, True
        elif token.kind == "distribute" or token.among("wish", "batch"):
            continue
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
