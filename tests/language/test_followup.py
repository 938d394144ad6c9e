"""Sentences that go on from earlier ones: merged, moved by a step, taken back; the same words always make the same."""

from __future__ import annotations

from typing import Any

import pytest

from f2p.errors import Question
from f2p.language import converse, read, resolve, revise
from f2p.values.plan import Retouch

_FIRST = "蓝底一寸，中度磨皮，亮一点"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("换成红底,其他不变", {"background": {"type": "solid", "name": "red"}}),
        ("尺寸改成两寸", {"size": {"name": "cn_2inch", "mm": [35, 49]}}),
        ("再亮一点", {"light": {"brightness": "+2"}}),
        ("暗一点", {"light": None}),
        ("再白一点", {"beauty": {"whiten": "light"}}),
        ("磨皮再轻一点", {"retouch": "light"}),
        ("a touch less smoothing", {"retouch": "light"}),
        ("磨皮再重一点", {"retouch": "strong"}),
        ("more smoothing", {"retouch": "strong"}),
        ("不要磨皮", {"retouch": "none"}),
        ("背景再浅一点", {"background": {"type": "solid", "name": "light_blue"}}),
        ("背景再深一点", {"background": {"type": "solid", "name": "dark_blue"}}),
        ("背景太深了", {"background": {"type": "solid", "name": "light_blue"}}),
        ("background a bit darker", {"background": {"type": "solid", "name": "dark_blue"}}),
        ("背景不变，改成png", {"format": "png"}),
        ("保留原背景", {"background": {"type": "keep"}}),
        ("不小于20K", {"kb": {"min": 20}}),
        ("头大一点", {"geometry": {"zoom": "in"}}),
        ("保留痣", {"keep": ["moles"]}),
    ],
)
def test_new_words_change_what_they_name(sentence: str, expected: dict[str, Any]) -> None:
    """A follow-up must change the keys it names and leave every other one as it was."""
    wanted = {key: value for key, value in {**read(_FIRST).asked, **expected}.items() if value is not None}
    assert revise(read(_FIRST), sentence).asked == wanted


@pytest.mark.parametrize("sentence", ["撤销", "撤销上一步", "undo", "回到上一版", "恢复到第1版", "go back to version 1"])
def test_undo_gives_the_reading_before(sentence: str) -> None:
    """Taking the last sentence back must give exactly the reading before it."""
    first = read(_FIRST)
    assert revise(revise(first, "换成红底"), sentence, [first]) is first


@pytest.mark.parametrize("sentence", ["恢复原样", "恢复原图", "start over", "撤销"])
def test_starting_over_asks_nothing(sentence: str) -> None:
    """Back at the photo itself nothing may be asked any more."""
    assert revise(read(_FIRST), sentence).asked == {}


@pytest.mark.parametrize(
    ("sentences", "key", "value"),
    [
        (["蓝底一寸", "换成红底", "撤销"], "background", {"type": "solid", "name": "blue"}),
        (["蓝底一寸", "换成红底", "两寸", "撤销", "撤销"], "background", {"type": "solid", "name": "blue"}),
        (["蓝底一寸", "换成红底", "撤销", "撤销", "两寸"], "background", None),
        (["蓝底一寸", "换成红底", "两寸", "回到第2版"], "size", {"name": "cn_1inch", "mm": [25, 35]}),
        (["蓝底", "背景再浅一点", "背景再浅一点"], "background", {"type": "solid", "color": "#8BD4FF"}),
        (["白底", "背景再白一点"], "background", {"type": "solid", "name": "white"}),
        (["蓝底", "再白一点", "再白一点"], "beauty", {"whiten": "medium"}),
        (["一寸", "亮度+20", "再亮一点"], "light", {"brightness_abs": 30}),
        (["一寸", "20-50K", "不超过40K"], "kb", {"min": 20, "max": 40}),
        (["头大一点", "头小一点"], "geometry", None),
        (["白底和蓝底各一张", "换成红底"], "outputs", None),
        (["白底，背景要蓝色的", "蓝底"], "ask", None),
        (["透明背景，jpg", "png"], "background", {"type": "transparent"}),
        (["透明背景", "jpg"], "ask", "contradiction"),
        (["换个底色", "蓝底"], "ask", None),
        (["弄好看点", "白底一寸"], "ask", None),
        (["白底一寸", "套用到其他照片"], "followup", {"op": "apply_to_all"}),
        (["白底一寸", "伪造一个公章"], "refuse", "document_forgery"),
    ],
)
def test_a_conversation_comes_to_one_reading(sentences: list[str], key: str, value: Any) -> None:
    """Sentences said one after the other must come to what the last of them leaves."""
    assert converse(sentences).asked.get(key) == value


