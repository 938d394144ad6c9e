"""Several files from one sentence: "white and blue, one each", "a sheet, plus a digital copy below 50 KB"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from f2p.language.clauses import Clause, is_denied
from f2p.language.draft import Draft
from f2p.language.tokens import Token

_OF_ONE_FILE = frozenset({"kb", "dpi", "format", "quality", "sheet"})
_PHOTO = frozenset({"photo", "photograph", "image", "picture", "照片", "相片", "头像"})
_KINDS = ("paper", "colour", "size", "format")


def read_each(clauses: Sequence[Clause], draft: Draft, size_of: Callable[[str], dict[str, Any]]) -> frozenset[int]:
    """Sets `outputs` for values named side by side with "one each"; returns the starts of the tokens it took."""
    for clause in clauses:
        each = clause.all("distribute")
        if not each or any(part.has("sheet", "mixed") for part in clauses):
            continue
        pairs = _pairs(clause)
        if pairs:
            draft.asked["outputs"] = [
                {**_variant("size", size.value, size_of), **_variant("colour", colour.value, size_of)} for size, colour in pairs
            ]
            taken = [token for pair in pairs for token in pair]
            draft.use("outputs", *taken, *each, *clause.all("ground"))
            return frozenset(token.start for token in taken)
        for kind in _KINDS:
            tokens = [token for part, token in _around(clauses, clause, kind) if not is_denied(part, token)]
            if len({token.value for token in tokens}) < 2 or not _says_each(each, tokens):
                continue
            draft.asked["outputs"] = [_variant(kind, token.value, size_of) for token in tokens]
            grounds = [t for part in clauses for t in part.all("ground")] if kind == "colour" else []
            draft.use("outputs", *tokens, *each, *grounds)
            taken = [*tokens, *([t for part in clauses for t in part.all("sheet")] if kind == "paper" else [])]
            draft.use("outputs", *taken)
            return frozenset(token.start for token in taken)
    return frozenset()


def _pairs(clause: Clause) -> list[tuple[Token, Token]]:
    """As in 一寸白底和二寸蓝底各一张: a size and a colour for each file."""
    sizes, colours = clause.all("size"), clause.all("colour")
    different = len({t.value for t in sizes}) == len(sizes) == len(colours) == len({t.value for t in colours})
    return list(zip(sizes, colours, strict=True)) if len(sizes) > 1 and different else []


def _says_each(each: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """A bare "一张" between them is a count, not a distribution."""
    counts = {"一张", "一份", "1张", "1份", "version"}
    return any(token.text not in counts for token in each) or len(each) >= len(tokens)


def _around(clauses: Sequence[Clause], clause: Clause, kind: str) -> list[tuple[Clause, Token]]:
    own = [(clause, token) for token in clause.all(kind)]
    if len(own) >= 2:
        return own
    at = clauses.index(clause)
    return [(part, token) for part in clauses[max(0, at - 2) : at + 2] for token in part.all(kind)]


def _variant(kind: str, value: str, size_of: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    if kind == "paper":
        return {"sheet": {"paper": value}}
    if kind == "colour":
        return {"background": {"type": "solid", "name": value}}
    if kind == "size":
        return {"size": size_of(value)}
    return {"format": value}


def _makes_a_file(clauses: Sequence[Clause]) -> bool:
    return any(clause.has(kind) for clause in clauses for kind in ("size", "colour", "format", "backdrop"))


def share(outputs: list[dict[str, Any]], first_piece: Sequence[Clause]) -> dict[str, Any]:
    """What only the first file asks for holds for all of them; taken out of it and returned.

    Where the first is said to be the digital or the printed one, what makes it so stays its own.
    """
    first, rest = outputs[0], outputs[1:]
    own = _OF_ONE_FILE if any(clause.has("variant", "digital", "print") for clause in first_piece) else frozenset()
    common = {key: value for key, value in first.items() if key not in own and not any(key in other for other in rest)}
    for key in common:
        del first[key]
    return common


def variants(clauses: Sequence[Clause]) -> tuple[list[Clause], list[list[Clause]]]:
    """(what all files share, one list of clauses for each file); the second is empty for a single file."""
    tokens = [token for clause in clauses for token in clause.tokens if token.kind == "variant"]
    subjects = _subjects(clauses)
    if subjects:
        return _pieces(clauses, subjects)
    if not tokens:
        return list(clauses), []
    if any(token.value == "others" for token in tokens):
        return [], [list(clauses), []]
    starts: list[int] = []
    for i, clause in enumerate(clauses):
        if clause.has("variant") or (clause.has("paper") and not starts):
            starts.append(i)
    if len(starts) == 1 and starts[0] and clauses[starts[0]].has("variant", "extra"):
        before, after = list(clauses[: starts[0]]), list(clauses[starts[0] :])
        return ([], [before, after]) if _makes_a_file(before) and _makes_a_file(after) else (list(clauses), [])
    if len(starts) < 2:
        return list(clauses), []
    return _pieces(clauses, starts)


def _pieces(clauses: Sequence[Clause], starts: list[int]) -> tuple[list[Clause], list[list[Clause]]]:
    """The clauses cut at `starts`; what is before the first, and what says "both", is shared."""
    both = [clause for clause in clauses[starts[0] :] if clause.has("distribute") or clause.has("stop", "both")]
    ends = [*starts[1:], len(clauses)]
    pieces = [[c for c in clauses[start:end] if c not in both] for start, end in zip(starts, ends, strict=True)]
    return [*clauses[: starts[0]], *both], pieces


def _subjects(clauses: Sequence[Clause]) -> list[int]:
    """Where a notice turns to the photo and where to the signature, each with its own measures; empty for one subject."""
    heads = [i for i, c in enumerate(clauses) if c.has("wish", "subject=signature") or c.has("entity", "signature")]
    if not heads or not any(token.kind == "size2d" for clause in clauses for token in clause.tokens):
        return []
    photos = [i for i, c in enumerate(clauses) if i not in heads and (c.has("shot") or _PHOTO & {t.text for t in c.tokens})]
    starts = sorted([heads[0], *photos[:1]])
    measured = [
        any(_is_measure(t) for c in clauses[a:b] for t in c.tokens) for a, b in zip(starts, [*starts[1:], None], strict=True)
    ]
    return starts if len(starts) == 2 and all(measured) else []


def _is_measure(token: Token) -> bool:
    return token.kind == "size2d" or (token.kind == "amount" and token.value == "kb")
