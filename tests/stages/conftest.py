"""Faces whose every pixel is known: painted ones of several complexions, and the sample portrait with its measured mesh."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from f2p.stages import facemesh
from f2p.stages.srgb import CODE_STEPS, encoding_table
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8

COMPLEXIONS = {"fair": (233, 196, 176), "medium": (205, 158, 128), "brown": (150, 102, 76), "deep": (84, 55, 42)}
HAIR, BROW, LIP, EYE, SHIRT = (28, 24, 22), (40, 32, 28), (172, 92, 90), (235, 235, 232), (228, 228, 228)


@dataclass(frozen=True, kw_only=True)
class PaintedFace:
    """rgb (H, W, 3), alpha, and where what was painted: skin, parts (brows, eyes, lips), hair, shirt, moles (bool planes)."""

    rgb: Rgb8
    alpha: Plane
    mesh: Points
    iod_px: float
    skin: NDArray[np.bool_]
    parts: NDArray[np.bool_]
    hair: NDArray[np.bool_]
    shirt: NDArray[np.bool_]
    moles: NDArray[np.bool_]


PaintFace = Callable[..., PaintedFace]


@pytest.fixture(scope="session")
def astronaut_mesh() -> Points:
    """(478, 2) px of the sample portrait, as the mesh network of `engines` measured it."""
    return np.array(json.loads((Path(__file__).parent / "astronaut_mesh.json").read_text()), np.float32)


@pytest.fixture(scope="session")
def astronaut(astronaut_path: Path) -> Rgb8:
    """(512, 512, 3) the sample portrait's pixels."""
    with Image.open(astronaut_path) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.fixture(scope="session")
def paint_face(astronaut_mesh: Points) -> PaintFace:
    """Paints a face: complexion by name, inter-eye distance, how much darker the right side is (stops), gains of a cast."""

    def paint(
        complexion: str = "medium",
        iod_px: float = 120.0,
        side_stops: float = 0.0,
        cast: tuple[float, float, float] = (1.0, 1.0, 1.0),
    ) -> PaintedFace:
        width, height = round(4.2 * iod_px), round(5.6 * iod_px)
        mesh = _placed(astronaut_mesh, width, height, iod_px)
        skin, hair, shirt, parts = _areas(mesh, width, height, iod_px)
        moles = np.zeros((height, width), np.uint8)
        for index, dx in ((50, 0.0), (280, 0.1), (425, 0.05)):
            x, y = mesh[index] + (dx * iod_px, 0.15 * iod_px)
            cv2.circle(moles, (round(float(x)), round(float(y))), max(1, round(0.018 * iod_px)), 1, cv2.FILLED, cv2.LINE_AA)
        linear = np.full((height, width, 3), 0.4, np.float32)
        for area, colour in ((hair, HAIR), (shirt, SHIRT), (skin, COMPLEXIONS[complexion])):
            linear[area > 0] = _linear(colour)
        linear *= np.where((skin > 0)[..., None], _skin_light(mesh, skin.shape, iod_px), 1.0)
        for outlines, colour in parts:
            linear[_drawn(outlines, mesh, skin.shape) > 0] = _linear(colour)
        linear[moles > 0] *= 0.3
        x = np.arange(width, dtype=np.float32)[None, :, None]
        side = 1.0 / (1.0 + np.exp(-(x - mesh[facemesh.CHIN, 0]) / (0.25 * iod_px)))
        linear = linear * 2.0 ** (-side_stops * side) * np.array(cast, np.float32)
        # A lens and a sensor: edges are never harder than a pixel, and there is grain.
        linear = cv2.GaussianBlur(linear, (0, 0), 0.6) + np.random.default_rng(7).normal(0, 0.002, linear.shape)
        code = encoding_table()[np.clip(np.rint(linear * CODE_STEPS), 0, CODE_STEPS).astype(int)]
        drawn = np.maximum.reduce([_drawn(o, mesh, skin.shape) for o, _ in parts]) > 0
        person = ((skin > 0) | (hair > 0) | (shirt > 0)).astype(np.float32)
        return PaintedFace(
            rgb=np.rint(code * 255).astype(np.uint8), alpha=np.clip(cv2.GaussianBlur(person, (0, 0), 1.0), 0, 1), mesh=mesh,
            iod_px=iod_px, skin=(skin > 0) & ~drawn, parts=drawn, hair=(hair > 0) & (skin == 0), shirt=shirt > 0, moles=moles > 0,
        )  # fmt: skip

    return paint


