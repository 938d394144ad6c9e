"""A sheet as pixels: white paper, then marks and words, then the photos over them, each pixel of theirs as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.values.pixels import Rgb8, sealed
from f2p.values.sheet import Ink, Label, Layout, Marks, Slot

_MM_PER_INCH = 25.4
_SAME_PX = 3
"""A photo whose sides are this near to its place keeps its pixels: at 300 dpi a quarter of a millimetre."""

_THIN_MM = 0.5


@dataclass(frozen=True, slots=True)
class Fitted:
    """A photo in the pixels it is printed with, and whether they are its own."""

    rgb: Rgb8
    own_pixels: bool


def px_of(mm: float, dpi: int) -> int:
    """Whole pixels of a length."""
    return round(mm * dpi / _MM_PER_INCH)


def fitted_to(rgb: Rgb8, size_mm: tuple[float, float], dpi: int) -> Fitted:
    """(H, W, 3) uint8 sRGB at the sheet's dpi: untouched where it has the pixels already, else resampled once."""
    width, height = (px_of(side, dpi) for side in size_mm)
    if abs(rgb.shape[1] - width) <= _SAME_PX and abs(rgb.shape[0] - height) <= _SAME_PX:
        return Fitted(sealed(rgb), own_pixels=True)
    shrinks = rgb.shape[1] > width
    scaled = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return Fitted(sealed(np.asarray(scaled, dtype=np.uint8)), own_pixels=False)


def in_grey(rgb: Rgb8) -> Rgb8:
    """(H, W, 3) of equal channels: the picture without its colours (ITU-R BT.601 luma, as greyscale JPEGs have)."""
    return sealed(cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))


def lies(pixels: NDArray[np.uint8], *, turned: bool) -> NDArray[np.uint8]:
    """A photo or a plane of words as it lies on the sheet: turned by a quarter clockwise, or as it is."""
    return np.rot90(pixels, -1) if turned else pixels


def drawn(
    layout: Layout, photos: Sequence[Rgb8], marks: Marks, words: Sequence[NDArray[np.uint8]], look: tuple[int, float]
) -> Rgb8:
    """The sheet (H, W, 3) uint8 sRGB. photos: at the sheet's dpi, in the order of the plan's items; words: the planes of
    marks.labels; look: dpi, and bleed in mm.
    """
    dpi, bleed_mm = look
    sheet = np.full((px_of(layout.height_mm, dpi), px_of(layout.width_mm, dpi), 3), 255, dtype=np.uint8)
    for ink in marks.inks:
        _fill(sheet, ink, dpi)
    for label, plane in zip(marks.labels, words, strict=True):
        _write(sheet, label, plane, dpi)
    bleed = px_of(bleed_mm, dpi)
    for rim in [bleed, 0] if bleed else [0]:  # every rim first: none of them may lie on a neighbour
        for slot in layout.slots:
            _paste(sheet, slot, photos[slot.item], (dpi, rim))
    return sealed(sheet)


def _fill(sheet: Rgb8, ink: Ink, dpi: int) -> None:
    if ink.width_mm <= 0 or ink.height_mm <= 0:
        return
    x, right = _span(ink.x_mm, ink.width_mm, dpi)
    y, bottom = _span(ink.y_mm, ink.height_mm, dpi)
    part = sheet[max(y, 0) : bottom, max(x, 0) : right]
    np.minimum(part, np.uint8(ink.gray), out=part)


def _span(start_mm: float, length_mm: float, dpi: int) -> tuple[int, int]:
    """From and to in px; thin lines are all equally thick, long ones end where they should."""
    start = px_of(start_mm, dpi)
    return start, max(start + 1, start + px_of(length_mm, dpi) if length_mm < _THIN_MM else px_of(start_mm + length_mm, dpi))


def _write(sheet: Rgb8, label: Label, plane: NDArray[np.uint8], dpi: int) -> None:
    turned = lies(plane, turned=label.turned)
    x, y = max(0, px_of(label.x_mm, dpi)), max(0, px_of(label.y_mm, dpi))
    part = sheet[y : y + turned.shape[0], x : x + turned.shape[1]]
    np.minimum(part, turned[: part.shape[0], : part.shape[1], None], out=part)


def _paste(sheet: Rgb8, slot: Slot, photo: Rgb8, look: tuple[int, int]) -> None:
    """The photo centred on its place to the pixel, with a rim of its own edge pixels."""
    dpi, rim = look
    lying = lies(photo, turned=slot.turned)
    if rim:
        lying = np.pad(lying, ((rim, rim), (rim, rim), (0, 0)), mode="edge")
    height, width = lying.shape[:2]
    centre = (slot.x_mm + slot.width_mm / 2) * dpi / _MM_PER_INCH, (slot.y_mm + slot.height_mm / 2) * dpi / _MM_PER_INCH
    x, y = round(centre[0] - width / 2), round(centre[1] - height / 2)
    top, left = max(0, -y), max(0, -x)
    part = sheet[y + top : y + height, x + left : x + width]
    part[:] = lying[top : top + part.shape[0], left : left + part.shape[1]]
