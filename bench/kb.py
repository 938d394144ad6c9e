#!/usr/bin/env python3
"""Random bands of KB on photos in the catalogue's sizes: each is met, or the error says truly what could be.

    .venv/bin/python bench/kb.py [FOLDER] [--orders 1000] [--seed 5] [--keep DIR]

Without a folder: the project's own sample portrait. Every file is read back by Pillow and, to the last byte, by its format's
rules: no bytes behind the end, baseline JPEG without EXIF, ICC profile and Adobe segment. JPEGs, and those inside PDFs, are
decoded by djpeg, all pictures by Chromium, where these programs are installed. Of every error each way out is tried: the KB, the
size and the format it names.
"""

from __future__ import annotations

import argparse
import html
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from people import pictures_of
from PIL import Image

from f2p.catalogue.messages import LANGUAGES, Messages
from f2p.catalogue.standards import standards
from f2p.errors import KbOutOfReach
from f2p.files.anatomy import parts
from f2p.files.encode import Encoded, encode
from f2p.files.fit import SMALL_KB, Window
from f2p.files.inspect import inspect
from f2p.files.pdf import read_one_page
from f2p.values.pixels import Rgb8
from f2p.values.plan import Encoding, FileFormat
from f2p.values.spec import Band

FORMATS = (*(FileFormat.JPG,) * 5, FileFormat.PNG, FileFormat.PNG, FileFormat.WEBP, FileFormat.WEBP, FileFormat.PDF)
ENDS_KB = (3, 5, 8, 10, 14, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 240, 300, 500, 1024, 2048)
"""Numbers that offices write."""
KINDS = ("band", "band", "band", "narrow", "ceiling", "ceiling", "floor", "exact", "exact", "about")
ALLOWED = {"SOI", "APP0", "COM", "DQT", "SOF0", "DHT", "SOS", "EOI"}
_LARGEST_PX = 1600
BEHIND = ((255, 255, 255), (67, 142, 219), (255, 0, 0), None)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One order: a picture (H, W, 3) and what its file must be."""

    rgb: Rgb8
    kind: str
    encoding: Encoding


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="write every file there")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        run(trials(pictures_of(args.folder), args.orders, args.seed), folder)


def trials(paths: list[Path], count: int, seed: int) -> Iterator[Trial]:
    """`count` orders: photos of the folder cut to the catalogue's shapes, every fourth left as it is, others on plain ground."""
    dice = random.Random(seed)
    pictures = [Image.open(path).convert("RGB") for path in paths]
    for picture in pictures:
        picture.thumbnail((_LARGEST_PX, _LARGEST_PX), Image.Resampling.LANCZOS)
    sizes = sorted({(spec.width_px, spec.height_px, spec.dpi) for spec in standards().values() if spec.width_px <= 1000})
    for _ in range(count):
        width, height, dpi = dice.choice(sizes)
        kind, band = bands(dice)
        gray = dice.random() < 0.1
        rgb = framed(dice.choice(pictures), (width, height), dice.choice(BEHIND))
        encoding = Encoding(format=dice.choice(FORMATS), dpi=dpi, kb=band, gray=gray)
        yield Trial(rgb=rgb, kind=kind, encoding=encoding)


def bands(dice: random.Random) -> tuple[str, Band]:
    """A kind of wish and its band in KB: numbers that offices write, and odd ones."""
    kind = dice.choice(KINDS)
    low, high = sorted(dice.sample(ENDS_KB, 2))
    odd = round(dice.uniform(4, 400), dice.choice((0, 0, 1, 2)))
    match kind:
        case "band":
            return kind, Band(low, high)
        case "narrow":
            return kind, Band(odd, odd + dice.choice((0.5, 1, 2)))
        case "ceiling":
            return kind, Band(None, dice.choice((high, odd)))
        case "floor":
            return kind, Band(dice.choice((low, odd)), None)
        case "exact":
            return kind, Band(odd, odd)
        case _:
            return kind, Band(odd * 0.9, odd * 1.1)


