"""Where the photos are: files, folders with all below them, patterns, zips."""

from __future__ import annotations

import glob
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from f2p.errors import NoPhotos, UnreadablePath
from f2p.values.batch import Source

PICTURES = frozenset({"jpg", "jpeg", "jpe", "jfif", "png", "webp", "tif", "tiff", "bmp", "gif", "heic", "heif", "avif", "mpo"})
"""Endings of files that are opened; what is inside is judged by content."""
TABLES = frozenset({"xlsx", "xlsm", "xls", "csv", "tsv"})


def ending(name: str) -> str:
    """The lower-case type in a file's name, "" without one."""
    return name.rpartition(".")[2].lower() if "." in name.lstrip(".") else ""


def find_sources(inputs: Iterable[Path], leave_out: Path) -> tuple[Source, ...]:
    """Every photo below `inputs`, each once, ordered by key; nothing in or below `leave_out`. Raises NoPhotos, UnreadablePath.

    A key is the place below the folder or zip that was named; of two that share one, the later gets its folder in front.
    """
    inputs = tuple(inputs)
    found: dict[str, Source] = {}
    taken: set[tuple[str, str]] = set()
    for place in inputs:
        for source in _below(place, leave_out):
            if (source.path, source.member) in taken:
                continue
            taken.add((source.path, source.member))
            found[_free_key(source, found)] = source
    if not found:
        raise NoPhotos(path=", ".join(map(str, inputs)))
    renamed = (Source(key=key, path=one.path, member=one.member, size=one.size, stamp=one.stamp) for key, one in found.items())
    return tuple(sorted(renamed, key=lambda source: source.key))


def read_source(source: Source, most_bytes: int) -> bytes:
    """The photo's bytes, at most one more than `most_bytes`. Raises UnreadablePath."""
    try:
        if source.member:
            with zipfile.ZipFile(source.path) as archive, archive.open(source.member) as file:
                return file.read(most_bytes + 1)
        with Path(source.path).open("rb") as file:
            return file.read(most_bytes + 1)
    except (OSError, KeyError, RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
        raise UnreadablePath(path=source.name, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "not_found"
    if isinstance(error, PermissionError):
        return "no_permission"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _free_key(source: Source, found: dict[str, Source]) -> str:
    key, folder = source.key, Path(source.path).parent
    while key in found:
        key, folder = f"{folder.name or 'photos'}/{key}", folder.parent
    return key


def _below(place: Path, leave_out: Path) -> Iterator[Source]:
    if place.is_dir():
        yield from _in_folder(place, leave_out)
    elif place.is_file() and ending(place.name) == "zip":
        yield from _in_zip(place)
    elif place.is_file():
        yield _file(place, place.name)
    elif glob.has_magic(str(place)):
        for path in sorted(Path(one) for one in glob.glob(str(place), recursive=True)):  # noqa: PTH207 - absolute patterns
            if path.is_file() and ending(path.name) in PICTURES and not _within(path, leave_out):
                yield _file(path, path.name)
    else:
        raise UnreadablePath(path=str(place), reason="not_found")


def _in_folder(folder: Path, leave_out: Path) -> Iterator[Source]:
    """Without hidden files and folders; links to folders are not followed, so that nothing comes twice or for ever."""
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _within(here / name, leave_out))
        for name in sorted(names):
            if not name.startswith(".") and ending(name) in PICTURES and (here / name).is_file():
                yield _file(here / name, (here / name).relative_to(folder).as_posix())


def _within(path: Path, folder: Path) -> bool:
    return path.absolute().is_relative_to(folder.absolute())


def _file(path: Path, key: str) -> Source:
    found = path.stat()
    return Source(key=key, path=str(path.absolute()), size=found.st_size, stamp=f"{found.st_size}-{found.st_mtime_ns}")


def _in_zip(path: Path) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = _member_name(info)
                parts = [part for part in name.split("/") if part not in ("", ".", "..")]
                hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
                if info.is_dir() or hidden or not parts or ending(parts[-1]) not in PICTURES:
                    continue
                stamp = f"{info.file_size}-{info.CRC:08x}"
                yield Source(
                    key="/".join(parts), path=str(path.absolute()), member=info.filename, size=info.file_size, stamp=stamp
                )
    except (OSError, zipfile.BadZipFile) as error:
        raise UnreadablePath(path=str(path), reason="undecodable") from error


def _member_name(info: zipfile.ZipInfo) -> str:
    """Zips made on Chinese Windows hold GBK names without saying so; Python reads them as cp437."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
