#!/usr/bin/env python3
"""What the corrections of light do to real faces: casts and wrong exposures put on good portraits, and how much of it goes.

    .venv/bin/python bench/light.py FOLDER

White balance: colour distance (a*b* of the skin's median) from the untouched picture, with the cast and after; "none" shows what
it does to a picture that needs nothing. Exposure: the skin's luminance against the untouched picture. Evening and face
shadow: luminance left over right, the skin's own contrast that is kept in three bands (finer than 2 %, 2 to 8 %, 8 to 20 % of the
inter-eye distance), and the skin's tone.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from f2p import studio
from f2p.settings import load_settings
from f2p.stages.facemesh import inter_eye_px
from f2p.stages.light import apply_light, measure_light
from f2p.stages.skin import skin_mask
from f2p.stages.srgb import CODE_STEPS, LUMINANCE, encoding_table, linear_light
from f2p.values.plan import Light

CASTS = {
    "none": (1.0, 1.0, 1.0),
    "tungsten": (1.3, 1.0, 0.62),
    "warm": (1.12, 1.0, 0.8),
    "cool": (0.88, 1.0, 1.2),
    "green": (0.95, 1.07, 0.93),
    "blue": (0.78, 1.0, 1.35),
}
STOPS = (0.0, -1.0, -2.0, 0.7)
BANDS = ((0.0, 0.02), (0.02, 0.08), (0.08, 0.2))
LONG_SIDE_PX = 900
Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A portrait with what the light needs to know of it."""

    rgb: Pixels
    alpha: Plane
    skin: Plane
    iod_px: float

    def lit(self, rgb: Pixels, **wishes: bool) -> Pixels:
        return apply_light(rgb, self.alpha, self.skin, Light(**wishes), rgb)

    @property
    def bare(self) -> NDArray[np.bool_]:
        return self.skin > 0.7

    def tone(self, rgb: Pixels) -> float:
        return float(np.median((linear_light(rgb) @ LUMINANCE)[self.bare]))

    def colour(self, rgb: Pixels) -> NDArray[np.float32]:
        middle = np.median(rgb[self.bare], axis=0).astype(np.float32) / 255
        return cv2.cvtColor(middle[None, None], cv2.COLOR_RGB2LAB)[0, 0, 1:]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    found = {path.stem: person_of(path) for path in sorted(parser.parse_args().folder.glob("*.jpg"))}
    people = {name: person for name, person in found.items() if person is not None}
    casts = {name: cast_row(person) for name, person in people.items()}
    show("white balance, distance with the cast > after", list(CASTS), casts)
    show(
        "exposure, tone with the fault > after",
        [f"{stops:+g} stops" for stops in STOPS],
        {n: stop_row(p) for n, p in people.items()},
    )
    for wish in ("even", "face_shadow", "backlight"):
        columns = ["left/right", "", "fine", "middle", "broad", "tone"]
        show(wish, columns, {name: field_row(person, wish) for name, person in people.items()})


def person_of(path: Path) -> Person | None:
    """The portrait at no more than LONG_SIDE_PX; None where there is not exactly one face."""
    with Image.open(path) as opened:
        opened.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX))
        rgb = np.asarray(opened.convert("RGB"))
    engines = studio.engines(load_settings())
    boxes = engines.detector.find(rgb)
    if len(boxes) != 1:
        return None
    mesh = engines.mesher.measure(rgb, boxes[0]).mesh
    alpha = engines.matter.matte(rgb).alpha
    return Person(rgb=rgb, alpha=alpha, skin=skin_mask(rgb, mesh, alpha), iod_px=inter_eye_px(mesh))


def under(rgb: Pixels, gains: tuple[float, float, float]) -> Pixels:
    """The picture under another lamp."""
    light = np.clip(linear_light(rgb) * np.array(gains, np.float32), 0, 1)
    return np.rint(encoding_table()[np.rint(light * CODE_STEPS).astype(int)] * 255).astype(np.uint8)


def cast_row(person: Person) -> list[tuple[float, float]]:
    """Per cast: distance with it, distance after."""
    row = []
    for gains in CASTS.values():
        wanted = person.colour(under(person.rgb, (0.8, 0.8, 0.8)))
        fault = under(person.rgb, tuple(0.8 * gain for gain in gains))  # type: ignore[arg-type]
        after = person.lit(fault, white_balance=True)
        row.append(tuple(float(np.hypot(*(person.colour(rgb) - wanted))) for rgb in (fault, after)))
    return row  # type: ignore[return-value]


def stop_row(person: Person) -> list[tuple[float, float]]:
    """Per exposure: tone with it, tone after, both over the untouched one's."""
    faults = [under(person.rgb, (2.0**stops,) * 3) for stops in STOPS]
    usual = person.tone(person.rgb)
    return [(person.tone(fault) / usual, person.tone(person.lit(fault, exposure=True)) / usual) for fault in faults]


def field_row(person: Person, wish: str) -> list[float]:
    """Left over right before and after, contrast kept per band, tone."""
    after = person.lit(person.rgb, **{wish: True})
    sides = [measure_light(rgb, person.alpha, person.skin).cheek_ratio or 1.0 for rgb in (person.rgb, after)]
    kept = [contrast(person, after, band) / contrast(person, person.rgb, band) for band in BANDS]
    return [*sides, *kept, person.tone(after) / person.tone(person.rgb)]


def contrast(person: Person, rgb: Pixels, band: tuple[float, float]) -> float:
    """Energy of the skin's log luminance between two sizes, as shares of the inter-eye distance."""
    light = np.log(linear_light(rgb) @ LUMINANCE + 0.003)
    fine, coarse = (cv2.GaussianBlur(light, (0, 0), size * person.iod_px) if size else light for size in band)
    return float(((fine - coarse)[person.bare] ** 2).mean())


def show(title: str, columns: list[str], rows: dict[str, list[float]] | dict[str, list[tuple[float, float]]]) -> None:
    """A table, with the mean of each column."""
    print(f"\n{title:<34}" + "".join(f"{column:>14}" for column in columns))
    mean = np.mean([np.array(row) for row in rows.values()], axis=0)
    for name, row in [*rows.items(), ("mean", mean)]:
        cells = [" > ".join(f"{value:.2f}" for value in np.atleast_1d(cell)) for cell in row]
        print(f"{name:<34}" + "".join(f"{cell:>14}" for cell in cells))


if __name__ == "__main__":
    main()
