"""MODNet: portrait matting (Ke et al., AAAI 2022; weights Apache-2.0), run by ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from f2p.engines.onnx import session
from f2p.values.pixels import Matte, Rgb8

_SHORT_SIDE_PX = 512
"""Best input size measured; above it the network loses the body, so crop to the person first."""
_LONG_SIDE_PX = 768
_STRIDE_PX = 32


class ModNet:
    """A `Matter` for a crop that shows one person from the head to the chest."""

    def __init__(self, weights: Path, threads: int) -> None:
        import cv2

        self._cv2 = cv2
        self._net = session(weights, threads)

    def matte(self, rgb: Rgb8) -> Matte:
        """Alpha at the size of `rgb`; the network itself sees it with the short side at 512 px."""
        cv2 = self._cv2
        height, width = rgb.shape[:2]
        size = _input_size(width, height)
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        blob = (small.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]
        alpha = self._net.run(None, {"input": np.ascontiguousarray(blob)})[0][0, 0]
        if size != (width, height):
            alpha = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR)
        return Matte(np.clip(alpha, 0.0, 1.0).astype(np.float32))


def _input_size(width: int, height: int) -> tuple[int, int]:
    """(width, height) the network gets: short side 512, long side at most 768, multiples of 32."""
    scale = min(_SHORT_SIDE_PX / min(width, height), _LONG_SIDE_PX / max(width, height))
    return tuple(max(_STRIDE_PX, round(side * scale / _STRIDE_PX) * _STRIDE_PX) for side in (width, height))  # type: ignore[return-value]
