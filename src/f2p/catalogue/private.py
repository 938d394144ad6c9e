"""What private things look like in print, from data/private.toml, compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_DATA = Path(__file__).resolve().parents[1] / "data" / "private.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one kind of private thing is recognised; every pattern has a group `v`, the value.

    check: "gb11643", "luhn", "gb32100" or "". near: counts even where the check nearly holds. labelled: behind its name.
    foot: matches a whole line at the top or bottom of a page. never: what is no value although it stands behind a label.
    continues: the value may go on in the line below.
    """

    entity: str
    patterns: tuple[re.Pattern[str], ...]
    labelled: re.Pattern[str] | None
    check: str = ""
    near: bool = False
    foot: re.Pattern[str] | None = None
    never: tuple[str, ...] = ()
    continues: bool = False


@cache
def looks() -> Mapping[str, Look]:
    """Every kind of private text by its name."""
    table = _table()
    marks = table["marks"]
    return MappingProxyType({name: _look(name, row, marks) for name, row in table["entity"].items()})


@cache
def look_alikes() -> Mapping[str, str]:
    """Characters that stand for a digit inside a number."""
    return MappingProxyType(dict(_table()["look_alikes"]))


@cache
def labels() -> re.Pattern[str]:
    """Any label of any kind: where one begins, the value before it has ended."""
    return re.compile(
        _either([label for row in _table()["entity"].values() for label in (*row["labels"], *row.get("tight", ()))])
    )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def _look(name: str, row: Mapping[str, Any], marks: Mapping[str, str]) -> Look:
    labelled = None
    if row["labels"]:
        loose, tight = _either(row["labels"]), row.get("tight", ())
        names = f"{loose}{row.get('aside', '')}{{{'behind' if tight else 'colon'}}}"
        names = f"(?:{_either(tight)}{{colon}}|{names})" if tight else names
        labelled = _compiled(f"(?<![A-Za-z]){names}(?P<v>{row['value']})", marks)
    return Look(
        entity=name,
        patterns=tuple(_compiled(pattern, marks) for pattern in row["patterns"]),
        labelled=labelled,
        check=row.get("check", ""),
        near=row.get("near", False),
        foot=_compiled(row["foot"], marks) if "foot" in row else None,
        never=tuple(row.get("never", ())),
        continues=row.get("continues", False),
    )


def _either(names: Sequence[str]) -> str:
    """Any of the labels, the longest first, in capitals or not."""
    return f"(?i:{'|'.join(sorted(map(_spaced, names), key=len, reverse=True))})"


def _spaced(label: str) -> str:
    """The label as forms print it: 姓 名."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", "[ \\\\t]{0,4}", label)


def _compiled(pattern: str, marks: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern with its {marks} put in; other braces are repetitions and stay."""
    return re.compile(re.sub(r"\{([a-z]+)\}", lambda match: marks[match[1]], pattern))
