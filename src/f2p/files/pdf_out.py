"""A new PDF made of finished page pictures and nothing else, and the proof that this is so.

The old file is not edited: a survey of hiding places (text, hidden text, annotations, forms, layers, attachments, metadata, old
revisions, thumbnails, structure …) found no way but this one after which none of them gave anything away.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

from f2p.errors import OutputWrong
from f2p.files.page import Page, decoded, encoded
from f2p.values.pixels import Rgb8

_PAGE_KEYS = {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
_IMAGE_KEYS = {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter", "/Length"}
_ROOT_KEYS = {"/Type", "/Pages"}
_TRAILER_KEYS = {"/Root", "/Size", "/ID", "/Type", "/W", "/Index", "/Filter", "/Length", "/DecodeParms"}


class PdfWriter:
    """One JPEG a page, each page of the old size."""

    def __init__(self) -> None:
        self._pages: list[tuple[bytes, tuple[float, float]]] = []

    def add(self, page: Page, rgb: Rgb8) -> Rgb8:
        jpeg = encoded(rgb, ".jpg", page.dpi)
        size = page.size_pt or (rgb.shape[1] * 72 / (page.dpi or 72), rgb.shape[0] * 72 / (page.dpi or 72))
        self._pages.append((jpeg, size))
        return decoded(jpeg)

    def replace_last(self, page: Page, rgb: Rgb8) -> Rgb8:
        self._pages.pop()
        return self.add(page, rgb)

    def finish(self) -> bytes:
        """The file, the same bytes for the same pages. Raises OutputWrong where it holds anything but these pages."""
        import pikepdf

        with pikepdf.new() as pdf:
            for jpeg, size in self._pages:
                _append(pdf, jpeg, size)
            stream = io.BytesIO()
            pdf.save(stream, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, linearize=False)
        data = stream.getvalue()
        prove_pdf(data, [hashlib.sha256(jpeg).hexdigest() for jpeg, _ in self._pages])
        return data


def _append(pdf: Any, jpeg: bytes, size: tuple[float, float]) -> None:
    import pikepdf
    from pikepdf import Dictionary, Name, Stream

    from f2p.files.containers import read_header

    header = read_header(jpeg, "JPEG")
    width, height = (round(side, 4) for side in size)
    image = Stream(pdf, jpeg)
    image.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=header.width, Height=header.height, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if header.mode == "L" else Name.DeviceRGB, Filter=Name.DCTDecode,
    )  # fmt: skip
    page = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, width, height],
        Contents=Stream(pdf, _shows(width, height)),
        Resources=Dictionary(XObject=Dictionary(Im0=image)),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _shows(width: float, height: float) -> bytes:
    """The only commands on a page: its picture, as large as the page."""
    return f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Im0 Do Q".encode()


def prove_pdf(data: bytes, pictures: list[str]) -> None:
    """Raises OutputWrong(what="pdf_content") unless `data` is one revision of pages that show these JPEGs (SHA-256) and hold no
    other object, and unless two libraries find no text in it.
    """
    whole = data.count(b"%%EOF") == 1 and data.count(b"startxref") == 1
    if not (whole and _only_pictures(data, pictures) and not _text_by_pdfium(data) and not _text_by_pypdf(data)):
        raise OutputWrong(what="pdf_content")


def _only_pictures(data: bytes, pictures: list[str]) -> bool:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        if len(pdf.pages) != len(pictures) or set(pdf.Root.keys()) - _ROOT_KEYS or set(pdf.trailer.keys()) - _TRAILER_KEYS:
            return False
        known = {pdf.Root.objgen, pdf.Root.Pages.objgen}
        for page, picture in zip(pdf.pages, pictures, strict=True):
            image = page.obj.Resources.XObject.Im0
            expected = _shows(float(page.obj.MediaBox[2]), float(page.obj.MediaBox[3]))
            plain = set(page.obj.keys()) <= _PAGE_KEYS and set(image.keys()) <= _IMAGE_KEYS
            same = hashlib.sha256(image.read_raw_bytes()).hexdigest() == picture
            if not (plain and same and page.obj.Contents.read_bytes() == expected):
                return False
            known |= {page.obj.objgen, image.objgen, page.obj.Contents.objgen}
        return {one.objgen for one in pdf.objects if one.is_indirect} <= known


def _text_by_pdfium(data: bytes) -> str:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    try:
        return "".join(page.get_textpage().get_text_range() for page in pdf).strip()
    finally:
        pdf.close()


def _text_by_pypdf(data: bytes) -> str:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    return "".join(page.extract_text() for page in reader.pages).strip()
