#!/usr/bin/env python3
"""The README's picture, made anew from face_image.png by the program itself: .venv/bin/python tools/readme_picture.py"""

from __future__ import annotations

import io

from PIL import Image

from bootstrap import ROOT
from f2p import studio
from f2p.settings import load_settings
from f2p.values.outcome import Order

SENTENCES = ("纯白背景,1寸,轻微磨皮,保留发丝细节,高清锐利", "蓝底一寸,轻微磨皮,高清锐利", "浅灰渐变背景,一寸,高清锐利")
HEIGHT_PX, GAP_PX = 413, 12


def main() -> None:
    """Writes docs/images/before-after.jpg."""
    photo = ROOT / "face_image.png"
    pictures = [Image.open(photo).convert("RGB").resize((HEIGHT_PX, HEIGHT_PX), Image.Resampling.LANCZOS)]
    for sentence in SENTENCES:
        plan, reading = studio.plan_for(studio.understand(sentence))
        order = Order(data=photo.read_bytes(), name=photo.name, plan=plan, reading=reading)
        pictures.append(Image.open(io.BytesIO(studio.process(order, load_settings()).files[0].data)))
    sheet = Image.new("RGB", (sum(p.width for p in pictures) + GAP_PX * (len(pictures) + 1), HEIGHT_PX + 2 * GAP_PX), "#D8DCE2")
    x = GAP_PX
    for picture in pictures:
        sheet.paste(picture, (x, GAP_PX))
        x += picture.width + GAP_PX
    sheet.save(ROOT / "docs" / "images" / "before-after.jpg", quality=90)


if __name__ == "__main__":
    main()
