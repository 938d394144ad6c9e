"""`f2p batch` as a real process: a class with a roster, its report, what a second run does, and a kill in the middle."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance
from tests.doors.conftest import Run

import f2p

ROSTER = "学号,姓名,背景,邮箱\n001,张三,,z@x.org\n002,Anna Lee,蓝,a@x.org\n003,王五,,\n004,赵六,,\n005,钱七,,\n"


@pytest.fixture
def school(astronaut_path: Path, tmp_path: Path) -> Path:
    """Two photos of one person under two names, one that breaks off, one of nobody's, and a roster of five."""
    folder = tmp_path / "class"
    (folder / "photos" / "a").mkdir(parents=True)
    shutil.copy(astronaut_path, folder / "photos" / "001.png")
    with Image.open(astronaut_path) as picture:
        ImageEnhance.Brightness(picture.convert("RGB")).enhance(0.9).save(folder / "photos" / "a" / "Anna_Lee.jpg", quality=92)
        whole = io.BytesIO()
        picture.convert("RGB").save(whole, "JPEG")
    (folder / "photos" / "003 王五.jpg").write_bytes(whole.getvalue()[:9000])
    (folder / "photos" / "赵大六.jpg").write_bytes(whole.getvalue())
    (folder / "名单.csv").write_bytes(ROSTER.encode("gb18030"))
    return folder


def tree(folder: Path) -> dict[str, str]:
    """Every file but the books with its hash."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and ".f2p-batch" not in path.parts)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.mark.slow
def test_a_class_is_made_named_and_reported(run: Run, school: Path, tmp_path: Path) -> None:
    """Each stands where they belong with one reason; files are named by the roster; a second run changes nothing."""
    out = tmp_path / "done"
    command = ("batch", school / "photos", school / "名单.csv", "白底一寸,按学号_姓名命名,打包成zip", "-o", out)
    first = run(*command, "--json")
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    found = {row["label"]: (row["group"], [reason["code"] for reason in row["reasons"]]) for row in report["rows"]}

    assert first.returncode == 4
    assert found == {
        "001 张三": ("check", ["same_face"]),
        "002 Anna Lee": ("check", ["same_face"]),
        "003 王五": ("retake", ["damaged_image"]),
        "赵大六": ("check", ["near_miss"]),
        "005 钱七": ("retake", ["missing"]),
    }
    assert sorted(path.name for path in (out / "photos").iterdir()) == ["001_张三.jpg", "002_Anna Lee.jpg"]
    assert (out / "retake" / "003_王五.jpg").read_bytes() == (school / "photos" / "003 王五.jpg").read_bytes()
    assert "王五,你好" in (out / "notices" / "003_王五.txt").read_text(encoding="utf-8")
    assert zipfile.ZipFile(out / "photos.zip").namelist() == []  # nobody is ready: mix-ups wait for a person
    with Image.open(out / "photos" / "002_Anna Lee.jpg") as finished:
        assert finished.size == (295, 413)
        assert finished.getpixel((2, 2))[2] > finished.getpixel((2, 2))[0] + 50  # type: ignore[index] # her own column: blue
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
    assert (out / "contact-sheet.pdf").read_bytes().startswith(b"%PDF")

    before = tree(out)
    again = run(*command, "--json")
    assert json.loads(again.stdout)["made"] == 0
    assert tree(out) == before

    refused = run("batch", school / "photos", "蓝底二寸", "-o", out)
    assert refused.returncode == 44


@pytest.mark.slow
def test_a_killed_batch_goes_on_to_the_same_bytes(school: Path, tmp_path: Path) -> None:
    """SIGKILL at the first finished photo; --resume; files and reports equal those of an undisturbed run."""
    env = {**os.environ, "PYTHONPATH": str(Path(f2p.__file__).parents[1]), "F2P_LANG": "zh"}
    command = [sys.executable, "-m", "f2p", "batch", str(school / "photos"), str(school / "名单.csv"), "白底一寸", "-q", "-o"]
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen([*command, str(killed), "--processes", "1"], env=env)
    while process.poll() is None and not list(killed.glob("*/0*")):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    subprocess.run([sys.executable, "-m", "f2p", "batch", "--resume", "-q", "-o", str(killed)], env=env, check=False)
    subprocess.run([*command, str(whole)], env=env, check=False)

    assert tree(killed) == tree(whole)


def test_a_folder_given_to_edit_is_sent_to_batch(run: Run, tmp_path: Path) -> None:
    """The message names the command to type."""
    answer = run("edit", tmp_path, "白底一寸")

    assert answer.returncode == 10
    assert "f2p batch" in answer.stderr


def test_a_batch_needs_photos_and_a_sentence(run: Run, tmp_path: Path) -> None:
    """What is missing is said; an empty folder and a folder in use have exit codes of their own."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").touch()

    assert run("batch", "白底一寸", "-o", "x").returncode == 2
    assert run("batch", tmp_path / "empty", "白底一寸", "-o", "x").returncode == 16
    assert run("batch", tmp_path / "empty", "白底一寸", "-o", tmp_path / "used").returncode == 44
    assert run("batch", "--resume", "-o", tmp_path / "empty").returncode == 18
