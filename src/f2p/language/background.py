"""What stands behind the person: the colour that is wanted, not the one that is there; gradients; keep, transparent, blur."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, denied, index, is_denied, negations_before
from f2p.language.draft import Draft
from f2p.language.tokens import Token

_KEY = "background"
_OTHERS_COLOUR = ("clothes", "teeth", "skin", "skin_tone", "face", "hair", "hairstyle", "eyes", "logo", "fringe")
_POINTED = ("这个", "这种", "那个", "那种", "this", "that", "这款")
_EITHER = ("or", "或", "或者", "/", "都行", "都可以", "均可", "皆可", "二选一", "任选其一")
_SEE_THROUGH = ("透明", "transparent", "alpha", "无背景", "no background", "without", "免背景", "see through", "不要背景")
_ALSO_PLAIN_VERBS = ("fad", "blend", "transition", "melt", "shad")
_REACH = 5
"""An act belongs to a backdrop from which at most this many words part it."""
_DIRECTIONS = frozenset({"vertical", "horizontal", "radial", "diagonal", "rising"})
_NEAR = frozenset({"stop", "mark", "degree"})


def read_background(clauses: Sequence[Clause], draft: Draft, family: dict[str, list[str]]) -> None:
    """Sets `background` from everything the sentence says about it."""
    if _gradient(clauses, draft):
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
        changed = changed or clause.has("act", "change")


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
        if is_denied(clause, token):
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
    if grounds and styles and not clause.has("source") and not _colours(clause, draft):
        draft.use(_KEY, *styles, *grounds, *clause.all("act", "change"))
        return {"type": "image", "style": styles[0].value}
    return None


def _solid(clause: Clause, draft: Draft) -> dict[str, Any] | None:
    colours = [token for token in _colours(clause, draft) if not _belongs_elsewhere(clause, token)]
    numbers = [token for token in clause.all("rgb") if draft.is_free(token)]
    colours = [token for token in colours if not _refused(clause, token, draft)]
    if _describes(clause) and not clause.has("act", "change"):
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
    return [token for token in clause.all("colour") if draft.is_free(token)]


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


def _refused(clause: Clause, token: Token, draft: Draft) -> bool:
    at = index(clause, token)
    negations = negations_before(clause, at, _NEAR | {"act", "bound"})
    if denied(negations) or (not negations and is_denied(clause, token, frozenset({"stop"}))):
        draft.use("-", token, *negations)
        return True
    return False


def _describes(clause: Clause) -> bool:
    return clause.has("source") and not clause.has("backdrop")


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


def _gradient(clauses: Sequence[Clause], draft: Draft) -> bool:
    """A gradient takes all its colours from its own clause and the ones beside it."""
    for i, clause in enumerate(clauses):
        signs = clause.all("backdrop", "gradient")
        if not signs or is_denied(clause, signs[0]):
            continue
        if all(sign.text.startswith(_ALSO_PLAIN_VERBS) for sign in signs) and not any(
            c.has("colour") for c in clauses[i : i + 2]
        ):
            continue
        around = list(clauses[max(0, i - 1) : i + 2])
        placed = list(clauses[max(0, i - 1) : i + 3])
        own = _gradient_colours(clause)
        if not own and not any(_gradient_colours(part) for part in clauses[i + 1 : i + 2]):
            around = list(clauses[max(0, i - 2) : i + 2])
        pool = around if len(own) < 2 else [clause]
        colours = own if len(own) == 2 else [token for part in pool for token in _gradient_colours(part)] or own
        if len(own) == 1 and len(colours) > 2:
            colours = own
        if clause.has("act", "change") and len(own) != len(colours):
            colours = own
        value: dict[str, Any] = {"type": "gradient"}
        radial = any(part.has("direction", "radial") for part in around)
        names = [token.value for token in colours[:2]]
        if radial and len(colours) == 2 and _corner_first(around, colours):
            names.reverse()
        names = _place_order(around, names)
        value.update(zip(("from", "to"), names, strict=False))
        direction, turn = _direction(placed)
        if turn and len(names) == 2:
            value["from"], value["to"] = names[1], names[0]
        angle = _angle(clause, draft)
        if direction:
            value["direction"] = direction
        elif angle is not None:
            value["angle"] = angle
        draft.asked[_KEY] = value
        for part in placed:
            draft.use(_KEY, *part.all("direction"), *part.all("ground"), *part.all("backdrop"), *part.all("act", "change"))
        draft.use(_KEY, *(token for part in around for token in part.all("colour")))
        return True
    return False


def _angle(clause: Clause, draft: Draft) -> int | None:
    """Degrees said beside the gradient (and not of a turn of the photo)."""
    if any(word in token.text for token in clause.tokens for word in ("转", "rotate", "turn")):
        return None
    for token in clause.all("amount", "deg"):
        if isinstance(token.data, Amount) and draft.is_free(token):
            draft.use(_KEY, token)
            return round(token.data.low) % 360
    return None


def _gradient_colours(clause: Clause) -> list[Token]:
    """Colours of the gradient itself: a wall that is replaced and a colour before "换成" are what is there now."""
    colours = [t for t in clause.all("colour") if not _wall_follows(clause, t)]
    changes = [index(clause, token) for token in clause.all("act", "change") if not token.text.startswith(("to", "into", "with"))]
    if changes and colours and clause.has("backdrop", "gradient"):
        after = [token for token in colours if index(clause, token) > changes[-1]]
        return after or colours
    return colours


def _wall_follows(clause: Clause, token: Token) -> bool:
    at = index(clause, token)
    return at + 1 < len(clause.tokens) and clause.tokens[at + 1].among("ground", "wall") and clause.has("act", "change")


def _corner_first(clauses: Sequence[Clause], colours: list[Token]) -> bool:
    """In a radial gradient `from` is the middle: whether the first colour named is that of the corners."""
    places = sorted((t for clause in clauses for t in clause.all("direction", "corner", "middle")), key=lambda t: t.start)
    if not places:
        return False
    first = colours[0]
    if places[0].start < first.start:
        return places[0].value == "corner"
    nearest = next((t for t in places if t.start >= first.start), places[0])
    if nearest.start > colours[1].start:
        nearest = places[0]
    return nearest.value == "corner"


def _place_order(clauses: Sequence[Clause], names: list[str]) -> list[str]:
    """Colour names from the top: "blue at the bottom, white at the top" starts with white."""
    places = sorted((t for clause in clauses for t in clause.all("direction", "top", "bottom")), key=lambda t: t.start)
    if len(names) == 2 and len(places) == 2 and places[0].value == "bottom":
        return names[::-1]
    return names


def _before_colour(clause: Clause, sides: tuple[str, str]) -> list[str]:
    """As in 上蓝下白: the single words for sides that stand directly before a colour."""
    pairs = zip(clause.tokens, clause.tokens[1:], strict=False)
    return [one.text for one, two in pairs if one.text in sides and two.kind == "colour"]


def _direction(clauses: Sequence[Clause]) -> tuple[str | None, bool]:
    for clause in clauses:
        for token in clause.all("direction"):
            plain = token.value.removesuffix("_up").removesuffix("_back")
            if plain in _DIRECTIONS:
                return plain, plain != token.value
    if any(clause.has("direction", "top", "bottom") for clause in clauses):
        return "vertical", False
    for first, second, name in (("上", "下", "vertical"), ("左", "右", "horizontal")):
        sides = [side for clause in clauses for side in _before_colour(clause, (first, second))]
        if sides in ([first, second], [second, first]):
            return name, sides[0] == second
    return None, False