_WHITE_INCH = {"background": {"type": "solid", "name": "white"}, "size": {"name": "cn_1inch", "mm": [25, 35]}}


@pytest.mark.parametrize(
    ("first", "second", "hidden", "shown"),
    [
        ("遮住电话", "名字也遮一下", ["phone", "name"], []),
        ("遮住电话和姓名", "姓名不用遮", ["phone"], ["name"]),
        ("hide my phone number and email", "also hide the address", ["phone", "email", "address"], []),
        ("hide my phone number", "the address too", ["phone", "address"], []),
        ("遮住电话", "名字不用遮", ["phone"], ["name"]),
        ("遮住电话和姓名", "电话露出来", ["name"], ["phone"]),
        ("hide names and dates", "show the dates", ["name"], ["date"]),
        ("hide names and dates", "don't hide the dates", ["name"], ["date"]),
        ("遮住所有数字", "页码不用遮", ["digits"], ["page_number"]),
        ("遮住电话，姓名不用遮", "姓名也遮", ["phone", "name"], []),
        ("遮住电话", "换成马赛克", ["phone"], []),
        ("遮住电话", "只遮姓名", ["name"], []),
    ],
)
def test_what_is_hidden_adds_up(first: str, second: str, hidden: list[str], shown: list[str]) -> None:
    """A follow-up must never show again what was hidden, unless it names it."""
    redact = converse([first, second]).asked["redact"]
    assert (redact["entities"], redact.get("exclude", [])) == (hidden, shown)


