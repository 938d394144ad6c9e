"""The photo's own pixels laid back over a picture made from it: exact inside, soft outside, the made side in its colours."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.facemesh import CHIN
from f2p.stages.foreground import unmixed
from f2p.stages.headlines import eye_to_chin_px, eyes_middle
from f2p.stages.planes import Float, gauss, ramp
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8, sealed

_SOLID = 0.999
_HEAD_UP, _HEAD_SIDE, _UNDER_CHIN = 2.2, 1.7, 0.06
"""How far the head reaches from the eyes and below the chin, in eye-to-chin lengths: hair of every length above the shoulders."""
_FEATHER = 0.22
"""Width of the soft rim below the core, in eye-to-chin lengths."""
_RIM_PX = 3.0
"""From here on outside the core the seam is measured, and at most so many px: beside it, not in what was changed."""


@dataclass(frozen=True, slots=True)
class Core:
    """What must come from the photo. weight: (H, W) float32, 1 = the photo's own pixel, 0 outside; soft_px: the rim."""

    weight: Plane
    soft_px: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", sealed(self.weight))

    @property
    def solid(self) -> NDArray[np.bool_]:
        """(H, W) True where the photo's own pixel must come out."""
        return np.asarray(self.weight >= 1.0)


@dataclass(frozen=True, slots=True)
class Kept:
    """A composite: its pixels, by how many levels its core differs from the photo (0 or it is not handed out), and its seam.

    seam: mean difference in levels between the made picture and the photo right outside the core, after the colours were matched.
    """

    rgb: Rgb8
    core_difference: int
    seam: float


def whole_core(alpha: Plane) -> Core:
    """The whole person. alpha: (H, W) float32 0..1."""
    return Core(np.where(alpha >= _SOLID, np.float32(1.0), alpha), 0.0)


def face_core(alpha: Plane, mesh: Points) -> Core:
    """Face and hair: the person above the chin, near the face; below the chin it fades into what was made."""
    ruler = eye_to_chin_px(mesh)
    x, y = (float(value) for value in eyes_middle(mesh))
    chin = float(mesh[CHIN, 1])
    height, width = alpha.shape
    rows, columns = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None, :]
    soft = max(4.0, _FEATHER * ruler)
    below = np.clip((chin + _UNDER_CHIN * ruler + soft - rows) / soft, 0.0, 1.0)
    beside = np.clip((_HEAD_SIDE * ruler + soft - np.abs(columns - x)) / soft, 0.0, 1.0)
    above = np.clip((rows - (y - _HEAD_UP * ruler) + soft) / soft, 0.0, 1.0)
    near = np.minimum(np.minimum(below, beside), above)
    near = near * near * (3.0 - 2.0 * near)
    return Core(np.asarray(np.where(alpha >= _SOLID, np.float32(1.0), alpha) * near, dtype=np.float32), soft)


def kept(photo: Rgb8, made: Rgb8, core: Core, *, alpha: Plane) -> Kept:
    """The photo's core over the made picture. photo, made: (H, W, 3) uint8 sRGB of the same raster, already aligned.

    alpha: (H, W) 0..1 of the person, by which hair is freed of the photo's backdrop. Inside the core every pixel is the photo's.
    """
    matched = _matched(photo, made, core)
    own = unmixed(photo, alpha).rgb
    weight = core.weight[:, :, None]
    mixed = own.astype(np.float32) * weight + matched * (1.0 - weight)
    out = np.asarray(np.clip(np.rint(mixed), 0, 255), dtype=np.uint8)
    solid = core.solid
    out[solid] = photo[solid]
    difference = int(np.abs(out[solid].astype(np.int16) - photo[solid]).max(initial=0))
    return Kept(out, difference, _seam(photo, matched, core, alpha))


def _matched(photo: Rgb8, made: Rgb8, core: Core) -> Float:
    """The made picture, its colours moved by what they differ by inside the core's edge, fading away from it."""
    solid = core.solid.astype(np.float32)
    sigma = max(6.0, core.soft_px)
    difference = (photo.astype(np.float32) - made.astype(np.float32)) * solid[:, :, None]
    total = gauss(solid, sigma)
    local = gauss(difference, sigma) / np.maximum(total, 1e-3)[:, :, None]
    fading = ramp(total, 0.0, 0.5)[:, :, None]
    return np.asarray(np.clip(made.astype(np.float32) + local * fading, 0, 255), dtype=np.float32)


def _seam(photo: Rgb8, matched: Float, core: Core, alpha: Plane) -> float:
    """Mean levels, after a little blur, by which both sides differ on the person right outside the core; 0: no such place."""
    away = cv2.distanceTransform((~core.solid).astype(np.uint8), cv2.DIST_L2, 5)
    rim = (away > 0) & (away <= max(_RIM_PX, 0.5 * core.soft_px)) & (alpha >= _SOLID)
    if np.count_nonzero(rim) < 16:
        return 0.0
    apart = gauss(photo.astype(np.float32), 1.5) - gauss(matched, 1.5)
    return round(float(np.abs(apart[rim]).mean()), 2)
