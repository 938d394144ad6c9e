"""A photo on a canvas whose sides a sampler can draw, padded and never stretched, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass

from f2p.stages.warp import warped
from f2p.values.geometry import Affine
from f2p.values.pixels import Rgb8

_STEP_PX = 32


@dataclass(frozen=True, slots=True)
class Canvas:
    """A raster of the sampler, and where the photo lies in it: canvas px = matrix · photo px."""

    width_px: int
    height_px: int
    matrix: Affine


def canvas_for(width_px: int, height_px: int, area_px: int) -> Canvas:
    """The canvas near `area_px` on which a photo of that size wastes least.

    Sides are multiples of 32 that editing models leave alone: they resize what they are given to the nearest such size of that
    area, by its shape, which for most shapes would stretch the picture by up to 1 %.
    """
    best: tuple[float, int, int] | None = None
    middle = math.sqrt(area_px * width_px / height_px) / _STEP_PX
    for across in range(max(1, math.floor(middle) - 2), math.ceil(middle) + 3):
        for down in range(max(1, math.floor(area_px / _STEP_PX**2 / across) - 2), math.ceil(area_px / _STEP_PX**2 / across) + 3):
            width, height = across * _STEP_PX, down * _STEP_PX
            if _resized_to(area_px, width / height) != (width, height):
                continue
            scale = min(width / width_px, height / height_px)
            wasted = 1.0 - scale * width_px * scale * height_px / (width * height)
            if best is None or wasted < best[0]:
                best = (wasted, width, height)
    width, height = best[1:] if best is not None else _resized_to(area_px, width_px / height_px)
    return Canvas(width, height, _inside(width_px, height_px, width, height))


def on_canvas(rgb: Rgb8, canvas: Canvas) -> Rgb8:
    """The photo on the canvas, the same in both directions; what it leaves free repeats its edge."""
    return warped(rgb, canvas.matrix, canvas.width_px, canvas.height_px)


def off_canvas(rgb: Rgb8, canvas: Canvas, width_px: int, height_px: int) -> Rgb8:
    """A picture of the canvas in the photo's own raster."""
    return warped(rgb, canvas.matrix.inverse(), width_px, height_px, lanczos=True)


def _inside(width_px: int, height_px: int, width: int, height: int) -> Affine:
    scale = min(width / width_px, height / height_px)
    centred = Affine.scaling(scale)
    shift_x, shift_y = (width - width_px * scale) / 2.0, (height - height_px * scale) / 2.0
    return centred.then(Affine(1.0, 0.0, shift_x, 0.0, 1.0, shift_y))


def _resized_to(area_px: int, ratio: float) -> tuple[int, int]:
    """The size that the editing pipelines make of a picture of that shape."""
    width = math.sqrt(area_px * ratio)
    return round(width / _STEP_PX) * _STEP_PX, round(width / ratio / _STEP_PX) * _STEP_PX
