"""Several files from one sentence: "white and blue, one each", "a sheet, plus a digital copy below 50 KB"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from f2p.language.clauses import Clause, is_denied
from f2p.language.draft import Draft
from f2p.language.tokens import Token

_OF_ONE_FILE = frozenset({"kb", "dpi", "format", "quality", "sheet"})
_PHOTO = frozenset({"photo", "photograph", "image", "picture", "照片", "相片", "头像"})
_KINDS = ("paper", "colour", "size", "format")


_ONE = ("一", "1", "另", "还有", "one", "and one", "the other", "another", "第", "the first", "the second", "first", "second")
_BARE_ONE = frozenset({"一个", "1个", "一版", "one"})
_ONE_LAST = ("一张", "一份", "一版", "1张", "1份", "来一个")
_INTO = frozenset({"在", "到", "成", "排", "排在", "放在", "印在", "on", "onto", "in"})
_MAKES = frozenset({"size", "colour", "format", "backdrop", "paper", "size2d", "rgb"})


def one_by_one(clauses: Sequence[Clause]) -> tuple[list[Clause], list[list[Clause]]]:
    """As in "two files: one on white as JPG, one …" and 一份…，一份…: (what all share, the clauses of each file), else ([], []).

    Each piece opens with its "one" (or closes with it: 白底一张，蓝底一张) and says what it is; the rest is for all of them.
    """
    on_one_sheet = len({t.value for c in clauses for t in c.all("size")}) > 1 and any(c.has("sheet") for c in clauses)
    if on_one_sheet or any(clause.has("sheet", "mixed") for clause in clauses):
        return [], []
    cut = [part for clause in clauses for part in _cut(clause, [i for i in range(1, len(clause.tokens)) if _is_one(clause, i)])]
    starts = [i for i, part in enumerate(cut) if _opens_with_one(part)]
    pieces = [cut[a:b] for a, b in zip(starts, [*starts[1:], len(cut)], strict=False)]
    last = pieces[-1] if pieces else []
    joint = (i for i, part in enumerate(last) if i and (part.has("stop", "both") or part.has("distribute") or _for_all(part)))
    both = last[next(joint, len(last)) :]  # 都要一寸，jpg格式: from there on it is for all of them
    pieces[-1:] = [[part for part in last if part not in both]] if pieces else []
    if len(pieces) < 2 or not all(_says_what(piece) for piece in pieces):
        return _announced(clauses) or _one_last(clauses)
    return [*cut[: starts[0]], *both], pieces


_SEVERAL = ("two", "three", "两", "三", "2", "3")


def _announced(clauses: Sequence[Clause]) -> tuple[list[Clause], list[list[Clause]]] | None:
    """As in "two files: a JPG under 100 KB and a transparent PNG": the number of files, then what each of them is."""
    heads = [i for i, c in enumerate(clauses) if any(t.kind in _COUNTS and t.text.startswith(_SEVERAL) for t in c.tokens)]
    if not heads:
        return None
    rest: list[Clause] = []
    for clause in clauses[heads[0] :]:
        start = next((i + 1 for i, t in enumerate(clause.tokens) if t.value == ":"), 0) if clause is clauses[heads[0]] else 0
        part = replace(clause, tokens=clause.tokens[start:])
        ands = [i for i, t in enumerate(part.tokens) if i and (t.among("conj", "and") or t.among("variant", "extra"))]
        rest += _cut(part, ands) if clause is not clauses[heads[0]] or start else []
    formats = [part for part in rest if part.has("format")]
    different = len({part.all("format")[0].value for part in formats}) == len(formats) > 1
    if not different or rest[0] not in formats:
        return None
    pieces: list[list[Clause]] = []
    for part in rest:
        pieces = [*pieces, [part]] if part in formats else [*pieces[:-1], [*pieces[-1], part]]
    return list(clauses[: heads[0]]), pieces


_COUNTS = frozenset({"distribute", "amount"})


def _for_all(part: Clause) -> bool:
    return part.tokens[0].text.startswith(("都", "both", "all"))


def _one_last(clauses: Sequence[Clause]) -> tuple[list[Clause], list[list[Clause]]]:
    cut = [part for c in clauses for part in _cut(c, [i + 1 for i, t in enumerate(c.tokens) if t.text.endswith(_ONE_LAST)])]
    pieces = [[part] for part in cut if part.tokens[-1].text.endswith(_ONE_LAST) and _says_what([part])]
    if len(pieces) < 2 or any(_opens_with_one(piece[0]) for piece in pieces):
        return [], []
    return [part for part in cut if [part] not in pieces], pieces


def _is_one(clause: Clause, at: int) -> bool:
    """Whether the token opens a file of its own: "one", 另一份; not the sheet that photos are put on."""
    token, before = clause.tokens[at], clause.tokens[at - 1] if at else None
    if before is not None and (before.text in _INTO or before.among("sheet")):
        return False
    if token.text in _BARE_ONE:
        following = next((t for t in clause.tokens[at + 1 :] if t.kind != "stop"), None)
        return following is not None and following.kind in _MAKES | {"amount", "variant"}
    return token.kind in {"distribute", "variant"} and token.text.startswith(_ONE)


def _cut(clause: Clause, places: Sequence[int]) -> list[Clause]:
    """A clause cut in pieces: 一份白底 | 一份蓝底."""
    bounds = [0, *places, len(clause.tokens)]
    return [replace(clause, tokens=clause.tokens[a:b]) for a, b in pairwise(bounds) if b > a]


def _opens_with_one(part: Clause) -> bool:
    for at, token in enumerate(part.tokens):
        if _is_one(part, at):
            return True
        if token.kind not in {"stop", "conj", "other"}:
            return False
    return False


def _says_what(piece: Sequence[Clause]) -> bool:
    """Whether it names what makes a file: a colour, a size, a format, KB."""
    return any(token.kind in _MAKES or _is_measure(token) for part in piece for token in part.tokens)


def read_each(clauses: Sequence[Clause], draft: Draft, size_of: Callable[[str], dict[str, Any]]) -> frozenset[int]:
    """Sets `outputs` for values named side by side with "one each"; returns the starts of the tokens it took."""
    for clause in clauses:
        each = clause.all("distribute", "each")
        if not each or any(part.has("sheet", "mixed") for part in clauses):
            continue
        pairs = _pairs(
            [token for _, token in _around(clauses, clause, "size")], [t for _, t in _around(clauses, clause, "colour")]
        )
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


def _pairs(sizes: Sequence[Token], colours: Sequence[Token]) -> list[tuple[Token, Token]]:
    """As in 一寸白底和二寸蓝底各一张: a size and a colour for each file."""
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
    both = [
        c for i, c in enumerate(clauses) if i > starts[0] and i not in starts and (c.has("distribute") or c.has("stop", "both"))
    ]
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
    return token.kind == "size2d" or token.among("amount", "kb", "dpi")
