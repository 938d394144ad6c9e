"""Every mode from a sentence to labelled files, with a sampler that stands in for the model; faces, mattes and files are real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.generation.fake_backend import FakeBackend

from f2p.engines.suite import Engines
from f2p.errors import FaceDiffers, FaceMoved, GeneratorMissing, GpuMemory, JobCancelled
from f2p.files.generated import MADE, MIXED, source_type
from f2p.files.photo import Limits, open_photo
from f2p.recipes.generation import generated
from f2p.recipes.trace import Trace
from f2p.settings import Settings
from f2p.studio import plan_picture, understand
from f2p.values.generation import GenerationPlan, GenerationWish, KeepFace, Mode, Profile, Store
from f2p.values.pixels import Photo, Rgb8
from f2p.values.sampling import Cond, Draw

Suite = Callable[[FakeBackend], Engines]


def plan_of(sentence: str, **wish: Any) -> GenerationPlan:
    """The plan of a sentence."""
    return plan_picture(understand(sentence), GenerationWish(**{"has_photo": False, **wish}))[0]


@pytest.fixture(scope="module")
def photo(settings: Settings) -> Photo:
    """The portrait that the product ships."""
    data = (Path(__file__).resolve().parents[2] / "face_image.png").read_bytes()
    return open_photo(data, "face_image.png", Limits(max_bytes=settings.max_input_bytes, max_pixels=settings.max_input_pixels))


class Editor(FakeBackend):
    """Redraws the reference as real editors do: moved, other colours, noise; warp_px: bent too, so that no move undoes it."""

    def __init__(self, warp_px: float = 0.0) -> None:
        super().__init__()
        self.warp_px = warp_px

    def _picture(self, draw: Draw, cond: Cond, seed: int) -> Rgb8:
        assert cond.prompt.reference is not None
        noise, height, width = np.random.default_rng(seed), draw.height_px, draw.width_px
        turn, scale = np.deg2rad(noise.uniform(-1, 1)), noise.uniform(0.985, 1.015)
        move = np.array([
            [scale * np.cos(turn), -scale * np.sin(turn), noise.uniform(-9, 9)],
            [scale * np.sin(turn), scale * np.cos(turn), noise.uniform(-9, 9)],
        ])  # fmt: skip
        out = cv2.warpAffine(cond.prompt.reference, move, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        if self.warp_px:
            bends = [cv2.GaussianBlur(noise.normal(size=(height, width)).astype(np.float32), (0, 0), 40) for _ in "xy"]
            x, y = (one / np.abs(one).max() * self.warp_px for one in bends)
            rows, columns = np.mgrid[:height, :width].astype(np.float32)
            out = cv2.remap(out, columns + x, rows + y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        drift = out * noise.uniform(0.88, 1.12, 3) + noise.uniform(-12, 12, 3) + noise.normal(0, 4, out.shape)
        return np.clip(drift, 0, 255).astype(np.uint8)


def test_words_become_labelled_pictures(suite: Suite) -> None:
    """Three pictures with seeds one after the other, of the size said, from one reading of the weights; and no text wanted."""
    backend = FakeBackend()
    plan = plan_of("生成三张科技感蓝色背景图,1600×900,不要文字,种子用42")
    made = generated(None, plan, suite(backend), Trace())

    assert [one.shown.shape for one in made] == [(900, 1600, 3)] * 3
    assert [one.placement["seed"] for one in made] == [42, 43, 44]
    assert {source_type(one.files[0].data) for one in made} == {MADE}
    assert backend.loads == 1 and len(backend.encoded) == 1
    assert "letters" in backend.encoded[0].negative and "模糊" in backend.encoded[0].negative
    assert [draw.seeds for draw in backend.drawn] == [(42,), (43,), (44,)]
    assert backend.drawn[0].width_px % 16 == 0 and backend.drawn[0].steps == 40 and backend.drawn[0].cfg == 4.0


def test_distilled_profiles_bring_their_lora_and_schedule(suite: Suite, shells: Settings) -> None:
    """Fast draws 4 steps without a second pass, with the file for that model; a file that is not there is named."""
    backend = FakeBackend()
    generated(None, plan_of("draw a rocket", profile=Profile.FAST), suite(backend), Trace())

    assert backend.spec is not None and backend.spec.schedule == "lightning"
    assert [Path(one.path).name for one in backend.spec.fittings] == ["Qwen-Image-Lightning-4steps-V1.0-bf16.safetensors"]
    assert (backend.drawn[0].steps, backend.drawn[0].cfg) == (4, 1.0)
    with pytest.raises(GeneratorMissing) as caught:
        generated(None, plan_of("draw a rocket", profile=Profile.BALANCED), suite(FakeBackend()), Trace())
    assert caught.value.params["name"] == "Qwen-Image-Lightning-8steps-V1.1-bf16.safetensors"


@pytest.mark.slow
def test_the_face_of_an_edited_photo_is_the_photos_own(suite: Suite, photo: Photo) -> None:
    """An editor moves, recolours and roughens everything; face and hair come out bit by bit, within 1.5 px and a quiet seam."""
    made = generated(photo, plan_of("把衣服换成深色西装", has_photo=True), suite(Editor()), Trace())[0]
    checks = {check.name: check for check in made.checks}

    assert made.shown.shape == photo.rgb.shape and source_type(made.files[0].data) == MIXED
    assert checks["core_difference"].value == 0
    assert float(checks["face_shift_px"].value) < 0.6
    assert float(checks["seam_error"].value) < 8.0
    same = (made.shown == photo.rgb).all(axis=2)
    assert same[100:170, 195:250].all(), "the face itself"
    assert same.mean() < 0.6, "and everything else is the editor's"


@pytest.mark.slow
def test_a_face_that_moved_is_told_and_other_seeds_are_tried(suite: Suite, photo: Photo) -> None:
    """A bent picture cannot be laid on the photo: each seed is tried, then the shift is told in px."""
    backend = Editor(warp_px=30.0)
    with pytest.raises(FaceMoved) as caught:
        generated(photo, plan_of("dark suit", has_photo=True, mode=Mode.EDIT, best_of=2), suite(backend), Trace())

    assert caught.value.params["tries"] == 2 and float(caught.value.params["px"]) > 1.5
    assert [draw.seeds for draw in backend.drawn] == [(0,), (1,)]


def test_nothing_of_the_photo_is_kept_where_that_is_said(suite: Suite, photo: Photo) -> None:
    """--keep none hands out what the model drew, in the photo's own raster, and says so in the file."""
    made = generated(photo, plan_of("水墨风", has_photo=True, mode=Mode.EDIT, keep=KeepFace.NONE), suite(Editor()), Trace())[0]

    assert made.shown.shape == photo.rgb.shape and source_type(made.files[0].data) == MADE


