"""Encoding: exact pixels, dpi, type and KB, checked by reading the finished bytes back."""

from __future__ import annotations

import io
import re
import warnings

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.files.pictures import noise, plain, saved

from f2p.errors import Infeasible, OutputWrong
from f2p.files.encode import Encoded, encode
from f2p.files.exif import kept_exif
from f2p.files.inspect import FileFacts, inspect
from f2p.files.pdf import read_one_page
from f2p.values.plan import Encoding, FileFormat
from f2p.values.spec import Band

SIZE_MM = (25.0, 35.0)
ONE_INCH = noise(295, 413)


def made(
    encoding: Encoding, rgb: NDArray[np.uint8] = ONE_INCH, alpha: NDArray[np.float32] | None = None
) -> tuple[Encoded, FileFacts]:
    """The file, and what a reader says of it."""
    encoded = encode(rgb, alpha, encoding, SIZE_MM)
    return encoded, inspect(encoded.data)


@pytest.mark.parametrize(
    ("wish", "kind", "suffix"),
    [
        (FileFormat.JPG, "JPEG", ".jpg"),
        (FileFormat.PNG, "PNG", ".png"),
        (FileFormat.TIFF, "TIFF", ".tiff"),
        (FileFormat.WEBP, "WEBP", ".webp"),
        (FileFormat.PDF, "PDF", ".pdf"),
    ],
)
def test_every_format_is_what_it_says(wish: FileFormat, kind: str, suffix: str) -> None:
    """The bytes are of the type asked, of the exact pixels and dpi, and carry no EXIF and no profile."""
    encoded, facts = made(Encoding(format=wish))
    assert (facts.format, encoded.suffix) == (kind, suffix)
    assert (facts.width_px, facts.height_px, facts.mode) == (295, 413, "RGB")
    assert facts.exif_tags == 0 and not facts.has_icc and not facts.has_alpha
    assert facts.bytes == len(encoded.data) and facts.kb == len(encoded.data) / 1024
    assert np.abs(facts.rgb.astype(int) - ONE_INCH).mean() < 5
    if wish is FileFormat.WEBP:
        assert facts.dpi is None and [note.code for note in encoded.notes] == ["dpi_not_stored"]
    else:
        assert facts.dpi == pytest.approx(300, abs=0.1) and encoded.notes == ()


@pytest.mark.parametrize("wish", [FileFormat.PNG, FileFormat.TIFF])
def test_lossless_formats_lose_nothing(wish: FileFormat) -> None:
    """PNG and TIFF give every pixel back."""
    assert np.array_equal(made(Encoding(format=wish))[1].rgb, ONE_INCH)


def test_jpeg_header_is_plain() -> None:
    """JFIF in dots per inch, baseline, full colour resolution at quality 95, and no segment besides."""
    encoded, facts = made(Encoding(dpi=350))
    data = encoded.data
    assert data[2:4] == b"\xff\xe0" and data[6:11] == b"JFIF\0"
    assert data[13] == 1 and int.from_bytes(data[14:16], "big") == int.from_bytes(data[16:18], "big") == 350
    assert b"\xff\xc0" in data and b"\xff\xc2" not in data
    assert b"Exif" not in data and b"ICC_PROFILE" not in data
    assert (encoded.quality, encoded.chroma, facts.dpi) == (95, "4:4:4", 350)
    assert Image.open(io.BytesIO(data)).layer[0][1:3] == (1, 1)


def test_pure_backdrop_stays_pure() -> None:
    """#FFFFFF and pure red come back from a default JPEG as they were, or one level off for red."""
    white = made(Encoding(), np.full((413, 295, 3), 255, dtype=np.uint8))[1].rgb
    assert white.min() == 255
    red = made(Encoding(), np.full((413, 295, 3), (255, 0, 0), dtype=np.uint8))[1].rgb
    assert np.abs(red.astype(int) - (255, 0, 0)).max() <= 1


