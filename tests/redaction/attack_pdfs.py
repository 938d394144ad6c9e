"""PDFs with one secret in a hiding place each, made with pikepdf: what a careless redaction leaves behind."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

SECRET = "62220212345678"
PAGE = (300.0, 200.0)
Pdf = pikepdf.Pdf


def blank(text: str = "Nothing to see here") -> tuple[Pdf, pikepdf.Object]:
    """A PDF with one page and a line of text on it."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, *PAGE],
        Resources=Dictionary(Font=Dictionary(F1=font)),
        Contents=Stream(pdf, f"BT /F1 18 Tf 20 100 Td ({text}) Tj ET".encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf, pdf.pages[0].obj


def saved(pdf: Pdf, **options: object) -> bytes:
    """The file's bytes, nothing compressed away."""
    stream = io.BytesIO()
    pdf.save(stream, compress_streams=False, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def _content(commands: str) -> bytes:
    pdf, page = blank()
    page.Contents = Stream(pdf, f"BT /F1 18 Tf 20 100 Td (Open) Tj ET {commands}".encode())
    return saved(pdf)


def text_under_a_box() -> bytes:
    """Black rectangle over text."""
    return _content(f"BT /F1 18 Tf 20 40 Td ({SECRET}) Tj ET 0 g 10 30 250 30 re f")


def white_text() -> bytes:
    """White on white."""
    return _content(f"1 g BT /F1 18 Tf 20 40 Td ({SECRET}) Tj ET")


def invisible_text() -> bytes:
    """Render mode 3: what OCR programs lay over scans."""
    return _content(f"BT 3 Tr /F1 18 Tf 20 40 Td ({SECRET}) Tj ET")


def off_the_page() -> bytes:
    """Beside the visible page."""
    return _content(f"BT /F1 18 Tf 900 40 Td ({SECRET}) Tj ET")


def optional_layer() -> bytes:
    """In a layer that is switched off."""
    pdf, page = blank()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("hidden")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    page.Resources.Properties = Dictionary(L0=layer)
    page.Contents = Stream(pdf, f"/OC /L0 BDC BT /F1 18 Tf 20 40 Td ({SECRET}) Tj ET EMC".encode())
    return saved(pdf)


def annotation() -> bytes:
    """The contents of a hidden note."""
    pdf, page = blank()
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 1, 1], F=2, Contents=String(SECRET))])
    return saved(pdf)


def form_field() -> bytes:
    """The value of a hidden field."""
    pdf, page = blank()
    field = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("f"), V=String(SECRET), Rect=[0, 0, 1, 1], F=2)
    )
    page.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    return saved(pdf)


def attachment() -> bytes:
    """An embedded file."""
    pdf, _ = blank()
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, SECRET.encode(), filename="a.txt")
    return saved(pdf)


def metadata() -> bytes:
    """XMP and the document information."""
    pdf, _ = blank()
    pdf.Root.Metadata = Stream(pdf, f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode())
    pdf.docinfo["/Subject"] = String(SECRET)
    return saved(pdf)


def thumbnail() -> bytes:
    """The page's thumbnail and a private dictionary of some program."""
    pdf, page = blank()
    page.Thumb = Stream(pdf, SECRET.encode())
    page.PieceInfo = Dictionary(App=Dictionary(Private=String(SECRET)))
    return saved(pdf)


def script_outline_and_names() -> bytes:
    """JavaScript, a bookmark's title, a named destination, alternative text of the structure."""
    pdf, _ = blank()
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"var a='{SECRET}'"))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=Dictionary(Title=String(SECRET))))
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.P, Alt=String(SECRET))))
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(SECRET), Array([])])))
    return saved(pdf)


def earlier_revision() -> bytes:
    """The text was changed by an incremental update; the old page is still in the file."""
    old = saved(blank(SECRET)[0])
    number = old.count(b" obj\n") + 1
    with pikepdf.open(io.BytesIO(old)) as pdf:
        page = pdf.pages[0].obj
        root, size = pdf.Root.objgen[0], int(pdf.trailer.Size)
        page.Contents = Dictionary()
        resources = page.Resources.unparse(resolved=False).decode("latin-1")
        parent, here = page.Parent.objgen[0], page.objgen[0]
    body = b"BT /F1 18 Tf 20 100 Td (New text) Tj ET"
    new_page = f"<< /Type /Page /MediaBox [0 0 300 200] /Parent {parent} 0 R /Resources {resources} /Contents {size} 0 R >>"
    out = bytearray(old)
    places = []
    for which, content in ((here, new_page.encode()), (size, b"<< /Length %d >>\nstream\n%b\nendstream" % (len(body), body))):
        places.append((which, len(out)))
        out += b"%d 0 obj\n%b\nendobj\n" % (which, content)
    start, before = len(out), old.rindex(b"startxref") + 10
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        size + 1, root, int(old[before:].split()[0]), start,
    )  # fmt: skip
    assert number
    return bytes(out)


def image_with_hidden_area() -> bytes:
    """A picture of which the page shows only a part; the rest travels along."""
    pdf, page = blank()
    pixels = np.full((40, 80, 3), 255, np.uint8)
    marked = pixels.tobytes()[: 40 * 80 * 3 - len(SECRET)] + SECRET.encode()
    image = Stream(pdf, marked)
    image.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=80, Height=40, ColorSpace=Name.DeviceRGB, BitsPerComponent=8
    )
    page.Resources.XObject = Dictionary(Im1=image)
    page.Contents = Stream(pdf, b"q 20 120 50 50 re W n 200 0 0 100 20 120 cm /Im1 Do Q")
    return saved(pdf)


def broken_table() -> bytes:
    """A file whose cross-reference table points nowhere."""
    data = invisible_text()
    at = data.rindex(b"startxref")
    return data[:at] + b"startxref\n99999999\n%%EOF\n" + SECRET.encode()


ATTACKS: tuple[Callable[[], bytes], ...] = (
    text_under_a_box, white_text, invisible_text, off_the_page, optional_layer, annotation, form_field, attachment, metadata,
    thumbnail, script_outline_and_names, earlier_revision, image_with_hidden_area, broken_table,
)  # fmt: skip


def huge_page() -> bytes:
    """A page of five metres."""
    pdf, page = blank()
    page.MediaBox = Array([0, 0, 14400, 14400])
    return saved(pdf)


def encrypted(password: str) -> bytes:
    """A file that opens with a password."""
    pdf, _ = blank()
    return saved(pdf, encryption=pikepdf.Encryption(user=password, owner=password + "o"))


def every_byte(data: bytes) -> bytes:
    """The file as it lies there, and every stream of it decoded by hand."""
    whole = bytearray(data)
    at = 0
    while (at := data.find(b"stream\n", at)) >= 0:
        at += 7
        try:
            whole += zlib.decompress(data[at : data.find(b"endstream", at)])
        except zlib.error:
            continue
    return bytes(whole)


def scan(rgb: np.ndarray, dpi: int) -> bytes:
    """A scanned page: one picture that fills it, with the OCR text of a scanner's program under it."""
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "PDF", resolution=dpi)
    return stream.getvalue()
