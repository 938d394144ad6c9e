"""500 files that nobody should send, each with the answers that are right for it; the same ones from the same seed.

`refused` are codes of errors. A file that is hostile only beside its picture (a huge comment, a program behind the last pixel) is
opened like any other, and here always refused because nobody is in it: "no_face".
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

BROKEN = frozenset({"damaged_image", "not_an_image"})
NO_PICTURE = frozenset({"not_an_image"})
TOO_LARGE = frozenset({"too_large"})
NOBODY = frozenset({"no_face"})
ANY = BROKEN | TOO_LARGE | NOBODY
"""Random damage may leave a picture that still opens."""

_WORDS = (
    b"<!doctype html><script>alert(1)</script>",
    b"<?php system($_GET['c']); ?>",
    b"#!/bin/sh\nrm -rf /\n",
    b"MZ\x90\0" * 8,
    b"PK\x03\x04" + bytes(26) + b"a.exe",
    b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
)
_NAMES = (
    "me.jpg",
    "../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "a\u202egpj.exe",
    "con.png",
    "a" * 300 + ".jpg",
    "-rf.jpg",
    ".htaccess",
    "$(id).jpg",
    "'; drop table jobs; --.jpg",
    "<img src=x>.jpg",
    "%00.jpg",
    "a\nb.jpg",
    "照片.jpg",
)


@dataclass(frozen=True, slots=True)
class HostileFile:
    """One file: what it is, what it calls itself, its bytes, and the codes of which one must come back."""

    kind: str
    name: str
    data: bytes
    refused: frozenset[str]


def files(seed: int = 1, count: int = 500) -> Iterator[HostileFile]:
    """`count` files, all kinds in turn, made when they are asked for."""
    chance = random.Random(seed)
    for number in range(count):
        kind, (make, refused) = list(_KINDS.items())[number % len(_KINDS)]
        yield HostileFile(kind, chance.choice(_NAMES), make(chance), refused)


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG, with the right sum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(size: tuple[int, int], bits: int, colour: int, body: bytes, *further: bytes) -> bytes:
    """A PNG whose header says what it likes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(further) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@cache
def zeros(length: int) -> bytes:
    """So many zero bytes, squeezed."""
    squeeze = zlib.compressobj(9)
    whole = [squeeze.compress(bytes(2**20)) for _ in range(length >> 20)]
    return b"".join([*whole, squeeze.compress(bytes(length % 2**20)), squeeze.flush()])


