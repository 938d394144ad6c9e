"""From a network's coarse alpha to one that follows single hairs: guard, band, closed form, and the way up to full size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.closed_form import solve_band
from f2p.stages.colour_cue import ColourCue, colour_cue
from f2p.stages.planes import gauss
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8

SOLVE_SIDE_PX = 512
"""Long side at which the band is solved; larger costs time and scored no better (384..640 measured)."""
_GUARD_SIDE_PX = 192
_NEAR_PX, _DEEP_PX = 14, 16
"""The guard works on a small square raster; hair within this reach of its edge, outside and inside, is none of its business."""
_NOTHING, _SOLID = 0.02, 0.98
"""Alpha below and above which there is only backdrop, only person."""
_GAP_SHARE = 0.006
"""Half the gap over which a strand still belongs to the head, as a share of the long side."""
_HAZE = 0.7
"""Broad alpha below this fades out, the fainter the more."""
_MEASURED, _GUESSED = 0.2, 0.6
"""Haze stays where the alpha is less unsure than the first, and goes wholly from the second on."""
_STRAND_SHARE = 0.003
"""Half the width of the widest strand kept whatever its alpha, as a share of the long side."""
_STRIP_PX = 128
"""Rows carried up at a time."""
_BAND_SHARE = 0.008
"""The band reaches this share of the long side beyond the network's own doubt."""
_HAIR_REACH, _PLAIN_EDGE, _HAIR_EDGE = 0.012, 0.28, 0.45
"""Within this reach (share of the long side) a plain edge is soft over at most the one share of pixels, hair over the other."""
_STEEPER = 1.7
"""The network draws plain edges wider than lenses do."""
_NETWORK, _NETWORK_SURE = 25.0, 2500.0
"""One over the variance of the network's alpha in its doubt (0.2 squared), and what is added where it is sure."""
_COLOUR_SHARE, _COLOUR_MOST = 0.3, 2000.0
"""Colours of neighbours are not independent: their precision counts in part, and never as certainty."""
_PULL = 8e-5
"""From precision to the solver's scale (Laplacian rows have diagonals of about 9)."""


