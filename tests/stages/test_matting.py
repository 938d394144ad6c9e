"""Alpha and colours at the edge, against pictures whose true alpha is known because the test painted them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from f2p.stages.closed_form import solve_band
from f2p.stages.colour_cue import colour_cue
from f2p.stages.doubt import doubt_of, marked, place_of
from f2p.stages.foreground import unmixed
from f2p.stages.matting import connected, guarded, hairy, mean_inside, refined, settled, unknown_band, without_haze
from f2p.values.pixels import Plane, Rgb8


def hairy_head(size: int = 320) -> tuple[Rgb8, Plane]:
    """A dark disc with thin strands on a textured light backdrop: picture and true alpha, painted four times finer."""
    fine = size * 4
    alpha = np.zeros((fine, fine), np.uint8)
    cv2.circle(alpha, (fine // 2, fine * 5 // 8), fine // 4, 255, -1, cv2.LINE_AA)
    for step in range(24):
        angle = np.pi * (step + 0.5) / 24
        tip = (int(fine / 2 + 0.38 * fine * np.cos(angle)), int(fine * 5 / 8 - 0.42 * fine * np.sin(angle)))
        cv2.line(alpha, (fine // 2, fine * 5 // 8), tip, 255, 6, cv2.LINE_AA)
    true = cv2.resize(alpha, (size, size), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    noise = np.random.default_rng(1).normal(0.0, 3.0, (size, size, 3))
    ramp = np.linspace(150.0, 220.0, size)[None, :, None]
    mixed = true[:, :, None] * np.array([48.0, 34.0, 30.0]) + (1.0 - true[:, :, None]) * (ramp * [0.9, 1.0, 0.85])
    return np.clip(mixed + noise, 0, 255).astype(np.uint8), true


def error_in_band(alpha: Plane, true: Plane) -> float:
    """Mean absolute error where the truth is neither 0 nor 1."""
    band = (true > 0.02) & (true < 0.98)
    return float(np.abs(alpha - true)[band].mean())


def test_refinement_follows_strands_that_a_coarse_alpha_blurs() -> None:
    """The band's error against the truth falls by at least a quarter."""
    rgb, true = hairy_head()
    coarse = cv2.GaussianBlur(true, (0, 0), 2.5)

    assert error_in_band(refined(rgb, coarse).alpha, true) < 0.75 * error_in_band(coarse, true)


def test_refinement_at_large_size_is_carried_up_not_only_enlarged() -> None:
    """Above the solving size the edge is as good as the picture's own pixels allow."""
    rgb, true = hairy_head(1100)
    coarse = cv2.GaussianBlur(true, (0, 0), 8.0)

    assert error_in_band(refined(rgb, coarse).alpha, true) < 0.75 * error_in_band(coarse, true)


def test_solver_leaves_everything_outside_the_band() -> None:
    """Not one value outside the band moves."""
    rgb, true = hairy_head(200)
    band = unknown_band(true)
    solved = solve_band(rgb.astype(np.float32) / 255.0, true, band, np.full_like(true, 0.01))

    np.testing.assert_array_equal(solved[~band], true[~band])


def test_solver_takes_an_empty_band_and_a_flat_picture() -> None:
    """Nothing to solve, or nothing to solve it by, is no failure."""
    flat = np.full((40, 40, 3), 0.5, np.float32)
    alpha = np.full((40, 40), 0.5, np.float32)

    np.testing.assert_array_equal(solve_band(flat, alpha, np.zeros((40, 40), bool), alpha), alpha)
    assert np.isfinite(solve_band(flat, alpha, np.ones((40, 40), bool), alpha)).all()


