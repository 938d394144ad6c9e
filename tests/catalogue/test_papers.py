"""Papers: every one known by what people and readings call it, and papers of a person's own."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import f2p
from f2p.catalogue.papers import find_paper, gap_mm, least_gap_mm, papers, tight_gap_mm


def test_every_paper_stands_upright_and_names_its_source() -> None:
    """A paper is not wider than high, has margins that a printer needs, and says where its size comes from."""
    for paper in papers().values():
        assert 80 <= paper.width_mm <= paper.height_mm <= 430
        assert 0 <= paper.least_margin_mm < paper.margin_mm
        assert paper.source
    assert 0 <= tight_gap_mm() < least_gap_mm() < gap_mm()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_paper_that_can_be_read_is_known(language: str) -> None:
    """Whatever paper a sentence can name, a sheet can be laid out on."""
    words = tomllib.loads((Path(f2p.__file__).parent / "data" / f"words.{language}.toml").read_text(encoding="utf-8"))
    assert [name for name in words["paper"] if find_paper(name) is None] == []


@pytest.mark.parametrize(
    ("said", "mm"),
    [
        ("6寸", (102, 152)), ("6寸相纸", (102, 152)), ("6inch", (102, 152)), ("5吋", (89, 127)), ("8寸", (152, 203)),
        ("A4", (210, 297)), ("Letter", (215.9, 279.4)), ("4R", (102, 152)), ("4x6in", (101.6, 152.4)),
        ("100x150mm", (100, 150)), ("150×100毫米", (100, 150)), ("10x15cm", (100, 150)),
    ],
)  # fmt: skip
def test_papers_are_found_by_what_people_call_them(said: str, mm: tuple[float, float]) -> None:
    """Names in both languages, ids and sizes in any unit must find the paper, standing upright."""
    paper = find_paper(said)
    assert paper is not None
    assert (paper.width_mm, paper.height_mm) == mm


@pytest.mark.parametrize("said", ["3寸", "napkin", "", "5x5mm", "9000x9000mm"])
def test_what_is_no_paper_is_not_found(said: str) -> None:
    """An unknown name or an impossible size is no paper."""
    assert find_paper(said) is None
