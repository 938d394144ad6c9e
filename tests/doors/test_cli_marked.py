"""Where the edges are in doubt: a picture that shows it, and how much time it may take."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_place_in_doubt_can_be_had_as_a_picture(run: Run, portrait: Path, tmp_path: Path) -> None:
    """--marked writes a PNG of the finished photo's size beside it; --quality is kept in the plan."""
    answer = run(
        "edit", portrait, "白底一寸", "-o", tmp_path / "me.jpg", "--marked", tmp_path / "m.png", "--quality", "fast", "--json"
    )

    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)
    with Image.open(tmp_path / "m.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (295, 413))
    assert report["plan"]["quality"] == "fast"
    assert report["matting"] == "modnet"
    assert any(check["name"] == "edge_doubt" for check in report["checks"])


def test_the_alphas_place_in_doubt_is_marked_on_the_photo(run: Run, portrait: Path, tmp_path: Path) -> None:
    """`f2p matte --marked` shows the place on a picture of the photo's own size."""
    answer = run("matte", portrait, "-o", tmp_path / "a.png", "--marked", tmp_path / "m.png")

    assert answer.returncode == 0, answer.stderr
    with Image.open(tmp_path / "m.png") as picture, Image.open(portrait) as photo:
        assert picture.size == photo.size


@pytest.mark.parametrize("marked", ["m.jpg", "me.png"])
@pytest.mark.parametrize("command", [["edit"], ["matte"]])
def test_a_marked_picture_is_a_png_of_its_own(run: Run, portrait: Path, tmp_path: Path, command: list[str], marked: str) -> None:
    """Another type, or the name of the result itself, is refused before any work."""
    sentence = ["白底一寸,png"] if command == ["edit"] else []
    answer = run(*command, portrait, *sentence, "-o", tmp_path / "me.png", "--marked", tmp_path / marked)

    assert answer.returncode == 41
    assert not (tmp_path / "me.png").exists()
