"""The best quality whose file falls into a band of bytes, in a handful of encodings."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from f2p.files.pad import Padding
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
        """The band in whole bytes of 1 KB = 1024, rounded inwards; outwards where no whole byte is inside (exactly 20.3 KB)."""
        low = 0.0 if kb.low is None else kb.low * KB
        high = float(sys.maxsize) if kb.high is None else kb.high * KB
        if high < math.ceil(low) <= math.ceil(high):
            return Window(math.floor(low), math.ceil(high))
        return Window(math.ceil(low), sys.maxsize if kb.high is None else math.floor(high))

    @staticmethod
    def of_both(kb: Band) -> Window:
        """The bytes that are inside the band for 1 KB = 1024 and for 1 KB = 1000; `of(kb)` where there are none."""
        wide = Window.of(kb)
        high = wide.high if kb.high is None else math.floor(kb.high * SMALL_KB)
        return Window(wide.low, high) if high >= wide.low else wide

    def holds(self, size: int) -> bool:
        """Whether a file of `size` bytes is inside."""
        return self.low <= size <= self.high


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

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.attempt.data)

    def padded(self, window: Window, padding: Padding) -> Fitted:
        """The same file grown into `window` where it is too small; as it is where `padding` cannot do that."""
        data = padding.grown(self.attempt.data, window.low, window.high)
        return Fitted(Attempt(data, self.attempt.quality, self.attempt.chroma), len(data) - self.size)


@dataclass(frozen=True, slots=True)
class Search:
    """How far a search may go. top: the highest quality to try; None = 95, and up to 100 where a lower end needs it.

    lowest: where it gives up. chromas: colour resolutions, the finest first.
    """

    top: int | None = None
    lowest: int = LOWEST_QUALITY
    chromas: Sequence[Chroma] = ("4:4:4", "4:2:0")


def fit_padded(encode: Encoder, window: Window, search: Search, padding: Padding) -> Fitted:
    """The best file inside `window`, grown by `padding` where even the best is too small; outside where there is none.

    A file that lacks fewer bytes than the smallest filler has gives up a little quality, so that a filler fits.
    """
    fitted = fit(encode, window, search)
    if fitted.size >= window.low:
        return fitted
    grown = fitted.padded(window, padding)
    if window.holds(grown.size) or window.low <= padding.least:
        return grown
    return fit(encode, Window(0, window.low - padding.least), search).padded(window, padding)


def fit(encode: Encoder, window: Window, search: Search) -> Fitted:
    """The best file inside `window`, else the largest below it (for padding), else the smallest there is.

    Full colour resolution is kept down to quality 75, then halved.
    """
    top, chromas = search.top or USUAL_QUALITY, search.chromas
    first = Attempt(encode(top, chromas[0]), top, chromas[0])
    if len(first.data) <= window.high:
        if len(first.data) >= window.low or search.top is not None:
            return Fitted(first)
        return Fitted(_raise_to(encode, window, first))
    smallest = first
    for chroma in chromas:
        floor = min(search.lowest if chroma == chromas[-1] else FULL_CHROMA_FROM, top)
        low = Attempt(encode(floor, chroma), floor, chroma)
        if len(low.data) <= window.high:
            start = first if chroma == first.chroma else Attempt(b"", top + 1, chroma)
            return Fitted(_largest_within(encode, window, low, start))
        smallest = min(smallest, low, key=lambda attempt: len(attempt.data))
    return Fitted(smallest)


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
