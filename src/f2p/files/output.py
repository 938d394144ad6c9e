"""Finished bytes onto a disk: whole or not at all, and never over a file that somebody wants to keep."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from f2p.errors import DiskFull, OutputError, OutputExists, OutputNotWritable, OutputWrong

_FULL = {errno.ENOSPC, errno.EDQUOT}
_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
_REASONS = {
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EROFS: "read_only_disk",
    errno.ENOENT: "no_folder",
    errno.ENOTDIR: "not_a_folder",
    errno.EISDIR: "is_a_folder",
    errno.ENAMETOOLONG: "name_too_long",
}
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def check_writable(path: Path, *, overwrite: bool = False) -> None:
    """Nothing if a file can be written at `path` now, found by really writing one beside it; asked before long work.

    Folders that are missing are judged by the nearest one that exists, and not made yet.
    Raises OutputExists, OutputNotWritable, DiskFull.
    """
    _refuse_taken(path, overwrite=overwrite)
    folder = path.absolute().parent
    try:
        while not _exists(folder) and folder != folder.parent:
            folder = folder.parent
        probe = _beside(folder / path.name)
        try:
            os.close(os.open(probe, _NEW_FILE, 0o600))
        finally:
            _remove(probe)
    except OSError as error:
        raise _trouble(error, path) from error


def write_new(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Writes `data` to `path`, making missing folders; afterwards the file is there, whole and on the disk, or nothing changed.

    A temporary file beside the target is written, flushed, read back and compared, then published in one step that fails if the
    name is taken (a hard link), or replaces the old file (a rename) with `overwrite`. A symbolic link is written through.
    Raises OutputExists, OutputNotWritable, DiskFull, OutputWrong(what="file") where the disk gives back other bytes.
    """
    _refuse_taken(path, overwrite=overwrite)
    target = Path(os.path.realpath(path)) if overwrite else path.absolute()
    made: list[Path] = []
    part = _beside(target)
    published = False
    try:
        _make_folders(target.parent, made)
        _write_through(part, data)
        _publish(part, target, overwrite=overwrite)
        published = True
    except OSError as error:
        raise _trouble(error, path) from error
    finally:
        _remove(part)
        if not published:
            for folder in reversed(made):
                with suppress(OSError):  # somebody else has put something there meanwhile
                    folder.rmdir()
    _flush_folder(target.parent)


def _refuse_taken(path: Path, *, overwrite: bool) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _trouble(error, path) from error
    if stat.S_ISDIR(mode):
        raise OutputNotWritable(path=str(path), reason="is_a_folder")
    if not stat.S_ISREG(mode):
        raise OutputNotWritable(path=str(path), reason="not_a_file")
    if not overwrite:
        raise OutputExists(path=str(path))
    if not os.access(path, os.W_OK):
        raise OutputNotWritable(path=str(path), reason="no_permission")


def _exists(folder: Path) -> bool:
    """Whether something is there; unlike Path.exists, a path through a file is an error, not a no."""
    try:
        folder.stat()
    except FileNotFoundError:
        return False
    return True


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.stem[:40]}.{secrets.token_hex(6)}.part")


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Makes what is missing and adds it to `made`, outermost first, so that a failure can take it back."""
    missing = []
    while not _exists(folder):
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        with suppress(FileExistsError):  # made by another process meanwhile: not ours to remove
            one.mkdir()
            made.append(one)


def _write_through(part: Path, data: bytes) -> None:
    """Raises OSError, or OutputWrong where the disk gives back other bytes than it took."""
    with os.fdopen(os.open(part, _NEW_FILE, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if part.read_bytes() != data:
        raise OutputWrong(what="file")


def _publish(part: Path, target: Path, *, overwrite: bool) -> None:
    if overwrite:
        part.replace(target)
        return
    try:
        target.hardlink_to(part)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _claim_and_replace(part, target)


def _claim_and_replace(part: Path, target: Path) -> None:
    """For disks without hard links (FAT, some network shares): the name is claimed first, and only our own claim is replaced."""
    os.close(os.open(target, _NEW_FILE, 0o666))
    try:
        part.replace(target)
    except BaseException:
        _remove(target)
        raise


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _flush_folder(folder: Path) -> None:
    """The new name onto the disk too; not every system lets a folder be opened, and the file itself is safe by now."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _trouble(error: OSError, path: Path) -> OutputError:
    if error.errno in _FULL:
        return DiskFull(path=str(path))
    if isinstance(error, FileExistsError):
        return OutputExists(path=str(path))
    return OutputNotWritable(path=str(path), reason=_REASONS.get(error.errno or 0, error.strerror or str(error)))
