"""Gradients behind the person: which colours, from where to where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, index, is_denied
from f2p.language.draft import Draft
from f2p.language.tokens import Token

_KEY = "background"
_GRADIENT_WORDS = frozenset({"direction", "place", "ground", "backdrop"})
_DIRECTIONS = frozenset({"vertical", "horizontal", "radial", "diagonal", "rising"})
_GRADIENTS = ("渐变", "gradient")
_ALSO_PLAIN_VERBS = ("fad", "blend", "transition", "melt", "shad")


def read_gradient(clauses: Sequence[Clause], draft: Draft) -> bool:
    """A gradient takes all its colours from its own clause and the ones beside it."""
    for i, clause in enumerate(clauses):
        signs = clause.all("backdrop", "gradient") or [t for t in clause.all("direction") if t.text.endswith(_GRADIENTS)]
        if not signs or is_denied(clause, signs[0]):
            continue
        if all(sign.text.startswith(_ALSO_PLAIN_VERBS) for sign in signs) and not any(
            c.has("colour") for c in clauses[i : i + 2]
        ):
            continue
        placed = list(clauses[max(0, i - 1) : i + 3])
        own = _gradient_colours(clause)
        around = _beside_gradient(clauses, i, own)
        pool = around if len(own) < 2 else [clause]
        colours = own if len(own) == 2 else [token for part in pool for token in _gradient_colours(part)] or own
        if len(own) == 1 and len(colours) > 2:
            colours = own
        if own and clause.has("act", "change") and len(own) != len(colours):
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
        words = [token for part in placed for token in part.tokens]
        draft.use(_KEY, *(t for t in words if t.kind in _GRADIENT_WORDS or t.among("act", "change")))
        draft.use(_KEY, *(token for part in around for token in part.all("colour")))
        return True
    return False


def _beside_gradient(clauses: Sequence[Clause], i: int, own: list[Token]) -> list[Clause]:
    """The clauses whose colours may be those of the gradient in clause `i`."""
    following = [len(_gradient_colours(part)) for part in clauses[i + 1 : i + 3]]
    if not own and following == [1, 1]:
        return list(clauses[i : i + 3])  # "from the top white, then further down light blue"
    if not own and not any(following[:1]):
        return list(clauses[max(0, i - 2) : i + 2])
    return list(clauses[max(0, i - 1) : i + 2])


def _gradient_colours(clause: Clause) -> list[Token]:
    """Colours of the gradient itself: a wall that is replaced and a colour before "换成" are what is there now."""
    colours = [t for t in clause.all("colour") if not _wall_follows(clause, t)]
    changes = [
        at for at, t in enumerate(clause.tokens) if t.among("act", "change") and not t.text.startswith(("to", "into", "with"))
    ]
    changes = [at for at in changes if not _between_colours(clause, at)]
    if changes and colours and clause.has("backdrop", "gradient"):
        after = [token for token in colours if index(clause, token) > changes[-1]]
        return after or colours
    return colours


def _between_colours(clause: Clause, at: int) -> bool:
    """As in 由蓝变白: what the gradient does, not what is done to the photo."""
    sides = clause.tokens[max(0, at - 1) : at + 2]
    return len(sides) == 3 and sides[0].kind == sides[2].kind == "colour" and sides[1].text.startswith(("变", "到", "成"))


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
    places = sorted((t for clause in clauses for t in _sides(clause)), key=lambda t: t.start)
    if len(names) == 2 and len(places) == 2 and places[0].value in {"bottom", "right"}:
        return names[::-1]
    return names


def _sides(clause: Clause) -> list[Token]:
    return clause.all("direction", "top", "bottom") + clause.all("place", "left", "right")


def _before_colour(clause: Clause, sides: tuple[str, str]) -> list[str]:
    """As in 上蓝下白: the single words for sides that stand directly before a colour."""
    pairs = zip(clause.tokens, clause.tokens[1:], strict=False)
    return [one.text for one, two in pairs if one.text in sides and two.kind == "colour"]


def _angle(clause: Clause, draft: Draft) -> int | None:
    """Degrees said beside the gradient (and not of a turn of the photo)."""
    if any(word in token.text for token in clause.tokens for word in ("转", "rotate", "turn")):
        return None
    for token in clause.all("amount", "deg"):
        if isinstance(token.data, Amount) and draft.is_free(token):
            draft.use(_KEY, token)
            return round(token.data.low) % 360
    return None


def _direction(clauses: Sequence[Clause]) -> tuple[str | None, bool]:
    for clause in clauses:
        for token in clause.all("direction"):
            plain = token.value.removesuffix("_up").removesuffix("_back")
            if plain in _DIRECTIONS:
                return plain, plain != token.value
    if any(clause.has("direction", "top", "bottom") for clause in clauses):
        return "vertical", False
    if len({t.value for clause in clauses for t in clause.all("place", "left", "right")}) == 2:
        return "horizontal", False
    for first, second, name in (("上", "下", "vertical"), ("左", "右", "horizontal")):
        sides = [side for clause in clauses for side in _before_colour(clause, (first, second))]
        if sides in ([first, second], [second, first]):
            return name, sides[0] == second
    return None, False
