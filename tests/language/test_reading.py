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
from f2p.values.reading import Reading

Readings = dict[str, list[tuple[dict[str, Any], Reading]]]
_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_HERE / name).read_text(encoding="utf-8").splitlines()]


FILES = sorted(path.name for path in _HERE.glob("*.jsonl"))
"""Sentences that the words and rules were written from: each must be read exactly."""
UNSEEN = sorted(path.name for path in (_HERE / "unseen").glob("*.jsonl"))
"""Sentences of authors who knew the schema and not the rules; docs/sentences.md says how they were read on first sight."""


@pytest.fixture(scope="module")
def readings() -> Readings:
    """Every labelled sentence of every file, read once."""
    return {name: [(row, read(row["text"])) for row in _rows(name)] for name in FILES}


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    """The bench that scores readings: the tests judge by the same rule."""
    spec = importlib.util.spec_from_file_location("reading_bench", _ROOT / "bench" / "reading.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", FILES)
def test_sentences_are_read_exactly(name: str, readings: Readings, scorer: ModuleType) -> None:
    """Every sentence of the corpus must give exactly what it asks for, no key more and none less."""
    results = [(row["text"], scorer.differences(row["expected"], reading.asked)) for row, reading in readings[name]]
    assert not [result for result in results if result[1]]


@pytest.mark.parametrize("name", UNSEEN)
def test_unseen_sentences_are_read(name: str, scorer: ModuleType) -> None:
    """At least 95 of 100 sentences that no rule was written from at first must be read exactly."""
    results = [not scorer.differences(row["expected"], read(row["text"]).asked) for row in _rows(f"unseen/{name}")]
    assert sum(results) >= 0.95 * len(results)


def test_spans_quote_the_original_sentence(readings: Readings) -> None:
    """Every span must quote the sentence as it was typed, whatever folding did to it."""
    folded = read("請把背景換成白色，１吋 😀 ３００ＤＰＩ")
    for reading in [folded, *(reading for rows in readings.values() for _, reading in rows)]:
        said = reading.sentence
        assert all(span.text == said[span.at[0] : span.at[1]] for span in reading.spans), said


def test_every_asked_key_has_its_words(readings: Readings) -> None:
    """No key may appear without words that caused it (questions and conflicts are about the whole sentence)."""
    whole = {"ask", "conflicts", "policy", "outputs", "generate", "batch", "idphoto"}
    for _, reading in (pair for rows in readings.values() for pair in rows):
        assert set(reading.asked) - whole <= {span.key for span in reading.spans}, reading.sentence


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
    for row in _rows("asked.jsonl")[::10]:
        start = time.process_time()
        read(row["text"])
        times.append((time.process_time() - start) * 1000)
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
