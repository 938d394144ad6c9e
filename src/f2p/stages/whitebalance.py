"""White balance from the person's greys, the scene's greys and the line that skins of all complexions lie on."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.planes import Float
from f2p.stages.srgb import LUMINANCE

Gains = tuple[float, float, float]
NO_GAINS: Gains = (1.0, 1.0, 1.0)
DOUBTED = 0.7
"""Share of a correction that is made where greys ask for it and the skin does not."""
SKIN_RED = (0.22, 0.90)
"""ln(R/G) of skins: a correction for the skin's sake goes no further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What lies where in the picture, each (H, W) bool."""

    cloth: NDArray[np.bool_]
    """The person but the face's skin, where it is smooth: clothes, mostly."""
    bare: NDArray[np.bool_]
    """The face's skin."""
    scene: NDArray[np.bool_]
    """What surely is not the person; all False where the scene is not known."""


def white_gains(linear: Float, parts: Parts) -> Gains:
    """Gains that take the cast out, told by greys on the person (collar, shirt), else in the scene, and by the skin.

    In u = ln(R/G), v = ln(B/G) skins of all complexions lie along v = -0.01 - 0.6 u (thirteen portraits: within 0.11, one
    under a blue sky 0.21). Greys are believed less where the skin looks natural already: a pale blue shirt is no cast. The skin
    alone is believed once it lies well off the line; a lamp moves both along (1, -1.5). The skin's own luminance is held, so no
    face is made fairer, and its red stays what skins have.
    """
    tone = np.median(linear[parts.bare], axis=0) + 1e-4
    skin = np.array([np.log(tone[0] / tone[1]), np.log(tone[2] / tone[1])])
    greys, seen = _neutral_shift(linear[parts.cloth], tone, skin)
    off = abs(_off_locus(skin))
    if seen:
        shift = greys * (1.0 if abs(_off_locus(skin + greys)) < off - 0.02 else DOUBTED)
        # "Greys" that push the skin off the line were coloured clothes.
        shift = next((part * shift for part in (1.0, 0.5) if abs(_off_locus(skin + part * shift)) <= max(off, 0.1)), np.zeros(2))
    else:
        walls, _ = _neutral_shift(linear[parts.scene], tone, skin)
        # A wall may be painted: it is believed as far as the skin looks unlike a skin.
        sure = float(np.clip((off - 0.11) / 0.06, 0.0, 1.0))
        shift = sure * walls if abs(_off_locus(skin + sure * walls)) < off - 0.02 * sure else np.zeros(2)
    shift = np.clip(shift + _skin_shift(skin + shift), -0.5, 0.5)
    gains = np.exp(np.array([shift[0], 0.0, shift[1]]))
    gains *= float(LUMINANCE @ tone) / float(LUMINANCE @ (tone * gains))
    return float(gains[0]), float(gains[1]), float(gains[2])


def _off_locus(skin: NDArray[np.float64]) -> float:
    """How far v lies above (bluer) or below (yellower) the line of skins."""
    return float(skin[1] - (-0.01 - 0.6 * skin[0]))


def _skin_shift(skin: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2,) what to add to u and v of a skin that lies so far off the line that only a lamp explains it; 0 within 0.12."""
    off = _off_locus(skin)
    step = float(np.clip(np.sign(off) * max(abs(off) - 0.12, 0.0) / 0.9, -0.22, 0.22))
    low, high = SKIN_RED
    step = min(step, max(high - float(skin[0]), 0.0)) if step > 0.0 else max(step, min(low - float(skin[0]), 0.0))
    return step * np.array([1.0, -1.5])


def _neutral_shift(pixels: Float, tone: Float, skin: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """(2,) what to add to u and v so that near-greys become grey, and whether there were enough of them to say so.

    pixels: (N, 3) outside the face's skin; tone: the skin's linear colour; skin: its u and v. Only what is at least as bright as
    half the skin (a collar, a shirt; no dark hair) and not towards the skin's own colour (neck, ears).
    """
    total = max(len(pixels), 1)
    level = pixels @ LUMINANCE
    pixels = pixels[(pixels.max(axis=1) < 0.97) & (level > max(0.5 * float(tone @ LUMINANCE), 0.08))]
    logs = np.log(pixels.astype(np.float64) + 1e-4)
    points = np.stack([logs[:, 0] - logs[:, 1], logs[:, 2] - logs[:, 1]], axis=1)
    unlike = points @ skin < 0.6 * float(skin @ skin)
    points, level = points[unlike], (pixels @ LUMINANCE)[unlike]
    if len(points) < 20:
        return np.zeros(2), False
    # Likelier the smaller the cast; along the daylights (1, -1.5) more is likely than across them.
    along, across = points @ (0.555, -0.832), points @ (0.832, 0.555)
    weight = np.exp(-0.5 * ((along / 0.3) ** 2 + (across / 0.15) ** 2)) * level**2
    count, edges, _ = np.histogram2d(points[:, 0], points[:, 1], bins=40, range=((-0.6, 0.6), (-0.6, 0.6)), weights=weight)
    peak = np.unravel_index(int(cv2.GaussianBlur(count, (0, 0), 1.5).argmax()), count.shape)
    middle = (edges[list(peak)] + edges[[i + 1 for i in peak]]) / 2
    near = ((points - middle) ** 2).sum(axis=1) < 0.1**2
    if np.count_nonzero(near) < 20:
        return np.zeros(2), False
    middle = np.median(points[near], axis=0)
    share = float(np.count_nonzero(((points - middle) ** 2).sum(axis=1) < 0.1**2)) / total
    # A large even patch is believed, a few pixels hardly; shifts under 0.03 are what every white shirt has.
    size = float(np.hypot(*middle))
    trust = min(share / 0.04, 1.0) * max(size - 0.03, 0.0) / max(size, 1e-9)
    return np.asarray(-0.9 * trust * middle), share > 0.01
