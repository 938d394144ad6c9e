"""Where the frame lies: standards' bands met to the pixel, nothing of the person cut, gaps told."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from f2p.catalogue.standards import conventions, standards
from f2p.stages.framing import Fit, Frame, fitted, frame_for, height_mm_of, picture_limits, wished
from f2p.values.geometry import Head, Limits
from f2p.values.plan import Framing
from f2p.values.spec import Band, PhotoSpec

FREE = Limits(top_share=0.0, bottom=math.inf, left=-math.inf, left_from_y=math.inf, right=math.inf, right_from_y=math.inf)
HEAD = Head(crown_y=100, skull_y=120, eyes_y=250, chin_y=380, axis_x=300, left_x=220, right_x=380)


def frame_of(spec: PhotoSpec) -> Frame:
    """The standard's frame without any wish."""
    return frame_for(spec.head, conventions(), (spec.width_px, spec.height_px), height_mm_of(spec), 0)


def lines(fit: Fit, head: Head) -> dict[str, float]:
    """The head's lines in finished px."""
    matrix = fit.placement.matrix
    names = ("crown_y", "skull_y", "eyes_y", "chin_y")
    return {name: matrix.e * getattr(head, name) + matrix.f for name in names} | {"x": matrix.a * head.axis_x + matrix.c}


@pytest.mark.parametrize("spec", [spec for spec in standards().values() if spec.category != "sheet"], ids=lambda spec: spec.id)
def test_every_standard_of_the_catalogue_can_be_framed(spec: PhotoSpec) -> None:
    """An ordinary head that nothing cuts meets the head band of every standard and lies inside the picture, centred."""
    frame = frame_of(spec)
    fit = fitted(frame, HEAD, spec.head.reference, FREE)
    at = lines(fit, HEAD)
    top = at["crown_y"] if spec.head.reference == "hair" else at["skull_y"]

    assert frame.head_px.holds(at["chin_y"] - top, tolerance=0.01)
    assert at["x"] == pytest.approx((spec.width_px - 1) / 2, abs=0.01)
    assert -1.0 <= at["crown_y"] < at["chin_y"] < spec.height_px


def test_passport_bands_are_met_in_mm() -> None:
    """A PRC passport photo: head 28-33 mm, 3-5 mm above it."""
    spec = standards()["cn_passport"]
    at = lines(fitted(frame_of(spec), HEAD, spec.head.reference, FREE), HEAD)
    per_mm = spec.height_px / 48.0

    assert 28.0 <= (at["chin_y"] - at["crown_y"]) / per_mm <= 33.0
    assert 3.0 <= at["crown_y"] / per_mm <= 5.0


def test_a_tight_picture_is_zoomed_before_it_is_cut() -> None:
    """Where the body ends early, the head grows inside its loose band so that the frame ends with the body."""
    spec = standards()["cn_1inch"]
    frame = frame_of(spec)
    limits = Limits(top_share=0, bottom=460.0, left=-math.inf, left_from_y=math.inf, right=math.inf, right_from_y=math.inf)
    fit = fitted(frame, HEAD, "hair", limits)

    assert fit.cut_px["bottom"] <= 0.5
    assert fit.head_px > (frame.head_px.high or 0.0)


def test_what_cannot_be_avoided_is_said() -> None:
    """A body that ends at the chin leaves a gap, and the fit says how many pixels."""
    spec = standards()["cn_1inch"]
    limits = Limits(top_share=0, bottom=385.0, left=-math.inf, left_from_y=math.inf, right=math.inf, right_from_y=math.inf)

    assert fitted(frame_of(spec), HEAD, "hair", limits).cut_px["bottom"] > 5.0


