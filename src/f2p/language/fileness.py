"""What the file must be: kilobytes, dpi, format, quality, border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, denied, index, is_denied, negations_before, there_now
from f2p.language.draft import Draft
from f2p.language.lexicon import lexicon
from f2p.language.tokens import Token

_NEAR = frozenset({"stop", "file", "object", "mark", "neg", "act", "bound"})


def read_file(clauses: Sequence[Clause], draft: Draft) -> None:
    """Sets kb, dpi, dpi_min, format, quality, border_mm."""
    for clause in clauses:
        _kb(clause, clauses, draft)
        _compression(clause, draft)
        _dpi(clause, draft)
        _format(clause, draft)
        _quality(clause, draft)
        _border(clause, draft)


def whole(value: float) -> float:
    """An int where the number is one."""
    return int(value) if float(value).is_integer() else value


def bound_of(clause: Clause, token: Token) -> Token | None:
    """The word beside an amount that makes it a limit: before it ("at most"), else after it ("以内")."""
    before, after = _bound_before(clause, token), _bound_after(clause, token)
    if before is not None and after is not None and after.value == "about" and not before.text.startswith(_NOT):
        return after
    return before or after


_NOT = ("不", "别", "no", "not", "must not", "勿", "don't", "within", "under", "below", "小于", "低于", "大于", "at")
_TURNED = {"min": "max", "max": "min"}


def _postponed(token: Token) -> bool:
    return token.text in lexicon().meanings["signs"]["postponed_bound"]


def _bound_before(clause: Clause, token: Token) -> Token | None:
    for other in reversed(clause.tokens[: index(clause, token)]):
        if other.kind == "bound":
            return None if _postponed(other) and other is not clause.tokens[0] else other
        if other.kind not in _NEAR:
            return None
    return None


def _bound_after(clause: Clause, token: Token) -> Token | None:
    at = index(clause, token)
    for other in clause.tokens[at + 1 :]:
        if other.kind == "bound":
            nearer = clause.tokens[index(clause, other) + 1 :]
            if other.text in _SIGNS and any(t.kind == "amount" for t in nearer):
                return replace(other, value=_TURNED[other.value])  # "20 KB <= size" sets the lower end
            taken = nearer and nearer[0].kind == "amount" and not _postponed(other)
            return None if taken else other
        if other.kind not in {"stop", "mark", "file"}:
            return None
    return None


_SIGNS = frozenset("<>≤≥") | {"<=", ">="}


def _limited_elsewhere(clauses: Sequence[Clause], own: Clause) -> bool:
    """Whether another clause sets a limit, after the photo's present state was spoken of: 原图,10MB,压到200k以内."""
    present = any(there_now(part) for part in clauses)
    others = [(part, token) for part in clauses if part is not own for token in part.all("amount", "kb", "mb")]
    return present and any(bound_of(part, token) is not None for part, token in others)


def _kb(clause: Clause, clauses: Sequence[Clause], draft: Draft) -> None:
    for token in clause.all("amount"):
        amount = token.data
        if not isinstance(amount, Amount) or amount.unit != "kb" or not draft.is_free(token):
            continue
        limit = bound_of(clause, token)
        if limit is None and not _from_to(clause, token) and (there_now(clause) or _limited_elsewhere(clauses, clause)):
            draft.use("-", token)  # 原文件5MB,压到1MB
            continue
        value = _limits(amount, _turned(clause, limit))
        known = draft.asked.get("kb", {})
        clash = {key for key in value if key in known and known[key] != value[key]}
        if clash and not clause.corrects:
            draft.conflicts.add("kb")
        merged = value if clause.corrects else {**known, **value}
        if merged.get("min", 0) > merged.get("max", float("inf")):
            draft.conflicts.add("kb")
        draft.asked["kb"] = merged
        draft.use("kb", token, limit, *clause.all("file", "size"))


def _from_to(clause: Clause, token: Token) -> bool:
    """Whether it is the "from 40 to 200 kb" of a range, whose "from" tells nothing about the photo as it is."""
    before = clause.tokens[: index(clause, token)][-1:]
    return isinstance(token.data, Amount) and token.data.low != token.data.high and any(t.text == "from" for t in before)


def _turned(clause: Clause, limit: Token | None) -> Token | None:
    """The limit that "can't be over" and "rejects anything over" set: the other end."""
    if limit is None or limit.value not in _TURNED:
        return limit
    no = denied(negations_before(clause, index(clause, limit), _BETWEEN_NOT)) or clause.has("file", "rejects")
    return replace(limit, value=_TURNED[limit.value]) if no else limit


