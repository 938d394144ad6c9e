"""Pixels to the exact bytes that an office asks for: format, dpi and a band of KB, or an honest "cannot be done".

Files carry no EXIF (unless handed in), no thumbnail and no ICC profile. A picture without a profile is sRGB by the JFIF and PNG
practice of every viewer, which is what the pixels are, and a profile would eat up to 3 of the 10 to 20 KB that portals allow.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from f2p.errors import Infeasible
from f2p.files.fit import Attempt, Chroma, Fitted, Window, fit
from f2p.files.pad import pad_jpeg, pad_pdf, pad_png
from f2p.files.pdf import one_page
from f2p.values.outcome import Note
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Encoding, FileFormat

_WEBP_MAX_SIDE = 16383
_OPAQUE_ONLY = {FileFormat.JPG, FileFormat.PDF}
_QUALITY_WORTH_A_NOTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A finished file. suffix: ".jpg", ".png", ...; quality: 1..100 and chroma "4:4:4" or "4:2:0" where the format has them."""

    data: bytes
    suffix: str
    notes: tuple[Note, ...] = ()
    quality: int | None = None
    chroma: str | None = None


def encode(rgb: Rgb8, alpha: Plane | None, encoding: Encoding, size_mm: tuple[float, float] | None, exif: bytes = b"") -> Encoded:
    """The picture as a file of `encoding`. A KB limit is kept for 1 KB = 1000 bytes too, where a file can.

    rgb: (H, W, 3) uint8 sRGB, straight colours; (H, W) where the picture is grey already. alpha: (H, W) float32 0..1,
    None = opaque. size_mm: (width, height) of the print, needed for the page of a PDF (None: from px and dpi).
    exif: a ready block ("Exif\\0\\0..."), stored in JPEG, PNG and WebP.
    Notes: kb_padded(added_bytes), quality_low(quality), dpi_not_stored(format).
    Raises Infeasible: what="kb" (best = the nearest reachable size), "transparency" (best = a format that has it), "side_px".
    """
    if alpha is not None and encoding.format in _OPAQUE_ONLY:
        raise Infeasible(what="transparency", best="png")
    image = _image(rgb, alpha, gray=encoding.gray)
    safe, wide = Window.of_both(encoding.kb), Window.of(encoding.kb)
    try:
        fitted = _fitted(image, encoding, size_mm, exif, safe)
    except Infeasible:
        if safe == wide:
            raise
        fitted = _fitted(image, encoding, size_mm, exif, wide)
    return Encoded(
        data=fitted.attempt.data,
        suffix=f".{encoding.format.value}",
        notes=_notes(fitted, encoding),
        quality=fitted.attempt.quality,
        chroma=fitted.attempt.chroma,
    )


def _fitted(image: Image.Image, encoding: Encoding, size_mm: tuple[float, float] | None, exif: bytes, window: Window) -> Fitted:
    """The file of the format asked, inside `window`. Raises Infeasible."""
    match encoding.format:
        case FileFormat.JPG:
            fitted = fit(lambda quality, chroma: _jpeg(image, encoding.dpi, (quality, chroma), exif), window, encoding.quality)
            fitted = fitted.padded(window, pad_jpeg)
        case FileFormat.PDF:
            fitted = _pdf(image, encoding, size_mm, window)
        case FileFormat.WEBP:
            fitted = _webp(image, encoding, window, exif)
        case FileFormat.PNG:
            fitted = _png(image, encoding.dpi, window, exif)
        case FileFormat.TIFF:
            fitted = _smallest([Attempt(_tiff(image, encoding.dpi, way)) for way in ("tiff_lzw", "tiff_adobe_deflate")], window)
    window.check(len(fitted.attempt.data))
    return fitted


def _notes(fitted: Fitted, encoding: Encoding) -> tuple[Note, ...]:
    notes = []
    quality = fitted.attempt.quality
    if quality is not None and quality < _QUALITY_WORTH_A_NOTE and quality != encoding.quality:
        notes.append(Note("quality_low", "warning", {"quality": quality}))
    if fitted.added_bytes:
        notes.append(Note("kb_padded", params={"added_bytes": fitted.added_bytes}))
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


def _pdf(image: Image.Image, encoding: Encoding, size_mm: tuple[float, float] | None, window: Window) -> Fitted:
    page_mm = size_mm or (image.width / encoding.dpi * 25.4, image.height / encoding.dpi * 25.4)

    def page(quality: int, chroma: Chroma) -> bytes:
        return one_page(_jpeg(image, encoding.dpi, (quality, chroma), b""), image.size, page_mm, gray=image.mode == "L")

    return fit(page, window, encoding.quality).padded(window, pad_pdf)


def _webp(image: Image.Image, encoding: Encoding, window: Window, exif: bytes) -> Fitted:
    """Lossy colours (always 4:2:0), lossless alpha."""
    if max(image.size) > _WEBP_MAX_SIDE:
        raise Infeasible(what="side_px", best=_WEBP_MAX_SIDE)
    image = image.convert("RGBA" if image.mode in {"RGBA", "LA"} else "RGB")

    def file(quality: int, _chroma: Chroma) -> bytes:
        stream = io.BytesIO()
        image.save(stream, "WEBP", quality=quality, method=4, alpha_quality=100, exif=exif)
        return stream.getvalue()

    return fit(file, window, encoding.quality, chromas=("4:2:0",))


def _png(image: Image.Image, dpi: int, window: Window, exif: bytes) -> Fitted:
    """Never a palette: that would change colours nobody asked to change. Level 9 only where the limit needs it."""
    attempts = []
    for level in (6, 9):
        stream = io.BytesIO()
        image.save(stream, "PNG", dpi=(dpi, dpi), compress_level=level, pnginfo=PngInfo(), exif=exif or None)
        attempts.append(Attempt(stream.getvalue()))
        if len(attempts[-1].data) <= window.high:
            break
    return _smallest(attempts, window).padded(window, pad_png)


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
