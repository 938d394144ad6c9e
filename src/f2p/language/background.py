"""What stands behind the person: the colour that is wanted, not the one that is there; gradients; keep, transparent, blur."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f2p.language.clauses import Clause, denied, index, is_denied, negations_before
from f2p.language.draft import Draft
from f2p.language.gradients import read_gradient
from f2p.language.tokens import Token

_KEY = "background"
_OTHERS_COLOUR = ("clothes", "teeth", "skin", "skin_tone", "face", "hair", "hairstyle", "eyes", "logo", "fringe")
_POINTED = ("这个", "这种", "那个", "那种", "this", "that", "这款")
_EITHER = ("or", "或", "或者", "/", "都行", "都可以", "均可", "皆可", "二选一", "任选其一")
_SEE_THROUGH = ("透明", "transparent", "alpha", "无背景", "no background", "without", "免背景", "see through", "不要背景")
_AWAY = ("掉", "走", "out", "away")
_TOO = ("太", "too ")
_WISHED = frozenset({"要", "得", "需要", "必须", "用", "想要", "必须是", "i want", "i need", "must", "should", "want", "need"})
_REACH = 5
"""An act belongs to a backdrop from which at most this many words part it."""
_NEAR = frozenset({"stop", "mark", "degree"})


def read_background(clauses: Sequence[Clause], draft: Draft, family: dict[str, list[str]]) -> None:
    """Sets `background` from everything the sentence says about it."""
    if read_gradient(clauses, draft):
        return
    wanted: list[tuple[dict[str, Any], Clause]] = []
    cut_out: list[tuple[dict[str, Any], Clause]] = []
    for i, clause in enumerate(clauses):
        backdrop = _backdrop(clause, draft)
        if backdrop is None and i and clauses[i - 1].has("ground") and clause.has("mask", "blur"):
            backdrop = {"type": "blur"}  # "keep the background but blur it"
            draft.use(_KEY, *clause.all("mask"))
        solid = _solid(clause, draft) if backdrop is None or backdrop["type"] == "keep" else None
        if backdrop and _only_cuts_out(clause):
            cut_out.append((backdrop, clause))
        else:
            wanted += [(found, clause) for found in (backdrop, solid) if found]
    changed = False
    for value, clause in wanted or cut_out:
        _merge(draft, value, clause, family, changed=changed)
        changed = changed or clause.has("act", "change") or _is_wish(clause)


def _merge(draft: Draft, value: dict[str, Any], clause: Clause, family: dict[str, list[str]], *, changed: bool) -> None:
    """`changed`: a clause before said what to change to; else "change it to blue" replaces what was only named."""
    known = draft.asked.get(_KEY)
    if (
        known is None
        or known == value
        or clause.corrects
        or (known["type"] == "solid" and not changed and clause.has("act", "change"))
    ):
        draft.asked[_KEY] = known if known == value else value
        return
    if known["type"] == "keep" and value["type"] == "blur":
        draft.asked[_KEY] = value
        return
    if known["type"] == value["type"] == "solid":
        one, two = known.get("name"), value.get("name")
        if one == two or one is None or two is None:
            draft.asked[_KEY] = {**known, **value}
            return
        if two in family.get(one, ()):
            draft.asked[_KEY] = {**known, **value}
            return
        if one in family.get(two, ()):
            return
    draft.conflicts.add(_KEY)


def _is_wish(clause: Clause) -> bool:
    """As in 底色要白的: the colour is demanded, not just named."""
    return clause.has("ground") and not clause.has("source") and any(token.text in _WISHED for token in clause.tokens)


def _only_cuts_out(clause: Clause) -> bool:
    """Whether it says "cut me out" without the word transparent: a colour said elsewhere then fills the hole."""
    tokens = clause.all("backdrop", "transparent")
    return bool(tokens) and not any(sign in token.text for token in tokens for sign in _SEE_THROUGH)


def _left_alone(clause: Clause, draft: Draft) -> list[Token]:
    """The words of "底色不要动", "don't you touch the backdrop": a ground that is kept, or that nothing may be done to."""
    grounds = clause.all("ground", "ground")
    if not grounds or _colours(clause, draft) or clause.has("rgb"):
        return []
    kept = [t for t in clause.all("act", "keep") if not denied(negations_before(clause, index(clause, t)))]
    done = [
        t for t in clause.all("act", "change", "touch", "remove", "fix") if denied(negations_before(clause, index(clause, t)))
    ]
    near = [t for t in kept + done if abs(index(clause, t) - index(clause, grounds[0])) <= _REACH]
    return [*grounds, *near] if near else []


def _backdrop(clause: Clause, draft: Draft) -> dict[str, Any] | None:
    """keep, transparent, blur, image; a solid colour in the same clause speaks louder than "cut out"."""
    for token in clause.all("backdrop", "transparent", "blur", "keep", "any"):
        if _said_no_to(clause, token):
            draft.use(_KEY, token)
            continue
        if token.value == "any":
            draft.use("-", token)
            return None
        if token.value == "transparent" and _colours(clause, draft) and "透明" not in token.text and token.text != "transparent":
            draft.use(_KEY, token)
            continue
        draft.use(_KEY, token)
        return {"type": token.value}
    alone = _left_alone(clause, draft)
    if alone and not clause.has("style"):
        draft.use(_KEY, *alone)
        return {"type": "keep"}
    blurred = clause.all("state", "blur")
    if blurred and clause.has("ground") and blurred[0].text.startswith(("不", "别", "not ")):
        draft.use("-", *blurred, *clause.all("ground"))  # 不要模糊背景
        return None
    if blurred and clause.has("ground") and not is_denied(clause, blurred[0]):
        draft.use(_KEY, *blurred, *clause.all("ground"))
        return {"type": "blur"}
    greys = clause.all("style", "american")
    if greys and not is_denied(clause, greys[0]):
        draft.use(_KEY, *greys, *clause.all("ground"), *clause.all("act", "change"))
        return {"type": "solid", "name": "gray", "style": "american"}
    grounds = clause.all("ground", "ground") + clause.all("ask", "missing_color")
    styles = clause.all("style")
    grounds += [token for token in styles if any(word in token.text for word in ("背景", "background", "backdrop"))]
    uploaded = clause.all("style", "own")
    placed = clause.has("style", "picture") or any(t.start < u.start for u in uploaded for t in grounds)
    if uploaded and placed and not _colours(clause, draft) and not clause.has("rgb"):
        draft.use(_KEY, *uploaded, *styles, *grounds, *clause.all("act", "change"))
        return {"type": "image"}
    styles = [token for token in styles if token.value != "own"]
    if grounds and styles and not clause.has("source") and not _colours(clause, draft):
        draft.use(_KEY, *styles, *grounds, *clause.all("act", "change"))
        return {"type": "image", "style": styles[0].value}
    return None


def _said_no_to(clause: Clause, token: Token) -> bool:
    """Whether the clause denies it; a backdrop that stays is not denied by what follows (背景保持原样不用换)."""
    if token.value == "keep":
        return denied(negations_before(clause, index(clause, token)))
    return is_denied(clause, token)


def _solid(clause: Clause, draft: Draft) -> dict[str, Any] | None:
    colours = [token for token in _colours(clause, draft) if not _belongs_elsewhere(clause, token)]
    numbers = [token for token in clause.all("rgb") if draft.is_free(token)]
    colours = [token for token in colours if not _refused(clause, token, draft)]
    if (_describes(clause) and not clause.has("act", "change")) or _gives_away(clause, colours):
        draft.use("-", *colours)
        return None
    colours, sources = _targets(clause, colours)
    draft.use("-", *sources)
    if numbers and colours and _is_pointer(clause, colours[-1]):
        draft.use(_KEY, colours.pop())
    if len(colours) > 1 and any(token.text in _EITHER for token in clause.tokens):
        draft.use(_KEY, *colours[1:])
        colours = colours[:1]
    if not colours and not numbers:
        return None
    value: dict[str, Any] = {"type": "solid"}
    if colours:
        value["name"] = colours[-1].value
        if len({token.value for token in colours}) > 1:
            draft.conflicts.add(_KEY)
    if numbers:
        value["color"] = numbers[-1].value
    grounds = clause.all("ground") + clause.all("ask", "missing_color") + clause.all("act", "change")
    studio = clause.all("style", "studio")
    if studio:
        value["style"] = "studio"
    draft.use(_KEY, *colours, *numbers, *grounds, *studio)
    return value


def _colours(clause: Clause, draft: Draft) -> list[Token]:
    if clause.has("ground") and clause.tokens[-1].among("neg", "not") and not clause.has("act"):
        return []  # 红底蓝底都不要
    return [token for token in clause.all("colour") if draft.is_free(token) and not _excepted(clause, token)]


def _excepted(clause: Clause, token: Token) -> bool:
    """As in 除了红色都行, "any colour except red"."""
    before = clause.tokens[max(0, index(clause, token) - 2) : index(clause, token)]
    return any(other.kind == "except" for other in before)


def _ground_follows(clause: Clause, at: int) -> bool:
    for token in clause.tokens[at + 1 :]:
        if token.kind == "ground":
            return True
        if token.kind not in {"stop", "conj", "colour", "degree"}:
            return False
    return False


def _belongs_elsewhere(clause: Clause, token: Token) -> bool:
    """Whether this colour is that of clothes, teeth, hair, ink … and not of the backdrop."""
    at = index(clause, token)
    if _ground_follows(clause, at):
        return False
    if _inside_a_word(clause, at):
        return True
    before = [
        other for other in clause.tokens[:at] if other.kind in {"ground", "object", "act", "backdrop", "unsupported", "ask"}
    ]
    if before and before[-1].among("ground"):
        return False
    if any(other.among("ask", "missing_color") for other in before):
        return False
    things = [
        other for other in clause.tokens if other.among("object", *_OTHERS_COLOUR) or other.kind in {"unsupported", "sheet"}
    ]
    near = [other for other in things if abs(index(clause, other) - at) <= 3]
    return bool(near) or clause.has("mask") or clause.has("order", "border")


def _inside_a_word(clause: Clause, at: int) -> bool:
    """As in 白毛絮, 漂白, 红一块: a colour's sign that is joined to what it describes, with no backdrop named before it."""
    token = clause.tokens[at]
    if len(token.text) > 1 or token.text.isascii() or any(t.kind in {"ground", "act"} for t in clause.tokens[:at]):
        return False
    before, after = clause.tokens[at - 1 : at], clause.tokens[at + 1 : at + 2]
    joined = [t for t in before if t.end == token.start and t.text in _FADED] or [t for t in after if t.start == token.end]
    return any((t.kind == "other" and not t.text.isascii()) or t.kind == "object" for t in joined)


