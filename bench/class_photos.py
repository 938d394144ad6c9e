"""Makes a class of photos to measure batches on: portraits varied by crop, light, turn, size, format, backdrop; and faults.

    .venv/bin/python bench/class_photos.py OUT [--count 127] [--people FOLDER] [--faults]

Writes OUT/photos/ and OUT/roster.xlsx. The same arguments give the same files. Without --people all photos show the project's own
sample portrait. --faults: a small class with one planted fault each, and OUT/expected.json that says which.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[1]
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳",
    "娜",
    "秀英",
    "敏",
    "静",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "霞",
    "平",
    "刚",
    "桂英",
    "文博",
    "子涵",
    "欣怡",
    "浩然",
    "梓萱",
    "宇轩",
    "佳琪",
    "思远",
    "雨桐",
)
FORMATS = ("jpg",) * 10 + ("png", "webp", "heic", "tif", "bmp", "jpg-turned", "jpg-turned")
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sitter:
    """A portrait with its person cut out: rgb (H, W, 3) uint8, alpha (H, W) float 0..1, face: left, top, right, bottom px."""

    name: str
    rgb: Pixels
    alpha: NDArray[np.float32]
    face: tuple[float, float, float, float]


def main() -> None:
    """Writes the class."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=127)
    parser.add_argument("--people", type=Path, help="folder of portraits, one face each")
    parser.add_argument("--faults", action="store_true")
    args = parser.parse_args()
    people = sitters(args.people)
    print(f"{len(people)} people", file=sys.stderr)
    if args.faults:
        plant_faults(args.out, people)
    else:
        make_class(args.out, people, args.count)


def sitters(folder: Path | None) -> list[Sitter]:
    """Every portrait with one clear face, cut out."""
    from f2p import studio
    from f2p.errors import F2PError
    from f2p.settings import load_settings
    from f2p.values.outcome import Order
    from f2p.values.plan import MattePlan

    paths = [ROOT / "face_image.png"]
    if folder is not None:
        paths += [path for path in sorted(folder.iterdir()) if path.suffix.lower() in {".jpg", ".jpeg", ".png"}]
    settings, found = load_settings(), []
    for path in paths:
        data = path.read_bytes()
        try:
            alpha = studio.process(Order(data=data, name=path.name, plan=MattePlan()), settings).files[0].data
        except F2PError:
            continue
        with Image.open(io.BytesIO(data)) as opened:
            rgb = np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
        height, width = rgb.shape[:2]
        boxes = studio.faces_in(data, path.name, settings)
        box = max(boxes, key=lambda one: one[3] - one[1])
        if len(boxes) > 1 and sorted(one[3] - one[1] for one in boxes)[-2] > 0.6 * (box[3] - box[1]):
            continue
        face = (box[0] * width, box[1] * height, box[2] * width, box[3] * height)
        with Image.open(io.BytesIO(alpha)) as opened:
            found.append(Sitter(path.stem, rgb, np.asarray(opened, dtype=np.float32) / 255, face))
    return found


def make_class(out: Path, people: list[Sitter], count: int) -> None:
    """`count` photos under names of five kinds, and the roster that knows them all."""
    chance = random.Random(7)
    photos = out / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(count):
        name = SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)] + ("宁" if number >= len(SURNAMES) else "")
        sid = f"20230{number + 101:03d}"
        stem = (sid, f"{sid}_{name}", f"{name}", f"{sid}{name}", f"{name}-{sid} (1)")[number % 5]
        photo = varied(people[number % len(people)], chance)
        save(photo, photos / f"班级{number % 3 + 1}" / stem, chance.choice(FORMATS))
        rows.append([sid, name, f"{number % 3 + 1}班", chance.choice(("", "", "", "蓝", "红"))])
    write_roster(out / "roster.xlsx", ["学号", "姓名", "班级", "背景"], rows)


