"""The rows of a standards file as text: found without reading what stands in them, so that one can be read alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_HEADER = re.compile(r"^\[standard\.([A-Za-z0-9_-]+)\][ \t]*(?:#.*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Row:
    """One standard as it is written. file: a name for messages; line: where its header stands in the file, from 1."""

    id: str
    file: str
    line: int
    text: str

    def table(self) -> dict[str, Any]:
        """What stands in it. Raises tomllib.TOMLDecodeError."""
        read: dict[str, Any] = tomllib.loads(self.text)["standard"][self.id]
        return read

    def said(self, key: str) -> str:
        """The value of a string that stands on one line, without reading the rest; "" where there is none."""
        found = re.search(rf'^{key} = "(.*)"$', self.text, re.MULTILINE)
        return found[1] if found else ""

    def line_of(self, key: str) -> int:
        """The line in the file where `key` ("kb", "head.mm") is set; the header's for a key that is not there."""
        for name in (key, key.partition(".")[0], key.rpartition(".")[2]):
            found = re.search(rf"^[ \t]*{re.escape(name)}[ \t]*[.=]", self.text, re.MULTILINE)
            if found:
                return self.line + self.text.count("\n", 0, found.start())
        return self.line


def rows_of(text: str, file: str) -> Iterator[Row]:
    """Every table [standard.ID] of a file, in its order, each as text that can be read alone."""
    headers = list(_HEADER.finditer(text))
    ends = [*(header.start() for header in headers[1:]), len(text)][: len(headers)]
    line, seen = 1, 0
    for header, end in zip(headers, ends, strict=True):
        line += text.count("\n", seen, header.start())
        seen = header.start()
        yield Row(header[1], file, line, text[header.start() : end])
