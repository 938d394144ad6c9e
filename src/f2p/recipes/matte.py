"""The person's alpha at source size."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.engines.suite import Engines
from f2p.files import encode_gray
from f2p.recipes.id_photo import Product
from f2p.recipes.study import Reach, study
from f2p.recipes.subject import Wanted, find_subject
from f2p.recipes.trace import Trace
from f2p.stages.matting import refined
from f2p.stages.warp import moved_plane
from f2p.values.outcome import Check, FinishedFile
from f2p.values.pixels import Photo, Plane, Rgb8
from f2p.values.plan import MattePlan

_WHOLE = Reach(up=3.0, down=9.0, side=4.5)
"""The whole person in one look; the close look at head and shoulders replaces it where it sees better."""


def make_matte(photo: Photo, plan: MattePlan, engines: Engines, trace: Trace) -> Product:
    """An 8-bit grey PNG of the picture's size, 255 = person. Raises PhotoError kinds."""
    subject = find_subject(photo, Wanted(plan.face, None), engines, trace)
    near = study(subject, False, Reach(), engines, trace)
    far = study(subject, False, _WHOLE, engines, trace)
    size = (subject.photo.width_px, subject.photo.height_px)
    whole = moved_plane(far.alpha, far.matrix.inverse(), *size)
    close = moved_plane(near.alpha, near.matrix.inverse(), *size)
    weight = moved_plane(_feathered(near.alpha), near.matrix.inverse(), *size)
    coarse = (close * weight + whole * (1.0 - weight)).astype(np.float32)
    alpha = trace.run("refine_edges", _refined_where_needed, subject.photo.rgb, coarse)
    data = trace.run("encode", encode_gray, np.rint(alpha * 255.0).astype(np.uint8))
    check = Check(name="width_px", value=size[0], wanted=str(size[0]), ok=True, unit="px")
    return Product(files=(FinishedFile(data=data, suffix=".png", role="alpha"),), checks=(check,), placement={})


def _refined_where_needed(rgb: Rgb8, coarse: Plane) -> Plane:
    """The refinement on the person's surroundings only: a small person in a large picture keeps all its pixels."""
    rows, columns = np.flatnonzero((coarse > 0.02).any(axis=1)), np.flatnonzero((coarse > 0.02).any(axis=0))
    if rows.size == 0:
        return coarse
    y = slice(max(0, int(rows[0]) - 16), int(rows[-1]) + 17)
    x = slice(max(0, int(columns[0]) - 16), int(columns[-1]) + 17)
    alpha = np.zeros_like(coarse)
    alpha[y, x] = refined(np.ascontiguousarray(rgb[y, x]), np.ascontiguousarray(coarse[y, x]))
    return alpha


def _feathered(alpha: Plane) -> Plane:
    """1 inside, falling to 0 towards the raster's rim, so that two looks join without a seam."""
    height, width = alpha.shape
    rim = max(4, round(0.06 * max(height, width)))
    core = np.zeros((height, width), np.float32)
    core[rim:-rim, rim:-rim] = 1.0
    return np.asarray(cv2.blur(core, (rim, rim)), dtype=np.float32)
