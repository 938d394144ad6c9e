"""The words files agree with each other and with the catalogue."""

from __future__ import annotations

import re

import pytest

from f2p.catalogue.colours import colours
from f2p.catalogue.standards import standards
from f2p.language.lexicon import Pattern, Word, lexicon
from f2p.language.templates import needs, pattern, phrases
from f2p.language.text import fold

_NOT_IN_CATALOGUE = {"cn_toefl", "cn_upgrade", "in_aadhaar"}
"""Documents that people name and whose rule nobody has written down yet: told by name, never guessed."""


def _values(kind: str) -> set[str]:
    words = lexicon()
    known = {word.value for word in words.words.values() if word.kind == kind}
    return known | {one.word.value for one in words.patterns if one.word.kind == kind}


def test_every_size_word_names_a_standard() -> None:
    """A standard's name in the words must be an id of the catalogue, or on the list of known gaps."""
    assert _values("size") - set(standards()) == _NOT_IN_CATALOGUE


def test_every_colour_word_names_a_colour() -> None:
    """A colour word must name a colour of the catalogue."""
    assert _values("colour") <= set(colours())


def test_every_thing_has_a_meaning_and_every_meaning_a_thing() -> None:
    """Things in meanings.toml must have words; acts used there must have words or stand in [like]."""
    meanings = lexicon().meanings
    acts = _values("act") | set(meanings["like"]) | {"none", "white", "not"}
    assert set(meanings["object"]) <= _values("object")
    assert {act.removeprefix("!") for rows in meanings["object"].values() for act in rows} <= acts


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("白[色]底", {"白底", "白色底"}),
        ("(a|b) c", {"a c", "b c"}),
        ("x[ y]", {"x", "x y"}),
        ("去(掉|除)?", {"去", "去掉", "去除"}),
    ],
)
def test_template_stands_for_its_phrases(template: str, expected: set[str]) -> None:
    """A template must expand to exactly its phrases, and its pattern must match each of them."""
    assert set(phrases(template) or ()) == expected
    assert all(re.fullmatch(pattern(template), phrase) for phrase in expected)


def test_template_says_what_must_not_stand_beside() -> None:
    """`(?!…)` and `(?<!…)` must hold a template back where their words follow or go before, and nowhere else."""
    template = "(?<!please )fake[ red] (id|card)(?! photo|.{0,6} size)"
    found = re.compile(pattern(template))
    assert phrases(template) is None
    assert found.search("a fake card")
    assert found.search("a fake red id, photo")
    assert not any(found.search(text) for text in ("fake id photo", "fake card in size", "please fake id"))


def test_open_end_leaves_out_half_a_word() -> None:
    """A template that takes in what follows must stop at a whole word, not be lost inside one."""
    open_end = Pattern("show me.{0,8}", needs("show me.{0,8}"), (), Word("noise", "noise", 0))
    assert list(open_end.places("show me something")) == [(0, len("show me"))]
    assert list(open_end.places("show me a thing")) == [(0, len("show me a thing"))]


def test_endless_template_becomes_a_pattern() -> None:
    """A template without end must be searched, and only where its fixed characters stand."""
    assert phrases("改[成|为]*.{0,2}元") is None
    assert needs("改[成|为]*.{0,2}元") == {"改", "元"}
    assert re.fullmatch(pattern("改[成|为]*.{0,2}元"), "改成为五元")


def test_folding_remembers_places() -> None:
    """Full-width, Traditional and emoji characters must fold and point back to where they stood."""
    text = fold("１吋😀白Ｋ", lexicon().simplified)
    assert text.plain == "1寸 白k"
    assert text.words(3, 5) == "白Ｋ"
