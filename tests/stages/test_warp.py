"""Moving pixels: exact where nothing changes, nothing skipped when shrinking, masks and pictures alike."""

from __future__ import annotations

import math

import numpy as np
import pytest

from f2p.stages.warp import area_mean, covered, mirrored, moved_plane, quarter_turned, samples_for, warped
from f2p.values.geometry import Affine
from f2p.values.pixels import Photo, Source


def picture(height: int = 60, width: int = 80) -> np.ndarray:
    """Noise, so that every misplaced pixel shows."""
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


def photo(rgb: np.ndarray) -> Photo:
    """The picture as an opened photo."""
    return Photo(rgb=rgb, dpi=None, source=Source(format="PNG", width_px=80, height_px=60, bytes=1, sha256=""))


def test_a_shift_moves_pixels_exactly() -> None:
    """A move by whole pixels at scale 1 changes no value."""
    rgb = picture()
    moved = warped(rgb, Affine(1, 0, -10, 0, 1, -5), 40, 30)

    np.testing.assert_array_equal(moved, rgb[5:35, 10:50])


def test_shrinking_by_a_whole_factor_is_the_area_mean() -> None:
    """At a quarter of the size each pixel is the mean of its 4 × 4 source pixels, up to rounding."""
    rgb = picture()
    small = warped(rgb, Affine.scaling(0.25), 20, 15)
    mean = rgb.reshape(15, 4, 20, 4, 3).mean(axis=(1, 3))

    assert np.abs(small.astype(float) - mean).max() <= 1.0


@pytest.mark.parametrize(("scale", "samples"), [(2.0, 1), (1.0, 1), (0.5, 2), (0.4, 3), (0.01, 12)])
def test_samples_follow_the_scale(scale: float, samples: int) -> None:
    """Enough samples that no source pixel is skipped, one when enlarging, never without bound."""
    assert samples_for(Affine.scaling(scale)) == samples


def test_turns_and_planes_agree() -> None:
    """A mask moved by the same matrix stays on the picture it belongs to."""
    rgb = np.zeros((100, 100, 3), np.uint8)
    rgb[40:60, 30:70] = 255
    angle = math.radians(20)
    turn = Affine(math.cos(angle), -math.sin(angle), 30.0, math.sin(angle), math.cos(angle), -10.0)
    moved = warped(rgb, turn, 110, 110)[:, :, 0].astype(float) / 255.0
    mask = moved_plane(rgb[:, :, 0].astype(np.float32) / 255.0, turn, 110, 110)

    assert np.abs(moved - mask).mean() < 0.01


def test_coverage_ends_with_the_source() -> None:
    """What lies beyond the picture's edge is not covered, to the pixel."""
    inside = covered(80, 60, Affine(1, 0, 5, 0, 1, 7), 100, 100)

    assert inside[7:67, 5:85].all()
    assert inside.sum() == 60 * 80


def test_area_mean_and_turns_keep_values() -> None:
    """Averaging squares keeps the mean; quarter turns and mirrors only move pixels."""
    plane = np.random.default_rng(5).random((40, 60), dtype=np.float32)

    assert area_mean(plane, 2).shape == (20, 30)
    assert float(area_mean(plane, 2).mean()) == pytest.approx(float(plane.mean()), abs=1e-5)
    rgb = picture()
    np.testing.assert_array_equal(quarter_turned(photo(rgb), 90).rgb, np.rot90(rgb, -1))
    np.testing.assert_array_equal(quarter_turned(photo(rgb), 0).rgb, rgb)
    np.testing.assert_array_equal(mirrored(photo(rgb), True).rgb, rgb[:, ::-1])


def test_affine_inverse_and_order() -> None:
    """First one, then the other, and back again is where it began."""
    first, second = Affine(1.1, 0.2, 5, -0.2, 1.1, -3), Affine(0.5, 0, 2, 0, 0.5, 9)
    points = np.array([[3, 4], [100, 7]], np.float32)
    both = first.then(second)

    np.testing.assert_allclose(both.apply(points), second.apply(first.apply(points)), rtol=1e-5)
    np.testing.assert_allclose(both.inverse().apply(both.apply(points)), points, atol=1e-3)
