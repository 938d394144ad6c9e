"""The catalogue of backdrop colours."""

from __future__ import annotations

import re

import pytest

from f2p.catalogue.colours import colours
from f2p.values.spec import Colour


@pytest.mark.parametrize("colour", colours().values(), ids=lambda colour: colour.id)
def test_every_colour_is_complete(colour: Colour) -> None:
    """A colour has an upper-case sRGB number, both names, and says where the number comes from."""
    assert re.fullmatch(r"#[0-9A-F]{6}", colour.hex)
    assert colour.name_zh and colour.name_en and colour.source


def test_the_usual_numbers() -> None:
    """White, blue and red are the numbers that Chinese photo shops use; light blue is CHSI's."""
    assert colours()["white"].rgb == (255, 255, 255)
    assert colours()["blue"].rgb == (67, 142, 219)
    assert colours()["red"].rgb == (255, 0, 0)
    assert colours()["light_blue"].hex == "#64C5FF"


def test_ids_and_numbers_are_unique() -> None:
    """No two names stand for the same colour."""
    numbers = [colour.hex for colour in colours().values()]
    assert len(numbers) == len(set(numbers)) >= 21
    assert all(name == colour.id for name, colour in colours().items())


def test_light_names_are_lighter_and_dark_names_darker() -> None:
    """light_x is brighter than x, dark_x darker (Rec. 709 luma)."""

    def luma(name: str) -> float:
        red, green, blue = colours()[name].rgb
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for name in colours():
        shade, _, base = name.partition("_")
        if shade == "light":
            assert luma(name) > luma(base)
        if shade == "dark":
            assert luma(name) < luma(base)
