"""ONNX Runtime sessions on the CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def session(weights: Path, threads: int) -> Any:
    """A CPU session for `weights`; arenas off where they only hold memory between photos."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


def unfit() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises for a file that is no network, or for inputs that a network does not take."""
    from onnxruntime.capi import onnxruntime_pybind11_state as faults

    of_file = (faults.Fail, faults.InvalidGraph, faults.InvalidProtobuf, faults.NoSuchFile, faults.NotImplemented)
    return (*of_file, faults.InvalidArgument, faults.RuntimeException, ValueError)
