#!/usr/bin/env python3
"""The pictures of docs/sheets.md, made anew from face_image.png by the program itself:

.venv/bin/python tools/sheet_pictures.py
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from bootstrap import ROOT
from f2p import studio
from f2p.settings import load_settings
from f2p.values.outcome import Order

FOLDER = ROOT / "docs" / "images"
SHEETS = {
    "sheet-mixed.jpg": ("蓝底,6寸相纸,4张两寸4张一寸混排", "face_image.png"),
    "sheet-captions.jpg": ("白底一寸,5寸相纸排8张,带裁切线,每张下面写姓名", "柯林斯.png"),
    "sheet-a4.jpg": ("浅蓝背景,一寸,A4排满", "face_image.png"),
}
WIDTH_PX = 900


def main() -> None:
    """Writes docs/images/sheet-*.jpg, smaller than they print."""
    data = (ROOT / "face_image.png").read_bytes()
    for name, (sentence, photo) in SHEETS.items():
        plan, reading = studio.plan_for(studio.understand(sentence))
        made = studio.process(Order(data=data, name=photo, plan=plan, reading=reading), load_settings())
        sheet = next(file for file in made.files if file.role == "sheet")
        with Image.open(io.BytesIO(sheet.data)) as opened:
            small = opened.resize((WIDTH_PX, round(WIDTH_PX * opened.height / opened.width)), Image.Resampling.LANCZOS)
        ImageOps.expand(small, 1, (190, 190, 190)).save(FOLDER / name, "JPEG", quality=82)


if __name__ == "__main__":
    main()
