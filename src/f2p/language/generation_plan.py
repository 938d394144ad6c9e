"""From a sentence about a picture that does not exist yet to a complete plan; every default is told."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from f2p.catalogue.generation import facts, pace
from f2p.catalogue.standards import demands_plain, standards
from f2p.errors import Question, Refused
from f2p.language.filled import Filled
from f2p.values.generation import GenerationPlan, GenerationWish, KeepFace, Mode, Profile
from f2p.values.reading import Reading

_STEP_PX = 16
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FORMATS = ("png", "jpg", "webp")


def is_generative(reading: Reading) -> bool:
    """Whether the sentence describes a picture to be made, not what to do with a photo."""
    return "generate" in reading.asked


def resolve_generation(reading: Reading, wish: GenerationWish) -> tuple[GenerationPlan, Reading]:
    """The complete plan, and the reading with every default that was taken under `assumed`.

    Raises Refused for forgery and for a document whose office takes no generated picture, Question for a transparent JPG, and
    for a wish that needs a photo where none came along.
    """
    asked, filled = reading.asked, Filled()
    picture: Mapping[str, Any] = asked.get("generate", {})
    mode = _mode(asked, wish, filled)
    _stop_early(asked, mode, wish)
    width, height = _size(picture, wish, mode, filled)
    steps, cfg, profile = _pace(picture, wish, mode, filled)
    words = str(picture.get("prompt") or reading.sentence).strip()
    plan = GenerationPlan(
        mode=mode, prompt=words, negative=_negative(picture, wish, words, filled), width_px=width, height_px=height,
        count=_count(picture, wish), seed=_seed(picture, wish, filled), steps=steps, cfg=cfg, profile=profile,
        keep=_keep(wish, mode, filled), best_of=max(1, wish.best_of), transparent=bool(picture.get("transparent")),
        format=_format(asked, picture, filled), face=wish.face, select=asked.get("select_face"),
    )  # fmt: skip
    return plan, replace(reading, assumed=tuple(filled.assumed))


def _mode(asked: Mapping[str, Any], wish: GenerationWish, filled: Filled) -> Mode:
    if wish.mode is not None:
        return wish.mode
    if not wish.has_photo:
        return Mode.TEXT
    mode = Mode.PORTRAIT if "generate" in asked else Mode.EDIT
    filled.assume("generate.mode", mode.value, "photo_and_words")
    return mode


def _stop_early(asked: Mapping[str, Any], mode: Mode, wish: GenerationWish) -> None:
    if "refuse" in asked:
        raise Refused(reason=asked["refuse"])
    spec = standards().get(asked.get("size", {}).get("name", ""))
    if spec is not None and demands_plain(spec):
        raise Refused(reason="generated_document")
    if mode is not Mode.TEXT and not wish.has_photo:
        raise Question(ask="missing_image", conflicts="")
    if asked.get("generate", {}).get("transparent") and asked.get("format") == "jpg":
        raise Question(ask="contradiction", conflicts="background,format")


def _size(picture: Mapping[str, Any], wish: GenerationWish, mode: Mode, filled: Filled) -> tuple[int, int]:
    """Px of the finished picture; 0 × 0 = as the photo."""
    limits, portrait = facts()["limits"], facts()["portrait"]
    asked = wish.size_px or picture.get("px")
    if asked:
        return _within(int(asked[0]), int(asked[1]), limits)
    if "aspect" in picture and mode is not Mode.EDIT:
        return of_aspect(str(picture["aspect"]))
    if mode in (Mode.EDIT, Mode.BACKGROUND):
        return 0, 0
    own = int(portrait["width_px"]), int(portrait["height_px"])
    size = own if mode is Mode.PORTRAIT else of_aspect("1:1")
    filled.assume("generate.px", f"{size[0]}×{size[1]}", "not_said")
    return size


def of_aspect(aspect: str) -> tuple[int, int]:
    """The size in px for a shape such as "16:9": the model's own where it has one, else the largest of that shape it draws."""
    known: Mapping[str, list[int]] = facts()["aspect"]
    if aspect in known:
        width, height = known[aspect]
        return width, height
    across, down = (float(part) for part in aspect.split(":"))
    width_px = math.sqrt(facts()["limits"]["most_area_px"] * across / down)
    return round(width_px / _STEP_PX) * _STEP_PX, round(width_px * down / across / _STEP_PX) * _STEP_PX


def _within(width: int, height: int, limits: Mapping[str, int]) -> tuple[int, int]:
    low, high = limits["side_low"], limits["side_high"]
    if not (low <= width <= high and low <= height <= high):
        raise Question(ask="picture_size", conflicts="")
    return width, height


def _pace(picture: Mapping[str, Any], wish: GenerationWish, mode: Mode, filled: Filled) -> tuple[int, float, Profile]:
    usual, limits = pace(wish.profile), facts()["limits"]
    steps = wish.steps or int(picture.get("steps", 0))
    if not steps:
        steps = usual.steps
        if mode is Mode.PORTRAIT and wish.profile is Profile.QUALITY:
            steps = int(facts()["portrait"]["steps"])
        filled.assume("generate.steps", steps, "profile")
    within = max(limits["steps_low"], min(limits["steps_high"], steps))
    if within != steps:
        filled.assume("generate.steps", within, "within_limits")
    return within, usual.cfg, wish.profile


def _negative(picture: Mapping[str, Any], wish: GenerationWish, words: str, filled: Filled) -> str:
    if wish.negative is not None:
        negative = wish.negative
    else:
        negative = facts()["negative"]["zh" if _CHINESE.search(words) else "en"]
        filled.assume("generate.negative", negative, "not_said")
    no_text = facts()["negative"]["no_text"]
    return f"{negative}, {no_text}".strip(", ") if picture.get("no_text") else negative


def _seed(picture: Mapping[str, Any], wish: GenerationWish, filled: Filled) -> int:
    if wish.seed is not None:
        return wish.seed
    if "seed" in picture:
        return int(picture["seed"])
    filled.assume("generate.seed", 0, "same_again")
    return 0


def _count(picture: Mapping[str, Any], wish: GenerationWish) -> int:
    most = int(facts()["limits"]["count"])
    return max(1, min(most, wish.count or int(picture.get("count", 1))))


def _keep(wish: GenerationWish, mode: Mode, filled: Filled) -> KeepFace:
    if mode is Mode.BACKGROUND:
        return KeepFace.PERSON
    if mode is not Mode.EDIT:
        return KeepFace.NONE
    if wish.keep is not None:
        return wish.keep
    filled.assume("generate.keep", KeepFace.FACE.value, "face_stays")
    return KeepFace.FACE


def _format(asked: Mapping[str, Any], picture: Mapping[str, Any], filled: Filled) -> str:
    said = asked.get("format")
    if said in _FORMATS:
        return str(said)
    filled.assume("format", "png", "transparent_needs_png" if picture.get("transparent") else "not_said")
    return "png"
