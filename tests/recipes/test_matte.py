"""The alpha at source size."""

from __future__ import annotations

import numpy as np
from tests.recipes.conftest import Run, facts

from f2p.values.pixels import Rgb8
from f2p.values.plan import MattePlan


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
