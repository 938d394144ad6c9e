"""From what was asked to a complete plan: every default is looked up, taken and told; what cannot be done is told too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from f2p.catalogue.standards import demands_plain
from f2p.errors import Question, Refused, UnsupportedWish
from f2p.language.backdrops import resolve_backdrop
from f2p.language.filled import Filled
from f2p.language.measures import resolve_spec
from f2p.language.policy import permitted
from f2p.language.several import ONLY_SHEET, each_paper, named_apart, together, too_few
from f2p.language.sheets_plan import photo_format, resolve_sheet, sheet_specs, with_size_of_sheet
from f2p.language.touches import left_out_fixes, resolve_beauty, resolve_framing, resolve_light, resolve_repairs, resolve_retouch
from f2p.values.plan import BackdropKind, Encoding, FileFormat, IdPhotoPlan, PapersPlan
from f2p.values.reading import Reading
from f2p.values.spec import Band, PhotoSpec

_PHOTO_KEYS = frozenset(
    {
        *(
            "background",
            "size",
            "dpi",
            "dpi_min",
            "retouch",
            "retouch_pct",
            "keep",
            "light",
            "sharpen",
            "denoise",
            "upscale",
            "color_mode",
        ),
        *("geometry", "policy", "kb", "compress", "format", "quality", "exif", "select_face", "idphoto", "outputs", "sheet"),
    }
)
"""Keys that make a sentence one about a finished photo; alone, anything else is not carried out."""
_NOT_DONE = frozenset(
    {
        *("batch", "naming", "resume", "watch", "zip", "review", "redact", "generate", "check", "retention"),
        *("watermark", "subject", "followup"),
    }
)
_DONE_FIXES = frozenset(
    {"edge_fringe", "color_cast", "background_shadow", "background_wrinkles", "glasses_glare", "red_eye", "stray_hair"}
)
_ANOTHER_PRODUCT = ("generate", "redact", "check", "subject")
"""A sentence with one of these is not about a finished ID photo, whatever else it says."""
_MUST_ASK = frozenset({"contradiction", "infeasible"})
_ASK_WHEN_ALONE = frozenset({"vague", "missing_color", "missing_size", "missing_image"})
_MOST = {"upscale": 4, "border_mm": 30}
_TARGET_SHARE = 0.1
"""A KB target is met within this share on both sides."""


def resolve(reading: Reading, allow: Collection[str] = ()) -> tuple[IdPhotoPlan | PapersPlan, Reading]:
    """The complete plan, of one paper or several, and the reading with every default that was taken under `assumed`.

    allow: kinds of edits (f2p.values.spec.EDITS) that the person wants although the document's authority forbids them.

    Raises Refused (forgery), Question (a contradiction, or too vague to begin), UnsupportedWish (nothing but what this engine
    does not do), Question too for a document that the catalogue lacks and of which no size is said, and Infeasible
    (sides that no photo has).
    """
    asked = each_paper(reading.asked)
    filled = [Filled() for _ in asked]
    if too_few(reading.asked, asked):
        filled[0].leave_out("outputs")
    papers = [_paper(one, reading.sentence, allow, told) for one, told in zip(asked, filled, strict=True)]
    told = replace(reading, assumed=together(filled))
    return (papers[0] if len(papers) == 1 else PapersPlan(papers=named_apart(papers, asked))), told


def _paper(wish: Mapping[str, Any], sentence: str, allow: Collection[str], filled: Filled) -> IdPhotoPlan:
    asked = with_size_of_sheet(wish)
    _stop_early(asked)
    filled.leave_out(*_not_done(asked), *asked.get("unsupported", ()))
    spec = resolve_spec(asked, sentence, filled)
    for paper in (spec, *sheet_specs(asked, spec)):
        asked = permitted(asked, paper, allow, filled)
    upscale, border_mm = (_beyond(asked, key, spec, filled) for key in ("upscale", "border_mm"))
    backdrop = resolve_backdrop(asked, spec, filled)
    left_out_fixes(asked, backdrop.kind, filled)
    if "size" in asked.get("keep", ()):
        filled.leave_out("keep_size")
    return IdPhotoPlan(
        spec=spec,
        backdrop=backdrop,
        retouch=resolve_retouch(asked, filled),
        light=resolve_light(asked, filled),
        beauty=resolve_beauty(asked, filled),
        repairs=resolve_repairs(asked, backdrop.kind, filled),
        framing=resolve_framing(asked, spec, filled),
        encoding=_encoding(photo_format(asked), spec, backdrop.kind, filled),
        sharpen=bool(asked.get("sharpen")),
        denoise=bool(asked.get("denoise")),
        upscale=round(upscale) or 1,
        border_mm=float(border_mm),
        select=_select(asked, filled),
        allowed_edits=tuple(edit for edit in spec.forbidden_edits if edit in allow),
        sheet=resolve_sheet(asked, spec, float(border_mm), filled),
        only_sheet=bool(asked.get(ONLY_SHEET)),
        unsupported=tuple(filled.left_out),
    )


def _stop_early(asked: Mapping[str, Any]) -> None:
    if "refuse" in asked:
        raise Refused(reason=asked["refuse"])
    question = asked.get("ask")
    if question in _MUST_ASK:
        raise Question(ask=question, conflicts=",".join(asked.get("conflicts", ())))
    background = asked.get("background", {}).get("type")
    if background == "transparent" and asked.get("format") == "jpg":
        raise Question(ask="contradiction", conflicts="background,format")
    another = [key for key in _ANOTHER_PRODUCT if key in asked]
    if another:
        raise UnsupportedWish(wishes=",".join(another))
    if _PHOTO_KEYS & set(asked):
        return
    others = [*_not_done(asked), *asked.get("unsupported", ()), *_beauty_and_fixes(asked)]
    if others and "ask" not in asked:
        if not _doable(asked):
            raise UnsupportedWish(wishes=",".join(dict.fromkeys(others)))
        return
    if (question in _ASK_WHEN_ALONE or not question) and not _doable(asked):
        raise Question(ask=question or "vague", conflicts="")


def _beauty_and_fixes(asked: Mapping[str, Any]) -> list[str]:
    return [*(name for name, level in asked.get("beauty", {}).items() if level != "none"), *asked.get("fix", ())]


def _doable(asked: Mapping[str, Any]) -> bool:
    """Beauty and repairs that are carried out, or that a new backdrop brings along: enough for a photo to be made."""
    beauty = any(level not in {"none", False} for level in asked.get("beauty", {}).values())
    return beauty or bool(_DONE_FIXES & set(asked.get("fix", ())))


def _not_done(asked: Mapping[str, Any]) -> list[str]:
    return [key for key in asked if key in _NOT_DONE and asked[key] is not False]


def _encoding(asked: Mapping[str, Any], spec: PhotoSpec, backdrop: BackdropKind, filled: Filled) -> Encoding:
    if "format" in asked:
        file_format = FileFormat(asked["format"])
    elif backdrop is BackdropKind.TRANSPARENT:
        file_format = FileFormat.PNG
        filled.assume("format", file_format.value, "transparent_needs_png")
    else:
        file_format = FileFormat(spec.format or "jpg")
        filled.assume("format", file_format.value, "not_said")
    quality = asked.get("quality")
    kb = _kb(asked, spec, filled)
    if asked.get("compress") is False and quality is None:
        quality = 100
    return Encoding(
        format=file_format,
        dpi=spec.dpi,
        kb=kb,
        quality=None if quality is None else max(1, min(100, round(quality))),
        gray=asked.get("color_mode") == "gray",
        keep_exif=asked.get("exif") == "keep",
    )


def _kb(asked: Mapping[str, Any], spec: PhotoSpec, filled: Filled) -> Band:
    wish: Mapping[str, float] = asked.get("kb", {})
    if not wish:
        if spec.kb != Band():
            filled.assume("kb", _shown(spec.kb), "standard")
        return spec.kb
    if "exact" in wish:
        return Band(wish["exact"], wish["exact"])
    if "target" in wish:
        band = kb_about(wish["target"])
        filled.assume("kb", _shown(band), "around_target")
        return band
    return Band(wish.get("min"), wish.get("max"))


def kb_about(target: float) -> Band:
    """What "about so many KB" allows."""
    return Band(target * (1 - _TARGET_SHARE), target * (1 + _TARGET_SHARE))


def _shown(band: Band) -> str:
    low, high = ("" if side is None else f"{side:g}" for side in (band.low, band.high))
    return f"{low}-{high} KB"


def _beyond(asked: Mapping[str, Any], key: str, spec: PhotoSpec, filled: Filled) -> float:
    """More pixels or a rim, as asked; 0 where nothing was, and where an office fixes the size or nobody has that much: told."""
    wish = asked.get(key) or 0
    if wish and (demands_plain(spec) or not 0 < wish <= _MOST[key]):
        filled.leave_out(key)
        return 0
    return float(wish)


def _select(asked: Mapping[str, Any], filled: Filled) -> str | None:
    choice = asked.get("select_face")
    if choice == "nth":
        filled.leave_out("nth_face")
        return None
    return None if choice is None else str(choice)
