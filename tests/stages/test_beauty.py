"""Beauty keys: each changes its own mask and nothing else, in strictly ordered levels, on any face, mask and size."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from f2p.recipes.beauty import WISHES, Wish
from f2p.stages import facemesh
from f2p.stages.facemap import FaceMap, to_lab
from f2p.stages.skin import skin_mask
from f2p.stages.spots import blemish, blemish_mask
from f2p.stages.srgb import linear_light
from f2p.stages.teeth import teeth_mask, teeth_whiten
from f2p.stages.tone import whiten, whiten_mask
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Amount

LEVELS = (Amount.LIGHT, Amount.MEDIUM, Amount.STRONG)
BY_KEY = {wish.key: wish for wish in WISHES}
SPOTS = ((50, 0.03), (280, 0.026), (151, 0.028), (205, 0.022))
"""Where pimples are painted: mesh point, radius in inter-eye distances."""


def mapped(rgb: Rgb8, mesh: Points, alpha: Plane) -> FaceMap:
    """What the recipe knows about a face."""
    return FaceMap(mesh=mesh, alpha=alpha, skin=skin_mask(rgb, mesh, alpha))


def with_spots(rgb: Rgb8, mesh: Points, iod_px: float) -> tuple[Rgb8, NDArray[np.bool_]]:
    """The face with inflamed spots (green and blue absorbed, red hardly), and where they are."""
    height, width = rgb.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    linear, where = (rgb / 255.0) ** 2.2, np.zeros((height, width), bool)
    for index, radius in SPOTS:
        far = ((x - mesh[index, 0]) ** 2 + (y - mesh[index, 1]) ** 2) / (radius * iod_px) ** 2
        linear = linear * (1.0 - np.exp(-(far**1.3))[..., None] * np.array([0.06, 0.34, 0.30]))
        where |= far < 0.5
    return np.rint(np.clip(linear, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8), where


def troubled(rgb: Rgb8, mesh: Points, iod_px: float) -> Rgb8:
    """The face with something to do for every key: spots, shine, dark and bagged lower lids, a furrow, blotches."""
    height, width = rgb.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    picture = with_spots(rgb, mesh, iod_px)[0].astype(np.float32) / 255.0

    def bump(index: int, dx: float, dy: float, wide: float, high: float) -> NDArray[np.float32]:
        at = (x - mesh[index, 0] - dx * iod_px) / (wide * iod_px), (y - mesh[index, 1] - dy * iod_px) / (high * iod_px)
        return np.exp(-(at[0] ** 2 + at[1] ** 2))[..., None].astype(np.float32)

    for lid in (145, 374):
        picture = picture * (1.0 - 0.25 * bump(lid, 0, 0.16, 0.22, 0.12)) * (1.0 - 0.2 * bump(lid, 0, 0.2, 0.2, 0.025))
    for cheek in (50, 280):
        picture = picture * (1.0 - bump(cheek, 0, 0.1, 0.2, 0.2) * np.array([0.0, 0.1, 0.1], np.float32))
        picture = picture + (0.9 - picture) * 0.6 * bump(cheek, 0, 0, 0.13, 0.1)
    picture = picture * (1.0 - 0.25 * bump(9, 0, -0.05, 0.35, 0.016)) * (1.0 - 0.25 * bump(9, 0, -0.2, 0.35, 0.016))
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)


@pytest.fixture(scope="module", params=["fair", "medium", "brown", "deep", "real"])
def case(request, paint_face, astronaut: Rgb8, astronaut_mesh: Points) -> tuple[Rgb8, FaceMap]:
    """A painted face of each complexion and the sample portrait twice as large, with something to do for every key."""
    if request.param == "real":
        rgb = cv2.resize(astronaut[:260, 90:370], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        mesh = (astronaut_mesh - (90, 0) + 0.5) * 2 - 0.5
        alpha = np.ones(rgb.shape[:2], np.float32)
    else:
        face = paint_face(request.param, 110.0)
        rgb, mesh, alpha = face.rgb, face.mesh, face.alpha
    rgb = troubled(rgb, mesh.astype(np.float32), facemesh.inter_eye_px(mesh))
    rgb.setflags(write=False)
    return rgb, mapped(rgb, mesh.astype(np.float32), alpha)


def assert_untouched_outside(before: Rgb8, after: Rgb8, mask: Plane) -> None:
    """Not one value differs where the mask is 0."""
    assert after.shape == before.shape and after.dtype == np.uint8
    assert np.array_equal(after[mask == 0.0], before[mask == 0.0])


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.key)
def test_each_key_changes_its_mask_and_nothing_else(case, wish: Wish) -> None:
    """Zero difference outside the mask at every level; none returns the very array; something happens inside."""
    rgb, face = case
    mask = wish.find(rgb, face)
    assert mask.shape == rgb.shape[:2] and mask.dtype == np.float32
    assert mask.min() >= 0.0 and mask.max() <= 1.0
    assert mask.mean() < 0.5
    assert wish.change(rgb, mask, face, Amount.NONE) is rgb
    for level in LEVELS:
        assert_untouched_outside(rgb, wish.change(rgb, mask, face, level), mask)
    if wish.key != "teeth_whiten":  # only the sample portrait shows teeth
        assert not np.array_equal(wish.change(rgb, mask, face, Amount.LIGHT), rgb)


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.key)
def test_levels_are_strictly_ordered(case, wish: Wish) -> None:
    """Light does something, medium more, strong most, measured as the mean difference in CIELAB inside the mask."""
    rgb, face = case
    mask = wish.find(rgb, face)
    if not np.any(mask > 0.5):
        assert wish.key == "teeth_whiten"
        return
    before = to_lab(rgb)[mask > 0.5]
    effects = [
        float(np.linalg.norm(to_lab(wish.change(rgb, mask, face, level))[mask > 0.5] - before, axis=-1).mean())
        for level in LEVELS
    ]
    assert 0.2 < effects[0] < 0.93 * effects[1]
    assert effects[1] < 0.93 * effects[2]
    assert effects[2] < 14.0


def test_keys_compose(case) -> None:
    """One after another they stay inside the union of their masks, and twice the same is the same bytes."""
    rgb, face = case

    def all_of_them() -> tuple[Rgb8, Plane]:
        result, union = rgb, np.zeros(rgb.shape[:2], np.float32)
        for wish in WISHES:
            mask = wish.find(result, face)
            result, union = wish.change(result, mask, face, Amount.MEDIUM), np.maximum(union, mask)
        return result, union

    (first, union), (second, _) = all_of_them(), all_of_them()
    assert_untouched_outside(rgb, first, union)
    assert np.array_equal(first, second)
    eyes = np.zeros(union.shape, np.uint8)
    for outline in (facemesh.RIGHT_EYE, facemesh.LEFT_EYE):
        cv2.fillPoly(eyes, [np.rint(face.mesh[list(outline)]).astype(np.int32)], 1)
    inner = cv2.erode(eyes, np.ones((3, 3), np.uint8)) > 0
    assert np.array_equal(first[inner], rgb[inner])


_PLACES = st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2), st.floats(0.01, 0.6), st.floats(0.0, 8.0))


@given(
    wish=st.tuples(st.sampled_from(sorted(BY_KEY)), st.sampled_from(LEVELS)),
    size=st.tuples(st.integers(9, 170), st.integers(9, 170)),
    blobs=st.lists(_PLACES, max_size=3),
    seed=st.integers(0, 2**16),
)
@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_mask_on_any_picture_is_respected(astronaut_mesh: Points, wish, size, blobs, seed) -> None:
    """Whatever mask, picture and size are given, nothing outside the mask moves and nothing breaks."""
    (key, level), (height, width) = wish, size
    random = np.random.default_rng(seed)
    rgb = cv2.GaussianBlur(random.integers(0, 256, (height, width, 3), dtype=np.uint8), (0, 0), 0.3 + 3 * random.random())
    mask = np.zeros((height, width), np.float32)
    for x, y, radius, soft in blobs:
        drawn = cv2.circle(np.zeros_like(mask), (round(x * width), round(y * height)), max(1, round(radius * min(size))), 1.0, -1)
        mask = np.maximum(mask, cv2.GaussianBlur(drawn, (0, 0), soft) if soft > 0.3 else drawn)
    mesh = (
        (astronaut_mesh - astronaut_mesh.mean(axis=0)) * (0.2 + random.random()) * min(size) / 100 + (width / 2, height / 2)
    ).astype(np.float32)
    skin = (random.random((height, width)) > 0.3).astype(np.float32)
    face = FaceMap(mesh=mesh, alpha=np.ones_like(mask), skin=skin)
    assert_untouched_outside(rgb, BY_KEY[key].change(rgb, mask, face, level), mask)
    found = BY_KEY[key].find(rgb, face)
    assert_untouched_outside(rgb, BY_KEY[key].change(rgb, found, face, level), found)


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.key)
def test_a_face_outside_the_picture_gives_an_empty_mask(paint_face, wish: Wish) -> None:
    """Where the mesh lies beyond the raster there is nothing to do and no error."""
    face = paint_face("medium", 60.0)
    gone = FaceMap(mesh=face.mesh + 10_000, alpha=face.alpha, skin=np.zeros_like(face.alpha))
    assert not wish.find(face.rgb, gone).any()


@pytest.mark.parametrize("complexion", ["fair", "medium", "brown", "deep"])
@pytest.mark.parametrize("iod_px", [60.0, 120.0, 240.0])
def test_spots_are_calmed_and_moles_are_not(paint_face, complexion, iod_px) -> None:
    """Red spots lose nearly half of their redness at light and most at strong; moles keep every pixel."""
    face = paint_face(complexion, iod_px)
    rgb, where = with_spots(face.rgb, face.mesh, iod_px)
    known = mapped(rgb, face.mesh, face.alpha)
    mask = blemish_mask(rgb, known)
    side = 2 * round(0.03 * iod_px) + 1
    ring = (cv2.dilate(where.astype(np.uint8), np.ones((2 * side + 1, 2 * side + 1), np.uint8)) > 0) & (mask == 0) & face.skin

    def redness(picture: Rgb8) -> float:
        lab = to_lab(picture)[..., 1]
        return float(lab[where].mean() - lab[ring].mean())

    assert redness(blemish(rgb, mask, known, Amount.LIGHT)) < 0.55 * redness(rgb)
    strong = blemish(rgb, mask, known, Amount.STRONG)
    assert redness(strong) < 0.42 * redness(rgb)
    assert mask[face.moles].max() == 0.0
    assert np.array_equal(strong[face.moles], rgb[face.moles])


def test_spared_marks_are_spared_more_surely(paint_face) -> None:
    """A brown-red freckle counts as a spot only while no mark was named as one to keep; a clear pimple counts in both cases."""
    face = paint_face("fair", 120.0)
    rgb, where = with_spots(face.rgb, face.mesh, 120.0)
    freckled = rgb.astype(np.float32)
    x, y = face.mesh[425] + (0.0, -0.1 * 120.0)
    rows, columns = np.mgrid[0 : rgb.shape[0], 0 : rgb.shape[1]]
    far = ((columns - x) ** 2 + (rows - y) ** 2) / (0.02 * 120.0) ** 2
    freckled *= 1.0 - np.exp(-far)[..., None] * np.array([0.09, 0.165, 0.2])
    rgb = np.rint(freckled).astype(np.uint8)
    known, freckle = mapped(rgb, face.mesh, face.alpha), far < 0.5
    assert blemish_mask(rgb, known, strict=True)[freckle].max() == 0.0
    assert blemish_mask(rgb, known, strict=True)[where].mean() > 0.5


@pytest.mark.parametrize("complexion", ["fair", "medium", "brown", "deep"])
def test_whitening_keeps_hue_and_never_clips(paint_face, complexion) -> None:
    """The skin's linear colour ratios stay within rounding, nothing reaches white that was not, and neck follows face."""
    face = paint_face(complexion, 120.0)
    known = mapped(face.rgb, face.mesh, face.alpha)
    mask = whiten_mask(face.rgb, known)
    result = whiten(face.rgb, mask, known, Amount.STRONG)
    inside = (mask > 0.9) & face.skin
    before, after = (linear_light(picture)[inside] for picture in (face.rgb, result))
    for first, second in ((0, 1), (2, 1)):
        turned = np.log(after[:, first] / after[:, second]) - np.log(before[:, first] / before[:, second])
        assert abs(float(np.median(turned))) < 0.01
    assert (result[mask > 0] >= 255).sum() <= (face.rgb[mask > 0] >= 255).sum()
    assert (result.astype(int) - face.rgb.astype(int)).min() >= 0
    chin_x, chin_y = np.rint(face.mesh[facemesh.CHIN]).astype(int)
    assert mask[chin_y + round(0.25 * face.iod_px), chin_x] > 0.8
    assert mask[face.shirt & (np.abs(np.arange(mask.shape[1]) - chin_x) > 1.6 * face.iod_px)].max() == 0.0


