"""Photo standards from data/standards as frozen values, each read when it is first asked for; own ones beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from f2p.catalogue.reading import head_rules, photo_spec
from f2p.catalogue.rows import Row, rows_of
from f2p.values.spec import CUSTOM, HeadRules, PhotoSpec

_DATA = Path(__file__).resolve().parents[1] / "data" / "standards"

PLAIN_LIGHT = "plain_light"
"""In `PhotoSpec.backgrounds`: any plain light colour; no colour of its own."""
_FREE_BACKDROP = frozenset({"print", "sheet", "work", "avatar", CUSTOM})
"""Categories that no office rules: any backdrop will do."""

_own: ContextVar[tuple[Row, ...]] = ContextVar("own standards", default=())
"""Rows that the person added, for this run of the program (a thread or task that a door starts takes its door's along)."""


class Catalogue(Mapping[str, PhotoSpec]):
    """Standards by id in the order of their files, read-only. Looking one up reads that one alone (a reader of sentences
    starts in a fraction of the time that reading them all takes); going through all reads all.
    """

    __slots__ = ("_made", "_own", "_rows")

    def __init__(self, shipped: Sequence[Row], own: Sequence[Row]) -> None:
        self._rows = {row.id: row for row in (*shipped, *own)}
        self._own = frozenset(row.id for row in own)
        self._made: dict[str, PhotoSpec] = {}

    def __getitem__(self, name: str) -> PhotoSpec:
        if name not in self._made:
            usual = usual_of_own() if name in self._own else usual_of_shipped()
            self._made[name] = photo_spec(name, {**usual, **self._rows[name].table()})
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def rows(self) -> Iterator[Row]:
        """The rows as they are written."""
        return iter(self._rows.values())


def standards() -> Catalogue:
    """Every standard of the catalogue by its id, China first, the person's own ones last."""
    return _catalogue(_own.get())


@cache
def _catalogue(own: tuple[Row, ...]) -> Catalogue:
    return Catalogue(shipped_rows(), own)


@cache
def shipped_rows() -> tuple[Row, ...]:
    """The rows of the product's own files."""
    names = _index()["files"]
    return tuple(row for name in names for row in rows_of((_DATA / f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml"))


def own_rows() -> tuple[Row, ...]:
    """The rows that the person added (`add_rows`)."""
    return _own.get()


def add_rows(rows: Sequence[Row]) -> None:
    """Makes own standards known to this run; they must be without faults and have ids of their own (`own.own_standards`)."""
    _own.set((*_own.get(), *rows))


def usual_of_shipped() -> Mapping[str, Any]:
    """What a row of the product has where it says nothing else."""
    return {"dpi": _index()["dpi"], "checked": _index()["checked"]}


def usual_of_own() -> Mapping[str, Any]:
    """What a person's row has where it says nothing else."""
    return {"dpi": _index()["dpi"], "region": "-", "source_kind": "own", "confidence": "own"}


@cache
def _index() -> dict[str, Any]:
    return tomllib.loads((_DATA / "index.toml").read_text(encoding="utf-8"))


@cache
def conventions() -> HeadRules:
    """Head rules for prints that no office rules (cn_1inch, ...): what photo studios do, hence an assumption to be told."""
    return head_rules(_index()["conventions"]["head"], (1, 1))


def near(name: str) -> tuple[str, ...]:
    """Up to three ids that look like `name`, the likeliest first; () where none does."""
    import difflib  # 12 ms that only a slip of the pen has to pay

    return tuple(difflib.get_close_matches(name.strip().lower().replace("-", "_"), standards(), n=3, cutoff=0.6))


def rule_in_chinese(editing_rule: str) -> str:
    """The Chinese wording of an editing rule that is given in English; "" for one that no standard has."""
    found = (row.said("editing_rule_zh") for row in standards().rows() if row.said("editing_rule") == editing_rule)
    return next(found, "")


def demands_plain(spec: PhotoSpec) -> bool:
    """Whether an office takes this photo: then its backdrop is plain, without gradient, shadow or picture."""
    return spec.category not in _FREE_BACKDROP