def picture(kind: str, seed: int = 0, size: tuple[int, int] = (96, 128), **options: object) -> bytes:
    """A small picture of coarse noise: nobody is in it."""
    coarse = np.random.default_rng(seed).integers(0, 255, (6, 4, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(coarse).resize(size).save(stream, kind, **options)
    return stream.getvalue()


def _good(chance: random.Random) -> bytes:
    return _of_kind(chance.choice(("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF")), chance.randrange(4))


@cache
def _of_kind(kind: str, seed: int) -> bytes:
    return picture(kind, seed)


def _png_header(chance: random.Random) -> bytes:
    return png((chance.randint(15_000, 2**31 - 1), chance.randint(15_000, 2**31 - 1)), 8, 2, zeros(2**20))


def _png_50k(chance: random.Random) -> bytes:
    bits, colour = chance.choice(((1, 0), (8, 3), (8, 6), (16, 2)))
    return png((50_000, 50_000), bits, colour, zeros(2**24), *([chunk(b"PLTE", bytes(3))] if colour == 3 else []))


def _png_12k(chance: random.Random) -> bytes:
    return png((12_000, chance.choice((12_000, 12_001))), 1, 0, zeros(12_001 * 1501))


def _png_text(chance: random.Random) -> bytes:
    bomb = b"Comment\0\0" + zeros(chance.choice((8, 64, 200)) * 2**20)
    return png((8, 8), 8, 2, zeros(8 * 25), *[chunk(chance.choice((b"zTXt", b"iCCP")), bomb)] * chance.randint(1, 3))


def _png_itxt(chance: random.Random) -> bytes:
    return png((8, 8), 8, 2, zeros(8 * 25), chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros(chance.randint(8, 64) * 2**20)))


def _png_sums(chance: random.Random) -> bytes:
    data = bytearray(picture("PNG", chance.randrange(4)))
    data[chance.randint(29, 32)] ^= 0xFF
    return bytes(data)


def _png_lengths(chance: random.Random) -> bytes:
    data = bytearray(picture("PNG", chance.randrange(4)))
    data[33:37] = struct.pack(">I", chance.choice((0, 2**31 - 1, 2**32 - 1)))
    return bytes(data)


def _png_deep(chance: random.Random) -> bytes:
    """16 bits a channel, in good order."""
    width = chance.randint(40, 300)
    return png((width, 200), 16, 2, zlib.compress((b"\0" + chance.randbytes(6) * width) * 200))


def _jpeg_pixels(chance: random.Random) -> bytes:
    """178 megapixels and more in the header of a small file."""
    data = bytearray(picture("JPEG", chance.randrange(4)))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", chance.choice((13_350, 65_535)), chance.choice((13_350, 65_500)))
    return bytes(data)


def _jpeg_scans(chance: random.Random) -> bytes:
    """One scan of a progressive picture, again and again."""
    data = picture("JPEG", chance.randrange(4), (1600, 1200), progressive=True)
    first = data.index(b"\xff\xda")
    second = data.index(b"\xff\xda", first + 2)
    return data[:second] + data[second:-2] * chance.randint(20, 60) + data[-2:]


def _jpeg_exif(chance: random.Random) -> bytes:
    """EXIF as large as a segment may be, of nonsense, several times."""
    data = picture("JPEG", chance.randrange(4))
    body = b"Exif\0\0" + chance.choice((b"II*\0\x08\0\0\0\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"")) + chance.randbytes(60_000)
    return data[:2] + (b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body) * chance.randint(1, 30) + data[2:]


def _jpeg_icc(chance: random.Random) -> bytes:
    """A colour profile of megabytes that is none."""
    data, parts = picture("JPEG", chance.randrange(4)), chance.randint(16, 200)
    body = [b"ICC_PROFILE\0" + bytes([n + 1, parts]) + chance.randbytes(64) * 1000 for n in range(parts)]
    return data[:2] + b"".join(b"\xff\xe2" + struct.pack(">H", len(one) + 2) + one for one in body) + data[2:]


def _behind(chance: random.Random) -> bytes:
    """A picture with a program, an archive or a page behind it."""
    return picture(chance.choice(("JPEG", "PNG")), chance.randrange(4)) + chance.choice(_WORDS) * chance.randint(1, 2000)


def _in_comment(chance: random.Random) -> bytes:
    return picture("JPEG", chance.randrange(4), comment=chance.choice(_WORDS))


def _gif_frames(chance: random.Random) -> bytes:
    one = Image.new("P", (64, 64))
    frames = [Image.new("P", (64, 64), n % 256) for n in range(chance.choice((299, 600)))]
    stream = io.BytesIO()
    one.save(stream, "GIF", save_all=True, append_images=frames)
    return stream.getvalue()


def _gif_canvas(chance: random.Random) -> bytes:
    return b"GIF89a" + struct.pack("<HH", 65_535, chance.randint(3_000, 65_535)) + picture("GIF")[10:]


def _gif_script(chance: random.Random) -> bytes:
    return chance.choice((b"GIF89a=1;alert(1)//", b"GIF87a/*")) + chance.choice(_WORDS)


def _webp_canvas(chance: random.Random) -> bytes:
    body = struct.pack("<I", 0x10) + (chance.randint(12_000, 2**24 - 1)).to_bytes(3, "little") * 2
    inner = b"WEBP" + b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def _tiff_fields(chance: random.Random, *fields: tuple[int, int, int, int]) -> bytes:
    entries = b"".join(struct.pack("<HHII", *one) for one in sorted(fields))
    return b"II*\0" + struct.pack("<IH", 8, len(fields)) + entries + struct.pack("<I", chance.choice((0, 8))) + bytes(64)


def _tiff_huge(chance: random.Random) -> bytes:
    side = chance.randint(20_000, 2**31 - 1)
    return _tiff_fields(
        chance,
        (256, 4, 1, side),
        (257, 4, 1, side),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, side),
        (279, 4, 1, 2**31),
    )


def _tiff_lies(chance: random.Random) -> bytes:
    """Small, with strips far outside and counts without end."""
    return _tiff_fields(
        chance,
        (256, 4, 1, 64),
        (257, 4, 1, 64),
        (258, 3, 1, 8),
        (259, 3, 1, chance.choice((1, 5, 7, 8, 32773))),
        (262, 3, 1, 1),
        (273, 4, chance.choice((1, 2**28)), 2**31),
        (277, 3, 1, chance.choice((1, 65_535))),
        (278, 4, 1, 64),
        (279, 4, 1, 2**30),
    )


def _bmp_huge(chance: random.Random) -> bytes:
    side = chance.randint(20_000, 2**31 - 1)
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, side, chance.choice((-1, 1)) * side, 1, 24, 0, 0, 0, 0, 0, 0)


def _iso_garbage(chance: random.Random) -> bytes:
    brand = chance.choice((b"avif", b"heic", b"mif1"))
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + brand + b"miaf" + chance.randbytes(chance.randint(0, 4000))


def _iso_other(chance: random.Random) -> bytes:
    brand = chance.choice((b"isom", b"mp42", b"qt  ", b"M4A "))
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + brand + b"mp41" + chance.randbytes(2000)


def _svg(chance: random.Random) -> bytes:
    lines = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    inside = chance.choice(("&l9;", '<image href="file:///etc/passwd"/>', '<image href="http://169.254.169.254/"/>'))
    head = f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "x">{lines}]>'
    return f'{head}<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()


