"""MediaPipe Selfie Segmentation: a coarse but semantic person mask (Google; model card Apache-2.0), run by LiteRT."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from f2p.engines.litert import interpreter
from f2p.values.pixels import Matte, Rgb8

_SIDE_PX = 256


class SelfieSegmenter:
    """A `Matter` that knows what a person is and nothing about hair: it guards the fine network against islands and holes."""

    def __init__(self, weights: Path, threads: int) -> None:
        import cv2

        self._cv2 = cv2
        self._lock = threading.Lock()
        self._net = interpreter(weights.read_bytes(), threads)
        self._input = self._net.get_input_details()[0]["index"]
        self._output = self._net.get_output_details()[0]["index"]

    def matte(self, rgb: Rgb8) -> Matte:
        """Soft mask at the size of `rgb`, seen by the network at 256 × 256."""
        cv2 = self._cv2
        small = cv2.resize(rgb, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
        with self._lock:
            self._net.set_tensor(self._input, small[None].astype(np.float32) / np.float32(255.0))
            self._net.invoke()
            mask = self._net.get_tensor(self._output)[0, :, :, 0].copy()
        full = cv2.resize(mask, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
        return Matte(np.clip(full, 0.0, 1.0).astype(np.float32))