def write_roster(path: Path, headers: list[str], rows: list[list[str]]) -> None:
    """A workbook as a school office has it: a title first, then the headers."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["2023级名单"])
    sheet.append(headers)
    for row in rows:
        sheet.append(row)
    book.save(path)


def varied(sitter: Sitter, chance: random.Random) -> Pixels:
    """The person before another wall, under another light, turned a little, cropped wider or tighter, at another size."""
    height, width = sitter.rgb.shape[:2]
    left, top, right, bottom = sitter.face
    tall = bottom - top
    wall = walled(height, width, chance)
    alpha = sitter.alpha[..., None]
    picture = sitter.rgb * alpha + wall * (1 - alpha)
    side = np.linspace(-1, 1, width)[None, :, None] * chance.uniform(-0.12, 0.12)
    picture = 255 * np.clip(picture / 255 * (1 + side), 0, 1) ** chance.uniform(0.8, 1.25)
    picture = np.clip(picture * np.array([1 + chance.uniform(-0.05, 0.05), 1, 1 + chance.uniform(-0.05, 0.05)]), 0, 255)
    x0, x1 = max(0, left - tall * chance.uniform(0.8, 1.6)), min(width, right + tall * chance.uniform(0.8, 1.6))
    y0, y1 = max(0, top - tall * chance.uniform(0.6, 1.2)), min(height, bottom + tall * chance.uniform(1.1, 2.0))
    crop = picture[int(y0) : int(y1), int(x0) : int(x1)].astype(np.uint8)
    scale = chance.uniform(500, 1800) / crop.shape[0] if chance.random() < 0.85 else 3200 / crop.shape[0]
    scale = max(scale, 190 / tall)
    crop = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    if chance.random() < 0.6:
        middle = (crop.shape[1] / 2, crop.shape[0] / 2)
        turn = cv2.getRotationMatrix2D(middle, chance.uniform(-7, 7), 1.0)
        crop = cv2.warpAffine(crop, turn, (crop.shape[1], crop.shape[0]), borderMode=cv2.BORDER_REFLECT)
    return np.ascontiguousarray(crop)


def walled(height: int, width: int, chance: random.Random) -> NDArray[np.float64]:
    """A wall of one colour, lighter on one side, with some grain."""
    colour = np.array([chance.uniform(90, 245) for _ in range(3)]) * 0.5 + chance.uniform(60, 120)
    shade = 1 + chance.uniform(-0.2, 0.2) * np.linspace(-1, 1, width)[None, :, None]
    grain = np.random.default_rng(chance.randrange(1 << 30)).normal(0, 2, (height, width, 1))
    return np.clip(np.minimum(colour, 250) * shade * np.ones((height, 1, 1)) + grain, 0, 255)


def save(picture: Pixels, stem: Path, kind: str) -> Path:
    """The picture as a file of that kind; "jpg-turned": stored on its side with the EXIF tag that says so."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(picture)
    path = stem.parent / f"{stem.name}.{kind.partition('-')[0]}"
    if kind == "jpg-turned":
        exif = Image.Exif()
        exif[0x0112] = 6
        image.transpose(Image.Transpose.ROTATE_90).save(path, quality=90, exif=exif)
    elif kind == "heic":
        import pillow_heif

        pillow_heif.from_pillow(image).save(path, quality=85)
    else:
        image.save(path, **({"quality": 90} if kind in ("jpg", "webp") else {}))
    return path


def plant_faults(out: Path, people: list[Sitter]) -> None:
    """A class in which every fault stands once: who has which is in expected.json."""
    if len(people) < 8:
        sys.exit("--faults needs --people with at least seven different people")
    photos, chance, rows, expected = out / "photos", random.Random(3), [], {}
    photos.mkdir(parents=True, exist_ok=True)

    def plant(name: str, code: str | None, *, sid: str | None = None, file: str | None = None) -> Path:
        sid = sid or f"2024{len(rows) + 1:04d}"
        rows.append([sid, name])
        expected[f"{sid} {name}"] = code
        return photos / (file or f"{sid}_{name}")

    good = [plain(sitter) for sitter in people]
    save(good[0], plant("王建国", None), "jpg")
    save(good[6], plant("李淑芬", None), "png")
    save(wall_only(chance), plant("张无脸", "no_face"), "jpg")
    save(beside(good[3], good[5]), plant("刘双人", "several_faces"), "jpg")
    save(shut(people[4]), plant("陈闭眼", "eyes_open"), "jpg")
    save(blurred(people[7]), plant("杨模糊", "sharpness"), "jpg")
    save(cv2.resize(good[3], None, fx=0.15, fy=0.15, interpolation=cv2.INTER_AREA), plant("黄太小", "face_too_small"), "jpg")
    save(good[2], plant("赵一人", "same_face"), "jpg")
    save(cv2.convertScaleAbs(good[2], alpha=0.93, beta=6), plant("吴两名", "same_face"), "jpg")
    path = save(good[3], plant("周坏图", "damaged_image"), "jpg")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    plant("徐空白", "empty_file").with_suffix(".jpg").touch()
    save(good[3], plant("孙小美", "near_miss", file="孙小梅"), "jpg")
    expected["孙小梅"] = expected.pop(f"2024{len(rows):04d} 孙小美")
    plant("马没交", "missing")
    write_roster(out / "roster.xlsx", ["学号", "姓名"], rows)
    (out / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1), encoding="utf-8")