def test_guard_removes_islands_and_fills_holes_but_leaves_the_edge() -> None:
    """A second person's patch goes, a hole in the chest is filled, hair at the edge is the fine network's."""
    person = np.zeros((300, 300), np.float32)
    cv2.circle(person, (150, 150), 80, 1.0, -1)
    alpha = person.copy()
    alpha[140:160, 140:160] = 0.0
    alpha[10:30, 10:30] = 1.0
    edge = np.abs(np.hypot(*(np.mgrid[0:300, 0:300] - 150)) - 80) < 6
    alpha[edge] = 0.4

    guarded_alpha = guarded(alpha, person)

    assert guarded_alpha[150, 150] == pytest.approx(1.0)
    assert guarded_alpha[20, 20] == 0.0
    np.testing.assert_allclose(guarded_alpha[edge], 0.4, atol=1e-6)


def test_only_what_is_joined_to_the_face_stays() -> None:
    """A hand at the side goes, a strand behind a gap of one pixel stays."""
    alpha = np.zeros((300, 300), np.float32)
    cv2.circle(alpha, (150, 150), 60, 1.0, -1)
    alpha[88, 150], alpha[60:87, 150] = 0.0, 0.5
    alpha[100:140, 270:300] = 1.0

    alone = connected(alpha, 150, 150)

    assert alone[120, 285] == 0.0
    assert alone[70, 150] == 0.5


def test_haze_goes_and_single_hairs_stay() -> None:
    """A broad faint patch fades to nothing, a faint one-pixel strand keeps most of its alpha, solid stays solid."""
    alpha = np.zeros((400, 300), np.float32)
    alpha[200:, 100:200] = 1.0
    alpha[50:120, 40:120] = 0.2
    alpha[20:190, 220] = 0.3

    clear = without_haze(alpha)

    assert clear[85, 80] < 0.01
    assert clear[100, 220] > 0.28
    assert clear[300, 150] == 1.0


def test_ends_are_pure() -> None:
    """What is nearly nothing is nothing, what is nearly all is all."""
    ends = settled(np.array([[0.015, 0.5, 0.985]], np.float32))

    assert ends[0, 0] == 0.0
    assert ends[0, 2] == 1.0
    assert ends[0, 1] == pytest.approx(0.5, abs=0.02)


def test_unmixed_colours_are_the_source_where_solid_and_the_hair_where_not() -> None:
    """Solid pixels keep their values exactly; half-transparent hair loses the old backdrop's light."""
    rgb, true = hairy_head()
    cut_out = unmixed(rgb, true)
    solid, strands = true >= 1.0, (true > 0.3) & (true < 0.7)

    np.testing.assert_array_equal(cut_out.rgb[solid], rgb[solid])
    left = cut_out.rgb[strands].astype(float).mean() - np.mean([48, 34, 30])
    mixed = rgb[strands].astype(float).mean() - np.mean([48, 34, 30])
    assert abs(left) < 0.25 * mixed


def test_mean_inside_an_outline() -> None:
    """The share counts the outline's inside only."""
    plane = np.zeros((100, 100), np.float32)
    plane[:, 50:] = 1.0

    assert mean_inside(plane, np.array([[60, 20], [90, 20], [90, 80], [60, 80]], np.float32)) == pytest.approx(1.0)
    assert mean_inside(plane, np.array([[5, 20], [30, 20], [30, 80], [5, 80]], np.float32)) == 0.0


def test_colours_know_alpha_before_a_plain_wall_and_say_that_they_do_not_before_their_own_colour() -> None:
    """Dark strands before a light wall are measured within a tenth; before a wall of their own colour nothing is claimed."""
    rgb, true = hairy_head()
    coarse = cv2.GaussianBlur(true, (0, 0), 2.5)
    band = unknown_band(coarse)
    cue = colour_cue(rgb.astype(np.float32) / 255.0, coarse, band)
    alike = np.clip(np.random.default_rng(2).normal(40.0, 6.0, rgb.shape), 0, 255).astype(np.float32) / 255.0
    blind = colour_cue(alike, coarse, band)

    assert error_in_band(cue.alpha, true) < 0.1
    assert float(cue.reliance[band].mean()) > 0.8
    assert float(blind.reliance[band].mean()) < 0.1


