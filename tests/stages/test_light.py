"""Light: only what was asked, smooth, relative to the picture itself, the same for every complexion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from f2p.stages.light import apply_light, measure_light
from f2p.stages.planes import gauss
from f2p.stages.srgb import CODE_STEPS, LUMINANCE, encoding_table, linear_light
from f2p.values.plan import Light

COMPLEXIONS = ["fair", "medium", "brown", "deep"]


def skin_of(face):
    """(H, W) float32: exactly what was painted as skin."""
    return face.skin.astype(np.float32)


def luminance(rgb, where) -> float:
    """Median linear luminance of an area."""
    return float(np.median((linear_light(rgb) @ LUMINANCE)[where]))


def test_nothing_asked_nothing_done(paint_face):
    """An all-zero Light returns the very array that came in."""
    face = paint_face()
    assert apply_light(face.rgb, face.alpha, skin_of(face), Light()) is face.rgb


@pytest.mark.parametrize(
    "light",
    [
        *(Light(brightness=2), Light(contrast=-2), Light(saturation=2), Light(warmth=-3), Light(white_balance=True)),
        *(Light(even=True), Light(face_shadow=True), Light(backlight=True), Light(exposure=True)),
    ],
)
def test_only_the_person_changes(paint_face, light):
    """Where alpha is 0 every value stays, and the input is not written to."""
    face = paint_face("brown", 80.0, side_stops=1.0, cast=(0.5, 0.45, 0.32))
    before = face.rgb.copy()
    face.rgb.setflags(write=False)
    result = apply_light(face.rgb, face.alpha, skin_of(face), light)
    assert np.array_equal(face.rgb, before)
    assert np.array_equal(result[face.alpha == 0], before[face.alpha == 0])
    assert not np.array_equal(result, before)


_STEPS = st.integers(-3, 3)
_LIGHTS = st.builds(
    Light,
    **dict.fromkeys(("brightness", "contrast", "saturation", "warmth"), _STEPS),
    **dict.fromkeys(("white_balance", "even", "face_shadow", "backlight", "exposure"), st.booleans()),
)


@given(light=_LIGHTS, complexion=st.sampled_from(COMPLEXIONS))
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_light_reaches_beyond_the_person(paint_face, light, complexion):
    """Whatever is asked together, nothing changes where alpha is 0, and the same wish gives the same pixels again."""
    face = paint_face(complexion, 48.0, side_stops=0.6, cast=(0.8, 0.7, 0.5))
    result = apply_light(face.rgb, face.alpha, skin_of(face), light, face.rgb)
    assert np.array_equal(result[face.alpha == 0], face.rgb[face.alpha == 0])
    assert np.array_equal(result, apply_light(face.rgb, face.alpha, skin_of(face), light, face.rgb))


@pytest.mark.parametrize("complexion", COMPLEXIONS)
@pytest.mark.parametrize("steps", [-3, -1, 1, 2])
def test_a_brightness_step_is_a_sixth_of_a_stop(paint_face, complexion, steps):
    """The face's luminance moves by 2^(steps/6) (less on fair skin, in the shoulder); only what nearly clipped clips."""
    face = paint_face(complexion, 80.0)
    result = apply_light(face.rgb, face.alpha, skin_of(face), Light(brightness=steps))
    factor = luminance(result, face.skin) / luminance(face.rgb, face.skin)
    wanted = 2.0 ** (steps / 6)
    assert factor == pytest.approx(wanted, rel=0.12 if complexion == "fair" else 0.04)
    assert np.count_nonzero(result == 255) <= np.count_nonzero(face.rgb >= 252)


def test_contrast_turns_about_the_face(paint_face):
    """More contrast darkens hair and lightens the shirt while the face's tone stays; less does the opposite."""
    face = paint_face("medium", 80.0)
    for steps in (2, -2):
        result = apply_light(face.rgb, face.alpha, skin_of(face), Light(contrast=steps)).astype(int)
        change = result - face.rgb
        assert np.sign(np.median(change[face.hair])) == -np.sign(steps)
        assert np.sign(np.median(change[face.shirt])) == np.sign(steps)
        assert abs(luminance(result.astype(np.uint8), face.skin) / luminance(face.rgb, face.skin) - 1) < 0.05


def test_saturation_and_warmth_keep_lightness(paint_face):
    """Colour wishes move colour: chroma or the red-blue balance changes, the face's luminance by less than 4 %."""
    face = paint_face("medium", 80.0)
    before = face.rgb[face.skin].mean(axis=0)
    for light, sign in ((Light(saturation=2), 1), (Light(saturation=-2), -1), (Light(warmth=2), 1), (Light(warmth=-2), -1)):
        result = apply_light(face.rgb, face.alpha, skin_of(face), light)
        after = result[face.skin].mean(axis=0)
        assert np.sign((after[0] - after[2]) - (before[0] - before[2])) == sign
        assert abs(luminance(result, face.skin) / luminance(face.rgb, face.skin) - 1) < 0.04


