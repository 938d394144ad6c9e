"""`f2p generate` and `f2p edit` end to end on tiny random models, through the same classes and folders as the real ones."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.generation.tiny_models import SIDE_PX, lower_reference, save_lora, save_tiny

from f2p.doors.cli.main import main
from f2p.files.generated import MADE, source_type

pytestmark = pytest.mark.slow
FACE = Path(__file__).resolve().parents[2] / "face_image.png"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of generating models as the article lays them out, tiny."""
    pytest.importorskip("torch", reason="the extra f2p[gpu] is not installed")
    pytest.importorskip("diffusers", reason="the extra f2p[gpu] is not installed")
    root = tmp_path_factory.mktemp("models")
    save_tiny("text", root / "Qwen" / "Qwen-Image")
    edit = save_tiny("edit", root / "Qwen" / "Qwen-Image-Edit", seed=1)
    save_lora(root / "DiffSynth-Studio" / "Qwen-Image-Edit-F2P" / "model.safetensors", edit, style="diffsynth")
    return root


def size(path: Path) -> tuple[int, int]:
    """Width and height of a picture file."""
    with Image.open(path) as picture:
        return picture.size


def run(*words: str) -> int:
    """The exit code of one command line."""
    return main([*words])


@pytest.fixture
def tiny(models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of a machine that has the tiny models."""
    import f2p.recipes.generation as recipe
    from f2p import studio
    from f2p.catalogue import generation as facts

    monkeypatch.setenv("F2P_GENERATORS_DIR", str(models))
    lower_reference(monkeypatch)
    small = {**facts.facts(), "limits": {**facts.facts()["limits"], "work_area_px": SIDE_PX**2, "most_area_px": SIDE_PX**2}}
    monkeypatch.setattr(recipe, "facts", lambda: small)
    studio._suite.cache_clear()
    return models


def test_a_sentence_becomes_a_file(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Text to image: size, type and label of the file, the plan and the seed in the report; again: the same bytes."""
    out = tmp_path / "cover.png"
    words = ("generate", "draw a red boat, 16:9, seed 7, 2 steps", "-o", str(out), "--json")
    assert run(*words) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    first = out.read_bytes()

    assert size(out) == (1664, 928) and source_type(first) == MADE
    assert report["plan"]["seed"] == 7 and report["plan"]["steps"] == 2
    assert any(note["code"] == "generated" for note in report["notes"])
    assert run(*words) == 40, "a file that is there stays"
    assert run(*words, "--overwrite") == 0
    assert out.read_bytes() == first


def test_a_photo_is_edited_end_to_end(tiny: Path, tmp_path: Path) -> None:
    """A sentence and a photo: the editing model's picture in the photo's raster; random weights keep no face, so none is kept."""
    out = tmp_path / "edit.webp"
    line = ("generate", "make it night", "--photo", str(FACE), "--mode", "edit", "--keep", "none", "--steps", "2", "-o", str(out))
    assert run(*line, "-q") == 0
    assert size(out) == (512, 512) and source_type(out.read_bytes()) == MADE


def test_a_face_that_random_weights_do_not_keep_is_refused(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keep face: what the model drew does not lie on the photo, so nothing is written and the way on is told."""
    out = tmp_path / "edit.png"
    assert run("generate", "dark suit", "--photo", str(FACE), "--mode", "edit", "--steps", "2", "-o", str(out)) == 55
    assert not out.exists() and "--best-of" in capsys.readouterr().err


def test_edit_leads_to_the_portrait(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`f2p edit PHOTO` with words of a picture draws a portrait from the face, which random weights make nobody's."""
    out = tmp_path / "portrait.png"
    assert run("edit", str(FACE), "画一张图书馆里的写真, 2步", "-o", str(out)) == 29
    assert not out.exists() and "--best-of" in capsys.readouterr().err


def test_the_scene_behind_a_person_is_drawn(tiny: Path, tmp_path: Path) -> None:
    """background: the photo's size, and the face to the last bit."""
    out = tmp_path / "office.png"
    line = ("generate", "a bright office", "--photo", str(FACE), "--mode", "background", "--steps", "2", "-o", str(out), "-q")
    assert run(*line) == 0
    made, photo = (np.asarray(Image.open(io.BytesIO(path.read_bytes())).convert("RGB")) for path in (out, FACE))
    assert (made[100:170, 195:250] == photo[100:170, 195:250]).all()


def test_without_models_the_way_to_them_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """No folder of models: exit code 54, what is missing, and the command that brings it."""
    from f2p import studio

    studio._suite.cache_clear()
    monkeypatch.setenv("F2P_GENERATORS_DIR", str(tmp_path / "none"))
    assert run("generate", "draw a boat", "-o", str(tmp_path / "a.png")) == 54
    assert "f2p models pull" in capsys.readouterr().err
