"""The words of all languages as one table: phrase → what it is (kind) and what it means (value). Words are data, not code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from f2p.catalogue.rows import Row
from f2p.catalogue.standards import own_rows
from f2p.language.templates import needs, pattern, phrases, wanted
from f2p.language.titles import country_templates, standard_titles

_DATA = Path(__file__).resolve().parents[1] / "data"
_LANGUAGES = ("zh", "en")
_REFUSED = frozenset({"refuse", "refuse_text", "refuse_beside", "refuse_photo"})
"""Tables of what is never done."""


@dataclass(frozen=True, slots=True)
class Word:
    """kind: the table in the words file; value: its row; rank: where that row stands, the earlier wins a tie."""

    kind: str
    value: str
    rank: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A template with too many phrases for the table. needs: characters without which it cannot match; wanted: sets of
    pieces, of each of which it needs one.
    """

    template: str
    needs: frozenset[str]
    wanted: tuple[tuple[str, ...], ...]
    word: Word

    def may_stand_in(self, plain: str, present: set[str]) -> bool:
        """Whether a search could find it: a quick look at the characters and words it needs. present: set(plain)."""
        return self.needs <= present and all(any(piece in plain for piece in pieces) for pieces in self.wanted)

    def places(self, plain: str) -> Iterator[tuple[int, int]]:
        """Where it stands in `plain` as whole words; compiled when first needed, which most never are."""
        for match in _compiled(self.template).finditer(plain):
            said = match.group().rstrip(" ")
            start = match.start() + len(said) - len(said.lstrip(" "))
            end = match.start() + len(said)
            if end <= start:
                continue
            whole = whole_words(plain, start, end)
            if whole is None and _OPEN_END.search(self.template):
                whole = whole_words(plain, start, _word_before(plain, start, end))
            if whole is not None:
                yield start, whole


_OPEN_END = re.compile(r"\.(?:\*|\{[\d,]*\})$")
"""A template that takes in what follows may stop in the middle of a word, which it then leaves out."""


def _word_before(plain: str, start: int, end: int) -> int:
    """`end` moved back over the word that it cuts in two, never to `start`."""
    back = end
    while back > start + 1 and (_latin(plain[back - 1]) or plain[back - 1] == " "):
        if plain[back - 1] == " ":
            return start + len(plain[start:back].rstrip(" "))
        back -= 1
    return back if back > start + 1 else end


@cache
def _compiled(template: str) -> re.Pattern[str]:
    return re.compile(pattern(template))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """words: phrase → Word; lengths: first character → phrase lengths, longest first; simplified: one character each.

    refusals: templates of what is never done, which no other word competes with.
    slips: usual slips of the same length → what was meant; spelled: words of which one slip is forgiven.
    """

    words: dict[str, Word]
    lengths: dict[str, tuple[int, ...]]
    patterns: tuple[Pattern, ...]
    refusals: tuple[Pattern, ...]
    simplified: dict[str, str]
    meanings: dict[str, Any]
    slips: dict[str, str]
    spelled: tuple[str, ...]

    def longest(self, plain: str, start: int) -> tuple[int, Word] | None:
        """The longest phrase that stands at plain[start:], as (end, word); Latin phrases only as whole words."""
        for length in self.lengths.get(plain[start], ()):
            end = start + length
            word = self.words.get(plain[start:end])
            if word is None or end > len(plain):
                continue
            whole = whole_words(plain, start, end)
            if whole is not None:
                return whole, word
        return None


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def whole_words(plain: str, start: int, end: int) -> int | None:
    """`end`, moved over a plural s, where plain[start:end] cuts no Latin word or number in two; None where it does."""
    first, last = plain[start], plain[end - 1]
    before, after = plain[start - 1 : start], plain[end : end + 1]
    if first.isdigit() and (before.isdigit() or before == "."):
        return None
    if "a" <= first <= "z" and _latin(before or " ") and not before.isdigit():
        return None
    if last.isdigit():
        return None if after.isdigit() else end
    if not "a" <= last <= "z" or not _latin(after or " "):
        return end
    return end + 1 if after == "s" and not _latin(plain[end + 1 : end + 2] or " ") else None


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def _written_out(template: str, sets: dict[str, str]) -> str:
    """`template` with each set of equal words, `<bg>`, in its full form, `(background|backdrop|bg)`."""
    for name, members in sets.items() if "<" in template else ():
        template = template.replace(name, members)
    return template


class _Words:
    """The table while it is filled: what stands first wins."""

    def __init__(self) -> None:
        self.words: dict[str, Word] = {}
        self.patterns: list[Pattern] = []
        self.refusals: list[Pattern] = []
        self.rank = 0

    def add(self, kind: str, value: str, templates: Iterable[str]) -> None:
        """One row: templates as phrases, or as patterns where they have too many."""
        word = Word(kind, value, self.rank)
        self.rank += 1
        for template in templates:
            known = None if kind in _REFUSED else phrases(template)
            if known is None:
                found = Pattern(template, needs(template), wanted(template), word)
                (self.refusals if kind in _REFUSED else self.patterns).append(found)
            else:
                self.words.update((phrase, word) for phrase in known if phrase and phrase not in self.words)

    def lengths(self) -> dict[str, tuple[int, ...]]:
        """First character → lengths of its phrases, longest first."""
        found: dict[str, set[int]] = {}
        for phrase in self.words:
            found.setdefault(phrase[0], set()).add(len(phrase))
        return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in found.items()}


def lexicon() -> Lexicon:
    """The product's words and the names of the catalogue, read once a process (once more where own standards were added)."""
    return _lexicon(own_rows())


@cache
def _lexicon(own: tuple[Row, ...]) -> Lexicon:
    del own  # the titles of the catalogue hold them
    filled = _Words()
    simplified: dict[str, str] = {}
    sets: dict[str, str] = {}
    slips: dict[str, str] = {}
    spelled: list[str] = []
    for lang in _LANGUAGES:
        for kind, rows in _table(f"words.{lang}.toml").items():
            if kind == "simplified":
                simplified.update(zip(rows["traditional"], rows["simplified"], strict=True))
            elif kind == "set":
                sets = {f"<{name}>": f"({'|'.join(members)})" for name, members in rows.items()}
            elif kind == "spelling":
                slips.update((wrong, right) for right, wrongs in rows.items() if right != "words" for wrong in wrongs)
                spelled += rows.get("words", [])
            else:
                for value, templates in rows.items():
                    filled.add(kind, value, [_written_out(short, sets) for short in templates])
    for country, templates in country_templates():
        filled.add("country", country, templates)
    for phrase, name in standard_titles(simplified):
        filled.words.setdefault(phrase, Word("size", name, filled.rank))
    meanings = _table("meanings.toml")
    patterns, refusals = tuple(filled.patterns), tuple(filled.refusals)
    return Lexicon(filled.words, filled.lengths(), patterns, refusals, simplified, meanings, slips, tuple(spelled))
