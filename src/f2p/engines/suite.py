"""The models of one process: opened when first needed, kept warm, shared by all jobs and threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from f2p.engines.generative.lane import Lane
from f2p.engines.generative.opening import open_backend
from f2p.engines.protocols import ExpressionReader, FaceDetector, FaceIdentifier, FaceMesher, Matter, TextReader
from f2p.engines.weights import find_weight, locate
from f2p.settings import Settings

Model = TypeVar("Model")
_USUAL_MATTING = "modnet"


class Engines:
    """Hands out each model behind its protocol; raises ModelMissing or ModelDamaged when one is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = settings.threads or _cores()
        self._lock = threading.Lock()
        self._opened: dict[str, Any] = {}

    @property
    def detector(self) -> FaceDetector:
        from f2p.engines.yunet import YuNet

        return self._once("yunet", YuNet)

    @property
    def mesher(self) -> FaceMesher:
        from f2p.engines.face_mesh import FaceMesh

        return self._once("face-landmarker", lambda path: FaceMesh(path, self._threads))

    @property
    def matter(self) -> Matter:
        if self.matting == _USUAL_MATTING:
            from f2p.engines.modnet import ModNet

            return self._once(_USUAL_MATTING, lambda path: ModNet(path, self._threads))
        with self._lock:
            key = f"own {self.matting}"
            if key not in self._opened:
                self._opened[key] = self._own_matter()
            matter: Matter = self._opened[key]
            return matter

    @property
    def matting(self) -> str:
        """The name of the weights that cut people out, for the report."""
        return self._settings.matting

    def _own_matter(self) -> Matter:
        from f2p.engines.own_weights import OnnxMatter, read_card

        card, weights = read_card(self._settings.models_dir, self.matting)
        return OnnxMatter(self.matting, card, weights, self._threads)

    @property
    def guard(self) -> Matter:
        from f2p.engines.selfie import SelfieSegmenter

        return self._once("selfie-segmentation", lambda path: SelfieSegmenter(path, self._threads))

    @property
    def identifier(self) -> FaceIdentifier:
        from f2p.engines.sface import SFace

        return self._once("sface-int8", lambda path: SFace(path, self._threads))

    @property
    def reader(self) -> TextReader:
        """Reads pages that come in."""
        from f2p.engines.ocr import V6, PaddleReader

        return self._once("text-finder", lambda path: PaddleReader(path, self._path("text-reader"), V6, self._threads))

    @property
    def second_reader(self) -> TextReader:
        """Reads finished pages: other networks, trained on other text."""
        from f2p.engines.ocr import V4, PaddleReader

        return self._once("second-finder", lambda path: PaddleReader(path, self._path("second-reader"), V4, self._threads))

    def _path(self, weight: str) -> Path:
        return locate(find_weight(weight), self._settings)

    @property
    def expressions(self) -> ExpressionReader:
        from f2p.engines.expression import FaceShapes

        return self._once("face-landmarker", lambda path: FaceShapes(path, self._threads), key="expression")

    @property
    def generator(self) -> Lane:
        """The lane to the GPU; what is missing for it is told when the first picture is wanted."""
        with self._lock:
            if "generator" not in self._opened:
                self._opened["generator"] = Lane(self._settings, partial(open_backend, self._settings.generator))
            lane: Lane = self._opened["generator"]
            return lane

    def _once(self, weight: str, open_model: Callable[[Path], Model], key: str = "") -> Model:
        """The model of that weight, opened by the first thread that asks; the others wait for it.

        key: what tells two models of one file apart.
        """
        key = key or weight
        with self._lock:
            if key not in self._opened:
                self._opened[key] = open_model(self._path(weight))
            model: Model = self._opened[key]
            return model


def _cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
