"""A page read so that little is missed: the right way up, and stamped lines both with and without the stamp."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from f2p.engines.protocols import TextReader
from f2p.stages.pictured import red_share, without_red
from f2p.values.geometry import Points
from f2p.values.pixels import Rgb8
from f2p.values.text import TextLine

_LIES = 0.6
"""If so many lines run down the page, it lies on its side."""
_DOUBT = 0.72
"""A page read with less is looked at from the other sides too."""
_SAMPLE = 8
_STAMPED = 0.02


def read_page(rgb: Rgb8, reader: TextReader, side_px: int) -> tuple[TextLine, ...]:
    """All lines of the page in its own px; a page that lies or stands on its head is turned for reading only."""
    boxes = reader.find(rgb, side_px)
    turn = _turn(rgb, boxes, reader)
    if turn == 0:
        return _read(rgb, boxes, reader)
    turned = np.ascontiguousarray(np.rot90(rgb, -turn))
    lines = _read(turned, reader.find(turned, side_px), reader)
    return tuple(_turned_back(line, turn, rgb.shape) for line in lines)


def _read(rgb: Rgb8, boxes: Sequence[Points], reader: TextReader) -> tuple[TextLine, ...]:
    lines = reader.read(rgb, boxes)
    red = red_share(rgb)
    if red.mean() < 1e-4:
        return lines
    stamped = [box for box in boxes if _inside(red, box).mean() > _STAMPED]
    return (*lines, *(reader.read(without_red(rgb), stamped) if stamped else ()))


def _inside(
    plane: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], box: Points
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    (left, top), (right, low) = np.floor(box.min(axis=0)).astype(int), np.ceil(box.max(axis=0)).astype(int)
    part = plane[max(0, top) : max(1, low), max(0, left) : max(1, right)]
    return part if part.size else np.zeros((1, 1), bool)


def _turn(rgb: Rgb8, boxes: Sequence[Points], reader: TextReader) -> int:
    """Clockwise quarter turns that set the page upright, judged by a few long lines read each way."""
    if not boxes:
        return 0
    long = sorted(boxes, key=_long_side, reverse=True)[:_SAMPLE]
    lying = float(np.mean([_stands(box) for box in long]))
    if lying < _LIES and _score(reader.read(rgb, long)) >= _DOUBT:
        return 0
    scores = {}
    for turn in range(4):
        turned = np.ascontiguousarray(np.rot90(rgb, -turn))
        sample = [_moved(box, turn, rgb.shape) for box in long]
        level = [box for box in sample if not _stands(box)]
        scores[turn] = _score(reader.read(turned, level)) * len(level) / len(sample) if level else 0.0
    best = max(scores, key=lambda turn: scores[turn])
    return best if scores[best] > scores[0] + 0.05 else 0


def _score(lines: Sequence[TextLine]) -> float:
    """Mean certainty per character."""
    read = [glyph.score for line in lines for glyph in line.glyphs if glyph.char]
    return float(np.mean(read)) if read else 0.0


def _long_side(box: Points) -> float:
    return float(max(np.hypot(*(box[1] - box[0])), np.hypot(*(box[3] - box[0]))))


def _stands(box: Points) -> bool:
    return float(np.hypot(*(box[3] - box[0]))) > 1.5 * float(np.hypot(*(box[1] - box[0])))


def _moved(box: Points, turn: int, shape: tuple[int, ...]) -> Points:
    """The box in px of the page turned clockwise by `turn` quarters, from its new top left corner on."""
    height, width = shape[:2]
    x, y = box[:, 0], box[:, 1]
    across, down = [(x, y), (height - y, x), (width - x, height - y), (y, width - x)][turn]
    return np.roll(np.stack([across, down], axis=1), turn, axis=0).astype(np.float32)


def _turned_back(line: TextLine, turn: int, shape: tuple[int, ...]) -> TextLine:
    height, width = shape[:2]
    x, y = line.corners[:, 0], line.corners[:, 1]
    across, down = [(x, y), (y, height - x), (width - x, height - y), (width - y, x)][turn]
    return TextLine(np.stack([across, down], axis=1).astype(np.float32), line.glyphs, line.score, line.stacked)


def at_scale(rgb: Rgb8, scale: float) -> Rgb8:
    """The page at another size, for a look that does not see the same pixels."""
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC))