def test_quality_that_was_asked_for() -> None:
    """A given quality is used as it is, and only lowered where a limit forces it."""
    assert made(Encoding(quality=70))[0].quality == 70
    assert made(Encoding(quality=12))[0].quality == 12
    assert made(Encoding(quality=12))[0].notes == ()
    squeezed = made(Encoding(quality=90, kb=Band(None, 20)))[0]
    assert squeezed.quality is not None and squeezed.quality < 90


@pytest.mark.parametrize("wish", [FileFormat.JPG, FileFormat.PNG, FileFormat.TIFF, FileFormat.PDF])
def test_gray(wish: FileFormat) -> None:
    """A grey file has one channel: Rec. 601 luma of the colours."""
    facts = made(Encoding(format=wish, gray=True), np.full((40, 30, 3), (200, 100, 50), dtype=np.uint8))[1]
    assert facts.mode == "L"
    assert np.abs(facts.rgb.astype(int) - round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)).max() <= 1


@pytest.mark.parametrize("wish", [FileFormat.PNG, FileFormat.TIFF, FileFormat.WEBP])
def test_alpha_is_straight_and_hides_nothing(wish: FileFormat) -> None:
    """Alpha and the colours under it come back, and where it is 0 nothing of the old picture is left."""
    alpha = np.zeros((413, 295), dtype=np.float32)
    alpha[:, 100:] = np.linspace(0, 1, 195, dtype=np.float32)
    facts = made(Encoding(format=wish), alpha=alpha)[1]
    assert facts.alpha is not None and facts.mode == "RGBA"
    assert np.abs(facts.alpha - alpha).max() <= 0.5 / 255 + 1e-6
    assert not facts.alpha.flags.writeable and not facts.rgb.flags.writeable
    if wish is not FileFormat.WEBP:
        assert (facts.rgb[:, :100] == 255).all()
        assert np.array_equal(facts.rgb[facts.alpha > 0], ONE_INCH[facts.alpha > 0])


@pytest.mark.parametrize("wish", [FileFormat.JPG, FileFormat.PDF])
def test_transparency_needs_a_format_that_has_it(wish: FileFormat) -> None:
    """A transparent JPEG or PDF is refused, not filled with some colour."""
    with pytest.raises(Infeasible) as caught:
        encode(ONE_INCH, np.ones((413, 295), dtype=np.float32), Encoding(format=wish), SIZE_MM)
    assert caught.value.params == {"what": "transparency", "best": "png"}


def test_webp_side_limit() -> None:
    """WebP ends at 16383 px a side."""
    with pytest.raises(Infeasible) as caught:
        encode(np.zeros((1, 16384, 3), dtype=np.uint8), None, Encoding(format=FileFormat.WEBP), None)
    assert caught.value.params == {"what": "side_px", "best": 16383}


def test_pdf_page_has_the_size_of_the_print() -> None:
    """The page is 25 x 35 mm to a thousandth, its offsets are true, and the JPEG in it is the one of the .jpg file."""
    encoded, facts = made(Encoding(format=FileFormat.PDF))
    assert facts.page_mm == pytest.approx(SIZE_MM, abs=1e-3)
    for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n ", encoded.data), start=1):
        assert encoded.data[int(offset) :].startswith(b"%d 0 obj" % number)
    start = int(re.findall(rb"startxref\n(\d+)\n", encoded.data)[0])
    assert encoded.data[start:].startswith(b"xref")
    assert read_one_page(encoded.data).jpeg == encode(ONE_INCH, None, Encoding(), SIZE_MM).data


def test_pdf_without_a_print_size() -> None:
    """Without mm the page follows from pixels and dpi."""
    facts = inspect(encode(ONE_INCH, None, Encoding(format=FileFormat.PDF, dpi=295), None).data)
    assert facts.page_mm == pytest.approx((25.4, 413 / 295 * 25.4), abs=1e-3)


def test_the_same_picture_gives_the_same_bytes() -> None:
    """No date, no random id: every format is reproducible."""
    for wish in FileFormat:
        encoding = Encoding(format=wish)
        assert encode(ONE_INCH, None, encoding, SIZE_MM) == encode(ONE_INCH, None, encoding, SIZE_MM)


