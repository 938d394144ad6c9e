"""Finished bytes onto a disk: whole or not at all, and never over a file that somebody wants to keep."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from f2p.errors import DiskFull, OutputError, OutputExists, OutputNotWritable, OutputWrong

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""Disk, quota, and the limit on one file's size (`ulimit -f`)."""
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
    """`write_together` for one file."""
    write_together({path: data}, overwrite=overwrite)


def write_together(files: Mapping[Path, bytes], *, overwrite: bool = False) -> None:
    """Writes each path's bytes, making missing folders; afterwards all are there, whole and on the disk, or nothing has changed.

    A temporary file beside each target is written, flushed, read back and compared; only when all are, each is published in one
    step that fails if the name is taken (a hard link), or replaces the old file (a rename) with `overwrite`, keeping its
    permissions. A symbolic link is then written through.
    Raises OutputExists, OutputNotWritable, DiskFull, OutputWrong(what="file") where the disk gives back other bytes.
    """
    for path in files:
        _refuse_taken(path, overwrite=overwrite)
    targets = {path: Path(os.path.realpath(path)) if overwrite else path.absolute() for path in files}
    with ExitStack() as undo, ExitStack() as clean:
        parts = {}
        for path, data in files.items():
            with _explained(path):
                _make_folders(targets[path].parent, undo)
                parts[path] = _beside(targets[path])
                clean.callback(_remove, parts[path])
                _write_through(parts[path], data)
        for path, part in parts.items():
            with _explained(path):
                if not _exists(targets[path]):
                    undo.callback(_remove_if_same, targets[path], part.stat())
                _publish(part, targets[path], overwrite=overwrite)
        undo.pop_all()
    for target in targets.values():
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


def _exists(path: Path) -> bool:
    """Whether something is there; unlike Path.exists, a path through a file is an error, not a no."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.stem[:40]}.{secrets.token_hex(6)}.part")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """System errors become ours, and name the file that was asked for."""
    try:
        yield
    except OSError as error:
        raise _trouble(error, path) from error


def _make_folders(folder: Path, undo: ExitStack) -> None:
    """Makes what is missing, outermost first, so that a failure can take it back innermost first."""
    missing = []
    while not _exists(folder):
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        with suppress(FileExistsError):  # made by another process meanwhile: not ours to remove
            one.mkdir()
            undo.callback(_remove_folder, one)


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
        with suppress(OSError):  # nothing there yet, or a disk without permissions
            part.chmod(stat.S_IMODE(target.stat().st_mode))
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


def _remove_if_same(path: Path, ours: os.stat_result) -> None:
    """Takes a published file back, never somebody else's of the same name."""
    with suppress(OSError):
        if os.path.samestat(path.stat(), ours):
            path.unlink()


def _remove_folder(folder: Path) -> None:
    with suppress(OSError):  # somebody else has put something there meanwhile
        folder.rmdir()


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
