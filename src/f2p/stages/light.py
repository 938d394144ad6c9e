"""Light on the person: measured first, then moved by small, smooth steps in linear light. No face is brought to a fixed tone.

Every target is relative to the picture itself (its highlights, its neutrals, its two cheeks), so that a dark complexion stays as
dark as it is and a fair one as fair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.planes import Float, disc, extremes, gauss, ramp, scaled
from f2p.stages.relight import LIT_TOP, backlight_gain, even_gain, face_axis
from f2p.stages.srgb import CODE_STEPS, LUMINANCE, encoding_table, linear_light
from f2p.stages.whitebalance import NO_GAINS, Parts, white_gains
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Light

CLIPPED_DARK, CLIPPED_BRIGHT = 5, 250
"""Code values at and beyond which a tone holds no drawing."""
HIGHLIGHT_BAND = (0.70, 0.90)
"""Linear light of the face's brightest points (eye whites, teeth, shine; no rim of light) in a well exposed picture. On twelve
portraits from fair to brown 0.78..1.0, on one against the light 0.51, however dark the skin; exposure is corrected to the
band's edge."""
EXPOSURE_LIMIT = (2.0**-0.5, 3.0)
BACKLIGHT_LIMIT = (1.15, 3.0)
"""Least and most that a person against the light comes up: least, as somebody who asks sees that the face is dark."""
WARMTH_STEP = 0.035
CONTRAST_STEP = 1.09
SATURATION_STEP = 0.11
_STREAKED = 0.03
"""Mean contrast between neighbours on the reading grid, natural log units, from which on it is hair and not cloth."""
SHOULDER = 0.7
"""Linear light above which brightening bends instead of clipping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LightMeasure:
    """How the person is lit. Luminances are linear 0..1, shares 0..1; face values are None where no skin is seen."""

    face_luminance: float | None
    """Median over the skin. Says nothing about good exposure by itself: complexions differ by a factor of ten."""
    cheek_ratio: float | None
    """Luminance of the skin left of the face's middle over that right of it, as seen in the picture."""
    highlight: float | None
    """Brightest channel exceeded by 0.5 % of the face with eyes and mouth."""
    skin_bright_share: float | None
    """Share of the skin with green >= 250: burnt out. (Red alone saturates in any warm shine.)"""
    dark_share: float
    bright_share: float
    """Shares of the person's pixels with every channel <= 5, with any channel >= 250."""
    white_gains: tuple[float, float, float]
    """What red, green and blue of linear light must be multiplied by to take the cast out; (1, 1, 1) where none is seen."""


def measure_light(rgb: Rgb8, alpha: Plane, skin: Plane, scene: Rgb8 | None = None) -> LightMeasure:
    """How the person is lit and which cast the picture has.

    rgb: (H, W, 3) uint8 sRGB; alpha, skin: (H, W) float32 0..1; scene: the picture with its own backdrop, whose greys say
    something about the lamp too. Read on a grid of at most about 40 000 points.
    """
    step = max(1, round(float(np.sqrt(alpha.size / 40_000.0))))
    codes, person, bare = rgb[::step, ::step], alpha[::step, ::step] > 0.9, skin[::step, ::step] > 0.5
    top = codes.max(axis=2)
    low, bright = top <= CLIPPED_DARK, top >= CLIPPED_BRIGHT
    count = max(int(np.count_nonzero(person)), 1)
    linear = linear_light(codes if scene is None else scene[::step, ::step])
    beside = (alpha[::step, ::step] < 0.02) & (scene is not None)
    luminance = linear @ LUMINANCE
    seen = int(np.count_nonzero(bare)) >= 25
    halves = _halves(luminance, bare) if seen else None
    return LightMeasure(
        face_luminance=float(np.median(luminance[bare])) if seen else None,
        cheek_ratio=halves,
        highlight=_highlight(linear, bare) if seen else None,
        skin_bright_share=float((codes[..., 1][bare] >= CLIPPED_BRIGHT).mean()) if seen else None,
        dark_share=float(np.count_nonzero(low & person)) / count,
        bright_share=float(np.count_nonzero(bright & person)) / count,
        white_gains=white_gains(linear, Parts(cloth=person & ~bare & _smooth(luminance), bare=bare, scene=beside))
        if seen
        else NO_GAINS,
    )


