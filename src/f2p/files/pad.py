"""Files grown to a size that an office demands, with bytes that every reader must skip; none after the end marker."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

_COM_MAX = 65533
"""Text bytes of one JPEG comment segment: its length field counts itself and ends at 65535."""
_VP8X_BYTES, _CHUNK_HEAD = 18, 8
_ALPHA = 0x10


@dataclass(frozen=True, slots=True)
class Padding:
    """One format's way to grow. least: bytes of its smallest filler.

    fill: (data, missing) → data with at least `missing` bytes more, as few beyond that as the format lets.
    """

    fill: Callable[[bytes, int], bytes]
    least: int

    def grown(self, data: bytes, low: int, high: int) -> bytes:
        """`data` with at least `low` and at most `high` bytes; as it is where that cannot be, or need not."""
        missing = low - len(data)
        if missing <= 0:
            return data
        filled = self.fill(data, max(missing, self.least))
        return filled if len(filled) <= high else data


def _fill_jpeg(data: bytes, missing: int) -> bytes:
    """Comment segments of spaces behind the application segments that must stand first (ITU-T T.81, B.2.4.5)."""
    blocks = bytearray()
    while missing:
        text = min(missing - 4, _COM_MAX)
        if 0 < missing - 4 - text < 4:  # leave room for a whole last segment
            text -= 4
        blocks += b"\xff\xfe" + struct.pack(">H", text + 2) + b" " * text
        missing -= 4 + text
    at = _after_app_segments(data)
    return data[:at] + bytes(blocks) + data[at:]


def _after_app_segments(data: bytes) -> int:
    """Where the segments end that must stand first (SOI, JFIF, EXIF)."""
    at = 2
    while data[at] == 0xFF and 0xE0 <= data[at + 1] <= 0xEF:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return at


def _fill_png(data: bytes, missing: int) -> bytes:
    """One tEXt chunk of spaces before the end (PNG 3rd edition, 11.3.3.2); its keyword is "Comment", cut short in a small one."""
    keyword = b"Comment"[: missing - 13] + b"\0"
    body = b"tEXt" + keyword + b" " * (missing - 12 - len(keyword))
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:-12] + chunk + data[-12:]


def _fill_pdf(data: bytes, missing: int) -> bytes:
    """Comment lines (ISO 32000-1, 7.2.4) between trailer and startxref, where no offset moves."""
    line = b"%" + b" " * 1022 + b"\n"
    rest = missing % len(line)
    filler = line * (missing // len(line)) + (b"%" + b" " * (rest - 2) + b"\n" if rest >= 2 else b"\n" * rest)
    at = data.rindex(b"startxref")
    return data[:at] + filler + data[at:]


def _fill_webp(data: bytes, missing: int) -> bytes:
    """An unknown chunk behind the image, which readers skip (RFC 9649, 2.7: unknown chunks).

    A simple file becomes an extended one for it. Files of this format have an even number of bytes: an odd `missing` gets one
    more.
    """
    missing += missing % 2
    if data[12:16] != b"VP8X":
        data = _extended(data)
        missing -= _VP8X_BYTES
    chunk = b"PADD" + struct.pack("<I", missing - _CHUNK_HEAD) + b" " * (missing - _CHUNK_HEAD)
    return data[:4] + struct.pack("<I", len(data) + missing - _CHUNK_HEAD) + data[8:] + chunk


def _extended(data: bytes) -> bytes:
    """A simple WebP (one VP8 or VP8L chunk) behind the head of an extended one, which says its size and whether it has alpha."""
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height, flags = bits & 0x3FFF, bits >> 14 & 0x3FFF, _ALPHA if bits >> 28 & 1 else 0
    else:
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        width, height, flags = width - 1, height - 1, 0
    head = b"VP8X" + struct.pack("<II", 10, flags) + width.to_bytes(3, "little") + height.to_bytes(3, "little")
    return data[:12] + head + data[12:]


JPEG = Padding(_fill_jpeg, least=4)
PNG = Padding(_fill_png, least=14)
PDF = Padding(_fill_pdf, least=1)
WEBP = Padding(_fill_webp, least=_VP8X_BYTES + _CHUNK_HEAD)
