"""Noise: measured as it is, taken out where it is, and a clean picture is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from f2p.stages.denoise import CLEAN, denoised, noise_of
from f2p.stages.planes import gauss
from f2p.values.pixels import Rgb8


def noisy(rgb: Rgb8, deviation: float) -> Rgb8:
    """The picture with the grain of a dark room."""
    grain = np.random.default_rng(5).normal(0, deviation, rgb.shape[:2])[..., None]
    return np.clip(np.rint(rgb + grain), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("deviation", [4.0, 8.0, 14.0])
def test_noise_is_measured(astronaut: Rgb8, deviation: float) -> None:
    """On a real portrait the measure lies within a fifth of what was added."""
    assert noise_of(noisy(astronaut, deviation)) == pytest.approx(deviation, rel=0.2)


def test_a_clean_picture_is_left_alone(astronaut: Rgb8) -> None:
    """A good portrait measures as clean, and the very array comes back."""
    assert noise_of(astronaut) < CLEAN
    assert denoised(astronaut, noise_of(astronaut)) is astronaut


@pytest.mark.parametrize("deviation", [6.0, 10.0])
def test_noise_goes_and_the_picture_stays(astronaut: Rgb8, deviation: float) -> None:
    """The error against the cleaner picture falls by a sixth (it has grain of its own), edges keep their height, colours stay."""
    grainy = noisy(astronaut, deviation)
    result = denoised(grainy, noise_of(grainy))

    def error(rgb: Rgb8) -> float:
        return float(np.sqrt(((rgb.astype(float) - astronaut) ** 2).mean()))

    def edges(rgb: Rgb8) -> float:
        smooth = gauss(rgb.astype(np.float32).mean(axis=2), 1.5)
        return float(np.percentile(np.hypot(*np.gradient(smooth)), 98))

    assert error(result) < 0.84 * error(grainy)
    assert edges(result) > 0.9 * edges(astronaut)
    assert np.abs(result.mean(axis=(0, 1)) - grainy.mean(axis=(0, 1))).max() < 0.5


def test_skin_keeps_its_own_texture(paint_face) -> None:
    """The skin of a face keeps its moles, and as much fine contrast as before the noise came, give or take a half."""
    face = paint_face("medium", 120.0)
    rng = np.random.default_rng(3)
    pores = gauss(rng.normal(0, 1, face.alpha.shape).astype(np.float32), 1.0) * 12
    pored = np.clip(np.rint(face.rgb + pores[..., None]), 0, 255).astype(np.uint8)
    result = denoised(noisy(pored, 5.0), 5.0)

    def fine(rgb: Rgb8) -> float:
        grey = rgb.astype(np.float32).mean(axis=2)
        return float(np.var((grey - gauss(grey, 2.5))[face.skin & ~face.parts & ~face.moles]))

    assert 0.5 < fine(result) / fine(pored) < 1.5
    depth = [float(rgb[face.moles].mean() - rgb[face.skin & ~face.moles & ~face.parts].mean()) for rgb in (pored, result)]
    assert depth[1] == pytest.approx(depth[0], rel=0.1)


def test_the_same_picture_gives_the_same_bytes(astronaut: Rgb8) -> None:
    """Twice is the same."""
    grainy = noisy(astronaut, 6.0)[100:260, 150:310]
    assert np.array_equal(denoised(grainy, 6.0), denoised(grainy, 6.0))


@pytest.mark.parametrize("shape", [(8, 8, 3), (31, 200, 3), (64, 64, 3)])
def test_small_and_flat_pictures_have_no_noise(shape: tuple[int, int, int]) -> None:
    """Nothing to measure is clean, not an error."""
    assert noise_of(np.zeros(shape, np.uint8)) == 0.0
