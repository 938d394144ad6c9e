"""Everything about one photo standard, as lines of words and as what a search looks through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from f2p.catalogue.messages import LANGUAGES, Messages, number
from f2p.catalogue.regions import regions
from f2p.values.spec import EDITS, Band, HeadRules, PhotoSpec

_SIGNS = {"×": "x", "*": "x", "毫米": "mm", "像素": "px"}
_UNITS = ("mm", "px")


def name_of(spec: PhotoSpec, text: Messages) -> str:
    """The standard's name in the language of `text`."""
    return spec.name_zh if text.language == "zh" else spec.name_en


def size_of(spec: PhotoSpec) -> str:
    """Its size in mm and px."""
    size = f"{_millimetres(spec)} mm  " if spec.width_mm else ""
    return f"{size}{spec.width_px}×{spec.height_px} px"


def facts(spec: PhotoSpec, text: Messages) -> Iterator[tuple[str, str]]:
    """Each fact of one standard as (name, value); what the standard is silent about is left out."""
    for key, value in {**_size_facts(spec, text), **_head_facts(spec, text), **_rule_facts(spec, text)}.items():
        if value:
            yield text.text(f"standards.{key}"), value
    for conflict in spec.conflicts_zh if text.language == "zh" else spec.conflicts:
        yield text.text("standards.conflict"), conflict
    for key, value in _source_facts(spec, text).items():
        if value:
            yield text.text(f"standards.{key}"), value


def _size_facts(spec: PhotoSpec, text: Messages) -> dict[str, str]:
    origin = text.word("px_from", spec.px_from)
    return {
        "size": f"{_millimetres(spec)} mm" if spec.width_mm else "",
        "pixels": f"{spec.width_px}×{spec.height_px} px, {spec.dpi} dpi ({origin})",
        "pixel_limits": " – ".join("×".join(map(str, limit)) for limit in (spec.min_px, spec.max_px) if limit),
        "file": " ".join(part for part in (spec.format.upper(), _band(spec.kb, "KB")) if part),
        "file_rule": spec.file_rule,
        "background": " ".join(text.value("color", colour) for colour in (*spec.backgrounds, *spec.background_hex)),
    }


def _head_facts(spec: PhotoSpec, text: Messages) -> dict[str, str]:
    head, mm, share = spec.head, "mm", "%"
    return {
        "head": " ".join(part for part in (_band(head.head_mm, mm), _band(head.head_ratio, share)) if part),
        "head_reference": _reference(head, text),
        "head_width": _band(head.head_width_mm, mm),
        "face_width": _band(head.face_width_ratio, share),
        "eyes": _band(head.eyes_from_bottom_mm, mm),
        "eyes_from_top": _band(head.eyes_from_top_ratio, share),
        "top_margin": " ".join(part for part in (_band(head.top_mm, mm), _band(head.top_ratio, share)) if part),
        "bottom_margin": _band(head.bottom_mm, mm),
    }


def _rule_facts(spec: PhotoSpec, text: Messages) -> dict[str, str]:
    age = text.text("standards.photo_age_months", {"months": spec.photo_age_months}) if spec.photo_age_months else ""
    allowed = [edit for edit in EDITS if edit not in spec.forbidden_edits] if spec.forbidden_edits else []
    return {
        "glasses": spec.glasses and text.word("glasses", spec.glasses),
        "expression": spec.expression and text.word("expression", spec.expression),
        "head_cover": spec.head_cover and text.word("head_cover", spec.head_cover),
        "photo_age": age,
        "editing_rule": text.rule(spec.editing_rule),
        "forbidden_edits": _edits(spec.forbidden_edits, text),
        "allowed_edits": _edits(allowed, text) if allowed else text.text("standards.no_edit_rule"),
        "notes": spec.notes_zh if text.language == "zh" else spec.notes,
    }


def _source_facts(spec: PhotoSpec, text: Messages) -> dict[str, str]:
    return {
        "authority": spec.authority_zh if text.language == "zh" else spec.authority,
        "source": spec.source,
        "checked": spec.checked,
        "confidence": text.word("confidence", spec.confidence),
    }


def _edits(edits: Iterable[str], text: Messages) -> str:
    return text.text("show.and").join(text.word("edit", edit) for edit in edits)


def find(words: Iterable[str], standards: Iterable[PhotoSpec]) -> list[PhotoSpec]:
    """The standards that have every word somewhere: id, names, country, kind of document, office in either language, or size."""
    wanted = [_plain(word) for word in words]
    texts = [Messages(language) for language in LANGUAGES]
    return [spec for spec in standards if all(word in _searched(spec, texts) for word in wanted)]


def _plain(word: str) -> str:
    word = word.casefold()
    for sign, plain in _SIGNS.items():
        word = word.replace(sign, plain)
    unit = next((unit for unit in _UNITS if word.endswith(unit) and word[:-2].replace("x", "").replace(".", "").isdecimal()), "")
    return word.removesuffix(unit)


def _searched(spec: PhotoSpec, texts: Iterable[Messages]) -> str:
    region = regions().get(spec.region)
    country = f"{region.name_zh} {region.name_en} {' '.join((*region.zh, *region.en))}" if region else ""
    kinds = " ".join(text.word("category", spec.category) for text in texts)
    sizes = f"{spec.width_px}x{spec.height_px} {_millimetres(spec, 'x')}"
    names = f"{spec.id} {spec.name_zh} {spec.name_en} {spec.region} {spec.category}"
    return f"{names} {country} {kinds} {sizes} {spec.authority} {spec.authority_zh}".casefold()


def _reference(head: HeadRules, text: Messages) -> str:
    if not (head.head_mm or head.head_ratio):
        return ""
    wording = f" ({head.reference_wording})" if head.reference_wording else ""
    return text.word("head_reference", head.reference) + wording


def _band(band: Band | None, unit: str) -> str:
    if band is None or band == Band():
        return ""
    low, high = (None if end is None else number(end * 100.0 if unit == "%" else float(end)) for end in (band.low, band.high))
    if low == high:
        return f"{low} {unit}"
    if low is None or high is None:
        return f"≥ {low} {unit}" if high is None else f"≤ {high} {unit}"
    return f"{low}–{high} {unit}"


def _millimetres(spec: PhotoSpec, sign: str = "×") -> str:
    return sign.join(number(side) for side in (spec.width_mm, spec.height_mm) if side is not None)
