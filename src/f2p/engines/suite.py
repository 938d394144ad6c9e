"""The models of one process: opened when first needed, kept warm, shared by all jobs."""

from __future__ import annotations

import os
from functools import cached_property

from f2p.engines.protocols import FaceDetector, FaceIdentifier, FaceMesher, Matter
from f2p.engines.weights import find_weight, locate
from f2p.settings import Settings


class Engines:
    """Hands out each model behind its protocol; raises ModelMissing or ModelDamaged when one is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = (
            settings.threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else settings.threads or 2
        )

    @cached_property
    def detector(self) -> FaceDetector:
        from f2p.engines.yunet import YuNet

        return YuNet(locate(find_weight("yunet"), self._settings))

    @cached_property
    def mesher(self) -> FaceMesher:
        from f2p.engines.face_mesh import FaceMesh

        return FaceMesh(locate(find_weight("face-landmarker"), self._settings), self._threads)

    @cached_property
    def matter(self) -> Matter:
        from f2p.engines.modnet import ModNet

        return ModNet(locate(find_weight("modnet"), self._settings), self._threads)

    @cached_property
    def guard(self) -> Matter:
        from f2p.engines.selfie import SelfieSegmenter

        return SelfieSegmenter(locate(find_weight("selfie-segmentation"), self._settings), self._threads)

    @cached_property
    def identifier(self) -> FaceIdentifier:
        from f2p.engines.sface import SFace

        return SFace(locate(find_weight("sface-int8"), self._settings), self._threads)