def test_whitening_shows_no_edge(paint_face) -> None:
    """Inside the skin the lift never jumps: from one pixel to the next it differs by less than a level and a half."""
    face = paint_face("medium", 120.0)
    known = mapped(face.rgb, face.mesh, face.alpha)
    plain = np.full_like(face.rgb, (205, 158, 128))
    lifted = whiten(plain, whiten_mask(face.rgb, known), known, Amount.STRONG)[..., 1].astype(int)
    skin = cv2.erode(face.skin.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    parts = cv2.dilate(face.parts.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    steps = np.abs(np.diff(lifted, axis=0, prepend=lifted[:1]))
    assert steps[skin & ~parts].max() <= 2


def test_teeth_are_whitened_inside_the_lips_only(astronaut: Rgb8, astronaut_mesh: Points) -> None:
    """On the smiling sample portrait yellow goes and light rises on the teeth; outside the inner lips nothing moves."""
    alpha = np.ones(astronaut.shape[:2], np.float32)
    known = mapped(astronaut, astronaut_mesh, alpha)
    mask = teeth_mask(astronaut, known)
    result = teeth_whiten(astronaut, mask, known, Amount.MEDIUM)
    lips = np.zeros(alpha.shape, np.uint8)
    cv2.fillPoly(lips, [np.rint(astronaut_mesh[list(facemesh.LIPS)]).astype(np.int32)], 1)
    assert not mask[lips == 0].any()
    before, after = to_lab(astronaut)[mask > 0.5], to_lab(result)[mask > 0.5]
    assert after[:, 2].mean() < before[:, 2].mean() - 1.5
    assert after[:, 0].mean() > before[:, 0].mean() + 1.0


def test_a_closed_mouth_has_no_teeth(astronaut: Rgb8, astronaut_mesh: Points, paint_face) -> None:
    """Closed lips, and open lips that show no tooth, give an empty mask."""
    closed = astronaut_mesh.copy()
    closed[14] = closed[13]
    alpha = np.ones(astronaut.shape[:2], np.float32)
    assert not teeth_mask(astronaut, replace(mapped(astronaut, astronaut_mesh, alpha), mesh=closed)).any()
    face = paint_face("medium", 120.0)
    assert not teeth_mask(face.rgb, mapped(face.rgb, face.mesh, face.alpha)).any()


@pytest.mark.parametrize("key", ["blemish", "shine", "dark_circles", "wrinkles", "even_tone"])
def test_an_even_face_has_nothing_to_do(paint_face, key) -> None:
    """Plain skin without spots, shine, shadows, folds and blotches gives an empty mask."""
    face = paint_face("medium", 110.0)
    rgb = face.rgb.copy()
    rgb[face.skin] = (205, 158, 128)
    rgb = np.where(face.skin[..., None], rgb, face.rgb)
    assert not BY_KEY[key].find(rgb, mapped(rgb, face.mesh, face.alpha)).any()


@pytest.mark.parametrize("key", ["blemish", "shine", "dark_circles", "eye_bags", "even_tone"])
@pytest.mark.parametrize("level", LEVELS)
def test_pores_stay(case, key, level) -> None:
    """What is finer than 0.006 inter-eye distances (at least a pixel) stays inside every mask."""
    rgb, face = case
    mask = BY_KEY[key].find(rgb, face)
    result = BY_KEY[key].change(rgb, mask, face, level)

    def energy(picture: Rgb8) -> float:
        light = to_lab(picture)[..., 0]
        return float(((light - cv2.GaussianBlur(light, (0, 0), max(0.006 * face.iod_px, 1.0)))[mask > 0.1] ** 2).sum())

    # A spot's steep rim and a bag's fold are themselves nearly as fine as pores, and are meant to go.
    assert energy(result) >= {"blemish": 0.45, "eye_bags": 0.7}.get(key, 0.85) * energy(rgb)


def test_a_furrow_is_softened_not_filled(case) -> None:
    """A painted furrow of the forehead loses a tenth of its depth or more at light, and keeps a fifth of it even at strong."""
    rgb, face = case
    mask = BY_KEY["wrinkles"].find(rgb, face)
    x, y = face.mesh[9] + np.array([0.0, -0.05 * face.iod_px], np.float32)
    reach = round(0.25 * face.iod_px)

    def depth(picture: Rgb8) -> float:
        band = to_lab(picture)[round(y) - 12 : round(y) + 13, round(x) - reach : round(x) + reach, 0].mean(axis=1)
        return float(np.percentile(band, 75) - band[10:15].min())

    depths = [depth(BY_KEY["wrinkles"].change(rgb, mask, face, level)) / depth(rgb) for level in LEVELS]
    assert depths[0] < 0.9
    assert depths[0] > depths[1] > depths[2] > 0.2
