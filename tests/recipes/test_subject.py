"""Whose photo it is: turned pictures are found out cheaply."""

from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from f2p import studio
from f2p.errors import NoFace
from f2p.recipes.subject import Wanted, find_subject
from f2p.recipes.trace import Trace
from f2p.settings import Settings
from f2p.values.geometry import FaceBox
from f2p.values.pixels import Photo, Rgb8, Source


class Seeing:
    """A detector that keeps the sizes it was shown."""

    def __init__(self, settings: Settings) -> None:
        self.real = studio.engines(settings)
        self.sides: list[int] = []

    def find(self, rgb: Rgb8) -> tuple[FaceBox, ...]:
        self.sides.append(max(rgb.shape[:2]))
        return self.real.detector.find(rgb)


def photo_of(rgb: Rgb8) -> Photo:
    """A photo as opened."""
    return Photo(rgb=rgb, dpi=None, source=Source(format="PNG", width_px=1, height_px=1, bytes=0, sha256=""))


@pytest.mark.parametrize(("turns", "deg"), [(1, 90), (2, 180), (3, 270)])
def test_other_turns_are_tried_on_a_small_copy(settings: Settings, astronaut: Rgb8, turns: int, deg: int) -> None:
    """A large picture that lies on its side is turned once, whole, and the way is found on at most 1280 px."""
    large = cv2.resize(astronaut, (3000, 3000), interpolation=cv2.INTER_LINEAR)
    seeing, trace = Seeing(settings), Trace()
    engines = SimpleNamespace(detector=seeing, mesher=seeing.real.mesher)
    subject = find_subject(photo_of(np.rot90(large, turns)), Wanted(None, None), engines, trace)  # type: ignore[arg-type]

    assert np.array_equal(subject.photo.rgb, large)
    assert seeing.sides[0] == seeing.sides[-1] == 3000
    assert max(seeing.sides[1:-1]) <= 1280
    assert [(note.code, note.params["deg"]) for note in trace.notes] == [("turned", deg)]


def test_nobody_at_any_turn(settings: Settings) -> None:
    """A blank wall is looked at in all four turns, once in full."""
    seeing = Seeing(settings)
    engines = SimpleNamespace(detector=seeing, mesher=seeing.real.mesher)
    with pytest.raises(NoFace):
        find_subject(photo_of(np.full((1000, 2000, 3), 90, np.uint8)), Wanted(None, None), engines, Trace())  # type: ignore[arg-type]
    assert seeing.sides == [2000, 1280, 1280, 1280]
