"""`f2p check` as a process: table, JSON, exit code, annotated picture, and the sentence that asks for it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.slow


def test_a_bad_photo_is_refused_by_its_exit_code(run: Run, portrait: Path) -> None:
    """The sample portrait is no US visa photo: exit code 3, the failing rules first, both languages."""
    zh = run("check", portrait, "--for", "美国签证")
    assert zh.returncode == 3 and "不符合" in zh.stdout and "美国签证" in zh.stdout
    en = run("check", portrait, "--for", "us_visa", env={"F2P_LANG": "en"})
    assert en.returncode == 3
    assert en.stdout.index("Fails") < en.stdout.index("Holds")
    assert "✗" in en.stdout and "decides" not in en.stdout.splitlines()[-1]


def test_json_has_the_documented_fields(run: Run, portrait: Path) -> None:
    """One object with verdict, standard, checks and what nobody can measure, as docs/check.md lists them."""
    answer = run("check", portrait, "--for", "us_visa", "--json", env={"F2P_LANG": "en"})
    document = json.loads(answer.stdout)
    assert set(document) == {
        "version", "language", "verdict", "text", "standard", "source", "checks", "unmeasured", "notes", "seconds",
    }  # fmt: skip
    assert document["verdict"] == "failed" and document["standard"]["confidence"] == "high"
    for check in document["checks"]:
        assert set(check) == {
            "name", "value", "wanted", "ok", "unit", "rule", "cite", "binding", "unsure", "status", "text", "why",
        }  # fmt: skip
        assert check["status"] in {"pass", "fail", "hint", "unsure", "told"}
        assert check["text"] != check["name"]
    assert answer.returncode == 3


def test_the_annotated_picture_is_written_once(run: Run, portrait: Path, tmp_path: Path) -> None:
    """--annotated writes a PNG, refuses another type, and never replaces a file unasked."""
    out = tmp_path / "marked.png"
    assert run("check", portrait, "--annotated", out).returncode == 3
    assert out.read_bytes().startswith(b"\x89PNG")
    assert run("check", portrait, "--annotated", out).returncode == 40
    assert run("check", portrait, "--annotated", tmp_path / "marked.jpg").returncode == 41


def test_a_sentence_that_asks_for_a_check_is_checked(run: Run, portrait: Path) -> None:
    """`f2p edit` with "is this right for a US visa" measures, changes nothing and writes nothing."""
    answer = run("edit", portrait, "检查这张照片是否符合美国签证要求")
    assert answer.returncode == 3 and "不做任何改动" in answer.stdout
    assert [path.name for path in portrait.parent.iterdir()] == ["me.png"]


def test_an_unknown_document_and_no_picture_are_errors(run: Run, portrait: Path, tmp_path: Path) -> None:
    """A name that means no document, and a file that is no picture, have their own exit codes."""
    assert run("check", portrait, "--for", "zzz").returncode == 34
    (tmp_path / "a.txt").write_text("no picture", encoding="utf-8")
    assert run("check", tmp_path / "a.txt").returncode == 12
