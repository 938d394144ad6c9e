"""How sure the edges are, where they are not, and a picture that shows the place."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from f2p.stages.matting import Edges
from f2p.stages.planes import gauss, resized
from f2p.values.pixels import Plane, Rgb8

AGAIN = 0.10
"""Above this a second look pays: of 20 pictures with known alpha, those above had band errors (bMAD) of 47 and more."""
DOUBTFUL = 0.14
"""Highest score of edges that pass: those above had 58 to 84, the worst of all."""
_USUAL_APART = 0.05
"""Two looks that differ by this much say nothing new; nearer ones take doubt away (half of it at most), others add as much."""
_SPOT_SHARE = 0.04
"""Reach over which doubt is gathered to find its place, as a share of the long side."""
_MARKED = 0.4
"""What has at least this share of the strongest gathered doubt is inside the mark."""
_MARK_RGB = (255, 0, 160)
_ROWS, _COLUMNS = ("top", "middle", "bottom"), ("left", "middle", "right")


def not_seen_twice(shape: tuple[int, int]) -> Plane:
    """The `apart` (H, W) of one look alone: it neither takes doubt away nor adds any."""
    return np.full(shape, _USUAL_APART, np.float32)


@dataclass(frozen=True, slots=True)
class Doubt:
    """score: 0 (sure) to 1, mean doubt in the band of the edge; plane: (h, w) float32 0..1, where the doubt is."""

    score: float
    plane: Plane

    @property
    def high(self) -> bool:
        """Whether the edges deserve a second look."""
        return self.score > AGAIN

    @property
    def told(self) -> bool:
        """Whether the person must hear of it."""
        return self.score > DOUBTFUL


def doubt_of(edges: Edges, apart: Plane | None = None) -> Doubt:
    """Softness that the colours cannot confirm: 4 a (1 - a) times how little person and backdrop differ there in colour.

    A soft lock before a plain wall is measured and raises no doubt; the same lock before a street, or before a wall of its own
    colour, is guessed. apart: (H, W) any size, how far two looks of the network lay apart, if there were two.
    """
    plane = np.asarray(4.0 * edges.solved * (1.0 - edges.solved) * edges.unsure, dtype=np.float32)
    if apart is not None:
        plane *= np.clip(0.5 + resized(apart, plane.shape[1], plane.shape[0]) * np.float32(0.5 / _USUAL_APART), 0.5, 1.5)
    band = edges.unsure > 0.0
    return Doubt(float(plane[band].mean()) if band.any() else 0.0, plane)


def place_of(doubt: Doubt) -> str:
    """Where most of the doubt is, in thirds of the picture: "top_left", "top", … "left", "middle", … "bottom_right"."""
    spot = _gathered(doubt.plane)
    row, column = np.unravel_index(int(spot.argmax()), spot.shape)
    words = (_ROWS[int(3 * row / spot.shape[0])], _COLUMNS[int(3 * column / spot.shape[1])])
    said = [word for word in words if word != "middle"]
    return "_".join(said) or "middle"


def marked(rgb: Rgb8, doubt: Doubt) -> Rgb8:
    """`rgb` (H, W, 3) with a line around the places in doubt; nothing is drawn where there is none."""
    height, width = rgb.shape[:2]
    spot = _gathered(doubt.plane)
    out = rgb.copy()
    if spot.max() <= 0.0:
        return out
    inside = resized((spot >= _MARKED * spot.max()).astype(np.float32), width, height) > 0.5
    outlines, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(out, outlines, -1, _MARK_RGB, max(1, round(0.004 * max(height, width))), cv2.LINE_AA)
    return out


def _gathered(plane: Plane) -> Plane:
    return gauss(plane, _SPOT_SHARE * max(plane.shape))
