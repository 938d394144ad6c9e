"""The page in a real browser: what a person does with it, and what happens when the service dies meanwhile."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.doors.ui.conftest import Served

from f2p.client import Client

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PHOTO = Path(__file__).parents[3] / "face_image.png"
DONE = ".work[data-state=done]"


def opened(chromium: Any, served: Served, locale: str = "zh-CN", width: int = 1280) -> tuple[Any, list[str]]:
    """The page, ready, and every address that it asks for from now on."""
    page = chromium.new_context(locale=locale, viewport={"width": width, "height": 900}).new_page()
    page.set_default_timeout(90_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served.url)
    page.wait_for_selector("#make")
    page.wait_for_selector("#drop .drop")
    return page, asked


def give(page: Any, photo: Path) -> None:
    """A photo into the box; again where the page was still being drawn and did not take it, as a person would."""
    for _ in range(6):
        page.set_input_files("#drop input[type=file]", photo)
        with suppress(Exception):
            page.wait_for_function(f"document.querySelector('#drop .told').textContent === '{photo.name}'", timeout=5_000)
            return
    assert page.inner_text("#drop .told") == photo.name


def hand_in(page: Any, sentence: str) -> None:
    """A photo and a sentence, and the button."""
    give(page, PHOTO)
    page.fill("#sentence textarea", sentence)
    page.wait_for_selector("#chips .chip")
    before = page.url
    page.click("#make")
    page.wait_for_url(lambda url: url != before)


def pressed_until(page: Any, button: str, sentence: str) -> None:
    """Presses until the sentence is that one: chips that are drawn anew under the pointer take no press, as for a person."""
    for _ in range(5):
        page.wait_for_selector(button)
        page.click(button)
        with suppress(Exception):
            page.wait_for_function(f"document.querySelector('#sentence textarea').value === '{sentence}'", timeout=5_000)
            return
    assert page.input_value("#sentence textarea") == sentence


def test_a_photo_goes_in_and_the_very_file_of_the_shelf_comes_out(chromium: Any, served: Served) -> None:
    """Upload, sentence, a chip taken away, result, slider by the keyboard, download; nothing is asked of any other machine."""
    page, asked = opened(chromium, served)
    give(page, PHOTO)
    page.fill("#sentence textarea", "蓝底,一寸,轻微磨皮")
    pressed_until(page, "#chips [data-do=drop][data-key=retouch]", "蓝底,一寸")
    pressed_until(page, "#shortcuts [data-words='白底']", "白底,一寸")
    page.click("#make")
    page.wait_for_selector(DONE)
    assert page.locator(".compare .original").evaluate("picture => picture.naturalWidth") == Image.open(PHOTO).width

    page.focus(".compare input[type=range]")
    page.keyboard.press("Home")
    assert page.locator(".compare").evaluate("one => getComputedStyle(one).getPropertyValue('--at')").strip() == "0%"

    with page.expect_download() as waiting:
        page.click(".downloads.first a.main")
    downloaded = Path(waiting.value.path()).read_bytes()
    job = page.url.partition("job=")[2]
    files = {one.name: one for one in Client(served.url).job(job).files}
    assert waiting.value.suggested_filename == "photo.jpg"
    assert len(downloaded) == files["photo.jpg"].bytes
    picture = Image.open(io.BytesIO(downloaded))
    assert picture.size == (295, 413)
    assert picture.info["dpi"] == (300, 300)
    assert picture.getpixel((3, 3)) == (255, 255, 255)

    with page.expect_download() as waiting:
        page.click(".downloads a[href$='all.zip']")
    assert set(zipfile.ZipFile(waiting.value.path()).namelist()) == set(files)
    assert "annotated.png" in files
    assert [url for url in asked if not url.startswith((served.url, "blob:", "data:"))] == []


def test_a_page_that_lived_through_a_reload_and_a_kill_shows_the_finished_job(chromium: Any, served: Served) -> None:
    """Reloaded, the page holds the same job; the service killed meanwhile and started again, the same page goes on to its end."""
    page, _ = opened(chromium, served)
    hand_in(page, "一寸,白底")
    address = page.url
    served.kill()
    page.wait_for_selector(".lost")
    served.start()
    page.wait_for_selector(DONE)
    assert page.url == address
    assert page.locator(".lost").count() == 0

    hand_in(page, "二寸,蓝底")
    page.reload()
    page.wait_for_selector(DONE)
    assert page.url != address
    assert page.input_value("#sentence textarea") == "二寸,蓝底"
    page.wait_for_selector("#drop .preview img")
    page.click("button[role=tab]:has-text('记录')")
    page.wait_for_selector("#history .history li >> nth=1")
    assert page.locator("#history .state.done").count() >= 2


def test_three_colours_are_three_pictures_to_choose_from(chromium: Any, served: Served) -> None:
    """On a phone, in English: three thumbnails; the one pressed is the one shown; nothing is wider than the screen."""
    page, _ = opened(chromium, served, "en-US", 390)
    page.check("#kind input[value=colours]")
    hand_in(page, "1 inch")
    page.wait_for_selector(DONE)
    assert page.locator(".thumb").all_inner_texts() == ["White", "Blue", "Red"]
    page.click(".thumb >> nth=1")
    assert page.locator(".paper:visible").get_attribute("data-paper") == "1"
    assert "blue" in str(page.locator(".paper:visible .downloads a.main").get_attribute("download"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_wish_that_cannot_be_made_is_told_before_and_after(chromium: Any, served: Served, tmp_path: Path) -> None:
    """No photo: said. A wish the program does not do: said beside the chips. No face: why, and what to do."""
    page, _ = opened(chromium, served)
    page.fill("#sentence textarea", "白底一寸,顺便换身西装")
    page.wait_for_selector("#chips .bad")
    page.click("#make")
    page.wait_for_selector("#alert .trouble")
    Image.new("RGB", (800, 1000), "#7f9fbf").save(tmp_path / "wall.png")
    give(page, tmp_path / "wall.png")
    page.click("#make")
    page.wait_for_selector(".work[data-state=failed] .trouble")
    assert "没有找到人脸" in page.inner_text(".work .trouble")
