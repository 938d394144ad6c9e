"""The service's log lines: time, level, where, then what as key=value. Job numbers and kinds of errors; no names, no pixels."""

from __future__ import annotations

import logging
import logging.handlers
import os
import time
from pathlib import Path

_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s[%(process)d] %(message)s"
_ROTATE_BYTES = 5 * 2**20
_KEPT = 3


def log_to_stderr() -> None:
    """A child's lines go to the process that started it, which owns the file."""
    _use(logging.StreamHandler())


def log_to_file(path: Path) -> None:
    """The starting process's own lines, and its children's, into one file that is renamed when it is large."""
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=_ROTATE_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)
    _use(handler)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))


def _use(handler: logging.Handler) -> None:
    formatter = _Lines(_FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(os.environ.get("F2P_LOG_LEVEL") or "INFO")


class _Lines(logging.Formatter):
    """A child's line, which is complete already, goes through as it is."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        return record.getMessage() if record.name == CHILD else super().format(record)


CHILD = "f2p.child"
