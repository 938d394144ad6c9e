"""Several papers of one sentence: lists, sets by name, sheets that go with a photo, names that tell the files apart."""

from __future__ import annotations

import pytest

from f2p.catalogue.papers import find_paper
from f2p.catalogue.sets import paper_sets
from f2p.catalogue.standards import standards
from f2p.errors import Question
from f2p.language import plan_from_json, plan_to_json, read, resolve
from f2p.values.plan import BackdropKind, FileFormat, IdPhotoPlan, PapersPlan, files_of, papers_of


def _files(sentence: str) -> list[str]:
    plan = resolve(read(sentence))[0]
    return [f"{slot.name}{'' if slot.role == 'photo' else f'_{slot.role}'}{slot.suffix}" for slot in files_of(plan)]


@pytest.mark.parametrize(
    ("sentence", "files"),
    [
        ("护照+签证+一版6寸", ["cn_passport.jpg", "cn_passport_sheet.jpg", "icao_generic.jpg"]),
        ("中国护照、美国签证各一张", ["cn_passport.jpg", "us_visa.jpg"]),
        ("护照和美签一起做", ["cn_passport.jpg", "us_visa.jpg"]),
        ("passport and US visa photos", ["icao_generic.jpg", "us_visa.jpg"]),
        ("一寸+二寸", ["cn_1inch.jpg", "cn_2inch.jpg"]),
        ("一寸白底和二寸蓝底各一张", ["cn_1inch.jpg", "cn_2inch.jpg"]),
        ("白底和蓝底各一张一寸", ["cn_1inch_white.jpg", "cn_1inch_blue.jpg"]),
        ("一份白底JPG,一份透明PNG", ["cn_1inch_white.jpg", "cn_1inch_transparent.png"]),
        ("5寸和6寸各来一份", ["cn_1inch_5inch.jpg", "cn_1inch_5inch_sheet.jpg", "cn_1inch_6inch_sheet.jpg"]),
        (
            "two inch blue, six-inch sheet with 4 copies, plus a digital copy below 50k",
            ["cn_2inch.jpg", "cn_2inch_sheet.jpg"],
        ),
    ],
)
def test_each_paper_that_is_asked_for_is_a_file(sentence: str, files: list[str]) -> None:
    """Every output becomes a file whose name says what it is; a sheet alone goes with the photo that it prints."""
    assert _files(sentence) == files


@pytest.mark.parametrize(
    "sentence",
    ["中国护照或美国签证", "办护照用的一寸照片", "不是一寸,是二寸", "白底一寸", "4张两寸4张一寸混排", "居住证要一寸照片"],
)
def test_what_is_no_list_is_one_paper(sentence: str) -> None:
    """A choice, a purpose, a correction and a mixed sheet are no list of papers."""
    assert isinstance(resolve(read(sentence))[0], IdPhotoPlan)


def test_two_sizes_to_choose_from_are_still_a_question() -> None:
    """一寸还是二寸呢 asks; it does not make both."""
    with pytest.raises(Question):
        resolve(read("一寸还是二寸呢"))


def test_what_all_share_holds_for_each_and_its_own_wish_goes_first() -> None:
    """Wishes beside the list are for every paper, those of one paper are for it alone."""
    plan = resolve(read("一份白底JPG,一份透明PNG,都要二寸,600dpi"))[0]
    first, second = papers_of(plan)
    assert {first.spec.id, second.spec.id} == {"cn_2inch"}
    assert {first.encoding.dpi, second.encoding.dpi} == {600}
    assert (first.backdrop.kind, second.backdrop.kind) == (BackdropKind.SOLID, BackdropKind.TRANSPARENT)
    assert (first.encoding.format, second.encoding.format) == (FileFormat.JPG, FileFormat.PNG)


def test_assumptions_say_which_paper_they_are_about() -> None:
    """What holds for all stands once; what holds for one paper has that paper's number, and each paper keeps its own rule."""
    plan, reading = resolve(read("中国护照+申根签证,磨皮"))
    assumed = {one.key: (one.value, one.why) for one in reading.assumed}
    assert assumed["format"] == ("jpg", "not_said")
    assert assumed["outputs.1.retouch"] == ("none", "rule_forbids")
    assert "outputs.2.retouch" not in assumed
    assert [paper.retouch.value for paper in papers_of(plan)] == ["none", "light"]


SETS = {"入职全套": "new_hire_cn", "new hire set": "new_hire", "考研全套": "kaoyan", "出国全套": "passport_visa"}


@pytest.mark.parametrize("words", SETS)
def test_a_set_makes_all_its_papers(words: str) -> None:
    """A set's name alone asks for each of its outputs, a sheet among them, and the plan survives being kept."""
    plan = resolve(read(words))[0]
    wanted = paper_sets()[SETS[words]].outputs

    assert isinstance(plan, PapersPlan)
    assert len(files_of(plan)) == len(wanted)
    assert sum(slot.role == "sheet" for slot in files_of(plan)) == 1
    assert [paper.spec.id for paper in plan.papers] == [one.get("size", "custom") for one in wanted if set(one) != {"sheet"}]
    assert plan_from_json(plan_to_json(plan)) == plan


def test_every_set_is_called_by_words_and_made_of_what_the_catalogue_has() -> None:
    """No set is unreachable, names an unknown standard or paper, or lacks a source."""
    assert set(SETS.values()) == set(paper_sets())
    for one in paper_sets().values():
        assert one.source
        for output in one.outputs:
            sizes = [output["size"]] if "size" in output else []
            sheet = output.get("sheet", {})
            assert {*sizes, *(item["size"] for item in sheet.get("mixed", ()))} <= set(standards())
            assert not sheet or find_paper(sheet["paper"]) is not None


def test_a_mixed_sheet_is_printed_from_a_photo_that_stands_on_it() -> None:
    """The sheet of the kaoyan set prints one and two inch, so it goes with the one inch photo, not with the form's."""
    assert _files("考研全套") == ["cn_kaoyan.jpg", "cn_1inch.jpg", "cn_1inch_sheet.jpg", "cn_2inch.jpg"]