def framed(picture: Image.Image, size: tuple[int, int], behind: tuple[int, int, int] | None) -> Rgb8:
    """The picture's middle in `size`; with `behind`, an oval of it on that colour, as simple as a finished photo is."""
    scale = max(size[0] / picture.width, size[1] / picture.height)
    grown = picture.resize((round(picture.width * scale) + 1, round(picture.height * scale) + 1), Image.Resampling.LANCZOS)
    left, top = (grown.width - size[0]) // 2, (grown.height - size[1]) // 3
    rgb = np.asarray(grown.crop((left, top, left + size[0], top + size[1])))
    if behind is None:
        return rgb
    y, x = np.mgrid[: size[1], : size[0]]
    inside = ((x / size[0] - 0.5) / 0.36) ** 2 + ((y / size[1] - 0.55) / 0.5) ** 2
    alpha = np.clip((1.0 - inside) * 12 + 0.5, 0, 1)[..., None]
    return np.rint(rgb * alpha + np.array(behind) * (1 - alpha)).astype(np.uint8)


def run(orders: Iterator[Trial], folder: Path) -> None:
    """Every order made, every file and every error examined; what is wrong is named."""
    faults: list[str] = []
    met: Counter[str] = Counter()
    told: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    seconds: list[float] = []
    for number, order in enumerate(orders):
        begun = time.process_time()
        name = f"{number:04} {order.encoding.format.value} {order.rgb.shape[1]}x{order.rgb.shape[0]} {order.encoding.kb}"
        try:
            encoded = encode(order.rgb, None, order.encoding, None)
        except KbOutOfReach as trouble:
            seconds.append(time.process_time() - begun)
            told[f"{order.encoding.format.value} {trouble.params['reason']} {trouble.params['way']}"] += 1
            faults += [f"{name}: {fault}" for fault in wrong_error(order, trouble)]
        else:
            seconds.append(time.process_time() - begun)
            met[order.encoding.format.value] += 1
            notes.update({note.code for note in encoded.notes})
            faults += [f"{name}: {fault}" for fault in wrong_file(order, encoded)]
            (folder / f"{number:04}-{order.rgb.shape[1]}x{order.rgb.shape[0]}{encoded.suffix}").write_bytes(encoded.data)
    print(f"{len(seconds)} orders: {sum(met.values())} met, {sum(told.values())} explained, {len(faults)} wrong")
    print(f"met: {dict(sorted(met.items()))}; notes: {dict(sorted(notes.items()))}")
    for what, count in sorted(told.items()):
        print(f"  {count:4} {what}")
    seconds.sort()
    print(f"CPU ms an order: median {1000 * seconds[len(seconds) // 2]:.0f}, p95 {1000 * seconds[int(0.95 * len(seconds))]:.0f}")
    faults += by_djpeg(folder) + by_chromium(folder)
    for fault in faults:
        print("WRONG", fault)


def wrong_file(order: Trial, encoded: Encoded) -> Iterator[str]:
    """What is not as it must be with a finished file."""
    window, facts, made_of = Window.of(order.encoding.kb), inspect(encoded.data), set(parts(encoded.data))
    if not window.holds(len(encoded.data)):
        yield f"{len(encoded.data)} bytes are outside"
    if (facts.height_px, facts.width_px) != order.rgb.shape[:2] or facts.exif_tags or facts.has_icc:
        yield "other pixels, or metadata"
    high = order.encoding.kb.high
    told = "kb_of_1024" in [note.code for note in encoded.notes]
    if told != (high is not None and len(encoded.data) > high * SMALL_KB):
        yield "the note about 1000 and 1024 is not true"
    if order.encoding.format is FileFormat.JPG and made_of - ALLOWED:
        yield f"segments {made_of - ALLOWED}"
    if order.encoding.format is FileFormat.PNG and made_of - {"IHDR", "pHYs", "IDAT", "tEXt", "IEND"}:
        yield f"chunks {made_of}"
    if order.encoding.format is FileFormat.WEBP and made_of - {"VP8", "VP8X", "PADD"}:
        yield f"chunks {made_of}"