def test_colours_of_nothing_say_nothing() -> None:
    """Without pure backdrop, or without a band, the coarse alpha stands and nothing is claimed."""
    flat = np.full((40, 40, 3), 0.5, np.float32)
    alpha = np.full((40, 40), 0.5, np.float32)
    for band in (np.zeros((40, 40), bool), np.ones((40, 40), bool)):
        cue = colour_cue(flat, alpha, band)
        np.testing.assert_array_equal(cue.alpha, alpha)
        assert not cue.precision.any() and not cue.reliance.any()


def test_hair_is_where_the_soft_zone_is_wide() -> None:
    """A shoulder's edge is plain, a bush of strands is hair."""
    alpha = np.zeros((400, 400), np.float32)
    alpha[:, 200:] = 1.0
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.0)
    bush = np.tile(np.array([0.3, 0.6], np.float32), (60, 30))
    alpha[:60, 170:230] = bush

    assert hairy(alpha)[300, 200] == 0.0
    assert hairy(alpha)[30, 200] == 1.0


def test_haze_that_was_measured_stays() -> None:
    """Where colours confirmed a broad soft lock it is no haze."""
    alpha = np.zeros((400, 300), np.float32)
    alpha[50:120, 40:120] = 0.3
    certain, guessed = np.zeros((40, 30), np.float32), np.ones((40, 30), np.float32)

    np.testing.assert_array_equal(without_haze(alpha, certain), alpha)
    np.testing.assert_allclose(without_haze(alpha, guessed), without_haze(alpha), atol=1e-6)


def busy_behind(true: Plane) -> Rgb8:
    """Dark hair of alpha `true` before stripes, half of them of the hair's own colour."""
    stripes = np.where((np.arange(true.shape[1]) // 9 % 2)[None, :, None], 215.0, 45.0)
    mixed = true[:, :, None] * np.array([48.0, 34.0, 30.0]) + (1.0 - true[:, :, None]) * stripes
    return np.clip(mixed + np.random.default_rng(5).normal(0.0, 3.0, mixed.shape), 0, 255).astype(np.uint8)


def test_doubt_is_high_before_stripes_and_low_before_a_wall() -> None:
    """The same hair, told apart by its backdrop; agreement of two looks lowers doubt, disagreement raises it."""
    rgb, true = hairy_head()
    coarse = cv2.GaussianBlur(true, (0, 0), 2.5)
    plain, busy = doubt_of(refined(rgb, coarse)), refined(busy_behind(true), coarse)

    assert not plain.high
    assert doubt_of(busy).high
    assert doubt_of(busy, np.zeros_like(true)).score < doubt_of(busy).score < doubt_of(busy, np.ones_like(true)).score


def test_the_place_in_doubt_is_named_and_marked() -> None:
    """Stripes on the left third only: the doubt is on the left, and the mark is drawn there and nowhere else."""
    rgb, true = hairy_head()
    rgb = rgb.copy()
    rgb[:, :105] = busy_behind(true)[:, :105]
    doubt = doubt_of(refined(rgb, cv2.GaussianBlur(true, (0, 0), 2.5)))
    drawn = np.abs(marked(rgb, doubt).astype(int) - rgb).max(axis=2) > 0

    assert "left" in place_of(doubt)
    assert drawn[:, :150].any() and not drawn[:, 200:].any()


def test_unmixed_colours_hold_at_any_size() -> None:
    """Above the size at which neighbours are asked the colours are as true, down to one pixel there is no failure."""
    rgb, true = hairy_head(700)
    strands = (true > 0.3) & (true < 0.9)
    found = unmixed(rgb, true).rgb[strands].astype(float).mean(axis=0)

    np.testing.assert_allclose(found, [48, 34, 30], atol=10)
    for size in ((1, 1), (1, 7), (5, 3)):
        assert unmixed(np.full((*size, 3), 90, np.uint8), np.full(size, 0.5, np.float32)).rgb.shape == (*size, 3)
