"""Plans kept in files and sentences that go on from earlier ones: the same bytes, whichever way they were asked for."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

ARTICLE = "纯白背景,1寸标准证件照尺寸,轻微磨皮,保留发丝细节,高清锐利"


@pytest.mark.slow
def test_a_kept_plan_makes_the_same_bytes(run: Run, portrait: Path, tmp_path: Path) -> None:
    """Sentence, kept plan, and the plan said in words must give the same file, byte for byte."""
    plan = tmp_path / "plan.json"
    first = run("edit", portrait, ARTICLE, "-o", tmp_path / "a.jpg", "--save-plan", plan)
    second = run("edit", portrait, "--plan", plan, "-o", tmp_path / "b.jpg", "--save-plan", tmp_path / "again.json")
    explained = json.loads(run("read", "--json", "--explain", ARTICLE).stdout)["explained"]
    third = run("edit", portrait, explained, "-o", tmp_path / "c.jpg", "--quiet")

    assert [first.returncode, second.returncode, third.returncode] == [0, 0, 0], first.stderr + second.stderr + third.stderr
    assert (tmp_path / "a.jpg").read_bytes() == (tmp_path / "b.jpg").read_bytes() == (tmp_path / "c.jpg").read_bytes()
    assert plan.read_bytes() == (tmp_path / "again.json").read_bytes()
    assert "照方案做" in second.stdout
    assert explained in second.stdout


@pytest.mark.slow
def test_a_follow_up_edits_like_the_whole_sentence(run: Run, portrait: Path, tmp_path: Path) -> None:
    """What several sentences come to must be made like the one sentence that says it all."""
    said = run("edit", portrait, "再亮一点", "--after", "白底一寸", "--after", "换成蓝底", "-o", tmp_path / "a.jpg", "--quiet")
    whole = run("edit", portrait, "蓝底一寸，亮一点", "-o", tmp_path / "b.jpg", "--quiet")

    assert [said.returncode, whole.returncode] == [0, 0], said.stderr + whole.stderr
    assert (tmp_path / "a.jpg").read_bytes() == (tmp_path / "b.jpg").read_bytes()


def test_read_goes_on_from_earlier_sentences(run: Run) -> None:
    """`f2p read --after` must merge the new words into what was said, and quote the words of both."""
    answer = run("read", "--json", "--after", "蓝底一寸", "再亮一点")

    reading = json.loads(answer.stdout)
    assert reading["asked"]["background"] == {"type": "solid", "name": "blue"}
    assert reading["asked"]["light"] == {"brightness": "+1"}
    assert all(reading["sentence"][slice(*span["at"])] == span["text"] for span in reading["spans"])


@pytest.mark.parametrize(
    ("language", "explained"),
    [
        ("zh", "一寸，白色背景，轻微磨皮，清晰锐利，JPG格式"),
        ("en", "CN 1 inch, white background, light retouching, sharpen, JPG"),
    ],
)
def test_read_explains_in_one_sentence(run: Run, language: str, explained: str) -> None:
    """--explain must say the whole plan in the person's language."""
    assert explained in run("read", "--explain", ARTICLE, env={"F2P_LANG": language}).stdout


def test_read_json_explains_nothing_where_nothing_can_be_made(run: Run) -> None:
    """Where the sentence gives no plan, `explained` must be null; without --explain the key must not be there."""
    assert json.loads(run("read", "--json", "--explain", "弄好看点").stdout)["explained"] is None
    assert "explained" not in json.loads(run("read", "--json", "白底一寸").stdout)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"plan": "matte", "version": 1}', b"\xff\xfe", b'{"plan": "id_photo", "version": 99}']
)
def test_what_is_no_plan_is_told(run: Run, portrait: Path, tmp_path: Path, content: bytes) -> None:
    """A file without an ID photo's plan of this version must end the command with its own exit code, and leave nothing."""
    plan = tmp_path / "plan.json"
    plan.write_bytes(content)
    answer = run("edit", portrait, "--plan", plan, "-o", tmp_path / "me.jpg")

    assert answer.returncode == 15
    assert "plan.json" in answer.stderr
    assert not (tmp_path / "me.jpg").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["白底", "--plan", "plan.json"], 2),
        (["--after", "白底", "--plan", "plan.json"], 2),
        (["--plan", "missing.json"], 10),
        (["白底", "--save-plan", "plan.txt"], 41),
        (["白底", "--save-plan", "same.json", "--report", "same.json"], 41),
    ],
)
def test_a_command_line_that_cannot_be_meant(run: Run, portrait: Path, words: list[str], code: int) -> None:
    """A sentence and a plan, neither of them, or a plan that could not be kept must stop before any work."""
    assert run("edit", portrait, *words).returncode == code


def test_a_kept_plan_decides_the_type(run: Run, portrait: Path, tmp_path: Path) -> None:
    """A plan is complete: another type in the output's name must be an error, not a silent change."""
    plan = tmp_path / "plan.json"
    assert run("edit", portrait, "白底一寸", "-o", tmp_path / "a.jpg", "--save-plan", plan, "--quiet").returncode == 0
    assert run("edit", portrait, "--plan", plan, "-o", tmp_path / "a.png").returncode == 41
