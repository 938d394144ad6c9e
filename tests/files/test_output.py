"""Writing: whole or not at all, never over somebody's file, and nothing left behind after any failure."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from f2p.errors import DiskFull, OutputExists, OutputNotWritable, OutputWrong
from f2p.files import output
from f2p.files.output import check_writable, write_new, write_together

DATA = b"finished " * 1000


def left_in(folder: Path) -> list[str]:
    """Every name under the folder, hidden ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_new_file_in_new_folders(tmp_path: Path) -> None:
    """The bytes are there, missing folders are made, and the permissions are those of any new file."""
    path = tmp_path / "output" / "today" / "me.jpg"
    check_writable(path)
    assert left_in(tmp_path) == [], "asking makes no folders"
    write_new(path, DATA)
    assert path.read_bytes() == DATA and left_in(path.parent) == ["me.jpg"]
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    assert path.stat().st_nlink == 1


def test_an_existing_file_is_kept(tmp_path: Path) -> None:
    """Without `overwrite` the old file stays, byte for byte, and the early question says so too."""
    path = tmp_path / "me.jpg"
    path.write_bytes(b"old")
    for act in (lambda: check_writable(path), lambda: write_new(path, DATA)):
        with pytest.raises(OutputExists) as caught:
            act()
        assert caught.value.params == {"path": str(path)}
    assert path.read_bytes() == b"old" and left_in(tmp_path) == ["me.jpg"]


def test_overwrite_replaces(tmp_path: Path) -> None:
    """With `overwrite` the new bytes stand under the old name, through a symbolic link as well."""
    path, link = tmp_path / "me.jpg", tmp_path / "link.jpg"
    path.write_bytes(b"old")
    link.symlink_to(path)
    check_writable(link, overwrite=True)
    write_new(link, DATA, overwrite=True)
    assert path.read_bytes() == DATA and link.is_symlink()
    assert left_in(tmp_path) == ["link.jpg", "me.jpg"]


def test_a_file_that_appears_in_between_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that somebody makes after the first look and before the last step is not overwritten."""
    path = tmp_path / "me.jpg"
    write_through = output._write_through

    def slow(part: Path, data: bytes) -> None:
        write_through(part, data)
        path.write_bytes(b"theirs")

    monkeypatch.setattr(output, "_write_through", slow)
    with pytest.raises(OutputExists):
        write_new(path, DATA)
    assert path.read_bytes() == b"theirs" and left_in(tmp_path) == ["me.jpg"]


RACER = """
import sys
from pathlib import Path
from f2p.errors import OutputExists
from f2p.files.output import write_new
sys.stdin.read(1)
try:
    write_new(Path(sys.argv[1]), sys.argv[2].encode() * 100_000)
    print("won")
except OutputExists:
    print("lost")
