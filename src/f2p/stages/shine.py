"""Shine on forehead, nose and cheeks brought back towards the skin's own tone.

Skin reflects twice: in its own colour from below the surface, and in the lamp's colour from the film on it (Shafer's dichromatic
model, 1985). Shine is where the second part stands out.
"""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages.facemap import CloseUp, FaceMap, around, close_up, closed, grown, median, moved, put_back, to_lab, window_of
from f2p.stages.planes import Float, disc, gauss, ramp
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Amount

SHARES = {Amount.NONE: 0.0, Amount.LIGHT: 0.3, Amount.MEDIUM: 0.42, Amount.STRONG: 0.55}
KNEE = 2.5
"""L* above the skin's tone that stays whole: a face without any highlight looks cut out of paper."""


def shine_mask(rgb: Rgb8, face: FaceMap) -> Plane:
    """(H, W) float32 0..1: skin that is brighter and less coloured than the skin around it; 0 everywhere where none shines."""
    look = close_up(rgb, face)
    return look.back(_shining(look))


def shine(rgb: Rgb8, mask: Plane, face: FaceMap, amount: Amount) -> Rgb8:
    """Highlights lowered towards the tone that the skin around them has; what is finer than 0.04 inter-eye distances stays."""
    window = window_of(mask, round(0.5 * face.iod_px) + 2)
    if window is None or amount is Amount.NONE:
        return rgb
    iod, source, part = face.iod_px, rgb[window], mask[window]
    lab = to_lab(source)
    known = np.asarray(face.skin[window] * (1.0 - ramp(part, 0.0, 0.5)) + np.float32(1e-4), dtype=np.float32)
    tone = around(lab, known, 0.16 * iod)
    off = gauss(lab, max(0.04 * iod, 0.8)) - tone
    high = np.clip(off[..., 0] - KNEE, 0.0, None)
    change = np.zeros_like(lab)
    change[..., 0] = -np.float32(SHARES[amount]) * high
    # Colour comes back as far as light goes: a clipped highlight must not turn grey.
    share = high / np.maximum(high + KNEE, 1e-3)
    change[..., 1:] = -np.float32(0.8 * SHARES[amount]) * np.clip(off[..., 1:], -14.0, 14.0) * share[..., None]
    return put_back(rgb, window, moved(source, lab, change, part))


def _shining(look: CloseUp) -> Float:
    iod, lab = look.iod_px, look.lab
    skin = closed(look.skin, 0.05 * iod)  # a burnt-out highlight is skin too
    if np.count_nonzero(skin > 0.5) < 50:
        return np.zeros_like(skin)
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    own = median(chroma, skin) / max(median(light, skin), 1.0)
    smooth_light, smooth_chroma = gauss(light, max(0.018 * iod, 0.8)), gauss(chroma, max(0.03 * iod, 1.0))
    # The body's own tone: a wide mean of what is not brighter than it, found in two passes.
    body = around(light, skin, 0.4 * iod)
    for _ in range(2):
        dull = skin * (1.0 - ramp(np.asarray(smooth_light - body, dtype=np.float32), 0.0, 4.0))
        body = around(light, np.asarray(dull, dtype=np.float32), 0.4 * iod)
    brighter = ramp(np.asarray(smooth_light - body, dtype=np.float32), 4.0, 11.0)
    paler = 1.0 - ramp(np.asarray(smooth_chroma / np.maximum(smooth_light, 1.0) / max(own, 1e-3), dtype=np.float32), 0.72, 0.98)
    found = np.asarray(skin * brighter * paler, dtype=np.float32)
    sure = (found > 0.5).astype(np.uint8)
    if np.count_nonzero(sure) < 0.012 * iod * iod:
        return np.zeros_like(skin)
    soft = gauss(grown(found, 0.03 * iod), max(0.06 * iod, 0.8))
    # A wide way out towards brows, hair and outline: a bright rim left there would show what was done.
    inner = gauss(np.asarray(cv2.erode(skin, disc(max(1, round(0.04 * iod)))), dtype=np.float32), max(0.05 * iod, 0.8))
    return np.asarray(ramp(soft, 0.08, 0.8) * ramp(inner, 0.02, 0.98) * skin, dtype=np.float32)
