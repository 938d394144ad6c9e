"""What the product adds to a reading to make it complete, and what it has to leave out; both are told."""

from __future__ import annotations

from dataclasses import dataclass, field

from f2p.values.reading import Assumption


@dataclass(slots=True)
class Filled:
    """Notebook of one `resolve`: defaults taken and wishes left out, in the order in which they came up."""

    assumed: list[Assumption] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def assume(self, key: str, value: object, why: str) -> None:
        """Nobody asked for `value`; `why` is a code of the message table [assumed]."""
        self.assumed.append(Assumption(key, str(value), why))

    def leave_out(self, *wishes: str) -> None:
        """These were asked for and cannot be carried out: codes of the message table [wish]."""
        self.left_out += [wish for wish in wishes if wish not in self.left_out]
