"""The retake desk: what was found on one photo, sorted into ready, fixed, check or retake, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable

from f2p.catalogue.desk import groups, limits, same_as
from f2p.errors import F2PError
from f2p.values.batch import Group, Reason
from f2p.values.outcome import Check, Report

URGENCY = (Group.READY, Group.FIXED, Group.CHECK, Group.RETAKE)
_OF_MATCHING = {
    "zeros_differ": Group.FIXED, "id_misspelt": Group.FIXED,
    "not_on_roster": Group.CHECK, "near_miss": Group.CHECK, "same_name": Group.CHECK, "id_and_name_differ": Group.CHECK,
    "two_photos": Group.CHECK, "same_photo": Group.CHECK, "same_face": Group.CHECK, "other_face": Group.CHECK,
    "unknown_background": Group.CHECK, "unknown_standard": Group.CHECK,
    "missing": Group.RETAKE, "too_small": Group.RETAKE,
    "crashed": Group.RETAKE, "too_long": Group.RETAKE, "internal": Group.RETAKE,
}  # fmt: skip
"""Reasons that are not a recipe's own."""


def of_report(report: Report, broken: Iterable[Check]) -> tuple[Reason, ...]:
    """Every reason that a finished photo's notes, failed checks and broken rules give, each once."""
    found: dict[str, Reason] = {}
    for note in report.notes:
        if note.code in groups("note"):
            found[note.code] = Reason(note.code, {name: _size(value) for name, value in note.params.items()})
    if abs(float(found["tilted"].params["deg"]) if "tilted" in found else 0.0) < limits()["tilted"]:
        found.pop("tilted", None)
    for check in (*(check for output in report.outputs for check in output.checks), *broken):
        if check.ok is False and check.name in groups("check" if check.binding else "hint"):
            found.pop(same_as().get(check.name, ""), None)
            params = {"value": check.value, "wanted": check.wanted, "unit": check.unit}
            found[check.name] = Reason(check.name, params)
    scale = max(float(output.placement.get("scale", 0.0)) for output in report.outputs)
    if scale > limits()["enlarged"]:
        found.pop("sharpness", None)
        found["enlarged"] = Reason("too_small", {"factor": round(scale, 1)})
    return tuple(found.values())


def of_error(error: F2PError) -> Reason:
    """The reason that an error gives, with its blanks."""
    return Reason(error.code, {name: value for name, value in error.params.items() if name not in ("name", "path", "detail")})


def group_of(reasons: Iterable[Reason]) -> Group:
    """The most urgent group of all reasons; ready without one."""
    return max((_group(reason.code) for reason in reasons), key=URGENCY.index, default=Group.READY)


def telling(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons for the group where the photo stands, without the lesser ones."""
    reasons = tuple(reasons)
    group = group_of(reasons)
    return tuple(reason for reason in reasons if _group(reason.code) is group)


def _size(value: str | int | float) -> str | int | float:
    """Tilts have a sign that says nothing to a person."""
    return abs(value) if isinstance(value, int | float) else value


def _group(code: str) -> Group:
    for table in ("error", "note", "check", "hint"):
        if code in groups(table):
            return groups(table)[code]
    return _OF_MATCHING.get(code, Group.READY)
