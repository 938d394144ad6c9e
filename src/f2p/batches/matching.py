"""Which photo is whose: by file column, by number, by name; what only nearly fits is proposed, never taken."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from f2p.values.batch import Params, Person, Reason, Source

_PIECES = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+(?:[·・][^\W_0-9a-z]+)*")
_COPY_MARKS = re.compile(r"[\s_\-]*(?:\(\d+\)|(?:copy|副本|复件)\s*\d*)$")
_LONGEST_ID = 40
_MOST_PROPOSED = 3
_MOST_INDEXED = 20_000
"""People among whom near misses are looked for: their index takes some 100 texts a person."""


@dataclass(frozen=True, slots=True)
class Match:
    """One photo and its person (an index), or why there is none: reasons with proposals."""

    source: Source
    person: int | None
    reasons: tuple[Reason, ...] = ()
    near: tuple[int, ...] = ()


@dataclass(slots=True)
class _Index:
    """Texts that name people → their indices."""

    files: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    short_ids: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def match(sources: Sequence[Source], people: Sequence[Person]) -> tuple[list[Match], list[int]]:
    """Every photo with its person or its reasons, in the order of `sources`, and the people of whom no photo came,
    without those of whom one may have come under a wrong name.

    Reasons: not_on_roster (near: up to three labels), same_name, id_and_name_differ.
    """
    index = _indexed(people)
    first = [_match_one(source, index, people) for source in sources]
    taken = {match.person for match in first if match.person is not None}
    missing = [one for one in range(len(people)) if one not in taken]
    nearby = _Nearby(people, missing[:_MOST_INDEXED])
    matches = [nearby.proposed(one) for one in first]
    likely = {person for one in matches for person in one.near}  # told with that photo; nobody is asked for one that came
    return matches, [one for one in missing if one not in likely]


def plain(text: str) -> str:
    """A text for comparing: width and case folded, one kind of blank."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _squeezed(text: str) -> str:
    return "".join(char for char in plain(text) if char.isalnum())


def _indexed(people: Sequence[Person]) -> _Index:
    index = _Index()
    for number, person in enumerate(people):
        file = plain(person.known.get("file", "")).replace("\\", "/")
        if file:
            index.files[file].append(number)
        for one in {_squeezed(text) for text in person.ids} - {""}:
            index.ids[one].append(number)
            if one.lstrip("0") not in (one, ""):
                index.short_ids[one.lstrip("0")].append(number)
        name = _squeezed(person.name)
        if name:
            index.names[name].append(number)
    return index


def _match_one(source: Source, index: _Index, people: Sequence[Person]) -> Match:
    stem = _COPY_MARKS.sub("", plain(source.stem))
    for text in (plain(source.key), plain(source.name), plain(source.stem)):
        if len(found := index.files.get(text, [])) == 1:
            return Match(source, found[0])
    pieces = list(dict.fromkeys((*_PIECES.findall(stem), _squeezed(stem))))
    by_id, zeros = _by_id(pieces, index)
    by_name = _by_name(pieces, index)
    both = by_id & by_name
    if len(both) == 1:
        return Match(source, both.pop(), zeros)
    if len(by_id) == 1:
        one = next(iter(by_id))
        if by_name:
            other = min(by_name)
            params: Params = {"by_id": people[one].label, "by_name": people[other].label}
            return Match(source, None, (Reason("id_and_name_differ", params),), (one, other))
        return Match(source, one, zeros)
    if len(by_name) == 1 and not by_id:
        one = next(iter(by_name))
        return Match(source, one, _misspelt(pieces, people[one]))
    if by_name or by_id:
        several = tuple(sorted(by_name or by_id)[:_MOST_PROPOSED])
        near = " / ".join(people[one].label for one in several)
        return Match(source, None, (Reason("same_name", {"near": near}),), several)
    return Match(source, None)


def _by_id(pieces: Iterable[str], index: _Index) -> tuple[set[int], tuple[Reason, ...]]:
    """People whose number stands in the name; a number that Excel robbed of its zeros counts and is told."""
    whole = {one for piece in pieces for one in index.ids.get(piece, ())}
    if whole:
        return whole, ()
    short = {one for piece in pieces if piece.isdigit() and len(piece) > 1 for one in index.short_ids.get(piece, ())}
    longer = {one for piece in pieces if piece.startswith("0") for one in index.ids.get(piece.lstrip("0"), ())}
    found = short | longer
    return found, (Reason("zeros_differ"),) if found else ()


def _misspelt(pieces: Iterable[str], person: Person) -> tuple[Reason, ...]:
    """A word where the name fits and a number stands beside it that is nearly the person's."""
    near = {text for one in person.ids for text in _thinned(_squeezed(one)) if len(one) > 3}
    found = (piece for piece in pieces if piece.isalnum() and len(piece) > 3 and any(char.isdigit() for char in piece))
    return tuple(Reason("id_misspelt", {"id": piece}) for piece in found if near & set(_thinned(piece)))[:1]


def _by_name(pieces: Iterable[str], index: _Index) -> set[int]:
    pieces = list(pieces)
    joined = [
        "".join(pieces[start:end]) for start in range(len(pieces)) for end in range(start + 2, min(start + 4, len(pieces)) + 1)
    ]
    return {one for piece in (*pieces, *joined) for one in index.names.get(piece, ())}


class _Nearby:
    """People without a photo, found by a name or number with one character wrong, missing, added or two swapped.

    Deletion neighbourhoods (Garbe's SymSpell): two texts are near when deleting one character of either makes them equal.
    """

    def __init__(self, people: Sequence[Person], candidates: Sequence[int]) -> None:
        self._people, self._candidates = people, candidates
        self._index: dict[str, set[int]] | None = None

    def proposed(self, match: Match) -> Match:
        """The match, with up to three people proposed where it has none and says nothing else."""
        if match.person is not None or match.reasons:
            return match
        stem = _COPY_MARKS.sub("", plain(match.source.stem))
        pieces = [piece for piece in (*_PIECES.findall(stem), _squeezed(stem)) if 1 < len(piece) <= _LONGEST_ID]
        near = {one for piece in pieces for text in _thinned(piece) for one in self._near().get(text, ())}
        found = tuple(sorted(near)[:_MOST_PROPOSED])
        labels = [self._people[one].label for one in found]
        code = "near_miss" if labels else "not_on_roster"
        return Match(match.source, None, (Reason(code, {"near": " / ".join(labels)} if labels else {}),), found)

    def _near(self) -> dict[str, set[int]]:
        if self._index is None:
            self._index = defaultdict(set)
            for number in self._candidates:
                person = self._people[number]
                for text in {_squeezed(one) for one in (*person.ids, person.name)}:
                    if 1 < len(text) <= _LONGEST_ID:
                        for thin in _thinned(text):
                            self._index[thin].add(number)
        return self._index


def _thinned(text: str) -> Iterator[str]:
    """The text and every text with one character less; of two characters one must stay the same at its place."""
    yield text
    if len(text) == 2:  # 张三 and 李三 are two people, not a slip; 张三 and 张山 may be one
        yield text[0] + "?"
        return
    for at in range(len(text)):
        yield text[:at] + text[at + 1 :]
