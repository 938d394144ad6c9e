"""Reads printed text: PP-OCR's two networks on ONNX Runtime, one that finds lines and one that reads them.

Finding follows Liao et al., "Real-time Scene Text Detection with Differentiable Binarization" (AAAI 2020); reading is CTC
(Graves et al., ICML 2006), whose columns also tell where each character stands. Own code instead of the package `rapidocr` around
the same files: that package brings a second OpenCV, downloads what it misses, and keeps one character per column only, while
hiding needs what the network thought of besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from f2p.engines.onnx import session
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8
from f2p.values.text import Glyph, TextLine

_MULTIPLE = 32
_STRIP_PX = 48
"""Height of the strip that the reading network takes."""
_MOST_WIDE = 3200
_TALL = 1.5
"""Higher than this many widths: the line runs down the page."""
_GHOST = 0.15
"""A column that the decoder gave to nothing counts as a possible digit from this probability on."""
_SURE = 0.5
"""A line read with less is turned around and read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderCard:
    """How one pair of networks wants its input. mean, std: of 0..1 values in BGR order; beyond: line boxes grow by so many times
    area / perimeter.
    """

    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    threshold: float = 0.3
    line_score: float = 0.5
    beyond: float = 1.6


V6 = ReaderCard(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225), line_score=0.4, beyond=1.5)
V4 = ReaderCard(mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))


class PaddleReader:
    """A `TextReader` of one pair of networks."""

    def __init__(self, finder: Path, reader: Path, card: ReaderCard, threads: int) -> None:
        import cv2

        self._cv2 = cv2
        self._card = card
        self._finder = session(finder, threads)
        self._reader = session(reader, 1)
        self._threads = threads
        names = self._reader.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._chars = ["", *names, " "]
        self._size = self._reader.get_outputs()[0].shape[2]
        if not isinstance(self._size, int) or len(self._chars) < self._size:
            self._chars += [" "]
        self._digits = np.array([i for i, char in enumerate(self._chars) if len(char) == 1 and char.isdigit()])

    def find(self, rgb: Rgb8, side_px: int) -> tuple[Points, ...]:
        """Where lines are: (4, 2) float32 px of `rgb` each, clockwise from the corner where reading begins."""
        cv2 = self._cv2
        height, width = rgb.shape[:2]
        scale = min(1.0, side_px / max(height, width))
        size = [max(_MULTIPLE, round(side * scale / _MULTIPLE) * _MULTIPLE) for side in (width, height)]
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        tensor = small[:, :, ::-1].astype(np.float32) / np.float32(255)
        tensor = (tensor - np.array(self._card.mean, np.float32)) / np.array(self._card.std, np.float32)
        answer = self._finder.run(None, {"x": np.ascontiguousarray(tensor.transpose(2, 0, 1)[None], dtype=np.float32)})[0]
        factor = np.array([width / size[0], height / size[1]], dtype=np.float32)
        return tuple(box * factor for box in self._boxes(np.asarray(answer[0, 0], dtype=np.float32)))

    def _boxes(self, heat: NDArray[np.float32]) -> Iterator[Points]:
        """Boxes around what is warm in (h, w) 0..1, grown to the full line: the network marks its core only."""
        cv2 = self._cv2
        mask = (heat > self._card.threshold).astype(np.uint8)
        mask = cv2.dilate(mask, np.ones((2, 2), np.uint8))
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            (centre, (w, h), angle) = cv2.minAreaRect(contour)
            if min(w, h) < 2 or _mean_inside(cv2, heat, contour) < self._card.line_score:
                continue
            grow = w * h * self._card.beyond / (2 * (w + h))
            if min(w, h) + 2 * grow < 5:
                continue
            yield _clockwise(np.asarray(cv2.boxPoints((centre, (w + 2 * grow, h + 2 * grow), angle)), dtype=np.float32))

    def read(self, rgb: Rgb8, boxes: Sequence[Points]) -> tuple[TextLine, ...]:
        """The lines inside `boxes` (as `find` gives them), in the same order; lines without text are left out."""
        upright = [_along(box) for box in boxes]
        lines = self._read_strips(rgb, upright)
        doubted = [i for i, line in enumerate(lines) if line.score < _SURE]
        again = self._read_strips(rgb, [np.roll(upright[i], 2, axis=0) for i in doubted])
        for i, other in zip(doubted, again, strict=True):
            if other.score > max(lines[i].score, _SURE):
                lines[i] = other
        return tuple(line for line in lines if line.glyphs)

    def _read_strips(self, rgb: Rgb8, boxes: Sequence[Points]) -> list[TextLine]:
        """One strip a core, none padded: measured faster than batches on one and on two cores, and no strip changes another."""
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(lambda box: self._read_strip(rgb, box), boxes))

    def _read_strip(self, rgb: Rgb8, box: Points) -> TextLine:
        strip = _strip(self._cv2, rgb, box, _strip_width(box))
        tensor = strip[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32) / np.float32(127.5) - np.float32(1)
        answer = self._reader.run(None, {"x": np.ascontiguousarray(tensor)})[0]
        return self._line(box, np.asarray(answer[0], dtype=np.float32))

    def _line(self, box: Points, columns: NDArray[np.float32]) -> TextLine:
        """The decoded line of (T, classes) probabilities."""
        best = columns.argmax(axis=1)
        digit = columns[:, self._digits].sum(axis=1)
        count = len(best)
        glyphs: list[Glyph] = []
        start = 0
        for end in range(1, count + 1):
            if end < count and best[end] == best[start]:
                continue
            glyphs += self._glyph(int(best[start]), columns[start:end, best[start]], digit[start:end], (start, count))
            start = end
        read = [glyph.score for glyph in glyphs if glyph.char]
        return TextLine(box, tuple(glyphs), float(np.mean(read)) if read else 0.0)

    def _glyph(self, which: int, scores: NDArray[np.float32], digit: NDArray[np.float32], place: tuple[int, int]) -> list[Glyph]:
        start, count = place
        char = self._chars[which]
        weights = scores if which else digit
        if not which and digit.max() < _GHOST:
            return []
        peak = int(weights.argmax()) if not which else float((weights * np.arange(len(weights))).sum() / weights.sum())
        at = (start + peak + 0.5) / count
        return [Glyph(char, float(at), float(weights.max()) if which else 0.0, float(digit.max()))]