_FADED = frozenset("漂泛苍惨偏")


def _all_refused(clause: Clause, at: int) -> bool:
    """As in 红底蓝底都不要: a list of colours with the no at its end."""
    rest = [t for t in clause.tokens[at + 1 :] if t.kind not in {"stop", "ground", "conj", "mark"}]
    no = next((i for i, t in enumerate(rest) if t.kind != "colour"), len(rest))
    return no < len(rest) and rest[no].among("neg", "not") and all(t.kind == "act" for t in rest[no + 1 :])


def _refused(clause: Clause, token: Token, draft: Draft) -> bool:
    at = index(clause, token)
    negations = negations_before(clause, at, _NEAR | {"act", "bound"})
    if not negations and _all_refused(clause, at):
        draft.use("-", token)
        return True
    if denied(negations) or (not negations and is_denied(clause, token, frozenset({"stop"}))):
        draft.use("-", token, *negations)
        return True
    return False


def _describes(clause: Clause) -> bool:
    return clause.has("source") and not clause.has("backdrop")


def _gives_away(clause: Clause, colours: list[Token]) -> bool:
    """Whether the colours are only found wanting ("浅蓝太嫩了") or taken away ("那张白的换掉"), none put in their place."""
    if not colours:
        return False
    after = clause.tokens[index(clause, colours[-1]) + 1 :]
    if any(token.among("act", "change") and not token.text.endswith(_AWAY) for token in clause.tokens):
        return False
    away = any((token.kind in {"act", "ask"} and token.text.endswith(_AWAY)) or token.among("file", "rejects") for token in after)
    faults = [token for token in after if token.among("degree", "too") or token.text.startswith(_TOO)]
    return away or any(not denied(negations_before(clause, index(clause, token))) for token in faults)


def _targets(clause: Clause, colours: list[Token]) -> tuple[list[Token], list[Token]]:
    """(wanted, present) colours: after "to" or 换 stands what is wanted; "swap X for Y" too."""
    if len(colours) < 2 and not clause.has("source"):
        return colours, []
    changes = [index(clause, token) for token in clause.all("act", "change")]
    after = [token for token in colours if any(index(clause, token) > at for at in changes)]
    before = [token for token in colours if token not in after]
    if after and before:
        later = [at for at in changes if at > index(clause, before[-1])]
        return [token for token in after if not later or index(clause, token) > later[-1]], before
    if len(after) > 1 and changes:
        middle = [at for at in changes if index(clause, after[0]) < at < index(clause, after[-1])]
        if middle:
            return [token for token in after if index(clause, token) > middle[-1]], after[:1]
    return colours, []


def _is_pointer(clause: Clause, token: Token) -> bool:
    at = index(clause, token)
    return at > 0 and clause.tokens[at - 1].text.strip() in _POINTED
