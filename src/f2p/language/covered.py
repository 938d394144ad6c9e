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
_COVERS = f"{_PUTS}{_FEW}{_MARKS}"
_TAKES_OUT = (
    r"(?:p|抹|涂|去|删|擦|遮|盖|糊)掉|抹去|涂黑|去除|删除"
    r"|(?:edit|photoshop|black|blur|block|cross)(?:ted|ped|ed|red)? out|cover(?:ed)? up"
)
_WRITES = (
    rf"(?:改成|改为|换成|替换成|替换为|变成|写成|写上|填上|p成|p上|调成"
    rf"|\bto\b|\bwith\b|and (?:put|write|type|add))(?!{_FEW}{_MARKS})\s*\w"
)
_WRITES_AFTER = (
    rf"(?:再|然后|并|接着|之后)[把将在上面里]*(?:改|写|填|换|p)[成为上](?!{_FEW}{_MARKS})"
    r"|\b(?:then|and) (?:put|write|type|insert)\b"
)
_SPECIMEN = (
    r"样本|样张|样品|作废|仅供|复印无效|水印|副本|注销|void|specimen|sample|expired|cancel|draft|invalid|not valid|watermark"
)
_NAMES_FILES = (
    r"命名|文件名|file ?name"
    r"|(?:扫描件|复印件|图片|照片|文件)的?(?:名字|名称|名)(?:改|换)(?:成|为)(?:合同|身份证|护照|发票|证件|成绩单|收据|[a-z0-9_]+)$"
)
_ITEM = r"(?:姓名|名字|日期|号码?|证号|金额|有效期|生日|地址|住址|成绩|分数)"
_INTO = r"(?:改成|改为|改到|换成|换为|替换成|替换为|p成|写成)"
_NOT_WRITTEN = rf"(?!{_FEW}{_MARKS})(?![^,]{{0,8}}(?:命名|底|背景|寸|格式|文件|大小|png|jpg|pdf))\s*\w"
_PAPERS = r"(?:身份证|护照|驾照|驾驶证|合同|发票|毕业证|学位证|成绩单|流水|收据|营业执照|证明|工资条|病假条|体检报告|诊断书)"
_EN_ITEM = r"(?:name|amount|date|number|address|grade|score|salary|expiry date|birth date|total)s?"
_EN_PAPERS = (
    r"(?:contract|invoice|certificate|diploma|degree|transcript|passport"
    r"|id card|id|license|licence|visa|payslip|receipt|cheque|bank statement)"
)
_FORGES = (
    rf"{_PAPERS}(?:扫描件|复印件)?[上里中面的]*{_ITEM}[都也给直接]{{0,2}}{_INTO}{_NOT_WRITTEN}"
    rf"|{_ITEM}(?:抹|涂|擦|p)(?:掉|去)?[再后]?{_INTO}{_NOT_WRITTEN}"
    rf"|\b(?:change|replace|edit|swap) (?:the |my |his |her )?{_EN_ITEM} (?:on|in|of) (?:the |my |this |a |his |her )?"
    rf"{_EN_PAPERS} (?:to|with|into|for) (?!{_FEW}{_MARKS})\w"
    r"|\b(?:remove|erase|delete|photoshop out|edit out|get rid of) (?:the |this )?(?:void|specimen|expired|cancell?ed)(?: \w+)? "
    rf"(?:on|from|off|in) (?:the |my |this )?{_EN_PAPERS}"
)
"""What a document says put otherwise, whatever else the sentence asks."""
_FORGES_BESIDE = (
    rf"(?<!文件){_ITEM}[都也给直接]{{0,2}}{_INTO}{_NOT_WRITTEN}"
    rf"|(?:再|然后|接着)[^,]{{0,3}}{_INTO}{_NOT_WRITTEN}|再(?:写|填)上"
    r"|再(?:p|盖|加|写|填)(?:一个|个|上|一枚)[^,]{0,4}(?:章|名|日期|金额|数字|签字)"
    rf"|\b(?:change|replace|edit) (?:the |my |his |her )?{_EN_ITEM} (?:to|with) (?!{_FEW}{_MARKS})\w"
    rf"|\band replace (?:it )?(?:by|with) (?!{_FEW}{_MARKS})\w|\band (?:write|type) (?!in\b)\w"
    r"|\band (?:put|insert) (?:in )?(?:mine|my name|his|her|another|a new (?:name|one|date|amount)|a different)"
)
"""The same in a sentence that hides something of the document."""
_ENDS = ",.。;!?\n"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when first needed: importing the reader must cost next to nothing."""
    return re.compile(pattern)


def without_false_alarms(tokens: list[Token], text: Text) -> list[Token]:
    """`tokens`, read again without the words of forgery where each of these only covers something or names a file."""
    alarms = [token for token in tokens if token.kind == "refuse"]
    if not alarms or not all(token.value == "document_forgery" for token in alarms):
        return tokens
    pieces = [_clause_around(text.plain, token) for token in alarms]
    named = all(_compiled(_NAMES_FILES).search(piece) for piece in pieces)
    if not named and (not all(_covers(piece) for piece in pieces) or _compiled(_WRITES_AFTER).search(text.plain)):
        return tokens
    again = lex(text.plain, _without_refusals())
    return again if named or is_redaction(split(again)) else tokens


def forging(tokens: Sequence[Token], text: Text, *, hides: bool) -> Token | None:
    """The word that makes a document say something else; hides: the sentence covers something of the document too."""
    match = _compiled(_FORGES).search(text.plain) or (_compiled(_FORGES_BESIDE).search(text.plain) if hides else None)
    return next((token for token in tokens if match and token.end > match.start()), None)


def _clause_around(plain: str, token: Token) -> str:
    start = max(plain.rfind(mark, 0, token.start) for mark in _ENDS) + 1
    ends = [at for mark in _ENDS if (at := plain.find(mark, token.end)) >= 0]
    return plain[start : min(ends, default=len(plain))].strip()


def _covers(piece: str) -> bool:
    covers = _compiled(_COVERS).search(piece) or (_compiled(_TAKES_OUT).search(piece) and not _compiled(_SPECIMEN).search(piece))
    return bool(covers) and not _compiled(_WRITES).search(piece)


@cache
def _without_refusals() -> Lexicon:
    words = lexicon()
    kept = {phrase: word for phrase, word in words.words.items() if word.kind != "refuse"}
    return replace(words, words=kept, patterns=tuple(pattern for pattern in words.patterns if pattern.word.kind != "refuse"))