@pytest.mark.parametrize("complexion", COMPLEXIONS)
def test_even_brings_the_cheeks_together_without_flattening(paint_face, complexion):
    """A stop between the cheeks shrinks by more than half; top-to-bottom modelling keeps at least 85 % of its range."""
    face = paint_face(complexion, 100.0, side_stops=1.0)
    before = measure_light(face.rgb, face.alpha, skin_of(face))
    result = apply_light(face.rgb, face.alpha, skin_of(face), Light(even=True))
    after = measure_light(result, face.alpha, skin_of(face))
    assert before.cheek_ratio > 1.3
    assert np.log(after.cheek_ratio) < 0.5 * np.log(before.cheek_ratio)

    def profile(rgb) -> float:
        middle = round(float(face.mesh[4, 0]))
        column = (linear_light(rgb) @ LUMINANCE)[:, middle - 12 : middle + 12]
        rows = [np.log(column[y][face.skin[y, middle - 12 : middle + 12]].mean()) for y in _rows(face, middle)]
        return float(np.std(rows))

    assert profile(result) > 0.85 * profile(face.rgb)


def _rows(face, middle: int) -> list[int]:
    top, bottom = int(face.mesh[10, 1]) + 4, int(face.mesh[152, 1]) - 4
    return [y for y in range(top, bottom) if face.skin[y, middle - 12 : middle + 12].all()]


def test_even_leaves_an_even_face_alone(paint_face):
    """A face lit from the front changes by less than 2 % of its luminance anywhere on the skin."""
    face = paint_face("brown", 80.0)
    result = apply_light(face.rgb, face.alpha, skin_of(face), Light(even=True)).astype(int)
    assert np.abs(result - face.rgb)[face.skin].mean() < 2.0


@pytest.mark.parametrize("complexion", COMPLEXIONS)
@pytest.mark.parametrize("cast", [(1.12, 1.0, 0.75), (0.88, 1.0, 1.2)], ids=["warm", "cool"])
def test_white_balance_makes_the_shirt_grey_and_no_face_fairer(paint_face, complexion, cast):
    """Beside a white shirt at least half of a cast goes; the face's luminance stays within 3 % whatever its tone."""
    face = paint_face(complexion, 80.0, cast=tuple(0.9 * c for c in cast))
    result = apply_light(face.rgb, face.alpha, skin_of(face), Light(white_balance=True))

    def off_grey(rgb) -> float:
        red, green, blue = np.log(np.median(linear_light(rgb)[face.shirt], axis=0))
        return float(np.hypot(red - green, blue - green))

    assert off_grey(result) < 0.5 * off_grey(face.rgb)
    assert abs(luminance(result, face.skin) / luminance(face.rgb, face.skin) - 1) < 0.03


@pytest.mark.parametrize("complexion", COMPLEXIONS)
def test_white_balance_leaves_neutral_light(paint_face, complexion):
    """No cast, no change beyond 2 % on any channel's gain, for every complexion."""
    face = paint_face(complexion, 80.0)
    gains = measure_light(face.rgb, face.alpha, skin_of(face)).white_gains
    assert np.abs(np.array(gains) - 1).max() < 0.02


@pytest.mark.parametrize("complexion", COMPLEXIONS)
def test_exposure_looks_at_highlights_not_at_the_skin(paint_face, complexion):
    """Well exposed faces of every tone stay; two stops under, every one is lifted, and none beyond what it was."""
    face = paint_face(complexion, 80.0)
    unchanged = apply_light(face.rgb, face.alpha, skin_of(face), Light(exposure=True))
    assert np.array_equal(unchanged, face.rgb) or np.abs(unchanged.astype(int) - face.rgb).max() <= 1
    dark = paint_face(complexion, 80.0, cast=(0.25, 0.25, 0.25))
    lifted = apply_light(dark.rgb, dark.alpha, skin_of(dark), Light(exposure=True))
    factor = luminance(lifted, face.skin) / luminance(dark.rgb, face.skin)
    assert 2.0 < factor <= 3.1
    assert luminance(lifted, face.skin) < luminance(face.rgb, face.skin)


@pytest.mark.parametrize("complexion", COMPLEXIONS)
def test_face_shadow_lifts_the_dark_side_only(paint_face, complexion):
    """A stop between the cheeks shrinks by more than half, and the bright cheek keeps its tone within 4 %."""
    face = paint_face(complexion, 100.0, side_stops=1.0)
    result = apply_light(face.rgb, face.alpha, skin_of(face), Light(face_shadow=True))
    before, after = (measure_light(rgb, face.alpha, skin_of(face)).cheek_ratio for rgb in (face.rgb, result))
    assert np.log(after) < 0.5 * np.log(before)
    bright = face.skin & (np.arange(face.skin.shape[1])[None, :] < face.mesh[152, 0] - 40)
    assert luminance(result, bright) == pytest.approx(luminance(face.rgb, bright), rel=0.04)


