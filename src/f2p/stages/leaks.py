"""What a second reader can still read on a finished page that nobody should."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.catalogue.private import look_alikes
from f2p.stages.hidden import glyph_middles, hidden_spots, places_of
from f2p.stages.page_text import Spot
from f2p.stages.private_text import Span, private_spans
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8
from f2p.values.redaction import Find, RedactionPlan, Why
from f2p.values.text import TextLine

Mask = NDArray[np.bool_]
_SURE = 0.9
_NO_DIGIT = 0.02
_MIDDLE = 0.22
"""Radius, in heights of the line, around a character's middle in which another reader would see the same character."""


@dataclass(frozen=True, slots=True)
class Masks:
    """(H, W) bool each: what is covered; what stays on purpose; where the first reader was sure of something unlike a digit."""

    covered: Mask
    kept: Mask
    other: Mask


def surely_no_digit(lines: Sequence[TextLine], shape: tuple[int, ...]) -> Mask:
    """(H, W) bool: around the middles of Chinese characters and signs read without doubt; letters look too much like digits."""
    mask = np.zeros(shape[:2], np.uint8)
    for line in lines:
        for glyph, middle in zip(line.glyphs, glyph_middles(line), strict=True):
            letter = glyph.char.isascii() and glyph.char.isalnum()
            if glyph.char and not letter and glyph.char not in look_alikes() and glyph.score >= _SURE and glyph.digit < _NO_DIGIT:
                cv2.circle(
                    mask, (round(float(middle[0])), round(float(middle[1]))), max(1, round(_MIDDLE * line.height_px)), 1, -1
                )
    return mask > 0


def leaking(rgb: Rgb8, lines: Sequence[TextLine], plan: RedactionPlan, masks: Masks, page: int) -> tuple[Find, ...]:
    """Finds of the second reader outside what is covered and what stays on purpose.

    A value that only seems to follow a label because the true one between them is covered is none; nor is a number where the
    first reader was sure of something else.
    """
    covered = cv2.dilate(masks.covered.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    settled = covered | masks.kept
    middles = [glyph_middles(line) for line in lines]
    found = []
    for span in private_spans(lines, plan, rgb.shape[0]):
        if _behind_cover(span, middles, covered):
            continue
        known = settled | masks.other if span.entity == "digits" else settled
        open_spots = [spot for spot in hidden_spots(span, lines, plan) if not _at(known, middles[spot[0]][spot[1]])]
        if open_spots:
            places = places_of(open_spots, rgb, lines)
            found.append(Find(page=page, entity=span.entity, places=places, masked="•" * len(open_spots), why=Why.SECOND))
    return tuple(found)


def _behind_cover(span: Span, middles: Sequence[Points], covered: Mask) -> bool:
    """Whether a patch lies between the label and what would be its value."""
    if span.label is None:
        return False
    start, end = (_point(middles, spot) for spot in (span.label, span.spots[0]))
    steps = max(2, int(np.hypot(*(end - start)) / 3))
    return any(_at(covered, start + (end - start) * i / steps) for i in range(steps + 1))


def _point(middles: Sequence[Points], spot: Spot) -> NDArray[np.float32]:
    return np.asarray(middles[spot[0]][spot[1]], dtype=np.float32)


def _at(mask: Mask, point: NDArray[np.floating]) -> bool:
    height, width = mask.shape
    return bool(mask[int(np.clip(point[1], 0, height - 1)), int(np.clip(point[0], 0, width - 1))])
