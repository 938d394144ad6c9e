"""Sharpening: crisper inside, nothing at the cut, no halo, no grain on skin."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from f2p.stages.sharpen import OVERSHOOT, sharpen
from f2p.stages.skin import skin_mask
from f2p.values.pixels import Rgb8


def crispness(rgb: Rgb8, where) -> float:
    """Mean squared Laplacian of luma in an area."""
    return float((cv2.Laplacian(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32), cv2.CV_32F) ** 2)[where].mean())


def test_detail_grows_more_off_the_skin(paint_face):
    """Brows, eyes and lips gain at least 10 % of edge energy; with its mask given, bare skin gains less than without."""
    face = paint_face("medium", 80.0)
    skin = skin_mask(face.rgb, face.mesh, face.alpha)
    spared, plain = sharpen(face.rgb, face.alpha, 80.0, skin), sharpen(face.rgb, face.alpha, 80.0)
    assert crispness(spared, face.parts) > 1.1 * crispness(face.rgb, face.parts)
    assert crispness(spared, skin > 0.9) < crispness(plain, skin > 0.9)


def test_the_cut_is_not_touched(paint_face):
    """Where the matte is not solid, and 2 px around, not one value changes: no bright rim on a new backdrop."""
    face = paint_face("fair", 80.0)
    result = sharpen(face.rgb, face.alpha, 80.0)
    near = cv2.dilate((face.alpha < 0.99).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    assert np.array_equal(result[near], face.rgb[near])
    assert not np.array_equal(result, face.rgb)


def test_no_halo_on_a_hard_edge():
    """Beside a step from 60 to 180 no pixel leaves that range by more than the allowed overshoot."""
    rgb = np.full((60, 60, 3), 60, np.uint8)
    rgb[:, 30:] = 180
    rgb = cv2.GaussianBlur(rgb, (0, 0), 0.8)
    result = sharpen(rgb, np.ones((60, 60), np.float32), 80.0).astype(int)
    assert result.min() >= 60 - OVERSHOOT
    assert result.max() <= 180 + OVERSHOOT
    assert np.abs(np.diff(result[30, :, 0])).max() > np.abs(np.diff(rgb[30, :, 0].astype(int))).max()


def test_flat_areas_and_faint_grain_stay():
    """A flat area does not change at all, grain of one level hardly."""
    alpha = np.ones((80, 80), np.float32)
    flat = np.full((80, 80, 3), 120, np.uint8)
    assert np.array_equal(sharpen(flat, alpha, 100.0), flat)
    grain = flat + np.random.default_rng(1).integers(0, 2, (80, 80, 1)).astype(np.uint8)
    assert np.abs(sharpen(grain, alpha, 100.0).astype(int) - grain).max() <= 1


def test_hue_stays(paint_face):
    """All three channels of a pixel move by the same step."""
    face = paint_face("brown", 60.0)
    change = sharpen(face.rgb, face.alpha, 60.0).astype(int) - face.rgb
    assert np.array_equal(change[..., 0], change[..., 1])
    assert np.array_equal(change[..., 1], change[..., 2])


def test_real_portrait_gets_crisper(astronaut: Rgb8):
    """The sample portrait's edge energy grows by 10 to 80 %."""
    where = np.ones(astronaut.shape[:2], bool)
    factor = crispness(sharpen(astronaut, where.astype(np.float32), 41.5), where) / crispness(astronaut, where)
    assert 1.1 < factor < 1.8


def test_a_face_without_size_is_refused(astronaut: Rgb8):
    """An inter-eye distance of 0 is a mistake of the caller."""
    with pytest.raises(ValueError, match="inter-eye"):
        sharpen(astronaut, np.ones(astronaut.shape[:2], np.float32), 0.0)
