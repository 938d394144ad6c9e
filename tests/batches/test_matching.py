"""Whose photo is it: by number or name; near misses are proposed and never taken."""

from __future__ import annotations

import time

import pytest

from f2p.batches.matching import Match, match
from f2p.batches.roster import read_roster
from f2p.values.batch import Roster, Source


def roster(*rows: str) -> Roster:
    """A roster of number, name and file."""
    return read_roster("\n".join(["学号,姓名,文件名", *rows]).encode(), "r.csv")


def photo(key: str) -> Source:
    """A photo of that name."""
    return Source(key=key, path=f"/photos/{key}", size=1, stamp="1")


def matched(name: str, *rows: str) -> Match:
    """What becomes of one photo."""
    return match([photo(name)], roster(*rows).people)[0][0]


CLASS = ("2023001,张三,", "2023002,王小明,", "0031,李雷,", "2023004,欧阳 娜娜,IMG_9.jpg", "2023005,Li Wei,")


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("2023001.jpg", 0),
        ("2023001_张三.jpg", 0),
        ("2023001张三.JPG", 0),
        ("张三-2023001 (1).jpg", 0),
        ("张三 副本.jpg", 0),
        ("3班/王小明.png", 1),
        ("２０２３００２.jpg", 1),
        ("img_9.JPG", 3),
        ("欧阳娜娜.jpg", 3),
        ("li_wei.heic", 4),
        ("0031.jpg", 2),
    ],
)
def test_a_photo_finds_its_person(name: str, person: int) -> None:
    """By whole number, by name, by the file column; width, case, separators and marks of copies do not matter."""
    found = matched(name, *CLASS)

    assert (found.person, found.reasons) == (person, ())


@pytest.mark.parametrize(
    ("name", "code", "near"),
    [
        ("王晓明.jpg", "near_miss", "2023002 王小明"),
        ("202302.jpg", "near_miss", "2023002 王小明"),
        ("合影.jpg", "not_on_roster", ""),
        ("IMG_20240102.jpg", "not_on_roster", ""),
    ],
)
def test_a_near_miss_is_proposed_and_not_taken(name: str, code: str, near: str) -> None:
    """One character off is a question, never an answer."""
    found = matched(name, *CLASS)

    assert found.person is None
    assert [reason.code for reason in found.reasons] == [code]
    assert near in str(found.reasons[0].params.get("near", ""))


def test_number_and_name_of_two_people_are_a_question() -> None:
    """Whose photo 2023001_王小明 is, nobody can know; both are named, and nobody is asked for a photo that may have come."""
    matches, missing = match([photo("2023001_王小明.jpg")], roster(*CLASS).people)

    assert matches[0].person is None
    assert matches[0].reasons[0].params == {"by_id": "2023001 张三", "by_name": "2023002 王小明"}
    assert missing == [2, 3, 4]


def test_two_people_of_one_name_need_a_number() -> None:
    """A name that two people have decides nothing; with the number it is plain."""
    rows = ("1001,李伟,", "1002,李伟,")

    assert matched("李伟.jpg", *rows).reasons[0].code == "same_name"
    assert matched("1002李伟.jpg", *rows).person == 1


def test_zeros_that_excel_lost_are_told() -> None:
    """31 and 0031 are one number, said aloud."""
    found = matched("31_.jpg", *CLASS)

    assert (found.person, [reason.code for reason in found.reasons]) == (2, ["zeros_differ"])


def test_a_hundred_thousand_people_are_matched_in_seconds() -> None:
    """Look-ups, no comparisons of everybody with everybody."""
    people = roster(*(f"2023{number:06d},同学{number}," for number in range(20_000))).people
    begun = time.process_time()
    matches, missing = match([photo(f"2023{number:06d}.jpg") for number in range(19_990)], people)

    assert all(one.person == number for number, one in enumerate(matches))
    assert len(missing) == 10
    assert time.process_time() - begun < 10
