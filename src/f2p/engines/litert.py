"""LiteRT interpreters that start silently."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_STDERR = 2
_STDERR_LOCK = threading.Lock()
"""File descriptors belong to the whole process: two threads that swap this one at the same time would lose it for good."""


def interpreter(model: bytes, threads: int) -> Any:
    """A ready `ai_edge_litert` interpreter for a .tflite file's bytes; its start-up line is kept off the terminal."""
    from ai_edge_litert.interpreter import Interpreter

    with _native_log_off():
        net = Interpreter(model_content=model, num_threads=threads)
        net.allocate_tensors()
    return net


@contextmanager
def _native_log_off() -> Iterator[None]:
    """The runtime's C++ log writes "Created TensorFlow Lite XNNPACK delegate" past Python: standard error goes nowhere meanwhile.

    Nothing is done where standard error is closed.
    """
    with _STDERR_LOCK:
        saved = _duplicate(_STDERR)
        if saved is None:
            yield
            return
        quiet = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(quiet, _STDERR)
            yield
        finally:
            os.dup2(saved, _STDERR)
            os.close(saved)
            os.close(quiet)


def _duplicate(descriptor: int) -> int | None:
    try:
        return os.dup(descriptor)
    except OSError:
        return None
