"""File names: patterns filled from the roster, safe on every disk, no two the same."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from f2p.batches.naming import Names, filled, pattern_for, pattern_in, safe
from f2p.batches.roster import read_roster
from f2p.errors import UnknownColumn
from f2p.values.batch import Source

ROSTER = read_roster("学号,姓名,班级\n001,张/三,2班\n".encode(), "r.csv")
PHOTO = Source(key="a/IMG 1.jpg", path="/a/IMG 1.jpg", size=1, stamp="1")


@pytest.mark.parametrize(
    ("given_pattern", "asked", "name"),
    [
        (None, {}, "001_张_三"),
        (None, {"naming": {"pattern": "学号_姓名"}}, "001_张_三"),
        (None, {"naming": {"by": "student_id"}}, "001"),
        (None, {"naming": {"by": "excel", "column": "姓名"}}, "张_三"),
        (None, {"naming": {"by": "original"}}, "IMG 1"),
        ("{班级}-{Student ID}-{原名}", {}, "2班-001-IMG 1"),
        ("{序号}", {}, "001"),
        ("姓名学号", {}, "张_三001"),
    ],
)
def test_a_pattern_is_filled_from_the_roster(given_pattern: str | None, asked: dict[str, object], name: str) -> None:
    """Any column in any words, the old name, the number in the list; what disks do not take is replaced."""
    pattern = pattern_for(given_pattern, asked, ROSTER)

    assert filled(pattern, PHOTO, ROSTER.people[0], 1, "cn_1inch") == name


def test_a_pattern_with_braces_stands_in_a_sentence_as_such() -> None:
    """From the first brace to the last, with what joins them."""
    assert pattern_in("白底一寸,按{学号}_{姓名}命名,打包") == "{学号}_{姓名}"
    assert pattern_in("白底一寸") is None


def test_a_column_that_is_not_there_is_refused() -> None:
    """With the columns that are."""
    with pytest.raises(UnknownColumn) as caught:
        pattern_for("{工号}_{姓名}", {}, ROSTER)

    assert caught.value.params == {"name": "工号", "near": "学号, 姓名, 班级"}


def test_no_name_is_given_twice() -> None:
    """Capitals, and é in its two ways of writing, are one name on many disks."""
    names = Names()

    assert [names.free(one) for one in ("Ann", "ann", "ann-2", "é", "e\u0301")] == ["Ann", "ann-2", "ann-2-2", "é", "e\u0301-2"]


@given(st.text(max_size=300))
@example("\x1f.0")
def test_any_text_becomes_a_safe_name(text: str) -> None:
    """Never empty, never a path, never too long, never changed a second time."""
    name = safe(text)

    assert name
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert name not in {".", ".."}
    assert len(name.encode()) <= 181
    assert safe(name) == name
