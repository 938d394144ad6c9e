"""Beauty and repairs on the finished raster: one thing after another, each inside its own mask; what is not there is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from f2p.recipes.trace import Trace
from f2p.stages.facemap import FaceMap
from f2p.stages.glare import find_glare, glasses_glare
from f2p.stages.lines import wrinkles, wrinkles_mask
from f2p.stages.red_eye import red_eye, red_eye_mask
from f2p.stages.shine import shine, shine_mask
from f2p.stages.spots import blemish, blemish_mask
from f2p.stages.stray_hair import stray_hair, stray_hair_mask
from f2p.stages.teeth import teeth_mask, teeth_whiten
from f2p.stages.tone import even_tone, even_tone_mask, whiten, whiten_mask
from f2p.stages.under_eyes import dark_circles, dark_circles_mask, eye_bags, eye_bags_mask
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Amount, Beauty, Repairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One key of `Beauty`: where it would act, and how."""

    key: str
    find: Callable[[Rgb8, FaceMap], Plane]
    change: Callable[[Rgb8, Plane, FaceMap, Amount], Rgb8]


WISHES = (
    # Colours first, so that what follows measures lightness on even skin; the whole skin's lift last, on what all others left.
    Wish(key="blemish", find=blemish_mask, change=blemish),
    Wish(key="even_tone", find=even_tone_mask, change=even_tone),
    Wish(key="dark_circles", find=dark_circles_mask, change=dark_circles),
    Wish(key="eye_bags", find=eye_bags_mask, change=eye_bags),
    Wish(key="wrinkles", find=wrinkles_mask, change=wrinkles),
    Wish(key="shine", find=shine_mask, change=shine),
    Wish(key="teeth_whiten", find=teeth_mask, change=teeth_whiten),
    Wish(key="whiten", find=whiten_mask, change=whiten),
)
"""In the order in which they are carried out."""


def groomed(rgb: Rgb8, face: FaceMap, beauty: Beauty, repairs: Repairs, trace: Trace) -> Rgb8:
    """The person with faults mended and wishes carried out; each wish that finds nothing to do says so."""
    if repairs.red_eye:
        rgb = _without_red_eye(rgb, face, trace)
    if repairs.glasses_glare:
        rgb = _without_glare(rgb, face, trace)
    for wish in WISHES:
        amount = getattr(beauty, wish.key)
        if amount is Amount.NONE:
            continue
        find = _sparing if wish.key == "blemish" and beauty.spare else wish.find
        mask = trace.run(wish.key, find, rgb, face)
        if np.any(mask > 0.0):
            rgb = trace.run(wish.key, wish.change, rgb, mask, face, amount)
        else:
            trace.tell(f"nothing_{wish.key}")
    return rgb


def tidied(alpha: Plane, iod_px: float, trace: Trace) -> Plane:
    """The matte without flyaway strands."""
    mask = trace.run("stray_hair", stray_hair_mask, alpha, iod_px)
    if not np.any(mask > 0.0):
        trace.tell("nothing_stray_hair")
        return alpha
    return trace.run("stray_hair", stray_hair, alpha, mask)


def _sparing(rgb: Rgb8, face: FaceMap) -> Plane:
    return blemish_mask(rgb, face, strict=True)


def _without_red_eye(rgb: Rgb8, face: FaceMap, trace: Trace) -> Rgb8:
    mask = trace.run("red_eye", red_eye_mask, rgb, face)
    if not np.any(mask > 0.0):
        trace.tell("nothing_red_eye")
        return rgb
    return trace.run("red_eye", red_eye, rgb, mask)


def _without_glare(rgb: Rgb8, face: FaceMap, trace: Trace) -> Rgb8:
    seen = trace.run("glasses_glare", find_glare, rgb, face)
    if not seen.glasses:
        trace.tell("no_glasses")
    elif seen.burnt:
        trace.tell("glare_burnt", "warning")
    elif not np.any(seen.mask > 0.0):
        trace.tell("nothing_glasses_glare")
    else:
        return trace.run("glasses_glare", glasses_glare, rgb, seen.mask, face)
    return rgb
