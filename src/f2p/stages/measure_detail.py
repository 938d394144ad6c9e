"""Sharpness, halos, JPEG blocks and enlargement: what was done to the finest detail of a picture. Numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from f2p.stages.facemesh import inter_eye_px
from f2p.stages.planes import Float, gauss, resized
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8

_SHARP_IOD_PX = 90.0
"""Sharpness is asked for at the resolution that ICAO asks of a face; more pixels than that may be softer."""
_STRONG = 97
"""Percentile of the band-passed face that stands for its edges: flat skin says nothing about sharpness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Ratios of the face's edges in neighbouring octaves (difference-of-Gaussian bands at sigma 0.7, 1.4, 2.8, 5.6 px).

    sharp: finest band over the third, at no more than 90 px between the eyes (blur takes the finest away). crisp: second over
    third plus third over fourth at the picture's own size; natural edges stay below 1.6, halos raise it. blocks: how much
    larger steps are across borders of 8 px than inside, 8-bit levels. enlarged: strength of the pattern that interpolation
    leaves.
    """

    sharp: float
    crisp: float
    blocks: float
    enlarged: float


def detail_of(rgb: Rgb8, mesh: Points) -> Detail:
    """Measures the face of (H, W, 3) uint8 sRGB; mesh (478, 2) px."""
    luma = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.float32)
    iod = inter_eye_px(mesh)
    (left, top), (right, bottom) = mesh.min(axis=0) - 0.2 * iod, mesh.max(axis=0) + 0.2 * iod
    rows, columns = slice(max(int(top), 0), int(bottom) + 1), slice(max(int(left), 0), int(right) + 1)
    face = np.ascontiguousarray(luma[rows, columns])
    if min(face.shape) < 16:
        return Detail(sharp=0.0, crisp=0.0, blocks=0.0, enlarged=0.0)
    bands = _bands(face)
    scale = min(1.0, _SHARP_IOD_PX / iod)
    if scale < 1.0:
        small = _bands(resized(face, max(round(face.shape[1] * scale), 8), max(round(face.shape[0] * scale), 8)))
    else:
        small = bands
    return Detail(
        sharp=small[0] / small[2],
        crisp=bands[1] / bands[2] + bands[2] / bands[3],
        blocks=(_blocks(luma, columns) + _blocks(np.ascontiguousarray(luma.T), rows)) / 2.0,
        enlarged=max(_periodic(luma), _periodic(np.ascontiguousarray(luma.T))),
    )


def _bands(luma: Float) -> list[float]:
    """Strength of edges in four octaves, finest first."""
    levels = [luma, *(gauss(luma, sigma) for sigma in (0.7, 1.4, 2.8, 5.6))]
    return [max(float(np.percentile(np.abs(fine - coarse), _STRONG)), 1e-3) for fine, coarse in pairwise(levels)]


def _blocks(luma: Float, columns: slice) -> float:
    """Mean excess of the step across each eighth column border over the steps beside it, within the columns of the face.

    Clipped at 8 levels, so that edges of the picture itself do not count (after Wang, Bovik, Evans, ICIP 2000).
    """
    steps = np.abs(np.diff(luma, axis=1))
    excess = np.clip(steps[:, 1:-1] - (steps[:, :-2] + steps[:, 2:]) / 2.0, -8.0, 8.0)
    places = np.arange(excess.shape[1]) + 2
    inside = (places >= columns.start) & (places < columns.stop)
    on = (places % 8 == 0) & inside
    off = (places % 8 != 0) & inside
    return float(excess[:, on].mean() - excess[:, off].mean()) if on.any() and off.any() else 0.0


def _periodic(luma: Float) -> float:
    """Largest peak over the median in the spectrum of each column's mean second difference (Gallagher, CRV 2005).

    Interpolated columns are smoother at regular distances. Multiples of 1/8 belong to JPEG; doubling (1/2) falls under them.
    """
    second = np.minimum(np.abs(2.0 * luma[:, 1:-1] - luma[:, :-2] - luma[:, 2:]), 20.0)
    profile = np.log(second.mean(axis=0) + 0.05)
    profile = profile - cv2.blur(profile[None].astype(np.float32), (31, 1))[0]
    spectrum = np.abs(np.fft.rfft(profile * np.hanning(len(profile)), 4096))
    frequency = np.arange(len(spectrum)) / 4096.0
    counted = (frequency > 0.05) & (frequency < 0.49)
    for eighth in (0.125, 0.25, 0.375):
        counted &= np.abs(frequency - eighth) > 0.006
    return float(spectrum[counted].max() / max(float(np.median(spectrum[counted])), 1e-9))
