"""Chips: a person takes away or edits one understood thing, and the reading follows as if the sentence had said so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from f2p.language.clashes import settled
from f2p.language.explained import holds
from f2p.language.lexicon import lexicon
from f2p.language.reader import read
from f2p.language.sizes import named_size
from f2p.values.reading import Reading, Span

_ANSWERS = {
    "size": frozenset({"missing_size", "ambiguous_passport", "ambiguous_visa"}),
    "background": frozenset({"missing_color", "missing_image"}),
}
_INSTEAD = {"retouch": ("retouch_pct",), "retouch_pct": ("retouch",), "size": ("idphoto",)}
"""Keys that say the same thing in another way: setting the first takes the others back."""
_BROUGHT_ALONG = {"zip": ("batch",), "check": ("policy",)}
"""Keys that the reader adds without words of their own."""


def without(reading: Reading, key: str) -> Reading:
    """The reading as if the words of `key` had not been there; those words stand under `ignored` now.

    key: an asked key ("background"), a part of one ("light.contrast") or an item of a list ("keep.moles"). An unknown key
    changes nothing. Where the sentence contradicts itself about the key, what stood against it counts again.
    """
    top = key.partition(".")[0]
    if top in reading.asked.get("conflicts", ()):
        return _read_without(reading, top)
    asked = _removed(reading.asked, key.split("."))
    if top not in reading.asked and holds(reading.asked, top):
        asked = _removed_inside(reading.asked, top)
    if top in asked:
        return replace(reading, asked=asked, assumed=())
    gone = {span.at for span in reading.spans if span.key == top}
    told = {span.key for span in reading.spans if span.key != top and span.at not in gone}
    borrowed = {name for name in _BROUGHT_ALONG.get(top, ()) if name not in told}
    spans = tuple(span for span in reading.spans if span.key != top and span.key not in borrowed)
    for name in _BROUGHT_ALONG.get(top, ()):
        if name in borrowed:
            asked.pop(name, None)
    if top == "ask":
        asked.pop("conflicts", None)
    spans = tuple(span for span in spans if holds(asked, span.key))
    if top == "idphoto" and str(asked.get("ask", "")).startswith("ambiguous_"):
        del asked["ask"]
    return replace(reading, asked=asked, assumed=(), spans=spans, ignored=_ignored(reading, spans))


def changed(reading: Reading, key: str, value: Any) -> Reading:
    """The reading as if the sentence had said `value` for `key`; the words that said something else are `ignored` now.

    key: as for `without`, but no item of a list; value: in the form of the reading schema. A standard's name alone is enough
    for a size.
    """
    top, *inner = key.split(".")
    base = reading if inner and top in reading.asked else without(reading, top)
    asked = {name: known for name, known in base.asked.items() if name not in _INSTEAD.get(top, ())}
    if asked.get("ask") in _ANSWERS.get(top, ()) or asked.get("ask") == "vague":
        del asked["ask"]
    if top == "size" and isinstance(value, dict) and set(value) == {"name"}:
        value = named_size(value["name"], lexicon().meanings["shows"])
    for name in reversed(inner):
        value = {name: value}
    known = asked.get(top)
    asked[top] = {**known, **value} if inner and isinstance(known, dict) else value
    return replace(base, asked=settled(asked), assumed=())


def _removed(asked: dict[str, Any], path: list[str]) -> dict[str, Any]:
    """A copy of `asked` without what stands at `path`; a thing that is empty then goes too."""
    name, *rest = path
    value = asked.get(name)
    left: Any = None
    if rest and isinstance(value, dict):
        left = _removed(value, rest)
    elif rest and isinstance(value, list):
        left = [item for item in value if item != rest[0]]
    others = {key: known for key, known in asked.items() if key != name}
    return {key: (left if key == name else known) for key, known in asked.items()} if left else others


def _removed_inside(asked: dict[str, Any], key: str) -> dict[str, Any]:
    """Without what several files, or a check, ask under `key`; files that are all the same then are one."""
    if key == "size" and "spec" in asked.get("check", {}):
        return {**asked, "check": {name: value for name, value in asked["check"].items() if name != "spec"}}
    outputs = [{name: value for name, value in one.items() if name != key} for one in asked.get("outputs", ())]
    others = {name: value for name, value in asked.items() if name != "outputs"}
    if all(one == outputs[0] for one in outputs):
        return {**others, **(outputs[0] if outputs else {})}
    return {**others, "outputs": outputs}


def _read_without(reading: Reading, key: str) -> Reading:
    """The sentence read again with the words of `key` blanked out."""
    letters = list(reading.sentence)
    for span in reading.spans:
        if span.key == key:
            letters[slice(*span.at)] = "," * (span.at[1] - span.at[0])
    again = read("".join(letters))
    spans = again.spans
    return replace(again, sentence=reading.sentence, ignored=_ignored(reading, spans))


def _ignored(reading: Reading, spans: tuple[Span, ...]) -> tuple[str, ...]:
    """What had no effect before, and the words that have none any more, in the order of the sentence."""
    used = {span.at for span in spans}
    freed = dict.fromkeys(span.at for span in reading.spans if span.at not in used)
    runs: list[list[int]] = []
    for start, end in sorted(freed):
        if runs and not reading.sentence[runs[-1][1] : start].strip():
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([start, end])
    words = [reading.sentence[start:end] for start, end in runs]
    return tuple(sorted({*reading.ignored, *words}, key=reading.sentence.find))
