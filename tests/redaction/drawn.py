"""Pages drawn for tests: print, seals, QR and bar codes, a signature, a face, a column of characters; nothing real."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from f2p.engines.weights import find_weight, locate
from f2p.settings import load_settings
from f2p.values.pixels import Rgb8

FACE = Path(__file__).parents[2] / "face_image.png"
_INK, _RED, _PEN = (22, 22, 26), (205, 34, 40), (28, 32, 96)
_LEFT = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
"""The left-hand codes of EAN-13 (GS1 General Specifications); the others are these inverted and these mirrored."""
_PARITY = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"]
Box = tuple[int, int, int, int]


class Paper:
    """A page that is drawn on; every method gives the box (left, top, right, bottom) of what it drew."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), (250, 249, 246))
        self._draw = ImageDraw.Draw(self.image)

    @property
    def rgb(self) -> Rgb8:
        return np.asarray(self.image)

    def text(self, x: int, y: int, text: str, px: int = 32) -> list[Box]:
        """A line from its top left corner on, the box of each character."""
        boxes, font = [], _font(px)
        for char in text:
            self._draw.text((x, y), char, font=font, fill=_INK)
            boxes.append(_whole(self._draw.textbbox((x, y), char, font=font)))
            x += round(font.getlength(char))
        return boxes

    def column(self, x: int, y: int, text: str, px: int = 32) -> list[Box]:
        """Characters upright below each other."""
        boxes = []
        for i, char in enumerate(text):
            at = (x, y + round(1.08 * px * i))
            self._draw.text(at, char, font=_font(px), fill=_INK, anchor="mt")
            boxes.append(_whole(self._draw.textbbox(at, char, font=_font(px), anchor="mt")))
        return boxes

    def round_seal(self, x: int, y: int, radius: int) -> Box:
        """A ring, a star, and a word under it."""
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_RED, width=radius // 20)
        turns = np.arange(10) * np.pi / 5
        far = radius * np.where(np.arange(10) % 2, 0.14, 0.35)
        self._draw.polygon([(x + r * np.sin(a), y - r * np.cos(a)) for r, a in zip(far, turns, strict=True)], fill=_RED)
        self._draw.text((x, y + radius // 2), "合同专用", font=_font(radius // 4), fill=_RED, anchor="mm")
        return x - radius, y - radius, x + radius, y + radius

    def square_seal(self, x: int, y: int, radius: int) -> Box:
        """A frame with the characters of a name."""
        self._draw.rectangle((x - radius, y - radius, x + radius, y + radius), outline=_RED, width=radius // 10)
        self._draw.text((x, y), "王小\n明印", font=_font(round(0.7 * radius)), fill=_RED, anchor="mm")
        return x - radius, y - radius, x + radius, y + radius

    def signature(self, x: int, y: int, width: int, height: int) -> Box:
        """One stroke of a pen."""
        t = np.linspace(0, 1, 300)
        across = x + width * (0.04 + 0.92 * t) + 0.04 * width * np.sin(40 * t)
        down = y + height / 2 + 0.46 * height * np.sin(23 * t) * np.cos(7 * t)
        self._draw.line(list(zip(across.tolist(), down.tolist(), strict=True)), fill=_PEN, width=4)
        return round(across.min()), round(down.min()), round(across.max()), round(down.max())

    def qr_code(self, x: int, y: int, side: int) -> Box:
        """A QR code of an address."""
        code = cv2.QRCodeEncoder.create().encode("https://example.org/pay?id=42")
        self.image.paste(Image.fromarray(cv2.resize(code, (side, side), interpolation=cv2.INTER_NEAREST)), (x, y))
        quiet = round(2 * side / code.shape[0])
        return x + quiet, y + quiet, x + side - quiet, y + side - quiet

    def bar_code(self, x: int, y: int, code: str, unit: int, height: int) -> Box:
        """An EAN-13 code."""
        kinds = {"L": _LEFT, "R": [_inverted(one) for one in _LEFT], "G": [_inverted(one)[::-1] for one in _LEFT]}
        left = "".join(kinds[kind][int(c)] for kind, c in zip(_PARITY[int(code[0])], code[1:7], strict=True))
        bars = f"101{left}01010{''.join(kinds['R'][int(c)] for c in code[7:])}101"
        for i, bar in enumerate(bars):
            if bar == "1":
                self._draw.rectangle((x + i * unit, y, x + (i + 1) * unit - 1, y + height), fill=(0, 0, 0))
        return x, y, x + len(bars) * unit, y + height

    def face(self, x: int, y: int, side: int) -> Box:
        """The portrait that comes with the project; its box is the middle of the face."""
        with Image.open(FACE) as portrait:
            self.image.paste(portrait.convert("RGB").resize((side, side)), (x, y))
        return x + round(0.42 * side), y + round(0.35 * side), x + round(0.58 * side), y + round(0.55 * side)


def scanned(rgb: Rgb8, degrees: float, blur: float, boxes: Sequence[Box]) -> tuple[Rgb8, list[Box]]:
    """The page turned, blurred and through JPEG, and the boxes where they then are."""
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    turned = cv2.warpAffine(rgb, matrix, (width, height), borderValue=(250, 249, 246))
    soft = cv2.GaussianBlur(turned, (0, 0), blur)[:, :, ::-1]
    _, data = cv2.imencode(".jpg", soft, [cv2.IMWRITE_JPEG_QUALITY, 70])
    middles = [np.array([(left + right) / 2, (top + low) / 2, 1.0]) for left, top, right, low in boxes]
    halves = [((right - left) * 0.4, (low - top) * 0.4) for left, top, right, low in boxes]
    moved = [(*(matrix @ middle), *half) for middle, half in zip(middles, halves, strict=True)]
    there = [(round(x - w), round(y - h), round(x + w), round(y + h)) for x, y, w, h in moved]
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1]), there


@cache
def _font(px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(locate(find_weight("caption-font"), load_settings())), px)


def _whole(box: tuple[float, float, float, float]) -> Box:
    left, top, right, low = (round(side) for side in box)
    return left, top, right, low


def _inverted(code: str) -> str:
    return code.translate(str.maketrans("01", "10"))
