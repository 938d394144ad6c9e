"""The sentence as the page edits it, and what is written into the page."""

from __future__ import annotations

import pytest

from f2p import studio
from f2p.catalogue.messages import Messages
from f2p.doors.ui.markup import Html, button, tag
from f2p.doors.ui.orders import Wanted, plan_of
from f2p.doors.ui.reading_view import choices, live
from f2p.doors.ui.sentence import KINDS, Said, with_words, without
from f2p.values.plan import papers_of

SHORTCUTS = [
    (lang, key, words)
    for lang in ("zh", "en")
    for key in ("size", "background", "retouch", "sheet")
    for words in choices(key, Messages(lang))
]


@pytest.mark.parametrize(("language", "key", "words"), SHORTCUTS)
def test_every_shortcut_says_just_what_it_stands_under(language: str, key: str, words: str) -> None:
    """Read as a sentence of its own it sets that key, leaves no word unused, and a photo can be planned of it."""
    reading = studio.understand(words)
    assert key in reading.asked
    assert not reading.ignored
    studio.plan_for(reading)


@pytest.mark.parametrize(
    ("sentence", "key", "left"),
    [
        ("白底,一寸,轻微磨皮", "retouch", "白底,一寸"),
        ("白底,一寸,轻微磨皮", "background", "一寸,轻微磨皮"),
        ("white background, US visa, light retouch", "size", "white background, light retouch"),
        ("一寸", "size", ""),
    ],
)
def test_a_chip_taken_away_takes_its_words_along(sentence: str, key: str, left: str) -> None:
    """And the commas around them; what is left is understood as before without that key."""
    said = without(Said(sentence), key)
    assert said.words == left
    assert key not in said.reading.asked


@pytest.mark.parametrize(
    "sentence",
    ["白底蓝底红底各一张 一寸", "高清白底二寸证件照 不要美颜,200KB以内", "make it 2x2 inch on plain white, no retouching"],
)
def test_without_any_one_key_the_rest_stays_as_it_was(sentence: str) -> None:
    """Whether the words can go or the key is struck: never is another wish changed."""
    asked = Said(sentence).reading.asked
    for key in asked:
        said = without(Said(sentence), key)
        assert key not in said.reading.asked
        if said.struck:
            assert said.words == sentence


def test_a_shortcut_replaces_what_was_said_about_its_key() -> None:
    """Where it stood; said about nothing yet, it comes last with the comma of its language."""
    assert with_words(Said("白底,一寸"), "background", "蓝底").words == "蓝底,一寸"
    assert with_words(Said("一寸"), "background", "蓝底").words == "一寸，蓝底"
    assert with_words(Said("US visa"), "background", "white background").words == "US visa, white background"
    assert with_words(Said(""), "size", "1寸").words == "1寸"


@pytest.mark.parametrize("kind", KINDS)
def test_variants_are_papers_that_differ(kind: str) -> None:
    """One, or three with names of their own; where a document forbids edits, ways that it makes equal are one."""
    papers = papers_of(plan_of(Wanted(said=Said("白底一寸,轻微磨皮"), kind=kind))[0])
    assert len(papers) == (1 if kind == "one" else 3)
    assert len({paper.name for paper in papers}) == len(papers)
    assert len(papers_of(plan_of(Wanted(said=Said("US visa"), kind=kind))[0])) == 1


def test_nothing_that_is_said_becomes_part_of_the_page() -> None:
    """Neither as HTML nor as one of the framework's templates."""
    shown = live(Said("<img src=x onerror=alert(1)> {{constructor}} ${alert(1)} 一寸"), Messages("zh"))
    assert "<img" not in shown
    assert "{{" not in shown
    assert "${" not in shown
    assert tag("b", {"title": '"><script>'}, "<i>") == '<b title="&quot;&gt;&lt;script&gt;">&lt;i&gt;</b>'
    assert isinstance(button("x", {"do": "y"}), Html)