def _mean_inside(cv2: object, heat: NDArray[np.float32], contour: NDArray[np.int32]) -> float:
    left, top, width, height = cv2.boundingRect(contour)  # type: ignore[attr-defined]
    mask = np.zeros((height, width), np.uint8)
    cv2.drawContours(mask, [contour - np.array([left, top])], -1, 1, -1)  # type: ignore[attr-defined]
    inside = heat[top : top + height, left : left + width][mask > 0]
    return float(inside.mean()) if inside.size else 0.0


def _clockwise(corners: Points) -> Points:
    """The same corners, from the top left one on."""
    by_angle = corners[np.argsort(np.arctan2(*(corners - corners.mean(axis=0)).T[::-1]))]
    return np.roll(by_angle, -int(by_angle.sum(axis=1).argmin()), axis=0)


def _along(box: Points) -> Points:
    """The box from where reading begins: a tall one is read from its top, its head to the right."""
    width, height = np.hypot(*(box[1] - box[0])), np.hypot(*(box[3] - box[0]))
    return np.roll(box, -1, axis=0) if height > _TALL * width else box


def _strip_width(box: Points) -> int:
    length = (np.hypot(*(box[1] - box[0])) + np.hypot(*(box[2] - box[3]))) / 2
    height = (np.hypot(*(box[3] - box[0])) + np.hypot(*(box[2] - box[1]))) / 2
    return int(min(_MOST_WIDE, max(_STRIP_PX // 2, -(-length / max(height, 1.0) * _STRIP_PX // 8) * 8)))


def _strip(cv2: object, rgb: Rgb8, box: Points, width: int) -> Rgb8:
    """(48, width, 3) uint8: what is inside the box, level."""
    target = np.array([[0, 0], [width, 0], [width, _STRIP_PX], [0, _STRIP_PX]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(box, target)  # type: ignore[attr-defined]
    return cv2.warpPerspective(rgb, matrix, (width, _STRIP_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[attr-defined, no-any-return]
