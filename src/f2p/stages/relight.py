"""Fields of light: smooth gains that even a face lit from one side, lift its shadow, or lift a person against the light."""

from __future__ import annotations

import cv2
import numpy as np
from cv2 import ximgproc

from f2p.stages.planes import Float, disc, extremes, gauss, resized
from f2p.stages.srgb import LUMINANCE, linear_light
from f2p.values.pixels import Plane, Rgb8

EVENING = 0.9
"""Share of the left-right difference that goes; all of it would look flat."""
MOST_ODD = 0.6
"""Natural log units by which one side of a face may be moved."""
LIT_TOP = 0.85
"""Linear light that the brightest channel reaches in a well exposed neighbourhood; lifting stops there."""
_SIDE_PX = 160
"""The fields are found on a raster no larger: they are smooth, so more pixels say nothing more."""


def even_gain(rgb: Rgb8, skin: Plane, *, lift_only: bool) -> Float:
    """(H, W) smooth gain that brings the two sides of the face nearer: only the odd, left-right part of the light is touched.

    What both sides share (nose, cheeks, jaw: the modelling) stays, and so does everything finer than an eighth of the face. Fades
    out away from the face. lift_only: the darker side comes up and the brighter one stays; else they meet, nearer to the
    brighter one. rgb: (H, W, 3) uint8 sRGB; skin: (H, W) float32 0..1.
    """
    small = _small(rgb, skin)
    if small is None:
        return np.ones(skin.shape, np.float32)
    tones, bare, width_px = small
    light = np.log(linear_light(tones) @ LUMINANCE + np.float32(0.003))
    size = (bare.shape[1], bare.shape[0])
    turn = np.array([[-1.0, 0.0, 2.0 * face_axis(bare)], [0.0, 1.0, 0.0]], np.float64)

    def mirrored(plane: Float) -> Float:
        return np.asarray(cv2.warpAffine(plane, turn, size, flags=cv2.INTER_LINEAR), dtype=np.float32)

    both = bare * mirrored(bare)
    sigma = 0.13 * width_px
    weight = gauss(both, sigma)
    smooth = np.asarray(gauss(light * both, sigma) / np.maximum(weight, np.float32(1e-4)), dtype=np.float32)
    half = np.clip((smooth - mirrored(smooth)) * np.float32(0.5), -MOST_ODD, MOST_ODD)
    odd = half * (weight / (weight + np.float32(0.02)))
    # Lift the shadow more than dim the light side; dim nothing where only the shadow is to go.
    share, knee = (1.0, 0.02) if lift_only else (0.4, 0.05)
    lift = share * (np.sqrt(odd * odd + knee**2) - knee)
    field = gauss(np.exp(EVENING * (lift - odd)).astype(np.float32), 0.3 * sigma)
    return _full(field, skin.shape)


def backlight_gain(rgb: Rgb8, alpha: Plane, skin: Plane, most: float) -> Float:
    """(H, W) gain of at most `most` where the person is dark, falling to 1 where a neighbourhood is bright already (rim, shirt).

    A fill light in front of the person: hair, face and clothes come up together, edges between bright and dark stay where they
    are (guided filter, He et al., PAMI 2013), and no complexion is a target. rgb: (H, W, 3) uint8 sRGB; alpha, skin: (H, W)
    float32 0..1.
    """
    small = _small(rgb, skin)
    if small is None:
        return np.full(skin.shape, most, np.float32)
    tones, _, width_px = small
    size = (tones.shape[1], tones.shape[0])
    solid = resized(alpha, *size)
    top = extremes(linear_light(tones))[1] * solid
    reach = max(1, round(0.06 * width_px))
    bright = np.asarray(cv2.dilate(top, disc(reach)), dtype=np.float32)
    field = np.clip(np.float32(LIT_TOP) / np.maximum(bright, np.float32(1e-3)), 1.0, np.float32(most)).astype(np.float32)
    field = np.asarray(ximgproc.guidedFilter(np.sqrt(top), field, 2 * reach + 1, 0.01), dtype=np.float32)
    return np.clip(_full(gauss(field, 0.5 * reach), skin.shape), 1.0, np.float32(most)).astype(np.float32)


def face_axis(bare: Float) -> float:
    """The face's middle as x: where the skin's columns fit their own mirror image best."""
    profile = bare.sum(axis=0)
    return float(np.convolve(profile, profile).argmax()) / 2.0


def _small(rgb: Rgb8, skin: Plane) -> tuple[Rgb8, Plane, float] | None:
    """Picture and skin on the raster of the fields, and the face's width there; None where no face is seen."""
    height, width = skin.shape
    scale = min(1.0, _SIDE_PX / max(height, width))
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    bare = resized(skin, *size)
    known = np.flatnonzero(bare.sum(axis=0) > 0.5)
    if known.size < 6:
        return None
    return resized(rgb, *size), bare, float(known[-1] - known[0] + 1)


def _full(field: Float, shape: tuple[int, ...]) -> Float:
    return np.asarray(cv2.resize(field, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), dtype=np.float32)
