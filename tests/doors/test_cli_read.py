"""`f2p read`: a sentence in words, as one JSON object, and as a stream."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

Run = Callable[..., subprocess.CompletedProcess[str]]


ARTICLE = "纯白背景,1寸标准证件照尺寸,轻微磨皮,保留发丝细节,高清锐利"


def test_read_shows_which_words_did_what(run: Run) -> None:
    """A person sees each piece of the sentence beside its effect, and what was assumed."""
    answer = run("read", ARTICLE)

    assert answer.returncode == 0
    assert "听懂了" in answer.stdout
    assert "背景:白色" in answer.stdout
    assert "一寸 25×35 mm" in answer.stdout
    assert "磨皮:轻微" in answer.stdout
    assert "保留:发丝" in answer.stdout
    assert "锐化" in answer.stdout


def test_read_json_is_one_object_of_the_schema(run: Run) -> None:
    """--json prints one object on one line with the keys of version 1."""
    answer = run("read", "--json", ARTICLE)

    assert answer.returncode == 0
    assert len(answer.stdout.splitlines()) == 1
    reading = json.loads(answer.stdout)
    assert {"version", "sentence", "asked", "assumed", "ignored", "spans"} <= reading.keys()
    assert reading["version"] == 1
    assert reading["asked"]["retouch"] == "light"


def test_read_json_streams_line_by_line(run: Run) -> None:
    """One sentence a line in, one object a line out, in order; empty lines and odd bytes keep their place."""
    sentences = [ARTICLE, "", "white background, 2 inch", "🙂", "x" * 5000]
    answer = run("read", "--json", "-", stdin="\n".join(sentences) + "\n")

    assert answer.returncode == 0
    readings = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [reading["sentence"] for reading in readings] == sentences


def test_read_json_is_utf8_in_any_locale(run: Run) -> None:
    """JSON stays UTF-8 where the terminal's encoding cannot hold Chinese."""
    answer = run("read", "--json", "白底", env={"PYTHONIOENCODING": "ascii"})
    assert json.loads(answer.stdout)["sentence"] == "白底"


def test_words_reach_a_terminal_that_cannot_show_them(run: Run) -> None:
    """Text on a terminal without Chinese is poorer, not an error."""
    answer = run("read", "白底", env={"PYTHONIOENCODING": "ascii"})
    assert answer.returncode == 0


def test_what_cannot_be_done_is_told(run: Run) -> None:
    """A wish that the exact engine cannot carry out is never dropped silently."""
    answer = run("read", "白底一寸,顺便换身西装", env={"F2P_LANG": "zh"})
    assert "换衣服" in answer.stdout


def test_a_contradiction_is_a_question(run: Run) -> None:
    """A sentence that contradicts itself is asked back about, naming what contradicts."""
    answer = run("read", "白底,背景要蓝色的", env={"F2P_LANG": "zh"})
    assert answer.returncode == 0
    assert "背景" in answer.stdout
    assert "要哪一种" in answer.stdout
