"""Templates of the words files: one line that stands for many phrases.

`[a|b]` may stand or not; of `(a|b)` one must; groups nest; `x?` may stand or not. With `*`, `+`, `.{0,4}`, `[0-9]` or `[a-z]` the
phrases are endless, and the template is searched as a regular expression instead. `(?!a|b)` and `(?<!a|b)` say what must not
follow or go before; no group stands inside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENDLESS = re.compile(r"[*+]|\.\{|\(\?|\[[^\]]*(?:0-9|a-z|\^)[^\]]*\]|\\")
_AROUND = re.compile(r"\(\?<?!([^()]*)\)")
_MOST_PHRASES = 64
"""More phrases than this are searched as a pattern, so that the table of phrases loads in an instant."""

_MOST_TIMES = {"*": "{0,12}", "+": "{1,12}"}
"""Nobody says a group more often; a limit keeps the search in step with the length of the text."""

_PIECE = re.compile(r"[^\[\]()|?]+|.")


def phrases(template: str) -> list[str] | None:
    """Every phrase of a template, or None where they are endless or too many."""
    if _ENDLESS.search(template):
        return None
    found = _alternatives(iter(_pieces(template)))
    return None if len(found) > _MOST_PHRASES else [" ".join(phrase.split()) for phrase in found]


def _pieces(template: str) -> list[str]:
    """Signs and runs of letters; a letter before `?` stands alone."""
    pieces: list[str] = []
    for piece in _PIECE.findall(template):
        if piece == "?" and len(pieces[-1]) > 1:
            last = pieces.pop()
            pieces += [last[:-1], last[-1]]
        pieces.append(piece)
    return pieces


def _alternatives(pieces: Iterator[str]) -> list[str]:
    """Phrases up to the bracket that closes this level. Growth stops soon after there are too many."""
    found: list[str] = []
    grown, before = [""], [""]
    for piece in pieces:
        if piece in ")]":
            break
        if piece == "|":
            found += grown
            grown, before = [""], [""]
        elif piece == "?":
            grown = list(dict.fromkeys(grown + before))
        else:
            inner = _alternatives(pieces) if piece in "([" else [piece]
            if piece == "[":
                inner = ["", *inner]
            before = grown
            grown = [head + tail for head in grown for tail in inner] if len(grown) <= _MOST_PHRASES else grown
    return found + grown


_COUNTED = re.compile(r"\{\d*,\d*\}")


def needs(template: str) -> frozenset[str]:
    """Characters without which a template cannot match: those outside every group."""
    template = _COUNTED.sub("*", _AROUND.sub("", template))
    bare, depth = [], 0
    for i, char in enumerate(template):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif not depth and template[i + 1 : i + 2] not in {"?", "*", "{"} and (char.isalnum() or char == "/"):
            bare.append(char)
    return frozenset() if "|" in _outside(template) or "\\" in template else frozenset(bare)


def _outside(template: str) -> str:
    return re.sub(r"[(\[][^()\[\]]*[)\]]", "", template)


_SIGNS = re.compile(r"[\[(][^\[\]()]*[\])][?*+]?|.\?|.\*|\\.|\.\{[^}]*\}|[.+]")
_MARKED = re.compile(r"[\[\]()?*+.\\]")
_DEEPEST = 6


def wanted(template: str) -> tuple[tuple[str, ...], ...]:
    """Sets of pieces; a text that the template matches has at least one piece of every set."""
    template = _COUNTED.sub("*", _AROUND.sub("", template))
    outer = _flat(template)
    if "|" in outer or "\\" in template:
        return ()
    found: list[tuple[str, ...]] = [(piece,) for piece in _SEPARATOR.split(outer) if len(piece) > 1]
    for group in _groups(template):
        pieces = tuple(max(_SEPARATOR.split(_flat(one)), key=len) for one in _branches(group))
        if all(pieces):
            found.append(pieces)
    return tuple(sorted(found, key=len))


_SEPARATOR = re.compile(r"[\0 ]+")


def _flat(template: str) -> str:
    """`template` with everything that is not plain letters, and every space, turned into one sign."""
    for _ in range(_DEEPEST):
        if not _MARKED.search(template):
            return template
        template = _SIGNS.sub("\0", template)
    return "\0" if set(template) & set("[]()") else template.replace("?", "\0").replace("*", "\0")


def _groups(template: str) -> Iterator[str]:
    """The insides of the groups at the top level that may not be left out."""
    depth, start = 0, 0
    for i, char in enumerate(template):
        if char in "([":
            start = i + 1 if not depth else start
            depth += 1
        elif char in ")]":
            depth -= 1
            if not depth and char == ")" and template[start - 1] == "(" and template[i + 1 : i + 2] not in {"?", "*"}:
                yield template[start:i]


def _branches(inside: str) -> list[str]:
    """The alternatives of a group."""
    if "(" not in inside and "[" not in inside:
        return inside.split("|")
    found, depth = [""], 0
    for char in inside:
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            found.append("")
        else:
            found[-1] += char
    return found


_WITHIN_SENTENCE = "[^.。;!?\\n]"
"""What `.` of `.{0,4}` stands for: no template reaches into the next sentence."""
_INNERMOST = re.compile(r"([\[(])([^\[\]()]*\|[^\[\]()]*)([\])])")


def _longest_first(match: re.Match[str]) -> str:
    """A group with its longer alternatives first: a regular expression takes the first that fits, words want the longest."""
    if match.group(2).startswith("?"):
        return match.group(0)
    return match.group(1) + "|".join(sorted(match.group(2).split("|"), key=len, reverse=True)) + match.group(3)


def _is_class(template: str, start: int) -> bool:
    """Whether the bracket at `start` opens a class of characters ([a-z]) and not words that may stand."""
    return re.search(r"0-9|a-z|\^", template[start : template.index("]", start)]) is not None


def pattern(template: str) -> str:
    """The regular expression of a template."""
    template = _INNERMOST.sub(_longest_first, template)
    out: list[str] = []
    optional_end = False
    i = 0
    while i < len(template):
        char, after = template[i], template[i + 1 : i + 2]
        if char == "\\":
            out.append(template[i : i + 2])
            i += 1
        elif around := _AROUND.match(template, i):
            head = around.start(1) - i
            out.append(template[i : i + head])
            i += head - 1
        elif char == "[":
            if _is_class(template, i):
                closing = template.index("]", i)
                out.append(template[i : closing + 1])
                i = closing
            else:
                out.append("(?:")
        elif template.startswith(".{", i):
            out.append(_WITHIN_SENTENCE)
        elif char == "]":
            out.append(")" if after in {"*", "+", "?"} else ")?")
            optional_end = True
        elif char == " " and (optional_end or (after == "[" and not _is_class(template, i + 1))):
            out.append(" ?")
        elif char in _MOST_TIMES and out and out[-1][-1] in ")]":
            out.append(_MOST_TIMES[char])
        else:
            out.append("(?:" if char == "(" else char)
        if char not in "]*+?":
            optional_end = False
        i += 1
    return "".join(out)
