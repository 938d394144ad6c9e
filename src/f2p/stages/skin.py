"""Where bare facial skin is, found from landmarks and a colour model learned on this face's own cheeks.

No complexion is built in: the face's own lightness and colour are the reference, so the same numbers serve every skin.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages import facemesh
from f2p.stages.planes import Float, disc, gauss, ramp, resized
from f2p.stages.srgb import LUMINANCE, linear_light
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8

WORK_IOD_PX = 112.0
"""The mask is found at no more than this inter-eye distance and enlarged: its edges are soft, so more pixels say nothing more."""


def skin_mask(rgb: Rgb8, mesh: Points, alpha: Plane) -> Plane:
    """How surely each pixel is bare facial skin: (H, W) float32 0..1, soft-edged, exactly 0 away from the face.

    Left out: hair and fringe, brows, eyes with lashes, lips, nostrils, dark glasses frames, beards, the edge of the matte. Neck
    and ears are not in it. rgb: (H, W, 3) uint8 sRGB; mesh: (N >= 468, 2) float32 px of this raster; alpha: (H, W) float32 0..1.
    All sizes follow the inter-eye distance (IOD).
    """
    height, width = alpha.shape
    mask = np.zeros((height, width), np.float32)
    iod = facemesh.inter_eye_px(mesh)
    low, high = mesh.min(axis=0) - (0.25 * iod, 0.9 * iod), mesh.max(axis=0) + 0.25 * iod
    left, top = (max(int(v), 0) for v in low)
    right, bottom = min(int(high[0]) + 1, width), min(int(high[1]) + 1, height)
    if right - left < 8 or bottom - top < 8:
        return mask
    scale = min(1.0, WORK_IOD_PX / iod)
    size = (max(round((right - left) * scale), 8), max(round((bottom - top) * scale), 8))
    small, opaque = resized(rgb[top:bottom, left:right], *size), resized(alpha[top:bottom, left:right], *size)
    ratio = np.array([size[0] / (right - left), size[1] / (bottom - top)], np.float32)
    points = (mesh - (left, top) + 0.5) * ratio - 0.5
    found = _find(small, points.astype(np.float32), opaque)
    mask[top:bottom, left:right] = resized(found, right - left, bottom - top)
    mask[alpha < 0.5] = 0.0
    return mask


def _find(rgb: Rgb8, points: Points, alpha: Plane) -> Float:
    """The mask of one small face crop."""
    iod = facemesh.inter_eye_px(points)
    area = _face_area(points, alpha.shape)
    parts = _parts(points, alpha.shape)
    inside = area * (1.0 - parts) * (alpha > 0.9)
    likely = _without_islands(inside * _likeness(rgb, points, inside, iod), iod)
    firm = np.asarray(cv2.erode(likely, disc(max(1, round(0.012 * iod)))), dtype=np.float32)
    solid = np.asarray(cv2.erode(alpha, np.ones((3, 3), np.uint8)), dtype=np.float32)
    soft = gauss(firm, max(0.02 * iod, 0.7)) * (1.0 - parts) * ramp(solid, 0.9, 1.0)
    # Blur leaves a long faint tail; the ramp ends it, so that "outside" is exactly 0.
    return ramp(soft.astype(np.float32), 0.06, 0.9)


def _likeness(rgb: Rgb8, points: Points, inside: Float, iod: float) -> Float:
    """How like this face's cheeks each pixel is, 0..1: log luminance against a smooth fit, colour ratios, fine texture."""
    linear = linear_light(rgb)
    smooth = gauss(linear, max(0.012 * iod, 0.5)) + np.float32(0.002)
    red, green, blue = (np.log(smooth[..., i]) for i in range(3))
    luma = np.log(smooth @ LUMINANCE)
    seeds = _seeds(points, luma.shape, iod) * inside > 0.5
    if np.count_nonzero(seeds) < 12:
        return np.zeros_like(luma)
    off = luma - _fit(luma, inside, seeds)
    bright = ramp(off, -0.75, -0.38) * (1.0 - ramp(off, 0.9, 1.4))
    distance = np.zeros_like(luma)
    for plane, floor in ((red - green, 0.12), (blue - green, 0.17)):
        middle = np.median(plane[seeds])
        spread = max(1.48 * float(np.median(np.abs(plane[seeds] - middle))), floor)
        # Shine is the lamp's colour, so bright skin may lose its own.
        distance += ((plane - middle) / (spread * (1.0 + 1.5 * np.maximum(off, 0.0)))) ** 2
    colour = 1.0 - ramp(np.sqrt(distance).astype(np.float32), 2.3, 3.6)
    # Clipped, so that one strong edge (lip, frame, jaw) does not spread as texture.
    fine = np.clip(luma - gauss(luma, max(0.03 * iod, 1.0)), -0.3, 0.3)
    texture = np.sqrt(gauss(fine * fine, max(0.03 * iod, 1.0)))
    usual = max(float(np.median(texture[seeds])), 0.03)
    return np.asarray(bright * colour * (1.0 - ramp(np.asarray(texture / usual, dtype=np.float32), 3.0, 5.0)), dtype=np.float32)


