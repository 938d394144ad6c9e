"""MediaPipe Face Landmarker's second network: 52 expression scores from the mesh (Google; model card
Apache-2.0), run by LiteRT.
"""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import numpy as np

from f2p.engines.litert import interpreter
from f2p.values.geometry import Points

_POINTS = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80, 81, 82,
    84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158,
    159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282,
    283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356,
    361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409,
    415, 454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
)  # fmt: skip
"""Mesh points that the network reads, in its order (MediaPipe, face_blendshapes_graph)."""
_PLACES = {
    "blink": (9, 10),
    "look_down": (11, 12),
    "look_in": (13, 14),
    "look_out": (15, 16),
    "look_up": (17, 18),
    "squint": (19, 20),
}
_MOUTH = {"jaw_open": (25, 25), "smile": (44, 45), "brow_down": (1, 2)}
"""Where the scores stand in the output: left and right of the person (ARKit's 52 names in MediaPipe's order)."""


class FaceShapes:
    """An `ExpressionReader`. Calls are serialised."""

    def __init__(self, task: Path, threads: int) -> None:
        self._lock = threading.Lock()
        with zipfile.ZipFile(task) as archive:
            self._net = interpreter(archive.read("face_blendshapes.tflite"), threads)
        self._input = self._net.get_input_details()[0]["index"]
        self._output = self._net.get_output_details()[0]["index"]

    def read(self, mesh: Points) -> dict[str, tuple[float, float]]:
        """Scores 0..1 of the person's left and right side, by name."""
        with self._lock:
            self._net.set_tensor(self._input, mesh[None, list(_POINTS)].astype(np.float32))
            self._net.invoke()
            scores = self._net.get_tensor(self._output).ravel().copy()
        return {name: (float(scores[left]), float(scores[right])) for name, (left, right) in (_PLACES | _MOUTH).items()}
