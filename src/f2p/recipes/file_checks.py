"""What a portal reads before it looks at the picture: px, dpi, KB, type, colour mode, orientation."""

from __future__ import annotations

from dataclasses import replace

from f2p.files.inspect import FileFacts
from f2p.recipes.rulebook import Rulebook
from f2p.values.outcome import Check
from f2p.values.spec import Band, PhotoSpec

_TYPES = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp", "TIFF": "tiff", "PDF": "pdf", "HEIF": "heic", "AVIF": "avif"}
_ASPECT_TOLERANCE = 0.01
"""Whole pixels of a small print are that far off its sides in mm."""
_DPI_TOLERANCE = 1.0


def file_checks(facts: FileFacts, book: Rulebook, *, turned_deg: int) -> list[Check]:
    """The verdicts on the file itself. turned_deg: what its EXIF orientation asks a viewer to turn."""
    spec = book.spec
    checks: list[Check] = []
    if spec is not None:
        kind = _TYPES.get(facts.format, facts.format.lower())
        checks.append(_type(kind, book, spec))
        size = (facts.height_px, facts.width_px) if turned_deg in (90, 270) else (facts.width_px, facts.height_px)
        checks += _pixels(size, book, spec)
        checks += _dpi(facts.dpi, book, spec)
        if spec.kb != Band():
            checks.append(book.document("kb", facts.kb, spec.kb, 0.0, "KB"))
    checks.append(book.told("colour_mode", facts.mode, ok=facts.mode == "RGB" and not facts.has_alpha, wanted="RGB"))
    checks.append(book.told("orientation", turned_deg, "°", ok=turned_deg == 0, wanted="0"))
    return checks


def is_upload(spec: PhotoSpec) -> bool:
    """Whether an office takes the file itself, so that its pixels are counted; else only its shape matters."""
    return spec.kb != Band() or spec.min_px is not None or spec.max_px is not None or spec.width_mm is None


def _type(kind: str, book: Rulebook, spec: PhotoSpec) -> Check:
    allowed = {spec.format, *(part for part in ("jpg", "png", "heic", "webp") if f"|{part}" in spec.file_rule)}
    free = book.scope == "free"
    check = book.exactly("format", kind, "|".join(sorted(allowed)), kind in allowed)
    return Check(name="format", value=kind) if free else check


def _pixels(size: tuple[int, int], book: Rulebook, spec: PhotoSpec) -> list[Check]:
    """Exact px or the range where an office takes the file; else the print's shape and enough px for its dpi."""
    wanted = spec.width_px, spec.height_px
    if is_upload(spec):
        low, high = spec.min_px or wanted, spec.max_px or (wanted if spec.min_px is None else (None, None))
        bands = (Band(low[0], high[0]), Band(low[1], high[1]))
        checks = [book.document(name, side, band, 0.0, "px") for name, side, band in zip(_SIDES, size, bands, strict=True)]
        if spec.min_px is not None or spec.max_px is not None:
            checks.append(_aspect(size, book, spec))
        return checks
    if size == wanted:
        return [book.exactly(name, side, str(side), ok=True, unit="px") for name, side in zip(_SIDES, size, strict=True)]
    enough = [Band(0.985 * side, None) for side in wanted]
    return [
        _aspect(size, book, spec),
        *(book.document(name, side, band, 0.0, "px") for name, side, band in zip(_SIDES, size, enough, strict=True)),
    ]


_SIDES = ("width_px", "height_px")


def _aspect(size: tuple[int, int], book: Rulebook, spec: PhotoSpec) -> Check:
    width, height = (spec.width_mm, spec.height_mm) if spec.width_mm and spec.height_mm else (spec.width_px, spec.height_px)
    wanted = width / height
    band = Band(wanted * (1 - _ASPECT_TOLERANCE), wanted * (1 + _ASPECT_TOLERANCE))
    return book.document("aspect", size[0] / size[1], band, 0.0, "")


def _dpi(dpi: float | None, book: Rulebook, spec: PhotoSpec) -> list[Check]:
    """A print's dpi decides its mm; a file that says none, or another, is told; nobody refuses a photo for it alone
    unless it is a print.
    """
    if dpi is None:
        return [Check(name="dpi", value="", unit="dpi", unsure="not_said", rule="trade", binding=False)]
    ok = abs(dpi - spec.dpi) <= _DPI_TOLERANCE
    check = book.exactly("dpi", round(dpi), str(spec.dpi), ok, "dpi")
    return [replace(check, binding=spec.width_mm is not None)]