def apply_light(rgb: Rgb8, alpha: Plane, skin: Plane, light: Light, scene: Rgb8 | None = None) -> Rgb8:
    """The person under the light that was asked for: (H, W, 3) uint8 sRGB; `rgb` itself where nothing was asked.

    Order: white balance and warmth, exposure and brightness, the fields (evening, face shadow, backlight), all in linear light
    with a shoulder that keeps highlights; then contrast about the face's own tone, then saturation. Pixels with alpha 0 stay as
    they are. scene: see `measure_light`.
    """
    if not light.changes:
        return rgb
    window = _person(alpha)
    if window is None:
        return rgb
    measure = measure_light(rgb, alpha, skin, scene)
    gains, gain = _colour_gains(measure, light), _exposure_gain(measure, light)
    linear = linear_light(rgb[window])
    if gains != NO_GAINS:
        linear = _tinted(linear, gains)
    peak = gain * max(gains)
    factor = np.full(linear.shape[:2], gain, np.float32)
    for field in _fields(rgb, (alpha, skin), measure, light):
        factor *= field[window]
        peak *= max(float(field[window].max()), 1.0)
    if peak > 1.0:
        factor *= _shoulder(extremes(linear)[1] * factor, peak)
    table = _tone_table(measure, light)
    places = _places(scaled(linear, factor))
    if light.saturation:
        codes = cv2.transform(table[places], _saturation(1.0 + SATURATION_STEP * light.saturation))
        changed = np.rint(np.clip(codes, 0.0, 1.0) * np.float32(255.0)).astype(np.uint8)
    else:
        changed = np.rint(table * np.float32(255.0)).astype(np.uint8)[places]
    result = rgb.copy()
    cv2.copyTo(changed, (alpha[window] > 0.0).astype(np.uint8), result[window])
    return result


def _fields(rgb: Rgb8, planes: tuple[Plane, Plane], measure: LightMeasure, light: Light) -> Iterator[Float]:
    """The smooth gains asked for. planes: alpha and skin."""
    alpha, skin = planes
    if light.even or light.face_shadow:
        yield even_gain(rgb, skin, lift_only=light.face_shadow)
    if light.backlight and measure.highlight is not None:
        low, high = BACKLIGHT_LIMIT
        yield backlight_gain(rgb, alpha, skin, float(np.clip(LIT_TOP / max(measure.highlight, 1e-3), low, high)))


def _person(alpha: Plane) -> tuple[slice, slice] | None:
    there = alpha > 0.0
    rows, columns = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
    if not rows.size:
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _tinted(linear: Float, gains: tuple[float, float, float]) -> Float:
    """The channels times their gains; blown-out white has lost its colour and keeps what it shows."""
    free = np.float32(1.0) - ramp(extremes(linear)[0], 0.85, 1.0)
    channels = [
        channel * (np.float32(1.0) + np.float32(by - 1.0) * free) for channel, by in zip(cv2.split(linear), gains, strict=True)
    ]
    return np.asarray(cv2.merge(channels), dtype=np.float32)


def _places(linear: Float) -> NDArray[np.uint16]:
    """Places in the encoding table, rounded and held to its ends."""
    height, width, channels = linear.shape
    flat = linear.reshape(height, width * channels)
    steps = cv2.addWeighted(flat, float(CODE_STEPS), flat, 0.0, 0.0, dtype=cv2.CV_16U)
    return np.asarray(steps, dtype=np.uint16).reshape(height, width, channels)


def _colour_gains(measure: LightMeasure, light: Light) -> tuple[float, float, float]:
    """White balance and warmth in one, with the face's luminance held."""
    red, green, blue = measure.white_gains if light.white_balance else NO_GAINS
    if light.warmth:
        shift = WARMTH_STEP * light.warmth
        weights = LUMINANCE * np.exp(np.array([shift, 0.0, -1.4 * shift], np.float32))
        level = float(weights.sum())
        red, green, blue = red * float(np.exp(shift)) / level, green / level, blue * float(np.exp(-1.4 * shift)) / level
    return red, green, blue


