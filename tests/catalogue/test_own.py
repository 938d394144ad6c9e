"""Own standards: a documented form, strictly checked, never in another's place; and the catalogue's own files without a fault."""

from __future__ import annotations

import re
from contextvars import copy_context
from pathlib import Path

import pytest

from f2p import studio
from f2p.catalogue.faults import faults_of
from f2p.catalogue.messages import LANGUAGES, Messages
from f2p.catalogue.own import check_own, check_shipped, own_standards
from f2p.catalogue.rows import rows_of
from f2p.catalogue.standards import standards, usual_of_own
from f2p.errors import BadStandards, Question
from f2p.values.spec import Band

_DOC = Path(__file__).resolve().parents[2] / "docs" / "standards.md"
_GOOD = """\
[standard.my_exam]
name_zh = "我的考试"
name_en = "My exam"
category = "exam"
mm = [25, 35]
source = "notice"
checked = "2026-11-24"
"""


def _example() -> str:
    found = re.search(r"```toml\n(.*?)```", _DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where an own file goes."""
    return tmp_path / "my.toml"


def test_the_catalogue_itself_has_no_fault() -> None:
    """Every row of the product passes the check that people's own rows must pass."""
    count, faults = check_shipped()
    assert count == len(standards()) and faults == []


def test_the_documented_example_is_a_standard(file: Path) -> None:
    """The example of docs/standards.md is taken without a fault and says what its lines say."""
    file.write_text(_example(), encoding="utf-8")
    (row,) = own_standards(file)

    def known() -> None:
        studio.add_standards(file)
        spec = studio.standards()[row.id]
        assert (spec.width_px, spec.height_px, spec.dpi) == (390, 567, 300)
        assert spec.kb == Band(30, 100) and spec.confidence == "own"
        assert spec.forbidden_edits == ("retouch",) and spec.editing_rule_zh

    copy_context().run(known)
    assert row.id not in studio.standards(), "what one run adds, another does not see"


def test_every_key_of_a_row_is_documented() -> None:
    """docs/standards.md names each key that a row may have."""
    page = _DOC.read_text(encoding="utf-8")
    for row in standards().rows():
        table = row.table()
        for key in (*(table.keys() - {"head"}), *(f"head.{part}" for part in table.get("head", ()))):
            assert f"`{key}`" in page, key


@pytest.mark.parametrize(
    ("line", "code", "at"),
    [
        ('colour = "white"', "unknown_key", 8),
        ("kb = { min = 50, max = 20 }", "upside_down", 8),
        ("kb = { max = 2 }", "kb_unreachable", 8),
        ('kb = "20-50"', "wrong_type", 8),
        ("dpi = 20", "out_of_range", 8),
        ("px = [300, 413]", "px_do_not_follow", 8),
        ('backgrounds = ["mauve"]', "not_one_of", 8),
        ('forbidden_edits = ["retouch"]', "no_words_for_edits", 8),
        ('editing_rule = "no editing"', "one_language", 8),
        ('conflicts = ["A says this, B says that."]', "one_language", 8),
        ("px_min = [400, 500]\npx = [295, 413]", "px_outside", 8),
        ('head.top_of = "hair"\nhead.mm = { min = 30 }\nhead.top_mm = { min = 8 }', "head_too_large", 8),
        ('head.top_of = "hair"\nhead.mm = { min = 30 }\nhead.ratio = { max = 0.5 }', "bands_exclude", 8),
        ('head.top_of = "hat"', "not_one_of", 8),
        ('head.top_of = "hair"\nhead.ratio = { min = 0.7, max = 1.7 }', "out_of_range", 9),
        ('head.top_of = "hair"\nhead.ratio = { min = 0.6 }\nhead.eyes_from_top_ratio = { min = 0.8 }', "eyes_do_not_fit", 8),
        ('background_hex = ["#FFFFFF"]', "bad_hex", 8),
    ],
)
def test_a_fault_is_named_with_its_line(line: str, code: str, at: int) -> None:
    """Each thing that can be wrong is found, at the line where it stands, and both languages have words for it."""
    (row,) = rows_of(f"{_GOOD}{line}\n", "my.toml")
    found = faults_of(row, usual_of_own())
    assert [(fault.code, fault.line) for fault in found] == [(code, at)]
    for language in LANGUAGES:
        told = Messages(language).text(f"fault.{code}", found[0].params)
        assert told != f"fault.{code}" and "?" not in told


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("[standard.x\n", "syntax", 1),
        ("", "no_standard", 1),
        (_GOOD + "\n[colour]\nred = 1\n", "unknown_table", 9),
        ('standard.odd = { name_zh = "x" }\n', "not_a_header", 1),
        (_GOOD.replace("my_exam", "cn_1inch"), "taken", 1),
        (_GOOD + _GOOD.replace("my_exam", "other") + _GOOD.replace("my_exam", "My-Exam"), "bad_id", 15),
        (_GOOD.replace('checked = "2026-11-24"', 'checked = "soon"'), "not_a_date", 7),
        (_GOOD.replace('source = "notice"\n', ""), "missing", 1),
    ],
)
def test_a_faulty_file_is_not_taken(file: Path, text: str, code: str, line: int) -> None:
    """A file with any fault gives nothing, and the error names the first one with its line."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadStandards) as caught:
        own_standards(file)
    assert (caught.value.params["fault"], caught.value.params["line"]) == (code, line)
    for language in LANGUAGES:
        assert str(line) in Messages(language).error("bad_standards", caught.value.params).what
    assert len(check_own(file)[1]) == 1


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    """A missing file and bytes that are no text are this error too, not a crash."""
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    for name, code in (("none.toml", "unreadable"), ("bytes.toml", "not_utf8")):
        with pytest.raises(BadStandards) as caught:
            own_standards(tmp_path / name)
        assert caught.value.params["fault"] == code


def test_a_folder_is_read_as_a_whole(tmp_path: Path) -> None:
    """Every TOML file of a folder is taken, by name; an id in two of them is refused."""
    (tmp_path / "b.toml").write_text(_GOOD, encoding="utf-8")
    (tmp_path / "a.toml").write_text(_GOOD.replace("my_exam", "another"), encoding="utf-8")
    assert [row.id for row in own_standards(tmp_path)] == ["another", "my_exam"]
    (tmp_path / "c.toml").write_text(_GOOD, encoding="utf-8")
    with pytest.raises(BadStandards):
        own_standards(tmp_path)


def test_an_own_standard_is_read_and_planned_like_any_other(file: Path) -> None:
    """Its id and its names are words of a sentence, and its rules reach the plan."""
    file.write_text(_GOOD + "kb = { min = 20, max = 50 }\n", encoding="utf-8")

    def known() -> None:
        studio.add_standards(file)
        for sentence in ("my_exam", "我的考试，蓝底", "photo for My exam, white background"):
            plan, _ = studio.plan_for(studio.understand(sentence))
            assert plan.spec.id == "my_exam" and (plan.spec.width_px, plan.spec.height_px) == (295, 413)
            assert plan.spec.kb == Band(20, 50)

    copy_context().run(known)


_NOTICE = (
    "2026年测试报名照片要求：1.本人近6个月内正面免冠彩色证件照，白色背景。2.照片尺寸为宽295像素×高413像素，分辨率300dpi，"
    "JPG格式，文件大小20KB-50KB。3.头部占照片高度的2/3。4.不得PS。"
)


def test_a_notice_becomes_a_standard(file: Path) -> None:
    """What a pasted notice says stands in the row, the notice is its source, and nothing else is in it."""
    text, _ = studio.standard_from_notice(_NOTICE, "my_exam", "我的考试", "2026-11-24")
    file.write_text(text, encoding="utf-8")

    def known() -> None:
        studio.add_standards(file)
        spec = studio.standards()["my_exam"]
        assert (spec.width_px, spec.height_px, spec.px_from, spec.kb) == (295, 413, "authority", Band(20, 50))
        assert spec.backgrounds == ("white",) and spec.photo_age_months == 6 and spec.head.head_ratio is not None
        assert "background" in spec.forbidden_edits and "PS" in spec.editing_rule_zh
        assert spec.source.startswith("2026年测试报名照片要求") and spec.confidence == "own"
        assert (spec.width_mm, spec.glasses, spec.authority, spec.min_px) == (None, "", "", None)

    copy_context().run(known)


def test_a_notice_without_a_size_is_a_question() -> None:
    """No size is guessed for a notice that says none; and a taken id is refused before anything is written."""
    with pytest.raises(Question):
        studio.standard_from_notice("白底免冠照片，不得修图", "my_exam", "x", "2026-11-24")
    with pytest.raises(BadStandards):
        studio.standard_from_notice(_NOTICE, "cn_1inch", "x", "2026-11-24")
