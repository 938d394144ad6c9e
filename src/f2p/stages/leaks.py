"""What a second reader can still read on a finished page that nobody should."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.hidden import glyph_middles, hidden_spots, places_of
from f2p.stages.page_text import Spot
from f2p.stages.private_text import Span, private_spans
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8
from f2p.values.redaction import Find, RedactionPlan, Why
from f2p.values.text import TextLine

Mask = NDArray[np.bool_]


def leaking(rgb: Rgb8, lines: Sequence[TextLine], plan: RedactionPlan, masks: tuple[Mask, Mask], page: int) -> tuple[Find, ...]:
    """Finds of the second reader outside what is covered and what stays on purpose.

    masks: (H, W) bool each, covered and kept. A value that only seems to follow a label because the true one between them is
    covered is none.
    """
    covered = cv2.dilate(masks[0].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    settled = covered | masks[1]
    middles = [glyph_middles(line) for line in lines]
    found = []
    for span in private_spans(lines, plan, rgb.shape[0]):
        if _behind_cover(span, middles, covered):
            continue
        open_spots = [spot for spot in hidden_spots(span, lines, plan) if not _at(settled, middles[spot[0]][spot[1]])]
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