def _exposure_gain(measure: LightMeasure, light: Light) -> float:
    """One factor for the whole person: brightness steps of 1/6 stop and, where asked, the correction to the highlight band."""
    gain = 2.0 ** (light.brightness / 6.0)
    if light.exposure and measure.highlight is not None:
        low, high = HIGHLIGHT_BAND
        if measure.highlight < low:
            gain *= min(low / max(measure.highlight, 1e-3), EXPOSURE_LIMIT[1])
        elif measure.skin_bright_share is not None and measure.skin_bright_share > 0.03:
            # What is blown out stays so; the rest of a too bright face gets its modelling back.
            gain *= max(high - measure.skin_bright_share, EXPOSURE_LIMIT[0])
    return float(gain)


def _shoulder(top: Float, peak: float) -> Float:
    """Factor per pixel that bends `top` (its brightest channel, up to `peak`) into 0..1 and leaves what is below SHOULDER."""
    ratio = (peak - SHOULDER) / (1.0 - SHOULDER)
    t = np.maximum(top - np.float32(SHOULDER), 0.0) * np.float32(1.0 / (peak - SHOULDER))
    bent = np.float32(SHOULDER) + np.float32((1.0 - SHOULDER) * ratio) * t / (1.0 + np.float32(ratio - 1.0) * t)
    return np.where(top > SHOULDER, bent / np.maximum(top, np.float32(1e-6)), np.float32(1.0)).astype(np.float32)


def _tone_table(measure: LightMeasure, light: Light) -> Float:
    """Linear light step to code value, with the contrast curve on top: it turns about the face's tone, black and white stay."""
    table = encoding_table()
    if not light.contrast:
        return table
    face = 0.2 if measure.face_luminance is None else measure.face_luminance
    pivot = float(np.clip(table[round(face * CODE_STEPS)], 0.35, 0.65))
    power = CONTRAST_STEP**light.contrast
    below = pivot * (np.minimum(table, pivot) / pivot) ** power
    above = (1.0 - pivot) * (1.0 - ((1.0 - np.maximum(table, pivot)) / (1.0 - pivot)) ** power)
    return np.asarray(below + above, dtype=np.float32)


def _saturation(factor: float) -> NDArray[np.float32]:
    """(3, 3): code values pulled towards or away from their luma (BT.601)."""
    luma = np.array([0.299, 0.587, 0.114], np.float32)
    return np.asarray(np.eye(3) * factor + (1.0 - factor) * luma[None, :], dtype=np.float32)


def _halves(luminance: Float, bare: NDArray[np.bool_]) -> float | None:
    axis = face_axis(bare.astype(np.float32))
    columns = np.arange(bare.shape[1])[None, :]
    left, right = luminance[bare & (columns < axis)], luminance[bare & (columns > axis)]
    if min(left.size, right.size) < 10:
        return None
    return float(np.median(left) / max(float(np.median(right)), 1e-4))


def _smooth(luminance: Float) -> NDArray[np.bool_]:
    """Where neighbours are alike, as on cloth: fair hair, whose lights pass for a warm grey, is streaked."""
    log = np.log(luminance + np.float32(0.01))
    return np.asarray(gauss(np.abs(log - gauss(log, 1.0)), 1.0) < _STREAKED)


def _highlight(linear: Float, bare: NDArray[np.bool_]) -> float:
    """99.5th percentile of the brightest channel in the face with its eyes and mouth: the skin's own hull without its rim.

    Light from behind draws a bright line along the cheek, which says nothing about the face.
    """
    points = np.argwhere(bare)[:, ::-1].astype(np.int32)
    hull = np.zeros(bare.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    inner = cv2.erode(hull, disc(max(1, round(0.1 * float(np.ptp(points[:, 0]))))), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return float(np.percentile(linear.max(axis=2)[(inner if inner.any() else hull) > 0], 99.5))
