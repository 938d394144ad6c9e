"""Every key that is asked has words, and no words stand for a key that is not: what the chips of a program show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from f2p.values.reading import Span

_WORDS_OF: Mapping[str, tuple[str, ...]] = {
    "ask": ("idphoto", "size", "background"),
    "policy": ("check",),
    "batch": ("zip", "watch", "resume", "naming", "review"),
    "outputs": ("size", "kb", "format", "background"),
}
"""Keys that the reader adds by itself, and those whose words are the reason."""


def explained(asked: Mapping[str, Any], spans: Sequence[Span]) -> Iterator[Span]:
    """`spans` in order, without those of keys that came to nothing, with those that a key without words borrows."""
    lending = {key: _lender(key, asked, spans) for key in asked if not any(span.key == key for span in spans)}
    for span in spans:
        if holds(asked, span.key):
            yield span
        for key, lenders in lending.items():
            if span.key in lenders:
                yield Span(span.text, span.at, key)


def holds(asked: Mapping[str, Any], key: str) -> bool:
    """Whether `key` is asked: of the picture, of one of several files, as the size that is checked, or in two ways at once."""
    inside = any(key in one for one in asked.get("outputs", ()))
    return key in asked or inside or key in asked.get("conflicts", ()) or (key == "size" and "spec" in asked.get("check", {}))


def _lender(key: str, asked: Mapping[str, Any], spans: Sequence[Span]) -> tuple[str, ...]:
    if key == "ask" and "conflicts" in asked:
        return tuple(asked["conflicts"])
    told = {span.key for span in spans}
    lenders = [name for name in _WORDS_OF.get(key, ()) if name in told]
    return tuple(lenders) if key == "outputs" else tuple(lenders[:1])
