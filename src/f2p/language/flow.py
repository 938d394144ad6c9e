"""Everything around one picture: many files and their names, checks, privacy, follow-ups, which face, forgery, questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from f2p.language.amounts import han_number
from f2p.language.clauses import Clause, index, is_denied
from f2p.language.draft import Draft
from f2p.language.lexicon import lexicon
from f2p.language.text import Text
from f2p.language.tokens import Token

_FOLLOWED = frozenset({"light", "degree", "act", "object", "direction"})
_MEASURE_OF = {
    "head_height": "head_height",
    "head": "head_height",
    "head_share": "head_height",
    "eye_line": "eye_line",
    "eye_top": "eye_line",
}
_COLUMN = re.compile(
    r"(?:里的|中的|里|中|表的|的|第?[abcd一二三四])\"?([\u4e00-\u9fff]{1,6}?)\"?(?:这一|那一|那个|这个|一)?[列栏]"
)
_NAMED_COLUMN = re.compile(
    r"(?i)\bcolumn\s*[\"'“‘]?(?!in |of |from |named |called )([a-z][a-z0-9_]*(?: (?:id|no|number|name))?)"
    r"|(?:[\"'“‘]([a-z][a-z0-9_ ]*)[\"'”’]|\b([a-z]+_[a-z0-9_]+)) column"
)
_MEASURE_WORDS = {
    "sharpness": "sharpness",
    "清晰度": "sharpness",
    "锐度": "sharpness",
    "tilt": "tilt",
    "head tilt": "tilt",
    "倾斜": "tilt",
}
_ASKS_TO_CHECK = ("检", "查", "测", "核", "审", "check", "verify", "inspect", "validate", "measure", "report", "tell", "analy")
_PAIRS = {'"': '"', "(": ")", "《": "》", "【": "】"}


def read_flow(clauses: Sequence[Clause], text: Text, draft: Draft) -> None:
    """Sets batch, naming, zip, review, policy, retention, followup, select_face, exif, subject."""
    opening = next((token for clause in clauses for token in clause.tokens if token.kind != "stop"), None)
    for clause in clauses:
        _batch(clause, text, draft, opening)
        _face(clause, draft)
        _save(clause, text, draft)
    _restore(clauses, draft)
    if "resume" in draft.asked and draft.get("followup.op") == "modify_last":
        draft.drop("followup")  # 接着上次的继续跑 goes on with the work, it changes no picture
    _pattern(clauses, text, draft)
    _relative(clauses, draft)


_FIELDS = (
    "姓名|名字|学号|工号|班级|部门|身份证号|编号|序号|日期|first ?name|last ?name|name|surname|student ?id|id|class|date|number"
)
_FIELD = f"(?:{_FIELDS})"
_PATTERN = re.compile(rf"{_FIELD}(?:\s*[-_+]\s*{_FIELD})+")


def _pattern(clauses: Sequence[Clause], text: Text, draft: Draft) -> None:
    """A file name put together from fields: 学号-姓名, lastname_firstname."""
    match = _PATTERN.search(text.original.lower())
    if match and any(sign in text.original.lower() for sign in ("命名", "文件名", "改名", "名字", "name", "格式")):
        draft.put("naming.pattern", text.original[match.start() : match.end()])
        taken = [t for c in clauses for t in c.tokens if match.start() <= text.span(t.start, t.end)[0] < match.end()]
        draft.asked["naming"] = {"pattern": draft.asked["naming"]["pattern"]}
        draft.use("naming", *taken)


def _batch(clause: Clause, text: Text, draft: Draft, opening: Token | None) -> None:
    for token in clause.all("wish"):
        name = token.value
        if name.startswith("followup."):
            if "followup" not in draft.asked:
                draft.apply(name, token)
            draft.use("followup", token)
        elif name in {"batch", "zip", "resume", "watch"} or name.startswith(("naming.", "review.")):
            of_it = token.text in _ALL_OF_IT and token is not opening and "watch" not in draft.asked
            of_it = of_it or (name == "batch" and clause.has("wish", "followup.op=apply_to_all"))
            if is_denied(clause, token, frozenset({"stop"})) or of_it or _of_settings(clause, token) or _in_layout(clause, token):
                draft.use("-", token)
                continue
            draft.apply(name, token, corrects=True)
            if name.startswith("naming.by=") and (column := _column(clause, text)):
                draft.put("naming.column", column, token, *(t for t in clause.tokens if t.text in column))
            every = name == "watch" and any(sign in t.text for t in clause.tokens for sign in _EVERY)
            if name == "zip" or every or (name == "resume" and "batch" in token.text):
                draft.asked["batch"] = True


def _column(clause: Clause, text: Text) -> str:
    """The table's column that names the files, as it was written: Excel里"姓名"那一列; column emp_no."""
    match = _COLUMN.search("".join(t.text for t in clause.tokens)) or _NAMED_COLUMN.search(text.original)
    return next(filter(None, match.groups())) if match else ""


