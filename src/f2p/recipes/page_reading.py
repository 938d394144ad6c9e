"""A page read so that little is missed: the right way up, and stamped lines both with and without the stamp."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
_TILE_PX = 3840
"""A page with a longer side is looked at in tiles; A4 at 300 dpi just is not."""
_SMALL_PRINT_PX = 9.0
_CLOSER = 1.6


def read_page(rgb: Rgb8, reader: TextReader, side_px: int) -> tuple[TextLine, ...]:
    """All lines of the page in its own px; a page that lies or stands on its head is turned for reading only."""
    boxes = _find(rgb, reader, side_px)
    turn = _turn(rgb, boxes, reader)
    if turn == 0:
        return _read(rgb, boxes, reader)
    turned = np.ascontiguousarray(np.rot90(rgb, -turn))
    lines = _read(turned, _find(turned, reader, side_px), reader)
    return tuple(_turned_back(line, turn, rgb.shape) for line in lines)


def _find(rgb: Rgb8, reader: TextReader, side_px: int) -> tuple[Points, ...]:
    """Where lines are. A very large page is looked at in overlapping tiles, and one with small print once more, closer."""
    found: list[Points] = []
    for top, left, tile in _tiles(rgb, _TILE_PX):
        boxes = reader.find(tile, side_px)
        shrink = min(1.0, side_px / max(tile.shape[:2]))
        if boxes and shrink < 1 and float(np.percentile([_short_side(box) for box in boxes], 10)) * shrink < _SMALL_PRINT_PX:
            boxes = reader.find(tile, round(_CLOSER * side_px))
        found += [box + np.array([left, top], np.float32) for box in boxes]
    return tuple(found) if max(rgb.shape[:2]) <= _TILE_PX else tuple(_once(found))


def _tiles(rgb: Rgb8, side: int) -> Iterator[tuple[int, int, Rgb8]]:
    """Top, left and pixels of parts of at most that side, overlapping by an eighth."""
    tops, lefts = (_starts(length, side) for length in rgb.shape[:2])
    for top in tops:
        for left in lefts:
            yield top, left, np.ascontiguousarray(rgb[top : top + side, left : left + side])


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = -(-(length - side) // (side - side // 8)) + 1
    return [round(i * (length - side) / (count - 1)) for i in range(count)]


def _once(boxes: Sequence[Points]) -> list[Points]:
    """The boxes without those whose middle lies in a longer one: a line that a tile cuts is whole in the next."""
    kept: list[Points] = []
    for box in sorted(boxes, key=_long_side, reverse=True):
        x, y = (float(v) for v in box.mean(axis=0))
        if not any(cv2.pointPolygonTest(other, (x, y), measureDist=False) >= 0 for other in kept):
            kept.append(box)
    return kept


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


def _short_side(box: Points) -> float:
    return float(min(np.hypot(*(box[1] - box[0])), np.hypot(*(box[3] - box[0]))))


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
