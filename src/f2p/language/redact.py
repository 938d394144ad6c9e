"""What to hide in scans and documents: which private things, which not, how, and how many digits stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, denied, index, is_denied, negations_before
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.tokens import Token

_KEY = "redact"
_AS_ENTITY = {
    ("size", "cn_id_card"): "id_number",
    ("document", "passport"): "passport",
    ("size", "cn_passport"): "passport",
    ("wish", "subject=signature"): "signature",
    ("object", "face"): "face",
    ("object", "date_stamp"): "date",
}
_PRIVATE = frozenset(
    {
        *("id_number", "bank_card", "bank_account", "phone", "email", "tax_number", "license_plate", "credit_code", "digits"),
        "passport",
    }
)
_SPARED = frozenset({"stop", "conj", "entity", "keepdigits", "amount", "other"})


def is_redaction(clauses: Sequence[Clause]) -> bool:
    """Whether the sentence is about hiding private things rather than about an ID photo."""
    entities = [token for clause in clauses for token in clause.all("entity")]
    hides = any(clause.has("conceal") for clause in clauses)
    masks = any(clause.has("mask") for clause in clauses)
    if hides or masks:
        return True
    blurs = [c for c in clauses if (c.has("state", "blur") or c.has("backdrop", "blur")) and not c.has("ground")]
    if any(clause.has("entity") for clause in blurs):
        return True
    if any(clause.has("keepdigits") and clause.has("entity") for clause in clauses):
        return True
    removes = any(clause.has("act", "remove") for clause in clauses)
    return removes and any(token.value in _PRIVATE for token in entities)


def read_redaction(clauses: Sequence[Clause], draft: Draft) -> None:
    """Sets `redact` alone."""
    redact: dict[str, Any] = {}
    entities: list[str] = []
    exclude: list[str] = []
    for clause in clauses:
        for token in clause.tokens:
            name = token.value if token.kind == "entity" else _AS_ENTITY.get((token.kind, token.value))
            if name is None:
                continue
            target = exclude if _spared(clause, token) else entities
            if name not in target:
                target.append(name)
            draft.use(_KEY, token)
        _style(clause, redact, draft)
        _digits(clause, redact, draft)
        _options(clause, redact, draft)
    entities = [name for name in entities if name not in exclude]
    redact = {"entities": entities, **({"exclude": exclude} if exclude else {}), **redact}
    draft.asked[_KEY] = redact
    for clause in clauses:
        draft.use(_KEY, *clause.all("conceal"), *clause.all("mask"), *clause.all("neg"), *clause.all("act"))


def _spared(clause: Clause, token: Token) -> bool:
    """Whether the clause says to leave it: "金额不要动", "不用遮", "except names"."""
    at = index(clause, token)
    if any(t.text in {"except", "excluding", "but not", "除了", "apart from"} for t in clause.tokens[:at]):
        return True
    left = negations_before(clause, at, frozenset({"stop", "conceal", "act", "conj", "entity", "wish"}))
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
        if other.kind == "neg":
            return denied([other]) and (i + 1 == len(after) or after[i + 1].kind in {"conceal", "act", "other", "wish"})
        if other.kind not in {"entity", "conj", "size", "document"}:
            return False
    return False


def _style(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
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
        elif "blur" in token.text or "模糊" in token.text:
            redact["style"] = "blur"
        elif "星号" in token.text:
            redact["style"] = "stars"
    blurred = clause.all("state", "blur") + clause.all("backdrop", "blur")
    if blurred and "style" not in redact and (clause.has("entity") or clause.has("conceal")):
        redact["style"] = "blur"
        draft.use(_KEY, *blurred)


def _digits(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    for token in clause.all("keepdigits"):
        following = clause.tokens[index(clause, token) + 1 :]
        number = next((t for t in following[:2] if isinstance(t.data, Amount)), None)
        if number is not None and isinstance(number.data, Amount):
            shown = clause.has("act", "keep") or token.text.startswith(("保留", "留", "只", "显示", "露"))
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
    if lengths and clause.has("bound", "min") and isinstance(lengths[0].data, Amount):
        redact["min_len"] = whole(lengths[0].data.low)
        draft.use(_KEY, lengths[0], *clause.all("bound"))


def _options(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    for token in clause.all("redactopt"):
        redact[token.value] = True
        draft.use(_KEY, token)
