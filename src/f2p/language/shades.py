"""A background "a bit lighter" than before: a colour one step lighter or darker than the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from f2p.catalogue.colours import colours
from f2p.language.clauses import Clause, split
from f2p.language.lexicon import lexicon
from f2p.language.text import fold
from f2p.language.tokens import lex
from f2p.values.reading import Reading, Span

_KEY = "background"
_SAYS_COLOUR = ("colour", "rgb", "backdrop", "size")
_STEPS = (("lighter", 1), ("darker", -1))
_MIXED = 0.25
"""A colour without a lighter or darker name goes this share of the way to white or black."""


@dataclass(frozen=True, slots=True)
class Shade:
    """The colour that is wanted now, and the words that asked for it."""

    background: dict[str, Any]
    span: Span

    def applied_to(self, wishes: Mapping[str, Any], new: Reading) -> tuple[dict[str, Any], Reading]:
        """`wishes` and the new sentence's reading with the shade, and without what these words seemed to say."""
        first, last = self.span.at
        inside = [span for span in new.spans if first <= span.at[0] and span.at[1] <= last]
        outside = tuple(span for span in new.spans if span not in inside)
        only_here = {span.key for span in inside} - {span.key for span in outside}
        left = {key: value for key, value in wishes.items() if key not in only_here}
        ignored = tuple(words for words in new.ignored if words not in self.span.text)
        return {**left, _KEY: self.background}, replace(new, spans=(*outside, self.span), ignored=ignored)


def read_shade(sentence: str, before: Mapping[str, Any]) -> Shade | None:
    """The shade that the sentence asks for, where `before` has a colour to start from; else None."""
    wish = before.get(_KEY)
    if not isinstance(wish, Mapping) or wish.get("type") != "solid":
        return None
    words = lexicon()
    text = fold(sentence, words.simplified)
    for clause in split(lex(text.plain, words)):
        step = _direction(clause, text.plain)
        if step:
            start, end = clause.tokens[0].start, clause.tokens[-1].end
            return Shade(_moved(wish, step), Span(text.words(start, end), text.span(start, end), _KEY))
    return None


def _direction(clause: Clause, plain: str) -> int:
    """+1 lighter, -1 darker, 0 where the clause is not about a shade of the backdrop."""
    others = any(clause.has(kind) for kind in _SAYS_COLOUR) or any(token.value != "whiten" for token in clause.all("object"))
    if others or not clause.has("ground"):
        return 0
    said = plain[clause.tokens[0].start : clause.tokens[-1].end]
    pieces = lexicon().meanings["followup"]
    found = next((step for name, step in _STEPS if any(piece in said for piece in pieces[name])), 0)
    return -found if any(piece in said for piece in pieces["too"]) else found


def _moved(wish: Mapping[str, Any], step: int) -> dict[str, Any]:
    if "color" not in wish:
        name = wish.get("name", "white")
        rows = lexicon().meanings["shade"].values()
        row = next((row for row in rows if name in row), [name])
        at = row.index(name) + step
        if 0 <= at < len(row):
            return {"type": "solid", "name": row[at]}
    color = wish.get("color") or colours()[wish.get("name", "white")].hex
    target = 255 if step > 0 else 0
    channels = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    mixed = "#" + "".join(f"{round(one + (target - one) * _MIXED):02X}" for one in channels)
    return dict(wish) if mixed == color else {"type": "solid", "color": mixed}
