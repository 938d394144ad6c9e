"""What every command of this door holds: the settings and the texts of the user's language."""

from __future__ import annotations

from dataclasses import dataclass

from f2p.catalogue.messages import Messages
from f2p.settings import Settings


@dataclass(frozen=True, slots=True)
class Door:
    """Settings and texts, made once by `main` and handed to each command."""

    settings: Settings
    text: Messages
