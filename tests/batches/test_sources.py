"""Photos are found in folders, patterns and zips, each once, and never in the folder of the results."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from f2p.batches.sources import find_sources, read_source
from f2p.errors import NoPhotos, UnreadablePath


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder as people have them."""
    for name in ("a.jpg", "class 2/b.PNG", "class 2/notes.txt", ".hidden/c.jpg", "out/photos/a.jpg", "._a.jpg"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path / "in"


def test_folders_are_searched_to_the_bottom(place: Path) -> None:
    """Pictures only, nothing hidden, nothing of the results."""
    assert [one.key for one in find_sources([place], place / "out")] == ["a.jpg", "class 2/b.PNG"]


def test_patterns_and_files_name_each_photo_once(place: Path) -> None:
    """A photo that is named twice is one photo; two of one name are told apart by their folders."""
    (place / "class 3").mkdir()
    (place / "class 3" / "b.PNG").write_bytes(b"other")
    found = find_sources([place / "a.jpg", Path(f"{place}/*.jpg"), place / "class 2", place / "class 3"], place / "out")

    assert [one.key for one in found] == ["a.jpg", "b.PNG", "class 3/b.PNG"]


def test_a_zip_made_on_chinese_windows_keeps_its_names(tmp_path: Path) -> None:
    """Names in GBK without a flag, a Mac's own folder, and paths that climb out."""
    path = tmp_path / "照片.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("?????.jpg", b"one")
        archive.writestr("__MACOSX/._x.jpg", b"mac")
        archive.writestr("../../evil.jpg", b"evil")
    raw = path.read_bytes().replace(b"?????", "张三1".encode("gbk"))
    path.write_bytes(raw)
    found = find_sources([path], tmp_path / "out")

    assert [one.key for one in found] == ["evil.jpg", "张三1.jpg"]
    assert read_source(found[1], 100) == b"one"


def test_nothing_found_is_told(tmp_path: Path) -> None:
    """An empty folder and a place that is not there are two troubles."""
    with pytest.raises(NoPhotos):
        find_sources([tmp_path], tmp_path / "out")
    with pytest.raises(UnreadablePath):
        find_sources([tmp_path / "nowhere"], tmp_path / "out")
