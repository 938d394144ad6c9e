"""Files grown to a size that an office demands, with bytes that every reader of the format must skip."""

from __future__ import annotations

import struct
import zlib

from f2p.errors import Infeasible

_COM_MAX = 65533
"""Text bytes of one JPEG comment segment: its length field counts itself and ends at 65535."""


def pad_jpeg(data: bytes, low: int, high: int) -> bytes:
    """A JPEG of exactly `low` bytes.

    Comment segments before the tables (ITU-T T.81, B.2.4.5); under 4 bytes, fill bytes (B.1.1.2).
    """
    del high  # comments hit any size
    missing = low - len(data)
    blocks = bytearray()
    while missing >= 4:
        text = min(missing - 4, _COM_MAX)
        if 0 < missing - 4 - text < 4:  # leave room for a whole last segment
            text -= 4
        blocks += b"\xff\xfe" + struct.pack(">H", text + 2) + b" " * text
        missing -= 4 + text
    at = _after_app_segments(data)
    return data[:at] + bytes(blocks) + b"\xff" * missing + data[at:]


def _after_app_segments(data: bytes) -> int:
    """Where the segments end that must stand first (SOI, JFIF, EXIF)."""
    at = 2
    while data[at] == 0xFF and 0xE0 <= data[at + 1] <= 0xEF:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return at


def pad_png(data: bytes, low: int, high: int) -> bytes:
    """A PNG of at least `low` bytes: one tEXt comment of spaces before the end (PNG 3rd edition, 11.3.3.2)."""
    keyword = b"Comment\0"
    text = max(low - len(data) - 12 - len(keyword), 0)
    if len(data) + 12 + len(keyword) + text > high:
        raise Infeasible(what="kb", best=f"{len(data) / 1024:.1f} KB")
    body = b"tEXt" + keyword + b" " * text
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:-12] + chunk + data[-12:]


def pad_pdf(data: bytes, low: int, high: int) -> bytes:
    """A PDF of exactly `low` bytes: comment lines (ISO 32000-1, 7.2.4) between trailer and startxref, where no offset moves."""
    del high
    missing = low - len(data)
    line = b"%" + b" " * 1022 + b"\n"
    rest = missing % len(line)
    filler = line * (missing // len(line)) + (b"%" + b" " * (rest - 2) + b"\n" if rest >= 2 else b"\n" * rest)
    at = data.rindex(b"startxref")
    return data[:at] + filler + data[at:]
