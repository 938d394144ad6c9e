"""Slips of the keyboard set right before words are looked up: 背竟 → 背景, "backgroud" → "background"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from f2p.language.lexicon import Lexicon, lexicon
from f2p.language.text import Text

_WORD = re.compile(r"[a-z]{4,}")
_MIXED = re.compile(r"(?<![\d/.])(?:(\d+)[ -])?([1-9]\d?)/(2|4|8|16)(?![\d/])(?=\s*(?:in|\"|英寸|to\b|and\b|-|–))")
"""Numbers as American offices write them: 1 3/8 inches."""
_TWICE = re.compile(r"([清收理修调匀压去擦改弄提减烫熨捋梳补消淡])一\1")
"""A verb said twice over: 清一清 is 清一下."""
_SHORTEST = 5
"""Words of fewer letters have too many neighbours to guess at."""


def corrected(text: Text, words: Lexicon) -> Text:
    """`text` with known slips replaced; every character still points at what was typed."""
    plain, at = _closed_up(text)
    for wrong, right in words.slips.items():
        if wrong in plain:
            plain = plain.replace(wrong, right)
    plain = _TWICE.sub(r"\1一下", plain)
    for match in reversed(list(_MIXED.finditer(plain))):
        whole, top, bottom = (int(digits or 0) for digits in match.groups())
        start, end = match.span()
        value = f"{whole + top / bottom:.3f}".rstrip("0")
        plain = plain[:start] + value + plain[end:]
        at[start:end] = _places(at[start:end], len(value))
    for match in reversed(list(_WORD.finditer(plain))):
        meant = _nearest(match.group())
        if meant is not None:
            start, end = match.span()
            plain = plain[:start] + meant + plain[end:]
            at[start:end] = _places(at[start:end], len(meant))
    return Text(text.original, plain, tuple(at))


_PARTED = re.compile(
    r"(?<=[\u4e00-\u9fff]) (?=[a-z0-9#])|(?<=[a-z0-9%]) (?=[\u4e00-\u9fff])"
    r"|(?:(?<=^[\u4e00-\u9fff])|(?<=[ ,][\u4e00-\u9fff])) (?=[\u4e00-\u9fff](?:[ ,.]|$))"
)


def _closed_up(text: Text) -> tuple[str, list[int]]:
    """(plain, at) without the spaces between Chinese and Latin characters, or single ones, which say nothing: "1 寸", "红 底"."""
    gaps = {match.start() for match in _PARTED.finditer(text.plain)}
    if not gaps:
        return text.plain, list(text.at)
    kept = [i for i in range(len(text.plain)) if i not in gaps]
    return "".join(text.plain[i] for i in kept), [text.at[i] for i in kept]


def _places(at: Sequence[int], length: int) -> list[int]:
    """Places for `length` characters over the range that `at` covers: the first and the last stay at its ends."""
    return [at[min(i, len(at) - 1)] if i < length - 1 else at[-1] for i in range(length)]


@cache
def _known() -> tuple[frozenset[str], Mapping[str, str]]:
    """(every Latin word of the words files, what is left of an important word without one letter → that word)."""
    words = lexicon()
    latin = {word for phrase in words.words for word in re.findall(r"[a-z]+", phrase)}
    latin |= {word for pattern in (*words.patterns, *words.refusals) for word in re.findall(r"[a-z]{3,}", pattern.template)}
    left: dict[str, str] = {}
    for word in words.spelled:
        for rest in (word, *_without_one(word)):
            left.setdefault(rest, word)
    return frozenset(latin), left


def _without_one(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


@cache
def _nearest(typed: str) -> str | None:
    """The important word that one slip (a letter too few, too many, wrong, or two swapped) turns into `typed`."""
    known, left = _known()
    if typed in known or (typed.endswith("s") and typed[:-1] in known):
        return None
    for rest in (typed, *_without_one(typed)):
        word = left.get(rest)
        if word is not None and len(word) >= _SHORTEST and abs(len(word) - len(typed)) <= 1 and word[0] == typed[0]:
            return word
    return None
