"""Flyaway strands thinned in the matte: what is thin and stands off the head's main outline fades out on the new backdrop."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.stages.planes import disc, ramp
from f2p.values.pixels import Plane

_STRAND = 0.03
"""Half the width, in inter-eye distances, of the widest thing that still counts as a strand."""
_BODY = 0.07
"""Half the width of the narrowest lock that still belongs to the body of hair."""
_NEAR, _FAR = 0.05, 0.14
"""Distance from the outline at which strands begin to fade, and are gone."""
_LEAST = 0.004
"""Faded area, in inter-eye distances squared, from which on there was something to do."""


def stray_hair_mask(alpha: Plane, iod_px: float) -> Plane:
    """(H, W) float32 0..1: how much of each pixel is a flyaway strand; 0 on the body of hair, face, ears, clothes.

    alpha: (H, W) float32 0..1, the person in the finished raster.
    """
    body = cv2.morphologyEx((alpha > 0.6).astype(np.uint8), cv2.MORPH_OPEN, disc(max(1, round(_BODY * iod_px))))
    # Hollows of the outline (under the ears, between neck and hair) belong to the person: earrings hang there.
    pad = round(0.45 * iod_px)
    wide = cv2.copyMakeBorder(body, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=(0,))
    hull = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, disc(max(1, pad)))[pad : -pad or None, pad : -pad or None]
    away = cv2.distanceTransform((hull == 0).astype(np.uint8), cv2.DIST_L2, 5)
    broad = cv2.morphologyEx(alpha, cv2.MORPH_OPEN, disc(max(1, round(_STRAND * iod_px))))
    thin = np.asarray(alpha - np.asarray(broad, dtype=np.float32), dtype=np.float32)
    share = thin / np.maximum(alpha, 1e-3)
    strand = ramp(np.asarray(share, dtype=np.float32), 0.3, 0.8) * ramp(
        np.asarray(away, dtype=np.float32), _NEAR * iod_px, _FAR * iod_px
    )
    found = np.asarray(strand * (alpha > 0.0), dtype=np.float32)
    return found if float((found * alpha).sum()) >= _LEAST * iod_px * iod_px else np.zeros_like(found)


def stray_hair(alpha: Plane, mask: Plane) -> Plane:
    """The matte with its flyaway strands faded: alpha · (1 − mask)."""
    return np.asarray(alpha * (1.0 - mask), dtype=np.float32)
