"""Prints on paper: which sheet, how many, cut marks, gaps, several sizes on one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f2p.catalogue.standards import standards
from f2p.language.amounts import SPELLED, Amount, Dims, han_number
from f2p.language.clauses import Clause, index, is_denied, there_now
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.tokens import Token

_PAPERS: dict[tuple[float, float], str] = {
    (4, 6): "4x6in",
    (5, 7): "5x7in",
    (10, 15): "4x6in",
    (100, 150): "4x6in",
    (13, 18): "5x7in",
}
_KEY = "sheet"
_PAPER_WORDS = ("相纸", "纸", "照片纸", "打印纸", "photopaper", "paper", "sheet")
_SCALES = {"mm": 1.0, "cm": 10.0, "inch": 25.4}
_HEADS = ("head", "face", "head_height", "head_share", "face_detail")
_OF_PAPER = ("页", "纸", "page", "paper", "sheet")


def read_sheet(clauses: Sequence[Clause], draft: Draft) -> None:
    """Sets `sheet`; a paper named beside "not an ID photo" or with its own dimensions is a size, not a sheet."""
    sheet: dict[str, Any] = {}
    for clause in clauses:
        _print_paper(clause, clauses, sheet, draft)
        _paper(clause, clauses, sheet, draft)
    _mixed(clauses, sheet, draft)
    laid_out = [(c, t) for c in clauses for t in c.all("sheet") if not is_denied(c, t) and not _frames(c, t)]
    only_margin = all(t.value == "margin" and not any(sign in t.text for sign in _OF_PAPER) for _, t in laid_out)
    if only_margin and "paper" not in sheet and "mixed" not in sheet:
        return  # 四周留3毫米 without a sheet is the photo's own border
    for clause in clauses:
        _details(clause, sheet, draft)
    draft.asked[_KEY] = sheet
    for _, token in laid_out:
        draft.use(_KEY, token)


def _paper(clause: Clause, clauses: Sequence[Clause], sheet: dict[str, Any], draft: Draft) -> None:
    for token in clause.all("paper"):
        if is_denied(clause, token) or there_now(clause):
            draft.use("-", token)
            continue
        bare = not any(part.has("sheet") for part in clauses) and not clause.has("amount", "count")
        own_size = any(part.has("size2d") for part in clauses) and "照片" in token.text
        if bare and own_size:
            draft.use("size", token)
            continue
        sheet["paper"] = token.value
        draft.use(_KEY, token)


def _print_paper(clause: Clause, clauses: Sequence[Clause], sheet: dict[str, Any], draft: Draft) -> None:
    """A bare 4x6 or 5x7 is paper where photos are put on it ("6 copies on a 4x6")."""
    for i, token in enumerate(clause.tokens):
        data = token.data
        if not isinstance(data, Dims) or data.unit not in {"", "inch", "mm"}:
            continue
        paper = _PAPERS.get((min(data.width, data.height), max(data.width, data.height)))
        put_on = any(other.text in {"on", "onto", "per", "to"} for other in clause.tokens[max(0, i - 2) : i])
        if paper and put_on and (clause.has("amount", "count") or _lays_out(clauses)):
            sheet["paper"] = paper
            draft.use(_KEY, token)
        elif data.unit in _SCALES and (words := _paper_words(clause, i)):
            sides = (data.width * _SCALES[data.unit], data.height * _SCALES[data.unit])
            sheet["paper"] = paper if paper and data.unit == "inch" else f"{min(sides):g}x{max(sides):g}mm"
            draft.use(_KEY, token, *words)


def _paper_words(clause: Clause, at: int) -> tuple[Token, ...]:
    """The words that make the dimensions before them those of a paper: 100×150mm的相纸, "90 x 130 mm paper"."""
    following = clause.tokens[at + 1 : at + 4]
    said = "".join(token.text for token in following).removeprefix("的").removeprefix("大小的")
    return following if said.startswith(_PAPER_WORDS) else ()


def _lays_out(clauses: Sequence[Clause]) -> bool:
    """Whether the sentence speaks of prints at all, so that a bare 4x6 beside "on" is their paper."""
    return any(part.has("sheet") or part.has("size") for part in clauses) or sum(len(p.all("size2d")) for p in clauses) > 1


def _mixed(clauses: Sequence[Clause], sheet: dict[str, Any], draft: Draft) -> None:
    """As in 4 张一寸加 2 张二寸: counts directly before (or all after) two different sizes, in one clause or in several."""
    said = any(part.has("sheet", "mixed") for part in clauses)
    each = any(t.text.startswith(("各", "分别", "each")) for part in clauses for t in part.all("distribute"))
    together = any(part.has("paper") for part in clauses) and not each
    per_clause = [_sizes_with_counts(clause) or (_one_count_for_each(clause) if said else []) for clause in clauses]
    all_of_them = (
        [triple for found in per_clause for triple in found] if together or said else max(per_clause, key=len, default=[])
    )
    if not all_of_them or (len({size.value for _, size, _ in all_of_them}) < 2 and not said):
        return
    parts = {token.start: token for clause in clauses for token in clause.all("document")}
    for token, size, count in all_of_them:
        sheet.setdefault("mixed", []).append({"size": size.value, "count": whole(count)})
        draft.use(_KEY, token, size, *(part for at, part in parts.items() if size.start <= at < size.end))


def _one_count_for_each(clause: Clause) -> list[tuple[Token, Token, float]]:
    """As in 一寸和两寸各4张."""
    counts = [token for token in clause.all("amount", "count") if isinstance(token.data, Amount)]
    if len(counts) != 1 or not any(t.text.startswith(("各", "分别", "each")) for t in clause.all("distribute")):
        return []
    count = counts[0]
    return [(count, size, count.data.low) for size in clause.all("size") if isinstance(count.data, Amount)]


def _sizes_with_counts(clause: Clause) -> list[tuple[Token, Token, float]]:
    found: list[tuple[Token, Token, float]] = []
    for i, token in enumerate(clause.tokens):
        count = _count(token)
        following = next((t for t in clause.tokens[i + 1 :] if t.kind not in {"stop", "mark"}), None)
        if count is None and (clause.has("paper") or clause.has("sheet")):
            count = _bare_number(token)
        if count is not None and following is not None and (size := _size(clause, following)) is not None:
            found.append((token, size, count))
    return found or [
        (two, one, count)
        for one, two in zip(clause.tokens, clause.tokens[1:], strict=False)
        if one.kind == "size" and (count := _count(two)) is not None
    ]


def _size(clause: Clause, token: Token) -> Token | None:
    """The size that begins with this token, as one token: a size, a country's document (美国签证), 护照 alone."""
    if token.kind == "size":
        return token
    at = index(clause, token)
    behind = clause.tokens[at + 1] if at + 1 < len(clause.tokens) else None
    if token.kind == "country" and behind is not None and behind.kind == "document":
        name = f"{token.value}_{behind.value}"
        return Token("size", name, token.start, behind.end, f"{token.text}{behind.text}") if name in standards() else None
    if token.among("document", "passport") and not token.text.isascii():
        return Token("size", "cn_passport", token.start, token.end, token.text)
    return None


