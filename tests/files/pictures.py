"""Input pictures made from numbers, so that tests can name the colours that must come out."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from f2p.files.photo import Limits

LIMITS = Limits(max_bytes=64 * 1024 * 1024, max_pixels=120_000_000)
D50 = (0.9642, 1.0, 0.8249)

# XYZ of the primaries, adapted to D50 (Bradford): columns of the published RGB to XYZ matrices.
DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file of Pillow's `kind`."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def plain(colour: Any, mode: str = "RGB", size: tuple[int, int] = (24, 16)) -> Image.Image:
    """One colour, wider than high."""
    return Image.new(mode, size, colour)


def noise(width: int, height: int, seed: int = 7) -> NDArray[np.uint8]:
    """(height, width, 3) of soft noise: hard enough for a JPEG, and not flat anywhere."""
    raw = np.random.default_rng(seed).integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), dtype=np.uint8)
    soft = Image.fromarray(raw).resize((width, height), Image.Resampling.BICUBIC)
    grain = np.random.default_rng(seed + 1).integers(-6, 7, (height, width, 3))
    return np.clip(np.asarray(soft, dtype=np.int16) + grain, 0, 255).astype(np.uint8)


def _s15(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def icc_profile(
    space: bytes, name: str, curve: tuple[float, ...], primaries: tuple[tuple[float, float, float], ...] = ()
) -> bytes:
    """An ICC v2/v4 matrix or grey profile: `curve` = (gamma,) or the five numbers of a parametric curve, type 3."""

    def xyz(values: tuple[float, ...]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(_s15, values))

    kind = 0 if len(curve) == 1 else 3
    trc = b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + b"".join(map(_s15, curve))
    text = name.encode("utf-16-be")
    label = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    tags = {b"desc": label, b"cprt": label, b"wtpt": xyz(D50)}
    if primaries:
        tags |= {tag: xyz(values) for tag, values in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)}
        tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), trc)
    else:
        tags[b"kTRC"] = trc
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(value))
        body += value + b"\0" * (-len(value) % 4)
    size = start + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x04200000, b"mntr", space, b"XYZ ") + struct.pack(
        ">6H", 2026, 1, 1, 0, 0, 0
    )
    head += b"acsp" + b"\0" * 28 + b"".join(map(_s15, D50))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def p3_profile() -> bytes:
    """Display-P3, as phones write it."""
    return icc_profile(b"RGB ", "Display P3", SRGB_CURVE, DISPLAY_P3)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk with its length and CRC."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def raw_png(size: tuple[int, int], depth: int, colour_type: int, scanline: bytes, rows: int) -> bytes:
    """A PNG whose header may promise anything; the data are `rows` equal scan lines."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b"\0" + scanline) for _ in range(rows)) + packer.flush()
    head = struct.pack(">IIBBBBB", *size, depth, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