def _in_layout(clause: Clause, token: Token) -> bool:
    """As in "captions under each photo": the photos on one sheet, not many files."""
    return token.value == "batch" and clause.has("sheet", "captions", "gap")


_EVERY = ("都", "全部", "全都", "一律", "所有", "every", "all ")
"""With one of these, a watched folder's pictures are spoken of as many."""
_ALL_OF_IT = frozenset(
    {
        "全部",
        "所有",
        "全都",
        "全体",
        "每个",
        "那些",
        "这些",
        "这批",
        "those",
        "these",
        "统统",
        "通通",
        "every",
        "all",
        "every one",
    }
)
"""Words for many files only where they open the sentence; inside it they may mean all of anything."""


def _of_settings(clause: Clause, token: Token) -> bool:
    """Whether "these" counts settings, not files: 这些设置下回还用."""
    following = clause.tokens[index(clause, token) + 1 :][:1]
    return any(other.text.startswith(("设置", "参数", "要求", "settings")) for other in following)


def _face(clause: Clause, draft: Draft) -> None:
    group = clause.all("group")
    for token in clause.all("place"):
        person = any(sign in token.text for sign in lexicon().meanings["signs"]["person"])
        if not group and not person:
            continue
        if token.value == "nth" and not group and token.text.endswith("one"):
            continue  # "and a second one" is another file
        if clause.has("light") or clause.has("unsupported", "remove_object"):
            continue
        draft.put("select_face", token.value, token, *group, corrects=True)


def _relative(clauses: Sequence[Clause], draft: Draft) -> None:
    if "followup" in draft.asked or not clauses:
        return
    said = [token for clause in clauses for token in clause.all("follow", "relative")]
    compared = [token for token in said if len(token.text) > 1 and token.text not in {"even", "still", "again"}]
    if compared:
        draft.put("followup.op", "relative", *compared)
        return
    opening = clauses[0].tokens
    lead = next((token for token in opening if token.kind != "stop"), None)
    if lead is not None and (lead.among("follow", "relative") or lead.text.startswith("再")) and lead.text[:1] in "再更":
        at = index(clauses[0], lead)
        following = opening[at + 1].kind if at + 1 < len(opening) else ""
        if lead.kind != "follow" or following in _FOLLOWED:
            draft.put("followup.op", "relative")  # its word may be part of a light word and is marked last


def mark_relative(clauses: Sequence[Clause], draft: Draft) -> None:
    """Give "再" and "than before" to `followup` after all others have read them."""
    if draft.get("followup.op") == "relative":
        words = [t for clause in clauses for t in clause.tokens if t.among("follow", "relative") or t.text[:1] in {"再", "更"}]
        draft.use("followup", *words)


def _restore(clauses: Sequence[Clause], draft: Draft) -> None:
    """An earlier version, named before or after the wish: 恢复到第2版; 还是第3版好看,恢复成那版."""
    versions = [(clause, token) for clause in clauses for token in clause.all("follow", "version")]
    starts = [token for clause in clauses for token in clause.all("follow", "restore")]
    if not versions or not (starts or any(versions[0][0].has("act", name) for name in ("change", "fix"))):
        return
    clause, said = versions[0]
    draft.put("followup.op", "restore", *starts, *(token for _, token in versions))
    digits = "".join(char for char in said.text if char.isdigit())
    han = "".join(char for char in said.text if char in "一二三四五六七八九十")
    number = digits or (str(int(han_number(han))) if han and "第" in said.text else "")
    if not number:
        number = next((t.text for t in clause.tokens[index(clause, said) + 1 :] if t.kind == "number"), "")
    if number:
        draft.put("followup.version", int(number))


