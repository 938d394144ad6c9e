"""A sheet of photos that were finished already, as it comes back."""

from __future__ import annotations

from dataclasses import dataclass

from f2p.values.outcome import Check, Note
from f2p.values.sheet import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The sheet's bytes, where everything lies on it, what was measured and what to know."""

    data: bytes
    layout: Layout
    checks: tuple[Check, ...]
    notes: tuple[Note, ...]
    seconds: float
