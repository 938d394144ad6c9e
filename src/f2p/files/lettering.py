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

_TALL = "0gÅ"
"""Letters that reach as far up and down as any."""
_SMALLEST_PX = 4
_Face = ImageFont.FreeTypeFont | ImageFont.ImageFont


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
    """The text in black on white inside (width, height) px: as high as the place, smaller where it would be too long.

    Lines of equal height have their letters on the same base line, whatever the letters are.
    """
    width, height = max(size_px[0], 1), max(size_px[1], 1)
    size = height
    while size > _SMALLEST_PX and not _fits(text, _font(font, size), width, height):
        size -= 1
    face = _font(font, size)
    left, top, right, bottom = face.getbbox(_TALL)
    base = (height - (bottom - top)) / 2 - top
    left, _, right, _ = face.getbbox(text)
    image = Image.new("L", (width, height), 255)
    ImageDraw.Draw(image).text(((width - (right - left)) / 2 - left, base), text, font=face, fill=0)
    return sealed(np.array(image))


def _fits(text: str, face: _Face, width: int, height: int) -> bool:
    left, _, right, _ = face.getbbox(text)
    _, top, _, bottom = face.getbbox(_TALL)
    return right - left <= width and bottom - top <= height


@lru_cache(maxsize=64)
def _font(path: Path | None, size: int) -> _Face:
    if path is None:
        return ImageFont.load_default(size)
    face = SIMPLIFIED if path.suffix.lower() == ".ttc" and "NotoSansCJK" in path.name else 0
    return ImageFont.truetype(str(path), size, index=face)
