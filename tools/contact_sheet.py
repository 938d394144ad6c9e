#!/usr/bin/env python3
"""Contact sheets to look at: each portrait before and after, on several backdrops or under several lights, whole and at 200 %.

    .venv/bin/python tools/contact_sheet.py PHOTO_OR_FOLDER... [--out FOLDER] [--set backdrops|studio|light|denoise] [--noise 8]

One PNG a photo and set: the first column is the source under the same frame; below each whole picture stand its crown and its
left shoulder at 200 %. --noise adds sensor noise first, to see what taking it out does.
"""

from __future__ import annotations

import argparse
import io
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bootstrap import ROOT
from f2p import studio
from f2p.errors import F2PError
from f2p.settings import load_settings
from f2p.stages.warp import warped
from f2p.values.geometry import Affine
from f2p.values.outcome import Delivery, Order

SETS = {
    "backdrops": ("白底", "蓝底", "红底"),
    "studio": ("美式灰背景", "蓝色影棚背景", "从左上到右下由浅蓝到白的渐变背景", "透明背景"),
    "light": ("白底,均匀布光", "白底,去掉脸上的阴影", "白底,逆光修复", "白底,去偏色", "白底,修正曝光不足"),
    "denoise": ("白底", "白底,降噪"),
}
SIZE = "二寸"
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic"}
GAP = 8
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of the finished picture as shares of its width and height."""

    left: float
    top: float
    right: float
    bottom: float


CROPS = (Crop(0.15, 0.0, 0.65, 0.30), Crop(0.0, 0.55, 0.50, 0.85))


def main() -> None:
    """Writes the sheets and prints where they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--face", type=int, help="the Nth face from the left")
    parser.add_argument("--out", type=Path, default=ROOT / "output" / "sheets")
    parser.add_argument("--set", dest="chosen", choices=SETS, default="backdrops")
    parser.add_argument("--noise", type=float, default=0.0, help="standard deviation, levels of 255")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for photo in _found(args.photos):
        try:
            sheet = _sheet(_data(photo, args.noise), args.face, SETS[args.chosen])
        except F2PError as error:  # a sheet that cannot be made does not stop the others
            print(f"{photo.name}: {error}", file=sys.stderr)
            continue
        path = args.out / f"{photo.stem}-{args.chosen}.png"
        Image.fromarray(sheet).save(path)
        print(path)


def _found(places: list[Path]) -> list[Path]:
    inside = [sorted(place.iterdir()) if place.is_dir() else [place] for place in places]
    return [path for paths in inside for path in paths if path.suffix.lower() in PICTURES]


def _data(photo: Path, noise: float) -> bytes:
    if noise <= 0.0:
        return photo.read_bytes()
    with Image.open(photo) as opened:
        rgb = np.asarray(opened.convert("RGB"))
    grain = np.random.default_rng(0).normal(0.0, noise, rgb.shape)
    buffer = io.BytesIO()
    Image.fromarray(np.clip(np.rint(rgb + grain), 0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def _sheet(data: bytes, face: int | None, wishes: tuple[str, ...]) -> Pixels:
    deliveries = [_made(data, face, f"{SIZE},{wish},PNG格式") for wish in wishes]
    columns = [_column(_before(data, deliveries[0])), *(_column(_pixels(delivery)) for delivery in deliveries)]
    return np.hstack([np.pad(column, ((GAP, GAP), (GAP, GAP), (0, 0)), constant_values=128) for column in columns])


def _made(data: bytes, face: int | None, sentence: str) -> Delivery:
    plan, reading = studio.plan_for(studio.understand(sentence))
    plan = studio.for_each(plan, lambda paper: replace(paper, face=face))
    return studio.process(Order(data=data, name="photo", plan=plan, reading=reading), load_settings())


def _pixels(delivery: Delivery) -> Pixels:
    """The finished picture; a transparent one on a checkerboard, so that its edge can be seen."""
    with Image.open(io.BytesIO(delivery.files[0].data)) as opened:
        picture = opened.convert("RGBA")
    width, height = picture.size
    y, x = np.mgrid[0:height, 0:width] // 16
    board = Image.fromarray(np.where((x + y) % 2, 200, 255).astype(np.uint8)).convert("RGBA")
    return np.asarray(Image.alpha_composite(board, picture).convert("RGB"))


def _before(data: bytes, delivery: Delivery) -> Pixels:
    """The source moved by the delivery's own transform."""
    with Image.open(io.BytesIO(data)) as opened:
        rgb = np.asarray(opened.convert("RGB"))
    height, width = _pixels(delivery).shape[:2]
    return warped(rgb, Affine(*delivery.report.placement["matrix"]), width, height)


def _column(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    parts = [picture]
    for crop in CROPS:
        box = (int(crop.left * width), int(crop.top * height), int(crop.right * width), int(crop.bottom * height))
        part = Image.fromarray(picture).crop(box)
        parts.append(np.asarray(part.resize((width, round(part.height * width / part.width)), Image.Resampling.BICUBIC)))
    return np.vstack([np.pad(part, ((0, GAP), (0, 0), (0, 0)), constant_values=128) for part in parts])


if __name__ == "__main__":
    main()
