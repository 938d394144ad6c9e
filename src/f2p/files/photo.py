"""Opening what people send: bytes to a `Photo`, with limits before decoding and a note for everything that had to be done."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

from f2p.errors import DamagedImage, EmptyFile, NotAnImage, TooLarge
from f2p.files.colour import to_srgb
from f2p.files.containers import DECODER_FAULTS, read_header, sniff, stored_size, webp_canvas
from f2p.values.outcome import Note
from f2p.values.pixels import Photo, Source

_ORIENTATION = 0x0112
_TURNS: dict[int, tuple[Image.Transpose, int]] = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT, 0),
    3: (Image.Transpose.ROTATE_180, 180),
    4: (Image.Transpose.FLIP_TOP_BOTTOM, 180),
    5: (Image.Transpose.TRANSPOSE, 90),
    6: (Image.Transpose.ROTATE_270, 90),
    7: (Image.Transpose.TRANSVERSE, 270),
    8: (Image.Transpose.ROTATE_90, 270),
}
"""EXIF orientation to what undoes it and the degrees clockwise that it turns (CIPA DC-008, 4.6.4); even ones also mirror."""
_MIRRORED = {2, 4, 5, 7}
_SIGNS_OF_AN_EARLY_END = ("truncat", "end of file", "end of data", "not enough data", "premature", "incomplete")
"""What Pillow, libheif and libavif call a file that stops too soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that is opened: bytes of the file, pixels of the picture."""

    max_bytes: int
    max_pixels: int


def open_photo(data: bytes, name: str, limits: Limits) -> Photo:
    """The picture in `data`, upright, opaque, 8-bit sRGB, read-only; `name` stands for it in messages.

    JPEG, MPO, PNG, WebP, TIFF, BMP, GIF, HEIC and AVIF, by content, whatever the name says. Size is checked on the header: a bomb
    costs nothing. Notes: exif_turned, exif_mirrored, first_frame, and those of `colour.to_srgb`.
    Raises EmptyFile, TooLarge, NotAnImage, DamagedImage.
    """
    if not data:
        raise EmptyFile(name=name)
    if len(data) > limits.max_bytes:
        raise TooLarge(name=name, what="bytes", value=len(data), limit=limits.max_bytes)
    kind = sniff(data)
    if kind is None:
        raise NotAnImage(name=name)
    try:
        image = _open_within(data, kind, name, limits)
        frames = _frames(image)
        width_px, height_px = stored_size(image)
        deep = _has_deep_colour(image)
        dpi = _dpi(image)
        # Loading a TIFF takes its orientation away, and a PNG may tell its own only behind the pixels.
        orientation = image.tag_v2.get(_ORIENTATION, 1) if isinstance(image, TiffImageFile) else None
        image.load()
        orientation = orientation or _orientation(image)
        rgb, notes = to_srgb(image)
    except DECODER_FAULTS as error:
        raise DamagedImage(name=name, reason=_reason(error), detail=_detail(error)) from error
    if deep and not any(note.code == "depth_reduced" for note in notes):
        notes = (Note("depth_reduced", params={"bits": 8}), *notes)
    if frames > 1:
        notes = (Note("first_frame", params={"count": frames}), *notes)
    if orientation in _TURNS:
        # Pillow has turned a TIFF already when it loaded it.
        rgb = rgb if isinstance(image, TiffImageFile) else rgb.transpose(_TURNS[orientation][0])
        notes = (_turn_note(orientation), *notes)
    source = Source(
        format=image.format or kind,
        width_px=width_px,
        height_px=height_px,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return Photo(rgb=np.array(rgb, dtype=np.uint8), dpi=dpi, source=source, notes=notes)


def _open_within(data: bytes, kind: str, name: str, limits: Limits) -> ImageFile:
    """The image with its header read. Raises TooLarge before anything of the picture's size is allocated."""
    size = webp_canvas(data) if kind == "WEBP" else None
    if size is None:
        image = read_header(data, kind)
        _refuse_too_many(stored_size(image), name, limits)
        return image
    _refuse_too_many(size, name, limits)
    image = read_header(data, kind)
    _refuse_too_many(image.size, name, limits)
    return image


def _refuse_too_many(size: tuple[int, int], name: str, limits: Limits) -> None:
    pixels = size[0] * size[1]
    if pixels > limits.max_pixels:
        raise TooLarge(name=name, what="pixels", value=pixels, limit=limits.max_pixels)
    if min(size) < 1:
        raise DamagedImage(name=name, reason="undecodable", detail="0 px")


def _reason(error: BaseException) -> str:
    """What broke, as a message code."""
    words = str(error).lower()
    ended = isinstance(error, EOFError) or any(sign in words for sign in _SIGNS_OF_AN_EARLY_END)
    return "truncated" if ended else "undecodable"


def _detail(error: BaseException) -> str:
    """The decoder's own words: one line, English, for programs."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:120]


def _frames(image: ImageFile) -> int:
    count = getattr(image, "n_frames", 1)
    return count if isinstance(count, int) else 1


def _orientation(image: ImageFile) -> int:
    """1..8; 1 where EXIF is missing or damaged: a broken comment does not make a broken picture."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except DECODER_FAULTS:
        return 1
    return value if isinstance(value, int) else 1


def _turn_note(orientation: int) -> Note:
    code = "exif_mirrored" if orientation in _MIRRORED else "exif_turned"
    return Note(code, params={"deg": _TURNS[orientation][1]})


def _has_deep_colour(image: ImageFile) -> bool:
    """Whether colours have more than 8 bits, which Pillow's reader (PNG, TIFF) or libheif takes to 8 by itself."""
    if isinstance(image, TiffImageFile):
        bits = image.tag_v2.get(258, 8)
        return bool(max(bits if isinstance(bits, tuple) else (bits,)) > 8)
    if image.format == "PNG" and image.tile:
        return ";16" in str(image.tile[0][3])
    return bool(image.info.get("bit_depth", 8) > 8)


def _dpi(image: ImageFile) -> float | None:
    """Horizontal px per inch as stored, to two decimals; None where the file says nothing believable."""
    value = image.info.get("dpi")
    across = value[0] if isinstance(value, tuple) and value else None
    try:
        dots = float(across) if across is not None else math.nan
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return round(dots, 2) if 1 < dots < 100_000 else None
