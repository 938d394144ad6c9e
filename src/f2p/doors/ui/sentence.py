"""The sentence as the page edits it: a chip taken away or changed, a shortcut pressed, and the sentence says so itself.

What the words cannot say (taking one thing away would change another) is kept beside the sentence as a struck key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from f2p import language, studio
from f2p.values.reading import Reading

_COMMAS = ",，、;； "


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in the field, and the keys that were taken away without the words showing it."""

    words: str
    struck: tuple[str, ...] = ()

    @property
    def reading(self) -> Reading:
        """What it is understood to say."""
        found = studio.understand(self.words)
        for key in self.struck:
            found = language.without(found, key)
        return found


def without(said: Said, key: str) -> Said:
    """The sentence without the words of one chip, or, where others need these words, with the key struck."""
    wanted = language.without(said.reading, key)
    shorter = Said(_replaced(said, key, ""), said.struck)
    if shorter.words != said.words and shorter.reading.asked == wanted.asked:
        return shorter
    return Said(said.words, tuple(dict.fromkeys((*said.struck, key))))


def with_words(said: Said, key: str, words: str) -> Said:
    """The sentence with `words` in place of what it says about `key`; said about nothing yet, they come last."""
    struck = tuple(one for one in said.struck if one.partition(".")[0] != key.partition(".")[0])
    return Said(_replaced(said, key, words), struck)


def _replaced(said: Said, key: str, words: str) -> str:
    """The words of one key cut out and others put where the first of them stood."""
    sentence, runs = said.words, _runs(said.reading, key)
    if not runs:
        return _tidy(f"{sentence.rstrip(_COMMAS)}{_comma(sentence)}{words}" if sentence.strip() else words)
    pieces, end = [sentence[: runs[0][0]], words], runs[0][1]
    for start, stop in runs[1:]:
        pieces.append(sentence[end:start])
        end = stop
    return _tidy("".join([*pieces, sentence[end:]]))


def _runs(reading: Reading, key: str) -> list[tuple[int, int]]:
    """Where words of a key stand, neighbours joined; a whole key takes those of its parts along."""
    places = sorted(span.at for span in reading.spans if span.key == key or span.key.startswith(f"{key}."))
    runs: list[tuple[int, int]] = []
    for start, end in places:
        if runs and not reading.sentence[runs[-1][1] : start].strip():
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs


def _comma(sentence: str) -> str:
    return "，" if any("\u4e00" <= letter <= "\u9fff" for letter in sentence) else ", "


def _tidy(sentence: str) -> str:
    """Without commas that nothing stands between any more."""
    kept: list[str] = []
    for letter in sentence:
        if letter in _COMMAS and kept and kept[-1] in _COMMAS and letter != " ":
            while kept and kept[-1] in _COMMAS:
                kept.pop()
        kept.append(letter)
    return " ".join("".join(kept).strip(_COMMAS).split(" ")).replace("  ", " ")


def variants(reading: Reading, kind: str) -> Sequence[tuple[str, Reading]]:
    """One reading for each picture that is to be chosen from, with what tells their files apart; none: just the one asked for."""
    return [(name, language.changed(reading, key, value) if key else reading) for name, key, value in _VARIANTS.get(kind, ())]


_VARIANTS: dict[str, tuple[tuple[str, str, object], ...]] = {
    "colours": tuple((name, "background", {"type": "solid", "name": name}) for name in ("white", "blue", "red")),
    "retouch": tuple((f"retouch_{level}", "retouch", level) for level in ("none", "light", "strong")),
    "light": (("as_it_is", "", ""), ("brighter", "light.brightness", "+1"), ("brightest", "light.brightness", "+2")),
}
KINDS = ("one", *_VARIANTS)
