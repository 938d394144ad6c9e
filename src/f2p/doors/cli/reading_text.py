"""A reading in words: which piece of the sentence had which effect, what was assumed, ignored, and cannot be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from f2p.catalogue.messages import Messages, number
from f2p.doors.cli.show import bullets, heading, rows, say
from f2p.values.plan import IdPhotoPlan, PapersPlan, left_out, papers_of
from f2p.values.reading import Reading

_TOLD_APART = ("unsupported", "ask", "conflicts", "refuse")
"""Keys that are no effect on the photo and have lines of their own."""


def show_reading(reading: Reading, not_done: Sequence[str], text: Messages) -> None:
    """Prints the whole reading for a person; `not_done`: every wish of it that its plan does not carry out."""
    describe = Describe(text)
    effects = [(_quoted(words, text), describe.effect(key, reading.asked)) for key, words in words_by_key(reading).items()]
    if effects:
        heading(text.text("show.understood"))
        rows([(left, f"→ {right}") for left, right in effects])
    if reading.assumed:
        heading(text.text("show.assumed"))
        bullets(text.assumed(one) for one in reading.assumed)
    if reading.ignored:
        heading(text.text("show.ignored"))
        bullets(_quoted([words], text) for words in reading.ignored)
    if not_done:
        heading(text.text("show.unsupported"))
        bullets((text.wish(wish) for wish in not_done), mark="✗", fg="yellow")
    answered = {one.why for one in reading.assumed}  # a question that an assumption answers is told there
    if reading.asked.get("ask") and reading.asked["ask"] not in answered:
        params = {"ask": reading.asked["ask"], "conflicts": ", ".join(reading.asked.get("conflicts", ()))}
        say(text.error("question", params).what, fg="yellow")
    if reading.asked.get("refuse"):
        say(text.error("refused", {"reason": reading.asked["refuse"]}).what, fg="red")
    if not effects and not reading.asked:
        say(text.text("show.nothing_understood"), fg="yellow")


def show_plan(plan: IdPhotoPlan | PapersPlan, text: Messages) -> None:
    """Prints what a plan makes, as the sentences that would ask for it, and every wish that it does not carry out."""
    heading(text.text("show.plan"))
    show_explained(plan, text)
    if wishes := left_out(plan):
        heading(text.text("show.unsupported"))
        bullets((text.wish(wish) for wish in wishes), mark="✗", fg="yellow")


def show_explained(plan: IdPhotoPlan | PapersPlan, text: Messages) -> None:
    """Prints one sentence for each paper of the plan."""
    from f2p import studio

    for paper in papers_of(plan):
        say(f"  {studio.explain(paper, text.language)}")


def show_rules(plan: IdPhotoPlan | PapersPlan, text: Messages) -> None:
    """Prints what each document's authority says about editing where that keeps the plan from something, and the way round it."""
    for paper in papers_of(plan):
        kept = [edit for edit in paper.spec.forbidden_edits if edit not in paper.allowed_edits]
        if not kept:
            continue
        params = {"standard": paper.spec.id, "rule": paper.spec.editing_rule, "edits": ",".join(kept)}
        heading(text.text("show.rule", params))
        say(f"  {text.text('show.rule_next', params)}")


class Describe:
    """Keys and values of a reading in one language."""

    def __init__(self, text: Messages) -> None:
        self.text = text

    def effect(self, key: str, asked: Mapping[str, Any]) -> str:
        """What one asked key, dotted or not, says as "name: value"; the name alone where the value adds nothing."""
        value: Any = asked
        for part in key.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        name, words = self.text.asked(key), "" if value is None else self.value(key, value)
        return self.text.text("show.name_value", {"name": name, "value": words}) if words else name

    def value(self, key: str, value: Any) -> str:
        """One asked value in words."""
        name = key.rpartition(".")[2]
        if isinstance(value, bool):
            return "" if value else self.text.text("show.no")
        if name == "outputs":
            return self.text.text("show.and").join(f"({index}) {self._pairs(variant)}" for index, variant in enumerate(value, 1))
        if isinstance(value, list):
            return self._list(name, value)
        if isinstance(value, Mapping):
            special = {"background": self._background, "size": self._size, "kb": self._kb}.get(name, self._pairs)
            return special(value)
        return self.text.value(key, value)

    def _list(self, name: str, value: list[Any]) -> str:
        if all(isinstance(one, int | float) for one in value):
            return _by(value, "×") if name in {"px", "mm", "inch"} else _by(list(dict.fromkeys(value)), "–")
        parts = (self._one(name, one) for one in value)
        return self.text.text("show.and").join(parts)

    def _one(self, name: str, value: Any) -> str:
        if isinstance(value, Mapping):
            return f"({self._pairs(value)})"
        return self.text.value("color" if name == "gradient" else name, value)

    def _pairs(self, value: Mapping[str, Any]) -> str:
        told = ((self.text.asked(key), self.value(key, one)) for key, one in value.items() if key != "ask")
        return self.text.text("show.comma").join(" ".join(part for part in pair if part) for pair in told)

    def _background(self, value: Mapping[str, Any]) -> str:
        kind = value.get("type", "solid")
        if kind == "gradient":
            ends = [self.text.value("color", value[end]) for end in ("from", "to") if end in value]
            direction = [self.text.value("direction", value["direction"])] if "direction" in value else []
            direction += [f"{value['angle']}°"] if "angle" in value else []
            return " ".join([self.text.value("type", kind), " → ".join(ends), *direction]).strip()
        colour = " ".join(self.text.value("color", value[part]) for part in ("name", "color") if part in value)
        style = self.text.value("style", value["style"]) if "style" in value else ""
        return " ".join(part for part in (style, colour or self.text.value("type", kind)) if part)

    def _size(self, value: Mapping[str, Any]) -> str:
        parts = [self.text.standard(str(value["name"]))] if "name" in value else []
        parts += [f"{_by(value[unit])} {'in' if unit == 'inch' else unit}" for unit in ("mm", "inch", "px") if unit in value]
        parts += [f"{sign} {_by(value[end])} px" for end, sign in (("px_min", "≥"), ("px_max", "≤")) if end in value]
        return " ".join(parts)

    def _kb(self, value: Mapping[str, Any]) -> str:
        low, high = value.get("min"), value.get("max")
        if low is not None and high is not None:
            return f"{number(low)}–{number(high)} KB"
        signs = {"min": "≥ ", "max": "≤ ", "exact": "= ", "target": "≈ "}
        return " ".join(f"{signs.get(end, '')}{number(size)} KB" for end, size in value.items())


def _by(value: Any, sign: str = "×") -> str:
    return sign.join(number(part) for part in value) if isinstance(value, list | tuple) else number(value)


def words_by_key(reading: Reading) -> dict[str, list[str]]:
    """The words of each effect, in the order of the sentence; effects that no words stand for come last."""
    found: dict[str, list[str]] = {}
    end, last_key = 0, ""
    for span in sorted(reading.spans, key=lambda span: span.at):
        key = span.key.partition(".")[0]
        if key in reading.asked and key not in _TOLD_APART:
            words, between = found.setdefault(span.key, []), reading.sentence[end : span.at[0]]
            if words and span.key == last_key and not between.strip():
                words[-1] += between + span.text  # neighbours are one phrase
            else:
                words.append(span.text)
        end, last_key = span.at[1], span.key
    told = {key.partition(".")[0] for key in found}
    return found | {key: [] for key in reading.asked if key not in told and key not in _TOLD_APART}


def _quoted(words: list[str], text: Messages) -> str:
    return "".join(text.text("show.quote", {"words": one}) for one in words)
