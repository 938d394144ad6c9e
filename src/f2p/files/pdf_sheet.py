"""A print sheet as a PDF page: photos with every pixel of theirs (lossless), marks as vectors, all placed in mm.

PDF 1.4 (ISO 32000-1 for the rest); no metadata, no dates: the same sheet gives the same bytes. The catalogue asks viewers not to
scale when printing (PrintScaling None), as a sheet at 97 % is worth nothing.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from f2p.files.pdf import assembled
from f2p.values.sheet import Ink

_POINTS_PER_MM = 72 / 25.4
_UP = 2
"""The PNG filter that keeps the difference to the row above."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One picture on the page, by its number, with its top left corner and size in mm;"""

    picture: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class SheetPage:
    """What a sheet of ours holds: its size, and the places of its pictures."""

    width_mm: float
    height_mm: float
    placed: tuple[Placed, ...]


def sheet_page(
    size_mm: tuple[float, float], inks: Sequence[Ink], pictures: Sequence[NDArray[np.uint8]], placed: Sequence[Placed]
) -> bytes:
    """The PDF: inks first, then the pictures in the order of `placed`.

    pictures: (H, W, 3) sRGB or (H, W) grey, uint8; each is stored once however often it is placed.
    """
    width, height = (_points(side) for side in size_mm)
    content = zlib.compress("\n".join([*_filled(inks, size_mm[1]), *_shown(placed, size_mm[1])]).encode(), 9)
    names = " ".join(f"/Im{index} {5 + index} 0 R" for index in range(len(pictures)))
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /TrimBox [0 0 {width} {height}] "
        f"/Resources << /XObject << {names} >> >> /Contents 4 0 R >>"
    )
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page.encode(),
        _stream("/Filter /FlateDecode", content),
        *(_picture(picture) for picture in pictures),
    )


def read_sheet_page(data: bytes) -> SheetPage:
    """Page size and pictures' places of a PDF made by `sheet_page`. Raises ValueError on any other."""
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    stream = re.search(rb"4 0 obj\n<< /Filter /FlateDecode /Length (\d+) >>\nstream\n", data)
    if not data.startswith(b"%PDF-") or box is None or stream is None:
        raise ValueError("not a sheet of ours")
    content = zlib.decompress(data[stream.end() : stream.end() + int(stream[1])])
    width, height = (float(side) / _POINTS_PER_MM for side in box.groups())
    found = []
    for match in re.finditer(rb"q ([\d.]+) 0 0 ([\d.]+) ([\d.-]+) ([\d.-]+) cm /Im(\d+) Do Q", content):
        w, h, x, y = (float(value) / _POINTS_PER_MM for value in match.groups()[:4])
        found.append(Placed(int(match[5]), x, height - y - h, w, h))
    return SheetPage(width, height, tuple(found))


def _points(mm: float) -> str:
    """Points to a thousandth of a micrometre, without needless zeros."""
    return f"{mm * _POINTS_PER_MM:.4f}".rstrip("0").rstrip(".")


def _filled(inks: Sequence[Ink], page_height_mm: float) -> list[str]:
    return [
        f"{ink.gray / 255:.3f} g {_points(ink.x_mm)} {_points(page_height_mm - ink.y_mm - ink.height_mm)} "
        f"{_points(ink.width_mm)} {_points(ink.height_mm)} re f"
        for ink in inks
        if ink.width_mm > 0 and ink.height_mm > 0
    ]


def _shown(placed: Sequence[Placed], page_height_mm: float) -> list[str]:
    return [
        f"q {_points(one.width_mm)} 0 0 {_points(one.height_mm)} {_points(one.x_mm)} "
        f"{_points(page_height_mm - one.y_mm - one.height_mm)} cm /Im{one.picture} Do Q"
        for one in placed
    ]


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _picture(pixels: NDArray[np.uint8]) -> bytes:
    """Rows as differences to the row above, then deflated: lossless."""
    height, width = pixels.shape[:2]
    colours, space = (1, "DeviceGray") if pixels.ndim == 2 else (3, "DeviceRGB")
    rows = np.ascontiguousarray(pixels).reshape(height, width * colours)
    above = np.vstack([np.zeros((1, width * colours), np.uint8), rows[:-1]])
    filtered = np.hstack([np.full((height, 1), _UP, np.uint8), rows - above])
    entries = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /{space} "
        f"/BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors {colours} /Columns {width} >>"
    )
    return _stream(entries, zlib.compress(filtered.tobytes(), 9))
