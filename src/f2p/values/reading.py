"""What a sentence was understood to say; form: version 1 of the reading schema (docs/sentences.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

READING_VERSION = 1


@dataclass(frozen=True, slots=True)
class Span:
    """Words that caused a key: `text` stands at sentence[at[0]:at[1]] and set `key`."""

    text: str
    at: tuple[int, int]
    key: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A default that nobody asked for: the plan's key, the value taken, and why (a message code of the table [assumed])."""

    key: str
    value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The sentence, what it asked for, what it did not say but needs, and the words that had no effect.

    asked: JSON object under the keys of the reading schema. ignored: pieces of the sentence without effect, in order.
    """

    sentence: str
    asked: dict[str, Any]
    assumed: tuple[Assumption, ...] = ()
    ignored: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    version: int = READING_VERSION
