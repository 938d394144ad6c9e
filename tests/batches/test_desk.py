"""The retake desk: every finding has a group, every reason a sentence in both languages."""

from __future__ import annotations

import pytest

from f2p.batches.desk import _OF_MATCHING, group_of, of_error, telling
from f2p.catalogue.desk import groups
from f2p.catalogue.messages import Messages
from f2p.doors.batch.lines import reason_text
from f2p.errors import CutOff, F2PError
from f2p.values.batch import Group, Reason

CODES = sorted({*_OF_MATCHING, *(code for table in ("error", "note", "check", "hint") for code in groups(table))})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_its_sentence(code: str, language: str) -> None:
    """A code that sends somebody anywhere says why, in words for that person."""
    assert Messages(language).has(f"desk.{code}")


def test_every_error_code_of_the_desk_exists() -> None:
    """The table speaks of errors that can be raised."""
    waiting, codes = [F2PError], set()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        codes.add(kind.code)

    assert set(groups("error")) <= codes


def test_the_most_urgent_reason_decides_and_speaks_alone() -> None:
    """Who must take a new photo need not hear that the old one was straightened."""
    reasons = (Reason("tilted", {"deg": 4.0}), Reason("eyes_open"))

    assert group_of(reasons) is Group.RETAKE
    assert telling(reasons) == (Reason("eyes_open"),)
    assert group_of(()) is Group.READY


def test_a_reason_is_said_in_the_persons_language() -> None:
    """Codes in blanks become words, and no path of this machine is told."""
    reason = of_error(CutOff(side="top", name="x.jpg"))

    assert reason.params == {"side": "top"}
    assert "上边" in reason_text(reason, Messages("zh"))
    assert "top" in reason_text(reason, Messages("en"))
