"""The bytes of a photo that somebody named on the command line."""

from __future__ import annotations

import stat
from pathlib import Path

from f2p.errors import TooLarge, UnreadablePath
from f2p.settings import Settings


def read_photo(path: Path, settings: Settings) -> bytes:
    """All bytes of the file. Raises UnreadablePath, TooLarge; never reads more than one byte beyond what the settings allow.

    Devices and pipes are refused before they are opened: they may never end, or never begin.
    """
    limit = settings.max_input_bytes
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            reason = "folder_wants_batch" if stat.S_ISDIR(found.st_mode) else "not_a_file"
            raise UnreadablePath(path=str(path), reason=reason)
        with path.open("rb") as file:
            data = file.read(min(found.st_size, limit) + 1)
            while len(data) <= limit and (more := file.read(limit + 1 - len(data))):  # it grows, or its size is not told (/proc)
                data += more
    except FileNotFoundError:
        raise UnreadablePath(path=str(path), reason="not_found") from None
    except PermissionError:
        raise UnreadablePath(path=str(path), reason="no_permission") from None
    except OSError as error:
        raise UnreadablePath(path=str(path), reason=error.strerror or str(error)) from error
    if len(data) > limit:
        raise TooLarge(name=path.name, what="bytes", value=max(found.st_size, len(data)), limit=limit)
    return data
