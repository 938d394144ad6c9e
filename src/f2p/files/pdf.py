"""PDFs of one page: one JPEG that fills it, or a print sheet of photos, marks and words; written and read back.

Pillow's PDF writer takes the page from whole px and dpi (24.98 mm instead of 25); an office that prints the page measures it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class PdfPage:
    """What a page of ours holds: its JPEG, and its size in mm."""

    jpeg: bytes
    width_mm: float
    height_mm: float


def one_page(jpeg: bytes, size_px: tuple[int, int], size_mm: tuple[float, float], *, gray: bool) -> bytes:
    """A PDF 1.4 with one page of `size_mm` filled by the JPEG of `size_px`; no metadata, no dates: same input, same bytes."""
    width, height = (f"{side * _POINTS_PER_MM:.4f}".rstrip("0").rstrip(".") for side in size_mm)
    content = f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode()
    space = "DeviceGray" if gray else "DeviceRGB"
    image = (
        f"<< /Type /XObject /Subtype /Image /Width {size_px[0]} /Height {size_px[1]} /ColorSpace /{space} "
        f"/BitsPerComponent 8 /Filter /DCTDecode /Length {len(jpeg)} >>\nstream\n"
    ).encode()
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Resources << /XObject << /Im0 5 0 R >> >> "
        "/Contents 4 0 R >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        image + jpeg + b"\nendstream",
    )


def assembled(*bodies: bytes) -> bytes:
    """The objects 1, 2, 3 … with header, cross-reference table and trailer; object 1 is the catalogue."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(bodies) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(out)


def read_one_page(data: bytes) -> PdfPage:
    """The page of a PDF made by `one_page`. Raises ValueError on any other."""
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    image = re.search(rb"/Filter /DCTDecode /Length (\d+) >>\nstream\n", data)
    if not data.startswith(b"%PDF-") or box is None or image is None:
        raise ValueError("not a page of ours")
    jpeg = data[image.end() : image.end() + int(image[1])]
    return PdfPage(jpeg, float(box[1]) / _POINTS_PER_MM, float(box[2]) / _POINTS_PER_MM)
