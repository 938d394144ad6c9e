"""Whether a sentence is about hiding private things, and which of its words are those things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from f2p.language.clauses import Clause, denied, index, negations_before
from f2p.language.lexicon import lexicon
from f2p.language.tokens import Token

FIRST_LAST = re.compile(r"前([\d一二两三四五六七八])[和、,]?后([\d一二两三四五六七八])(?!位|页)")
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
_COVERS = ("black_box", "white_box", "mosaic")
_NOT_TAKEN = frozenset({"face", "date", "digits", "amount"})
"""What "remove" alone does not hide: the date of a camera, the number of photos, the amount of smoothing."""
_BETWEEN = frozenset({"stop", "conj", "entity", "wish", "document", "size", "other", "degree", "noise", "distribute"})
_DONE_TO = frozenset({"ground", "backdrop", "colour", "fix", "fault", "light"})
_PAPER_WORDS = frozenset({"text", "date_text", "everything_else", "date_stamp"})
_ONLY_NAMES = frozenset({"entity", "stop", "conj", "follow", "object", "degree", "variant", "distribute"})


def signs(name: str) -> tuple[str, ...]:
    """The words of one row of [hiding] in data/meanings.toml."""
    return tuple(lexicon().meanings["hiding"][name])


def is_redaction(clauses: Sequence[Clause]) -> bool:
    """Whether the sentence is about hiding private things rather than about an ID photo."""
    entities = [token for clause in clauses for token in clause.tokens if token.kind != "object" and entity_of(token)]
    hides = [
        token
        for clause in clauses
        for token in clause.all("conceal")
        if not _only_denied(clause, token) and not _captions(clause, token)
    ]
    masks = any(clause.has("mask", *_COVERS) or (clause.has("mask") and entities) for clause in clauses)
    if masks or any(not _in_the_way(token) for token in hides) or (hides and entities):
        return True
    if any(_takes_away(clause) or _covers_faces(clause) or unseen(clause) for clause in clauses) or hides_rest(clauses):
        return True
    if entities and any(all_but(clause) for clause in clauses):
        return True
    asked_first = (hides or entities) and any(clause.has("redactopt", "preview") for clause in clauses)
    if asked_first or any(clause.has("redactopt", "remove_text_layer") for clause in clauses):
        return True
    if any(blurs(clauses, clause) for clause in clauses):
        return True
    if any(clause.has("keepdigits") and (clause.has("entity") or _ends_of_id(clause)) for clause in clauses):
        return True
    removes = any(clause.has("act", "remove") for clause in clauses)
    paged = any(clause.has("pages") for clause in clauses)
    return removes and any(paged or token.value in _PRIVATE for token in entities if token.kind == "entity" or paged)


def goes_on_hiding(clauses: Sequence[Clause]) -> bool:
    """Whether a sentence that follows one about hiding is about it too: 第3页也遮, "show the dates", "the address too"."""
    tokens = [token for clause in clauses for token in clause.tokens]
    named = any(entity_of(token) for token in tokens)
    if any(clause.has("conceal") or clause.has("mask") for clause in clauses):
        return named or any(clause.has("pages") or clause.has("mask") for clause in clauses)
    shows = any(clause.has("act", "keep") and any(entity_of(t) for t in clause.tokens) for clause in clauses)
    return shows or (named and all(t.kind in _ONLY_NAMES and (t.kind != "object" or entity_of(t)) for t in tokens))


def entity_of(token: Token) -> str:
    """The private thing that a token names, "" for none."""
    return token.value if token.kind == "entity" else _AS_ENTITY.get((token.kind, token.value), "")


def _in_the_way(token: Token) -> bool:
    return token.value == "unseen" or token.text.startswith(signs("in_the_way"))


def _only_denied(clause: Clause, token: Token) -> bool:
    """As in 不要打码: nothing is hidden, where nothing private is named either."""
    left = negations_before(clause, index(clause, token), frozenset({"stop", "act", "conj"}))
    return denied(left) and not any(entity_of(other) for other in clause.tokens)


def _captions(clause: Clause, token: Token) -> bool:
    """As in 照片下面不要显示名字: a print without names."""
    return token.value == "unseen" and clause.has("direction", "bottom")


def blurs(clauses: Sequence[Clause], clause: Clause) -> bool:
    """As in "blur all the faces", 名字模糊一下; "my name is blurry", 数字看不清 and "make it sharper" complain."""
    words = clause.all("state", "blur") + clause.all("backdrop", "blur")
    if clause.has("ground") or not words:
        return False
    verbs = [token for token in words if token.text in signs("blur")]
    named = [token for token in clause.tokens if entity_of(token)]
    if any(token.start > verb.start for verb in verbs for token in named):
        return True
    sharper = any(other.has("wish", "sharpen") for other in clauses)
    complains = all(token.text.startswith(signs("complains")) for token in words)
    return not sharper and not complains and any(token.kind == "entity" or token.value.startswith("subject") for token in named)


def _takes_away(clause: Clause) -> bool:
    """As in 公章p掉, "remove the name from the invoice": an act that takes out of sight beside something private."""
    named = [t for t in clause.tokens if entity_of(t) and (t.kind == "entity" or t.value.startswith("subject"))]
    acts = [t for t in clause.all("act", "remove") if t.text.startswith(signs("acts")) and t.text not in signs("not_alone")]
    if named and any(token.text.startswith(signs("always")) for token in acts):
        return True
    done = any(t.kind in _DONE_TO or (t.kind == "object" and t.value not in _PAPER_WORDS) for t in clause.tokens)
    named = [token for token in named if entity_of(token) not in _NOT_TAKEN]
    if done or not named:
        return False
    return any(_beside(clause, act, token) for act in acts for token in named) or _takes_out(clause)


def _beside(clause: Clause, act: Token, token: Token) -> bool:
    one, two = sorted((index(clause, act), index(clause, token)))
    return all(other.kind in _BETWEEN for other in clause.tokens[one + 1 : two])


def _said(clause: Clause) -> str:
    return " ".join(token.text for token in clause.tokens)


def _takes_out(clause: Clause) -> bool:
    """As in "take the number off": the verb and, somewhere behind it, where the thing goes."""
    words = _said(clause).split()
    begins = next((i for i, word in enumerate(words) if word in signs("takes")), len(words))
    return any(word in signs("away") for word in words[begins + 1 :])


def _covers_faces(clause: Clause) -> bool:
    """As in "cover the child's face with an emoji"."""
    covers = clause.has("conceal") and clause.has("object", "face")
    return covers and any(sign in _said(clause) for sign in signs("stickers"))


def unseen(clause: Clause) -> bool:
    """As in 电话别露出来, "I don't want my phone number to be visible": private, and not to be seen."""
    seen = [token for token in clause.all("act", "keep") if token.text.startswith(signs("seen"))]
    private = [token for token in clause.all("entity") if token.value not in {"face", "digits"}]
    negations = [token for token in clause.all("neg") if seen and token.start < seen[-1].start]
    return bool(private) and denied(negations) and not any(clause.has(kind) for kind in ("conceal", "except", "sheet"))


def all_but(clause: Clause) -> bool:
    """As in "keep everything readable except the birthday": what stands under "except" is the one thing to hide."""
    excepts = clause.all("except")
    seen = clause.all("redactopt", "keep_readable") + [t for t in clause.all("act", "keep") if t.text.startswith(signs("seen"))]
    return bool(excepts) and any(t.start < excepts[0].start for t in seen) and not clause.has("conceal")


def hides_rest(clauses: Sequence[Clause]) -> bool:
    """As in 其他都涂黑, "hide the rest", where something private is named that stays."""
    named = any(entity_of(token) for clause in clauses for token in clause.tokens)
    return named and any(
        clause.has("object", "everything_else") and not clause.has("neg") and not clause.has("entity") and _hides_here(clause)
        for clause in clauses
    )


def hides_all_else(clauses: Sequence[Clause]) -> bool:
    """As in 除了姓名,其他全部遮掉, where what is hidden has no name of its own."""
    wide = any(c.has("object", "everything_else") or c.has("wish", "batch") or c.has("except") for c in clauses)
    return wide and any(_hides_here(clause) and not clause.has("neg") for clause in clauses)


def _hides_here(clause: Clause) -> bool:
    return clause.has("conceal") or any(token.text.startswith(signs("hide")) for token in clause.all("act", "remove"))


def _ends_of_id(clause: Clause) -> bool:
    """As in 身份证只露出前六后四."""
    return clause.has("size", "cn_id_card") and FIRST_LAST.search("".join(token.text for token in clause.tokens)) is not None