@pytest.mark.slow
def test_only_the_scene_behind_a_person_is_new(suite: Suite, photo: Photo) -> None:
    """background: the model is shown no person and asked for none; every solid pixel of the person is the photo's."""
    backend = FakeBackend()
    made = generated(photo, plan_of("a bright office", has_photo=True, mode=Mode.BACKGROUND), suite(backend), Trace())[0]

    assert backend.encoded[0].reference is None and "people" in backend.encoded[0].negative
    assert {check.name: check.value for check in made.checks}["core_difference"] == 0
    assert (made.shown[100:170, 195:250] == photo.rgb[100:170, 195:250]).all()
    assert not (made.shown[:40, :40] == photo.rgb[:40, :40]).all()


class Likeness(FakeBackend):
    """Draws the same person for one seed, and somebody without a face for the others."""

    def __init__(self, photo: Photo, good: int) -> None:
        super().__init__()
        self.photo, self.good = photo, good

    def _picture(self, draw: Draw, cond: Cond, seed: int) -> Rgb8:
        picture = super()._picture(draw, replace(cond, prompt=replace(cond.prompt, reference=None)), seed)
        if seed == self.good:
            picture[300 : 300 + 512, 100 : 100 + 512] = self.photo.rgb
        return picture


def test_the_most_alike_portrait_is_taken(suite: Suite, photo: Photo) -> None:
    """portrait: the model sees the face alone; of three seeds the one that shows this person wins, with its score."""
    backend = Likeness(photo, good=1)
    plan = plan_of("a portrait in a library", has_photo=True, mode=Mode.PORTRAIT, best_of=3)
    made = generated(photo, plan, suite(backend), Trace())[0]

    assert plan.steps == 30 and made.shown.shape == (1152, 864, 3)
    assert float({check.name: check.value for check in made.checks}["face_likeness"]) > 0.9
    assert backend.spec is not None and Path(backend.spec.fittings[0].path).parent.name == "Qwen-Image-Edit-F2P"
    crop = backend.encoded[0].reference
    assert crop is not None and max(crop.shape) in range(448, 545) and crop.shape[0] % 32 == 0 == crop.shape[1] % 32


