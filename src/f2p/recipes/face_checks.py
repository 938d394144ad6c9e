"""Verdicts on the head's place, the face and the backdrop of a written picture."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from f2p.catalogue.colours import colours
from f2p.catalogue.rules import rules
from f2p.catalogue.standards import PLAIN_LIGHT
from f2p.recipes.rulebook import CLOSE, FEW_PX, FLAT_TONES, KB_LIMIT, NOT_PLAIN, UNSEEN, Rulebook
from f2p.recipes.seen import Seen, eye_line_px
from f2p.stages.facemap import to_lab
from f2p.stages.framing import height_mm_of
from f2p.values.outcome import Check
from f2p.values.spec import Band, Colour, PhotoSpec

_HAIR_ERROR, _SKULL_ERROR = 0.02, 0.06
"""How far off the top of the head may be found, in head heights: a matte's edge; an estimate under hair."""
_WIDTH_ERROR = 0.06
_LIGHT_FROM = 65.0
"""L* of a backdrop that still counts as light."""
_SOFT_CHROMA = 22.0
_NO_GLASSES = ("not allowed", "remove", "no glasses")
_BUSY = 10.0
_LEAST_IOD_PX = 30.0
"""Between the eyes; below, an eye is a handful of pixels and says nothing about lids and edges."""
_NEAR_CEILING = 0.75
_LEAST_TONES = 50.0
"""L* in a face below which its fine edges drown in rounding."""
_BLINK = 0.5
"""Score from which an eye counts as shut, whatever its lids seem to leave open."""
_YES_NO = ("no", "yes")


def head_checks(seen: Seen, book: Rulebook) -> list[Check]:
    """Head height, margins, eye line, widths, centring: the document's own bands, ISO's where it has none."""
    spec = book.spec
    height, width = seen.rgb.shape[:2]
    checks = [] if spec is None else _document_bands(seen, book, spec)
    head = seen.head
    if not checks:
        checks += book.general("head_ratio", (head.chin_y - head.skull_y) / height)
        if spec is None and width < height:  # ISO's share is that of a portrait's width
            checks += book.general("head_width_ratio", _ear_to_ear(seen) / width)
        checks += book.general("eye_line_ratio", eye_line_px(seen.face) / height)
    inside = book.general("head_inside", seen.top_cut)
    by_skull = spec is None or spec.head.reference == "skull"
    if by_skull and head.skull_y > 0.01 * height:  # hair above the skull may leave the picture where the skull is what counts
        inside = [replace(check, binding=False) for check in inside]
    checks += inside
    middle = float(seen.face.mesh[:468, 0].min() + seen.face.mesh[:468, 0].max()) / 2
    checks += book.general("centring", (0.5 * middle + 0.5 * head.axis_x) / width)
    return checks


def _document_bands(seen: Seen, book: Rulebook, spec: PhotoSpec) -> list[Check]:
    rules_, head = spec.head, seen.head
    height, width = seen.rgb.shape[:2]
    mm = height_mm_of(spec) / height
    top = head.skull_y if rules_.reference == "skull" else head.crown_y
    long_px = head.chin_y - top
    error = (_SKULL_ERROR if rules_.reference == "skull" else _HAIR_ERROR) * long_px + 1.0
    eyes = eye_line_px(seen.face)
    wide = _ear_to_ear(seen)
    face_width = _width(seen, rules_.face_width_ratio, 1 / width)
    rows: tuple[tuple[str, float, Band | None, float, str], ...] = (
        ("head_height_mm", long_px * mm, rules_.head_mm, error * mm, "mm"),
        ("head_ratio", long_px / height, rules_.head_ratio, error / height, ""),
        ("top_margin_mm", top * mm, rules_.top_mm, error * mm, "mm"),
        ("top_ratio", top / height, rules_.top_ratio, error / height, ""),
        ("bottom_margin_mm", (height - head.chin_y) * mm, rules_.bottom_mm, 0.02 * long_px * mm, "mm"),
        ("eye_line_mm", (height - eyes) * mm, rules_.eyes_from_bottom_mm, max(0.3, mm), "mm"),
        ("eyes_from_top_ratio", eyes / height, rules_.eyes_from_top_ratio, 0.008, ""),
        ("head_width_mm", _width(seen, rules_.head_width_mm, mm), rules_.head_width_mm, _WIDTH_ERROR * wide * mm, "mm"),
        ("face_width_ratio", face_width, rules_.face_width_ratio, _WIDTH_ERROR * wide / width, ""),
    )
    return [book.document(name, value, band, slack, unit) for name, value, band, slack, unit in rows if band is not None]


