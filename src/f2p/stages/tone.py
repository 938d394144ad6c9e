"""The skin's colour: blotches evened, or the whole skin a little lighter in its own hue."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages import facemesh
from f2p.stages.facemap import (
    CloseUp,
    FaceMap,
    around,
    close_up,
    filled,
    grown,
    hull,
    median,
    moved,
    put_back,
    spread,
    to_lab,
    window_of,
)
from f2p.stages.planes import Float, disc, gauss, ramp, scaled
from f2p.stages.srgb import CODE_STEPS, encoding_table, linear_light
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Amount

EVEN_SHARES = {Amount.NONE: 0.0, Amount.LIGHT: 0.4, Amount.MEDIUM: 0.6, Amount.STRONG: 0.8}
EVEN_LIMIT = 7.0
"""a*, b*: no colour is moved further, so a birthmark pales and stays."""
LEAST_BLOTCHES = 0.35
"""Mean a*, b* that would move; skin more even than that is told so."""
LIFTS = {Amount.NONE: 1.0, Amount.LIGHT: 1.13, Amount.MEDIUM: 1.24, Amount.STRONG: 1.38}
"""Gain in linear light on the skin's own tone: 1/6, 1/3, 1/2 stop. Equal on all channels, so hue and undertone stay."""


def even_tone_mask(rgb: Rgb8, face: FaceMap) -> Plane:
    """(H, W) float32 0..1: the facial skin; 0 everywhere where its colour is even already."""
    look = close_up(rgb, face)
    move = _evening(look.lab, look.skin, look.iod_px)
    blotchy = np.any(look.skin > 0.5) and float(np.abs(move)[look.skin > 0.5].mean()) >= LEAST_BLOTCHES * look.depth
    return look.back(look.skin if blotchy else np.zeros_like(look.skin))


def even_tone(rgb: Rgb8, mask: Plane, face: FaceMap, amount: Amount) -> Rgb8:
    """Blotches of colour brought nearer the face's own; lightness and all that is finer than 0.02 inter-eye distances stay."""
    window = window_of(mask, round(0.5 * face.iod_px) + 2)
    if window is None or amount is Amount.NONE:
        return rgb
    source, part = rgb[window], mask[window]
    lab = to_lab(source)
    change = np.zeros_like(lab)
    change[..., 1:] = np.float32(EVEN_SHARES[amount]) * _evening(lab, part, face.iod_px)
    return put_back(rgb, window, moved(source, lab, change, part))


def _evening(lab: Float, mask: Plane, iod: float) -> Float:
    """(H, W, 2) what brings a*, b* to the wide mean: half of it a mean over a third of the face, so that the cheeks stay rosy."""
    chroma = np.ascontiguousarray(lab[..., 1:])
    known = np.asarray(mask + np.float32(1e-5), dtype=np.float32)
    near = around(chroma, known, max(0.02 * iod, 0.8))
    far = 0.5 * (around(chroma, known, 0.12 * iod) + around(chroma, known, 0.4 * iod))
    return np.asarray(EVEN_LIMIT * np.tanh((far - near) / EVEN_LIMIT), dtype=np.float32)


def whiten_mask(rgb: Rgb8, face: FaceMap) -> Plane:
    """(H, W) float32 0..1: face, ears and neck, wherever the person has this face's skin colour; 0 on eyes, hair and clothes.

    Its edge inside the skin is wide and soft, and brows and lips are left out softly, so that no mask edge shows.
    """
    look = close_up(rgb, face, 72.0, below=3.0)
    return look.back(_all_skin(look))


def whiten(rgb: Rgb8, mask: Plane, face: FaceMap, amount: Amount) -> Rgb8:
    """Skin lighter by a part of a stop, all channels alike; the nearer to white the less, so that nothing clips."""
    del face  # the lift needs no ruler; every change has the same four arguments
    window = window_of(mask, 2)
    if window is None or amount is Amount.NONE:
        return rgb
    source, part = rgb[window], mask[window]
    linear = linear_light(source)
    gain = np.float32(LIFTS[amount] - 1.0)
    peak = linear.max(axis=2)
    # A parabola in the brightest channel: full gain in the shadows, none at white, monotone for gains below 2.
    factor = 1.0 + gain * part * (1.0 - peak)
    codes = encoding_table()[
        np.clip(np.rint(scaled(linear, np.asarray(factor, dtype=np.float32)) * CODE_STEPS), 0, CODE_STEPS).astype(np.int32)
    ]
    rounded = np.rint(codes * np.float32(255.0)).astype(np.uint8)
    return put_back(rgb, window, np.where(part[..., None] > 0.0, rounded, source))


