"""Reflections on glasses taken back to the skin and eye that they cover; the frame is never touched.

A reflection lies on what is behind the glass like a veil (I = S + veil). Outside the eye the skin's tone says how thick it is;
over the eye itself its thickness is carried on from around. Where the veil is burnt out to white, nothing is left of S.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from f2p.stages import facemesh
from f2p.stages.facemap import CloseUp, FaceMap, around, close_up, filled, grown, median, moved, put_back, to_lab, window_of
from f2p.stages.glasses import Glasses, find_glasses
from f2p.stages.planes import Float, disc, gauss, ramp
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8

SHARE = 0.85
"""How much of the veil goes; the rest says that there is glass."""
BURNT = 96.0
"""L* from which a reflection holds nothing of what it covers."""
_LEAST = 0.004
"""Area in inter-eye distances squared from which on a reflection is worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlareSeen:
    """What was found. mask: (H, W) float32 0..1, 0 everywhere where there is nothing to do; burnt: white over an eye."""

    mask: Plane
    glasses: bool
    burnt: bool


def find_glare(rgb: Rgb8, face: FaceMap) -> GlareSeen:
    """Reflections inside the lenses. A picture burnt out over an eye gets no mask: half a repair would look like a mistake."""
    look = close_up(rgb, face)
    seen = find_glasses(look)
    nothing = look.back(np.zeros_like(look.alpha))
    if not seen.seen:
        return GlareSeen(mask=nothing, glasses=False, burnt=False)
    eyes = _eyes(look.mesh, look.alpha.shape)
    mask = _veils(look, seen, eyes)
    white = (look.lab[..., 0] >= BURNT) & (np.hypot(look.lab[..., 1], look.lab[..., 2]) < 8.0) & (eyes > 0.5)
    burnt = bool(np.count_nonzero(white) >= 0.2 * np.count_nonzero(eyes > 0.5)) and bool(np.any(mask > 0.0))
    return GlareSeen(mask=nothing if burnt else look.back(mask), glasses=True, burnt=burnt)


def glasses_glare(rgb: Rgb8, mask: Plane, face: FaceMap) -> Rgb8:
    """The veil taken off: lightness and colour brought to the skin's tone, what is finer than 0.02 inter-eye distances stays."""
    iod = face.iod_px
    window = window_of(mask, round(0.6 * iod) + 2)
    if window is None:
        return rgb
    source, part, skin = rgb[window], mask[window], face.skin[window]
    lab = to_lab(source)
    mesh = face.mesh - np.array([window[1].start, window[0].start], np.float32)
    near_eye = grown(_eyes(mesh, part.shape), 0.04 * iod)
    glass = np.asarray(part * (1.0 - near_eye), dtype=np.float32)
    share, over = _veil(lab, glass, skin, iod)
    veil = np.asarray(over * share[..., None], dtype=np.float32)
    # Over the eye the veil is what it is around it: the eye's own white and dark are left to it.
    carried = around(veil, np.asarray(glass + np.float32(1e-6), dtype=np.float32), 0.07 * iod)
    veil += (carried - veil) * ramp(gauss(near_eye, max(0.02 * iod, 0.6)), 0.0, 1.0)[..., None]
    veil[..., 0] = np.maximum(veil[..., 0], 0.0)
    return put_back(rgb, window, moved(source, lab, np.asarray(-np.float32(SHARE) * veil, dtype=np.float32), part))


def _eyes(mesh: Points, shape: tuple[int, ...]) -> Float:
    return filled([mesh[list(facemesh.RIGHT_EYE)], mesh[list(facemesh.LEFT_EYE)]], shape)


def _veil(lab: Float, glass: Float, skin: Plane, iod: float) -> tuple[Float, Float]:
    """How veiled each pixel is, 0..1, and how far it is from the tone of unveiled skin behind and around the glass."""
    smooth = gauss(lab, max(0.018 * iod, 0.7))
    outside = np.asarray(skin * (1.0 - glass), dtype=np.float32)
    own = np.array([median(np.ascontiguousarray(lab[..., channel]), skin) for channel in (1, 2)])
    size = max(float(np.hypot(*own)), 4.0)
    tone = around(lab, np.asarray(outside + np.float32(1e-5), dtype=np.float32), 0.22 * iod)
    share = np.zeros_like(glass)
    for _ in range(2):
        over = smooth - tone
        # How much of the skin's own colour is missing: 0 on skin, 1 on grey, more on the green of a coating.
        lost = -(over[..., 1] * own[0] + over[..., 2] * own[1]) / size**2
        share = ramp(np.asarray(lost, dtype=np.float32), 0.03, 0.18) * ramp(np.ascontiguousarray(over[..., 0]), 0.3, 3.0)
        # Skin behind glass is a little darker than beside it: where it is not veiled it is the better witness.
        witness = glass * (1.0 - grown(share, 0.02 * iod)) * (np.abs(over[..., 0]) < 16.0)
        tone = around(lab, np.asarray(witness + 0.1 * outside + np.float32(1e-5), dtype=np.float32), 0.12 * iod)
    return share, np.asarray(smooth - tone, dtype=np.float32)


def _veils(look: CloseUp, seen: Glasses, eyes: Float) -> Float:
    """Patches inside the lenses, clear of the frame, that are brighter and less skin-coloured than the skin around, with room."""
    iod, lab = look.iod_px, look.lab
    lenses = filled(list(seen.lenses), look.alpha.shape)
    level = median(np.ascontiguousarray(lab[..., 0]), look.skin)
    lack = np.asarray(level - gauss(np.ascontiguousarray(lab[..., 0]), max(0.01 * iod, 0.6)), dtype=np.float32)
    frame = grown(np.asarray(ramp(lack, 24.0, 36.0) * (1.0 - grown(eyes, 0.1 * iod)), dtype=np.float32), 0.015 * iod)
    free = np.asarray(cv2.erode(lenses, disc(max(1, round(0.03 * iod)))) * (1.0 - frame), dtype=np.float32)
    glass = np.asarray(free * (1.0 - grown(eyes, 0.04 * iod)), dtype=np.float32)
    share, over = _veil(lab, glass, look.skin, iod)
    sure = np.asarray(ramp(share, 0.6, 1.0) * ramp(np.ascontiguousarray(over[..., 0]), 3.5, 8.0) * glass, dtype=np.float32)
    sure = np.asarray(cv2.morphologyEx(sure, cv2.MORPH_OPEN, disc(max(1, round(0.012 * iod)))), dtype=np.float32)
    if float(sure.sum()) < _LEAST * iod * iod:
        return np.zeros_like(glass)
    # With room around the patches: how far it is cleared is said by the veil itself, not by this outline.
    near = grown(np.asarray(sure, dtype=np.float32), 0.13 * iod)
    for eye in (facemesh.RIGHT_EYE, facemesh.LEFT_EYE):
        ring = grown(filled([look.mesh[list(eye)]], glass.shape), 0.1 * iod)
        touched = float((sure * ring).sum()) > 0.12 * float((glass * ring).sum())
        near = (
            np.maximum(near, ring) if touched else near * (1.0 - grown(filled([look.mesh[list(eye)]], glass.shape), 0.03 * iod))
        )
    soft = gauss(np.asarray(near * free, dtype=np.float32), max(0.012 * iod, 0.6))
    return np.asarray(ramp(soft, 0.1, 0.8) * free, dtype=np.float32)
