"""EXIF that a person asked to keep."""

from __future__ import annotations

from f2p.files.containers import DECODER_FAULTS, read_header, sniff

_ORIENTATION = 0x0112
_OLD_PICTURE = (0x0100, 0x0101, 0x014A, 0x0201, 0x0202)
"""Width, height, sub-pictures and thumbnail: they describe, or even show, the picture as it was before."""


def kept_exif(data: bytes) -> bytes:
    """The EXIF block of a picture file, ready for `encode`; b"" where it has none that can be read.

    Everything stays that speaks of the shot, places included, because that was asked for; the orientation is 1, since the pixels
    are upright now, and the thumbnail is gone, since it shows the old background.
    """
    kind = sniff(data)
    if kind is None:
        return b""
    try:
        exif = read_header(data, kind).getexif()
        if not exif:
            return b""
        for tag in _OLD_PICTURE:
            exif.pop(tag, None)
        exif[_ORIENTATION] = 1
        return exif.tobytes()
    except DECODER_FAULTS:
        return b""