_BETWEEN_NOT = frozenset({"stop", "act"})


def _compression(clause: Clause, draft: Draft) -> None:
    """As in 别给我压缩: no loss; with an amount it is about that amount."""
    for token in clause.all("object", "compression"):
        said_no = denied(negations_before(clause, index(clause, token))) or is_denied(clause, token)
        if said_no and draft.is_free(token) and not clause.has("amount"):
            draft.put("compress", False, token)


def _limits(amount: Amount, limit: Token | None) -> dict[str, float]:
    if amount.low > amount.high:
        return {"max": whole(amount.high)}  # "from 5MB to 200KB" is a way to go, not a band
    if amount.low != amount.high:
        return {"min": whole(amount.low), "max": whole(amount.high)}
    value = whole(amount.low)
    if limit is None:
        return {"max": value}
    return {{"about": "target"}.get(limit.value, limit.value): value}


def _dpi(clause: Clause, draft: Draft) -> None:
    for token in clause.all("amount"):
        amount = token.data
        if isinstance(amount, Amount) and amount.unit == "dpi" and not is_denied(clause, token, frozenset({"stop"})):
            draft.put("dpi", whole(amount.low), token, bound_of(clause, token), corrects=clause.corrects)
            draft.use("dpi", *(t for t in clause.all("object", "size") if t.text in {"分辨率", "resolution"}))


def _format(clause: Clause, draft: Draft) -> None:
    wanted: list[Token] = []
    for token in clause.all("format"):
        if is_denied(clause, token, frozenset({"stop", "act"})):
            draft.use("-", token, *clause.all("neg"))
        elif _holds_the_page(clause, token) or (clause.has("source", "source") and not clause.has("act", "change")):
            draft.use("-", token)
        else:
            wanted.append(token)
    changes = [index(clause, token) for token in clause.all("act", "change")]
    if len(wanted) > 1 and changes:
        after = [token for token in wanted if index(clause, token) > changes[-1]]
        draft.use("-", *(token for token in wanted if token not in after))
        wanted = after or wanted
    alternatives = len(wanted) > 1 and any(t.among("conj", "and") or t.value == "/" for t in clause.tokens)
    for token in wanted[:1] if alternatives else wanted:
        draft.put("format", token.value, token, corrects=clause.corrects)
    draft.use("format", *wanted)


_INSIDE = ("里", "中", "内", "上", "里面", "里的", "上的", "文件里", "第")
_WITHIN, _THIS = ("in", "inside", "from", "of", "within", "on"), ("the", "this", "my", "that")


def _holds_the_page(clause: Clause, token: Token) -> bool:
    """Whether the format names the file that was given ("in the PDF", PDF 里), not the one that is wanted."""
    at = index(clause, token)
    before = [t.text for t in clause.tokens[max(0, at - 2) : at]]
    after = clause.tokens[at + 1] if at + 1 < len(clause.tokens) else None
    pointed = len(before) == 2 and before[0] in _WITHIN and before[1] in _THIS
    return (
        pointed
        or before[-1:] == ["这"]
        or (after is not None and (after.text in _INSIDE or after.among("pages") or _of_it(clause, at)))
    )


def _of_it(clause: Clause, at: int) -> bool:
    """As in PDF 的文字层: something of the file that was given."""
    following = clause.tokens[at + 1 : at + 3]
    return len(following) == 2 and following[0].text == "的" and following[1].kind in {"redactopt", "entity", "pages"}


def _quality(clause: Clause, draft: Draft) -> None:
    for token in clause.all("file", "quality"):
        following = clause.tokens[index(clause, token) + 1 :] or clause.tokens[max(0, index(clause, token) - 1) :]
        number = next((t for t in following if isinstance(t.data, Amount) and t.data.unit in {"", "pct"}), None)
        if number is not None and isinstance(number.data, Amount):
            draft.put("quality", whole(number.data.low), token, number)


def _border(clause: Clause, draft: Draft) -> None:
    for token in clause.all("order", "border") + clause.all("object", "fringe") + clause.all("sheet", "margin"):
        numbers: list[Any] = [t for t in clause.all("amount") if isinstance(t.data, Amount) and t.data.unit == "mm"]
        if numbers and draft.is_free(token) and draft.is_free(numbers[0]) and not is_denied(clause, token):
            draft.put("border_mm", whole(numbers[0].data.low), token, numbers[0])
            draft.use("border_mm", *clause.all("colour"))
