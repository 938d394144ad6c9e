"""What set-up installs is complete: it installs without looking for dependencies, so each must have its pin."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "run.txt"


def plain(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_of_a_pinned_package_is_pinned() -> None:
    """Whatever a pinned package declares for every system stands in the list too."""
    pins = {plain(line.partition("==")[0]) for line in REQUIREMENTS.read_text().splitlines() if "==" in line}
    missing = {}
    for name in pins:
        for wanted in metadata.requires(name) or ():
            needed = plain(re.match(r"[A-Za-z0-9._-]+", wanted)[0])  # type: ignore[index]
            if ";" not in wanted and needed not in pins:
                missing[needed] = name
    assert missing == {}
