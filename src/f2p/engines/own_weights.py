"""A person's own matting weights: any ONNX network that turns a picture into an alpha, described by a card beside it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from f2p.engines.onnx import session, unfit
from f2p.errors import OwnWeights
from f2p.values.pixels import Matte, Rgb8


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What NAME.toml says about NAME.onnx; docs/setup.md explains each line."""

    file: str = ""
    """Empty: NAME.onnx."""
    licence: str = ""
    origin: str = ""
    width_px: int | None = None
    """With height_px: the one size that the network takes; without: the sides below."""
    height_px: int | None = None
    short_side_px: int = 512
    long_side_px: int = 1024
    multiple_px: int = 32
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    std: tuple[float, float, float] = (0.5, 0.5, 0.5)
    """Of colours in 0..1."""
    order: Literal["RGB", "BGR"] = "RGB"
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    input: str = ""
    output: str = ""
    """Empty: the network's first."""
    sigmoid: bool = False
    stretch: bool = False
    """Move the lowest value to 0 and the highest to 1, as networks for any object want it."""
    feeds: dict[str, Any] = field(default_factory=dict)
    """Further inputs and their constant values."""


def read_card(folder: Path, name: str) -> tuple[Card, Path]:
    """The card NAME.toml of a models folder and the file that it describes. Raises OwnWeights."""
    path = folder / f"{name}.toml"
    try:
        card = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Card, strict=False)
    except FileNotFoundError:
        raise OwnWeights(name=name, path=str(path), reason="not_found") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise OwnWeights(name=name, path=str(path), reason=str(error)) from error
    weights = folder / (card.file or f"{name}.onnx")
    if not weights.is_file():
        raise OwnWeights(name=name, path=str(weights), reason="not_found")
    return card, weights


class OnnxMatter:
    """A `Matter` of any ONNX network, fed as its card says."""

    def __init__(self, name: str, card: Card, weights: Path, threads: int) -> None:
        import cv2

        self._cv2, self._name, self._card, self._path = cv2, name, card, str(weights)
        try:
            self._net = session(weights, threads)
            self._feeds = {key: np.asarray(value, dtype=np.float32) for key, value in card.feeds.items()}
        except unfit() as error:
            raise OwnWeights(name=name, path=self._path, reason=_first_line(error)) from error
        free = [one.name for one in self._net.get_inputs() if one.name not in self._feeds]
        self._input = card.input or free[0]
        self._output = card.output or self._net.get_outputs()[0].name
        self._dtype = np.float16 if "float16" in self._net.get_inputs()[0].type else np.float32

    def matte(self, rgb: Rgb8) -> Matte:
        """Alpha at the size of `rgb`. Raises OwnWeights where network and card do not fit together."""
        height, width = rgb.shape[:2]
        small = self._cv2.resize(rgb, self._size(width, height), interpolation=self._cv2.INTER_AREA)
        blob = self._fed(np.asarray(small, dtype=np.uint8))
        try:
            out = self._net.run([self._output], {self._input: blob, **self._feeds})[0]
        except unfit() as error:
            raise OwnWeights(name=self._name, path=self._path, reason=_first_line(error)) from error
        alpha: NDArray[Any] = np.asarray(out, dtype=np.float32).squeeze()
        if alpha.ndim != 2:
            raise OwnWeights(name=self._name, path=self._path, reason=f"output {self._output} is {alpha.shape}, no (H, W)")
        if self._card.sigmoid:
            alpha = 1.0 / (1.0 + np.exp(-alpha))
        if self._card.stretch:
            low, high = float(alpha.min()), float(alpha.max())
            alpha = (alpha - low) / max(high - low, 1e-6)
        if alpha.shape != (height, width):
            alpha = self._cv2.resize(alpha, (width, height), interpolation=self._cv2.INTER_LINEAR)
        return Matte(np.clip(alpha, 0.0, 1.0).astype(np.float32))

    def _size(self, width: int, height: int) -> tuple[int, int]:
        card = self._card
        if card.width_px is not None and card.height_px is not None:
            return card.width_px, card.height_px
        scale = min(card.short_side_px / min(width, height), card.long_side_px / max(width, height))
        across, down = (max(1, round(side * scale / card.multiple_px)) * card.multiple_px for side in (width, height))
        return across, down

    def _fed(self, small: Rgb8) -> NDArray[Any]:
        """The picture as the network wants it, one batch."""
        channels = small if self._card.order == "RGB" else small[:, :, ::-1]
        mean, std = (np.array(three, dtype=np.float32) for three in (self._card.mean, self._card.std))
        blob = (channels.astype(np.float32) / np.float32(255.0) - mean) / std
        blob = blob.transpose(2, 0, 1) if self._card.layout == "NCHW" else blob
        return np.ascontiguousarray(blob[None], dtype=self._dtype)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:300]
