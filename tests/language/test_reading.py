"""What sentences are read to say, measured on the article's sentences and on a corpus of our own."""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from f2p.language import dump, read

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_HERE / name).read_text(encoding="utf-8").splitlines()]


ARTICLE = _rows("article.jsonl")
CORPUS = [row for path in sorted(_HERE.glob("*.jsonl")) if path.name != "article.jsonl" for row in _rows(path.name)]


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    """The bench that scores readings: the tests judge by the same rule."""
    spec = importlib.util.spec_from_file_location("reading_bench", _ROOT / "bench" / "reading.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("row", ARTICLE + CORPUS, ids=lambda row: row["id"])
def test_sentence_is_read_exactly(row: dict[str, Any], scorer: ModuleType) -> None:
    """Every sentence of the article and of the corpus must give exactly what it asks for, no key more and none less."""
    assert not scorer.differences(row["expected"], read(row["text"]).asked)


def test_spans_quote_the_original_sentence() -> None:
    """Every span must quote the sentence as it was typed, whatever folding did to it."""
    for row in [*CORPUS, {"text": "請把背景換成白色，１吋 😀 ３００ＤＰＩ"}]:
        reading = read(row["text"])
        assert all(span.text == row["text"][span.at[0] : span.at[1]] for span in reading.spans), row["text"]


def test_every_asked_key_has_its_words() -> None:
    """No key may appear without words that caused it (questions and conflicts are about the whole sentence)."""
    whole = {"ask", "conflicts", "policy", "outputs", "generate", "batch", "idphoto"}
    for row in CORPUS:
        reading = read(row["text"])
        assert set(reading.asked) - whole <= {span.key for span in reading.spans}, row["text"]


@pytest.mark.parametrize(
    ("sentence", "ignored"),
    [
        ("请帮我做一张白底一寸照，谢谢", ()),
        ("白底一寸，再放一只麒麟", ("放一只麒麟",)),
        ("white background and sprinkle some unicorns", ("sprinkle some unicorns",)),
    ],
)
def test_words_without_effect_are_told(sentence: str, ignored: tuple[str, ...]) -> None:
    """Words that had no effect must be shown, small words of courtesy must not."""
    assert read(sentence).ignored == ignored


_SENSELESS = ("", "   ", "，。！", "😀😀", "asdfgh", "1", "x" * 5000, "白底" * 800, "((((((", "不不不不", '"""')


@pytest.mark.parametrize("sentence", _SENSELESS)
def test_nothing_breaks_the_reader(sentence: str) -> None:
    """Empty, endless and senseless sentences must be read without an error."""
    assert dump(read(sentence))["sentence"] == sentence


def test_a_sentence_takes_less_than_ten_milliseconds() -> None:
    """Reading must cost a person nothing: median far below 10 ms, warm."""
    times = []
    read("warm")
    for row in CORPUS:
        start = time.perf_counter()
        read(row["text"])
        times.append((time.perf_counter() - start) * 1000)
    assert statistics.median(times) < 10


def test_dump_is_the_schema_s_json() -> None:
    """`dump` must give the object of the reading schema and survive JSON."""
    data = json.loads(json.dumps(dump(read("1寸白底")), ensure_ascii=False))
    assert list(data) == ["version", "sentence", "asked", "assumed", "ignored", "spans"]
    assert data["spans"][0] == {"text": "1寸", "at": [0, 2], "key": "size"}


def test_reading_needs_no_pixels() -> None:
    """Importing the language room must leave numpy, cv2 and PIL out of the process."""
    code = "import sys, f2p.language as l; l.read('白底'); assert not {'numpy', 'cv2', 'PIL'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
