"""Prints on paper: which sheet, how many, cut marks, gaps, several sizes on one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, index, is_denied
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.tokens import Token

_KEY = "sheet"


def read_sheet(clauses: Sequence[Clause], draft: Draft) -> None:
    """Sets `sheet`; a paper named beside "not an ID photo" or with its own dimensions is a size, not a sheet."""
    sheet: dict[str, Any] = {}
    for clause in clauses:
        _mixed(clause, clauses, sheet, draft)
        _paper(clause, clauses, sheet, draft)
    laid_out = [(c, t) for c in clauses for t in c.all("sheet") if not is_denied(c, t) and not _frames(c, t)]
    if not laid_out and "paper" not in sheet and "mixed" not in sheet:
        return
    for clause in clauses:
        _details(clause, sheet, draft)
    draft.asked[_KEY] = sheet
    for _, token in laid_out:
        draft.use(_KEY, token)


def _paper(clause: Clause, clauses: Sequence[Clause], sheet: dict[str, Any], draft: Draft) -> None:
    for token in clause.all("paper"):
        if is_denied(clause, token):
            draft.use("-", token)
            continue
        bare = not any(part.has("sheet") for part in clauses) and not clause.has("amount", "count")
        own_size = any(part.has("size2d") for part in clauses) and "照片" in token.text
        if bare and own_size:
            draft.use("size", token)
            continue
        sheet["paper"] = token.value
        draft.use(_KEY, token)


def _mixed(clause: Clause, clauses: Sequence[Clause], sheet: dict[str, Any], draft: Draft) -> None:
    """As in 4 张一寸加 2 张二寸: counts directly before (or all after) two different sizes."""
    found: list[tuple[Token, Token, float]] = []
    for i, token in enumerate(clause.tokens):
        count = _count(token)
        following = next((t for t in clause.tokens[i + 1 :] if t.kind not in {"stop", "mark"}), None)
        if count is not None and following is not None and following.kind == "size":
            found.append((token, following, count))
    if not found:
        found = [
            (two, one, count)
            for one, two in zip(clause.tokens, clause.tokens[1:], strict=False)
            if one.kind == "size" and (count := _count(two)) is not None
        ]
    if not found:
        return
    if len({size.value for _, size, _ in found}) < 2 and not any(part.has("sheet", "mixed") for part in clauses):
        return
    for token, size, count in found:
        sheet.setdefault("mixed", []).append({"size": size.value, "count": whole(count)})
        draft.use(_KEY, token, size)


def _count(token: Token) -> float | None:
    if isinstance(token.data, Amount) and token.data.unit == "count":
        return token.data.low
    if token.kind == "distribute" and token.text[:1] in "一1两2三3" and token.text[-1:] in "张份":
        return {"一": 1, "1": 1, "两": 2, "2": 2, "三": 3, "3": 3}[token.text[0]]
    return None


def _details(clause: Clause, sheet: dict[str, Any], draft: Draft) -> None:
    for token in clause.tokens:
        if token.kind == "sheet" and is_denied(clause, token):
            if token.value == "cut_marks":
                sheet["cut_marks"] = False
            draft.use(_KEY, token)
        elif token.among("sheet", "no_cut_marks"):
            sheet["cut_marks"] = False
        elif token.among("sheet", "cut_marks", "captions"):
            sheet[token.value] = True
        elif token.among("sheet", "max") or (token.among("sheet", "sheet") and "满" in token.text):
            sheet["count"] = "max"
        elif token.among("sheet", "gap", "margin") and not _frames(clause, token):
            _length(clause, token, sheet, draft)
        elif token.kind == "number" and _beside_per_row(clause, token) and isinstance(token.data, Amount):
            sheet["per_row"] = whole(token.data.low)
            draft.use(_KEY, token)
        elif token.kind in {"amount", "distribute"} and "mixed" not in sheet and draft.is_free(token):
            _number(clause, token, sheet, draft)


def _frames(clause: Clause, token: Token) -> bool:
    """Whether it lays out nothing: a margin that is the photo's own border (四周留2毫米白边), "across" without a number."""
    if token.value == "per_row":
        return not any(isinstance(other.data, Amount) for other in clause.tokens)
    return token.value == "margin" and (clause.has("order", "border") or clause.has("object", "fringe"))


def _beside_per_row(clause: Clause, token: Token) -> bool:
    at = index(clause, token)
    return any(other.among("sheet", "per_row") for other in clause.tokens[max(0, at - 1) : at + 2])


def _length(clause: Clause, token: Token, sheet: dict[str, Any], draft: Draft) -> None:
    lengths = [t for t in clause.all("amount", "mm", "cm") if isinstance(t.data, Amount)]
    if lengths:
        nearest = min(lengths, key=lambda t: abs(index(clause, t) - index(clause, token)))
        if isinstance(nearest.data, Amount):
            sheet[f"{token.value}_mm"] = whole(nearest.data.low)
            draft.use(_KEY, token, nearest)


def _number(clause: Clause, token: Token, sheet: dict[str, Any], draft: Draft) -> None:
    count = _count(token)
    if count is None:
        return
    per_row = clause.all("sheet", "per_row")
    if per_row and abs(index(clause, per_row[0]) - index(clause, token)) <= 2:
        sheet["per_row"] = whole(count)
    elif token.kind == "amount" or (clause.has("paper") and count > 1):
        at = index(clause, token)
        following = clause.tokens[at + 1] if at + 1 < len(clause.tokens) else None
        if count == 1 and following is not None and following.kind in {"paper", "stop"}:
            return
        sheet["count"] = whole(count)
    else:
        return
    draft.use(_KEY, token)