def test_another_persons_portrait_is_refused(suite: Suite, photo: Photo) -> None:
    """Where no seed shows the person, no picture is handed out and the score is told."""
    plan = plan_of("a portrait in a library", has_photo=True, mode=Mode.PORTRAIT, best_of=2)
    with pytest.raises(FaceDiffers) as caught:
        generated(photo, plan, suite(Likeness(photo, good=99)), Trace())
    assert float(caught.value.params["score"]) < 0.45


class Icon(FakeBackend):
    """Draws a red disc on white paper."""

    def _picture(self, draw: Draw, cond: Cond, seed: int) -> Rgb8:
        rows, columns = np.mgrid[: draw.height_px, : draw.width_px]
        away = np.hypot(rows - draw.height_px / 2, columns - draw.width_px / 2)
        share = np.clip(draw.height_px / 3 - away, 0, 1)[:, :, None]
        return np.rint(255 * (1 - share) + np.array([200, 30, 40]) * share).astype(np.uint8)


def test_an_icon_comes_without_its_paper(suite: Suite) -> None:
    """透明背景: the disc is opaque and red to its edge, the paper is gone, and the file is a PNG with alpha."""
    made = generated(None, plan_of("画一个圆形图标,透明背景,256×256"), suite(Icon()), Trace())[0]
    picture = cv2.imdecode(np.frombuffer(made.files[0].data, np.uint8), cv2.IMREAD_UNCHANGED)

    assert picture.shape == (256, 256, 4)
    assert picture[128, 128, 3] == 255 and picture[5, 5, 3] == 0
    edge = picture[(picture[:, :, 3] > 100) & (picture[:, :, 3] < 255)]
    assert len(edge) and (np.abs(edge[:, 2].astype(int) - 200) < 40).mean() > 0.9, "no paper is left in the edge"


def test_running_out_of_memory_goes_on_with_a_smaller_plan(suite: Suite) -> None:
    """A card with less memory than it said: smaller plans until one fits, told; none that fits is an error with numbers."""
    trace = Trace()
    backend = FakeBackend(most_gb=18.0)
    made = generated(None, plan_of("draw a boat"), suite(backend), trace)

    assert made and [note.code for note in trace.notes].count("smaller_plan") >= 2
    assert backend.plans[-1].vram_gb <= 18.0 < backend.plans[0].vram_gb
    assert backend.plans[0].store is Store.BF16 and backend.plans[-1].store is Store.FP8 and backend.plans[-1].resident > 20
    with pytest.raises(GpuMemory):
        generated(None, plan_of("draw a boat"), suite(FakeBackend(most_gb=2.0)), Trace())


def test_a_job_can_be_ended_in_the_middle_and_run_again(suite: Suite) -> None:
    """Whoever watches hears each step and may end it; the same order afterwards gives the picture of an undisturbed run."""
    heard: list[str] = []

    def watch(step: str) -> None:
        heard.append(step)
        if step == "draw 3/40":
            raise JobCancelled

    engines = suite(FakeBackend())
    with pytest.raises(JobCancelled):
        generated(None, plan_of("draw a tree"), engines, Trace(watch))
    again = generated(None, plan_of("draw a tree"), engines, Trace())[0]

    assert heard[-1] == "draw 3/40"
    assert again.files[0].data == generated(None, plan_of("draw a tree"), suite(FakeBackend()), Trace())[0].files[0].data
