"""One page of a document: its pixels, and the picture file that it becomes."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from f2p.files.containers import read_header, sniff
from f2p.values.outcome import Note
from f2p.values.pixels import Rgb8, sealed

_QUALITY = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page to work on. rgb: (H, W, 3) uint8 sRGB, upright, read-only. number: from 1. dpi: None where the file says nothing.

    size_pt: width and height of a PDF's page.
    """

    number: int
    rgb: Rgb8
    dpi: float | None
    size_pt: tuple[float, float] | None = None
    notes: tuple[Note, ...] = ()


def encoded(rgb: Rgb8, suffix: str, dpi: float | None) -> bytes:
    """The file of one page; grey pages are stored as grey."""
    image = Image.fromarray(rgb)
    if bool((rgb[..., 0] == rgb[..., 1]).all() and (rgb[..., 1] == rgb[..., 2]).all()):
        image = image.convert("L")
    stream = io.BytesIO()
    save_page(image, stream, suffix, dpi)
    return stream.getvalue()


def decoded(data: bytes) -> Rgb8:
    """(H, W, 3) uint8: what a reader of the file sees."""
    kind = sniff(data)
    if kind is None:
        raise ValueError("no picture")
    image = read_header(data, kind)
    image.load()
    return sealed(np.array(image.convert("RGB"), dtype=np.uint8))


def save_page(image: Image.Image, stream: object, suffix: str, dpi: float | None) -> None:
    """Writes the picture in the format of `suffix`, without any metadata but its dpi."""
    options: dict[str, object] = {} if dpi is None else {"dpi": (dpi, dpi)}
    if suffix == ".jpg":
        image.save(stream, "JPEG", quality=_QUALITY, subsampling="4:4:4", optimize=True, **options)  # type: ignore[arg-type]
    elif suffix == ".webp":
        image.convert("RGB").save(stream, "WEBP", quality=_QUALITY, method=4)  # type: ignore[arg-type]
    elif suffix == ".tiff":
        image.save(stream, "TIFF", compression="tiff_adobe_deflate", **options)  # type: ignore[arg-type]
    else:
        image.save(stream, "PNG", compress_level=4, **options)  # type: ignore[arg-type]
