"""One look for a class: towards the middle, inside the standard, and never more than a step of light."""

from __future__ import annotations

from dataclasses import replace

from f2p import studio
from f2p.batches.evenness import Middle, evened, middles, nearer, outliers
from f2p.values.batch import Group, Measured, Outcome

PLAN = studio.plan_for(studio.understand("白底一寸"))[0]
USUAL = Measured(identity=b"", light=68.0, red=12.0, yellow=17.0, head_mm=22.4, eye_line_mm=19.2)
MIDDLE = Middle(head_mm=22.4, eye_line_mm=19.2, light=68.0, yellow=17.0)


def test_a_class_has_a_middle_only_when_it_is_one() -> None:
    """Three photos are no class; what must be taken again does not count."""
    several = [("cn_1inch", Outcome(group=Group.READY, measured=USUAL))] * 9
    bad = ("cn_1inch", Outcome(group=Group.RETAKE, measured=replace(USUAL, head_mm=10.0)))

    assert middles([*several, bad]) == {"cn_1inch": MIDDLE}
    assert middles(several[:3]) == {}


def test_a_photo_apart_is_moved_and_one_near_by_is_left() -> None:
    """Head and eyes get narrow bands around the middle."""
    moved = evened(PLAN, replace(USUAL, head_mm=24.0), MIDDLE)

    assert moved is not None
    assert moved.framing.head_mm is not None
    assert moved.framing.head_mm.holds(22.4)
    assert evened(PLAN, replace(USUAL, head_mm=22.5), MIDDLE) is None


def test_bands_stay_inside_the_standard() -> None:
    """A middle at the edge of an official band does not lead beyond it."""
    plan = studio.plan_for(studio.understand("德国护照照片,白底"))[0]
    rule = plan.spec.head.head_mm
    assert rule is not None
    assert rule.high is not None
    moved = evened(plan, replace(USUAL, head_mm=33.0), replace(MIDDLE, head_mm=rule.high + 0.1))

    assert moved is not None
    assert moved.framing.head_mm is not None
    assert (moved.framing.head_mm.high or 0) <= rule.high


def test_people_keep_their_own_skin() -> None:
    """However dark or light somebody is in their class, light moves by one step at most, and not where editing is ruled on."""
    moved = evened(PLAN, replace(USUAL, light=30.0), MIDDLE)
    passport = studio.plan_for(studio.understand("US visa photo, white background"))[0]

    assert moved is not None
    assert moved.light.brightness == 1
    assert evened(passport, replace(USUAL, light=30.0), MIDDLE) is None


def test_the_second_photo_must_come_nearer() -> None:
    """Else the first one stays."""
    assert nearer(replace(USUAL, head_mm=24.0), replace(USUAL, head_mm=23.0), MIDDLE)
    assert not nearer(replace(USUAL, head_mm=23.0), replace(USUAL, head_mm=24.0), MIDDLE)
    assert not nearer(USUAL, None, MIDDLE)


def test_what_stays_apart_is_listed() -> None:
    """With what, how much, and the class's own value."""
    found = outliers([("a.jpg", replace(USUAL, head_mm=25.0), MIDDLE), ("b.jpg", USUAL, MIDDLE)])

    assert [(one.source, one.what, one.value, one.middle) for one in found] == [("a.jpg", "head_mm", 25.0, 22.4)]