def _eps(chance: random.Random) -> bytes:
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file\n" + b"% \n" * chance.randint(1, 9000)


def _other_formats(chance: random.Random) -> bytes:
    start = chance.choice(
        (
            b"8BPS\0\1" + bytes(22),
            b"\0\0\1\0\1\0",
            b"\x76\x2f\x31\x01",
            b"SIMPLE  =",
            b"P6 99999 99999 255\n",
            b"#define x_width 9999999\n",
            b"\x0a\x05\1\x08",
            b"\0\0\0\x0cjP  \r\n\x87\n",
            b"\xff\x4f\xff\x51",
            b"\xff\x0a",
            b"\xd7\xcd\xc6\x9a",
            b"\x01\0\0\0",
            b"qoif",
            b"DDS |",
            b"icns",
            b"\x59\xa6\x6a\x95",
        )
    )
    return start + chance.randbytes(chance.randint(0, 3000))


def _archive(chance: random.Random) -> bytes:
    return chance.choice((b"\x1f\x8b\x08" + bytes(7), b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c", b"BZh9", b"\xfd7zXZ\0")) + zeros(
        2**24
    )


def _flipped(chance: random.Random) -> bytes:
    data = bytearray(_good(chance))
    for _ in range(chance.randint(1, 40)):
        data[chance.randrange(12, len(data))] = chance.randrange(256)
    return bytes(data)


def _garbage(chance: random.Random) -> bytes:
    return b"\x07" + chance.randbytes(chance.choice((1, 2, 100, 10_000, 2_000_000)))


def _heads(chance: random.Random) -> bytes:
    """Only the first bytes of a good one."""
    return _good(chance)[: chance.randint(1, 40)]


def _cut(chance: random.Random) -> bytes:
    data = _of_kind(chance.choice(("JPEG", "PNG", "WEBP", "BMP", "AVIF")), chance.randrange(4))
    return data[: len(data) * chance.randint(20, 80) // 100]


_KINDS: dict[str, tuple[Callable[[random.Random], bytes], frozenset[str]]] = {
    "PNG, gigapixels in the header": (_png_header, TOO_LARGE),
    "PNG of 50,000 x 50,000": (_png_50k, TOO_LARGE),
    "PNG of 12,000 x 12,000, whole": (_png_12k, TOO_LARGE),
    "PNG, text or profile that unpacks to 600 MB": (_png_text, BROKEN | NOBODY),
    "PNG, international text bomb": (_png_itxt, BROKEN | NOBODY),
    "PNG, wrong sum": (_png_sums, BROKEN),
    "PNG, wrong lengths": (_png_lengths, BROKEN | NOBODY),
    "PNG, 16 bits": (_png_deep, NOBODY),
    "JPEG of 178 MP and more": (_jpeg_pixels, TOO_LARGE),
    "JPEG of a thousand scans": (_jpeg_scans, BROKEN | NOBODY),
    "JPEG, huge EXIF": (_jpeg_exif, NOBODY),
    "JPEG, huge profile": (_jpeg_icc, NOBODY),
    "JPEG, script in a comment": (_in_comment, NOBODY),
    "picture with a program behind it": (_behind, NOBODY),
    "GIF of 300 frames": (_gif_frames, NOBODY),
    "GIF, huge canvas": (_gif_canvas, TOO_LARGE),
    "GIF that is a script": (_gif_script, ANY),
    "WebP, huge canvas": (_webp_canvas, TOO_LARGE),
    "TIFF, huge": (_tiff_huge, TOO_LARGE),
    "TIFF that lies": (_tiff_lies, ANY),
    "BMP, huge": (_bmp_huge, TOO_LARGE | BROKEN),
    "AVIF or HEIC of nonsense": (_iso_garbage, BROKEN),
    "film for a photo": (_iso_other, NO_PICTURE),
    "SVG": (_svg, NO_PICTURE),
    "EPS": (_eps, NO_PICTURE),
    "formats that are not on the list": (_other_formats, BROKEN),
    "archive": (_archive, NO_PICTURE),
    "page, program or script": (lambda chance: chance.choice(_WORDS) * chance.randint(1, 99), NO_PICTURE),
    "empty": (lambda _: b"", frozenset({"empty_file"})),
    "nonsense": (_garbage, NO_PICTURE),
    "first bytes only": (_heads, BROKEN),
    "cut off": (_cut, BROKEN),
    "bytes changed": (_flipped, ANY),
}
