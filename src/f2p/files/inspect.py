"""What a finished file really is, read back by a decoder: the other half of a promise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL.ImageFile import ImageFile

from f2p.errors import OutputWrong
from f2p.files.containers import DECODER_FAULTS, read_header, sniff
from f2p.files.pdf import read_one_page
from f2p.values.pixels import Plane, Rgb8, sealed

_DPI_DOUBT = 0.01
"""PNG and TIFF store dots per metre or fractions: 300 dpi reads back as 299.9994."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """A finished file as any reader sees it.

    format: "JPEG", "PNG", "WEBP", "TIFF", "PDF". mode: "RGB", "RGBA", "L", "LA". dpi: None where the file says nothing;
    in a PDF the one of the JPEG on its page.
    rgb: (H, W, 3) uint8, read-only, straight colours as stored. alpha: (H, W) float32 0..1, None where the file has none.
    page_mm: (width, height) of a PDF's page.
    """

    format: str
    width_px: int
    height_px: int
    dpi: float | None
    bytes: int
    mode: str
    exif_tags: int
    has_icc: bool
    rgb: Rgb8
    alpha: Plane | None
    page_mm: tuple[float, float] | None = None

    @property
    def kb(self) -> float:
        """1 KB = 1024 bytes."""
        return self.bytes / 1024

    @property
    def has_alpha(self) -> bool:
        return self.alpha is not None


def inspect(data: bytes) -> FileFacts:
    """Format, size, resolution, metadata and pixels of a finished file of ours.

    Raises OutputWrong(what="file") if it cannot be read.
    """
    try:
        if data.startswith(b"%PDF-"):
            page = read_one_page(data)
            return _facts(page.jpeg, len(data), (page.width_mm, page.height_mm))
        return _facts(data, len(data), None)
    except DECODER_FAULTS as error:
        raise OutputWrong(what="file") from error


def _facts(data: bytes, size: int, page_mm: tuple[float, float] | None) -> FileFacts:
    kind = sniff(data)
    if kind is None:
        raise ValueError("no picture")
    image = read_header(data, kind)
    exif_tags = len(image.getexif()) if kind != "TIFF" else 0  # a TIFF's own fields are no EXIF
    image.load()
    alpha = None
    if image.has_transparency_data:
        alpha = sealed(np.asarray(image.convert("RGBA").getchannel("A"), dtype=np.float32) / np.float32(255))
    return FileFacts(
        format="PDF" if page_mm else kind,
        width_px=image.width,
        height_px=image.height,
        dpi=_dpi(image),
        bytes=size,
        mode=image.mode,
        exif_tags=exif_tags,
        has_icc=bool(image.info.get("icc_profile")),
        rgb=sealed(np.array(image.convert("RGBA").convert("RGB") if image.mode == "LA" else image.convert("RGB"))),
        alpha=alpha,
        page_mm=page_mm,
    )


def _dpi(image: ImageFile) -> float | None:
    value = image.info.get("dpi")
    if not isinstance(value, tuple):
        return None
    across = float(value[0])
    nearest = round(across)
    return float(nearest) if math.isclose(across, nearest, abs_tol=_DPI_DOUBT) else across
