"""A page with its finds outlined, for a person to look over before anything is hidden."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from f2p.values.pixels import Rgb8
from f2p.values.redaction import Find, Why

_COLOURS = {Why.CHECK: (200, 30, 30), Why.NEAR: (225, 120, 0), Why.LABEL: (150, 40, 160), Why.PICTURE: (0, 130, 60)}
_USUAL = (30, 90, 210)
_TINT = 0.18


def annotated(rgb: Rgb8, finds: Sequence[Find]) -> Rgb8:
    """(H, W, 3) uint8: the page, each find outlined and numbered from 1 in the order of `finds`; colours tell why it is one."""
    page = np.array(rgb)
    tint = np.array(rgb)
    thick = max(1, round(max(rgb.shape[:2]) / 1200))
    for find in finds:
        for place in find.places:
            cv2.fillConvexPoly(tint, np.round(place.corners).astype(np.int32), _COLOURS.get(find.why, _USUAL))
    cv2.addWeighted(tint, _TINT, page, 1 - _TINT, 0, page)
    for number, find in enumerate(finds, start=1):
        colour = _COLOURS.get(find.why, _USUAL)
        for place in find.places:
            cv2.polylines(page, [np.round(place.corners).astype(np.int32)], True, colour, thick, cv2.LINE_AA)
        if find.places:
            left, top, _, _ = find.places[0].bounds
            cv2.putText(page, str(number), (left, max(10, top - 3)), cv2.FONT_HERSHEY_SIMPLEX, 0.4 * thick + 0.1, colour, thick)
    return page