def _width(seen: Seen, band: Band | None, unit: float) -> float:
    """The head's width in the band's unit: offices say neither whether ears count nor whether hair does, so of the widths from
    ear to ear up to the hair's at eye level the one nearest to the band is taken.
    """
    bare, hair = _ear_to_ear(seen) * unit, max(seen.hair_width_px, _ear_to_ear(seen)) * unit
    if band is None or band.low is None or bare >= band.low:
        return bare
    return min(hair, band.low)


def _ear_to_ear(seen: Seen) -> float:
    """Width of the head with its ears, from the cheeks: ears add about a tenth."""
    return 1.1 * seen.features.width_px


def face_checks(seen: Seen, book: Rulebook) -> list[Check]:
    """Pose, eyes, mouth, gaze, glasses, and how the face is lit and drawn."""
    face, light, shown = seen.face, seen.light, seen.features
    blink = max(seen.expression["blink"])
    lids = shown.lids if blink < _BLINK else min(shown.lids, 0.1)
    open_eyes = lids >= 0.13
    fine = shown.inter_eye_px >= _LEAST_IOD_PX
    hidden = UNSEEN if fine else FEW_PX
    shows = open_eyes and fine and light.tones >= _LEAST_TONES
    return [
        *book.general("roll_deg", face.roll_deg),
        *book.general("yaw_deg", face.yaw_deg),
        *book.general("pitch_deg", face.pitch_deg),
        *([] if book.spec is not None else book.general("inter_eye_px", shown.inter_eye_px)),  # else the document's px decide
        *book.general("face_visible", face.presence),
        *book.general("eyes_open", lids if fine else None, unsure=hidden),
        *book.general("eyes_visible", seen.eyes if shows else None, unsure=hidden),
        *book.general("gaze", max(abs(shown.gaze_across), abs(shown.gaze_up - 0.08)) if open_eyes else None),
        *(replace(check, value=_YES_NO[seen.red_eyes], wanted="no") for check in book.general("red_eye", float(seen.red_eyes))),
        *book.general("mouth_closed", shown.lips if fine else None, unsure=hidden),
        *book.general("smile", sum(seen.expression["smile"]) / 2),
        *_glasses(seen, book),
        *book.general("face_shadow", light.sides),
        *book.general("overexposed", light.over),
        *book.general("underexposed", light.top),
        *book.general("contrast", light.tones),
        *_colour(seen, book),
    ]


def detail_checks(seen: Seen, book: Rulebook, kb: float) -> list[Check]:
    """Sharpness and what saving did. kb: of the file; near the document's own ceiling there is no way to compress less."""
    detail = seen.detail
    tones = seen.light.tones
    forced = book.spec is not None and book.spec.kb.high is not None and kb >= _NEAR_CEILING * book.spec.kb.high
    blocks = book.general("compression", detail.blocks)
    if forced:
        blocks = [replace(check, ok=None, unsure=KB_LIMIT) if check.ok is False else check for check in blocks]
    fine = seen.features.inter_eye_px >= _LEAST_IOD_PX
    sharp = detail.sharp if fine and tones >= _LEAST_TONES else None
    return [
        *book.general("sharpness", sharp, unsure=FLAT_TONES if fine else FEW_PX),
        *book.general("oversharpened", detail.crisp if fine else None, unsure=FEW_PX),
        *blocks,
        *book.general("enlarged", detail.enlarged),
    ]


