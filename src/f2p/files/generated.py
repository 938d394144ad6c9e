"""Pictures that were generated as files that say so: IPTC's digital source type in XMP, which viewers and platforms read."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from f2p.errors import Infeasible
from f2p.values.pixels import Plane, Rgb8

MADE = "trainedAlgorithmicMedia"
"""Wholly drawn by a model (IPTC NewsCodes, Digital Source Type)."""
MIXED = "compositeWithTrainedAlgorithmicMedia"
"""A photo's own pixels and a model's in one picture."""
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_KEY = "XML:com.adobe.xmp"
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" Iptc4xmpExt:DigitalSourceType="{source}" xmp:CreatorTool="F2P Studio"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_JPG_QUALITY, _WEBP_QUALITY = 95, 92


def encode_generated(rgb: Rgb8, alpha: Plane | None, suffix: str, kind: str) -> bytes:
    """The picture as "png", "jpg" or "webp" with its label. rgb: (H, W, 3) uint8 sRGB; alpha: (H, W) float32 0..1 or None.

    kind: MADE or MIXED. Raises Infeasible: transparency in a JPG.
    """
    if alpha is not None and suffix == "jpg":
        raise Infeasible(what="transparency", best="png")
    packet = _PACKET.format(source=_SOURCE + kind)
    image, stream = _image(rgb, alpha), io.BytesIO()
    if suffix == "png":
        info = PngInfo()
        info.add_itxt(_KEY, packet)
        info.add_text("Software", "F2P Studio")
        image.save(stream, "PNG", pnginfo=info)
    elif suffix == "webp":
        image.save(stream, "WEBP", quality=_WEBP_QUALITY, method=4, alpha_quality=100, xmp=packet.encode())
    else:
        image.save(stream, "JPEG", quality=_JPG_QUALITY, subsampling="4:4:4", optimize=True, xmp=packet.encode())
    return stream.getvalue()


def source_type(data: bytes) -> str:
    """The label in a file: MADE, MIXED, or empty where there is none."""
    with Image.open(io.BytesIO(data)) as image:
        packet = image.info.get("xmp") or image.info.get(_KEY, "")
    text = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else str(packet)
    return next((kind for kind in (MIXED, MADE) if f"{_SOURCE}{kind}" in text), "")


def _image(rgb: Rgb8, alpha: Plane | None) -> Image.Image:
    if alpha is None:
        return Image.fromarray(rgb)
    opacity = np.clip(alpha * 255.0 + 0.5, 0, 255).astype(np.uint8)
    colours = np.where((opacity == 0)[..., None], np.uint8(255), rgb)
    return Image.fromarray(np.dstack([colours, opacity]))
