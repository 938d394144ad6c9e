"""Tokens grouped into clauses, with the questions that every part of the grammar asks of them: what is denied, how strongly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from f2p.language.tokens import Token

_ENDS = frozenset(",.。;!?\n\r、|()[]{}<>【】《》…")
_LISTED = frozenset({"object", "entity", "unsupported", "measure", "colour", "format", "paper"})
_CONTRASTS = frozenset({"but", "but i", "however", "但", "但是", "可是", "不过", "yet", "though", "可", "却"})
_ASKS = frozenset({"不"})
"""Said last they ask: 能清楚点不."""
_TAKES_BACK = frozenset(
    {"no wait", "wait", "scratch that", "oops", "strike that", "my mistake", "不对", "哦不", "啊不", "说错了"}
)
"""What follows one of these stands instead of what came before: blue - no wait, white."""
_MOST_TOKENS = 60
"""Nobody writes a longer clause; cutting there keeps the time a reading takes in step with its length."""
_LIGHT_KINDS = frozenset({"stop", "degree", "bound"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of the sentence between punctuation. after: the mark before it; question: ends with a question mark.

    corrects: the words take back what was said before ("no wait", "那就").
    """

    tokens: tuple[Token, ...]
    after: str
    question: bool
    corrects: bool

    def has(self, kind: str, *values: str) -> bool:
        """Whether a token of that kind (and value) stands in it."""
        return any(token.among(kind, *values) for token in self.tokens)

    def all(self, kind: str, *values: str) -> list[Token]:
        """Its tokens of that kind (and value), in order."""
        return [token for token in self.tokens if token.among(kind, *values)]


def split(tokens: Sequence[Token]) -> list[Clause]:
    """Clauses of a sentence: cut at punctuation and at then/but, but not inside lists of like things."""
    clauses: list[Clause] = []
    current: list[Token] = []
    after = ""
    carried = False

    def close(mark: str) -> None:
        nonlocal current, after, carried
        if any(token.kind != "stop" for token in current):  # courtesy alone says nothing and stands between nothing
            corrects = carried or any(token.kind == "correct" for token in current)
            carried = all(token.kind in {"correct", "stop", "neg"} for token in current) and corrects
            if len(current) > 2 and current[-1].text in _ASKS:
                current.pop()
            clauses.append(Clause(tuple(current), after, mark == "?", corrects))
        current, after = [], mark if clauses else ""

    for i, token in enumerate(tokens):
        if token.kind == "mark" and token.value in _ENDS:
            if token.value == "、" and _in_list(tokens, i):
                current.append(Token("conj", "and", token.start, token.end, token.text))
            else:
                close(token.value)
        elif token.kind == "correct" and current and current[-1].kind == "mark":  # blue — no wait, white
            close("-")
            current.append(token)
        elif token.among("conj", "then") and current and _opens_clause(tokens, i):
            close("then")
        elif token.kind == "correct" and token.text in _TAKES_BACK and any(t.kind != "stop" for t in current):
            close("")
            current.append(token)
        elif len(current) >= _MOST_TOKENS:
            close("")
            current.append(token)
            carried = carried or token.text in _CONTRASTS
        else:
            current.append(token)
    close("")
    return clauses


def _in_list(tokens: Sequence[Token], i: int) -> bool:
    if not 0 < i < len(tokens) - 1:
        return False
    following = next((token for token in tokens[i + 1 :] if token.kind != "stop"), tokens[i + 1])
    kinds = {tokens[i - 1].kind, following.kind}
    return kinds <= _LISTED and (len(kinds) == 1 or kinds == {"object", "entity"})  # 日期、页码: dates are both


def _opens_clause(tokens: Sequence[Token], i: int) -> bool:
    return i + 1 < len(tokens)


def there_now(clause: Clause) -> bool:
    """Whether it says what the photo is now and not what is wished: 原图3000*4000, "my photo is 4x6"."""
    return clause.has("source") and not clause.has("act", "change") and not clause.corrects


def index(clause: Clause, token: Token) -> int:
    """Where `token` stands in its clause."""
    return next(i for i, other in enumerate(clause.tokens) if other.start == token.start)


def negations_before(clause: Clause, at: int, skip: frozenset[str] = _LIGHT_KINDS) -> list[Token]:
    """The run of negations that governs the token at `at` from the left, over small words."""
    found: list[Token] = []
    for token in reversed(clause.tokens[:at]):
        if token.kind == "neg":
            found.append(token)
        elif token.kind not in skip or (found and token.kind != "stop") or found:
            break
    return found


def denied(negations: Sequence[Token]) -> bool:
    """Whether a run of negations comes out as "no": two of them cancel, "不能没有" and "make sure" mean yes."""
    count = sum(token.value == "not" for token in negations)
    return count % 2 == 1 and not any(token.value == "yes" for token in negations)


def is_denied(clause: Clause, token: Token, skip: frozenset[str] = _LIGHT_KINDS | {"act"}) -> bool:
    """Whether the clause says no to `token`: "不磨皮", "no smoothing", "磨皮就不用了"."""
    at = index(clause, token)
    before = negations_before(clause, at, skip)
    if before:
        return denied(before)
    after = [other for other in clause.tokens[at + 1 :] if other.kind not in {"stop", "mark"}]
    while token.kind == "object" and len(after) > 1 and (after[0].kind == "object" or after[0].among("conj", "and")):
        after.pop(0)  # 磨皮和美白都不要: the no at the end is that of the whole list
    ends = len(after) == 1 or (len(after) == 2 and after[1].kind in {"act", "conj", "degree"})
    return bool(after) and after[0].among("neg", "not") and ends


_DEGREES = ("strong", "medium", "light", "less")


def degree(clause: Clause, token: Token) -> Token | None:
    """The degree word that belongs to `token`: the nearest on its left, else on its right, no other thing between."""
    at = index(clause, token)
    for side in (reversed(clause.tokens[:at]), clause.tokens[at + 1 :]):
        for other in side:
            if other.among("degree", *_DEGREES):
                return other
            if other.kind not in {"stop", "mark", "neg", "act", "degree", "amount", "number", "follow", "other", "conj"}:
                break
    return None
