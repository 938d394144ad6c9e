"""What to hide in scans and documents: which private things, which not, how, and how many digits stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f2p.language import amounts as a
from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, denied, index, is_denied, negations_before
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.hiding import FIRST_LAST, all_but, blurs, entity_of, hides_all_else, hides_rest, signs, unseen
from f2p.language.lexicon import lexicon
from f2p.language.pages import page_numbers
from f2p.language.tokens import Token

_KEY = "redact"
_PLACES = ("上", "里", "中", "内", "上面", "里面", "上的", "里的")
_OUTSIDE = ("以外", "之外", "外")
_FINE = frozenset({"fine", "okay", "ok"})
_SHOWN = ("保留", "留", "只", "显示", "露", "except", "only", "show", "leave", "keep")


def read_redaction(clauses: Sequence[Clause], draft: Draft) -> None:
    """Sets `redact` alone."""
    redact: dict[str, Any] = {}
    entities: list[str] = []
    exclude: list[str] = []
    for i, clause in enumerate(clauses):
        for token in clause.tokens:
            name = entity_of(token)
            if not name or _is_place(clause, token):
                continue
            spared = _excepted(clauses, i, token) if _exception(clause, token) else _spared(clause, token)
            spared = spared or _excluded_after(clause, token)
            spared = spared and not unseen(clause)
            spared = spared and not _complained_of(clauses, i)
            target = exclude if spared else entities
            target += [one for one in lexicon().meanings["stands_for"].get(name, [name]) if one not in target]
            draft.use(_KEY, token)
        _style(clauses, clause, redact, draft)
        _digits(clause, redact, draft)
        _both_ends(clause, redact, draft)
        _pages(clause, redact, draft)
        _options(clause, redact, draft)
    if exclude and (hides_rest(clauses) or (not entities and hides_all_else(clauses))):
        entities += [name for name in lexicon().meanings["stands_for"]["rest"] if name not in (*entities, *exclude)]
        entities = [name for name in entities if name not in exclude]
        draft.use(_KEY, *(t for c in clauses for t in c.all("object", "everything_else")))
    exclude = [name for name in exclude if name not in entities]  # said both ways: hidden, as a number shown cannot be taken back
    redact = {"entities": entities, **({"exclude": exclude} if exclude else {}), **redact}
    draft.asked[_KEY] = redact
    for clause in clauses:
        draft.use(_KEY, *clause.all("conceal"), *clause.all("mask"), *clause.all("neg"), *clause.all("act"))


def _is_place(clause: Clause, token: Token) -> bool:
    """Whether a document is only where the private thing stands: 身份证上的住址."""
    following = clause.tokens[index(clause, token) + 1 :]
    opens = token.kind in {"size", "document"} and following and following[0].text in _PLACES
    return bool(opens) and any(entity_of(other) for other in following[1:])


def _exception(clause: Clause, token: Token) -> bool:
    """Whether it stands under "except", which reaches as far as the next act or "all"."""
    for other in reversed(clause.tokens[: index(clause, token)]):
        if other.kind == "except":
            return True
        if other.text in {"外", "以外", "之外"}:
            return False
        if other.kind not in {"stop", "conj", "entity", "size", "document", "object", "wish", "bound", "noise"}:
            return False
    return False


def _excluded_after(clause: Clause, token: Token) -> bool:
    """As in 页码除外: "except" behind what it spares, with nothing hidden after it."""
    for other in clause.tokens[index(clause, token) + 1 :]:
        if other.text.startswith(_OUTSIDE):
            return True
        if other.kind != "conj" and not entity_of(other):
            break
    following = [t for t in clause.tokens[index(clause, token) + 1 :] if t.kind not in {"stop", "conj"}]
    while following and entity_of(following[0]):
        following.pop(0)
    return len(following) == 1 and following[0].kind == "except"


def _excepted(clauses: Sequence[Clause], i: int, token: Token) -> bool:
    """What "except" makes of it: spared, but the only thing to hide in 除了身份证号都不要遮."""
    if all_but(clauses[i]):
        return False
    rest = clauses[i].tokens[index(clauses[i], token) + 1 :]
    negations = [t for t in rest if t.kind == "neg"]
    if not any(t.kind in {"conceal", "mask"} for t in clauses[i].tokens) and i + 1 < len(clauses):
        following = clauses[i + 1]
        if not any(entity_of(t) for t in following.tokens):
            negations = following.all("neg")
    return not denied(negations)


def _spared(clause: Clause, token: Token) -> bool:
    """Whether the clause says to leave it: "金额不要动", "不用遮", "except names"."""
    at = index(clause, token)
    left = negations_before(clause, at, frozenset({"stop", "conceal", "act", "conj", "entity", "wish", "state"}))
    if left:
        return denied(left)
    conceals = clause.all("conceal") + clause.all("mask")
    keeps = [t for t in clause.all("act", "keep") if not clause.has("keepdigits")]
    if keeps and not conceals:
        return not denied(negations_before(clause, index(clause, keeps[0])))
    if clause.has("wish", "policy=no_edit"):
        return True
    after = [t for t in clause.tokens[at + 1 :] if t.kind not in {"stop"}]
    for i, other in enumerate(after):
        if other.among("act", "keep"):
            return not clause.has("keepdigits")
        if other.kind == "neg":
            return denied([other]) and (i + 1 == len(after) or after[i + 1].kind in {"conceal", "act", "other", "wish"})
        if other.text in _FINE:
            return True
        if other.kind not in {"entity", "conj", "size", "document"} and not entity_of(other):
            return False
    return False


def _complained_of(clauses: Sequence[Clause], i: int) -> bool:
    """As in 身份证号露出来了,帮我涂掉: what is seen is what the next words hide."""
    seen = any(token.text.startswith(signs("seen")) for token in clauses[i].all("act", "keep"))
    following = clauses[i + 1] if i + 1 < len(clauses) else None
    hides = following is not None and following.has("conceal") and not any(entity_of(token) for token in following.tokens)
    hides = hides and following is not None and not following.has("object", "everything_else")
    return seen and hides and not clauses[i].has("conceal")


def _style(clauses: Sequence[Clause], clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    for token in clause.all("mask"):
        if not is_denied(clause, token):
            redact["style"] = token.value
            draft.use(_KEY, token)
    for token in clause.all("conceal"):
        if "style" in redact:
            continue
        if "马赛克" in token.text or "pixelat" in token.text:
            redact["style"] = "mosaic"
        elif "涂黑" in token.text or "black" in token.text or "黑块" in token.text or "黑条" in token.text:
            redact["style"] = "black_box"
        elif token.text.startswith("white") or "涂白" in token.text:
            redact["style"] = "white_box"
        elif "blur" in token.text or "模糊" in token.text:
            redact["style"] = "blur"
        elif "星号" in token.text:
            redact["style"] = "stars"
    blurred = clause.all("state", "blur") + clause.all("backdrop", "blur")
    if blurred and "style" not in redact and (clause.has("conceal") or blurs(clauses, clause)):
        redact["style"] = "blur"
        draft.use(_KEY, *blurred)


def _both_ends(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    """前六后四, as it is said without 位: how many stay at either end."""
    match = FIRST_LAST.search("".join(token.text for token in clause.tokens))
    if match:
        first, last = (int(a.number(digits)) for digits in match.groups())
        redact["keep_first"], redact["keep_last"] = first, last
        draft.use(_KEY, *clause.all("keepdigits"), *clause.all("number"))


def _digits(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    for token in clause.all("keepdigits") + clause.all("direction", "middle"):
        following = clause.tokens[index(clause, token) + 1 :]
        number = next((t for t in following[:2] if isinstance(t.data, Amount)), None)
        if number is not None and isinstance(number.data, Amount):
            if token.value == "middle":
                redact["mask"] = f"middle_{whole(number.data.low)}"
                draft.use(_KEY, token, number)
                continue
            shown = clause.has("act", "keep") or clause.has("except") or token.text.startswith(_SHOWN)
            if clause.has("conceal") and not shown and "中间" not in "".join(t.text for t in clause.tokens):
                redact.setdefault("mask", f"{token.value}_{whole(number.data.low)}")
            else:
                redact[f"keep_{token.value}"] = whole(number.data.low)
            draft.use(_KEY, token, number)
    minimum = clause.all("digit")
    if minimum:
        redact["min_len"] = {"六": 6, "八": 8, "四": 4, "五": 5, "十": 10, "七": 7, "三": 3}.get(minimum[0].text[0]) or int(
            minimum[0].text.split("位")[0]
        )
        draft.use(_KEY, *minimum)
        return
    lengths = [t for t in clause.all("amount", "digit") if isinstance(t.data, Amount) and draft.is_free(t)]
    lengths += [t for t in clause.all("number") if isinstance(t.data, Amount) and clause.has("entity", "digits")]
    if lengths and clause.has("bound", "min") and isinstance(lengths[0].data, Amount):
        redact["min_len"] = whole(lengths[0].data.low)
        draft.use(_KEY, lengths[0], *clause.all("bound"))


def _pages(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    """Pages that are named by their number ("page 2", 第2页, pages 1-3); "these 3 pages" are all of them."""
    for token in clause.all("pages"):
        known = redact.get("pages", [])
        redact["pages"] = sorted({*known, *page_numbers(token.text)})
        draft.use(_KEY, token)


def _options(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    for token in clause.all("redactopt"):
        redact[token.value] = True
        draft.use(_KEY, token)
