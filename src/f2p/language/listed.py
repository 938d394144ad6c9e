"""Papers named one after the other (护照+签证+一版6寸, "passport and US visa photos") or by the name of a set (入职全套)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from f2p.catalogue.sets import paper_sets
from f2p.catalogue.standards import standards
from f2p.language.clauses import Clause, is_denied
from f2p.language.draft import Draft
from f2p.language.sizes import named_size
from f2p.language.tokens import Token

_KEY = "outputs"
_JOINS = frozenset({"and", "plus", "also"})
_BETWEEN = frozenset({"stop", "shot", "distribute", "make"})
"""May stand between two papers of a list: 护照照片和签证照片各一张."""
_BARE = {"passport": "cn_passport"}
_MARKS = "、+&"
_FORKS = frozenset({"还是", "或", "或者", "or"})


@dataclass(frozen=True, slots=True)
class _Named:
    """One paper of a list: what it asks for and the words that say so."""

    output: dict[str, Any]
    tokens: tuple[Token, ...]


def read_listed(clauses: Sequence[Clause], draft: Draft, meanings: Mapping[str, Any]) -> frozenset[int]:
    """Sets `outputs` where the sentence names a set or lists several papers; returns the starts of the tokens it took.

    A list is two or more different papers joined by 和, +, 、 or "and"; sizes of prints on one sheet are none (`read_sheet` has
    them), nor are a document and the print that it is for (办护照用的一寸照片).
    """
    called = [(clause, token) for clause in clauses for token in clause.all("papers") if not is_denied(clause, token)]
    if called:
        token = called[-1][1]
        draft.asked[_KEY] = [_spelled_out(one, meanings) for one in paper_sets()[token.value].outputs]
        draft.use(_KEY, token)
        return frozenset({token.start})
    found = _list(clauses, meanings)
    if len(found) < 2:
        return frozenset()
    draft.asked[_KEY] = [one.output for one in found]
    each = [token for clause in clauses for token in clause.all("distribute", "each")]
    taken = [token for one in found for token in one.tokens]
    draft.use(_KEY, *taken, *each)
    return frozenset(token.start for token in (*taken, *each))


def _spelled_out(output: Mapping[str, Any], meanings: Mapping[str, Any]) -> dict[str, Any]:
    """One output of sets.toml in the keys of a reading."""
    asked = {key: value for key, value in output.items() if key not in {"size", "px"}}
    if "size" in output:
        asked["size"] = named_size(output["size"], meanings["shows"])
    elif "px" in output:
        asked["size"] = {"px": list(output["px"])}
    return asked


def _list(clauses: Sequence[Clause], meanings: Mapping[str, Any]) -> list[_Named]:
    """The papers of the sentence's one list, () where it has none, or names a paper outside it too."""
    tokens = _in_line(clauses)
    found: list[_Named] = []
    joined = False
    at = 0
    while at < len(tokens):
        named = _named(tokens, at, meanings)
        if named is not None:
            if found and not joined:
                return []
            found.append(named)
            at, joined = at + len(named.tokens), False
            continue
        token = tokens[at]
        if token.text in _FORKS or token.kind in {"neg", "correct", "source"}:
            return []
        joined = (joined or _joins(token)) if token.kind in _BETWEEN or _joins(token) else False
        at += 1
    return found if _several_papers(found, clauses) else []


def _several_papers(found: Sequence[_Named], clauses: Sequence[Clause]) -> bool:
    sizes = [str(one.output["size"]["name"]) for one in found if "size" in one.output]
    if len(set(sizes)) < len(sizes) or sum("size" not in one.output for one in found) > 1:
        return False
    known = [standards().get(size) for size in sizes]
    prints = all(spec is not None and spec.category == "print" for spec in known) and len(sizes) == len(found)
    sheeted = any(clause.has("sheet") or clause.has("paper") for clause in clauses)
    colours = {token.value for clause in clauses for token in clause.all("colour")}
    return not (prints and sheeted) and len(colours) <= 1


def _in_line(clauses: Sequence[Clause]) -> list[Token]:
    """All tokens, with the marks between clauses that join a list as tokens of their own."""
    line: list[Token] = []
    for clause in clauses:
        if line and clause.tokens:
            start = clause.tokens[0].start
            kind = "conj" if clause.after and clause.after in _MARKS else "mark"
            line.append(Token(kind, "and" if kind == "conj" else clause.after, start, start, clause.after))
        line += clause.tokens
    return line


def _joins(token: Token) -> bool:
    return token.kind == "conj" and token.value in _JOINS


def _named(tokens: Sequence[Token], at: int, meanings: Mapping[str, Any]) -> _Named | None:
    """The paper that is named at this place: a standard, a country's document, a document alone."""
    token = tokens[at]
    if token.kind == "size":
        return _Named({"size": named_size(token.value, meanings["shows"])}, (token,))
    if token.kind == "country" and at + 1 < len(tokens) and tokens[at + 1].kind == "document":
        document = tokens[at + 1]
        country = token.value
        if document.value == "visa":
            country = next((area for area, members in meanings["same_visa"].items() if country in members), country)
        return _Named({"size": named_size(f"{country}_{document.value}", meanings["shows"])}, (token, document))
    if token.kind != "document" or token.value not in {"passport", "visa"}:
        return None
    if token.value in _BARE and not token.text.isascii():
        return _Named({"size": named_size(_BARE[token.value], meanings["shows"])}, (token,))
    return _Named({"idphoto": True, "ask": f"ambiguous_{token.value}"}, (token,))
