"""Mix-ups: one face under two names, one file under two names, two faces under one name."""

from __future__ import annotations

import numpy as np

from f2p.batches.twins import Face, mixed_up
from f2p.values.batch import Reason


def face(source: str, owner: str, angle_deg: float, sha256: str = "") -> Face:
    """A face whose likeness to another is the cosine of the angle between them."""
    vector = np.zeros(128, np.float32)
    vector[:2] = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return Face(source, f"<{source}>", owner, sha256 or source, vector.astype("<f4").tobytes())


def test_one_face_under_two_names_is_told_at_both() -> None:
    """With the other's label; strangers stay out of it."""
    found = mixed_up([face("a", "1", 0), face("b", "2", 50), face("c", "3", 170)])

    assert found == {"a": (Reason("same_face", {"other": "<b>"}),), "b": (Reason("same_face", {"other": "<a>"}),)}


def test_one_file_under_two_names_is_said_as_such() -> None:
    """The same bytes are more than the same face."""
    found = mixed_up([face("a", "1", 0, "same"), face("b", "2", 0, "same")])

    assert [reason.code for reason in found["a"]] == ["same_photo"]


def test_two_photos_of_one_person_must_show_one_face() -> None:
    """Alike is well; strangers under one name are told."""
    assert mixed_up([face("a", "1", 0), face("b", "1", 40)]) == {}
    assert [reason.code for reason in mixed_up([face("a", "1", 0), face("b", "1", 90)])["b"]] == ["other_face"]
