"""Why a band of KB cannot be met, and what could be: the nearest file, the size that would fit, the way out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from f2p.errors import KbOutOfReach
from f2p.files.fit import KB, Fitted, Window
from f2p.values.plan import Encoding

_TRIES = 7
_ROOM = 0.97
"""Of the limit: the same picture made smaller by another kernel is a little larger."""
_LEAST_SIDE_PX = 96
"""No smaller photo is offered: there is nobody to be recognised in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What a file would be under other conditions. of_size: bytes of the picture given, at the quality of a smaller size.

    jpg_quality: the quality at which the same pixels fit as a JPEG; 0 where they do not, or are one.
    bare: whether it would fit without the EXIF that was to be kept.
    """

    of_size: Callable[[Image.Image], int]
    jpg_quality: int = 0
    bare: bool = False


def out_of_reach(image: Image.Image, encoding: Encoding, nearest: Fitted, window: Window, others: Others) -> KbOutOfReach:
    """The error that says it all: see its class for what its params are. window: the one that `nearest` misses."""
    too_large = nearest.size > window.high
    fit_px = _fitting_size(image, window.high, others.of_size) if too_large else (0, 0)
    if not too_large:
        way = "kb_other_format"
    elif others.bare:
        way = "kb_without_exif"
    elif others.jpg_quality:
        way = "kb_jpg_or_smaller" if fit_px[0] else "kb_jpg"
    else:
        way = "kb_smaller" if fit_px[0] else "kb_loosen"
    reason = "kb_no_filler" if not too_large else "kb_lossy" if nearest.attempt.quality else "kb_lossless"
    tenths = nearest.size / KB * 10
    return KbOutOfReach(
        what="kb",
        best=f"{(math.ceil(tenths) if too_large else math.floor(tenths)) / 10:.1f} KB",
        asked=_band(encoding),
        reason=reason,
        way=way,
        format=encoding.format.value,
        quality=nearest.attempt.quality or 0,
        jpg_quality=others.jpg_quality,
        width=image.width,
        height=image.height,
        fit_width=fit_px[0],
        fit_height=fit_px[1],
    )


def crossed(image: Image.Image, encoding: Encoding) -> KbOutOfReach:
    """The error for a lower limit above the upper one."""
    return KbOutOfReach(
        what="kb", best="-", asked=_band(encoding), reason="kb_crossed", way="kb_again", format=encoding.format.value,
        quality=0, jpg_quality=0, width=image.width, height=image.height, fit_width=0, fit_height=0,
    )  # fmt: skip


def _fitting_size(image: Image.Image, limit: int, of_size: Callable[[Image.Image], int]) -> tuple[int, int]:
    """About the largest (width, height) of the same shape whose file has at most `limit` bytes; (0, 0) where none is worth it.

    Halving between what fits and what does not, begun where bytes that grow with the square of a side would meet the limit.
    """
    fits, low, high = (0, 0), _LEAST_SIDE_PX / min(image.size), 1.0
    if low >= 1.0:
        return fits
    share = low
    limit = int(limit * _ROOM)
    for _ in range(_TRIES):
        size = (round(image.width * share), round(image.height * share))
        found = of_size(image.resize(size, Image.Resampling.LANCZOS))
        if found <= limit:
            fits, low = size, share
        elif share <= low:
            return fits
        else:
            high = share
        guess = share * math.sqrt(limit / found)
        inside = low + 0.1 * (high - low) < guess < high - 0.1 * (high - low)
        share = guess if inside else (low + high) / 2
    return fits


def _band(encoding: Encoding) -> str:
    low, high = encoding.kb.low, encoding.kb.high
    if low is None or high is None:
        return f"<= {high:g} KB" if low is None else f">= {low:g} KB"
    return f"{low:g} KB" if low == high else f"{low:g}-{high:g} KB"
