"""YuNet: face boxes and five points (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", MIR 2023; weights MIT)."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from f2p.values.geometry import Box, FaceBox
from f2p.values.pixels import Rgb8

_SCORE = 0.6
_OVERLAP = 0.3
_SIDES_PX = (640, 1280)
"""Long side the picture is brought to: the second only if the first finds nothing (faces under 1/25 of the frame)."""
_SHORTEST_PX = 16
"""A strip thinner than this holds no face that the network could see, and its own layers shrink 32-fold."""


class YuNet:
    """A `FaceDetector` on OpenCV's own runtime; calls are serialised, the network keeps state between them."""

    def __init__(self, weights: Path) -> None:
        import cv2

        self._cv2 = cv2
        self._lock = threading.Lock()
        self._net = cv2.FaceDetectorYN.create(str(weights), "", (320, 320), _SCORE, _OVERLAP, 200)

    def find(self, rgb: Rgb8) -> tuple[FaceBox, ...]:
        """Boxes in px of `rgb`, from left to right."""
        long_side = max(rgb.shape[:2])
        for side in _SIDES_PX:
            found = self._find_at(rgb, min(1.0, side / long_side))
            if found or side >= long_side:
                break
        return tuple(sorted(found, key=lambda face: face.box.left + face.box.right))

    def _find_at(self, rgb: Rgb8, scale: float) -> list[FaceBox]:
        cv2 = self._cv2
        height, width = (round(side * scale) for side in rgb.shape[:2])
        if min(height, width) < _SHORTEST_PX:
            return []
        small = rgb if scale == 1.0 else cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
        with self._lock:
            self._net.setInputSize((width, height))
            _, rows = self._net.detect(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
        if rows is None:
            return []
        factor = np.array([rgb.shape[1] / width, rgb.shape[0] / height], dtype=np.float32)
        faces = []
        numbers = np.asarray(rows, dtype=np.float32)
        for row in numbers[np.isfinite(numbers).all(axis=1)]:
            (left, top), (w, h) = row[0:2] * factor, row[2:4] * factor
            box = Box(float(left), float(top), float(left + w), float(top + h))
            faces.append(FaceBox(box, float(row[14]), row[4:14].reshape(5, 2) * factor))
        return faces
