"""What a sentence is understood to say, as chips that can be taken away or changed, and what is assumed or cannot be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from f2p.catalogue.messages import Messages
from f2p.doors.cli.reading_text import Describe, words_by_key
from f2p.doors.ui.markup import Html, button, joined, tag
from f2p.doors.ui.orders import Wanted, plan_of
from f2p.doors.ui.sentence import Said
from f2p.errors import RequestError
from f2p.values.plan import left_out, papers_of
from f2p.values.reading import Assumption, Reading, Span


def live(said: Said, text: Messages, *, allow: bool = False) -> Html:
    """The chips of the sentence in the field, and what would come of it."""
    if not said.words.strip():
        return tag("p", {"class": "hint"}, text.text("page.say_something"))
    reading = said.reading
    chips = [_chip(key, words, reading, text) for key, words in words_by_key(reading).items()]
    shown = [tag("ul", {"class": "chips", "aria-label": text.text("show.understood")}, *chips)] if chips else []
    try:
        plan, resolved = plan_of(Wanted(said=said, allow=allow))
    except RequestError as error:
        told = text.error(error.code, error.params)
        return joined(
            [*shown, tag("p", {"class": "say bad", "role": "alert"}, f"{told.what} {told.next_step}"), *_unused(reading, text)]
        )
    rules = [paper for paper in papers_of(plan) if set(paper.spec.forbidden_edits) - set(paper.allowed_edits)]
    return joined([
        *shown, *_unused(resolved, text), *_list("show.assumed", (text.assumed(one) for one in resolved.assumed), text),
        *_list("show.unsupported", (text.wish(one) for one in left_out(plan)), text, "bad"),
        *(_rule(paper.spec.id, paper.spec.editing_rule, text) for paper in rules[:1]),
    ])  # fmt: skip


def understood(facts: Mapping[str, Any] | None, text: Messages) -> Html:
    """The same of a job that was handed in, to read only."""
    if not facts:
        return Html("")
    reading = reading_of(facts)
    rows = []
    describe = Describe(text)
    for key, words in words_by_key(reading).items():
        quoted = "".join(text.text("show.quote", {"words": one}) for one in words)
        rows.append(tag("li", {}, tag("b", {}, quoted), " → ", describe.effect(key, reading.asked)))
    shown = [tag("ul", {"class": "plain"}, *rows)] if rows else []
    return joined([*shown, *_list("show.assumed", (text.assumed(one) for one in reading.assumed), text), *_unused(reading, text)])


def reading_of(facts: Mapping[str, Any]) -> Reading:
    """The reading behind `studio.reading_json`."""
    assumed = (Assumption(key, one["value"], one["why"]) for key, one in facts["assumed"].items())
    spans = (Span(one["text"], (one["at"][0], one["at"][1]), one["key"]) for one in facts["spans"])
    return Reading(
        sentence=facts["sentence"],
        asked=facts["asked"],
        assumed=tuple(assumed),
        ignored=tuple(facts["ignored"]),
        spans=tuple(spans),
    )


def choices(key: str, text: Messages) -> list[str]:
    """Words that say something about a key, in the page's language."""
    table = f"page_words.{key}"
    return text.text(table).split("|") if text.has(table) else []


def shortcuts(text: Messages) -> Html:
    """Buttons that put words into the sentence."""
    groups = []
    for key in ("size", "background", "retouch", "sheet"):
        buttons = [button(words, {"do": "say", "key": key, "words": words}, "pill") for words in choices(key, text)]
        groups.append(
            tag(
                "div",
                {"class": "group", "role": "group", "aria-label": text.asked(key)},
                tag("span", {}, text.asked(key)),
                *buttons,
            )
        )
    return tag("div", {"class": "shortcuts"}, *groups)


def _chip(key: str, words: list[str], reading: Reading, text: Messages) -> Html:
    effect = Describe(text).effect(key, reading.asked)
    said = " ".join(words)
    inside = [tag("span", {"class": "said"}, said), tag("span", {"class": "arrow", "aria-hidden": "true"}, "→")] if said else []
    others = choices(key, text)
    if others:
        first = tag("option", {"value": "", "selected": True}, effect)
        options = [tag("option", {"value": one}, one) for one in others if one != said]
        label = text.text("page.change", {"name": text.asked(key)})
        inside.append(tag("select", {"data-pick": key, "aria-label": label, "title": label}, first, *options))
    else:
        inside.append(tag("span", {"class": "effect"}, effect))
    label = text.text("page.take_away", {"name": text.asked(key)})
    inside.append(button("×", {"do": "drop", "key": key}, "x", **{"aria-label": label, "title": label}))
    return tag("li", {"class": "chip"}, *inside)


def _unused(reading: Reading, text: Messages) -> Iterator[Html]:
    yield from _list("show.ignored", (text.text("show.quote", {"words": one}) for one in reading.ignored), text)


def _list(title: str, lines: Iterator[str], text: Messages, kind: str = "") -> Iterator[Html]:
    found = list(lines)
    if found:
        between = text.text("page.semicolon")
        yield tag("p", {"class": f"say {kind}".strip()}, tag("b", {}, text.text(title)), " ", between.join(found))


def _rule(standard: str, rule: str, text: Messages) -> Html:
    params = {"standard": standard, "rule": rule}
    return tag("p", {"class": "say rule"}, tag("b", {}, text.text("show.rule", params)), " ", text.text("page.rule_next"))