def plain(sitter: Sitter) -> Pixels:
    """Head and shoulders before a light wall, the face 420 px high."""
    left, top, right, bottom = sitter.face
    tall, (height, width) = bottom - top, sitter.rgb.shape[:2]
    alpha = sitter.alpha[..., None]
    picture = (sitter.rgb * alpha + np.array([214, 220, 226]) * (1 - alpha)).astype(np.uint8)
    rows = slice(int(max(0, top - tall)), int(min(height, bottom + 2.4 * tall)))
    crop = picture[rows, int(max(0, left - 2 * tall)) : int(right + 2 * tall)]
    scale = 420 / tall
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(crop[:, :width], None, fx=scale, fy=scale, interpolation=way))


def wall_only(chance: random.Random) -> Pixels:
    """A wall with a door frame and nobody before it."""
    wall = walled(1200, 900, chance).astype(np.uint8)
    cv2.rectangle(wall, (250, 200), (650, 1199), (120, 90, 70), 18)
    return wall


def beside(left: Pixels, right: Pixels) -> Pixels:
    """Two people in one photo, side by side, equally large."""
    height = min(left.shape[0], right.shape[0])
    return np.ascontiguousarray(np.hstack([left[:height], right[:height]]))


def blurred(sitter: Sitter) -> Pixels:
    """Out of focus: no edge is sharper than 1/60 of the face."""
    return cv2.GaussianBlur(plain(sitter), (0, 0), 420 / 60)


def shut(sitter: Sitter) -> Pixels:
    """Both eyes shut: the skin of the upper lid drawn down over each eye, with a line of lashes along the lower lid."""
    from f2p import studio
    from f2p.settings import load_settings
    from f2p.stages.facemesh import LEFT_EYE, RIGHT_EYE

    picture = plain(sitter).copy()
    engines = studio.engines(load_settings())
    box = max(engines.detector.find(picture), key=lambda one: one.box.area)
    mesh = engines.mesher.measure(picture, box).mesh
    for eye in (RIGHT_EYE, LEFT_EYE):
        close(picture, mesh[list(eye)])
    return picture


def close(picture: Pixels, outline: NDArray[np.float32]) -> None:
    """One eye, in place. outline: (16, 2) px, outer corner, upper lid, inner corner, lower lid."""
    upper, lower = outline[:9], np.vstack([outline[8:], outline[:1]])
    upper, lower = upper[np.argsort(upper[:, 0])], lower[np.argsort(lower[:, 0])]
    left, right = int(upper[0, 0]) - 1, int(upper[-1, 0]) + 2
    tall = float((lower[:, 1] - upper[:, 1]).max())
    wide = float(upper[-1, 0] - upper[0, 0])
    before = picture.copy()
    for x in range(left, right):
        lid, end = np.interp(x, upper[:, 0], upper[:, 1]), np.interp(x, lower[:, 0], lower[:, 1]) + 0.04 * wide
        top, edge = lid - 0.24 * wide, lid - 0.05 * wide
        rows = np.arange(int(top), int(end) + 1)
        source = top + (rows - top) * (edge - top) / max(end - top, 1)
        picture[rows, x] = before[np.clip(source, 0, len(before) - 1).astype(int), x]
    part = picture[int(upper[:, 1].min() - tall) : int(lower[:, 1].max() + tall), left:right]
    part[:] = cv2.GaussianBlur(part, (0, 0), tall / 12)
    points = np.column_stack([lower[:, 0], lower[:, 1]]).round().astype(np.int32)
    cv2.polylines(picture, [points], isClosed=False, color=(58, 40, 34), thickness=max(2, int(tall / 9)), lineType=cv2.LINE_AA)


if __name__ == "__main__":
    main()