"""


def test_of_several_processes_one_wins(tmp_path: Path) -> None:
    """Six processes write the same name at once: one file, whole, from one of them; the others are told."""
    path = tmp_path / "me.jpg"
    command = [sys.executable, "-c", RACER, str(path)]
    racers = [
        subprocess.Popen([*command, letter], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for letter in "abcdef"
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("g")
        racer.stdin.flush()
    answers = [racer.communicate()[0].strip() for racer in racers]
    assert sorted(answers) == ["lost"] * 5 + ["won"]
    assert path.read_bytes() == "abcdef"[answers.index("won")].encode() * 100_000
    assert left_in(tmp_path) == ["me.jpg"]


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    """A folder of that name is never written into or replaced."""
    for act in (check_writable, lambda path, overwrite: write_new(path, DATA, overwrite=overwrite)):
        with pytest.raises(OutputNotWritable) as caught:
            act(tmp_path, overwrite=True)
        assert caught.value.params == {"path": str(tmp_path), "reason": "is_a_folder"}


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    """A path through a file is refused by both questions, and names the reason."""
    (tmp_path / "file").write_bytes(b"x")
    for path in (tmp_path / "file" / "me.jpg", tmp_path / "file" / "deeper" / "me.jpg"):
        for act in (lambda path=path: check_writable(path), lambda path=path: write_new(path, DATA)):
            with pytest.raises(OutputNotWritable) as caught:
                act()
            assert caught.value.params["reason"] == "not_a_folder"
    assert left_in(tmp_path) == ["file"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that refuses even root")
@pytest.mark.parametrize("path", ["/proc/me.jpg", "/proc/new/me.jpg", "/sys/me.jpg"])
def test_a_place_where_nobody_may_write(path: str) -> None:
    """A read-only place is refused early and late, with a reason."""
    for act in (lambda: check_writable(Path(path)), lambda: write_new(Path(path), DATA)):
        with pytest.raises(OutputNotWritable) as caught:
            act()
        assert caught.value.params["path"] == path and caught.value.params["reason"]


@pytest.fixture
def nobody() -> Iterator[None]:
    """Root's rights laid down for one test: permissions do not bind root."""
    if os.name != "posix":
        pytest.skip("needs POSIX permissions")
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder with one file, both read-only, at the end of a path that everybody may walk."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old.jpg").write_bytes(b"old")
    (folder / "old.jpg").chmod(0o444)
    folder.chmod(0o555)
    walk = [parent for parent in folder.parents if parent.stat().st_uid == os.geteuid() and len(parent.parts) > 2]
    modes = [(parent, parent.stat().st_mode) for parent in walk]
    for parent in walk:
        parent.chmod(0o755)
    yield folder
    for parent, mode in modes:
        parent.chmod(mode & 0o7777)
    folder.chmod(0o755)


def test_a_read_only_folder(read_only: Path, nobody: None) -> None:
    """A folder without the right to write is named as that, early and late, and its files stay."""
    for path in (read_only / "me.jpg", read_only / "new" / "me.jpg", read_only / "old.jpg"):
        for act in (check_writable, lambda path, overwrite: write_new(path, DATA, overwrite=overwrite)):
            with pytest.raises(OutputNotWritable) as caught:
                act(path, overwrite=True)
            assert caught.value.params == {"path": str(path), "reason": "no_permission"}
    assert left_in(read_only) == ["old.jpg"] and (read_only / "old.jpg").read_bytes() == b"old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device")
def test_devices_are_no_files() -> None:
    """A device is not replaced by a picture."""
    with pytest.raises(OutputNotWritable) as caught:
        write_new(Path("/dev/full"), DATA, overwrite=True)
    assert caught.value.params["reason"] == "not_a_file"
    assert Path("/dev/full").is_char_device()


def test_a_name_too_long(tmp_path: Path) -> None:
    """A name beyond what the disk takes is refused before any work."""
    for act in (check_writable, lambda path: write_new(path, DATA)):
        with pytest.raises(OutputNotWritable) as caught:
            act(tmp_path / ("x" * 300 + ".jpg"))
        assert caught.value.params["reason"] == "name_too_long"


def test_the_longest_name_works(tmp_path: Path) -> None:
    """A name of full length, in Chinese, leaves room for the temporary file beside it."""
    path = tmp_path / ("证" * 83 + ".jpg")
    write_new(path, DATA)
    assert left_in(tmp_path) == [path.name]


def test_a_full_disk(tiny_disk: Path) -> None:
    """A real full disk: told as that, nothing left on it, not even the folders, and the old file stays."""
    (tiny_disk / "old.jpg").write_bytes(b"old")
    for path, overwrite in ((tiny_disk / "a" / "b" / "me.jpg", False), (tiny_disk / "old.jpg", True)):
        with pytest.raises(DiskFull) as caught:
            write_new(path, b"x" * 200_000, overwrite=overwrite)
        assert caught.value.params == {"path": str(path)}
    assert left_in(tiny_disk) == ["old.jpg"]
    assert (tiny_disk / "old.jpg").read_bytes() == b"old"
    write_new(tiny_disk / "small.jpg", b"fits")
    assert (tiny_disk / "small.jpg").read_bytes() == b"fits"


