"""Documents page by page: pictures, TIFF stacks and PDFs in, the same kind out, one page in memory at a time."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Protocol

import numpy as np
from PIL import Image, TiffImagePlugin

from f2p.errors import DamagedImage, EmptyFile, NotAnImage, TooLarge
from f2p.files.colour import to_srgb
from f2p.files.containers import DECODER_FAULTS, read_header, sniff
from f2p.files.page import Page, decoded, encoded, save_page
from f2p.files.photo import Limits, open_photo
from f2p.values.pixels import Rgb8, sealed

_KEPT = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "WEBP": ".webp", "TIFF": ".tiff"}
"""Formats that come out as they went in; the others become PNG."""
_MOST_PAGES = 2000


class Pages(Protocol):
    """An opened document."""

    suffix: str
    """What the finished file is called at its end, with the dot."""
    count: int
    sha256: str

    def __iter__(self) -> Iterator[Page]: ...


class PageWriter(Protocol):
    """Takes finished pages in order and makes one file of them."""

    def add(self, page: Page, rgb: Rgb8) -> Rgb8:
        """The page as every reader of the finished file will see it, (H, W, 3) uint8."""
        ...

    def replace_last(self, page: Page, rgb: Rgb8) -> Rgb8:
        """The same for a page that was added already and had to be changed."""
        ...

    def finish(self) -> bytes: ...


def suffix_of(data: bytes, name: str) -> str:
    """What the finished file of such a document is called at its end, with the dot. Raises EmptyFile, NotAnImage."""
    if not data:
        raise EmptyFile(name=name)
    if _is_pdf(data):
        return ".pdf"
    kind = sniff(data)
    if kind is None:
        raise NotAnImage(name=name)
    return _KEPT.get(kind, ".png")


def _is_pdf(data: bytes) -> bool:
    """Readers take a header anywhere in the first KB (ISO 32000-1, annex H.3)."""
    return b"%PDF-" in data[:1024]


def open_pages(data: bytes, name: str, limits: Limits, password: str = "") -> Pages:
    """The document in `data`. Raises EmptyFile, NotAnImage, DamagedImage, TooLarge, NeedsPassword."""
    if _is_pdf(data):
        from f2p.files.pdf_in import PdfPages

        if len(data) > limits.max_bytes:
            raise TooLarge(name=name, what="bytes", value=len(data), limit=limits.max_bytes)
        return PdfPages(data, name, limits, password)
    if sniff(data) == "TIFF" and _frames(data, name) > 1:
        return TiffPages(data, name, limits)
    return OnePage(data, name, limits)


def writer_for(pages: Pages) -> PageWriter:
    """What writes such a document again."""
    if pages.suffix == ".pdf":
        from f2p.files.pdf_out import PdfWriter

        return PdfWriter()
    return StackWriter(pages.suffix) if pages.count > 1 else PictureWriter(pages.suffix)


class OnePage:
    """A picture as a document of one page."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self._photo = open_photo(data, name, limits)
        self.suffix = _KEPT.get(self._photo.source.format, ".png")
        self.count = 1
        self.sha256 = self._photo.source.sha256

    def __iter__(self) -> Iterator[Page]:
        yield Page(number=1, rgb=self._photo.rgb, dpi=self._photo.dpi, notes=self._photo.notes)


class TiffPages:
    """A TIFF with several pages, as scanners make them."""

    suffix = ".tiff"

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        if len(data) > limits.max_bytes:
            raise TooLarge(name=name, what="bytes", value=len(data), limit=limits.max_bytes)
        self._data, self._name, self._limits = data, name, limits
        self.count = _frames(data, name)
        self.sha256 = hashlib.sha256(data).hexdigest()
        if self.count > _MOST_PAGES:
            raise TooLarge(name=name, what="pages", value=self.count, limit=_MOST_PAGES)

    def __iter__(self) -> Iterator[Page]:
        for number in range(self.count):
            yield self._page(number)

    def _page(self, number: int) -> Page:
        try:
            image = read_header(self._data, "TIFF")
            image.seek(number)
            pixels = image.width * image.height
            if pixels > self._limits.max_pixels:
                raise TooLarge(name=self._name, what="pixels", value=pixels, limit=self._limits.max_pixels)
            dots = image.info.get("dpi")
            image.load()
            rgb, notes = to_srgb(image)
        except DECODER_FAULTS as error:
            raise DamagedImage(name=self._name, reason="undecodable", detail=type(error).__name__) from error
        dpi = float(dots[0]) if isinstance(dots, tuple) and dots[0] else None
        return Page(number=number + 1, rgb=sealed(np.array(rgb, dtype=np.uint8)), dpi=dpi, notes=notes)


class PictureWriter:
    """One picture, without any metadata but its dpi."""

    def __init__(self, suffix: str) -> None:
        self._suffix = suffix
        self._data = b""

    def add(self, page: Page, rgb: Rgb8) -> Rgb8:
        self._data = encoded(rgb, self._suffix, page.dpi)
        return decoded(self._data)

    def replace_last(self, page: Page, rgb: Rgb8) -> Rgb8:
        return self.add(page, rgb)

    def finish(self) -> bytes:
        return self._data


class StackWriter:
    """A TIFF of several pages; each waits compressed until all are there."""

    def __init__(self, suffix: str) -> None:
        if suffix != ".tiff":
            raise ValueError("only TIFF stacks pages")
        self._pages: list[tuple[bytes, float | None]] = []

    def add(self, page: Page, rgb: Rgb8) -> Rgb8:
        self._pages.append((encoded(rgb, ".png", None), page.dpi))
        return rgb

    def replace_last(self, page: Page, rgb: Rgb8) -> Rgb8:
        self._pages.pop()
        return self.add(page, rgb)

    def finish(self) -> bytes:
        stream = io.BytesIO()
        with TiffImagePlugin.AppendingTiffWriter(stream, new=True) as out:
            for data, dpi in self._pages:
                save_page(Image.open(io.BytesIO(data)), out, ".tiff", dpi)
                out.newFrame()
        return stream.getvalue()


def _frames(data: bytes, name: str) -> int:
    try:
        count = getattr(read_header(data, "TIFF"), "n_frames", 1)
    except DECODER_FAULTS as error:
        raise DamagedImage(name=name, reason="undecodable", detail=type(error).__name__) from error
    return count if isinstance(count, int) else 1
