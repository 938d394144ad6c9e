"""Of which parts a file of ours is made, to its last byte: portals that check end markers refuse bytes behind them."""

from __future__ import annotations

import zlib

from f2p.files.containers import sniff

_JPEG_NAMES = {0xDB: "DQT", 0xC4: "DHT", 0xC0: "SOF0", 0xDA: "SOS", 0xFE: "COM", 0xDD: "DRI"}
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_PDF_END = b"%%EOF\n"


def parts(data: bytes) -> tuple[str, ...]:
    """Names of the segments (JPEG), chunks (PNG, WebP) or objects (PDF) in their order; of a TIFF, which has no end, its name.

    Raises ValueError for a part cut short or with a wrong checksum, for bytes behind the end, and for other formats.
    """
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    kind = sniff(data)
    try:
        if kind == "JPEG":
            return _jpeg(data)
        if kind == "PNG":
            return _png(data)
        if kind == "WEBP":
            return _webp(data)
    except IndexError as error:
        raise ValueError("cut short") from error
    if kind != "TIFF":
        raise ValueError("no format of ours")
    return ("TIFF",)


def _jpeg(data: bytes) -> tuple[str, ...]:
    """Markers of ITU-T T.81, B.1.1.3; the entropy-coded data behind SOS are stepped over."""
    names, at = ["SOI"], 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _EOI:
            _ends(at + 2, data)
            return (*names, "EOI")
        names.append(f"APP{marker - 0xE0}" if 0xE0 <= marker <= 0xEF else _JPEG_NAMES.get(marker, f"{marker:02X}"))
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SOS:
            at = _after_scan(data, at)
    raise ValueError("no marker where one must be")


def _after_scan(data: bytes, at: int) -> int:
    """Where the next marker stands: 0xFF that is neither stuffed (FF00) nor a restart (FFD0..FFD7)."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _png(data: bytes) -> tuple[str, ...]:
    names: list[str] = []
    at = 8
    while not names or names[-1] != "IEND":
        length = int.from_bytes(data[at : at + 4], "big")
        body, crc = data[at + 4 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(crc) < 4 or zlib.crc32(body) != int.from_bytes(crc, "big"):
            raise ValueError("wrong checksum")
        names.append(body[:4].decode("ascii"))
        at += 12 + length
    _ends(at, data)
    return tuple(names)


def _webp(data: bytes) -> tuple[str, ...]:
    """Chunks of RFC 9649; the size in the head counts all of them."""
    _ends(8 + int.from_bytes(data[4:8], "little"), data)
    names, at = [], 12
    while at < len(data):
        names.append(data[at : at + 4].decode("ascii").strip())
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    _ends(at, data)
    return tuple(names)


def _pdf(data: bytes) -> tuple[str, ...]:
    """Objects where the table says they are."""
    tail = data[data.rindex(b"startxref") :].split()
    table = int(tail[1])
    if tail[2:] != [_PDF_END.strip()] or not data.endswith(_PDF_END) or not data[table:].startswith(b"xref"):
        raise ValueError("no end where it must be")
    offsets = [int(line[:10]) for line in data[table:].split(b"\n") if line.endswith(b" n ")]
    for number, offset in enumerate(offsets, start=1):
        if not data[offset:].startswith(b"%d 0 obj" % number):
            raise ValueError("an object is not where the table says")
    return tuple(f"{number} 0 obj" for number in range(1, len(offsets) + 1))


def _ends(at: int, data: bytes) -> None:
    if at != len(data):
        raise ValueError("bytes behind the end" if at < len(data) else "cut short")
