"""Pixels to the exact bytes that an office asks for: format, dpi and a band of KB, or an honest "cannot be done".

Files carry no EXIF (unless handed in), no thumbnail and no ICC profile. A picture without a profile is sRGB by the JFIF and PNG
practice of every viewer, which is what the pixels are, and a profile would eat up to 3 of the 10 to 20 KB that portals allow.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from f2p.errors import Infeasible, KbOutOfReach
from f2p.files import pad
from f2p.files.fit import SMALL_KB, Attempt, Chroma, Fitted, Search, Window, fit_padded
from f2p.files.pdf import one_page
from f2p.files.reach import Others, crossed, out_of_reach
from f2p.values.outcome import Note
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Encoding, FileFormat

_WEBP_MAX_SIDE = 16383
_OPAQUE_ONLY = {FileFormat.JPG, FileFormat.PDF}
_LOSSLESS = {FileFormat.PNG, FileFormat.TIFF}
_GRAY_MODES = {"L", "LA"}
_PNG_LEVELS = (6, 9, 8, 7, 5)
"""The usual level, the smallest file, and others whose size leaves room for a filler where exactly so many bytes are asked."""
_QUALITY_WORTH_A_NOTE = 60
_QUALITY_OF_SMALLER = 50
"""Where pixels must go, a few more of them go for a picture that is not at its worst quality too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A finished file. suffix: ".jpg", ".png", ...; quality: 1..100 and chroma "4:4:4" or "4:2:0" where the format has them."""

    data: bytes
    suffix: str
    notes: tuple[Note, ...] = ()
    quality: int | None = None
    chroma: str | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """All that the file depends on besides the picture."""

    encoding: Encoding
    size_mm: tuple[float, float] | None
    exif: bytes
    chromas: tuple[Chroma, ...] = ("4:4:4", "4:2:0")


def encode(rgb: Rgb8, alpha: Plane | None, encoding: Encoding, size_mm: tuple[float, float] | None, exif: bytes = b"") -> Encoded:
    """The picture as a file of `encoding`. A KB limit is kept for 1 KB = 1000 bytes too, where a file can.

    rgb: (H, W, 3) uint8 sRGB, straight colours; (H, W) where the picture is grey already. alpha: (H, W) float32 0..1,
    None = opaque. size_mm: (width, height) of the print, needed for the page of a PDF (None: from px and dpi).
    exif: a ready block ("Exif\\0\\0..."), stored in JPEG, PNG and WebP.
    Notes: kb_padded(added_bytes), kb_of_1024(bytes, limit), quality_low(quality), dpi_not_stored(format).
    Raises KbOutOfReach (what can be reached, and how), Infeasible: "transparency" (best = a format that has it), "side_px".
    """
    if alpha is not None and encoding.format in _OPAQUE_ONLY:
        raise Infeasible(what="transparency", best="png")
    image, job = _image(rgb, alpha, gray=encoding.gray), _Job(encoding, size_mm, exif)
    if encoding.kb.low is not None and encoding.kb.high is not None and encoding.kb.low > encoding.kb.high:
        raise crossed(image, encoding)
    safe, wide = Window.of_both(encoding.kb), Window.of(encoding.kb)
    fitted = _fitted(image, job, safe)
    if not safe.holds(fitted.size) and safe != wide and fitted.size <= wide.high:
        fitted = _fitted(image, job, wide)
    if not wide.holds(fitted.size):
        raise _explained(image, job, fitted, wide)
    return Encoded(
        data=fitted.attempt.data,
        suffix=f".{encoding.format.value}",
        notes=_notes(fitted, encoding),
        quality=fitted.attempt.quality,
        chroma=None if image.mode in _GRAY_MODES else fitted.attempt.chroma,
    )


def _fitted(image: Image.Image, job: _Job, window: Window) -> Fitted:
    """The file of the format asked, inside `window`, or the nearest to it."""
    match job.encoding.format:
        case FileFormat.JPG:
            return _jpg(image, job, window)
        case FileFormat.PDF:
            return _pdf(image, job, window)
        case FileFormat.WEBP:
            return _webp(image, job, window)
        case FileFormat.PNG:
            return _png(image, job, window)
        case FileFormat.TIFF:
            return _smallest([Attempt(_tiff(image, job.encoding.dpi, way)) for way in ("tiff_lzw", "tiff_adobe_deflate")], window)


def _explained(image: Image.Image, job: _Job, nearest: Fitted, window: Window) -> KbOutOfReach:
    """Why there is no such file, after trying what else could be asked for."""
    encoding = job.encoding
    modest = replace(encoding, quality=min(_QUALITY_OF_SMALLER, encoding.quality or 100))
    smaller = replace(job, encoding=modest, chromas=("4:2:0",))
    anything = Window(0, sys.maxsize)
    bare = bool(job.exif) and window.holds(_fitted(image, replace(job, exif=b""), window).size)
    jpg_quality = 0
    if encoding.format in _LOSSLESS and image.mode in ("RGB", "L") and nearest.size > window.high:
        as_jpg = _jpg(image, job, window)
        jpg_quality = (as_jpg.attempt.quality or 0) if window.holds(as_jpg.size) else 0
    others = Others(of_size=lambda picture: _fitted(picture, smaller, anything).size, jpg_quality=jpg_quality, bare=bare)
    return out_of_reach(image, encoding, nearest, window, others)


def _notes(fitted: Fitted, encoding: Encoding) -> tuple[Note, ...]:
    notes = []
    quality = fitted.attempt.quality
    if quality is not None and quality < _QUALITY_WORTH_A_NOTE and quality != encoding.quality:
        notes.append(Note("quality_low", "warning", {"quality": quality}))
    if fitted.added_bytes:
        notes.append(Note("kb_padded", params={"added_bytes": fitted.added_bytes}))
    limit = encoding.kb.high
    if limit is not None and fitted.size > limit * SMALL_KB:
        notes.append(Note("kb_of_1024", params={"bytes": fitted.size, "limit": limit}))
    if encoding.format is FileFormat.WEBP:
        notes.append(Note("dpi_not_stored", params={"format": "WebP"}))
    return tuple(notes)


def _image(rgb: Rgb8, alpha: Plane | None, *, gray: bool) -> Image.Image:
    """Mode RGB, RGBA, L or LA; colours under alpha 0 are white, so that nothing of the old picture travels along unseen."""
    if alpha is None:
        image = Image.fromarray(rgb)
        return image.convert("L") if gray and image.mode != "L" else image
    opacity = np.clip(alpha * 255.0 + 0.5, 0, 255).astype(np.uint8)
    colours = np.where((opacity == 0)[..., None], np.uint8(255), rgb)
    image = Image.fromarray(np.dstack([colours, opacity]))
    return image.convert("LA") if gray else image


def _jpeg(image: Image.Image, dpi: int, wish: tuple[int, Chroma], exif: bytes) -> bytes:
    """Baseline (portals refuse progressive files), own Huffman tables, JFIF density in dots per inch."""
    quality, chroma = wish
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, subsampling=chroma, optimize=True, dpi=(dpi, dpi), exif=exif)
    return stream.getvalue()


def _search(image: Image.Image, job: _Job, chromas: tuple[Chroma, ...]) -> Search:
    """Grey pictures have no colour whose resolution could be halved."""
    return Search(job.encoding.quality, chromas=chromas[:1] if image.mode in _GRAY_MODES else chromas)


def _jpg(image: Image.Image, job: _Job, window: Window) -> Fitted:
    def file(quality: int, chroma: Chroma) -> bytes:
        return _jpeg(image, job.encoding.dpi, (quality, chroma), job.exif)

    return fit_padded(file, window, _search(image, job, job.chromas), pad.JPEG)


def _pdf(image: Image.Image, job: _Job, window: Window) -> Fitted:
    dpi = job.encoding.dpi
    page_mm = job.size_mm or (image.width / dpi * 25.4, image.height / dpi * 25.4)

    def page(quality: int, chroma: Chroma) -> bytes:
        return one_page(_jpeg(image, dpi, (quality, chroma), b""), image.size, page_mm, gray=image.mode == "L")

    return fit_padded(page, window, _search(image, job, job.chromas), pad.PDF)


def _webp(image: Image.Image, job: _Job, window: Window) -> Fitted:
    """Lossy colours (always 4:2:0), lossless alpha."""
    if max(image.size) > _WEBP_MAX_SIDE:
        raise Infeasible(what="side_px", best=_WEBP_MAX_SIDE)
    image = image.convert("RGBA" if image.mode in {"RGBA", "LA"} else "RGB")

    def file(quality: int, _chroma: Chroma) -> bytes:
        stream = io.BytesIO()
        image.save(stream, "WEBP", quality=quality, method=4, alpha_quality=100, exif=job.exif)
        return stream.getvalue()

    return fit_padded(file, window, _search(image, job, ("4:2:0",)), pad.WEBP)


def _png(image: Image.Image, job: _Job, window: Window) -> Fitted:
    """Never a palette: that would change colours nobody asked to change. Other levels than 6 only where a limit needs them."""
    fitted: list[Fitted] = []
    dpi = job.encoding.dpi
    for level in _PNG_LEVELS:
        stream = io.BytesIO()
        image.save(stream, "PNG", dpi=(dpi, dpi), compress_level=level, pnginfo=PngInfo(), exif=job.exif or None)
        fitted.append(Fitted(Attempt(stream.getvalue())).padded(window, pad.PNG))
        if window.holds(fitted[-1].size):
            return fitted[-1]
        if len(fitted) == 2 and fitted[-1].size > window.high:
            break  # the others are larger
    return min(fitted, key=lambda one: one.size)


def _tiff(image: Image.Image, dpi: int, compression: str) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[TiffImagePlugin.PREDICTOR] = 2
    stream = io.BytesIO()
    image.save(stream, "TIFF", compression=compression, dpi=(dpi, dpi), tiffinfo=tags)
    return stream.getvalue()


def _smallest(attempts: list[Attempt], window: Window) -> Fitted:
    """The first attempt where it fits (the format's usual way), else the smallest."""
    if len(attempts[0].data) <= window.high:
        return Fitted(attempts[0])
    return Fitted(min(attempts, key=lambda attempt: len(attempt.data)))
