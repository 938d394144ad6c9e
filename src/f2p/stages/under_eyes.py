"""Under the eyes: dark circles brought nearer the cheek's tone, bags made flatter. Two things, so two stages on one crescent."""

from __future__ import annotations

import numpy as np

from f2p.stages import facemesh
from f2p.stages.facemap import CloseUp, FaceMap, around, close_up, filled, grown, moved, put_back, to_lab, window_of
from f2p.stages.planes import Float, gauss, ramp
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Amount

SHARES = {Amount.NONE: 0.0, Amount.LIGHT: 0.32, Amount.MEDIUM: 0.45, Amount.STRONG: 0.58}
BAG_SHARES = {Amount.NONE: 0.0, Amount.LIGHT: 0.35, Amount.MEDIUM: 0.52, Amount.STRONG: 0.7}
LEAST_CIRCLE, LEAST_BAG = 2.0, 0.7
"""CIELAB units on light skin: fainter is no dark circle, no bag."""
MOST = np.array([14.0, 6.0, 6.0], np.float32)
_LIDS = ((33, 7, 163, 144, 145, 153, 154, 155, 133), (263, 249, 390, 373, 374, 380, 381, 382, 362))
"""Lower lids from the outer to the inner corner."""
_CHEEKBONES = (152, 10)


def dark_circles_mask(rgb: Rgb8, face: FaceMap) -> Plane:
    """(H, W) float32 0..1: the crescents under both eyes; 0 everywhere where they are not darker than the cheeks."""
    look = close_up(rgb, face)
    mask = _crescents(look, 0.38)
    if not np.any(mask > 0.5):
        return look.back(np.zeros_like(mask))
    lack = _tone(look.lab, mask, look.skin, look.iod_px) - around(look.lab, mask, 0.05 * look.iod_px)
    dark = float(np.clip(lack[..., 0], 0.0, None)[mask > 0.5].mean())
    return look.back(mask if dark >= LEAST_CIRCLE * look.depth else np.zeros_like(mask))


def dark_circles(rgb: Rgb8, mask: Plane, face: FaceMap, amount: Amount) -> Rgb8:
    """The crescents' broad darkness and blue lifted towards the cheek below; folds, lashes and pores stay."""
    window = window_of(mask, round(0.6 * face.iod_px) + 2)
    if window is None or amount is Amount.NONE:
        return rgb
    source, part = rgb[window], mask[window]
    lab = to_lab(source)
    low = around(lab, part, max(0.05 * face.iod_px, 1.0))
    lack = _tone(lab, part, face.skin[window], face.iod_px) - low
    lack[..., 0] = np.maximum(lack[..., 0], 0.0)
    change = np.float32(SHARES[amount]) * np.clip(lack, -MOST, MOST)
    return put_back(rgb, window, moved(source, lab, np.asarray(change, dtype=np.float32), part))


def eye_bags_mask(rgb: Rgb8, face: FaceMap) -> Plane:
    """(H, W) float32 0..1: the crescents with bag and fold; 0 everywhere where the skin under the eyes is flat."""
    look = close_up(rgb, face)
    mask = _crescents(look, 0.5)
    if not np.any(mask > 0.5):
        return look.back(np.zeros_like(mask))
    relief = _relief(look.lab[..., 0], mask, look.iod_px)
    return look.back(mask if float(relief[mask > 0.5].std()) >= LEAST_BAG * look.depth else np.zeros_like(mask))


def eye_bags(rgb: Rgb8, mask: Plane, face: FaceMap, amount: Amount) -> Rgb8:
    """The bag's fold lifted and its bulge lowered by half as much: only lightness between 0.02 and 0.1 inter-eye distances."""
    window = window_of(mask, round(0.6 * face.iod_px) + 2)
    if window is None or amount is Amount.NONE:
        return rgb
    source, part = rgb[window], mask[window]
    lab = to_lab(source)
    relief = _relief(lab[..., 0], part, face.iod_px)
    change = np.zeros_like(lab)
    change[..., 0] = np.float32(-BAG_SHARES[amount]) * np.clip(np.where(relief < 0.0, relief, 0.5 * relief), -9.0, 9.0)
    return put_back(rgb, window, moved(source, lab, change, part))


def _relief(light: Float, mask: Plane, iod: float) -> Float:
    """Lightness between folds' width and bags' width; only the mask itself is looked at, so that lashes give nothing."""
    return np.asarray(around(light, mask, max(0.02 * iod, 0.8)) - around(light, mask, max(0.1 * iod, 2.0)), dtype=np.float32)


def _tone(lab: Float, mask: Plane, skin: Plane, iod: float) -> Float:
    """The tone that the cheek below carries up."""
    known = np.asarray(skin * (1.0 - ramp(mask, 0.0, 0.2)) + np.float32(1e-5), dtype=np.float32)
    return around(lab, known, 0.16 * iod)


def _crescents(look: CloseUp, depth: float) -> Float:
    """Both crescents, `depth` inter-eye distances deep, without lashes, frames of glasses and hair."""
    iod, mesh = look.iod_px, look.mesh
    down = (mesh[_CHEEKBONES[0]] - mesh[_CHEEKBONES[1]]) / max(
        float(np.hypot(*(mesh[_CHEEKBONES[0]] - mesh[_CHEEKBONES[1]]))), 1e-6
    )
    outlines: list[Points] = []
    for lid in _LIDS:
        points = mesh[list(lid)]
        share = np.linspace(0.0, 1.0, len(lid), dtype=np.float32)[:, None]
        upper = points + down * (0.05 + 0.02 * np.sin(np.pi * share)) * iod
        lower = points + down * (0.12 + (depth - 0.12) * np.clip(np.sin(np.pi * share), 0.0, 1.0) ** 0.8) * iod
        outlines.append(np.concatenate([upper, lower[::-1]]).astype(np.float32))
    area = filled(outlines, look.skin.shape, 0.035 * iod)
    eyes = filled([mesh[list(lid)] for lid in (facemesh.RIGHT_EYE, facemesh.LEFT_EYE)], look.skin.shape)
    area = area * (1.0 - ramp(gauss(grown(eyes, 0.035 * iod), max(0.015 * iod, 0.6)), 0.0, 0.8))
    return np.asarray(area * _like_cheek(look) * (look.alpha > 0.95), dtype=np.float32)


def _like_cheek(look: CloseUp) -> Float:
    """1 where the tone could be shaded skin, 0 on frames, lashes and hair (far darker, or of no skin colour), with their rims."""
    iod = look.iod_px
    near = gauss(look.lab, max(0.008 * iod, 0.6))
    off = near - around(look.lab, np.asarray(look.skin + np.float32(1e-5), dtype=np.float32), 0.25 * iod)
    alien = np.maximum(ramp(-off[..., 0], 20.0, 32.0), ramp(np.hypot(off[..., 1], off[..., 2]), 12.0, 20.0))
    alien = np.maximum(alien, ramp(off[..., 0], 14.0, 22.0))
    return np.asarray(
        1.0 - gauss(grown(np.asarray(alien, dtype=np.float32), 0.02 * iod), max(0.012 * iod, 0.6)), dtype=np.float32
    )
