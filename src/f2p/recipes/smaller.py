"""Fewer pixels for a file size that can be met in no other way, where the rule leaves the pixels open."""

from __future__ import annotations

from dataclasses import replace

from f2p.errors import KbOutOfReach
from f2p.values.plan import IdPhotoPlan
from f2p.values.spec import CUSTOM

_MM_PER_INCH = 25.4
_NO_SIZE_HELPS = ("kb_other_format", "kb_again")


def smaller(plan: IdPhotoPlan, trouble: KbOutOfReach) -> IdPhotoPlan:
    """The plan with about as many pixels as fit, `spec.min_px` at least; the shape and the print's mm stay.

    An office's dpi stays too; that of a size in mm alone follows the pixels. Raises `trouble` where the pixels are fixed
    (no `min_px`), and a copy of it that says so where they are the fewest allowed already.
    """
    spec, least = plan.spec, plan.spec.min_px
    if least is None or trouble.params["way"] in _NO_SIZE_HELPS:
        raise trouble
    if spec.width_px <= least[0] or spec.height_px <= least[1]:
        raise KbOutOfReach(**(trouble.params | {"way": "kb_fewest"})) from trouble
    fits = (int(trouble.params["fit_width"]) - 1) / int(trouble.params["width"])  # below 0, where none fits: the fewest are tried
    share = max(fits, least[0] / spec.width_px, least[1] / spec.height_px)
    width, height = max(round(spec.width_px * share), least[0]), max(round(spec.height_px * share), least[1])
    dpi = spec.dpi
    if spec.id == CUSTOM and spec.width_mm:
        dpi = round(width * _MM_PER_INCH / spec.width_mm)
    spec = replace(spec, width_px=width, height_px=height, dpi=dpi)
    return replace(plan, spec=spec, encoding=replace(plan.encoding, dpi=dpi))