def _save(clause: Clause, text: Text, draft: Draft) -> None:
    tokens = clause.all("follow", "save")
    if not tokens:
        if draft.get("followup.op") == "save_preset" and clause.has("follow", "named"):
            _name(clause, text, draft)
        return
    draft.put("followup.op", "save_preset", *tokens)
    _name(clause, text, draft)


def _name(clause: Clause, text: Text, draft: Draft) -> None:
    named = clause.all("follow", "named")
    quotes = [t for t in clause.tokens if t.kind == "mark" and t.value in {'"', "'"}]
    last = clause.tokens[-1]
    if len(quotes) >= 2:
        draft.put("followup.name", text.words(quotes[0].end, quotes[1].start))
    elif named and named[0].end < last.end:
        draft.put("followup.name", text.words(named[0].end, last.end).strip(" \"'“”「」《》"))
    else:
        return
    draft.use("followup", *clause.tokens)


def read_check(clauses: Sequence[Clause], draft: Draft) -> bool:
    """Sets `check` where the sentence wants to know, not to change. Returns whether it does."""
    checks = [(clause, t) for clause in clauses for t in clause.all("check")]
    tokens = [(clause, t) for clause, t in checks if not is_denied(clause, t) and not _gives_size(clause, t)]
    measurable = any(clause.has("measure") or clause.has("object", *_MEASURE_OF) for clause in clauses)
    if not tokens and ("size" in draft.asked or measurable):
        only = [(clause, t) for clause in clauses for t in clause.all("wish", "policy=no_edit")]
        tokens = [(clause, t) for clause, t in only if any(sign in t.text for sign in _ASKS_TO_CHECK)]
    if not tokens:
        return False
    check: dict[str, Any] = {}
    size = draft.asked.pop("size", None)
    if size and "name" in size:
        check["spec"] = size["name"]
    measures: list[str] = []
    for clause in clauses:
        for token in clause.tokens:
            name = token.value if token.kind == "measure" else _MEASURE_OF.get(token.value) if token.kind == "object" else None
            if token.among("wish", "sharpen", "geometry.straighten") and token.text in _MEASURE_WORDS:
                name = _MEASURE_WORDS[token.text]
                draft.drop("sharpen" if name == "sharpness" else "geometry")
            if name and name not in measures:
                measures.append(name)
                draft.use("check", token)
    if measures:
        check["measures"] = measures
    draft.asked["check"] = check
    draft.use("check", *(token for _, token in tokens))
    return True


def _gives_size(clause: Clause, token: Token) -> bool:
    """As in "shall measure 35 mm by 45 mm"."""
    following = clause.tokens[index(clause, token) + 1 :][:1]
    return token.text.startswith("measur") and any(t.kind in {"size2d", "amount", "number"} for t in following)


def read_refusal(clauses: Sequence[Clause], draft: Draft) -> bool:
    """Forgery, impersonation, morphing: nothing else of the sentence is read then."""
    for clause in clauses:
        for token in clause.all("refuse"):
            draft.asked.clear()
            draft.put("refuse", token.value, token)
            return True
    return False


def read_injection(clauses: Sequence[Clause], draft: Draft) -> list[Clause]:
    """Sets `ignore_injection` and returns the clauses without the commands: what is left of one is read as usual."""
    kept: list[Clause] = []
    for clause in clauses:
        commands = clause.all("injection")
        if commands:
            draft.put("ignore_injection", True, *commands)
            clause = replace(clause, tokens=tuple(token for token in clause.tokens if token.kind != "injection"))
        if not commands or any(token.kind not in _UNSAID for token in clause.tokens):
            kept.append(clause)
        else:
            draft.use("ignore_injection", *clause.tokens)
    return kept


_UNSAID = frozenset({"stop", "conj", "neg", "mark", "other", "act"})
"""What is left of a command says nothing about a picture where it has only these."""
