"""The retouch: calmer skin that keeps pores and moles, and nothing else changes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from f2p.stages.facemap import to_lab
from f2p.stages.retouch import retouch
from f2p.stages.skin import skin_mask
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8
from f2p.values.plan import Retouch

SMOOTHING = (Retouch.LIGHT, Retouch.MEDIUM, Retouch.STRONG)


def fine_energy(rgb: Rgb8, inside, sigma: float) -> float:
    """Energy finer than a gauss of `sigma` px."""
    picture = rgb.astype(np.float32)
    return float(((picture - cv2.GaussianBlur(picture, (0, 0), sigma))[inside] ** 2).sum())


def band_energy(rgb: Rgb8, inside, fine: float, coarse: float) -> float:
    """Energy between two gausses, in px."""
    picture = rgb.astype(np.float32)
    return float(((cv2.GaussianBlur(picture, (0, 0), fine) - cv2.GaussianBlur(picture, (0, 0), coarse))[inside] ** 2).sum())


def test_none_gives_the_picture_itself(paint_face):
    """Level none returns the very array that came in."""
    face = paint_face()
    assert retouch(face.rgb, face.alpha, face.iod_px, Retouch.NONE) is face.rgb


@pytest.mark.parametrize("level", SMOOTHING)
def test_nothing_outside_the_mask_changes(paint_face, level):
    """Where the mask is 0 not one value differs, and the input is not written to."""
    face = paint_face("fair", 80.0)
    mask = skin_mask(face.rgb, face.mesh, face.alpha)
    rgb = face.rgb.copy()
    rgb.setflags(write=False)
    mask.setflags(write=False)
    result = retouch(rgb, mask, face.iod_px, level)
    assert result.dtype == np.uint8
    assert np.array_equal(result[mask == 0], rgb[mask == 0])
    assert not np.array_equal(result, rgb)


@pytest.mark.parametrize("iod_px", [60.0, 80.0, 120.0, 250.0])
@pytest.mark.parametrize("complexion", ["fair", "deep"])
def test_light_keeps_the_pores(paint_face, iod_px, complexion):
    """Light keeps at least 70 % of the skin's energy finer than 0.006 and 0.01 of the inter-eye distance, from 1 px up."""
    face = paint_face(complexion, iod_px)
    mask = skin_mask(face.rgb, face.mesh, face.alpha)
    result = retouch(face.rgb, mask, iod_px, Retouch.LIGHT)
    for share in (0.006, 0.01):
        sigma = max(share * iod_px, 1.0)
        assert fine_energy(result, mask > 0.5, sigma) >= 0.7 * fine_energy(face.rgb, mask > 0.5, sigma)


@pytest.mark.parametrize("iod_px", [60.0, 120.0])
def test_each_level_smooths_more(paint_face, iod_px):
    """Unevenness between pores and features falls from level to level, and light already takes some."""
    face = paint_face("medium", iod_px)
    inside = (mask := skin_mask(face.rgb, face.mesh, face.alpha)) > 0.5
    energies = [band_energy(retouch(face.rgb, mask, iod_px, level), inside, 0.015 * iod_px, 0.05 * iod_px) for level in Retouch]
    assert energies[1] < 0.95 * energies[0]
    assert energies[2] < 0.95 * energies[1]
    assert energies[3] < energies[2]


@pytest.mark.parametrize("complexion", ["fair", "medium", "brown", "deep"])
@pytest.mark.parametrize("iod_px", [80.0, 200.0])
@pytest.mark.parametrize("level", SMOOTHING)
def test_moles_stay(paint_face, complexion, iod_px, level):
    """At every level a mole keeps at least nine tenths of its contrast, on dark skin as on fair."""
    face = paint_face(complexion, iod_px)
    result = retouch(face.rgb, face.skin.astype(np.float32), iod_px, level)
    side = 2 * round(0.03 * iod_px) + 1
    ring = (cv2.dilate(face.moles.astype(np.uint8), np.ones((side, side), np.uint8)) > 0) & ~face.moles & face.skin

    def contrast(rgb: Rgb8) -> float:
        return float(rgb[ring].mean() - rgb[face.moles].mean())

    assert contrast(result) >= 0.9 * contrast(face.rgb)


@pytest.mark.parametrize("level", [Retouch.MEDIUM, Retouch.STRONG])
def test_red_blotches_are_evened_without_changing_lightness(paint_face, level):
    """Medium and strong take a fifth or more of the blotches' colour, and leave the skin's mean as it was."""
    face = paint_face("fair", 120.0)
    inside = (mask := skin_mask(face.rgb, face.mesh, face.alpha)) > 0.9
    result = retouch(face.rgb, mask, face.iod_px, level)

    def redness(rgb: Rgb8) -> float:
        chroma = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 1]
        return float((cv2.GaussianBlur(chroma, (0, 0), 3.0) - cv2.GaussianBlur(chroma, (0, 0), 14.0))[inside].std())

    assert redness(result) < 0.8 * redness(face.rgb)
    assert np.abs(result[inside].mean(axis=0) - face.rgb[inside].mean(axis=0)).max() < 1.0


@pytest.mark.parametrize("level", SMOOTHING)
def test_real_portrait_keeps_its_skin(astronaut: Rgb8, astronaut_mesh: Points, level):
    """On the sample portrait the skin's fine energy stays above 70 % at light and above 50 % at strong."""
    mask = skin_mask(astronaut, astronaut_mesh, np.ones(astronaut.shape[:2], np.float32))
    result = retouch(astronaut, mask, 41.5, level)
    kept = fine_energy(result, mask > 0.5, 1.0) / fine_energy(astronaut, mask > 0.5, 1.0)
    assert kept >= (0.7 if level is Retouch.LIGHT else 0.5)
    assert kept < 1.0


def test_an_empty_mask_changes_nothing(paint_face):
    """No skin found: the picture as it is."""
    face = paint_face("deep", 60.0)
    assert np.array_equal(retouch(face.rgb, np.zeros_like(face.alpha), face.iod_px, Retouch.STRONG), face.rgb)


def test_a_face_without_size_is_refused(paint_face):
    """An inter-eye distance of 0 is a mistake of the caller."""
    face = paint_face("deep", 60.0)
    with pytest.raises(ValueError, match="inter-eye"):
        retouch(face.rgb, face.alpha, 0.0, Retouch.LIGHT)


def test_levels_are_strictly_ordered_on_a_real_portrait(astronaut: Rgb8, astronaut_mesh: Points):
    """On the sample portrait each level moves the skin a sixth further (mean CIELAB difference) than the one below."""
    mask = skin_mask(astronaut, astronaut_mesh, np.ones(astronaut.shape[:2], np.float32))
    before = to_lab(astronaut)[mask > 0.5]
    moved = [
        np.linalg.norm(to_lab(retouch(astronaut, mask, 41.5, level))[mask > 0.5] - before, axis=-1).mean() for level in Retouch
    ]
    assert moved[0] == 0.0
    assert moved[1] > 0.2
    assert moved[2] > 7 / 6 * moved[1]
    assert moved[3] > 7 / 6 * moved[2]
