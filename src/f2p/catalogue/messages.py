"""Every text that a person reads, in their language: data/messages.zh.toml and data/messages.en.toml behind one value."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from f2p.catalogue.colours import colours
from f2p.catalogue.standards import rule_in_chinese, standards
from f2p.values.outcome import Note
from f2p.values.reading import Assumption

LANGUAGES = ("zh", "en")

_DATA = Path(__file__).resolve().parents[1] / "data"

_TABLES_OF_BLANK = {
    "ask": ("ask",),
    "best": ("word",),
    "conflicts": ("asked",),
    "fault": ("fault",),
    "format": ("word",),
    "edits": ("edit",),
    "paper": ("word",),
    "place": ("place",),
    "reason": ("reason",),
    "side": ("side",),
    "sides": ("side",),
    "way": ("way",),
    "what": ("what", "check"),
    "wish": ("wish", "asked", "word"),
    "wishes": ("wish", "asked", "word"),
}
"""Blanks whose value is itself a code, or several with commas between, and the tables that may have their words."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One error for a person. title: its kind, always the same words; what: what happened here; next_step: what to do now."""

    title: str
    what: str
    next_step: str


class _Blanks(string.Formatter):
    """Fills {name} blanks; a blank that nobody gave becomes "?" and never an error, so that a message always arrives."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        del args
        return str(kwargs.get(str(key), "?"))


class Messages:
    """All texts of one language, "zh" or "en" (anything else reads as "en"). Never raises for a key or blank it lacks.

    A missing key gives the key itself: ugly on purpose, and caught by the tests before anybody sees it.
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        with (_DATA / f"messages.{self.language}.toml").open("rb") as file:
            self._tables: dict[str, Any] = tomllib.load(file)

    def text(self, key: str, params: Mapping[str, object] | None = None) -> str:
        """The text under a dotted key ("help.edit") with its blanks filled."""
        found = self._look_up(key)
        return self._fill(found, params or {}) if isinstance(found, str) else key

    def has(self, key: str) -> bool:
        """Whether there is a text under a dotted key."""
        return isinstance(self._look_up(key), str)

    def word(self, table: str, value: object) -> str:
        """The word for a code of a table ("side", "top" → "上"); what the table does not have is shown as it is."""
        found = self._tables.get(table, {}).get(str(value))
        return found if isinstance(found, str) else number(value)

    def error(self, code: str, params: Mapping[str, object]) -> Explanation:
        """What an error says to a person; an unknown code is explained as an internal one and keeps its name."""
        known = code if isinstance(self._look_up(f"error.{code}"), dict) else "internal"
        params = {"code": code, **_readable(params)}
        parts = (self.text(f"error.{known}.{part}", params) for part in ("title", "what", "next"))
        return Explanation(*parts)

    def note(self, note: Note) -> str:
        """One sentence for something the person should know; about another size on a sheet, with that size's name."""
        told = self._coded("note", note.code, note.params)
        if "printed" not in note.params:
            return told
        return self.text("show.name_value", {"name": self.standard(str(note.params["printed"])), "value": told})

    def step(self, name: str) -> str:
        """What is being done right now, for a progress line; "draw 3/30" tells how far it is."""
        code, _, share = name.partition(" ")
        return f"{self._coded('step', code, {})} {share}".rstrip()

    def assumed(self, assumption: Assumption) -> str:
        """A default that nobody asked for, as "name: value (why)"."""
        key, value = self.asked(assumption.key), self.value(assumption.key, assumption.value)
        why = self._coded("assumed", assumption.why, {})
        return self.text("show.assumed_line", {"name": key, "value": value, "why": why})

    def check(self, name: str) -> str:
        """What was measured: the name of one check."""
        return self._coded("check", name, {})

    def asked(self, key: str) -> str:
        """The name of one key of a reading or plan: "retouch" → "磨皮", "light.contrast" → "光线对比度"."""
        outer, _, inner = key.partition(".")
        if outer == "outputs" and inner:
            index, _, inner = inner.partition(".")
            return self.text("show.of_output", {"index": index, "name": self.asked(inner)})
        if inner:
            return self.text("show.within", {"outer": self.asked(outer), "inner": self.asked(inner)})
        return self.word("asked", key)

    def wish(self, code: str) -> str:
        """The words for a wish that cannot be carried out: a [wish] of its own, or any key or value of a reading."""
        return self._first_of(_TABLES_OF_BLANK["wish"], code)

    def value(self, key: str, value: object) -> str:
        """One value of a reading in words (colours and standards by their names); hex colours and numbers stay as they are."""
        table = self._tables.get("value", {}).get(key.rpartition(".")[2], {})
        found = table.get(str(value)) if isinstance(table, dict) else None
        if key.rpartition(".")[2] == "size":
            return self.standard(str(value))
        if (
            found is None
            and key.rpartition(".")[2] in {"background", "color", "from", "to"}
            and (colour := colours().get(str(value)))
        ):
            found = colour.name_zh if self.language == "zh" else colour.name_en
        return found if isinstance(found, str) else self.word("word", value)

    def standard(self, standard_id: str) -> str:
        """A standard's name; what the catalogue does not have stays an id."""
        spec = standards().get(standard_id)
        if spec is None:
            return self.word("word", standard_id)
        return spec.name_zh if self.language == "zh" else spec.name_en

    def rule(self, editing_rule: str) -> str:
        """A standard's rule about editing, given as the catalogue's English wording."""
        if self.language != "zh":
            return editing_rule
        return rule_in_chinese(editing_rule) or editing_rule

    def _first_of(self, tables: Sequence[str], code: str) -> str:
        return next((self._tables[table][code] for table in tables if code in self._tables[table]), code)

    def _coded(self, table: str, code: str, params: Mapping[str, object]) -> str:
        if self.has(f"{table}.{code}"):
            return self.text(f"{table}.{code}", params)
        return f"{code} ({', '.join(f'{name}={value}' for name, value in params.items())})" if params else code

    def _look_up(self, key: str) -> object:
        found: object = self._tables
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def _fill(self, template: str, params: Mapping[str, object]) -> str:
        words = {name: self._blank(name, value) for name, value in params.items()}
        if "ask" in words:  # a question is itself a text with blanks
            words["ask"] = _Blanks().vformat(words["ask"], (), words)
        for name in ("reason", "way", "fault"):  # and a reason, a way out or a fault of ours may have some
            if str(params.get(name)) in self._tables[name]:
                words[name] = _Blanks().vformat(words[name], (), words)
        return _Blanks().vformat(template, (), words)

    def _blank(self, name: str, value: object) -> str:
        if not isinstance(value, str):
            return number(value)
        if name == "standard":
            return self.standard(value)
        if name == "rule":
            return self.rule(value)
        codes = [part.strip() for part in value.split(",")]
        tables = _TABLES_OF_BLANK.get(name, ())
        if not any(code in self._tables[table] for table in tables for code in codes):
            return value
        return self.text("show.and").join(self._first_of(tables, code) for code in codes)


def number(value: object) -> str:
    """A number without needless digits (two places, two digits of a small one); anything else as text."""
    if isinstance(value, float):
        return f"{value:.2g}" if 0 < abs(value) < 0.1 else f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def _readable(params: Mapping[str, object]) -> dict[str, object]:
    """Bytes as MB and pixels as megapixels, which is how people know them."""
    unit, size = {"bytes": ("MB", 2**20), "pixels": ("MP", 1_000_000)}.get(str(params.get("what")), ("", 1))
    amounts = {
        name: value for name, value in params.items() if unit and name in {"value", "limit"} and isinstance(value, int | float)
    }
    return {**params, **{name: f"{number(value / size)} {unit}" for name, value in amounts.items()}}
