"""Finds as JSON that a person can edit, and back: {"version", "document", "pages", "finds"}."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from f2p.errors import NotFinds
from f2p.values.redaction import REDACTION_VERSION, Find

_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """The raster in whose px the patches of a page are given."""

    page: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindList:
    """What was found in one document. document: its SHA-256, so that a list is never laid over another one."""

    document: str
    pages: tuple[ListedPage, ...]
    finds: tuple[Find, ...]
    version: int = REDACTION_VERSION


def finds_json(document: str, pages: Sequence[ListedPage], finds: Sequence[Find]) -> bytes:
    """The list as indented JSON; values are masked in it."""
    listed = FindList(document=document, pages=tuple(pages), finds=tuple(finds))
    text = msgspec.json.format(msgspec.json.encode(listed), indent=2)
    return re.sub(rb"\[[\s0-9.,\[\]-]+\]", lambda match: re.sub(rb"\s+", b"", match[0]), text) + b"\n"  # one box, one line


def read_finds(data: bytes, name: str, document: str) -> tuple[Find, ...]:
    """The finds of an edited list. Raises NotFinds: no such list, another version, or one of another document."""
    try:
        listed = msgspec.json.decode(data, type=FindList)
    except msgspec.DecodeError as error:
        raise NotFinds(name=name, detail=str(error)[:120]) from error
    if listed.version != REDACTION_VERSION:
        raise NotFinds(name=name, detail=f"version {listed.version}")
    if listed.document != document:
        raise NotFinds(name=name, detail="of another document")
    if len(listed.finds) > _MOST:
        raise NotFinds(name=name, detail="too long")
    return listed.finds
