"""Backdrops: exact colours, even gradients, and a person laid over them without touching solid pixels."""

from __future__ import annotations

import numpy as np
import pytest

from f2p.stages.backdrop import composed, covering, painted, softened, with_shadow
from f2p.values.pixels import CutOut
from f2p.values.plan import Backdrop, BackdropKind, Direction


def cut_out() -> CutOut:
    """A solid square in the middle of nothing."""
    rgb = np.random.default_rng(2).integers(0, 256, (50, 40, 3), dtype=np.uint8)
    alpha = np.zeros((50, 40), np.float32)
    alpha[15:35, 10:30] = 1.0
    return CutOut(rgb, alpha)


def test_solid_backdrop_is_exact_and_the_person_untouched() -> None:
    """Every pixel is either the colour asked or the person's own."""
    person = cut_out()
    out = composed(person, painted(Backdrop(kind=BackdropKind.SOLID, color="#438EDB"), 40, 50))
    solid = person.alpha == 1.0

    np.testing.assert_array_equal(out[solid], person.rgb[solid])
    assert (out[~solid] == (0x43, 0x8E, 0xDB)).all()


@pytest.mark.parametrize(
    ("direction", "first", "last"),
    [(Direction.VERTICAL, (0, 20), (49, 20)), (Direction.HORIZONTAL, (25, 0), (25, 39)), (Direction.RADIAL, (0, 0), (25, 20))],
)
def test_gradients_run_from_one_colour_to_the_other(direction: Direction, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Top to bottom, left to right, corners to middle."""
    backdrop = Backdrop(kind=BackdropKind.GRADIENT, color="#000000", color_to="#C8C8C8", direction=direction)
    field = painted(backdrop, 40, 50)

    np.testing.assert_allclose(field[first], 0.0, atol=3.0)
    np.testing.assert_allclose(field[last], 200.0, atol=12.0)


def test_gradients_are_dithered_not_banded_and_repeatable() -> None:
    """A slow gradient has no long run of one value, and twice the same input gives twice the same bytes."""
    person = CutOut(np.zeros((400, 60, 3), np.uint8), np.zeros((400, 60), np.float32))
    field = painted(Backdrop(kind=BackdropKind.GRADIENT, color="#E0E0E0", color_to="#F0F0F0"), 60, 400)
    out = composed(person, field)

    assert len(np.unique(out[12, :, 0])) > 1
    np.testing.assert_array_equal(out, composed(person, field))


_WAYS = {
    Direction.VERTICAL: (0.0, 1.0),
    Direction.HORIZONTAL: (1.0, 0.0),
    Direction.DIAGONAL: (50.0, 40.0),
    Direction.RISING: (50.0, -40.0),
}


@pytest.mark.parametrize("direction", [*_WAYS, *range(0, 360, 30)], ids=str)
def test_gradients_rise_along_their_direction_and_are_even_about_the_middle(direction: Direction | int) -> None:
    """Every step along the direction goes up, none across it matters, and turned by half it is its own negative."""
    wish = Direction.ANGLE if isinstance(direction, int) else direction
    angle = direction if isinstance(direction, int) else 0
    backdrop = Backdrop(kind=BackdropKind.GRADIENT, color="#102030", color_to="#D0E0F0", direction=wish, angle_deg=angle)
    field = painted(backdrop, 40, 50)[..., 0]
    across, down = (np.sin(np.radians(angle)), -np.cos(np.radians(angle))) if wish is Direction.ANGLE else _WAYS[wish]

    right, below = np.diff(field, axis=1), np.diff(field, axis=0)
    for steps, part in ((right, across), (below, down)):
        assert (np.sign(np.round(steps, 4)) == np.sign(round(part, 6))).all()
    np.testing.assert_allclose(field + field[::-1, ::-1], 0x10 + 0xD0, atol=0.01)
    assert field.min() == pytest.approx(0x10, abs=0.01) and field.max() == pytest.approx(0xD0, abs=0.01)


def test_radial_gradients_are_symmetrical_and_fall_outwards() -> None:
    """Mirrored either way it is the same, and along the middle row it only rises to the middle."""
    field = painted(
        Backdrop(kind=BackdropKind.GRADIENT, color="#000000", color_to="#C8C8C8", direction=Direction.RADIAL), 41, 51
    )[..., 0]

    np.testing.assert_allclose(field, field[::-1], atol=0.01)
    np.testing.assert_allclose(field, field[:, ::-1], atol=0.01)
    assert (np.diff(field[25, :21]) > 0).all()


@pytest.mark.parametrize("colour", ["#A09E9B", "#FFFFFF", "#438EDB", "#202020"])
def test_studio_light_is_brightest_behind_the_head_and_darkest_in_the_far_corners(colour: str) -> None:
    """It falls off smoothly (no step of a level between neighbours at print size), left as right, never past white."""
    field = painted(Backdrop(kind=BackdropKind.STUDIO, color=colour), 413, 579)
    head = field[round(0.42 * 578), 206]

    assert (head >= field.max(axis=(0, 1)) - 0.5).all() and field.max() <= 255.0
    assert (field[-1, 0] < 0.85 * head).all()
    np.testing.assert_allclose(field, field[:, ::-1], atol=0.02)
    assert max(np.abs(np.diff(field, axis=axis)).max() for axis in (0, 1)) < 1.0


def test_a_studio_shadow_is_soft_one_sided_and_faint() -> None:
    """A person darkens the paper on the side away from the light, by less than a sixth, without an edge."""
    alpha = np.zeros((300, 240), np.float32)
    alpha[80:, 80:160] = 1.0
    paper = painted(Backdrop(kind=BackdropKind.STUDIO), 240, 300)
    ratio = (with_shadow(paper, alpha) / paper)[..., 0]

    assert 0.85 < ratio.min() < 0.95
    assert ratio[200, 175] < ratio[200, 64] - 0.02
    assert np.abs(np.diff(ratio, axis=1)).max() < 0.006


def test_a_picture_covers_everything_and_keeps_its_shape_and_middle() -> None:
    """A wide picture behind a tall photo: scaled by the height, cut left and right alike, circles stay circles."""
    picture = np.zeros((100, 300, 3), np.uint8)
    y, x = np.mgrid[0:100, 0:300]
    picture[(x - 149.5) ** 2 + (y - 49.5) ** 2 < 30**2] = 255
    field = covering(picture, 80, 200, soft=False)
    ys, xs = np.nonzero(field[..., 0] > 127)

    assert field.shape == (200, 80, 3)
    assert xs.min() == 0 and xs.max() == 79  # a disc of 120 px before 80 px of width
    assert (ys.min() + ys.max()) / 2 == pytest.approx(99.5, abs=1.0)
    assert np.ptp(ys) == pytest.approx(120, abs=3)


def test_a_softened_picture_is_softer_and_as_bright() -> None:
    """Fine texture goes, the mean stays within a level."""
    picture = np.random.default_rng(1).integers(0, 256, (200, 160, 3), dtype=np.uint8)
    sharp, soft = (covering(picture, 160, 200, soft=wish) for wish in (False, True))

    assert soft.std() < 0.4 * sharp.std()
    assert soft.mean() == pytest.approx(sharp.mean(), abs=1.0)


def test_dither_never_moves_a_value_by_more_than_a_level() -> None:
    """What is written is the gradient itself, rounded up or down: never further away."""
    field = painted(Backdrop(kind=BackdropKind.STUDIO), 120, 160)
    nobody = CutOut(np.zeros((160, 120, 3), np.uint8), np.zeros((160, 120), np.float32))

    assert np.abs(composed(nobody, field) - field).max() <= 1.0


def test_softened_backdrop_keeps_the_persons_colour_out() -> None:
    """A red person before grey leaves no red glow in the blurred backdrop."""
    rgb = np.full((120, 100, 3), 128, np.uint8)
    rgb[40:, 30:70] = (255, 0, 0)
    alpha = np.zeros((120, 100), np.float32)
    alpha[40:, 30:70] = 1.0
    field = softened(rgb, alpha)

    np.testing.assert_allclose(field[alpha == 0], 128.0, atol=2.0)
