"""Sheets from the command line: beside the photo that a sentence makes, and of photos that are finished already."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from f2p.files.pdf_sheet import read_sheet_page

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def finished(tmp_path: Path) -> list[Path]:
    """Two finished photos of other people: one inch and two inch at 300 dpi."""
    paths = []
    for name, size in (("li", (295, 413)), ("wang", (413, 579))):
        pixels = np.random.default_rng(size[0]).integers(0, 200, (size[1], size[0], 3)).astype(np.uint8)
        paths.append(tmp_path / f"{name}.png")
        Image.fromarray(pixels).save(paths[-1], dpi=(300, 300))
    return paths


def test_finished_photos_of_several_people_share_a_sheet(run: Run, finished: list[Path], tmp_path: Path) -> None:
    """Each photo is as often on the sheet as asked, in its own size; the JSON says where each lies."""
    done = run("sheet", *finished, "--paper", "6寸", "--count", "4", "-o", "both.pdf", "--cut", "lines", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    page = read_sheet_page((tmp_path / "both.pdf").read_bytes())
    assert [sum(slot["photo"] == index for slot in told["slots"]) for index in (0, 1)] == [4, 4]
    assert [round(page.width_mm), round(page.height_mm)] == told["paper_mm"]
    assert {(slot["width_mm"], slot["height_mm"]) for slot in told["slots"]} == {(25, 35), (35, 49)}
    assert all(check["ok"] is not False for check in told["checks"])


def test_a_sheet_lies_beside_the_first_photo(run: Run, finished: list[Path], tmp_path: Path) -> None:
    """Without -o it is "<photo>_sheet.jpg"; a file that is there is never replaced unasked."""
    first = run("sheet", finished[0], "--paper", "5寸", "--size", "一寸", "--count", "8", "--quiet")
    assert first.stdout.strip().endswith("li_sheet.jpg"), first.stderr
    with Image.open(tmp_path / "li_sheet.jpg") as sheet:
        assert sheet.size == (1500, 1051) and sheet.info["dpi"] == (300, 300)
    assert run("sheet", finished[0], "--paper", "5寸", "--quiet").returncode == 40


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--paper", "5寸", "--count", "30"), 38, "最多放 11 张"),
        (("--paper", "napkin"), 39, "napkin"),
        (("--size", "35x35"), 33, "拉伸"),
        (("--size", "nosuch"), 34, "nosuch"),
        (("--bleed", "2"), 33, "出血"),
        (("-o", "x.gif"), 41, "x.gif"),
        (("--size", "25x35", "--size", "25x35"), 33, "--size"),
    ],
)
def test_what_cannot_be_printed_says_why(run: Run, finished: list[Path], options: tuple[str, ...], code: int, told: str) -> None:
    """Each refusal has its exit code, names the trouble and leaves no file."""
    before = sorted(finished[0].parent.iterdir())
    done = run("sheet", finished[0], *options)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
    assert sorted(finished[0].parent.iterdir()) == before


@pytest.mark.slow
def test_a_sentence_makes_photo_and_sheet(run: Run, portrait: Path, tmp_path: Path) -> None:
    """Four two-inch and four one-inch on 6-inch paper: the photo, and a sheet on which each size is framed for itself."""
    done = run("edit", portrait, "蓝底,6寸,4张两寸4张一寸混排,带裁切线", "-o", tmp_path / "me.png", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [file["role"] for file in told["files"]] == ["photo", "sheet"]
    assert {check["name"]: check["value"] for check in told["checks"]}["sheet_count"] == 8
    with Image.open(tmp_path / "me_sheet.jpg") as sheet, Image.open(tmp_path / "me.png") as photo:
        assert sheet.size == (1795, 1205)
        assert photo.size == (413, 579)


@pytest.mark.slow
def test_a_sheet_that_cannot_be_ends_before_the_photo_is_made(run: Run, portrait: Path) -> None:
    """Twenty two-inch photos on 6-inch paper: refused at once with how many fit, and nothing is written."""
    done = run("edit", portrait, "二寸,6寸相纸排20张")
    assert done.returncode == 38
    assert "最多放 8 张" in done.stderr
    assert [path.name for path in portrait.parent.iterdir()] == ["me.png"]
