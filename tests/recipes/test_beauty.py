"""Beauty and repairs from end to end: done where there is something, told where there is nothing, and every word has its text."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from tests.recipes.conftest import Run, facts, plan

from f2p.catalogue.messages import LANGUAGES, Messages
from f2p.recipes.beauty import WISHES
from f2p.recipes.id_photo import _tell_rule
from f2p.recipes.trace import Trace
from f2p.values.outcome import Delivery
from f2p.values.plan import Amount, Backdrop, BackdropKind, Beauty, Repairs

KEYS = [one.name for one in fields(Beauty) if one.name != "spare"]
REPAIRS = [one.name for one in fields(Repairs)]


def codes(delivery: Delivery) -> set[str]:
    """Codes of the notes in the report."""
    return {note.code for note in delivery.report.notes}


def steps(delivery: Delivery) -> list[str]:
    """Names of the steps in the order in which they first ran."""
    return [step.name for step in delivery.report.steps]


def test_every_key_is_carried_out() -> None:
    """The plan's keys and the recipe's are the same ones."""
    assert sorted(wish.key for wish in WISHES) == sorted(KEYS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [*KEYS, *REPAIRS])
def test_every_key_has_its_step_and_its_nothing_found(key: str, language: str) -> None:
    """Each key has a progress text, and a note for a photo that gives it nothing to do, in both languages."""
    messages = Messages(language)
    assert messages.has(f"step.{key}")
    assert messages.has(f"note.nothing_{key}")


@pytest.mark.parametrize("key", KEYS)
def test_each_wish_is_done_or_told(run: Run, key: str) -> None:
    """On the sample portrait a wish changes the file, or the report says that there was nothing to do; never neither."""
    plain, done = run(plan()), run(plan(beauty=Beauty(**{key: Amount.STRONG})))
    changed = not np.array_equal(facts(plain).rgb, facts(done).rgb)
    assert changed is not (f"nothing_{key}" in codes(done))
    assert key in steps(done)
    identity = next(check for check in done.report.checks if check.name == "identity_distance")
    assert identity.ok is True


def test_wishes_run_in_their_order_between_skin_and_retouch(run: Run) -> None:
    """All keys at once run in the order of the list, colours before light and shade, whitening last."""
    everything = Beauty(**dict.fromkeys(KEYS, Amount.MEDIUM))
    ran = [name for name in steps(run(plan(beauty=everything))) if name in KEYS]
    assert ran == [wish.key for wish in WISHES]


def test_same_wishes_same_bytes(run: Run) -> None:
    """Twice the same order with all wishes and repairs is byte for byte the same file."""
    order = plan(beauty=Beauty(**dict.fromkeys(KEYS, Amount.LIGHT)), repairs=Repairs(**dict.fromkeys(REPAIRS, True)))
    assert run(order).files[0].data == run(order).files[0].data


def test_repairs_that_find_nothing_say_so(run: Run) -> None:
    """The sample portrait has no glasses and no red eyes: both are told, and the picture stays as it is."""
    plain, done = run(plan()), run(plan(repairs=Repairs(glasses_glare=True, red_eye=True)))
    assert {"no_glasses", "nothing_red_eye"} <= codes(done)
    assert np.array_equal(facts(plain).rgb, facts(done).rgb)


def test_strands_are_left_on_a_backdrop_that_stays(run: Run) -> None:
    """Where the photo keeps its own backdrop the matte is not touched, whatever the plan says."""
    keep = replace(plan("cn_1inch"), backdrop=Backdrop(kind=BackdropKind.KEEP), repairs=Repairs(stray_hair=True))
    assert "stray_hair" not in steps(run(keep))


@pytest.mark.parametrize("wishes", [{"beauty": Beauty(whiten=Amount.LIGHT)}, {"repairs": Repairs(red_eye=True)}])
def test_rules_against_editing_cover_beauty_and_repairs(wishes: dict[str, object]) -> None:
    """Where the standard forbids editing, a beauty wish or a repair alone is warned about, also where the backdrop stays."""
    order = replace(plan("cn_passport", **wishes), backdrop=Backdrop(kind=BackdropKind.KEEP))
    trace = Trace()
    _tell_rule(order, False, trace)
    assert "against_rule" in {note.code for note in trace.notes}
