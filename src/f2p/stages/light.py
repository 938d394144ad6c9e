"""Light on the person: measured first, then moved by small, smooth steps in linear light. No face is brought to a fixed tone.

Every target is relative to the picture itself (its highlights, its neutrals, its two cheeks), so that a dark complexion stays as
dark as it is and a fair one as fair.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from f2p.stages.planes import Float, extremes, gauss, ramp, resized, scaled
from f2p.stages.srgb import CODE_STEPS, LUMINANCE, encoding_table, linear_light
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Light

CLIPPED_DARK, CLIPPED_BRIGHT = 5, 250
"""Code values at and beyond which a tone holds no drawing."""
HIGHLIGHT_BAND = (0.50, 0.90)
"""Linear light of the face's brightest points (eye whites, teeth, shine) in a well exposed picture. On nine portraits of all
complexions 0.62..1.0, however dark the skin; below or above, exposure is corrected to the band's edge."""
EXPOSURE_LIMIT = (2.0**-0.5, 2.0)
WARMTH_STEP = 0.035
CONTRAST_STEP = 1.09
SATURATION_STEP = 0.11
EVENING = 0.9
"""Share of the left-right difference that goes; all of it would look flat."""
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


def measure_light(rgb: Rgb8, alpha: Plane, skin: Plane) -> LightMeasure:
    """How the person is lit and which cast the picture has.

    rgb: (H, W, 3) uint8 sRGB; alpha, skin: (H, W) float32 0..1. Read on a grid of at most about 40 000 points.
    """
    step = max(1, round(float(np.sqrt(alpha.size / 40_000.0))))
    codes, person, bare = rgb[::step, ::step], alpha[::step, ::step] > 0.9, skin[::step, ::step] > 0.5
    top = codes.max(axis=2)
    low, bright = top <= CLIPPED_DARK, top >= CLIPPED_BRIGHT
    count = max(int(np.count_nonzero(person)), 1)
    linear = linear_light(codes)
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
        white_gains=_white_gains(linear, person, bare) if seen else (1.0, 1.0, 1.0),
    )


def apply_light(rgb: Rgb8, alpha: Plane, skin: Plane, light: Light) -> Rgb8:
    """The person under the light that was asked for: (H, W, 3) uint8 sRGB; `rgb` itself where nothing was asked.

    Order: white balance and warmth, exposure and brightness, evening, all in linear light with a shoulder that keeps highlights;
    then contrast about the face's own tone, then saturation. Pixels with alpha 0 stay as they are.
    """
    if not light.changes:
        return rgb
    window = _person(alpha)
    if window is None:
        return rgb
    measure = measure_light(rgb, alpha, skin)
    gains, gain = _colour_gains(measure, light), _exposure_gain(measure, light)
    linear = linear_light(rgb[window])
    if gains != (1.0, 1.0, 1.0):
        linear = _tinted(linear, gains)
    peak = gain * max(gains)
    factor = np.full(linear.shape[:2], gain, np.float32)
    if light.even:
        field = _even_gain(rgb, skin)[window]
        factor *= field
        peak *= max(float(field.max()), 1.0)
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
    red, green, blue = measure.white_gains if light.white_balance else (1.0, 1.0, 1.0)
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


def _axis(bare: Float) -> float:
    """The face's middle as x: where the skin's columns fit their own mirror image best."""
    profile = bare.sum(axis=0)
    return float(np.convolve(profile, profile).argmax()) / 2.0


def _halves(luminance: Float, bare: NDArray[np.bool_]) -> float | None:
    axis = _axis(bare.astype(np.float32))
    columns = np.arange(bare.shape[1])[None, :]
    left, right = luminance[bare & (columns < axis)], luminance[bare & (columns > axis)]
    if min(left.size, right.size) < 10:
        return None
    return float(np.median(left) / max(float(np.median(right)), 1e-4))


