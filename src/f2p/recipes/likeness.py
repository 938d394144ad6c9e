"""A finished photo looked over for a batch: what people are compared by, and the rules and hints it breaks."""

from __future__ import annotations

import cv2
import numpy as np

from f2p.engines.suite import Engines
from f2p.files.photo import Limits
from f2p.recipes.preflight import Inspected, preflight
from f2p.stages.facemesh import five_points
from f2p.stages.skin import skin_mask
from f2p.values.batch import LookedOver, Measured
from f2p.values.geometry import FaceBox
from f2p.values.outcome import Delivery
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import IdPhotoPlan
from f2p.values.preflight import ToCheck

_LEAST_SKIN_PX = 100


def looked_over(delivery: Delivery, engines: Engines, limits: Limits, *, compare: bool) -> LookedOver:
    """The delivery's first file measured as `f2p check` does, and, with `compare`, its face as a direction."""
    plan = delivery.report.plan
    spec = plan.spec if isinstance(plan, IdPhotoPlan) else None
    found = preflight(ToCheck(data=delivery.files[0].data, name="", spec=spec), engines, limits)
    values = {check.name: check.value for check in delivery.report.checks}
    heights = _number(values.get("head_height_mm")), _number(values.get("eye_line_mm"))
    broken = tuple(check for check in found.report.checks if check.ok is False)
    return LookedOver(measured=_measured(found, heights, engines if compare else None), broken=broken)


def faces_on(rgb: Rgb8, engines: Engines) -> tuple[FaceBox, ...]:
    """Every box that may be a face, from left to right."""
    return engines.detector.find(rgb)


def _measured(found: Inspected, heights: tuple[float | None, float | None], engines: Engines | None) -> Measured | None:
    seen = found.seen
    if seen is None:
        return None
    skin = skin_mask(seen.rgb, seen.face.mesh, seen.alpha)
    light, red, yellow = _median_lab(seen.rgb, skin, seen.alpha)
    identity = b""
    if engines is not None:
        identity = engines.identifier.embed(seen.rgb, five_points(seen.face.mesh)).astype("<f4").tobytes()
    return Measured(
        identity=identity,
        light=light, red=red, yellow=yellow, head_mm=heights[0], eye_line_mm=heights[1],
    )  # fmt: skip


def _median_lab(rgb: Rgb8, skin: Plane, alpha: Plane) -> tuple[float, float, float]:
    """Median L*, a*, b* of the facial skin; of the whole person where next to no skin is found."""
    mask = skin > 0.5 if np.count_nonzero(skin > 0.5) >= _LEAST_SKIN_PX else alpha > 0.5
    lab = cv2.cvtColor(rgb[mask][None].astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)[0]
    light, red, yellow = (round(float(value), 2) for value in np.median(lab, axis=0))
    return light, red, yellow


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