def test_shoulders_cut_at_the_side_count_only_inside_the_frame() -> None:
    """A shoulder that leaves the picture below the frame's lower edge does not matter; above it, it does."""
    spec = standards()["us_visa"]
    frame = frame_of(spec)
    low = Limits(top_share=0, bottom=math.inf, left=200.0, left_from_y=5000.0, right=math.inf, right_from_y=math.inf)
    high = Limits(top_share=0, bottom=math.inf, left=200.0, left_from_y=390.0, right=math.inf, right_from_y=math.inf)

    assert fitted(frame, HEAD, spec.head.reference, low).cut_px["left"] == 0.0
    assert fitted(frame, HEAD, spec.head.reference, high).cut_px["left"] > 0.0


def test_a_kept_backdrop_ends_with_the_picture() -> None:
    """The frame stays inside the picture's own edges; where that cannot be, the fit says by how many pixels."""
    spec = standards()["cn_1inch"]
    corners = np.array([[0, 95], [600, 95], [0, 700], [600, 700]], np.float32)
    inside = fitted(frame_of(spec), HEAD, "hair", picture_limits(corners, FREE))
    narrow = fitted(frame_of(spec), HEAD, "hair", picture_limits(corners * [0.2, 1.0] + [240, 0], FREE))

    assert sum(inside.cut_px.values()) < 1.0
    assert narrow.cut_px["left"] > 5.0


def test_wishes_replace_the_standards_bands() -> None:
    """A head ratio that the person asks for is what the frame aims at; zoom stays inside an official band."""
    spec = standards()["cn_1inch"]
    frame = wished(frame_of(spec), Framing(head_ratio=Band(0.5, 0.5)), height_mm_of(spec))
    official = standards()["cn_passport"]
    zoomed = frame_for(official.head, conventions(), (official.width_px, official.height_px), 48.0, 3)

    assert fitted(frame, HEAD, "hair", FREE).head_px == pytest.approx(0.5 * spec.height_px)
    assert zoomed.target_px <= (zoomed.head_px.high or 0.0)


def test_a_head_that_fills_the_height_keeps_its_chin() -> None:
    """95 % of the height asked: the top margin gives way before the chin does."""
    spec = standards()["cn_1inch"]
    frame = wished(frame_of(spec), Framing(head_ratio=Band(0.95, 0.95)), height_mm_of(spec))
    at = lines(fitted(frame, HEAD, "hair", FREE), HEAD)

    assert at["chin_y"] < spec.height_px
    assert at["crown_y"] >= 0.0


def test_skull_measured_heads_keep_their_hair_in_the_frame() -> None:
    """High hair above a skull-measured crown does not leave the picture where the bands leave room."""
    spec = standards()["de_passport"] if "de_passport" in standards() else standards()["schengen_visa"]
    head = Head(crown_y=85, skull_y=120, eyes_y=250, chin_y=380, axis_x=300, left_x=220, right_x=380)
    fit = fitted(frame_of(spec), head, "skull", FREE)

    assert lines(fit, head)["crown_y"] >= -1.0


def test_a_kept_backdrop_moves_the_head_inside_its_bands() -> None:
    """Where the picture ends above the head or beside it, the head moves as far as the rule's own bands allow, and no further."""
    spec = standards()["us_visa"]
    frame = frame_of(spec)
    free = fitted(frame, HEAD, spec.head.reference, FREE).placement.matrix
    top, right = free.inverse().apply(np.array([[0.0, 0.0], [frame.width_px - 1.0, 0.0]], np.float32))[:, [0, 1]]
    near = replace(FREE, top=float(top[1]) + 4.0, right=float(right[0]) - 4.0, right_from_y=-math.inf)
    fit = fitted(frame, HEAD, spec.head.reference, near)
    at = lines(fit, HEAD)

    assert max(fit.cut_px.values()) == 0.0
    assert frame.eyes_from_bottom_px is not None
    assert frame.eyes_from_bottom_px.holds(frame.height_px - at["eyes_y"])
    assert abs(at["x"] - (frame.width_px - 1) / 2) <= 0.03 * frame.width_px + 0.01
    tight = replace(near, top=float(HEAD.crown_y) - 1.0)
    assert fitted(frame, HEAD, spec.head.reference, tight).cut_px["top"] > 0.0
