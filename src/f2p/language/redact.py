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
from f2p.language.pages import page_numbers
from f2p.language.tokens import Token

_KEY = "redact"
_FIRST_LAST = re.compile(r"前([\d一二两三四五六七八])[和、,]?后([\d一二两三四五六七八])(?!位|页)")
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
    "hid",
    "cover",
    "conceal",
    "blur",
    "wipe",
    "strip",
    "take o",
    "remov",
    "eras",
    "delet",
    "rid of",
    "get rid",
    "edit out",
)
_HIDING = (*_HIDING, 
    "photoshop out",
    "retouch out",
    "lose the",
    "抹",
    "擦",
    "去",
    "删",
    "消",
    "移除",
    "清除",
    "剔除",
    "p掉",
    "p了",
    "p走",
    "弄掉",
    "拿掉",
    "扣掉",
    "修掉",
)
"""Acts that take a thing out of sight; "reduce" and "soften" do not."""
_GO = "去"
_TAKES_OUT = re.compile(r"\b(?:take|leave|get) .*\b(?:out|off|away)\b")
_STICKERS = ("emoji", "sticker", "smiley", "贴纸", "表情")
_NOT_TAKEN = frozenset({"face", "date", "digits", "amount"})
"""What "remove" alone does not hide: the date of a camera, the number of photos, the amount of smoothing."""
_BETWEEN = frozenset({"stop", "conj", "entity", "wish", "document", "size", "other", "degree", "noise", "distribute"})
_DONE_TO = frozenset({"ground", "backdrop", "colour", "fix", "fault", "light"})
_PAPER_WORDS = frozenset({"text", "date_text", "everything_else", "date_stamp"})


def is_redaction(clauses: Sequence[Clause]) -> bool:
    """Whether the sentence is about hiding private things rather than about an ID photo."""
    entities = [token for clause in clauses for token in clause.tokens if token.kind != "object" and _entity(token)]
    hides = [
        token
        for clause in clauses
        for token in clause.all("conceal")
        if not _only_denied(clause, token) and not _captions(clause, token)
    ]
    masks = any(clause.has("mask", *_COVERS) or (clause.has("mask") and entities) for clause in clauses)
    if masks or any(not _in_the_way(token) for token in hides) or (hides and entities):
        return True
    if any(_takes_away(clause) or _covers_faces(clause) or _unseen(clause) for clause in clauses) or _hides_rest(clauses):
        return True
    if entities and any(_all_but(clause) for clause in clauses):
        return True
    asked_first = (hides or entities) and any(clause.has("redactopt", "preview") for clause in clauses)
    if asked_first or any(clause.has("redactopt", "remove_text_layer") for clause in clauses):
        return True
    if any(_blurs(clauses, clause) for clause in clauses):
        return True
    if any(clause.has("keepdigits") and (clause.has("entity") or _ends_of_id(clause)) for clause in clauses):
        return True
    removes = any(clause.has("act", "remove") for clause in clauses)
    paged = any(clause.has("pages") for clause in clauses)
    return removes and any(paged or token.value in _PRIVATE for token in entities if token.kind == "entity" or paged)


_ONLY_NAMES = frozenset({"entity", "stop", "conj", "follow", "object", "degree", "variant", "distribute"})


def goes_on_hiding(clauses: Sequence[Clause]) -> bool:
    """Whether a sentence that follows one about hiding is about it too: 第3页也遮, "show the dates", "the address too"."""
    tokens = [token for clause in clauses for token in clause.tokens]
    named = any(_entity(token) for token in tokens)
    if any(clause.has("conceal") or clause.has("mask") for clause in clauses):
        return named or any(clause.has("pages") or clause.has("mask") for clause in clauses)
    shows = any(clause.has("act", "keep") and any(_entity(t) for t in clause.tokens) for clause in clauses)
    return shows or (named and all(t.kind in _ONLY_NAMES and (t.kind != "object" or _entity(t)) for t in tokens))


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
            spared = spared and not _unseen(clause)
            spared = spared and not _complained_of(clauses, i)
            target = exclude if spared else entities
            target += [one for one in lexicon().meanings["stands_for"].get(name, [name]) if one not in target]
            draft.use(_KEY, token)
        _style(clauses, clause, redact, draft)
        _digits(clause, redact, draft)
        _both_ends(clause, redact, draft)
        _pages(clause, redact, draft)
        _options(clause, redact, draft)
    if exclude and (_hides_rest(clauses) or (not entities and _hides_all_else(clauses))):
        entities += [name for name in lexicon().meanings["stands_for"]["rest"] if name not in (*entities, *exclude)]
        entities = [name for name in entities if name not in exclude]
        draft.use(_KEY, *(t for c in clauses for t in c.all("object", "everything_else")))
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


def _in_the_way(token: Token) -> bool:
    return token.value == "unseen" or token.text.startswith(_MAY_BE_IN_THE_WAY)


def _only_denied(clause: Clause, token: Token) -> bool:
    """As in 不要打码: nothing is hidden, where nothing private is named either."""
    left = negations_before(clause, index(clause, token), frozenset({"stop", "act", "conj"}))
    return denied(left) and not any(_entity(other) for other in clause.tokens)


def _captions(clause: Clause, token: Token) -> bool:
    """As in 照片下面不要显示名字: a print without names."""
    return token.value == "unseen" and clause.has("direction", "bottom")


