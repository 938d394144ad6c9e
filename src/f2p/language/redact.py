"""What to hide in scans and documents: which private things, which not, how, and how many digits stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from f2p.language import amounts as a
from f2p.language.amounts import Amount
from f2p.language.clauses import Clause, denied, index, is_denied, negations_before
from f2p.language.draft import Draft
from f2p.language.fileness import whole
from f2p.language.lexicon import lexicon
from f2p.language.tokens import Token

_KEY = "redact"
_FIRST_PAGES = re.compile(r"(?:前|(?:on |in )?(?:the )?first )(\w+?)\s*(?:页|pages)")
_FIRST_LAST = re.compile(r"前([\d一二两三四五六七八])[和、,]?后([\d一二两三四五六七八])(?!位|页)")
_NO_HAN = r"[^零〇一二两三四五六七八九十百]"
_AS_ENTITY = {
    ("size", "cn_id_card"): "id_number",
    ("document", "passport"): "passport",
    ("size", "cn_passport"): "passport",
    ("wish", "subject=signature"): "signature",
    ("object", "face"): "face",
    ("object", "date_stamp"): "date",
    ("object", "date_text"): "date",
}
_PRIVATE = frozenset(
    {
        *("id_number", "bank_card", "bank_account", "phone", "email", "tax_number", "license_plate", "credit_code", "digits"),
        *("passport", "personal"),
    }
)
_MAY_BE_IN_THE_WAY = ("遮", "挡", "盖", "cover", "hide", "block", "obscure", "mask")
"""What also happens to eyes and ears: these words alone, with nothing private named, hide nothing."""
_COVERS = ("black_box", "white_box", "mosaic")
_HIDING = (
    "hide",
    "cover",
    "conceal",
    "blur",
    "wipe",
    "strip",
    "take out",
    "remove",
    "erase",
    "delete",
    "抹",
    "擦",
    "去",
    "删",
    "消",
)


def is_redaction(clauses: Sequence[Clause]) -> bool:
    """Whether the sentence is about hiding private things rather than about an ID photo."""
    entities = [token for clause in clauses for token in clause.tokens if token.kind != "object" and _entity(token)]
    hides = [token for clause in clauses for token in clause.all("conceal")]
    masks = any(clause.has("mask", *_COVERS) or (clause.has("mask") and entities) for clause in clauses)
    if masks or any(not token.text.startswith(_MAY_BE_IN_THE_WAY) for token in hides) or (hides and entities):
        return True
    if any(clause.has("act", "remove") and _hides(clause) and clause.has("entity") for clause in clauses):
        return True
    asked_first = (hides or entities) and any(clause.has("redactopt", "preview") for clause in clauses)
    if asked_first or any(clause.has("redactopt", "remove_text_layer") for clause in clauses):
        return True
    blurs = [c for c in clauses if (c.has("state", "blur") or c.has("backdrop", "blur")) and not c.has("ground")]
    if any(clause.has("entity") or _blurs_faces(clause) for clause in blurs):
        return True
    if any(clause.has("keepdigits") and (clause.has("entity") or _ends_of_id(clause)) for clause in clauses):
        return True
    removes = any(clause.has("act", "remove") for clause in clauses)
    paged = any(clause.has("pages") for clause in clauses)
    return removes and any(paged or token.value in _PRIVATE for token in entities if token.kind == "entity" or paged)


def read_redaction(clauses: Sequence[Clause], draft: Draft) -> None:
    """Sets `redact` alone."""
    redact: dict[str, Any] = {}
    entities: list[str] = []
    exclude: list[str] = []
    for i, clause in enumerate(clauses):
        for token in clause.tokens:
            name = _entity(token)
            if not name or _is_place(clause, token):
                continue
            spared = _excepted(clauses, i, token) if _exception(clause, token) else _spared(clause, token)
            spared = spared or _excluded_after(clause, token)
            spared = spared and not _complained_of(clauses, i)
            target = exclude if spared else entities
            target += [one for one in lexicon().meanings["stands_for"].get(name, [name]) if one not in target]
            draft.use(_KEY, token)
        _style(clause, redact, draft)
        _digits(clause, redact, draft)
        _both_ends(clause, redact, draft)
        _pages(clause, redact, draft)
        _options(clause, redact, draft)
    exclude = [name for name in exclude if name not in entities]  # said both ways: hidden, as a number shown cannot be taken back
    redact = {"entities": entities, **({"exclude": exclude} if exclude else {}), **redact}
    draft.asked[_KEY] = redact
    for clause in clauses:
        draft.use(_KEY, *clause.all("conceal"), *clause.all("mask"), *clause.all("neg"), *clause.all("act"))


def _entity(token: Token) -> str:
    return token.value if token.kind == "entity" else _AS_ENTITY.get((token.kind, token.value), "")


_PLACES = ("上", "里", "中", "内", "上面", "里面", "上的", "里的")


def _is_place(clause: Clause, token: Token) -> bool:
    """Whether a document is only where the private thing stands: 身份证上的住址."""
    following = clause.tokens[index(clause, token) + 1 :]
    opens = token.kind in {"size", "document"} and following and following[0].text in _PLACES
    return bool(opens) and any(_entity(other) for other in following[1:])


def _blurs_faces(clause: Clause) -> bool:
    """As in "blur all the faces"; "my face is blurry" is a complaint."""
    verbs = [token for token in clause.all("state", "blur") if token.text == "blur"]
    return any(token.start > verb.start for verb in verbs for token in clause.all("object", "face"))


def _hides(clause: Clause) -> bool:
    return any(token.text.startswith(_HIDING[:4]) for token in clause.all("act", "remove"))


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
    following = [t for t in clause.tokens[index(clause, token) + 1 :] if t.kind not in {"stop", "conj"}]
    while following and _entity(following[0]):
        following.pop(0)
    return len(following) == 1 and following[0].kind == "except"


def _excepted(clauses: Sequence[Clause], i: int, token: Token) -> bool:
    """What "except" makes of it: spared, but the only thing to hide in 除了身份证号都不要遮."""
    rest = clauses[i].tokens[index(clauses[i], token) + 1 :]
    negations = [t for t in rest if t.kind == "neg"]
    if not any(t.kind in {"conceal", "mask"} for t in clauses[i].tokens) and i + 1 < len(clauses):
        following = clauses[i + 1]
        if not any(_entity(t) for t in following.tokens):
            negations = following.all("neg")
    return not denied(negations)


def _spared(clause: Clause, token: Token) -> bool:
    """Whether the clause says to leave it: "金额不要动", "不用遮", "except names"."""
    at = index(clause, token)
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
        if other.among("act", "keep"):
            return not clause.has("keepdigits")
        if other.kind == "neg":
            return denied([other]) and (i + 1 == len(after) or after[i + 1].kind in {"conceal", "act", "other", "wish"})
        if other.kind not in {"entity", "conj", "size", "document"}:
            return False
    return False


_SEEN = ("露", "看得", "可见", "清晰可见", "visible")


def _complained_of(clauses: Sequence[Clause], i: int) -> bool:
    """As in 身份证号露出来了,帮我涂掉: what is seen is what the next words hide."""
    seen = any(token.text.startswith(_SEEN) for token in clauses[i].all("act", "keep"))
    following = clauses[i + 1] if i + 1 < len(clauses) else None
    hides = following is not None and following.has("conceal") and not any(_entity(token) for token in following.tokens)
    return seen and hides and not clauses[i].has("conceal")


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
        elif token.text.startswith("white") or "涂白" in token.text:
            redact["style"] = "white_box"
        elif "blur" in token.text or "模糊" in token.text:
            redact["style"] = "blur"
        elif "星号" in token.text:
            redact["style"] = "stars"
    blurred = clause.all("state", "blur") + clause.all("backdrop", "blur")
    if blurred and "style" not in redact and (clause.has("conceal") or any(_entity(token) for token in clause.tokens)):
        redact["style"] = "blur"
        draft.use(_KEY, *blurred)


def _ends_of_id(clause: Clause) -> bool:
    """As in 身份证只露出前六后四."""
    return clause.has("size", "cn_id_card") and _FIRST_LAST.search("".join(token.text for token in clause.tokens)) is not None


_SHOWN = ("保留", "留", "只", "显示", "露", "except", "only", "show", "leave", "keep")


def _both_ends(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    """前六后四, as it is said without 位: how many stay at either end."""
    match = _FIRST_LAST.search("".join(token.text for token in clause.tokens))
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
        opening = _FIRST_PAGES.match(token.text)
        if opening:
            redact["pages"] = list(range(1, int(a.number(opening.group(1))) + 1))
            draft.use(_KEY, token)
            continue
        digits = [int(part) for part in re.findall(r"\d+", token.text)] or [int(a.han_number(re.sub(_NO_HAN, "", token.text)))]
        pages = list(range(digits[0], digits[-1] + 1)) if len(digits) == 2 else digits
        upto = known and any(t.text in {"到", "至", "-", "to", "through"} for t in clause.tokens[: index(clause, token)][-1:])
        between = range(known[-1] + 1, pages[0]) if upto else ()
        redact["pages"] = sorted({*known, *between, *pages})  # no page that was named is left open
        draft.use(_KEY, token)


def _options(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    for token in clause.all("redactopt"):
        redact[token.value] = True
        draft.use(_KEY, token)