LIMITED = """
import resource, sys
from pathlib import Path
from f2p.errors import F2PError
from f2p.files.output import write_new
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    write_new(Path(sys.argv[1]), b"x" * 200_000)
except F2PError as error:
    print(error.code)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs resource limits")
def test_a_write_that_stops_half_way(tmp_path: Path) -> None:
    """A limit on file sizes stops the write in the middle: an error of ours, and no half file under any name."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "new" / "me.jpg")], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "disk_full"
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_quota_counts_as_full(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A used-up quota, also one that shows only when flushing, is a full disk."""

    def refuse(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DiskFull):
        write_new(tmp_path / "new" / "me.jpg", DATA)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("step", ["_write_through", "_publish"])
def test_interrupted_at_any_step(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle leaves neither a temporary file nor an empty folder."""
    original = getattr(output, step)

    def interrupted(part: Path, *rest: object, **options: object) -> None:
        if step == "_write_through":
            original(part, *rest, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(output, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_new(tmp_path / "new" / "me.jpg", DATA)
    assert left_in(tmp_path) == []


def test_a_disk_that_gives_back_other_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read back is compared before the name is given."""
    monkeypatch.setattr(Path, "read_bytes", lambda _path: b"other")
    with pytest.raises(OutputWrong):
        write_new(tmp_path / "me.jpg", DATA)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("taken", [False, True])
def test_a_disk_without_hard_links(taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On FAT and the like the name is claimed first: same promise, nothing overwritten."""
    path = tmp_path / "me.jpg"

    def refuse(_path: Path, _target: Path) -> None:
        if taken:
            path.write_bytes(b"theirs")
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    if taken:
        with pytest.raises(OutputExists):
            write_new(path, DATA)
    else:
        write_new(path, DATA)
    assert path.read_bytes() == (b"theirs" if taken else DATA)
    assert left_in(tmp_path) == ["me.jpg"]


def test_files_that_belong_together_come_together(tmp_path: Path, tiny_disk: Path) -> None:
    """When one of them has no room, none is left, and no folder either; old files stay."""
    photo = tmp_path / "out" / "me.jpg"
    with pytest.raises(DiskFull) as caught:
        write_together({photo: DATA, tiny_disk / "me.json": b"x" * 200_000})
    assert caught.value.params == {"path": str(tiny_disk / "me.json")}
    assert left_in(tmp_path) == ["disk"]
    (tmp_path / "old.jpg").write_bytes(b"old")
    with pytest.raises(DiskFull):
        write_together({tmp_path / "old.jpg": DATA, tiny_disk / "me.json": b"x" * 200_000}, overwrite=True)
    assert (tmp_path / "old.jpg").read_bytes() == b"old"
    write_together({photo: DATA, tiny_disk / "me.json": b"{}"})
    assert left_in(tmp_path) == ["disk", "disk/me.json", "old.jpg", "out", "out/me.jpg"]


def test_a_name_taken_at_the_last_moment_takes_all_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second file that cannot be published takes the first one away again, and leaves the stranger's alone."""
    write_through = output._write_through

    def slow(part: Path, data: bytes) -> None:
        write_through(part, data)
        (tmp_path / "me.json").write_bytes(b"theirs")

    monkeypatch.setattr(output, "_write_through", slow)
    with pytest.raises(OutputExists):
        write_together({tmp_path / "me.jpg": DATA, tmp_path / "me.json": b"{}"})
    assert left_in(tmp_path) == ["me.json"] and (tmp_path / "me.json").read_bytes() == b"theirs"


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
def test_overwriting_keeps_the_permissions(tmp_path: Path) -> None:
    """A photo that only its owner could read stays one."""
    path = tmp_path / "me.jpg"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write_new(path, DATA, overwrite=True)
    assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o600, DATA)
