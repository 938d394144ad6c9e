"""A sentence that goes on from an earlier one: "再白一点", "撤销", "换成蓝底,其他不变", "a touch less smoothing"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from f2p.language.chips import without
from f2p.language.clashes import settled
from f2p.language.lexicon import lexicon
from f2p.language.merged import merged
from f2p.language.reader import read, read_on
from f2p.language.shades import read_shade
from f2p.language.takeback import take_back
from f2p.language.text import fold
from f2p.values.reading import Reading, Span

_UNSAID = frozenset({"everything_else", "size"})
"""What is to be kept anyway when one goes on from a result."""
_ADJUSTS = frozenset({"relative", "modify_last"})
"""Operations that going on from a result carries out by itself."""
_NOTHING = Reading(sentence="", asked={})


def revise(previous: Reading, sentence: str, history: Sequence[Reading] = ()) -> Reading:
    """What `sentence`, said after `previous`, makes of it; the same words always make the same.

    Keys that the sentence names replace those of before; "brighter", "less" and the like move what was asked before by one step.
    "Undo" gives the reading before (the last of `history`, which holds those before `previous`, oldest first), "back to
    version 2" that one, "start over" one that asks nothing. The new reading's `sentence` is the earlier one and the new one with
    a line end between, so that its spans quote the words of both.
    """
    new = read_on(sentence) if "redact" in previous.asked else read(sentence)
    if "refuse" in new.asked:
        return new
    back = take_back(new, {key: value for key, value in new.asked.items() if key != "followup"}, previous.asked)
    if back.found:
        asked = {**new.asked, **back.wishes}
        new = replace(back.new, asked={key: value for key, value in asked.items() if key in back.wishes})
        previous = replace(previous, asked=back.base)
    base, found = _base(new, previous, history)
    wishes = _wishes(new, base, found=found)
    if found and not wishes:
        return base if base.sentence else replace(new, asked={})
    for key in set(base.asked.get("conflicts", ())) & wishes.keys():
        base = without(base, key)
    shade = read_shade(sentence, base.asked)
    if shade is not None:
        wishes, new = shade.applied_to(wishes, new)
    relative = new.asked.get("followup", {}).get("op") == "relative"
    plain = fold(sentence, lexicon().simplified).plain
    asked = settled(merged(base.asked, wishes, plain, relative=relative))
    return _joined(base, new, asked)


def converse(sentences: Sequence[str]) -> Reading:
    """The reading after sentences said one after the other, the first of them anew; "undo" takes the last one back."""
    readings: list[Reading] = []
    for sentence in sentences:
        if not readings:
            readings.append(read(sentence))
            continue
        revised = revise(readings[-1], sentence, readings[:-1])
        if len(readings) > 1 and revised is readings[-2]:
            readings.pop()
        else:
            readings.append(revised)
    return readings[-1] if readings else read("")


def _base(new: Reading, previous: Reading, history: Sequence[Reading]) -> tuple[Reading, bool]:
    """The reading that the new words start from, and whether they name it (else it is `previous`)."""
    wish = new.asked.get("followup", {})
    earlier = history[-1] if history else _NOTHING
    versions = [*history, previous]
    match wish.get("op"):
        case "undo":
            return earlier, True
        case "reset":
            return _NOTHING, True
        case "restore" if "version" not in wish:
            return earlier, True
        case "restore" if 1 <= wish["version"] <= len(versions):
            return versions[wish["version"] - 1], True
    return previous, False


def _wishes(new: Reading, base: Reading, *, found: bool) -> dict[str, Any]:
    """What the new sentence asks beyond "everything else stays": its keys as they are to be merged."""
    asked = dict(new.asked)
    if found or asked.get("followup", {}).get("op") in _ADJUSTS:
        asked.pop("followup", None)
    asked["keep"] = [item for item in asked.get("keep", ()) if item not in _UNSAID]
    if not asked["keep"]:
        del asked["keep"]
    if "size" in base.asked:
        asked.pop("idphoto", None)
    return asked


def _joined(base: Reading, new: Reading, asked: dict[str, Any]) -> Reading:
    """One reading over both sentences: words of keys that were said anew count no more."""
    before = f"{base.sentence}\n" if base.sentence else ""
    shift = len(before)
    said_anew = {span.key for span in new.spans if asked.get(span.key) != base.asked.get(span.key)}
    disputed = frozenset(asked.get("conflicts", ()))
    told = disputed | asked.keys()
    lasting = {key for key in told if key not in said_anew or key in disputed or _adds(asked[key])}
    kept = (span for span in base.spans if span.key in lasting)
    moved = (Span(span.text, (span.at[0] + shift, span.at[1] + shift), span.key) for span in new.spans if span.key in told)
    return replace(
        new,
        sentence=before + new.sentence,
        asked=asked,
        assumed=(),
        ignored=(*base.ignored, *new.ignored),
        spans=(*kept, *moved),
    )


def _adds(value: Any) -> bool:
    """Whether a key of this kind takes in the new words beside the old ones."""
    return isinstance(value, list) or (isinstance(value, dict) and not {"type", "name"} & value.keys())
