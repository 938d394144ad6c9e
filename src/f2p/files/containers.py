"""From bytes to a Pillow image whose header is read and whose pixels are not: an allow-list, with no global state of Pillow's.

`PIL.Image.open` tries every installed plugin (EPS would start Ghostscript) and takes its pixel limit from a module variable. Here
the first bytes choose one reader, which is called directly, so the limit is the caller's and holds for this file only.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import jpeg_factory
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

DECODER_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    LookupError,
    TypeError,
    ArithmeticError,
    RuntimeError,
    Image.DecompressionBombError,
)
"""All that Pillow's readers were seen to raise on damaged bytes."""

_ISO_BRANDS_AVIF = {b"avif", b"avis"}
_ISO_BRANDS_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def _open_heif(stream: io.BytesIO) -> ImageFile:
    from pi_heif import HeifImageFile

    reader: Callable[[io.BytesIO], ImageFile] = HeifImageFile
    return reader(stream)


def _open_jpeg(stream: io.BytesIO) -> ImageFile:
    return jpeg_factory(stream, "")


_READERS: dict[str, Callable[[io.BytesIO], ImageFile]] = {
    "JPEG": _open_jpeg,
    "PNG": PngImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
    "WEBP": WebPImageFile,
    "TIFF": TiffImageFile,
    "HEIF": _open_heif,
    "AVIF": AvifImageFile,
}


def sniff(data: bytes) -> str | None:
    """The format that the first bytes announce ("JPEG", "PNG", ...), None for all that is not on the list."""
    head = data[:64]
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(_TIFF_STARTS):
        return "TIFF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _sniff_iso(head)
    # "BM" alone also begins many words; the size of the second header does not.
    if head[:2] == b"BM" and len(head) > 18 and int.from_bytes(head[14:18], "little") in {12, 16, 40, 52, 56, 64, 108, 124}:
        return "BMP"
    return None


def _sniff_iso(head: bytes) -> str | None:
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
    if brands & _ISO_BRANDS_AVIF:
        return "AVIF"
    return "HEIF" if brands & _ISO_BRANDS_HEIF else None


def read_header(data: bytes, kind: str) -> ImageFile:
    """The image of `kind` (as `sniff` says) with size, mode and metadata read; pixels only with `load()`.

    Raises one of DECODER_FAULTS where the header is damaged.
    """
    return _READERS[kind](io.BytesIO(data))


def stored_size(image: ImageFile) -> tuple[int, int]:
    """(width, height) in px as the file has them, before any turn."""
    if isinstance(image, TiffImageFile):  # Pillow shows the turned size
        return int(image.tag_v2[256]), int(image.tag_v2[257])
    return image.size


def webp_canvas(data: bytes) -> tuple[int, int] | None:
    """(width, height) of a WebP from its first chunk, None where it has none.

    Asked first because libwebp's reader allocates the canvas when it opens. RFC 9649, sections 2.5 to 2.7.
    """
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None
