"""LiteRT interpreters that start silently."""

from __future__ import annotations

import os
from typing import Any


def interpreter(model: bytes, threads: int) -> Any:
    """A ready `ai_edge_litert` interpreter for a .tflite file's bytes; its start-up line is kept off the terminal."""
    from ai_edge_litert.interpreter import Interpreter

    quiet, saved = os.open(os.devnull, os.O_WRONLY), os.dup(2)
    try:
        os.dup2(quiet, 2)  # the runtime's C++ log writes "Created TensorFlow Lite XNNPACK delegate" past Python
        net = Interpreter(model_content=model, num_threads=threads)
        net.allocate_tensors()
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(quiet)
    return net
