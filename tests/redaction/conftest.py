"""A small contract with invented values, and the true box of each of its characters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from f2p.engines.suite import Engines
from f2p.settings import Settings
from f2p.values.pixels import Rgb8

PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Sample:
    """A page: its pixels, its file, and (char, left, top, right, bottom) of every character."""

    rgb: Rgb8
    path: Path
    chars: tuple[tuple[str, int, int, int, int], ...]

    def boxes(self, text: str) -> list[tuple[int, int, int, int]]:
        """The characters of the first place where `text` stands."""
        at = "".join(char for char, *_ in self.chars).index(text.replace(" ", ""))
        return [(left, top, right, low) for _, left, top, right, low in self.chars[at : at + len(text.replace(" ", ""))]]


@pytest.fixture(scope="session")
def sample() -> Sample:
    """Drawn by bench/private_pages.py in Noto Sans and Serif CJK and DejaVu; 200 dpi."""
    with Image.open(PAGES / "contract.png") as picture:
        rgb = np.asarray(picture.convert("RGB"))
    chars = json.loads((PAGES / "contract.json").read_text(encoding="utf-8"))
    return Sample(rgb, PAGES / "contract.png", tuple(tuple(one) for one in chars))


@pytest.fixture(scope="session")
def engines(settings: Settings) -> Engines:
    """Real, warm models."""
    return Engines(settings)