def _linear(colour: tuple[int, int, int]) -> NDArray[np.float32]:
    v = np.array(colour) / 255.0
    return (((v + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _placed(mesh: Points, width: int, height: int, iod_px: float) -> Points:
    eyes = mesh[list(facemesh.RIGHT_EYE_CORNERS + facemesh.LEFT_EYE_CORNERS)].mean(axis=0)
    scale = iod_px / facemesh.inter_eye_px(mesh)
    return ((mesh - eyes) * scale + (width / 2, 0.45 * height)).astype(np.float32)


def _drawn(outline: tuple[int, ...], mesh: Points, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    canvas = np.zeros(shape[:2], np.uint8)
    points = mesh[list(outline)]
    hull = cv2.convexHull(points) if len(outline) < 12 else points
    return cv2.fillPoly(canvas, [np.rint(hull).astype(np.int32).reshape(-1, 2)], 1)


def _areas(mesh: Points, width: int, height: int, iod_px: float):
    """Skin, hair, shirt (uint8 planes) and the parts' outlines with their colours."""
    shape = (height, width)
    skin, hair, shirt = _drawn(facemesh.FACE_OVAL, mesh, shape), np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    middle, chin = mesh[facemesh.FACE_OVAL, :].mean(axis=0), mesh[facemesh.CHIN]
    axes = (round(1.45 * iod_px), round(1.9 * iod_px))
    cv2.ellipse(hair, (round(float(middle[0])), round(float(middle[1] - 0.2 * iod_px))), axes, 0, 0, 360, 1, cv2.FILLED)
    cv2.rectangle(shirt, (round(0.2 * iod_px), round(float(chin[1] + 0.4 * iod_px))), (width, height), 1, cv2.FILLED)
    neck = np.zeros(shape, np.uint8)
    left, right = round(float(chin[0] - 0.7 * iod_px)), round(float(chin[0] + 0.7 * iod_px))
    cv2.rectangle(
        neck, (left, round(float(chin[1] - 0.4 * iod_px))), (right, round(float(chin[1] + 0.5 * iod_px))), 1, cv2.FILLED
    )
    skin |= neck
    hair[shirt > 0] = 0
    shirt[skin > 0] = 0
    parts = [
        (facemesh.RIGHT_EYE, EYE),
        (facemesh.LEFT_EYE, EYE),
        (facemesh.LIPS, LIP),
        (facemesh.RIGHT_BROW, BROW),
        (facemesh.LEFT_BROW, BROW),
    ]
    return skin, hair, shirt, parts


def _skin_light(mesh: Points, shape: tuple[int, ...], iod_px: float) -> NDArray[np.float32]:
    """(H, W, 3) what varies on skin: rounding, shine, pores, unevenness and red blotches."""
    random = np.random.default_rng(3)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    cx, cy = mesh[4]
    far = ((x - cx) / (2.2 * iod_px)) ** 2 + ((y - cy) / (3.0 * iod_px)) ** 2
    shine = 0.35 * np.exp(-(((x - cx) / (0.12 * iod_px)) ** 2 + ((y - cy + 0.2 * iod_px) / (0.25 * iod_px)) ** 2))

    def grain(sigma: float, size: float) -> NDArray[np.float32]:
        noise = cv2.GaussianBlur(random.normal(0, 1, shape[:2]).astype(np.float32), (0, 0), sigma)
        return noise * np.float32(size / float(noise.std()))

    luma = (1.05 - 0.9 * far + shine) * (1.0 + grain(0.6, 0.05) + grain(max(0.02 * iod_px, 1.2), 0.035))
    blotch = grain(0.04 * iod_px, 0.05)
    return np.stack([luma * (1 + 0.3 * blotch), luma * (1 - blotch), luma * (1 - 0.6 * blotch)], axis=-1).astype(np.float32)
