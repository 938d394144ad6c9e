"""Words as grey planes, drawn with a font file; the font inside Pillow serves Latin letters and digits on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from f2p.values.pixels import sealed

Gray8 = NDArray[np.uint8]
"""(H, W) uint8, 0 black … 255 white."""

SIMPLIFIED = 2
"""Face of Noto Sans CJK's collection with mainland China's forms of the characters."""


def has_letters(text: str) -> bool:
    """Whether the font inside Pillow can draw all of the text."""
    return all(" " <= char <= "~" or char in "×°éèüöäßñçáíóú" for char in text)


def usable_font(candidates: Sequence[Path]) -> Path | None:
    """The first of the font files that is there and opens."""
    for path in candidates:
        if path.is_file():
            try:
                _font(path, 12)
            except OSError:
                continue
            return path
    return None


def lettered(text: str, font: Path | None, size_px: tuple[int, int]) -> Gray8:
    """The text in black on white inside (width, height) px: as high as the place, smaller where it would be too long."""
    width, height = size_px
    size = height
    while True:
        face = _font(font, size)
        left, top, right, bottom = face.getbbox(text) if text else (0, 0, 0, 0)
        ascent, descent = face.getmetrics()
        if (right - left <= width and ascent + descent <= round(1.45 * height)) or size <= 4:
            break
        size -= 1
    image = Image.new("L", (max(width, 1), max(height, 1)), 255)
    place = ((width - (right - left)) / 2 - left, (height - (bottom - top)) / 2 - top)
    ImageDraw.Draw(image).text(place, text, font=face, fill=0)
    return sealed(np.array(image))


@lru_cache(maxsize=64)
def _font(path: Path | None, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if path is None:
        return ImageFont.load_default(size)
    face = SIMPLIFIED if path.suffix.lower() == ".ttc" and "NotoSansCJK" in path.name else 0
    return ImageFont.truetype(str(path), size, index=face)