def _fit(luma: Float, inside: Float, seeds: NDArray[np.bool_]) -> Float:
    """The skin's own light across the face: a robust quadratic of log luminance (Tukey's biweight), started at the cheeks.

    Hair, beard and frames are far darker than the fit and fall out; a face lit from one side is followed.
    """
    rows, columns = luma.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x, y = (x / columns - 0.5) * 2.0, (y / rows - 0.5) * 2.0
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y], axis=-1)
    # The curved terms are held back: the forehead is often seen only by extrapolation.
    hold = np.diag([0.0, 0.02, 0.02, 0.25, 1.0])
    # Every fourth pixel is plenty for five numbers.
    picked = np.flatnonzero(inside > 0.5)[::4]
    values, design = luma.ravel()[picked].astype(np.float64), terms.reshape(-1, 5)[picked].astype(np.float64)
    near = seeds.ravel()[picked]
    if not near.any():
        return np.full_like(luma, np.median(luma[seeds]))
    solution = np.array([np.median(values[near]), 0.0, 0.0, 0.0, 0.0])
    for limit in (1.2, 0.9, 0.7, 0.7):
        off = (values - design @ solution) / limit
        weight = np.where(np.abs(off) < 1.0, (1.0 - off * off) ** 2, 0.0) * np.where(near, 3.0, 1.0)
        weight /= max(float(weight.sum()), 1e-9)
        normal = design.T @ (design * weight[:, None]) + hold * 0.1
        target = design.T @ (values * weight)
        solution = np.linalg.solve(normal, target)
    return np.asarray(terms @ solution.astype(np.float32), dtype=np.float32)


def _without_islands(likely: Float, iod: float) -> Float:
    """Strands and specks of skin colour in hair are no skin: what is thinner than 0.08 IOD goes, then patches under 0.16 IOD²."""
    opened = cv2.morphologyEx(likely, cv2.MORPH_OPEN, disc(max(1, round(0.04 * iod))))
    likely = np.asarray(opened, dtype=np.float32)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((likely > 0.3).astype(np.uint8), connectivity=4)
    large = stats[:, cv2.CC_STAT_AREA] >= 0.16 * iod * iod
    large[0] = False
    return np.asarray(likely * large[labels], dtype=np.float32)


def _face_area(points: Points, shape: tuple[int, ...]) -> Float:
    """The face oval, raised over the forehead to where the hairline can be."""
    iod = facemesh.inter_eye_px(points)
    up = points[facemesh.TOP] - points[facemesh.CHIN]
    up = up / max(float(np.hypot(*up)), 1e-6)
    raised = points.copy()
    count = len(facemesh.FOREHEAD)
    for place, index in enumerate(facemesh.FOREHEAD):
        raised[index] += up * (0.55 * iod * np.sin(np.pi * place / (count - 1)) ** 0.7)
    return _filled([raised[list(facemesh.FACE_OVAL)]], shape)


def _parts(points: Points, shape: tuple[int, ...]) -> Float:
    """Brows, eyes, lips and nostrils with their margins, 0..1, soft."""
    iod = facemesh.inter_eye_px(points)
    parts = np.zeros(shape, np.float32)
    groups: tuple[tuple[tuple[tuple[int, ...], ...], float], ...] = (
        ((facemesh.RIGHT_EYE, facemesh.LEFT_EYE), 0.085),
        ((facemesh.RIGHT_BROW, facemesh.LEFT_BROW), 0.05),
        ((facemesh.LIPS,), 0.045),
        (facemesh.NOSTRILS, 0.045),
    )
    for outlines, margin in groups:
        filled = cv2.dilate(_filled([points[list(o)] for o in outlines], shape), disc(max(1, round(margin * iod))))
        parts = np.maximum(parts, np.asarray(filled, dtype=np.float32))
    return ramp(gauss(parts, max(0.015 * iod, 0.6)), 0.0, 0.8)


def _seeds(points: Points, shape: tuple[int, ...], iod: float) -> Float:
    seeds = np.zeros(shape, np.uint8)
    for x, y in points[list(facemesh.CHEEKS)]:
        cv2.circle(seeds, (round(float(x)), round(float(y))), max(1, round(0.1 * iod)), 1, cv2.FILLED)
    return seeds.astype(np.float32)


def _filled(outlines: list[Points], shape: tuple[int, ...]) -> Float:
    """Polygons filled with 1, edges smooth to 1/16 px."""
    canvas = np.zeros(shape, np.uint8)
    for outline in outlines:
        hull = cv2.convexHull(outline.astype(np.float32)) if len(outline) < 12 else outline
        cv2.fillPoly(canvas, [np.round(hull.reshape(-1, 2) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / np.float32(255)