@pytest.mark.parametrize("complexion", COMPLEXIONS)
def test_evening_keeps_what_is_finer_than_an_eighth_of_the_face(paint_face, complexion):
    """Of the skin's fine and middle contrast (pores to folds) at least 85 % stays, and no more is made of it."""
    face = paint_face(complexion, 100.0, side_stops=1.0)

    def band(rgb, fine: float, coarse: float) -> float:
        light = np.log(linear_light(rgb) @ LUMINANCE + 0.003).astype(np.float32)
        detail = (gauss(light, fine) - gauss(light, coarse))[face.skin & ~face.parts & ~face.moles]
        return float(np.sqrt(np.mean(detail**2)))

    for wish in (Light(even=True), Light(face_shadow=True)):
        result = apply_light(face.rgb, face.alpha, skin_of(face), wish)
        for sizes in ((0.5, 2.0), (2.0, 8.0)):
            assert 0.85 < band(result, *sizes) / band(face.rgb, *sizes) < 1.1


@pytest.mark.parametrize("complexion", COMPLEXIONS)
def test_backlight_lifts_the_dark_and_spares_what_is_bright(paint_face, complexion):
    """A face two stops under beside a bright shirt comes up by more than 1.8 times, the shirt by less than half of that."""
    face = paint_face(complexion, 80.0)
    dark = face.rgb.copy()
    dark[~face.shirt] = np.rint(dark[~face.shirt] * 0.53).astype(np.uint8)
    result = apply_light(dark, face.alpha, skin_of(face), Light(backlight=True))
    lifted = luminance(result, face.skin) / luminance(dark, face.skin)
    shirt = luminance(result, face.shirt) / luminance(dark, face.shirt)
    assert lifted > 1.8
    assert shirt - 1 < 0.5 * (lifted - 1)
    assert luminance(result, face.skin) < 1.1 * luminance(face.rgb, face.skin)


@pytest.mark.parametrize("complexion", COMPLEXIONS)
def test_a_coloured_wall_does_not_colour_a_natural_face(paint_face, complexion):
    """Beside a wall of any common backdrop colour, a face under neutral light and without a white shirt stays within 3 %."""
    face = paint_face(complexion, 80.0)
    bare = face.rgb.copy()
    bare[face.shirt] = (40, 52, 96)
    for wall in ((150, 180, 220), (210, 195, 170), (200, 90, 80), (170, 190, 170)):
        scene = bare.copy()
        scene[face.alpha < 0.02] = wall
        gains = measure_light(bare, face.alpha, skin_of(face), scene).white_gains
        assert np.abs(np.array(gains) - 1).max() < 0.03


def test_a_grey_wall_tells_of_the_lamp(paint_face):
    """Without a white shirt, a grey wall under a yellow lamp takes out at least half of the lamp's colour on the skin."""
    face = paint_face("medium", 80.0)
    bare = face.rgb.copy()
    bare[face.shirt] = (40, 52, 96)
    scene = bare.copy()
    scene[face.alpha < 0.02] = (190, 190, 190)
    lamp = np.array([1.0, 0.84, 0.6], np.float32)

    def lit(rgb):
        codes = encoding_table()[np.rint(linear_light(rgb) * lamp * CODE_STEPS).astype(int)]
        return np.rint(codes * 255).astype(np.uint8)

    def warmth(rgb) -> float:
        red, _, blue = np.median(linear_light(rgb)[face.skin], axis=0)
        return float(np.log(red / blue))

    result = apply_light(lit(bare), face.alpha, skin_of(face), Light(white_balance=True), lit(scene))
    assert warmth(result) - warmth(bare) < 0.5 * (warmth(lit(bare)) - warmth(bare))


@pytest.mark.parametrize(
    "light",
    [
        Light(brightness=2, contrast=2, saturation=1, warmth=1, white_balance=True, even=True, exposure=True),
        Light(backlight=True, face_shadow=True),
    ],
)
def test_smooth_stays_smooth(light):
    """A soft gradient under many changes at once has no step larger than three levels: no banding."""
    row = np.linspace(40, 200, 800)
    rgb = np.repeat(np.rint(np.tile(row, (400, 1)))[..., None], 3, axis=2).astype(np.uint8)
    alpha = np.ones((400, 800), np.float32)
    skin = np.zeros((400, 800), np.float32)
    skin[100:300, 250:550] = 1.0
    result = apply_light(rgb, alpha, skin, light).astype(int)
    assert np.abs(np.diff(result, axis=1)).max() <= 3
    assert np.abs(np.diff(result, axis=0)).max() <= 1


def test_without_a_face_the_plain_wishes_still_work(paint_face):
    """No skin found: face measures are None, brightness works, corrections that need a face do nothing."""
    face = paint_face("fair", 60.0)
    nothing = np.zeros_like(face.alpha)
    measure = measure_light(face.rgb, face.alpha, nothing)
    assert measure.face_luminance is None
    assert measure.cheek_ratio is None
    assert measure.white_gains == (1.0, 1.0, 1.0)
    brighter = apply_light(face.rgb, face.alpha, nothing, Light(brightness=1))
    assert luminance(brighter, face.shirt) > luminance(face.rgb, face.shirt)
    kept = apply_light(face.rgb, face.alpha, nothing, Light(even=True, white_balance=True, exposure=True))
    assert np.abs(kept.astype(int) - face.rgb).max() <= 1