def _count(token: Token) -> float | None:
    if isinstance(token.data, Amount) and token.data.unit == "count":
        return token.data.low
    if token.kind == "distribute" and token.text[:1] in "一1两2三3" and token.text[-1:] in "张份":
        return {"一": 1, "1": 1, "两": 2, "2": 2, "三": 3, "3": 3}[token.text[0]]
    return None


def _details(clause: Clause, sheet: dict[str, Any], draft: Draft) -> None:
    for token in clause.tokens:
        if token.kind == "sheet" and is_denied(clause, token):
            if token.value == "gap" and "gap_mm" not in sheet:
                sheet["gap_mm"] = 0
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
        elif "mixed" not in sheet and (bare := _bare_number(token)) is not None:
            key = "per_row" if _beside_per_row(clause, token) else "count" if _put_on_paper(clause, token, sheet) else ""
            if key:
                sheet[key] = whole(bare)
                draft.use(_KEY, token)
        elif token.kind in {"amount", "distribute"} and "mixed" not in sheet and draft.is_free(token):
            _number(clause, token, sheet, draft)


def _put_on_paper(clause: Clause, token: Token, sheet: dict[str, Any]) -> bool:
    """As in "put 8 on a 4x6 sheet": a bare number directly before "on" and the paper."""
    following = [
        t for t in clause.tokens[index(clause, token) + 1 :] if t.text not in {"of", "them", "these", "those", "the", "my"}
    ][:4]
    on_paper = (
        clause.has("paper")
        or "paper" in sheet
        or any(isinstance(t.data, Dims) and (t.data.width, t.data.height) in _PAPERS for t in clause.tokens)
    )
    if following and ((following[0].kind in {"size", "size2d"} and on_paper) or following[0].text.startswith("per ")):
        return True
    if not following or following[0].text not in {"on", "per", "onto", "to"}:
        return False
    return any(t.kind == "paper" or (isinstance(t.data, Dims) and (t.data.width, t.data.height) in _PAPERS) for t in following)


def _frames(clause: Clause, token: Token) -> bool:
    """Whether it lays out nothing: a margin that is the photo's own border (四周留2毫米白边), "across" without a number."""
    if token.value == "per_row":
        return not any(isinstance(other.data, Amount) for other in clause.tokens)
    if token.value == "gap":
        return not any(isinstance(t.data, Amount) for t in [*clause.all("amount", "mm", "cm"), *_behind(clause, token)])
    if token.value == "max":
        return clause.has("object", *_HEADS) and not clause.has("paper")
    return token.value == "margin" and (clause.has("order", "border") or clause.has("object", "fringe"))


def _bare_number(token: Token) -> float | None:
    """A number without a unit, in digits or as a word."""
    if token.kind == "number" and isinstance(token.data, Amount):
        return token.data.low
    if token.kind == "other" and token.text in set("两三四五六七八九十"):
        return han_number(token.text)
    return SPELLED.get(token.text) if token.kind == "other" else None


def _beside_per_row(clause: Clause, token: Token) -> bool:
    at = index(clause, token)
    return any(other.among("sheet", "per_row") for other in clause.tokens[max(0, at - 1) : at + 2])


def _length(clause: Clause, token: Token, sheet: dict[str, Any], draft: Draft) -> None:
    lengths = [t for t in clause.all("amount", "mm", "cm") if isinstance(t.data, Amount)] or _behind(clause, token)
    if lengths:
        nearest = min(lengths, key=lambda t: abs(index(clause, t) - index(clause, token)))
        if isinstance(nearest.data, Amount):
            sheet[f"{token.value}_mm"] = whole(nearest.data.low)
            draft.use(_KEY, token, nearest)


def _behind(clause: Clause, token: Token) -> list[Token]:
    """A bare number directly behind the word, which then is in mm: 间距0."""
    at = index(clause, token) + 1
    return [t for t in clause.tokens[at : at + 1] if t.kind == "number" and isinstance(t.data, Amount)]


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
