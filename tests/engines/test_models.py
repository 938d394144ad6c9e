"""The real models on the sample portrait: found where they are, told apart, silent when there is nothing."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from f2p import studio
from f2p.engines.suite import Engines
from f2p.errors import ModelMissing
from f2p.settings import Settings, load_settings
from f2p.values.pixels import Rgb8


@pytest.fixture(scope="module")
def engines(settings: Settings) -> Engines:
    """Real, warm models."""
    return Engines(settings)


@pytest.fixture(scope="module")
def astronaut(astronaut_path: Path) -> Rgb8:
    """(512, 512, 3) the sample portrait's pixels."""
    with Image.open(astronaut_path) as picture:
        return np.asarray(picture.convert("RGB"))


def test_one_face_is_found_and_measured(engines: Engines, astronaut: Rgb8) -> None:
    """One box, a sure mesh, a nearly level and frontal head, eyes above the chin."""
    (box,) = engines.detector.find(astronaut)
    face = engines.mesher.measure(astronaut, box)

    assert face.presence > 15
    assert abs(face.roll_deg - 3.0) < 1.5
    assert abs(face.yaw_deg) < 6 and abs(face.pitch_deg) < 10
    assert face.mesh.shape == (478, 2)
    assert face.mesh[33, 1] < face.mesh[152, 1]


@pytest.mark.parametrize("degrees", [-40, -20, 20, 40])
def test_roll_is_measured_to_a_degree(engines: Engines, astronaut: Rgb8, degrees: int) -> None:
    """A turn of the picture turns the measured roll by as much."""
    level = engines.mesher.measure(astronaut, engines.detector.find(astronaut)[0]).roll_deg
    matrix = cv2.getRotationMatrix2D((256, 200), -degrees, 1.0)
    turned = cv2.warpAffine(astronaut, matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    roll = engines.mesher.measure(turned, engines.detector.find(turned)[0]).roll_deg

    assert roll - level == pytest.approx(degrees, abs=1.0)


def test_a_small_face_in_a_large_picture_is_found(engines: Engines, astronaut: Rgb8) -> None:
    """A face of 1/25 of a 2400 × 3200 frame is not overlooked."""
    scene = np.full((3200, 2400, 3), 128, np.uint8)
    scene[1000:1500, 900:1400] = cv2.resize(astronaut, (500, 500), interpolation=cv2.INTER_AREA)

    (box,) = engines.detector.find(scene)
    assert 1050 < box.box.left < 1150


def test_nothing_is_found_where_nothing_is(engines: Engines, cat_path: Path) -> None:
    """No box on a cat, a black picture, noise."""
    with Image.open(cat_path) as picture:
        cat = np.asarray(picture.convert("RGB"))
    noise = np.random.default_rng(0).integers(0, 256, (400, 300, 3), dtype=np.uint8)

    for picture in (cat, np.zeros((300, 300, 3), np.uint8), noise):
        boxes = engines.detector.find(picture)
        assert all(engines.mesher.measure(picture, box).presence < 8 for box in boxes)


def test_identity_survives_brightness_and_size_and_tells_mirrored_halves_apart(engines: Engines, astronaut: Rgb8) -> None:
    """The same face darker and smaller stays close; a face with its features moved does not."""
    (box,) = engines.detector.find(astronaut)
    one = engines.identifier.embed(astronaut, box.five)
    darker = np.clip(astronaut * 0.7, 0, 255).astype(np.uint8)
    warped = astronaut.copy()
    face = astronaut[63:180, 175:270]
    warped[63:180, 175:270] = cv2.resize(face[:, 20:75], (95, 117))

    assert float(np.linalg.norm(one)) == pytest.approx(1.0, abs=1e-5)
    assert float(one @ engines.identifier.embed(darker, box.five)) > 0.95
    assert float(one @ engines.identifier.embed(warped, box.five)) < 0.8


def test_a_missing_model_names_itself(tmp_path: Path) -> None:
    """An empty models folder gives ModelMissing when the model is first needed, not before."""
    engines = Engines(load_settings({"F2P_MODELS_DIR": str(tmp_path)}))
    with pytest.raises(ModelMissing) as caught:
        _ = engines.detector

    assert caught.value.params["name"] == "yunet"


def test_models_start_silently(settings: Settings) -> None:
    """Nothing of the runtimes' own talk reaches the terminal."""
    code = (
        "from f2p.engines.suite import Engines\n"
        "from f2p.settings import load_settings\n"
        "e = Engines(load_settings()); e.detector, e.mesher, e.matter, e.guard, e.identifier\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("size", [(1, 4000), (4000, 1), (3, 40000), (15, 15), (8, 8)])
def test_strips_and_specks_have_no_face(engines: Engines, size: tuple[int, int]) -> None:
    """Pictures too thin for the network are without a face, not an error."""
    assert engines.detector.find(np.full((*size, 3), 128, np.uint8)) == ()


def test_faces_without_numbers_are_dropped(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the network could not put into numbers is no face."""
    rows = np.full((2, 15), 20.0, np.float32)
    rows[1, 4] = np.nan

    class Net:
        def setInputSize(self, size: tuple[int, int]) -> None: ...

        def detect(self, bgr: Rgb8) -> tuple[int, np.ndarray]:
            return 1, rows

    monkeypatch.setattr(engines.detector, "_net", Net())
    assert len(engines.detector.find(np.full((200, 200, 3), 128, np.uint8))) == 1


def test_threads_share_one_suite_and_one_of_each_model(settings: Settings) -> None:
    """Eight threads that come first together get the same models, each opened once."""
    studio._suite.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        suites = list(pool.map(lambda _: studio.engines(settings), range(8)))
        meshers = list(pool.map(lambda suite: suite.mesher, suites))
    assert len(set(map(id, suites))) == 1
    assert len(set(map(id, meshers))) == 1


THREADS = """
import os
from concurrent.futures import ThreadPoolExecutor
from f2p.engines.suite import Engines
from f2p.settings import load_settings
before = os.fstat(2)
with ThreadPoolExecutor(6) as pool:
    list(pool.map(lambda _: Engines(load_settings()).guard, range(24)))
after = os.fstat(2)
print((before.st_dev, before.st_ino) == (after.st_dev, after.st_ino))
"""


def test_standard_error_survives_models_opened_in_threads() -> None:
    """However many threads open models at the same time, standard error is afterwards what it was."""
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "True", "")


def test_models_open_without_standard_error() -> None:
    """A process whose standard error is closed opens its models all the same."""
    code = (
        "import os; os.close(2)\n"
        "from f2p.engines.suite import Engines\n"
        "from f2p.settings import load_settings\n"
        "print(Engines(load_settings()).guard is not None)"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "True")
