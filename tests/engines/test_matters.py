"""The contract of every `Matter` that is present: ours, the guard, and whatever a person has put into the models folder."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from f2p.engines.own_weights import OnnxMatter, read_card
from f2p.engines.protocols import Matter
from f2p.engines.suite import Engines
from f2p.engines.weights import find_weight, locate
from f2p.errors import BadSetting, OwnWeights
from f2p.settings import Settings, load_settings
from f2p.values.pixels import Rgb8

MODNET_CARD = """
licence = "Apache-2.0"
mean = [0.5, 0.5, 0.5]
std = [0.5, 0.5, 0.5]
short_side_px = 512
long_side_px = 768
"""


@pytest.fixture(scope="module")
def own_folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder in which a person has put weights of their own (the usual ones under another name)."""
    folder = tmp_path_factory.mktemp("models")
    for weight in settings.models_dir.iterdir():
        (folder / weight.name).symlink_to(weight)
    (folder / "mine.onnx").symlink_to(locate(find_weight("modnet"), settings))
    (folder / "mine.toml").write_text(MODNET_CARD, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def portrait(astronaut_path: Path) -> Rgb8:
    """(400, 341, 3) the sample portrait, not square, no multiple of 32."""
    with Image.open(astronaut_path) as picture:
        return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:400, 60:401])


def present() -> list[str]:
    """Every implementation that this machine can run."""
    cards = load_settings().models_dir.glob("*.toml")
    return ["matter", "guard", "mine", *sorted(card.stem for card in cards)]


@pytest.fixture(scope="module", params=present())
def matter(request: pytest.FixtureRequest, settings: Settings, own_folder: Path) -> Matter:
    """One implementation."""
    if request.param in ("matter", "guard"):
        engine: Matter = getattr(Engines(settings), request.param)
        return engine
    return OnnxMatter(request.param, *read_card(own_folder, request.param), threads=2)


class TestEveryMatter:
    """What recipes rely on, whatever weights are behind it."""

    def test_alpha_has_the_pictures_size_type_and_range(self, matter: Matter, portrait: Rgb8) -> None:
        """(H, W) float32 within 0..1, read-only."""
        alpha = matter.matte(portrait).alpha

        assert alpha.shape == portrait.shape[:2] and alpha.dtype == np.float32
        assert float(alpha.min()) >= 0.0 and float(alpha.max()) <= 1.0
        assert not alpha.flags.writeable

    def test_the_person_is_in_and_the_wall_is_out(self, matter: Matter, portrait: Rgb8) -> None:
        """The face is solid, a corner of the background is empty."""
        alpha = matter.matte(portrait).alpha

        assert alpha[110:150, 150:180].mean() > 0.9
        assert alpha[:30, 290:330].mean() < 0.1

    def test_the_same_picture_gives_the_same_bytes_and_stays_as_it_was(self, matter: Matter, portrait: Rgb8) -> None:
        """Twice the same, and the input untouched."""
        before = portrait.copy()
        first, second = matter.matte(portrait).alpha, matter.matte(portrait).alpha

        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(portrait, before)

    @pytest.mark.parametrize("size", [(32, 32), (40, 300), (700, 120)])
    def test_any_shape_is_taken(self, matter: Matter, portrait: Rgb8, size: tuple[int, int]) -> None:
        """Narrow and tiny pictures have an alpha of their size too."""
        assert matter.matte(cv2.resize(portrait, size)).alpha.shape == size[::-1]


def test_own_weights_cut_out_as_the_built_in_way_does(own_folder: Path, portrait: Rgb8) -> None:
    """The usual network, described by a card, gives the usual alpha; the setting chooses it, and its name is told."""
    own = Engines(load_settings({"F2P_MODELS_DIR": str(own_folder), "F2P_MATTING": "mine"}))
    usual = Engines(load_settings({"F2P_MODELS_DIR": str(own_folder)}))

    np.testing.assert_allclose(own.matter.matte(portrait).alpha, usual.matter.matte(portrait).alpha, atol=1e-3)
    assert (own.matting, usual.matting) == ("mine", "modnet")
    assert own.matter is own.matter


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "not_found"),
        ({"mine.toml": "short_side_px = 512"}, "not_found"),
        ({"mine.toml": "layout = 'HWC'", "mine.onnx": "x"}, "Invalid enum value"),
        ({"mine.toml": "not toml", "mine.onnx": "x"}, "Expected"),
        ({"mine.toml": "", "mine.onnx": "no network"}, "mine.onnx"),
    ],
)
def test_weights_that_cannot_be_used_say_which_file_and_why(tmp_path: Path, files: dict[str, str], reason: str) -> None:
    """A missing card, a missing network, a card with a wrong word, and a file that is no network are told apart."""
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    engines = Engines(load_settings({"F2P_MODELS_DIR": str(tmp_path), "F2P_MATTING": "mine"}))
    with pytest.raises(OwnWeights) as caught:
        _ = engines.matter

    assert reason in str(caught.value.params["reason"])
    assert "mine" in str(caught.value.params["path"])


def test_a_card_that_does_not_fit_its_network_is_an_error_with_a_name(own_folder: Path, portrait: Rgb8, tmp_path: Path) -> None:
    """Channels last into a network that wants them first is refused by the network; that is told, not shown as a crash."""
    (tmp_path / "mine.onnx").symlink_to(own_folder / "mine.onnx")
    (tmp_path / "mine.toml").write_text("layout = 'NHWC'", encoding="utf-8")
    matter = OnnxMatter("mine", *read_card(tmp_path, "mine"), threads=2)
    with pytest.raises(OwnWeights):
        matter.matte(portrait)


@pytest.mark.parametrize("name", ["../mine", "/etc/x", ".hidden", "a b"])
def test_only_a_plain_name_names_weights(name: str) -> None:
    """The setting cannot point out of the models folder."""
    with pytest.raises(BadSetting):
        load_settings({"F2P_MATTING": name})
