"""How a face is lit and exposed, after the components of ISO/IEC 29794-5 (OFIQ) that need no network of their own.

Luminance and colour are read on the close-up of one face; the face hull is the mesh's own outline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from f2p.stages.facemap import CloseUp, filled
from f2p.stages.facemesh import FACE_OVAL, inter_eye_px
from f2p.stages.planes import Float
from f2p.values.geometry import Points

_CHEEK_PX = 0.30
"""Side of the square on each cheek, in inter-eye distances (OFIQ: IlluminationUniformity, NaturalColour)."""
_CHEEKS = (50, 280)
"""Mesh points in the middle of the person's right and left cheek."""
_LEAST_SHARE = 0.3
"""A cheek of which less is bare skin (beard, hair, a hand) says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceLight:
    """L*, a*, b* are CIELAB. None where neither or only one cheek is bare.

    sides: how much darker the darker half of the face is, in L*; tones: L* from the darkest to the brightest hundredth inside the
    face (pupils to highlights); over, under: shares 0..1 of the face at L* >= 97 and <= 10; middle: median L*; a, b: of the
    cheeks.
    """

    sides: float | None
    darker_left: bool
    tones: float
    over: float
    under: float
    top: float
    middle: float
    a: float | None
    b: float | None


def face_light(look: CloseUp) -> FaceLight:
    """Measures one close-up; its skin mask must be that of the same picture."""
    lightness = np.ascontiguousarray(look.lab[..., 0])
    inside = filled([look.mesh[list(FACE_OVAL)]], look.alpha.shape) > 0.5
    values = lightness[inside]
    low, high = (float(value) for value in np.percentile(values, (1.0, 99.5)))
    right, left = (_cheek(look, index) for index in _CHEEKS)
    sides: float | None = None
    tint: tuple[float, float] | None = None
    if right is not None and left is not None:
        sides = _halves(look, lightness)
    seen = [cheek for cheek in (right, left) if cheek is not None]
    if seen:
        tint = (float(np.mean([cheek[1] for cheek in seen])), float(np.mean([cheek[2] for cheek in seen])))
    return FaceLight(
        sides=None if sides is None else abs(sides),
        darker_left=sides is not None and sides > 0.0,
        tones=high - low,
        over=float((values >= 97.0).mean()),
        under=float((values <= 10.0).mean()),
        top=high,
        middle=float(np.median(lightness[look.skin > 0.5])) if (look.skin > 0.5).any() else float(np.median(values)),
        a=None if tint is None else tint[0],
        b=None if tint is None else tint[1],
    )


def _cheek(look: CloseUp, index: int) -> NDArray[np.float32] | None:
    """Mean L*, a*, b* of the bare skin in the square round one mesh point."""
    x, y = look.mesh[index]
    half = _CHEEK_PX / 2 * look.iod_px
    rows = slice(max(int(y - half), 0), max(int(y + half), 1))
    columns = slice(max(int(x - half), 0), max(int(x + half), 1))
    bare = look.skin[rows, columns] > 0.5
    if not bare.size or bare.mean() < _LEAST_SHARE:
        return None
    return np.asarray(look.lab[rows, columns][bare].mean(axis=0), dtype=np.float32)


def _halves(look: CloseUp, lightness: Float) -> float | None:
    """Median L* of the skin right of the face's middle line minus that left of it (as seen), in the band of the cheeks."""
    mesh: Points = look.mesh
    middle, chin = mesh[168], mesh[152]
    down = (chin - middle) / max(float(np.hypot(*(chin - middle))), 1e-6)
    rows, columns = lightness.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    across = (x - middle[0]) * down[1] - (y - middle[1]) * down[0]
    along = (x - middle[0]) * down[0] + (y - middle[1]) * down[1]
    iod = inter_eye_px(mesh)
    band = (look.skin > 0.5) & (along > 0.1 * iod) & (along < 1.3 * iod) & (np.abs(across) > 0.12 * iod)
    left, right = lightness[band & (across < 0.0)], lightness[band & (across > 0.0)]
    if min(left.size, right.size) < 30:
        return None
    return float(np.median(right) - np.median(left))
