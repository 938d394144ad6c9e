"""Small pictures for a report."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from f2p.files.containers import DECODER_FAULTS, read_header, sniff
from f2p.files.pdf import read_one_page

_QUALITY = {"WEBP": 62, "JPEG": 88}


def thumbnail(data: bytes, height_px: int, width_px: int, kind: str = "WEBP") -> bytes | None:
    """A WebP (or JPEG) no larger than the box, upright; None for bytes that are no picture. JPEGs are decoded small."""
    try:
        if data.startswith(b"%PDF-"):
            data = read_one_page(data).jpeg
        found = sniff(data)
        if found is None:
            return None
        image: Image.Image = read_header(data, found)
        image.draft("RGB", (2 * width_px, 2 * height_px))
        image = ImageOps.exif_transpose(image)
        image.thumbnail((width_px, height_px), Image.Resampling.LANCZOS, reducing_gap=2.0)
        if image.has_transparency_data:
            board = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(board, image.convert("RGBA"))
        small = image.convert("RGB")
    except DECODER_FAULTS:
        return None
    buffer = io.BytesIO()
    small.save(buffer, kind, quality=_QUALITY[kind])
    return buffer.getvalue()
