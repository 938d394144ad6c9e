"""A plan turned back into one sentence; read and resolved again, that sentence gives the same plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from f2p.catalogue.colours import colours, studio_grey
from f2p.catalogue.messages import Messages
from f2p.catalogue.standards import standards
from f2p.language.lexicon import lexicon
from f2p.language.measures import CUSTOM, pixels
from f2p.language.resolve import kb_about
from f2p.language.sheets_plan import explain_sheet
from f2p.language.text import fold
from f2p.language.touches import top_shifted
from f2p.values.plan import (
    Amount,
    Backdrop,
    BackdropKind,
    Beauty,
    Direction,
    Framing,
    IdPhotoPlan,
    Light,
    Repairs,
)
from f2p.values.sheet import SheetFormat
from f2p.values.spec import Band, PhotoSpec

_MM_PER_INCH = 25.4
_PICTURE = "background_image"
"""A wish that an office's photo leaves out and that still stands where the backdrop is said."""
_STEP = 10
"""One step of brightness or contrast, in the numbers people say."""


def explain(plan: IdPhotoPlan, language: str) -> str:
    """The plan as one sentence in "zh" or "en" that `read` and `resolve` turn into the same plan again.

    Which face `--face` chose and which picture `--backdrop` handed in are no part of it: they are said beside a sentence.
    """
    words = _Words(Messages(language))
    wishes = [
        *_size(plan.spec, words),
        words.wish(_PICTURE) if _PICTURE in plan.unsupported else _backdrop(plan.backdrop, plan.spec, words),
        words.of(f"retouch_{plan.retouch.value}"),
        *_light(plan.light, words),
        *_beauty(plan.beauty, plan.repairs, words),
        *_framing(plan.framing, plan.spec, words),
        *(words.of(key) for key in ("sharpen", "denoise") if getattr(plan, key)),
        *([words.of("upscale", value=str(plan.upscale))] if plan.upscale > 1 else []),
        *([words.of("border", value=_number(plan.border_mm))] if plan.border_mm else []),
        *([words.of(f"select_{plan.select}")] if plan.select else []),
        *_prints(plan, words),
        *_encoding(plan, words),
        *(words.wish(code) for code in plan.unsupported if code != _PICTURE),
    ]
    return words.of("comma").join(wishes)


@dataclass(frozen=True, slots=True)
class _Words:
    """Pieces of a sentence in one language: the table [explain] of the messages."""

    text: Messages

    def of(self, key: str, **blanks: str) -> str:
        return self.text.text(f"explain.{key}", blanks)

    def wish(self, code: str) -> str:
        """A wish that is not carried out, in words that are read as that wish."""
        own = f"explain_wish.{code}"
        return self.text.text(own) if self.text.has(own) else self.text.wish(code)

    def band(self, key: str, band: Band, scale: float = 1.0) -> str:
        low, high = (_number(round((side or 0.0) * scale, 6)) for side in (band.low, band.high))
        return self.of(key, range=low if low == high else f"{low}-{high}")


def _number(value: float) -> str:
    """A number with all its digits and none too many."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _size(spec: PhotoSpec, words: _Words) -> Iterator[str]:
    """The standard by its name and what is different from it, or a size of the person's own."""
    usual = None if spec.id == CUSTOM else standards().get(spec.id)
    if usual is not None:
        yield _title(usual, words.text.language)
    mm = (spec.width_mm, spec.height_mm)
    computed = usual is None or mm != (usual.width_mm, usual.height_mm) or spec.dpi != usual.dpi
    if spec.width_mm and spec.height_mm:
        if usual is None or mm != (usual.width_mm, usual.height_mm):
            yield _millimetres(spec.width_mm, spec.height_mm, words)
        expected = (pixels(spec.width_mm, spec.dpi), pixels(spec.height_mm, spec.dpi))
    else:
        expected = None
    if usual is not None and (not computed or expected is None):
        expected = (usual.width_px, usual.height_px)
    fixed = usual is not None and usual.min_px is not None and spec.min_px is None
    if fixed or (spec.width_px, spec.height_px) != expected:
        yield words.of("px", width=str(spec.width_px), height=str(spec.height_px))
    open_px = usual is None and spec.min_px is not None  # nobody has said a dpi
    if not open_px and (usual is None or spec.dpi != usual.dpi):
        yield words.of("dpi", value=str(spec.dpi))


def _title(spec: PhotoSpec, language: str) -> str:
    """The standard's name where reading it finds this standard, else its id, which always does."""
    table = lexicon()
    name = spec.name_zh if language == "zh" else spec.name_en
    word = table.words.get(fold(name, table.simplified).plain)
    return name if word is not None and (word.kind, word.value) == ("size", spec.id) else spec.id


def _millimetres(width: float, height: float, words: _Words) -> str:
    """Inches where the millimetres are those of inches and too long to say."""
    if (round(width, 2), round(height, 2)) == (width, height):
        return words.of("mm", width=_number(width), height=_number(height))
    return words.of("inch", width=_number(round(width / _MM_PER_INCH, 6)), height=_number(round(height / _MM_PER_INCH, 6)))


