"""The checked picture with what was measured drawn into it."""

from __future__ import annotations

from f2p.files.encode import encode
from f2p.recipes.preflight import Inspected
from f2p.values.outcome import FinishedFile
from f2p.values.plan import Encoding, FileFormat


def annotated(found: Inspected) -> FinishedFile:
    """A PNG of the file, enlarged where it is small."""
    rgb = found.photo.rgb
    return FinishedFile(data=encode(rgb, None, Encoding(format=FileFormat.PNG), None).data, suffix=".png", role="annotated")