def _blurs(clauses: Sequence[Clause], clause: Clause) -> bool:
    """As in "blur all the faces", 名字模糊一下; "my name is blurry", 数字看不清 and "make it sharper" complain."""
    words = clause.all("state", "blur") + clause.all("backdrop", "blur")
    if clause.has("ground") or not words:
        return False
    verbs = [token for token in words if token.text == "blur"]
    named = [token for token in clause.tokens if _entity(token)]
    if any(token.start > verb.start for verb in verbs for token in named):
        return True
    sharper = any(other.has("wish", "sharpen") for other in clauses)
    complains = all(token.text.startswith(_COMPLAINS) for token in words)
    return not sharper and not complains and any(token.kind == "entity" or token.value.startswith("subject") for token in named)


_COMPLAINS = (
    "有点",
    "有些",
    "太",
    "很",
    "比较",
    "看不",
    "不清",
    "不够",
    "发",
    "没",
    "虚",
    "失",
    "对",
    "blurry",
    "out of",
    "fuzzy",
    "not",
    "un",
)


def _takes_away(clause: Clause) -> bool:
    """As in 公章p掉, "remove the name from the invoice": an act that takes out of sight beside something private."""
    named = [t for t in clause.tokens if _entity(t) and (t.kind == "entity" or t.value.startswith("subject"))]
    acts = [t for t in clause.all("act", "remove") if t.text.startswith(_HIDING) and t.text != _GO]
    if named and any(token.text.startswith(("hid", "cover", "conceal", "blur")) for token in acts):
        return True
    done = any(t.kind in _DONE_TO or (t.kind == "object" and t.value not in _PAPER_WORDS) for t in clause.tokens)
    named = [token for token in named if _entity(token) not in _NOT_TAKEN]
    if done or not named:
        return False
    return any(_beside(clause, act, token) for act in acts for token in named) or _TAKES_OUT.search(_said(clause)) is not None


def _beside(clause: Clause, act: Token, token: Token) -> bool:
    one, two = sorted((index(clause, act), index(clause, token)))
    return all(other.kind in _BETWEEN for other in clause.tokens[one + 1 : two])


def _said(clause: Clause) -> str:
    return " ".join(token.text for token in clause.tokens)


def _covers_faces(clause: Clause) -> bool:
    """As in "cover the child's face with an emoji"."""
    covers = clause.has("conceal") and clause.has("object", "face")
    return covers and any(sign in _said(clause) for sign in _STICKERS)


def _unseen(clause: Clause) -> bool:
    """As in 电话别露出来, "I don't want my phone number to be visible": private, and not to be seen."""
    seen = [token for token in clause.all("act", "keep") if token.text.startswith(_SEEN)]
    private = [token for token in clause.all("entity") if token.value not in {"face", "digits"}]
    negations = [token for token in clause.all("neg") if seen and token.start < seen[-1].start]
    return bool(private) and denied(negations) and not any(clause.has(kind) for kind in ("conceal", "except", "sheet"))


def _all_but(clause: Clause) -> bool:
    """As in "keep everything readable except the birthday": what stands under "except" is the one thing to hide."""
    excepts = clause.all("except")
    seen = clause.all("redactopt", "keep_readable") + [t for t in clause.all("act", "keep") if t.text.startswith(_SEEN)]
    return bool(excepts) and any(t.start < excepts[0].start for t in seen) and not clause.has("conceal")


def _hides_rest(clauses: Sequence[Clause]) -> bool:
    """As in 其他都涂黑, "hide the rest", where something private is named that stays."""
    named = any(_entity(token) for clause in clauses for token in clause.tokens)
    return named and any(
        clause.has("object", "everything_else") and not clause.has("neg") and not clause.has("entity") and _hides_here(clause)
        for clause in clauses
    )


def _hides_all_else(clauses: Sequence[Clause]) -> bool:
    """As in 除了姓名,其他全部遮掉, where what is hidden has no name of its own."""
    wide = any(c.has("object", "everything_else") or c.has("wish", "batch") or c.has("except") for c in clauses)
    return wide and any(_hides_here(clause) and not clause.has("neg") for clause in clauses)


def _hides_here(clause: Clause) -> bool:
    return clause.has("conceal") or any(token.text.startswith("hid") for token in clause.all("act", "remove"))


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
        if other.kind != "conj" and not _entity(other):
            break
    following = [t for t in clause.tokens[index(clause, token) + 1 :] if t.kind not in {"stop", "conj"}]
    while following and _entity(following[0]):
        following.pop(0)
    return len(following) == 1 and following[0].kind == "except"


_OUTSIDE = ("以外", "之外", "外")


def _excepted(clauses: Sequence[Clause], i: int, token: Token) -> bool:
    """What "except" makes of it: spared, but the only thing to hide in 除了身份证号都不要遮."""
    if _all_but(clauses[i]):
        return False
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
        if other.kind not in {"entity", "conj", "size", "document"} and not _entity(other):
            return False
    return False


_FINE = frozenset({"fine", "okay", "ok"})
_SEEN = ("露", "看得", "要露", "可见", "清晰可见", "要看得", "visible")


def _complained_of(clauses: Sequence[Clause], i: int) -> bool:
    """As in 身份证号露出来了,帮我涂掉: what is seen is what the next words hide."""
    seen = any(token.text.startswith(_SEEN) for token in clauses[i].all("act", "keep"))
    following = clauses[i + 1] if i + 1 < len(clauses) else None
    hides = following is not None and following.has("conceal") and not any(_entity(token) for token in following.tokens)
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
    if blurred and "style" not in redact and (clause.has("conceal") or _blurs(clauses, clause)):
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
        redact["pages"] = sorted({*known, *page_numbers(token.text)})
        draft.use(_KEY, token)


def _options(clause: Clause, redact: dict[str, Any], draft: Draft) -> None:
    for token in clause.all("redactopt"):
        redact[token.value] = True
        draft.use(_KEY, token)