def guarded(alpha: Plane, person: Plane) -> Plane:
    """`alpha` with far islands removed and deep holes filled, as a coarse semantic mask knows them.

    alpha, person: (H, W) float32 0..1. The mask decides only well away from its own edge: hair stays the fine network's.
    """
    small = cv2.resize(person, (_GUARD_SIDE_PX, _GUARD_SIDE_PX), interpolation=cv2.INTER_AREA)
    near = cv2.dilate((small > 0.3).astype(np.uint8), _disc(_NEAR_PX))
    deep = cv2.erode((small > 0.9).astype(np.uint8), _disc(_DEEP_PX), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    size = (alpha.shape[1], alpha.shape[0])
    ceiling = cv2.resize(near.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    floor = cv2.resize(deep.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    return np.clip(alpha, floor, np.maximum(ceiling, floor)).astype(np.float32)


def connected(alpha: Plane, x: float, y: float) -> Plane:
    """`alpha` (H, W) without what is not joined to the person at px (x, y): a neighbour's hand, a lamp, a picture on the wall.

    Gaps of a few pixels still join, so that loose strands stay.
    """
    joined = cv2.dilate((alpha > _NOTHING).astype(np.uint8), _disc(max(1, round(_GAP_SHARE * max(alpha.shape)))))
    _, labels = cv2.connectedComponents(joined, connectivity=8)
    row = int(np.clip(round(y), 0, alpha.shape[0] - 1))
    column = int(np.clip(round(x), 0, alpha.shape[1] - 1))
    return np.asarray(np.where(labels == labels[row, column], alpha, 0.0), dtype=np.float32)


def mean_inside(plane: Plane, outline: Points) -> float:
    """Mean of `plane` (H, W) inside the closed `outline` (N, 2) px: how much of a face a person mask covers."""
    area = np.zeros(plane.shape, np.uint8)
    cv2.fillPoly(area, [np.rint(outline).astype(np.int32)], (1,))
    return float(plane[area > 0].mean()) if area.any() else 0.0


@dataclass(frozen=True, slots=True)
class Edges:
    """Refined edges. alpha: (H, W) float32 0..1 at full size; the rest at solving size (h, w).

    solved: the alpha there; unsure: 0..1, where in the band neither network nor colours are certain.
    """

    alpha: Plane
    solved: Plane
    unsure: Plane


def refined(rgb: Rgb8, alpha: Plane, side_px: int = SOLVE_SIDE_PX) -> Edges:
    """Alpha at the size of `rgb` that follows its edges; `alpha` (H, W) float32 0..1 is the guarded coarse one.

    `alpha` has the size of `rgb`, or shows the same part smaller, but no smaller than what is solved.
    The band is solved at no more than `side_px` and carried up by local linear models of the colours (He, Sun, Tang, PAMI 2013),
    so the time hardly grows with the picture. The solver is pulled towards the network where that is sure, towards the
    colours where they tell person and backdrop apart, and towards the network's edge, steepened, where a plain edge runs
    between colours that do not.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, side_px / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small_rgb = rgb if scale == 1.0 else cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    small_alpha: Plane = (
        alpha if alpha.shape == size[::-1] else np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), np.float32)
    )
    colours = small_rgb.astype(np.float32) / np.float32(255.0)
    band = unknown_band(small_alpha)
    cue = colour_cue(colours, small_alpha, band)
    prior, trust = _prior(small_alpha, cue)
    solved = solve_band(colours, np.where(band, prior, small_alpha).astype(np.float32), band, trust)
    unsure = np.asarray(np.where(band, 1.0 - cue.reliance, 0.0), dtype=np.float32)
    full = settled(solved) if scale == 1.0 else _carried_up(rgb, colours, solved, band)
    return Edges(full, solved, unsure)


def without_haze(alpha: Plane, unsure: Plane | None = None) -> Plane:
    """Alpha (H, W) for a new backdrop: broad faint patches gone, single hairs kept.

    What is faint over an area wider than a strand is often the old backdrop that a blurred edge let through; on a new colour it
    would stand as smoke. A morphological opening finds it: strands are thinner than its disc. It goes as far as `unsure` (any
    size, 0..1; none: wholly) says that colours could not measure it: before a plain wall, soft locks are real.
    """
    broad = cv2.morphologyEx(alpha, cv2.MORPH_OPEN, _disc(max(1, round(_STRAND_SHARE * max(alpha.shape)))))
    haze = broad * np.clip((_HAZE - broad) / (0.67 * _HAZE), 0.0, 1.0)
    if unsure is not None:
        guessed = np.clip((unsure - _MEASURED) / (_GUESSED - _MEASURED), 0.0, 1.0)
        haze *= cv2.resize(guessed, alpha.shape[::-1], interpolation=cv2.INTER_LINEAR)
    cleared = (alpha - haze) / np.maximum(1.0 - haze, 1e-3)
    return np.asarray(np.clip(cleared, 0.0, 1.0), dtype=np.float32)


def unknown_band(alpha: Plane) -> NDArray[np.bool_]:
    """(H, W) bool: where the alpha is in doubt, plus a little around it."""
    doubt = ((alpha > 0.02) & (alpha < 0.98)).astype(np.uint8)
    return np.asarray(cv2.dilate(doubt, _disc(max(1, round(_BAND_SHARE * max(alpha.shape))))) > 0)


def settled(alpha: Plane) -> Plane:
    """Alpha with its ends snapped to 0 and 1: backdrops come out pure, faces solid, and no breath of the old backdrop stays."""
    return np.asarray(np.clip((alpha - _NOTHING) / (_SOLID - _NOTHING), 0.0, 1.0), dtype=np.float32)


def hairy(alpha: Plane) -> Plane:
    """(H, W) 0..1: 0 along plain edges, 1 where the soft zone is wide, which is hair (or a network that does not know)."""
    soft = ((alpha > 0.1) & (alpha < 0.9)).astype(np.float32)
    share = gauss(soft, _HAIR_REACH * max(alpha.shape))
    return np.asarray(np.clip((share - _PLAIN_EDGE) / (_HAIR_EDGE - _PLAIN_EDGE), 0.0, 1.0), dtype=np.float32)


def _prior(alpha: Plane, cue: ColourCue) -> tuple[Plane, Plane]:
    """What the solver is pulled towards, (H, W), and how firmly: network and colours, each weighed by its precision."""
    sure = (np.abs(alpha - 0.5) * 2.0) ** 16
    plain = (1.0 - hairy(alpha)) * (1.0 - cue.reliance)
    steep = np.clip((alpha - 0.5) * _STEEPER + 0.5, 0.0, 1.0)
    network = alpha * (1.0 - plain) + steep * plain
    by_network = _NETWORK + _NETWORK_SURE * sure
    by_colour = _COLOUR_SHARE * np.minimum(cue.precision, _COLOUR_MOST)
    total = by_network + by_colour
    mixed = (by_colour * cue.alpha + by_network * network) / total
    trust = np.maximum(_PULL * total, 0.002 + 0.2 * sure + 0.1 * plain)
    return mixed.astype(np.float32), trust.astype(np.float32)


def _carried_up(rgb: Rgb8, colours: NDArray[np.float32], solved: Plane, band: NDArray[np.bool_]) -> Plane:
    """`solved` at the size of `rgb`, settled: inside the band alpha = a · colour + b with a, b fitted small and enlarged.

    Strip by strip: a phone's whole picture needs the memory of its alpha, not of a dozen planes.
    """
    height, width = rgb.shape[:2]
    slope, bias = _linear_model(colours, solved, band)
    # Enlarged across first, so that each strip only has to mix neighbouring rows.
    wide = [_widened(plane, width) for plane in (solved, bias, slope[:, :, 0], slope[:, :, 1], slope[:, :, 2])]
    columns = np.flatnonzero(band.any(axis=0))
    ratio_x = width / band.shape[1]
    x = slice(int(columns[0] * ratio_x), min(width, int((columns[-1] + 1) * ratio_x) + 1)) if columns.size else slice(0, 0)
    big_columns = (np.arange(width) * band.shape[1] // width)[x]
    out: Plane = np.empty((height, width), dtype=np.float32)
    for top in range(0, height, _STRIP_PX):
        y = slice(top, min(height, top + _STRIP_PX))
        strip = _rows_between(wide[0], height, y)
        inside = band[np.arange(y.start, y.stop) * band.shape[0] // height][:, big_columns]
        if inside.any():
            fitted = _rows_between(wide[1][:, x], height, y)
            for channel in range(3):
                fitted += _rows_between(wide[2 + channel][:, x], height, y) * (rgb[y, x, channel] * np.float32(1 / 255))
            strip[:, x] = np.where(inside, np.clip(fitted, 0.0, 1.0), strip[:, x])
        out[y] = settled(strip)
    return out


def _widened(plane: Plane, width: int) -> Plane:
    """`plane` (h, w) enlarged across to (h, width), linear."""
    return np.asarray(cv2.resize(plane, (width, plane.shape[0]), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _rows_between(plane: Plane, height: int, rows: slice) -> Plane:
    """Those rows of `plane` (h, w) enlarged downwards to `height`, linear: what cv2.resize would give, without the rest."""
    last = plane.shape[0] - 1
    place = np.clip((np.arange(rows.start, rows.stop) + 0.5) * (plane.shape[0] / height) - 0.5, 0.0, last)
    above = np.minimum(place.astype(np.intp), max(last - 1, 0))
    share = (place - above).astype(np.float32)[:, None]
    upper = plane[above]
    return np.asarray(upper + (plane[np.minimum(above + 1, last)] - upper) * share, dtype=np.float32)


def _linear_model(
    colours: NDArray[np.float32], alpha: Plane, band: NDArray[np.bool_], eps: float = 1e-4
) -> tuple[NDArray[np.float32], Plane]:
    """Per pixel the a (H, W, 3) and b (H, W) of alpha = a · colour + b over its 3 × 3 window, averaged over the windows.

    Right inside `band` and next to it; elsewhere alpha itself is used.
    """

    def mean(plane: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(plane, (3, 3)), dtype=np.float32)

    near = cv2.dilate(band.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    mu, mean_alpha = mean(colours), mean(alpha)
    cov_alpha = (mean(colours * alpha[:, :, None]) - mu * mean_alpha[:, :, None])[near]
    outer = np.empty((cov_alpha.shape[0], 3, 3), dtype=np.float32)
    for i in range(3):
        for j in range(i, 3):
            outer[:, i, j] = (mean(colours[:, :, i] * colours[:, :, j]) - mu[:, :, i] * mu[:, :, j])[near]
            outer[:, j, i] = outer[:, i, j]
    outer += np.eye(3, dtype=np.float32) * eps
    slope = np.zeros_like(colours)
    slope[near] = np.linalg.solve(outer, cov_alpha[..., None])[..., 0]
    bias = mean_alpha - (slope * mu).sum(axis=2)
    return mean(slope), mean(bias)


def _disc(radius: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), dtype=np.uint8)