def phone_photo() -> bytes:
    """A JPEG with the metadata of a phone: true tags, stale ones, a maker note, a place and a thumbnail's tags."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x011A], exif[0x0128], exif[0x0213] = "Camera Works", 6, 72.0, 2, 1
    exif[0x0111], exif[0x0117] = 8, 99  # strips of an old TIFF
    exif.get_ifd(0x8769).update(
        {0x9003: "2026:11:22 10:00:00", 0xA002: 4000, 0xA003: 3000, 0xA001: 65535, 0x927C: b"old preview"}
    )
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 1.0)})
    return saved(plain((9, 9, 9)), "JPEG", exif=exif)


@pytest.mark.parametrize("wish", [FileFormat.JPG, FileFormat.PNG, FileFormat.WEBP])
def test_exif_is_kept_where_it_was_asked_for_and_is_true(wish: FileFormat) -> None:
    """Camera, date and place survive; size, resolution, turn and colour space are the new ones; nothing stale stays."""
    kept = kept_exif(phone_photo(), wish, (295, 413), 300)
    read = Image.open(io.BytesIO(encode(ONE_INCH, None, Encoding(format=wish), SIZE_MM, kept.block).data)).getexif()
    assert set(read) == {0x010F, 0x0112, 0x011A, 0x011B, 0x0128, 0x8769, 0x8825}
    assert (read[0x010F], read[0x0112], read[0x011A], read[0x011B], read[0x0128]) == ("Camera Works", 1, 300, 300, 2)
    shot = read.get_ifd(0x8769)
    assert dict(shot) == {0x9003: "2026:11:22 10:00:00", 0xA001: 1, 0xA002: 295, 0xA003: 413}
    assert read.get_ifd(0x8825)[2] == (52.0, 30.0, 1.0)
    assert read.get_ifd(1) == {} and kept.notes == ()


@pytest.mark.parametrize("wish", [FileFormat.TIFF, FileFormat.PDF])
def test_formats_without_room_for_exif_are_told(wish: FileFormat) -> None:
    """EXIF that cannot be kept is not dropped in silence."""
    kept = kept_exif(phone_photo(), wish, (295, 413), 300)
    assert (kept.block, [note.code for note in kept.notes]) == (b"", ["exif_not_kept"])


def test_exif_too_large_for_a_segment_is_told() -> None:
    """A comment of 70 KB, which a PNG can hold and a JPEG cannot, does not end in an error."""
    exif = Image.Exif()
    exif[0x010F] = "Camera Works"
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + b"x" * 70_000
    kept = kept_exif(saved(plain((9, 9, 9)), "PNG", exif=exif), FileFormat.JPG, (295, 413), 300)
    assert [note.code for note in kept.notes] == ["exif_not_kept"]


def test_nothing_to_keep() -> None:
    """Pictures without EXIF, or with nothing that can be read of it, and files that are none: nothing to keep, and told."""
    broken = saved(plain((9, 9, 9)), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff")
    for data in (saved(plain((9, 9, 9)), "PNG"), b"text", broken):
        with warnings.catch_warnings(action="ignore"):
            kept = kept_exif(data, FileFormat.JPG, (295, 413), 300)
        assert (kept.block, [note.code for note in kept.notes]) == (b"", ["exif_none"])


@pytest.mark.parametrize("data", [b"", b"text", b"%PDF-1.4 of somebody else", b"\x89PNG\r\n\x1a\n broken"])
def test_inspect_refuses_what_it_cannot_read(data: bytes) -> None:
    """A finished file that does not open is never delivered."""
    with pytest.raises(OutputWrong) as caught:
        inspect(data)
    assert caught.value.params == {"what": "file"}


def test_inspect_finds_a_file_cut_short() -> None:
    """Half a JPEG is not a finished file."""
    data = encode(ONE_INCH, None, Encoding(), SIZE_MM).data
    with pytest.raises(OutputWrong):
        inspect(data[: len(data) // 2])
