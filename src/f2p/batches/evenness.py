"""One look for a whole class: head height, eye line and light of each photo moved towards the middle, within the standard."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from f2p.values.batch import Group, Measured, Outcome
from f2p.values.plan import IdPhotoPlan
from f2p.values.spec import Band

_FEWEST = 8
"""Photos of one standard from which on there is a middle to move towards."""
_NEAR_MM = 0.4
"""Differences below this are nothing that an eye sees on a print."""
_HALF_BAND_MM = 0.15
_LIGHT_FROM, _YELLOW_FROM = 4.0, 5.0
"""Steps of L* and b* from which on light and warmth are moved, by one step only: people keep their own skin."""
_FAR_MM = 1.5
"""From here on a photo is an outlier. Nobody is one for the lightness of their skin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Middle:
    """What a class has in common: medians over its finished photos of one standard."""

    head_mm: float
    eye_line_mm: float
    light: float
    yellow: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """A photo that is far from its class in one thing: "head_mm" or "eye_line_mm"."""

    source: str
    what: str
    value: float
    middle: float


def middles(measured: Iterable[tuple[str, Outcome]]) -> dict[str, Middle]:
    """Standard's id → its class, of pairs of standard and outcome; small classes have no middle."""
    by_standard: dict[str, list[Measured]] = {}
    for standard, outcome in measured:
        if outcome.group in (Group.READY, Group.FIXED) and _whole(outcome.measured):
            assert outcome.measured is not None
            by_standard.setdefault(standard, []).append(outcome.measured)
    return {name: _middle(several) for name, several in sorted(by_standard.items()) if len(several) >= _FEWEST}


def evened(plan: IdPhotoPlan, measured: Measured | None, middle: Middle) -> IdPhotoPlan | None:
    """The plan that brings this photo nearer to its class; None where it is near already or nothing may be moved.

    Bands are cut to the standard's own. Light is moved by one step and only where the standard says nothing against editing.
    """
    if measured is None or not _whole(measured):
        return None
    framing, light = plan.framing, plan.light
    head_off = abs((measured.head_mm or 0.0) - middle.head_mm)
    eyes_off = abs((measured.eye_line_mm or 0.0) - middle.eye_line_mm)
    if max(head_off, eyes_off) > _NEAR_MM and framing.head_mm is None and framing.eyes_from_bottom_mm is None:
        rules = plan.spec.head
        framing = replace(
            framing,
            head_mm=_within(middle.head_mm, rules.head_mm),
            eyes_from_bottom_mm=_within(middle.eye_line_mm, rules.eyes_from_bottom_mm),
            top_mm=framing.top_mm or rules.top_mm,
            top_ratio=framing.top_ratio or rules.top_ratio,
        )
    if not plan.spec.editing_rule and not light.changes:
        light = replace(
            light,
            brightness=_step(middle.light - measured.light, _LIGHT_FROM),
            warmth=_step(middle.yellow - measured.yellow, _YELLOW_FROM),
        )
    changed = replace(plan, framing=framing, light=light)
    return None if changed == plan else changed


def nearer(before: Measured | None, after: Measured | None, middle: Middle) -> bool:
    """Whether the second photo stands nearer to the class than the first."""
    if after is None or not _whole(after):
        return False
    return before is None or not _whole(before) or _distance(after, middle) < _distance(before, middle)


def outliers(of_class: Iterable[tuple[str, Measured | None, Middle]]) -> list[Outlier]:
    """Every photo (source, measures, its class) that is far off, with what and how much."""
    found = []
    for source, measured, middle in of_class:
        if measured is None or not _whole(measured):
            continue
        for what in ("head_mm", "eye_line_mm"):
            value, usual = float(getattr(measured, what)), float(getattr(middle, what))
            if abs(value - usual) > _FAR_MM:
                found.append(Outlier(source=source, what=what, value=round(value, 1), middle=round(usual, 1)))
    return found


def to_json(found: dict[str, Middle]) -> dict[str, dict[str, float]]:
    """For the books."""
    return {name: asdict(middle) for name, middle in found.items()}


def from_json(kept: dict[str, dict[str, float]]) -> dict[str, Middle]:
    """From the books."""
    return {name: Middle(**values) for name, values in kept.items()}


def _whole(measured: Measured | None) -> bool:
    return measured is not None and measured.head_mm is not None and measured.eye_line_mm is not None


def _middle(several: list[Measured]) -> Middle:
    def median(name: str) -> float:
        return round(statistics.median(float(getattr(one, name)) for one in several), 2)

    return Middle(head_mm=median("head_mm"), eye_line_mm=median("eye_line_mm"), light=median("light"), yellow=median("yellow"))


def _within(value: float, rule: Band | None) -> Band:
    """A narrow band around `value`, inside the standard's."""
    low, high = value - _HALF_BAND_MM, value + _HALF_BAND_MM
    if rule is not None and rule.low is not None:
        low, high = max(low, rule.low), max(high, rule.low + 2 * _HALF_BAND_MM)
    if rule is not None and rule.high is not None:
        low, high = min(low, rule.high - 2 * _HALF_BAND_MM), min(high, rule.high)
    return Band(round(low, 2), round(high, 2))


def _step(difference: float, least: float) -> int:
    return 0 if abs(difference) < least else (1 if difference > 0 else -1)


def _distance(measured: Measured, middle: Middle) -> float:
    """In steps that an eye sees."""
    head, eyes = (measured.head_mm or 0.0) - middle.head_mm, (measured.eye_line_mm or 0.0) - middle.eye_line_mm
    return abs(head) + abs(eyes) + abs(measured.light - middle.light) / 8 + abs(measured.yellow - middle.yellow) / 8
