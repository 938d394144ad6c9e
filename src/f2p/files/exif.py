"""EXIF that a person asked to keep: what it says of the shot, and nothing that is no longer true of the finished picture."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from f2p.files.containers import DECODER_FAULTS, read_header, sniff
from f2p.values.outcome import Note
from f2p.values.plan import FileFormat

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_DESCRIPTIVE = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C, 0x8298)
"""Description, maker, model, software, date, artist, host computer, copyright (CIPA DC-008, 4.6.4)."""
_NO_LONGER_TRUE = (
    *(0x927C, 0xA005),  # maker note (it may hold a preview of the old picture), interoperability
    *(0x9101, 0x9102, 0x9214, 0xA214),  # components, compressed bits a pixel, area and place of the subject in old px
    *(0xA20E, 0xA20F, 0xA210),  # focal plane resolution, in old px
    *(0xA004, 0xA420, 0xA500),  # sound file, the old picture's own id, gamma
)
_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 0x0112, 0x011A, 0x011B, 0x0128
_COLOUR_SPACE, _WIDTH_PX, _HEIGHT_PX = 0xA001, 0xA002, 0xA003
_UPRIGHT, _INCH, _SRGB = 1, 2, 1
_WITHOUT_EXIF = (FileFormat.TIFF, FileFormat.PDF)
_LARGEST_BLOCK = 65533
"""A JPEG segment's length field counts itself and ends at 65535."""


@dataclass(frozen=True, slots=True)
class KeptExif:
    """block: ready for `encode`, b"" where nothing is kept; notes: why not."""

    block: bytes = b""
    notes: tuple[Note, ...] = ()


def kept_exif(data: bytes, wanted: FileFormat, size_px: tuple[int, int], dpi: int) -> KeptExif:
    """The EXIF of a picture file for a finished one of the format `wanted`, (width, height) `size_px` and `dpi`.

    Descriptive tags, the shot's (Exif) and the place's (GPS) are copied, because that was asked for. Size, resolution, turn and
    colour space are the finished picture's own; thumbnails, maker notes and tags of the old file's structure stay behind.
    Notes: exif_none (nothing readable there), exif_not_kept(format) (no room for it in such a file).
    """
    try:
        exif = _true_of(data, size_px, dpi)
        block = exif.tobytes() if exif is not None else b""
    except DECODER_FAULTS:
        block = b""
    if not block:
        return KeptExif(notes=(Note("exif_none", "warning"),))
    if wanted in _WITHOUT_EXIF or len(block) > _LARGEST_BLOCK:
        return KeptExif(notes=(Note("exif_not_kept", "warning", {"format": wanted.value}),))
    return KeptExif(block)


def _true_of(data: bytes, size_px: tuple[int, int], dpi: int) -> Image.Exif | None:
    """What may be kept, with the finished picture's own facts; None where the file has nothing. Raises DECODER_FAULTS."""
    kind = sniff(data)
    old = None if kind is None else read_header(data, kind).getexif()
    if not old:
        return None
    kept = Image.Exif()
    for tag in _DESCRIPTIVE:
        if tag in old:
            kept[tag] = old[tag]
    shot = {tag: value for tag, value in old.get_ifd(_EXIF_IFD).items() if tag not in _NO_LONGER_TRUE}
    place = old.get_ifd(_GPS_IFD)
    if not (len(kept) or shot or place):
        return None
    kept[_ORIENTATION] = _UPRIGHT
    kept[_X_RESOLUTION] = kept[_Y_RESOLUTION] = float(dpi)
    kept[_RESOLUTION_UNIT] = _INCH
    facts = {_COLOUR_SPACE: _SRGB, _WIDTH_PX: size_px[0], _HEIGHT_PX: size_px[1]}
    kept.get_ifd(_EXIF_IFD).update(shot | facts)
    if place:
        kept.get_ifd(_GPS_IFD).update(place)
    return kept
