"""The skin mask: all bare skin, nothing but bare skin, the same for every complexion and size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from f2p.stages import facemesh
from f2p.stages.skin import skin_mask
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8


def _inner(plane, radius_px: float):
    side = 2 * max(1, round(radius_px)) + 1
    return cv2.erode(plane.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


@pytest.mark.parametrize("complexion", ["fair", "medium", "brown", "deep"])
@pytest.mark.parametrize("iod_px", [60.0, 120.0])
def test_every_complexion_is_covered_alike(paint_face, complexion, iod_px):
    """Well inside the face nine tenths of the bare skin are found, whatever its tone; brows, eyes, lips and hair are not."""
    face = paint_face(complexion, iod_px)
    mask = skin_mask(face.rgb, face.mesh, face.alpha)
    oval = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(oval, [np.rint(face.mesh[list(facemesh.FACE_OVAL)]).astype(np.int32)], 1)
    bare = _inner(face.skin & (oval > 0), 0.16 * iod_px)
    assert mask[bare].mean() > 0.9
    assert mask[face.parts].max() < 0.05
    assert mask[_inner(face.hair, 0.03 * iod_px)].max() == 0.0


def test_mask_is_a_plane_and_zero_away_from_the_face(paint_face):
    """The mask is float32 in 0..1, exactly 0 on clothes and wherever the person is not solid."""
    face = paint_face("brown", 80.0)
    mask = skin_mask(face.rgb, face.mesh, face.alpha)
    assert mask.dtype == np.float32
    assert mask.shape == face.alpha.shape
    assert mask.min() == 0.0
    assert mask.max() <= 1.0
    assert not mask[face.shirt].any()
    assert not mask[face.alpha < 0.5].any()


def test_mask_follows_the_matte(paint_face):
    """What the matte says is not the person is never skin, even in the middle of a cheek."""
    face = paint_face("fair", 80.0)
    alpha = face.alpha.copy()
    x, y = np.rint(face.mesh[50]).astype(int)
    alpha[y - 8 : y + 8, x - 8 : x + 8] = 0.0
    assert not skin_mask(face.rgb, face.mesh, alpha)[alpha == 0.0].any()


def test_mask_scales_with_the_face(paint_face):
    """The same face twice as large gives the same mask, twice as large."""
    small, large = paint_face("medium", 90.0), paint_face("medium", 180.0)
    first = skin_mask(small.rgb, small.mesh, small.alpha)
    second = skin_mask(large.rgb, large.mesh, large.alpha)
    halved = cv2.resize(second, first.shape[::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(first - halved).mean() < 0.02


@pytest.mark.parametrize("complexion", ["fair", "deep"])
def test_a_face_lit_from_one_side_keeps_both_cheeks(paint_face, complexion):
    """A cheek in shade one stop and a half deeper than the other is still skin."""
    face = paint_face(complexion, 100.0, side_stops=1.5)
    mask = skin_mask(face.rgb, face.mesh, face.alpha)
    for index in (50, 280):
        x, y = np.rint(face.mesh[index]).astype(int)
        assert mask[y, x] > 0.9


def test_real_portrait(astronaut: Rgb8, astronaut_mesh: Points):
    """On the sample portrait cheeks and chin are skin; lips, eyes, brows, fringe and the wall are not."""
    alpha = np.ones(astronaut.shape[:2], np.float32)
    mask = skin_mask(astronaut, astronaut_mesh, alpha)

    def at(index: int) -> float:
        x, y = np.rint(astronaut_mesh[index]).astype(int)
        return float(mask[y, x])

    assert min(at(50), at(280), at(199)) > 0.9
    assert max(at(13), at(14), at(468), at(473), at(105), at(334), at(10)) == 0.0
    assert not mask[:60].any()
    assert not mask[200:].any()


def test_a_face_outside_the_picture_gives_an_empty_mask(paint_face):
    """Where the mesh lies beyond the raster there is no skin and no error."""
    face = paint_face("medium", 60.0)
    assert not skin_mask(face.rgb, face.mesh + 10_000, face.alpha).any()
