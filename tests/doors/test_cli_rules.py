"""Documents that forbid editing, at the command line: the rule is said before any work, an override marks the file's name."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from f2p.catalogue.standards import standards

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_reading_says_the_rule_in_its_own_words(run: Run) -> None:
    """`f2p read` tells which wish is not carried out, the authority's words, and how to have it all the same."""
    answer = run("read", "教师资格证照片,白底,磨皮")
    assert "磨皮:不做(这个证件的规定不允许)" in answer.stdout
    assert "不得用美颜" in answer.stdout
    assert "--allow-edits" in answer.stdout
    assert "规定" not in run("read", "白底一寸,磨皮").stdout


def test_an_override_is_in_the_name_the_plan_and_the_report(run: Run, portrait: Path, tmp_path: Path) -> None:
    """--allow-edits background replaces a visa's backdrop, and nothing can be called as if it had not."""
    answer = run("edit", portrait, "美国签证,白底,磨皮", "--allow-edits", "background", "-o", tmp_path / "visa.jpg", "--json")

    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)
    assert not (tmp_path / "visa.jpg").exists()
    assert report["output"]["path"] == str(tmp_path / "visa_edited-against-rule.jpg")
    assert (tmp_path / "visa_edited-against-rule.jpg").stat().st_size == report["output"]["bytes"]
    assert report["plan"]["allowed_edits"] == ["background"]
    assert report["plan"]["retouch"] == "none"
    (warned,) = [note for note in report["notes"] if note["code"] == "against_rule"]
    assert warned["level"] == "warning"
    assert "换背景" in warned["text"] and standards()["us_visa"].editing_rule_zh in warned["text"]


@pytest.mark.parametrize("given", [["--allow-edits", "白底一寸"], ["白底一寸", "--allow-edits=paint"]])
def test_a_kind_that_is_none_is_refused_with_the_list(run: Run, portrait: Path, given: list[str]) -> None:
    """What is no kind of edit, a sentence swallowed by the option too, ends with the kinds and how to write them."""
    answer = run("edit", portrait, *given)
    assert answer.returncode == 2
    assert "background" in answer.stderr and "--allow-edits=all" in answer.stderr


def test_a_kept_plan_says_by_itself_what_was_allowed(run: Run, portrait: Path, tmp_path: Path) -> None:
    """--allow-edits belongs to a sentence, so it is refused beside --plan."""
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    assert run("edit", portrait, "--plan", tmp_path / "plan.json", "--allow-edits").returncode == 2