def _highlight(linear: Float, bare: NDArray[np.bool_]) -> float:
    """99.5th percentile of the brightest channel in the face with its eyes and mouth: the skin's own hull."""
    points = np.argwhere(bare)[:, ::-1].astype(np.int32)
    hull = np.zeros(bare.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    return float(np.percentile(linear.max(axis=2)[hull > 0], 99.5))


def _white_gains(linear: Float, person: NDArray[np.bool_], bare: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Gains that take the cast out, seen from greys on the person (collar, shirt, grey hair) and from the skin's colour.

    In u = ln(R/G), v = ln(B/G) skins of all complexions lie along v = -0.06 - 0.6 u (nine portraits: within 0.16, one
    under blue light 0.26); only what lies more than 0.2 off that line is a cast. A lamp moves both along (1, -1.5). The
    skin's own luminance is held, so no face is made fairer.
    """
    tone = np.median(linear[bare], axis=0) + 1e-4
    skin = np.array([np.log(tone[0] / tone[1]), np.log(tone[2] / tone[1])])
    shift = _neutral_shift(linear[person & ~bare], tone, skin)
    limit = max(abs(_off_locus(skin)), 0.1)
    # "Greys" that push the skin off the line were coloured clothes.
    shift = next((part * shift for part in (1.0, 0.5) if abs(_off_locus(skin + part * shift)) <= limit), np.zeros(2))
    off = _off_locus(skin + shift)
    excess = np.sign(off) * max(abs(off) - 0.2, 0.0)
    shift = shift + np.clip(excess / 0.9, -0.25, 0.25) * np.array([1.0, -1.5])
    shift = np.clip(shift, -0.45, 0.45)
    gains = np.exp(np.array([shift[0], 0.0, shift[1]]))
    gains *= float(LUMINANCE @ tone) / float(LUMINANCE @ (tone * gains))
    return float(gains[0]), float(gains[1]), float(gains[2])


def _off_locus(skin: NDArray[np.float64]) -> float:
    """How far v lies above (bluer) or below (yellower) the line of skins."""
    return float(skin[1] - (-0.06 - 0.6 * skin[0]))


def _neutral_shift(pixels: Float, tone: Float, skin: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2,) what to add to u and v so that the person's near-greys become grey; 0 where there are too few.

    pixels: (N, 3) of the person outside the face's skin; tone: the skin's linear colour; skin: its u and v. Only what is at least
    as bright as half the skin (a collar, a shirt, grey hair; no dark hair) and not towards the skin's own colour (neck, ears).
    """
    total = max(len(pixels), 1)
    level = pixels @ LUMINANCE
    pixels = pixels[(pixels.max(axis=1) < 0.97) & (level > max(0.5 * float(tone @ LUMINANCE), 0.08))]
    logs = np.log(pixels.astype(np.float64) + 1e-4)
    points = np.stack([logs[:, 0] - logs[:, 1], logs[:, 2] - logs[:, 1]], axis=1)
    unlike = points @ skin < 0.6 * float(skin @ skin)
    points, level = points[unlike], (pixels @ LUMINANCE)[unlike]
    if len(points) < 20:
        return np.zeros(2)
    # Likelier the smaller the cast; along the daylights (1, -1.5) more is likely than across them.
    along, across = points @ (0.555, -0.832), points @ (0.832, 0.555)
    weight = np.exp(-0.5 * ((along / 0.3) ** 2 + (across / 0.15) ** 2)) * level**2
    count, edges, _ = np.histogram2d(points[:, 0], points[:, 1], bins=40, range=((-0.6, 0.6), (-0.6, 0.6)), weights=weight)
    peak = np.unravel_index(int(cv2.GaussianBlur(count, (0, 0), 1.5).argmax()), count.shape)
    middle = (edges[list(peak)] + edges[[i + 1 for i in peak]]) / 2
    near = ((points - middle) ** 2).sum(axis=1) < 0.1**2
    if np.count_nonzero(near) < 20:
        return np.zeros(2)
    middle = np.median(points[near], axis=0)
    share = float(np.count_nonzero(((points - middle) ** 2).sum(axis=1) < 0.1**2)) / total
    # A large even patch is believed, a few pixels hardly; shifts under 0.03 are what every white shirt has.
    size = float(np.hypot(*middle))
    trust = min(share / 0.04, 1.0) * max(size - 0.03, 0.0) / max(size, 1e-9)
    return np.asarray(-0.9 * trust * middle)


def _even_gain(rgb: Rgb8, skin: Plane) -> Float:
    """(H, W) smooth gain that brings the two sides of the face nearer: only the odd, left-right part of the light is touched.

    What both sides share (nose, cheeks, jaw: the modelling) stays. Fades out away from the face. Limits: 0.6 natural log units.
    """
    height, width = skin.shape
    scale = min(1.0, 120.0 / max(height, width))
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    bare = resized(skin, *size)
    known = np.flatnonzero(bare.sum(axis=0) > 0.5)
    if known.size < 6:
        return np.ones((height, width), np.float32)
    light = np.log(linear_light(resized(rgb, *size)) @ LUMINANCE + np.float32(0.003))
    turn = np.array([[-1.0, 0.0, 2.0 * _axis(bare)], [0.0, 1.0, 0.0]], np.float64)

    def mirrored(plane: Float) -> Float:
        return np.asarray(cv2.warpAffine(plane, turn, size, flags=cv2.INTER_LINEAR), dtype=np.float32)

    both = bare * mirrored(bare)
    sigma = 0.13 * float(known[-1] - known[0] + 1)
    weight = gauss(both, sigma)
    smooth = np.asarray(gauss(light * both, sigma) / np.maximum(weight, np.float32(1e-4)), dtype=np.float32)
    odd = np.clip((smooth - mirrored(smooth)) * np.float32(0.5), -0.6, 0.6) * (weight / (weight + np.float32(0.02)))
    # Lift the shadow more than dim the light side.
    lift = 0.4 * (np.sqrt(odd * odd + 0.05**2) - 0.05)
    field = np.exp(EVENING * (lift - odd)).astype(np.float32)
    field = gauss(field, 0.3 * sigma)
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)
