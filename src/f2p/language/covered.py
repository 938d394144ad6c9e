"""Covering a thing on a document is no forgery: 身份证号改成星号, "replace the name with black boxes", "edit out the name"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from f2p.language.clauses import split
from f2p.language.hiding import is_redaction
from f2p.language.lexicon import Lexicon, lexicon
from f2p.language.text import Text
from f2p.language.tokens import Token, lex

_MARKS = (
    r"(?:\*|[x×#]{2,}|星(?:号|星|标)|黑(?:色|块|条|框|底|方|的)|白(?:块|框|条|方)|马赛克|像素块|方块|色块|遮挡|打码|空白|模糊"
    r"|(?:black|white)(?:ed)?\s?(?:box|bar|block|rect|square|strip|patch|ink|marker|out|tape)|box(?:es)?\b|bars?\b|asterisk|stars?\b"
    r"|blur|mosaic|redact|pixel|blanks?\b|dots\b|dashes\b)"
)
_PUTS = (
    r"(?:改成|改为|改|换成|换为|换|替换成|替换为|替换|变成|变为|弄成|p成|写成|处理成|用|贴上?|打上?"
    r"|加上?|盖上?|with|to|into|by|using|as)"
)
_FEW = r"(?:\s|an?\b|some\b|solid\b|the\b|thick\b|opaque\b|几个|几颗|几块|一个|个|一块|一条|一串|一排|全)*"
_COVERS = re.compile(f"{_PUTS}{_FEW}{_MARKS}")
_TAKES_OUT = re.compile(
    r"(?:p|抹|涂|去|删|擦|遮|盖|糊)掉|抹去|涂黑|去除|删除"
    r"|(?:edit|photoshop|black|blur|block|cross)(?:ted|ped|ed|red)? out|cover(?:ed)? up"
)
_WRITES = re.compile(
    rf"(?:改成|改为|换成|替换成|替换为|变成|写成|写上|填上|p成|p上|调成"
    rf"|\bto\b|\bwith\b|and (?:put|write|type|add))(?!{_FEW}{_MARKS})\s*\w"
)
_WRITES_AFTER = re.compile(
    rf"(?:再|然后|并|接着|之后)[把将在上面里]*(?:改|写|填|换|p)[成为上](?!{_FEW}{_MARKS})"
    r"|\b(?:then|and) (?:put|write|type|insert)\b"
)
_SPECIMEN = re.compile(
    r"样本|样张|样品|作废|仅供|复印无效|水印|副本|注销|void|specimen|sample|expired|cancel|draft|invalid|not valid|watermark"
)
_NAMES_FILES = re.compile(
    r"命名|文件名|file ?name"
    r"|(?:扫描件|复印件|图片|照片|文件)的?(?:名字|名称|名)(?:改|换)(?:成|为)(?:合同|身份证|护照|发票|证件|成绩单|收据|[a-z0-9_]+)$"
)
_FORGES = re.compile(
    r"(?<!文件)(?:姓名|名字|金额|日期|号码|证号|地址|住址|生日|有效期|成绩|分数)[都也给直接]{0,2}(?:改成|改为|换成|替换成|p成|写成|改到)"
    rf"(?!{_FEW}{_MARKS})(?!.{{0,8}}命名)\s*\w"
    r"|\b(?:change|replace|edit) (?:the |my |his |her )?(?:name|amount|date|number|address|grade)s? "
    rf"(?:to|with) (?!{_FEW}{_MARKS})\w|\band replace (?:it )?(?:by|with) (?!{_FEW}{_MARKS})\w"
    r"|\band (?:put|write|type|insert) (?:in )?(?:mine|my name|his|her|another|a new (?:name|one|date|amount)|a different)"
    r"|再(?:p|盖|加|写|填)(?:一个|个|上|一枚)[^,]{0,4}(?:章|名|日期|金额|数字|签字)"
)
_ENDS = ",.。;!?\n"


def without_false_alarms(tokens: list[Token], text: Text) -> list[Token]:
    """`tokens`, read again without the words of forgery where each of these only covers something or names a file."""
    alarms = [token for token in tokens if token.kind == "refuse"]
    if not alarms or not all(token.value == "document_forgery" for token in alarms):
        return tokens
    pieces = [_clause_around(text.plain, token) for token in alarms]
    named = all(_NAMES_FILES.search(piece) for piece in pieces)
    if not named and (not all(_covers(piece) for piece in pieces) or _WRITES_AFTER.search(text.plain)):
        return tokens
    again = lex(text.plain, _without_refusals())
    return again if named or is_redaction(split(again)) else tokens


def forges_beside(tokens: Sequence[Token], text: Text) -> Token | None:
    """The word that changes what a document says, in a sentence that hides something else of it."""
    match = _FORGES.search(text.plain)
    return next((token for token in tokens if match and token.end > match.start()), None)


def _clause_around(plain: str, token: Token) -> str:
    start = max(plain.rfind(mark, 0, token.start) for mark in _ENDS) + 1
    ends = [at for mark in _ENDS if (at := plain.find(mark, token.end)) >= 0]
    return plain[start : min(ends, default=len(plain))].strip()


def _covers(piece: str) -> bool:
    covers = _COVERS.search(piece) or (_TAKES_OUT.search(piece) and not _SPECIMEN.search(piece))
    return bool(covers) and not _WRITES.search(piece)


@cache
def _without_refusals() -> Lexicon:
    words = lexicon()
    kept = {phrase: word for phrase, word in words.words.items() if word.kind != "refuse"}
    return replace(words, words=kept, patterns=tuple(pattern for pattern in words.patterns if pattern.word.kind != "refuse"))
