"""The alpha at source size."""

from __future__ import annotations

import tracemalloc

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.recipes.conftest import Run, before_confetti, facts, on_backdrop

from f2p import studio
from f2p.errors import NoFace
from f2p.recipes.matte import make_matte
from f2p.recipes.trace import Trace
from f2p.settings import Settings
from f2p.values.pixels import Photo, Rgb8, Source
from f2p.values.plan import MattePlan, Quality


def test_alpha_has_the_sources_size_and_knows_the_person(run: Run, astronaut: Rgb8) -> None:
    """Grey PNG of the same size; face solid, flag and wall empty."""
    file = facts(run(MattePlan()))

    assert (file.width_px, file.height_px, file.mode) == (512, 512, "L")
    assert file.rgb[110:150, 210:240].min() >= 250
    assert file.rgb[:40, 350:420].max() <= 5
    assert file.rgb[350:500, 180:220].mean() > 240


def test_a_person_without_a_face_still_has_a_matte(run: Run, astronaut: Rgb8) -> None:
    """A face covered by a grey patch leaves a person, and a person is enough."""
    covered = astronaut.copy()
    covered[75:175, 180:270] = (190, 150, 130)
    alpha = facts(run(MattePlan(), covered)).rgb[:, :, 0]

    assert alpha[250:500, 150:260].mean() > 220
    assert np.mean(alpha[:40, 350:420]) < 10


def test_without_a_face_the_doubt_is_told(run: Run, cat_path) -> None:
    """No network here tells a cat from a person seen from behind, so the cut-out comes with a warning."""
    with Image.open(cat_path) as cat:
        delivery = run(MattePlan(), np.asarray(cat.convert("RGB")))

    assert "no_face_seen" in [note.code for note in delivery.report.notes]


def test_a_picture_of_nobody_has_no_matte(run: Run) -> None:
    """An empty wall is nobody."""
    with pytest.raises(NoFace):
        run(MattePlan(), np.full((600, 400, 3), 200, np.uint8))


def test_a_small_person_in_a_large_picture_keeps_all_pixels(run: Run, astronaut: Rgb8) -> None:
    """The alpha of a person in a corner of a large picture is the alpha of the person alone, to a few levels."""
    scene = np.full((2000, 3000, 3), 120, np.uint8)
    scene[1488:, 1000:1512] = astronaut
    small, large = (facts(run(MattePlan(), picture)).rgb[:, :, 0].astype(int) for picture in (astronaut, scene))

    assert large.shape == (2000, 3000)
    assert np.abs(large[1488:, 1000:1512] - small)[100:, 60:400].mean() < 4
    assert large[:1400].max() == 0


@pytest.mark.slow
def test_a_large_picture_needs_little_more_than_its_own_memory(settings: Settings, astronaut: Rgb8) -> None:
    """At 32 MP everything beyond the photo itself takes at most three times the photo's own bytes."""
    rgb = cv2.resize(astronaut, (5660, 5660), interpolation=cv2.INTER_LINEAR)
    photo = Photo(rgb=rgb, dpi=None, source=Source(format="PNG", width_px=5660, height_px=5660, bytes=0, sha256=""))
    engines = studio.engines(settings)
    make_matte(Photo(rgb=astronaut.copy(), dpi=None, source=photo.source), MattePlan(), engines, Trace())
    tracemalloc.start()
    make_matte(photo, MattePlan(), engines, Trace())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 3 * rgb.nbytes


def test_doubt_calls_for_a_second_look_only_where_best_is_asked(run: Run, astronaut: Rgb8) -> None:
    """Before confetti of the hair's own colours the doubt is told with its place; `fast` does not look again, `best` does."""
    fast, best = (run(MattePlan(quality=quality), before_confetti(astronaut)).report for quality in (Quality.FAST, Quality.BEST))

    for report in (fast, best):
        (note,) = [note for note in report.notes if note.code == "edges_doubtful"]
        assert note.params["place"]
        assert next(check for check in report.checks if check.name == "edge_doubt").ok is False
    assert fast.checks != best.checks


def test_without_doubt_best_and_fast_are_the_same_bytes(run: Run, astronaut: Rgb8) -> None:
    """Quality costs nothing where nothing is in doubt."""
    plain = on_backdrop(astronaut, np.full(astronaut.shape, (235, 240, 245), np.uint8))
    fast, best = (run(MattePlan(quality=quality), plain) for quality in (Quality.FAST, Quality.BEST))

    assert next(check for check in best.report.checks if check.name == "edge_doubt").ok is True
    assert fast.files == best.files