def _glasses(seen: Seen, book: Rulebook) -> list[Check]:
    checks = []
    if book.spec is not None and any(words in book.spec.glasses for words in _NO_GLASSES):
        check = book.exactly("glasses", seen.glasses, "no", seen.glasses == "no")
        checks.append(replace(check, ok=None, unsure=CLOSE) if seen.glasses == "maybe" else check)
    return checks + (book.general("glare", seen.glare) if seen.glasses == "yes" else [])


def _colour(seen: Seen, book: Rulebook) -> list[Check]:
    """OFIQ's box of natural cheeks: a* 5..25, b* 5..35; the value is how far outside it lies."""
    a, b = seen.light.a, seen.light.b
    if a is None or b is None:
        return book.general("natural_colour", None)
    outside = max(5.0 - a, a - 25.0, 5.0 - b, b - 35.0, 0.0)
    found = book.general("natural_colour", outside, shown=f"a*{a:.0f} b*{b:.0f}")
    return [replace(check, wanted="a* 5..25 b* 5..35") for check in found]


def backdrop_checks(seen: Seen, book: Rulebook) -> list[Check]:
    """Even, without shadow, and of a colour that the document takes."""
    found = seen.backdrop
    if found is None:
        return [check for name in ("background", "background_even", "background_shadow") for check in book.general(name, None)]
    even = max(found.uneven, 4.0 * found.detail)
    plain = even <= (rules()["background_even"].limit.high or 0.0) + rules()["background_even"].unsure
    colour = "#{:02X}{:02X}{:02X}".format(*found.rgb)
    checks = _backdrop_colour(found.lab, colour, book) if plain else book.general("background", None, colour, NOT_PLAIN)
    checks += book.general("background_even", even)
    busy = 4.0 * found.detail > _BUSY  # a shadow is soft; a pattern has no shadow that could be told from it
    checks += book.general("background_shadow", None if busy else found.shadow, unsure=NOT_PLAIN)
    return checks


def _backdrop_colour(lab: tuple[float, float, float], colour: str, book: Rulebook) -> list[Check]:
    spec = book.spec
    names = spec.backgrounds if spec is not None else ()
    if not names:
        names = (PLAIN_LIGHT,)
    off = min(_distance(lab, wanted, spec) for wanted in names)
    checks = book.general("background", off, colour)
    if spec is not None and spec.backgrounds:
        return [replace(check, wanted="|".join(names), rule="document", cite=book.cite) for check in checks]
    return [replace(check, wanted=PLAIN_LIGHT) for check in checks]


def _distance(lab: tuple[float, float, float], wanted: str, spec: PhotoSpec | None) -> float:
    """ΔE to one allowed colour; for "any plain light colour" how far it is from being light and soft."""
    lightness, a, b = lab
    if wanted == PLAIN_LIGHT:
        return max(0.0, _LIGHT_FROM - lightness, math.hypot(a, b) - _SOFT_CHROMA)
    colour: Colour | None = colours().get(wanted)
    hexes = [colour.hex] if colour is not None else []
    if spec is not None and len(spec.background_hex) == len(spec.backgrounds):
        hexes.append(spec.background_hex[spec.backgrounds.index(wanted)])
    return min((_delta(lab, value) for value in hexes), default=100.0)


def _delta(lab: tuple[float, float, float], value: str) -> float:
    rgb = np.array([[[int(value[at : at + 2], 16) for at in (1, 3, 5)]]], np.uint8)
    target = to_lab(rgb)[0, 0]
    return float(np.hypot(np.hypot(lab[0] - target[0], lab[1] - target[1]), lab[2] - target[2]))
