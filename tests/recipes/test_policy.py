"""Documents that forbid editing, through the real recipe: every pixel is the source's, moved once; what cannot be is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from tests.recipes.conftest import facts, on_backdrop

from f2p.catalogue.standards import standards
from f2p.errors import BackdropMustStay, EnlargingForbidden
from f2p.language import read, resolve
from f2p.stages.warp import warped
from f2p.values.geometry import Affine
from f2p.values.outcome import Delivery
from f2p.values.pixels import Rgb8
from f2p.values.plan import Encoding, FileFormat, IdPhotoPlan, edits_of
from f2p.values.spec import Band

Run = Callable[..., Delivery]

UNTOUCHED = {"background", "light", "retouch", "repair", "sharpen", "denoise"}
FORMAT_ONLY = {
    (spec.width_px, spec.height_px, spec.head, "crop" in spec.forbidden_edits): spec.id
    for spec in standards().values()
    if set(spec.forbidden_edits) >= UNTOUCHED
}
"""One document of each shape that forbids all editing."""
LARGE = {"nz_visa"}
"""Documents that ask for more pixels of the head than the sample portrait has at home."""


@pytest.fixture(scope="module")
def before_a_wall(astronaut: Rgb8) -> Rgb8:
    """(1240, 1300, 3) the sample portrait as somebody takes it at home: before a grey wall, with room around, slightly noisy."""
    large = cv2.resize(astronaut, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_CUBIC)
    wall = np.full((1240, 1300, 3), 214, np.uint8)
    height, width = large.shape[:2]
    wall[1240 - height :, 138 : 138 + width] = on_backdrop(large, np.full_like(large, 214))
    noise = np.random.default_rng(5).normal(0, 1.5, wall.shape)
    return np.clip(np.rint(wall + noise), 0, 255).astype(np.uint8)


def lossless(sentence: str, *allow: str) -> IdPhotoPlan:
    """The plan of a sentence, written without loss and without a limit in KB so that pixels can be compared."""
    plan = resolve(read(sentence), allow)[0]
    return replace(plan, encoding=Encoding(format=FileFormat.PNG, dpi=plan.encoding.dpi, kb=Band()))


@pytest.mark.slow
@pytest.mark.parametrize("standard", FORMAT_ONLY.values())
def test_no_pixel_changes_but_by_the_move(run: Run, before_a_wall: Rgb8, standard: str) -> None:
    """With every edit asked for, the photo of a document that forbids editing is the source moved once, pixel by pixel."""
    plan = lossless(f"{standard},白底,磨皮,祛痘,美白,亮一点,去红眼,锐利,降噪,左右翻转")
    source = cv2.resize(before_a_wall, None, fx=1.25, fy=1.25) if standard in LARGE else before_a_wall
    delivery = run(plan, source)
    made = facts(delivery).rgb
    matrix = Affine(*delivery.report.placement["matrix"])

    moved = warped(source, matrix, made.shape[1], made.shape[0])
    assert np.abs(made.astype(int) - moved).max() <= 4  # the reported matrix has nine decimals
    assert np.mean(made != moved) < 0.001
    (told,) = [note for note in delivery.report.notes if note.code in {"format_only", "rule_kept"}]
    assert told.params["rule"] == standards()[standard].editing_rule
    assert "identity_distance" not in {check.name for check in delivery.report.checks}


def test_an_uncropped_photo_is_the_photo(run: Run, astronaut: Rgb8) -> None:
    """Where the office crops itself, the file holds the picture as it was taken: same size, same pixels."""
    delivery = run(lossless("uk_passport_online"), astronaut)
    assert np.array_equal(facts(delivery).rgb, astronaut)


def test_a_backdrop_that_must_stay_and_is_too_small_says_what_to_do(run: Run, astronaut: Rgb8) -> None:
    """A tight picture for a visa is refused with the rule; allowed to be replaced, the backdrop is, and the report warns."""
    tight = np.ascontiguousarray(astronaut[:, 150:300])
    with pytest.raises(BackdropMustStay) as caught:
        run(lossless("美国签证"), tight)
    params = caught.value.params
    assert (params["standard"], params["rule"]) == ("us_visa", standards()["us_visa"].editing_rule)
    assert params["side"] in {"left", "right"} and 0 < int(params["missing"]) < 60

    delivery = run(lossless("美国签证", "background"))
    (told,) = [note for note in delivery.report.notes if note.code == "against_rule"]
    assert (told.level, told.params["edits"]) == ("warning", "background")
    assert delivery.files[0].name == "us_visa_edited-against-rule"


def test_a_small_photo_is_not_enlarged_where_that_is_forbidden(run: Run, astronaut: Rgb8) -> None:
    """The civil service takes no enlarged photo: a small one is refused with the factor, a large one is made."""
    plan = lossless("国考照片")
    assert plan.spec.forbidden_edits == ("upscale",)
    with pytest.raises(EnlargingForbidden) as caught:
        run(plan)
    assert 1.0 < float(caught.value.params["factor"]) < 4.0

    delivery = run(plan, cv2.resize(astronaut, None, fx=3.0, fy=3.0, interpolation=cv2.INTER_CUBIC))
    assert "against_rule" not in {note.code for note in delivery.report.notes}
    allowed = run(lossless("国考照片", "upscale"))
    assert [note.params["edits"] for note in allowed.report.notes if note.code == "against_rule"] == ["upscale"]
    assert "crop" in edits_of(plan)