def wrong_error(order: Trial, trouble: KbOutOfReach) -> Iterator[str]:
    """What an error says that is not true, or leaves unsaid."""
    params, encoding = trouble.params, order.encoding
    for language in LANGUAGES:
        said = Messages(language).error(trouble.code, params)
        if re.search(r"\?|[{}]|kb_", said.what + said.next_step):
            yield f"a blank is left: {said.what} {said.next_step}"
    best = float(str(params["best"]).split()[0])
    over = encoding.kb.high is not None and best > encoding.kb.high - 0.05
    if not over:
        yield f"{best} KB is not too much"
    if not works(order.rgb, replace(encoding, kb=Band(None, best))):
        yield f"{best} KB cannot be met either"
    smallest = (
        Image.fromarray(order.rgb).resize((int(params["fit_width"]), int(params["fit_height"])), Image.Resampling.LANCZOS)
        if params["fit_width"]
        else None
    )
    if smallest is not None and not works(np.asarray(smallest), encoding):
        yield f"{smallest.size} does not fit"
    if params["jpg_quality"] and not works(order.rgb, replace(encoding, format=FileFormat.JPG)):
        yield "does not fit as JPG"


def works(rgb: Rgb8, encoding: Encoding) -> bool:
    """Whether there is such a file."""
    try:
        encode(rgb, None, encoding, None)
    except KbOutOfReach:
        return False
    return True


def by_djpeg(folder: Path) -> list[str]:
    """JPEGs that libjpeg's own decoder complains about."""
    if shutil.which("djpeg") is None:
        print("djpeg: not installed")
        return []
    faults, count = [], 0
    for path in sorted([*folder.glob("*.jpg"), *folder.glob("*.pdf")]):
        data = path.read_bytes()
        data = read_one_page(data).jpeg if path.suffix == ".pdf" else data
        done = subprocess.run(["djpeg", "-outfile", "/dev/null"], input=data, capture_output=True, check=False)
        count += 1
        if done.returncode or done.stderr:
            faults.append(f"{path.name}: djpeg: {done.stderr.decode().strip()}")
    print(f"djpeg: {count} files, {len(faults)} complaints")
    return faults


def by_chromium(folder: Path) -> list[str]:
    """Pictures that a browser does not show, or in another size."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("Chromium: not installed")
        return []
    paths = sorted(path for path in folder.iterdir() if path.suffix in {".jpg", ".png", ".webp"})
    page = folder / "all.html"
    pictures = "".join(f'<img src="{html.escape(path.name)}">' for path in paths)
    script = (  # a picture cut short would leave the last row of the canvas empty
        "onload = () => document.body.innerText = [...document.images].map(one => { const c = document.createElement('canvas');"
        "c.width = one.naturalWidth; c.height = one.naturalHeight; const pen = c.getContext('2d'); pen.drawImage(one, 0, 0);"
        "const end = pen.getImageData(c.width - 1, c.height - 1, 1, 1).data[3];"
        "return one.src.split('/').pop() + ' ' + c.width + 'x' + c.height + (end == 255 ? '' : ' broken') }).join('\\n')"
    )
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{pictures}<script>{script}</script>", encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    options.append("--allow-file-access-from-files")  # else no pixel can be read back
    done = subprocess.run([program, *options, "--dump-dom", page.as_uri()], capture_output=True, text=True, check=False)
    shown = dict(re.findall(r"(\d{4}-\d+x\d+\.\w+) (\d+x\d+(?: broken)?)", done.stdout))
    faults = [f"{path.name}: Chromium shows {shown.get(path.name)}" for path in paths if shown.get(path.name) != path.stem[5:]]
    print(f"Chromium: {len(paths)} pictures, {len(faults)} not shown as they are")
    return faults


if __name__ == "__main__":
    main()
