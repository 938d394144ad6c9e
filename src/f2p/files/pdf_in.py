"""PDFs opened by PDFium and drawn page by page: what a person would see, with annotations and filled forms, and nothing else."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from f2p.errors import DamagedImage, NeedsPassword, TooLarge
from f2p.files.page import Page
from f2p.files.photo import Limits
from f2p.values.outcome import Note
from f2p.values.pixels import sealed

_DPI = 200
_BOUNDS = (150.0, 400.0)
_SCAN_COVERS = 0.6
"""An image that fills this share of the page is a scan, whose own dpi is kept."""
_MOST_PX = 40_000_000
_MOST_PAGES = 2000
_PDFIUM = threading.Lock()
"""PDFium is not made for several threads."""


class PdfPages:
    """A PDF as pages. Raises NeedsPassword, DamagedImage, TooLarge."""

    suffix = ".pdf"

    def __init__(self, data: bytes, name: str, limits: Limits, password: str) -> None:
        import pypdfium2

        self._name = name
        self._most_px = min(limits.max_pixels, _MOST_PX)
        self.sha256 = hashlib.sha256(data).hexdigest()
        with _PDFIUM:
            try:
                self._pdf = pypdfium2.PdfDocument(data, password=password or None)
                self._pdf.init_forms()
                self.count = len(self._pdf)
            except pypdfium2.PdfiumError as error:
                if "password" in str(error).lower():
                    raise NeedsPassword(name=name) from error
                raise DamagedImage(name=name, reason="undecodable", detail="PDF") from error
        if not 0 < self.count <= _MOST_PAGES:
            raise TooLarge(name=name, what="pages", value=self.count, limit=_MOST_PAGES)

    def __iter__(self) -> Iterator[Page]:
        for number in range(self.count):
            with _PDFIUM:
                page = self._page(number)
            yield page

    def _page(self, number: int) -> Page:
        import pypdfium2

        try:
            page = self._pdf[number]
            width, height = page.get_size()
            dpi, notes = self._dpi(page, (width, height))
            bitmap = page.render(scale=dpi / 72, may_draw_forms=True, draw_annots=True, rev_byteorder=True, no_smoothpath=False)
            array = np.array(bitmap.to_numpy()[..., :3] if bitmap.n_channels >= 3 else np.repeat(bitmap.to_numpy(), 3, axis=2))
            bitmap.close()
            page.close()
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
            raise DamagedImage(name=self._name, reason="undecodable", detail=f"PDF page {number + 1}") from error
        return Page(number=number + 1, rgb=sealed(array.astype(np.uint8)), dpi=dpi, size_pt=(width, height), notes=notes)

    def _dpi(self, page: Any, size_pt: tuple[float, float]) -> tuple[float, tuple[Note, ...]]:
        """Dots per inch to draw the page with: a scan's own, else 200; less where the page is huge."""
        wanted = float(min(max(_scan_dpi(page, size_pt) or _DPI, _BOUNDS[0]), _BOUNDS[1]))
        pixels = size_pt[0] * size_pt[1] * (wanted / 72) ** 2
        if pixels <= self._most_px:
            return wanted, ()
        fitting = wanted * (self._most_px / pixels) ** 0.5
        return fitting, (Note("page_huge", "warning", {"dpi": round(fitting)}),)


def _scan_dpi(page: Any, size_pt: tuple[float, float]) -> float | None:
    """The dpi of the scan that the page shows, None where it shows none."""
    from pypdfium2 import raw

    best = None
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) < _SCAN_COVERS * size_pt[0] * size_pt[1]:
            continue
        across, down = image.get_px_size()
        dpi = 72 * max(across, down) / max(right - left, top - bottom)
        best = max(best or 0.0, dpi)
    return best