@pytest.mark.parametrize(
    ("first", "second", "pages"),
    [
        ("遮住第2页的电话", "第3页也遮", [2, 3]),
        ("遮住电话", "第3页的姓名也遮", None),
        ("遮住第2页的电话", "姓名也遮", None),
        ("遮住第2页的电话", "用马赛克", [2]),
    ],
)
def test_pages_add_up(first: str, second: str, pages: list[int] | None) -> None:
    """Pages of both sentences count; where one of the two hides on every page, nothing may be hidden on fewer."""
    assert converse([first, second]).asked["redact"].get("pages") == pages


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ("白底一寸png", "不用png", _WHITE_INCH),
        ("白底一寸jpg", "not jpg", _WHITE_INCH),
        ("白底一寸png", "不用jpg", {**_WHITE_INCH, "format": "png"}),
        ("白底一寸", "不要白底", {"size": _WHITE_INCH["size"]}),
        ("白底一寸", "no white background", {"size": _WHITE_INCH["size"]}),
        ("白底一寸", "不要蓝底", _WHITE_INCH),
        ("白底一寸", "不要一寸", {"background": _WHITE_INCH["background"]}),
        ("白底一寸", "undo the background", {"size": _WHITE_INCH["size"]}),
        ("white,1 inch, smoothing", "undo the smoothing", _WHITE_INCH),
        ("白底一寸，磨皮", "撤销磨皮", _WHITE_INCH),
        ("白底一寸", "撤销磨皮", _WHITE_INCH),
        ("亮一点", "别那么亮", {}),
        ("亮一点，再亮一点", "别那么亮", {}),
        ("make it brighter", "not so bright", {}),
        ("黑白", "还是彩色吧", {}),
        ("黑白", "不要黑白", {}),
        ("black and white", "back to colour", {}),
        ("100K以内", "不限大小", {}),
        ("below 100 KB", "no size limit", {}),
        ("磨皮", "去掉磨皮", {}),
        ("smoothing", "remove the smoothing", {}),
        ("祛痘，美白", "美白去掉", {"beauty": {"blemish": True}}),
        ("祛痘", "不祛痘了", {}),
        ("祛痘", "去掉痘痘", {"beauty": {"blemish": True}}),
        ("去掉反光", "反光不用去", {}),
        ("白底一寸，6寸排版", "不排版了", _WHITE_INCH),
        ("批量换白底", "不用批量", {"background": _WHITE_INCH["background"]}),
        ("放大2倍", "不放大了", {}),
        ("遮住电话", "不用打码了", {}),
        ("去红眼", "no red eyes", {"fix": ["red_eye"]}),
        ("去油光", "不要油光", {"beauty": {"shine": True}}),
        ("一寸，亮一点", "不要太暗", {"size": _WHITE_INCH["size"], "light": {"brightness": "+1"}}),
        ("black and white", "no black and white", {}),
        ("中度磨皮", "磨皮再重一點", {"retouch": "strong"}),
        ("白底一寸", "不要白底，要蓝底", {**_WHITE_INCH, "background": {"type": "solid", "name": "blue"}}),
    ],
)
def test_a_no_takes_back_what_it_names(first: str, second: str, left: dict[str, Any]) -> None:
    """A follow-up that says no to a wish of before must take back that wish and nothing else."""
    assert converse([first, second]).asked == left


def test_spans_quote_the_words_of_both_sentences() -> None:
    """Old and new words must stand in the joined sentence; those of a key that was said anew are gone."""
    reading = converse([_FIRST, "换成红底，磨皮再轻一点", "thanks, two inch"])
    assert all(span.text == reading.sentence[slice(*span.at)] for span in reading.spans)
    words = {(span.key, span.text) for span in reading.spans}
    assert {("background", "红"), ("size", "two inch"), ("light", "亮一点")} <= words
    assert not {("background", "蓝"), ("size", "一寸")} & words


def test_steps_reach_the_plan() -> None:
    """What the words add up to must be what is made; nothing is left out as "a follow-up"."""
    plan, _ = resolve(converse(["白底一寸，轻微磨皮", "再亮一点", "再亮一点", "再亮一点", "再亮一点", "磨皮再重一点"]))
    assert (plan.light.brightness, plan.retouch, plan.unsupported) == (3, Retouch.MEDIUM, ())


def test_nothing_left_is_a_question() -> None:
    """After everything was taken back there is nothing to make."""
    with pytest.raises(Question):
        resolve(converse(["白底一寸", "恢复原样"]))


def test_a_follow_up_is_deterministic() -> None:
    """The same words after the same reading must give the same reading."""
    assert revise(read(_FIRST), "再亮一点，背景再浅一点") == revise(read(_FIRST), "再亮一点，背景再浅一点")


@pytest.mark.parametrize(
    ("sentences", "entities", "exclude"),
    [
        (("遮住电话", "名字也遮一下"), ["phone", "name"], []),
        (("遮住电话和姓名", "姓名不用遮"), ["phone"], ["name"]),
        (("hide my phone number and email", "also hide the address"), ["phone", "email", "address"], []),
    ],
)
def test_what_was_hidden_stays_hidden(sentences: tuple[str, str], entities: list[str], exclude: list[str]) -> None:
    """A later sentence about hiding must join what was said before; only what it spares by name is shown again."""
    redact = converse(sentences).asked["redact"]
    assert sorted(redact["entities"]) == sorted(entities)
    assert redact.get("exclude", []) == exclude