def _all_skin(look: CloseUp) -> Float:
    iod, lab, shape = look.iod_px, look.lab, look.skin.shape
    if np.count_nonzero(look.skin > 0.7) < 50:
        return np.zeros(shape, np.float32)
    smooth = gauss(lab, max(0.02 * iod, 0.7))
    light = np.ascontiguousarray(smooth[..., 0])
    level = max(median(light, look.skin), 1.0)
    off = np.zeros(shape, np.float32)
    for channel in (1, 2):
        # Shade and shine have less colour; per unit of lightness it stays.
        ratio = np.asarray(smooth[..., channel] * (level / np.maximum(light, 12.0)), dtype=np.float32)
        width = max(spread(ratio, look.skin), 2.5)
        off += ((ratio - median(ratio, look.skin)) / (3.4 * width)) ** 2
    alike = 1.0 - ramp(np.sqrt(off), 0.9, 1.5)
    bright = ramp(np.asarray(light / level, dtype=np.float32), 0.34, 0.55)
    fine = gauss(np.asarray(np.abs(lab[..., 0] - light), dtype=np.float32), max(0.05 * iod, 1.0))
    usual = max(median(fine, look.skin), 0.5)
    plain = 1.0 - ramp(np.asarray(fine / usual, dtype=np.float32), 3.0, 5.0)
    likely = np.maximum(alike * bright * plain * _near_face(look), look.skin) * ramp(look.alpha, 0.6, 1.0)
    # Strands and specks of that colour go, small holes close; then the edge is made wide.
    opened = cv2.morphologyEx(np.asarray(likely, dtype=np.float32), cv2.MORPH_OPEN, disc(max(1, round(0.04 * iod))))
    closed = np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, disc(max(1, round(0.07 * iod)))), dtype=np.float32)
    soft = ramp(gauss(closed, max(0.05 * iod, 0.8)), 0.1, 0.9)
    return np.asarray(soft * (1.0 - _features(look)) * ramp(look.alpha, 0.3, 0.9), dtype=np.float32)


def _near_face(look: CloseUp) -> Float:
    """1 on the face, its ears and the neck, fading out over the chest: beige clothes and hands further away are not meant."""
    mesh, iod = look.mesh, look.iod_px
    down = mesh[facemesh.CHIN] - mesh[facemesh.TOP]
    down = down / max(float(np.hypot(*down)), 1e-6)
    across = np.array([-down[1], down[0]], np.float32)
    if across[0] < 0:
        across = -across
    raised = mesh[list(facemesh.FACE_OVAL)].copy()
    raised[list(facemesh.FACE_OVAL).index(facemesh.TOP)] -= down * 0.5 * iod
    face = grown(filled([hull(raised)], look.skin.shape), 0.22 * iod)
    chin = mesh[facemesh.CHIN]
    corners = ((-0.75, -0.6), (0.75, -0.6), (0.95, 0.75), (-0.95, 0.75))
    neck = np.array([chin + (x * across + y * down) * iod for x, y in corners], np.float32)
    area = np.maximum(face, filled([neck], look.skin.shape))
    return ramp(gauss(area, 0.22 * iod), 0.05, 0.6)


def _features(look: CloseUp) -> Float:
    """Eyes wholly, lips and brows softly."""
    mesh, shape, iod = look.mesh, look.skin.shape, look.iod_px
    eyes = filled([mesh[list(facemesh.RIGHT_EYE)], mesh[list(facemesh.LEFT_EYE)]], shape)
    lips = filled([mesh[list(facemesh.LIPS)]], shape)
    eyes = ramp(gauss(grown(eyes, 0.02 * iod), max(0.02 * iod, 0.6)), 0.0, 0.7)
    return np.asarray(np.maximum(eyes, 0.8 * gauss(lips, max(0.03 * iod, 0.6))), dtype=np.float32)
