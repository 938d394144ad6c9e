"""The bytes of a photo that somebody named on the command line."""

from __future__ import annotations

from pathlib import Path

from f2p.errors import TooLarge, UnreadablePath
from f2p.settings import Settings


def read_photo(path: Path, settings: Settings) -> bytes:
    """All bytes of the file. Raises UnreadablePath; TooLarge before reading more than the settings allow."""
    try:
        if path.is_dir():
            raise UnreadablePath(path=str(path), reason="is_a_folder")
        size = path.stat().st_size
        if size > settings.max_input_bytes:
            raise TooLarge(name=path.name, what="bytes", value=size, limit=settings.max_input_bytes)
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadablePath(path=str(path), reason="not_found") from None
    except PermissionError:
        raise UnreadablePath(path=str(path), reason="no_permission") from None
    except OSError as error:
        raise UnreadablePath(path=str(path), reason=error.strerror or str(error)) from error
