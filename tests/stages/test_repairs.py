"""Repairs: glare off the glass and not off the frame, red pupils dark again, flyaway strands gone and the hair still there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from f2p.stages.facemap import FaceMap, close_up, to_lab
from f2p.stages.glare import find_glare, glasses_glare
from f2p.stages.glasses import find_glasses
from f2p.stages.red_eye import red_eye, red_eye_mask
from f2p.stages.skin import skin_mask
from f2p.stages.srgb import CODE_STEPS, encoding_table, linear_light
from f2p.stages.stray_hair import stray_hair, stray_hair_mask
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8

EYES = ((33, 133), (263, 362))


def mapped(rgb: Rgb8, mesh: Points) -> FaceMap:
    """What the recipe knows about a face."""
    alpha = np.ones(rgb.shape[:2], np.float32)
    return FaceMap(mesh=mesh, alpha=alpha, skin=skin_mask(rgb, mesh, alpha))


@pytest.fixture(scope="module")
def sitter(astronaut: Rgb8, astronaut_mesh: Points) -> tuple[Rgb8, FaceMap]:
    """The sample portrait's face twice as large."""
    rgb = cv2.resize(astronaut[:260, 90:370], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return rgb, mapped(rgb, ((astronaut_mesh - (90, 0) + 0.5) * 2 - 0.5).astype(np.float32))


def with_frames(rgb: Rgb8, face: FaceMap) -> tuple[Rgb8, Plane]:
    """Black-rimmed glasses drawn on, and where their frame is."""
    iod, frame = face.iod_px, np.zeros(rgb.shape[:2], np.uint8)
    turn = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    middles = [face.mesh[list(corners)].mean(axis=0) for corners in EYES]
    for x, y in middles:
        bow = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.6, np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.6
        rim = np.stack([x + 0.45 * iod * bow[0], y + 0.08 * iod + 0.3 * iod * bow[1]], axis=1)
        cv2.polylines(frame, [np.rint(rim * 16).astype(np.int32)], True, 255, max(2, round(0.03 * iod)), cv2.LINE_AA, 4)
    (right_x, right_y), (left_x, left_y) = middles
    ends = (round(right_x + 0.45 * iod), round(right_y + 0.06 * iod)), (round(left_x - 0.45 * iod), round(left_y + 0.06 * iod))
    cv2.line(frame, *ends, 255, max(2, round(0.03 * iod)), cv2.LINE_AA)
    share = cv2.GaussianBlur(frame.astype(np.float32) / 255, (0, 0), 0.6)
    return np.rint(rgb * (1 - share[..., None]) + share[..., None] * (25, 22, 20)).astype(np.uint8), share


def with_glare(rgb: Rgb8, face: FaceMap, strength: float) -> Rgb8:
    """A window's reflection over the outer half of both eyes, added in linear light."""
    patch = np.zeros(rgb.shape[:2], np.uint8)
    for corners in EYES:
        x, y = face.mesh[list(corners)].mean(axis=0)
        corners_px = [
            (x + a * face.iod_px, y + b * face.iod_px) for a, b in ((-0.3, -0.1), (0.2, -0.1), (0.2, 0.22), (-0.3, 0.22))
        ]
        cv2.fillPoly(patch, [np.rint(corners_px).astype(np.int32)], 255)
    veil = cv2.GaussianBlur(patch.astype(np.float32) / 255, (0, 0), 0.02 * face.iod_px)[..., None]
    linear = np.clip(linear_light(rgb) + strength * veil * np.array([0.9, 1.0, 1.05]), 0, 1)
    return np.rint(encoding_table()[np.rint(linear * CODE_STEPS).astype(int)] * 255).astype(np.uint8)


def test_bare_faces_have_no_glasses(sitter, paint_face) -> None:
    """Neither the sample portrait nor painted faces of any complexion wear glasses, so glare has nothing to do there."""
    pairs = [sitter] + [(face.rgb, mapped(face.rgb, face.mesh)) for face in map(paint_face, ("fair", "medium", "brown", "deep"))]
    for rgb, face in pairs:
        seen = find_glare(rgb, face)
        assert not seen.glasses and not seen.burnt and not seen.mask.any()


def test_frames_are_found(sitter, paint_face) -> None:
    """Drawn on, glasses are seen; without a reflection there is nothing to do."""
    face = paint_face("brown", 120.0)
    for rgb, known in (sitter, (face.rgb, mapped(face.rgb, face.mesh))):
        framed, _ = with_frames(rgb, known)
        assert find_glasses(close_up(framed, known)).seen


def test_glare_is_reduced_and_frame_and_face_stay(sitter) -> None:
    """A third or more of the veil on eye and skin behind the glass goes; frame, and all outside the lenses, keep every value."""
    rgb, face = sitter
    framed, frame = with_frames(rgb, face)
    dazzled = with_glare(framed, face, 0.25)
    seen = find_glare(dazzled, face)
    assert seen.glasses and not seen.burnt
    result = glasses_glare(dazzled, seen.mask, face)
    assert np.array_equal(result[seen.mask == 0], dazzled[seen.mask == 0])
    assert np.array_equal(result[frame > 0.9], dazzled[frame > 0.9])
    veiled = (np.abs(dazzled.astype(int) - framed).max(axis=2) > 12) & (seen.mask > 0.9)
    assert veiled.sum() > 0.05 * face.iod_px**2
    before, after = (np.linalg.norm(to_lab(picture) - to_lab(framed), axis=2)[veiled].mean() for picture in (dazzled, result))
    assert after < 0.67 * before


def test_glare_burnt_out_over_an_eye_is_left_and_said(sitter) -> None:
    """White over the eye holds no eye: nothing is changed, and the finding says why."""
    rgb, face = sitter
    seen = find_glare(with_glare(with_frames(rgb, face)[0], face, 1.6), face)
    assert seen.glasses and seen.burnt and not seen.mask.any()


def test_red_pupils_become_dark_and_catchlights_stay(sitter) -> None:
    """A red pupil ends less red than brown; its white spot and all around the iris keep their values."""
    rgb, face = sitter
    red = rgb.copy()
    for middle, rim in ((468, 469), (473, 474)):
        x, y = (round(float(v)) for v in face.mesh[middle])
        radius = max(2, round(0.7 * float(np.hypot(*(face.mesh[rim] - face.mesh[middle])))))
        cv2.circle(red, (x, y), radius, (205, 48, 42), cv2.FILLED, cv2.LINE_AA)
        red[y - 1, x - 1] = 250
    mask = red_eye_mask(red, face)
    result = red_eye(red, mask)
    assert np.array_equal(result[mask == 0], red[mask == 0])
    x, y = (round(float(v)) for v in face.mesh[468])
    assert int(result[y + 2, x + 1, 0]) < 80
    assert (result[y - 1, x - 1] == 250).all()


def test_brown_eyes_are_not_red(sitter, paint_face) -> None:
    """No iris of the sample portrait and no painted eye is taken for a red one."""
    face = paint_face("deep", 120.0)
    for rgb, known in (sitter, (face.rgb, mapped(face.rgb, face.mesh))):
        mask = red_eye_mask(rgb, known)
        assert not mask.any()
        assert red_eye(rgb, mask) is rgb


@pytest.mark.parametrize("iod_px", [60.0, 150.0])
def test_flyaway_strands_go_and_the_hair_stays(iod_px) -> None:
    """Thin strands standing off the head fade away; the head, a thick lock and an ear-ring under the ear keep their alpha."""
    side = round(6 * iod_px)
    alpha, strands = np.zeros((side, side), np.float32), np.zeros((side, side), np.float32)
    middle = (side // 2, side // 2)
    cv2.ellipse(alpha, middle, (round(1.1 * iod_px), round(1.5 * iod_px)), 0, 0, 360, 1.0, cv2.FILLED)
    cv2.line(alpha, middle, (middle[0] + round(1.7 * iod_px), middle[1] - round(0.6 * iod_px)), 1.0, round(0.35 * iod_px))
    for turn in (200, 240, 262, 285, 330):
        far = np.array([np.cos(np.radians(turn)) * 1.9, np.sin(np.radians(turn)) * 2.2]) * iod_px
        cv2.line(
            strands,
            middle,
            (round(middle[0] + far[0]), round(middle[1] + far[1])),
            0.8,
            max(1, round(0.015 * iod_px)),
            cv2.LINE_AA,
        )
    both = np.maximum(cv2.GaussianBlur(alpha, (0, 0), 0.8), strands)
    mask = stray_hair_mask(both, iod_px)
    result = stray_hair(both, mask)
    far_off = cv2.dilate((alpha > 0).astype(np.uint8), np.ones((2 * round(0.3 * iod_px) + 1,) * 2, np.uint8)) == 0
    assert np.array_equal(result[mask == 0], both[mask == 0])
    assert np.array_equal(result[alpha > 0], both[alpha > 0])
    assert result[far_off].sum() < 0.1 * both[far_off].sum()


def test_a_smooth_head_has_no_stray_hair() -> None:
    """A clean outline with a soft edge gives an empty mask."""
    alpha = cv2.GaussianBlur(cv2.circle(np.zeros((400, 400), np.float32), (200, 200), 120, 1.0, cv2.FILLED), (0, 0), 2.0)
    assert not stray_hair_mask(alpha, 80.0).any()


@given(size=st.tuples(st.integers(8, 120), st.integers(8, 120)), seed=st.integers(0, 2**16), iod_px=st.floats(3.0, 90.0))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_alpha_and_any_mask_are_respected(astronaut_mesh: Points, size, seed, iod_px) -> None:
    """Whatever alpha, mask and picture are given: outside the mask nothing moves, and alpha never grows."""
    random, (height, width) = np.random.default_rng(seed), size
    noise = cv2.GaussianBlur(random.random((height, width)).astype(np.float32), (0, 0), 0.5 + 3 * random.random())
    alpha = np.clip((noise - noise.mean()) * 8 + 0.5, 0, 1).astype(np.float32)
    mask = stray_hair_mask(alpha, iod_px)
    result = stray_hair(alpha, mask)
    assert np.array_equal(result[mask == 0], alpha[mask == 0]) and (result <= alpha).all()
    rgb = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    given_mask = np.where(random.random((height, width)) > 0.7, alpha, 0).astype(np.float32)
    mesh = ((astronaut_mesh - astronaut_mesh.mean(axis=0)) * iod_px / 42 + (width / 2, height / 2)).astype(np.float32)
    face = FaceMap(mesh=mesh, alpha=np.ones_like(alpha), skin=alpha)
    for changed in (red_eye(rgb, given_mask), glasses_glare(rgb, given_mask, face)):
        assert np.array_equal(changed[given_mask == 0], rgb[given_mask == 0])
    for found, change in (
        (red_eye_mask(rgb, face), red_eye),
        (find_glare(rgb, face).mask, lambda p, m: glasses_glare(p, m, face)),
    ):
        assert np.array_equal(change(rgb, found)[found == 0], rgb[found == 0])
