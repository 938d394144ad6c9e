"""The house checks itself: what a start may load, and that every room is importable on its own."""

from __future__ import annotations

import importlib.util
import json
import pkgutil
import subprocess
import sys

import pytest

HEAVY = ("onnxruntime", "ai_edge_litert", "torch", "cv2", "gradio", "numpy", "scipy", "PIL", "pi_heif", "pillow_heif")
IMPORT_ALL = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps([*sys.modules]))
"""


def _modules_under(room: str) -> list[str]:
    spec = importlib.util.find_spec(room)
    assert spec is not None
    inside = pkgutil.walk_packages(spec.submodule_search_locations or [], f"{room}.")
    return [room, *(module.name for module in inside)]


def _loaded_by(modules: list[str]) -> set[str]:
    answer = subprocess.run([sys.executable, "-c", IMPORT_ALL, *modules], capture_output=True, text=True, check=True)
    return set(json.loads(answer.stdout))


@pytest.mark.parametrize("room", ["f2p.doors", "f2p.batches", "f2p.studio", "f2p.language", "f2p.catalogue"])
def test_reading_words_loads_no_pixels(room: str) -> None:
    """Importing every door, the studio, the reader and the tables in a fresh process leaves picture and model libraries alone.

    What the page is drawn with is the page's own affair: only `f2p serve` imports it.
    """
    modules = [module for module in _modules_under(room) if not module.startswith("f2p.doors.ui.")]
    assert not _loaded_by(modules) & set(HEAVY)


def test_importing_the_engines_starts_no_model_runtime() -> None:
    """A runtime is loaded by the engine that runs a model, when it is made."""
    assert not _loaded_by(_modules_under("f2p.engines")) & {"onnxruntime", "ai_edge_litert", "torch"}
