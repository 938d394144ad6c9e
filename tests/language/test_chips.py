"""Chips taken away or edited: the reading must follow as if the sentence had said so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from f2p.language import changed, read, resolve, without

_CORPUS = [json.loads(line)["text"] for line in (Path(__file__).parent / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]


def _cases() -> list[tuple[str, str]]:
    """Every (sentence, key) of the corpus whose words caused nothing but this key."""
    cases = []
    for sentence in _CORPUS:
        reading = read(sentence)
        for key in dict.fromkeys(span.key for span in reading.spans if span.key in reading.asked):
            others = {span.at for span in reading.spans if span.key != key}
            if not others & {span.at for span in reading.spans if span.key == key}:
                cases.append((sentence, key))
    return cases


def test_removing_a_chip_is_not_saying_its_words() -> None:
    """Without a chip the rest must be asked as by the sentence without those words, unless the rest then says another thing.

    "蓝底换白底" without 换白底 wants blue: there the sentence without the words is no measure, and such cases are few.
    """
    cases = _cases()
    differing = []
    for sentence, key in cases:
        reading = read(sentence)
        letters = list(sentence)
        for span in reading.spans:
            if span.key == key:
                letters[slice(*span.at)] = "," * (span.at[1] - span.at[0])
        shorter = read("".join(letters)).asked
        left = without(reading, key).asked
        assert key not in left or key in reading.asked.get("conflicts", ()), sentence
        if left != shorter:
            differing.append((sentence, key))
            assert shorter.keys() - left.keys(), f"{sentence} {key}: a wish was lost or changed"
    assert len(cases) > 700
    assert len(differing) < 0.05 * len(cases), differing


def test_removed_words_are_told_as_ignored() -> None:
    """The words of a chip that is gone must stand with the words that have no effect, and its spans must go."""
    reading = without(read("白底，一寸，轻微磨皮"), "retouch")
    assert reading.asked == read("白底，一寸").asked
    assert reading.ignored == ("轻微磨皮",)
    assert "retouch" not in {span.key for span in reading.spans}


@pytest.mark.parametrize(
    ("sentence", "key", "expected"),
    [
        ("一寸，亮一点，对比度-20", "light.contrast_abs", "一寸，亮一点"),
        ("一寸，保留痣和雀斑", "keep.moles", "一寸，保留雀斑"),
        ("一寸，保留痣", "keep.moles", "一寸"),
        ("透明背景，jpg", "format", "透明背景"),
        ("透明背景，jpg", "background", "jpg"),
        ("白底一寸", "sheet", "白底一寸"),
        ("批量换白底，打包", "zip", "批量换白底"),
        ("passport photo, white", "idphoto", "white"),
    ],
)
def test_parts_and_contradictions(sentence: str, key: str, expected: str) -> None:
    """A part of a key, an item of a list and one side of a contradiction must go alone; an unknown key changes nothing."""
    assert without(read(sentence), key).asked == read(expected).asked


@pytest.mark.parametrize(
    ("sentence", "key", "value", "expected"),
    [
        ("白底一寸", "background", {"type": "solid", "name": "blue"}, "蓝底一寸"),
        ("白底一寸", "size", {"name": "cn_2inch"}, "白底两寸"),
        ("白底一寸", "size", {"name": "us_visa"}, "白底，美国签证"),
        ("白底一寸", "retouch", "strong", "白底一寸，重度磨皮"),
        ("白底一寸，磨皮30%", "retouch", "medium", "白底一寸，中度磨皮"),
        ("白底一寸", "kb", {"max": 100}, "白底一寸，不超过100K"),
        ("白底一寸，对比度-20", "light.brightness_abs", 20, "白底一寸，对比度-20，亮度+20"),
        ("透明背景一寸", "format", "jpg", "透明背景一寸，jpg"),
        ("换个底色，一寸", "background", {"type": "solid", "name": "red"}, "换成红底，一寸"),
        ("弄好看点", "background", {"type": "solid", "name": "white"}, "白底"),
        ("白底证件照", "size", {"name": "cn_1inch"}, "白底一寸"),
    ],
)
def test_an_edited_chip_is_the_sentence_that_says_so(sentence: str, key: str, value: Any, expected: str) -> None:
    """After an edit the reading must ask what the sentence with those words asks, and become the same plan."""
    edited = changed(read(sentence), key, value)
    assert edited.asked == read(expected).asked
    if "ask" not in edited.asked:
        assert resolve(edited)[0] == resolve(read(expected))[0]


@pytest.mark.parametrize(
    ("sentence", "key", "left"),
    [
        ("I need two copies, one white one blue", "background", {}),
        (
            "白底二寸，导出两份：一份png留底，一份jpg不超过80K",
            "kb",
            read("白底二寸").asked | {"outputs": [{"format": "png"}, {"format": "jpg"}]},
        ),
        ("is this photo ok for a us visa?", "size", {"check": {}, "policy": "no_edit"}),
        ("is this photo ok for a us visa?", "check", {}),
        ("白底，背景要蓝色的", "ask", {}),
    ],
)
def test_chips_of_what_stands_inside(sentence: str, key: str, left: dict[str, Any]) -> None:
    """A chip of one of several files, or of the size that is checked, must go with its value and its words."""
    reading = without(read(sentence), key)
    assert reading.asked == left
    assert key not in {span.key for span in reading.spans}


def test_every_wish_has_words_and_no_words_are_without_a_wish() -> None:
    """Every asked key must have a chip and every chip must stand for something that is asked."""
    for sentence in (*_CORPUS, "make the passport photo show more shoulders", "白底，背景要蓝色的", "413x626像素，比例3:4"):
        asked, told = read(sentence).asked, {span.key for span in read(sentence).spans}
        inside = {key for one in asked.get("outputs", ()) for key in one} | (
            {"size"} if "spec" in asked.get("check", {}) else set()
        )
        assert not asked.keys() - {"conflicts"} - told, sentence
        assert not told - asked.keys() - inside - set(asked.get("conflicts", ())), sentence


@pytest.mark.parametrize(
    "sentence", ["rotate 90 degrees left", "turn it 90 degrees to the right", "旋转90度", "rotate the photo 90 degrees clockwise"]
)
def test_words_that_turn_the_photo_are_not_ignored(sentence: str) -> None:
    """Words that had an effect must not be told as ignored."""
    assert "rotate" in read(sentence).asked["geometry"]
    assert read(sentence).ignored == ()


def test_the_reading_before_is_left_as_it_was() -> None:
    """Readings are values: editing one must not touch it."""
    reading = read("白底一寸，亮一点，保留痣")
    before = json.dumps(reading.asked)
    changed(without(reading, "keep.moles"), "light.brightness", "+2")
    assert json.dumps(reading.asked) == before
