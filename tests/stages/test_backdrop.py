"""Backdrops: exact colours, even gradients, and a person laid over them without touching solid pixels."""

from __future__ import annotations

import numpy as np
import pytest

from f2p.stages.backdrop import composed, painted, softened
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


def test_softened_backdrop_keeps_the_persons_colour_out() -> None:
    """A red person before grey leaves no red glow in the blurred backdrop."""
    rgb = np.full((120, 100, 3), 128, np.uint8)
    rgb[40:, 30:70] = (255, 0, 0)
    alpha = np.zeros((120, 100), np.float32)
    alpha[40:, 30:70] = 1.0
    field = softened(rgb, alpha)

    np.testing.assert_allclose(field[alpha == 0], 128.0, atol=2.0)
