#!/usr/bin/env python3
"""What every retouch level and every beauty key does to real skin, in numbers and in pictures.

    .venv/bin/python bench/skin.py [FOLDER ...] [--shifted] [--pictures docs/images] [--by-face] [--only KEY]

Without a folder: the project's own sample portrait. --shifted adds each face with its skin darkened (marked *, no real person).
Per edit, means over the faces on which it found something to do:

  id        SFace identity distance (1 - cosine), mapped alignment; worst face in brackets
  fine      share of the lightness energy finer than 0.006 inter-eye distances (1 px at least) that is left inside the mask
  marks     moles and other dark marks found before, and how many of them keep three quarters of their depth
  texture   local texture variance after / before: median over patches; in brackets its 10th percentile (plastic skin: near 0)
  ΔE in     mean CIEDE76 inside the mask; out: largest outside it (must be 0)
  ms        finding the mask and changing the pixels
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from people import Sitter, darkened, pictures_of, sitters

from f2p import studio
from f2p.recipes.beauty import WISHES
from f2p.settings import load_settings
from f2p.stages.facemap import to_lab
from f2p.stages.facemesh import five_points
from f2p.stages.retouch import retouch
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Amount, Retouch

LEVELS = ("light", "medium", "strong")
Edit = Callable[[Sitter], tuple[Rgb8, Plane]]


@dataclass(frozen=True)
class Row:
    """One edit of one face, measured; None where it found nothing to do."""

    identity: float
    fine: float
    marks: int
    kept: int
    texture: float
    texture_low: float
    inside: float
    outside: float
    ms: float


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("--shifted", action="store_true")
    parser.add_argument("--by-face", action="store_true")
    parser.add_argument("--only", default="", help="measure edits whose name begins with this")
    parser.add_argument("--pictures", type=Path)
    args = parser.parse_args()
    paths = [path for folder in args.folder or [None] for path in pictures_of(folder)]
    people = [one for path in paths for one in sitters(path)]
    if args.shifted:
        people += [darkened(one) for one in people if one.ita_deg > 10.0]
    groups: dict[str, list[str]] = {}
    for one in people:
        groups.setdefault(one.complexion, []).append(f"{one.name} {one.ita_deg:.0f}°")
    for group, names in groups.items():
        print(f"{group} ({len(names)}): {', '.join(names)}")
    header = "| edit | faces | id (worst) | fine | marks kept | texture (p10) | ΔE in | out | ms |"
    print(f"\n{header}\n|{'---|' * 9}")
    for name, edit in edits().items():
        if not name.startswith(args.only):
            continue
        rows = {one.name: measured(one, edit) for one in people}
        print(line(name, [row for row in rows.values() if row is not None]))
        if args.by_face:
            for who, row in rows.items():
                print(line(f"· {who}", [row] if row else []))
    if args.pictures:
        draw(people[0], args.pictures)


def edits() -> dict[str, Edit]:
    """Every retouch level and every level of every beauty key."""
    found: dict[str, Edit] = {}
    for level in LEVELS:
        found[f"retouch {level}"] = lambda one, level=level: (
            retouch(one.rgb, one.face.skin, one.face.iod_px, Retouch(level)),
            one.face.skin,
        )
    for wish in WISHES:
        for level in LEVELS:

            def edit(one: Sitter, wish=wish, level=level) -> tuple[Rgb8, Plane]:
                mask = wish.find(one.rgb, one.face)
                return wish.change(one.rgb, mask, one.face, Amount(level)), mask

            found[f"{wish.key} {level}"] = edit
    return found


def measured(one: Sitter, edit: Edit) -> Row | None:
    """One edit of one face; None where its mask is empty."""
    start = time.perf_counter()
    after, mask = edit(one)
    ms = 1000.0 * (time.perf_counter() - start)
    inside = mask > 0.1
    if not inside.any():
        return None
    difference = np.linalg.norm(to_lab(after) - to_lab(one.rgb), axis=-1)
    # Marks and plastic skin are looked for on the face's bare skin, whatever the edit's own mask is.
    skin = one.face.skin > 0.5
    marks, kept = marks_kept(one.rgb, after, one.face.skin, one.face.iod_px)
    ratios = texture_ratios(one.rgb, after, skin & inside if (skin & inside).any() else inside, one.face.iod_px)
    fine = [fine_energy(picture, inside, one.face.iod_px) for picture in (one.rgb, after)]
    return Row(
        identity=identity(one, after),
        fine=fine[1] / max(fine[0], 1e-9),
        marks=marks,
        kept=kept,
        texture=float(np.median(ratios)),
        texture_low=float(np.percentile(ratios, 10)),
        inside=float(difference[mask > 0.5].mean()) if (mask > 0.5).any() else float(difference[inside].mean()),
        outside=float(difference[mask == 0].max(initial=0.0)),
        ms=ms,
    )


def identity(one: Sitter, after: Rgb8) -> float:
    """1 - cosine of SFace before and after, the same five points in both."""
    engine = studio.engines(load_settings()).identifier
    five = five_points(one.face.mesh)
    return max(0.0, 1.0 - float(engine.embed(one.rgb, five) @ engine.embed(after, five)))


def fine_energy(rgb: Rgb8, where: NDArray[np.bool_], iod: float) -> float:
    """Energy of lightness finer than 0.006 inter-eye distances."""
    light = to_lab(rgb)[..., 0]
    return float(((light - cv2.GaussianBlur(light, (0, 0), max(0.006 * iod, 1.0)))[where] ** 2).sum())


def texture_ratios(before: Rgb8, after: Rgb8, where: NDArray[np.bool_], iod: float) -> NDArray[np.float32]:
    """Variance of what is finer than 0.02 inter-eye distances in patches of 0.06, after over before."""

    def variance(rgb: Rgb8) -> NDArray[np.float32]:
        light = to_lab(rgb)[..., 0]
        fine = light - cv2.GaussianBlur(light, (0, 0), max(0.02 * iod, 1.2))
        return cv2.GaussianBlur(fine * fine, (0, 0), max(0.06 * iod, 2.0))

    return (variance(after)[where] + 0.01) / (variance(before)[where] + 0.01)


def marks_kept(before: Rgb8, after: Rgb8, skin: Plane, iod: float) -> tuple[int, int]:
    """Dark marks on the skin (black top-hat well above the skin's grain), and how many keep three quarters of their depth."""

    def depth(rgb: Rgb8) -> NDArray[np.float32]:
        luma = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), max(0.008 * iod, 0.6))
        side = 2 * max(round(0.05 * iod), 2) + 1
        around = cv2.morphologyEx(luma, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
        return (around - luma) / (around + 4.0)

    inner = cv2.erode(skin, np.ones((2 * max(round(0.04 * iod), 1) + 1,) * 2, np.uint8)) > 0.9
    first, second = depth(before), depth(after)
    # Grain and the ends of folds have depth too; a mark stands out of them.
    deep = 0.08 + 3.0 * float(np.median(first[inner])) if inner.any() else 1.0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(((first > deep) & inner).astype(np.uint8), connectivity=8)
    marks = kept = 0
    for index in range(1, count):
        width, height, area = stats[index, 2:5]
        if max(width, height) > 0.12 * iod or max(width, height) > 2.0 * min(width, height) or area < 4:
            continue
        marks += 1
        place = labels == index
        kept += bool(second[place].max() >= 0.75 * first[place].max())
    return marks, kept


def line(name: str, rows: list[Row]) -> str:
    """One line of the table."""
    if not rows:
        return f"| {name} | 0 | | | | | | | |"

    def mean(field: str) -> float:
        return float(np.mean([getattr(row, field) for row in rows]))

    worst = max(row.identity for row in rows)
    marks, kept = sum(row.marks for row in rows), sum(row.kept for row in rows)
    return (
        f"| {name} | {len(rows)} | {mean('identity'):.4f} ({worst:.4f}) | {mean('fine'):.2f} | {kept}/{marks} "
        f"| {mean('texture'):.2f} ({mean('texture_low'):.2f}) | {mean('inside'):.2f} | {max(row.outside for row in rows):.0f} "
        f"| {np.median([row.ms for row in rows]):.0f} |"
    )


def draw(one: Sitter, folder: Path) -> None:
    """Strips before, light, medium, strong at 200 % for the retouch and for each key that finds something to do."""
    eyes = one.face.mesh[[33, 133, 362, 263]].mean(axis=0)
    iod = one.face.iod_px
    left, top = (max(int(v), 0) for v in eyes - np.array([1.15, 1.05]) * iod)
    right, bottom = (int(v) for v in eyes + np.array([1.15, 1.55]) * iod)
    strips: dict[str, list[Rgb8]] = {}
    for name, edit in edits().items():
        after, mask = edit(one)
        if mask.any():
            strips.setdefault(name.rsplit(" ", 1)[0], [one.rgb]).append(after)
    folder.mkdir(parents=True, exist_ok=True)
    for key, pictures in strips.items():
        parts = [cv2.resize(p[top:bottom, left:right], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC) for p in pictures]
        gap = np.full((parts[0].shape[0], 6, 3), 255, np.uint8)
        strip = np.hstack([piece for part in parts for piece in (part, gap)][:-1])
        cv2.imwrite(str(folder / f"skin-{key}.jpg"), strip[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])


if __name__ == "__main__":
    main()
