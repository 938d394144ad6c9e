#!/usr/bin/env python3
"""The pictures of docs/backdrops-and-light.md, made anew from face_image.png by the program itself:

    .venv/bin/python tools/docs_pictures.py

Backdrops beside one another; and faults made on purpose (one side dark, taken against the light, a yellow lamp, too dark, noise),
each above what its sentence brings back.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bootstrap import ROOT
from f2p import studio
from f2p.settings import load_settings
from f2p.stages.srgb import CODE_STEPS, encoding_table, linear_light
from f2p.values.outcome import Order

FOLDER = ROOT / "docs" / "images"
BACKDROPS = ("白底一寸", "美式灰背景一寸", "蓝色影棚背景一寸", "一寸,从左上到右下由浅蓝到白的渐变背景", "一寸,图片做背景")
FAULTS = {
    "side": "白底一寸,去掉脸上的阴影",
    "backlight": "白底一寸,修正逆光",
    "lamp": "白底一寸,去偏色",
    "dark": "白底一寸,修正曝光不足",
    "noise": "白底一寸,降噪",
}
GAP_PX = 10
Pixels = NDArray[np.uint8]


def main() -> None:
    """Writes docs/images/backdrops.jpg and docs/images/light.jpg."""
    with Image.open(ROOT / "face_image.png") as opened:
        photo = np.asarray(opened.convert("RGB"))
    _write("backdrops.jpg", [[_made(photo, sentence) for sentence in BACKDROPS]])
    faulty = {name: _with_fault(photo, name) for name in FAULTS}
    before = [_made(faulty[name], "白底一寸") for name in FAULTS]
    _write("light.jpg", [before, [_made(faulty[name], sentence) for name, sentence in FAULTS.items()]])


def _made(photo: Pixels, sentence: str) -> Pixels:
    plan, reading = studio.plan_for(studio.understand(f"{sentence},PNG格式"))
    order = Order(data=_png(photo), name="face_image", plan=plan, reading=reading, backdrop=_png(_scene()), backdrop_name="scene")
    with Image.open(io.BytesIO(studio.process(order, load_settings()).files[0].data)) as made:
        return np.asarray(made.convert("RGB"))


def _scene() -> Pixels:
    """A picture to stand behind somebody, painted here so that it is nobody's: evening sky over hills."""
    y, x = np.mgrid[0:600, 0:800].astype(np.float32)
    sky = np.array([250, 190, 130]) + (np.array([70, 110, 180]) - np.array([250, 190, 130])) * (1 - y / 600)[..., None]
    for height, wave, colour in ((380, 90.0, (96, 112, 128)), (450, 140.0, (62, 84, 84)), (520, 60.0, (36, 52, 44))):
        sky[y > height + 30 * np.sin(x / wave)] = colour
    return np.asarray(sky.clip(0, 255), dtype=np.uint8)


def _with_fault(photo: Pixels, name: str) -> Pixels:
    light = linear_light(photo)
    x = np.arange(photo.shape[1], dtype=np.float32)[None, :, None] / photo.shape[1]
    match name:
        case "side":
            light = light * (0.25 + 0.75 / (1 + np.exp((x - 0.455) / 0.016)))
        case "backlight":
            light = light * 0.3
        case "lamp":
            light = light * np.array([1.0, 0.84, 0.55], np.float32)
        case "dark":
            light = light * 0.25
    codes = encoding_table()[np.rint(np.clip(light, 0, 1) * CODE_STEPS).astype(int)] * 255
    if name == "noise":
        codes = codes + np.random.default_rng(0).normal(0, 12, codes.shape)
    return np.asarray(np.rint(np.clip(codes, 0, 255)), dtype=np.uint8)


def _png(picture: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _write(name: str, rows: list[list[Pixels]]) -> None:
    height, width = rows[0][0].shape[:2]
    size = ((width + GAP_PX) * len(rows[0]) + GAP_PX, (height + GAP_PX) * len(rows) + GAP_PX)
    sheet = Image.new("RGB", size, "#D8DCE2")
    for down, row in enumerate(rows):
        for across, picture in enumerate(row):
            sheet.paste(Image.fromarray(picture), (GAP_PX + across * (width + GAP_PX), GAP_PX + down * (height + GAP_PX)))
    sheet.save(FOLDER / name, quality=88)


if __name__ == "__main__":
    main()
