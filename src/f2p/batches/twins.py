"""Likely mix-ups: one face under two names, one file under two names, two faces under one name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from f2p import studio
from f2p.catalogue.desk import limits
from f2p.values.batch import Reason, Row

_MOST_NAMED = 3
_LARGE = 2000
"""Photos from which on the limit is stricter: with the number of pairs grows the number of strangers who look alike."""


@dataclass(frozen=True, slots=True)
class Face:
    """What is compared of one row."""

    source: str
    label: str
    owner: str
    sha256: str
    identity: bytes


def faces_of(rows: Iterable[Row]) -> list[Face]:
    """The faces of all rows that have one."""
    return [
        Face(row.source, row.label, f"#{row.person}" if row.person is not None else row.source, row.sha256, row.measured.identity)
        for row in rows
        if row.measured is not None and row.measured.identity
    ]


def mixed_up(faces: list[Face]) -> dict[str, tuple[Reason, ...]]:
    """Source → its reasons: same_photo, same_face (with the others' labels), other_face."""
    least = limits()["identity_same"] if len(faces) <= _LARGE else limits()["identity_same_many"]
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for first, second in studio.alike([face.identity for face in faces], least):
        one, other = faces[first], faces[second]
        if one.owner == other.owner:
            continue
        code = "same_photo" if one.sha256 == other.sha256 else "same_face"
        found[one.source][code].append(other.label)
        found[other.source][code].append(one.label)
    for one, other in _strangers(faces):
        found[one.source]["other_face"].append(other.source)
        found[other.source]["other_face"].append(one.source)
    return {source: tuple(_reason(code, names) for code, names in codes.items()) for source, codes in found.items()}


def _strangers(faces: list[Face]) -> Iterable[tuple[Face, Face]]:
    """Photos of one person that do not show one face."""
    by_owner: dict[str, list[Face]] = defaultdict(list)
    for face in faces:
        by_owner[face.owner].append(face)
    for several in by_owner.values():
        if len(several) > 1:
            near = set(studio.alike([face.identity for face in several], limits()["identity_other"]))
            pairs = ((i, j) for i in range(len(several)) for j in range(i + 1, len(several)))
            yield from ((several[i], several[j]) for i, j in pairs if (i, j) not in near)


def _reason(code: str, names: list[str]) -> Reason:
    shown = " / ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
    return Reason(code, {"other": shown})
