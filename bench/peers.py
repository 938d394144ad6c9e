"""Other networks that registries carry, run on the whole picture as their authors do; for measuring only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from f2p.engines.litert import interpreter
from f2p.engines.own_weights import Card, OnnxMatter
from f2p.engines.protocols import Matter
from f2p.values.pixels import Matte, Rgb8

_IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
_ANY_OBJECT = Card(width_px=320, height_px=320, stretch=True, **_IMAGENET)
_ISNET = Card(width_px=1024, height_px=1024, mean=(0.502, 0.502, 0.502), std=(1.004, 1.004, 1.004))
_RVM = Card(
    short_side_px=1024, long_side_px=1024, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0), input="src", output="pha",
    feeds={f"r{k}i": [[[[0.0]]]] for k in (1, 2, 3, 4)} | {"downsample_ratio": [0.5]},
)  # fmt: skip
ONNX = {
    "U2-Netp": ("u2netp.onnx", _ANY_OBJECT),
    "Silueta": ("silueta.onnx", _ANY_OBJECT),
    "U2-Net": ("u2net.onnx", _ANY_OBJECT),
    "ISNet fp16": ("isnet_fp16.onnx", _ISNET),
    "ISNet uint8": ("isnet_quint8.onnx", _ISNET),
    "RVM": ("rvm_mobilenetv3_fp32.onnx", _RVM),
}
TFLITE = {"selfie_segmenter": "selfie_segmenter.tflite", "selfie_multiclass": "selfie_multiclass_256x256.tflite"}


def peers(folder: Path) -> Iterator[tuple[str, Matter]]:
    """Each network whose file lies in `folder`; says which are missing."""
    for name, (file, card) in ONNX.items():
        if (folder / file).is_file():
            yield name, OnnxMatter(name, card, folder / file, threads=2)
        else:
            print(f"{name}: no {file} in {folder}, skipped")
    for name, file in TFLITE.items():
        if (folder / file).is_file():
            yield name, Segmenter(folder / file)
        else:
            print(f"{name}: no {file} in {folder}, skipped")


class Segmenter:
    """MediaPipe's selfie networks: one channel is the person; of several classes the first is the backdrop."""

    def __init__(self, weights: Path) -> None:
        self._net = interpreter(weights.read_bytes(), 2)
        self._input, self._output = self._net.get_input_details()[0], self._net.get_output_details()[0]

    def matte(self, rgb: Rgb8) -> Matte:
        """Alpha at the size of `rgb`."""
        height, width = self._input["shape"][1:3]
        small = cv2.resize(rgb, (int(width), int(height)), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
        several = self._output["shape"][3] > 1
        self._net.set_tensor(self._input["index"], (2.0 * small - 1.0 if several else small)[None])
        self._net.invoke()
        classes = self._net.get_tensor(self._output["index"])[0]
        mask = (classes.argmax(axis=2) > 0).astype(np.float32) if several else classes[:, :, 0]
        return Matte(np.clip(cv2.resize(mask, rgb.shape[1::-1]), 0.0, 1.0).astype(np.float32))