def _backdrop(backdrop: Backdrop, spec: PhotoSpec, words: _Words) -> str:
    if backdrop.kind is BackdropKind.SOLID:
        return words.of("solid", colour=_colour(backdrop.color, spec, words.text.language))
    if backdrop.kind is BackdropKind.GRADIENT:
        first, second = (_colour(color, None, words.text.language) for color in (backdrop.color, backdrop.color_to))
        if backdrop.direction is Direction.RADIAL:  # said from the middle, planned from the corners
            first, second = second, first
        angle = str(backdrop.angle_deg)
        return words.of(f"gradient_{backdrop.direction.value}", first=first, second=second, angle=angle)
    if backdrop.kind is BackdropKind.STUDIO and backdrop.color != studio_grey().hex:
        return words.of("studio_coloured", colour=_colour(backdrop.color, None, words.text.language))
    kind = BackdropKind.BLUR if backdrop.soften else backdrop.kind
    return words.of(f"backdrop_{kind.value}")


def _colour(color: str, spec: PhotoSpec | None, language: str) -> str:
    """The name that stands for this number with this standard, else the number."""
    own = dict(zip(spec.backgrounds, spec.background_hex, strict=False)) if spec else {}
    own = own if spec and len(spec.background_hex) == len(spec.backgrounds) else {}
    for colour in colours().values():
        if own.get(colour.id, colour.hex).upper() == color:
            return colour.name_zh if language == "zh" else colour.name_en
    return color


def _light(light: Light, words: _Words) -> Iterator[str]:
    for key, steps in (("brightness", light.brightness), ("contrast", light.contrast), ("saturation", light.saturation)):
        if steps:
            yield words.of(key, value=f"{steps * _STEP:+d}")
    if light.warmth:
        yield words.of("warmer" if light.warmth > 0 else "cooler")
    for key in ("white_balance", "even", "face_shadow", "backlight", "exposure"):
        if getattr(light, key):
            yield words.of(key)


def _beauty(beauty: Beauty, repairs: Repairs, words: _Words) -> Iterator[str]:
    for field in fields(beauty):
        amount = getattr(beauty, field.name)
        if isinstance(amount, Amount) and amount is not Amount.NONE:
            yield words.of(f"amount_{amount.value}", wish=words.wish(field.name))
    for mark in beauty.spare:
        yield words.of(f"spare_{mark}")
    for field in fields(repairs):
        if getattr(repairs, field.name):
            yield words.wish(field.name)


def _framing(framing: Framing, spec: PhotoSpec, words: _Words) -> Iterator[str]:
    if framing.rotate_deg:
        yield words.of("rotate", value=str(framing.rotate_deg))
    if framing.mirror:
        yield words.of("mirror")
    if framing.head_ratio:
        yield words.band("head_ratio", framing.head_ratio, 100)
    if framing.head_mm:
        yield words.band("head_mm", framing.head_mm)
    if framing.top_ratio:
        shift = next((how for how in ("more", "less") if framing.top_ratio == top_shifted(how, spec)), "")
        yield words.of(f"head_top_{shift}") if shift else words.band("top_ratio", framing.top_ratio, 100)
    if framing.top_mm:
        yield words.band("top_mm", framing.top_mm)
    if framing.eyes_from_bottom_mm:
        yield words.band("eyes_from_bottom_mm", framing.eyes_from_bottom_mm)
    if framing.zoom:
        yield words.of("zoom_in" if framing.zoom > 0 else "zoom_out")


def _prints(plan: IdPhotoPlan, words: _Words) -> Iterator[str]:
    if plan.sheet is not None:
        yield from explain_sheet(plan.sheet, plan.spec, words.of, lambda spec: _title(spec, words.text.language))


def _encoding(plan: IdPhotoPlan, words: _Words) -> Iterator[str]:
    encoding, spec = plan.encoding, plan.spec
    name = "pdf" if plan.sheet is not None and plan.sheet.format is SheetFormat.PDF else encoding.format.value
    yield words.of("format", name=name.upper())
    if encoding.kb not in {Band(), spec.kb}:
        yield _kilobytes(encoding.kb, words)
    if encoding.quality is not None:
        yield words.of("quality", value=str(encoding.quality))
    if encoding.gray:
        yield words.of("gray")
    if encoding.keep_exif:
        yield words.of("keep_exif")


def _kilobytes(kb: Band, words: _Words) -> str:
    if kb.low is None or kb.high is None:
        key, value = ("kb_max", kb.high) if kb.low is None else ("kb_min", kb.low)
        return words.of(key, value=_number(value or 0.0))
    about = round((kb.low + kb.high) / 2, 6)
    if kb.low != kb.high and kb_about(about) == kb:
        return words.of("kb_about", value=_number(about))
    return words.band("kb_exact" if kb.low == kb.high else "kb", kb)
