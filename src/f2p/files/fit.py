"""The best quality whose file falls into a band of bytes, in a handful of encodings."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from f2p.errors import Infeasible
from f2p.values.spec import Band

KB, SMALL_KB = 1024, 1000
"""What offices count as 1 KB: most 1024 bytes, some portals 1000."""
USUAL_QUALITY = 95
LOWEST_QUALITY = 30
"""Below this, 8 x 8 blocks show on a face at arm's length: no file is better than such a file."""
FULL_CHROMA_FROM = 75
"""Under this quality, halved colour resolution and a finer brightness look better than full colour with coarser steps."""

Chroma = Literal["4:4:4", "4:2:0"]
Encoder = Callable[[int, Chroma], bytes]


@dataclass(frozen=True, slots=True)
class Window:
    """Fewest and most bytes, both allowed."""

    low: int
    high: int

    @staticmethod
    def of(kb: Band) -> Window:
        """The band in whole bytes of 1 KB = 1024, rounded inwards."""
        low = 0 if kb.low is None else math.ceil(kb.low * KB)
        return Window(low, sys.maxsize if kb.high is None else math.floor(kb.high * KB))

    @staticmethod
    def of_both(kb: Band) -> Window:
        """The bytes that are inside the band for 1 KB = 1024 and for 1 KB = 1000; `of(kb)` where there are none."""
        wide = Window.of(kb)
        high = wide.high if kb.high is None else math.floor(kb.high * SMALL_KB)
        return Window(wide.low, high) if high >= wide.low else wide

    def check(self, size: int) -> None:
        """Raises Infeasible(what="kb") where `size` is outside."""
        if not self.low <= size <= self.high:
            raise Infeasible(what="kb", best=f"{size / KB:.1f} KB")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One encoding of the picture."""

    data: bytes
    quality: int | None = None
    chroma: Chroma | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """The attempt taken, and how many bytes without meaning were added to reach a lower limit."""

    attempt: Attempt
    added_bytes: int = 0

    def padded(self, window: Window, pad: Callable[[bytes, int, int], bytes]) -> Fitted:
        """The same file, grown by `pad(data, low, high)` where it is too small."""
        attempt = self.attempt
        missing = window.low - len(attempt.data)
        if missing <= 0:
            return self
        data = pad(attempt.data, window.low, window.high)
        return Fitted(Attempt(data, attempt.quality, attempt.chroma), len(data) - len(attempt.data))


def fit(encode: Encoder, window: Window, quality: int | None, chromas: Sequence[Chroma] = ("4:4:4", "4:2:0")) -> Fitted:
    """The best file inside `window`, or the largest below it, for padding.

    quality: the highest to try; None = 95, and up to 100 where the window's lower end needs it. Full colour resolution is kept
    down to quality 75, then halved. Raises Infeasible(what="kb") where even quality 30 is too large.
    """
    top = quality or USUAL_QUALITY
    first = Attempt(encode(top, chromas[0]), top, chromas[0])
    if len(first.data) <= window.high:
        if len(first.data) >= window.low or quality is not None:
            return Fitted(first)
        return Fitted(_raise_to(encode, window, first))
    smallest = first
    for chroma in chromas:
        floor = min(LOWEST_QUALITY if chroma == chromas[-1] else FULL_CHROMA_FROM, top)
        low = Attempt(encode(floor, chroma), floor, chroma)
        if len(low.data) <= window.high:
            start = first if chroma == first.chroma else Attempt(b"", top + 1, chroma)
            return Fitted(_largest_within(encode, window, low, start))
        smallest = min(smallest, low, key=lambda attempt: len(attempt.data))
    raise Infeasible(what="kb", best=f"{len(smallest.data) / KB:.1f} KB")


def _raise_to(encode: Encoder, window: Window, first: Attempt) -> Attempt:
    """From too small: quality 100 where it still fits, else the best below; smaller than the window only if nothing is in it."""
    assert first.quality is not None and first.chroma is not None
    if first.quality >= 100:
        return first
    full = Attempt(encode(100, first.chroma), 100, first.chroma)
    if len(full.data) <= window.high:
        return full if len(full.data) <= window.low else _smallest_above(encode, window, first, full)
    return _largest_within(encode, window, first, full)


def _smallest_above(encode: Encoder, window: Window, below: Attempt, above: Attempt) -> Attempt:
    """The lowest quality that reaches the lower end: bytes beyond it bring nothing that anyone sees."""
    while _quality(above) - _quality(below) > 1:
        middle = _next(below, above, window.low)
        attempt = Attempt(encode(middle, _chroma(above)), middle, above.chroma)
        if len(attempt.data) >= window.low:
            above = attempt
        else:
            below = attempt
    return above


def _largest_within(encode: Encoder, window: Window, within: Attempt, above: Attempt) -> Attempt:
    """The highest quality between `within` (fits) and `above` (too large, or not encoded yet) that fits."""
    while _quality(above) - _quality(within) > 1:
        middle = _next(within, above, window.high)
        attempt = Attempt(encode(middle, _chroma(within)), middle, within.chroma)
        if len(attempt.data) <= window.high:
            within = attempt
        else:
            above = attempt
    return within


def _next(below: Attempt, above: Attempt, target: int) -> int:
    """The quality to try next: where the logarithm of the size would cross `target`, kept off the ends so the gap shrinks."""
    low, high = _quality(below), _quality(above)
    if not above.data:
        return (low + high) // 2
    share = math.log(target / len(below.data)) / max(math.log(len(above.data) / len(below.data)), 1e-9)
    margin = (high - low) // 8
    return min(max(round(low + share * (high - low)), low + 1 + margin), high - 1 - margin)


def _quality(attempt: Attempt) -> int:
    assert attempt.quality is not None
    return attempt.quality


def _chroma(attempt: Attempt) -> Chroma:
    assert attempt.chroma is not None
    return attempt.chroma
