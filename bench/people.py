"""The faces of a folder's pictures, as the benches look at them: cut out at their own size, measured, with their complexion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from f2p import studio
from f2p.settings import load_settings
from f2p.stages.facemap import FaceMap, to_lab
from f2p.stages.facemesh import inter_eye_px
from f2p.stages.skin import skin_mask
from f2p.stages.srgb import CODE_STEPS, encoding_table, linear_light
from f2p.stages.tone import whiten_mask
from f2p.values.pixels import Rgb8

ROOT = Path(__file__).resolve().parents[1]
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
SKINS = ((55.0, "very light"), (41.0, "light"), (28.0, "intermediate"), (10.0, "tan"), (-30.0, "brown"), (-91.0, "dark"))
"""Lower ends of the individual typology angle in degrees (Chardon et al. 1991) and their names."""
LEAST_IOD_PX, MOST_IOD_PX = 35.0, 160.0
"""Smaller faces are passed over, larger ones are shrunk: 160 px is a two-inch print at 600 dpi."""


@dataclass(frozen=True, kw_only=True)
class Sitter:
    """One face: its picture's name (and number where there are several), pixels, map, and typology angle."""

    name: str
    rgb: Rgb8
    face: FaceMap
    ita_deg: float

    @property
    def complexion(self) -> str:
        return next(name for low, name in SKINS if self.ita_deg >= low)


def pictures_of(folder: Path | None) -> list[Path]:
    """Every picture of a folder, or the project's own sample portrait."""
    if folder is None:
        return [ROOT / "face_image.png"]
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)


def sitters(path: Path) -> Iterator[Sitter]:
    """Every upright face that is large enough to judge skin on, numbered as `--face` numbers them."""
    engines = studio.engines(load_settings())
    picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    faces = [engines.mesher.measure(picture, box) for box in engines.detector.find(picture)]
    faces = [one for one in faces if one.presence >= 8.0 and abs(one.roll_deg) <= 50.0]
    for number, found in enumerate(sorted(faces, key=lambda one: one.box.left + one.box.right), start=1):
        iod = inter_eye_px(found.mesh)
        if iod < LEAST_IOD_PX or abs(found.yaw_deg) > 40.0:
            continue
        middle, (height, width) = found.mesh.mean(axis=0), picture.shape[:2]
        left, top = (int(max(v, 0)) for v in middle - np.array([2.2, 2.6]) * iod)
        right, bottom = int(min(middle[0] + 2.2 * iod, width)), int(min(middle[1] + 3.2 * iod, height))
        rgb = np.ascontiguousarray(picture[top:bottom, left:right])
        scale = min(1.0, MOST_IOD_PX / iod)
        if scale < 1.0:
            rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        mesh = ((found.mesh - (left, top) + 0.5) * scale - 0.5).astype(np.float32)
        alpha = np.clip((engines.matter.matte(rgb).alpha - 0.02) / 0.96, 0, 1).astype(np.float32)
        face = FaceMap(mesh=mesh, alpha=alpha, skin=skin_mask(rgb, mesh, alpha))
        if np.count_nonzero(face.skin > 0.5) > 200:
            yield Sitter(name=f"{path.stem}#{number}", rgb=rgb, face=face, ita_deg=typology(rgb, face))


def typology(rgb: Rgb8, face: FaceMap) -> float:
    """Individual typology angle of the face's skin as photographed: atan((L* - 50) / b*), higher is lighter."""
    light, _, yellow = np.median(to_lab(rgb)[face.skin > 0.5], axis=0)
    return float(np.degrees(np.arctan2(light - 50.0, max(float(yellow), 1e-3))))


def darkened(sitter: Sitter) -> Sitter:
    """The same face with its skin made four times darker in linear light: no real person, marked by a star."""
    share = whiten_mask(sitter.rgb, sitter.face)[..., None]
    linear = linear_light(sitter.rgb) * (1.0 - share * (1.0 - np.array([0.27, 0.23, 0.21], np.float32)))
    rgb = np.rint(encoding_table()[np.rint(linear * CODE_STEPS).astype(int)] * 255).astype(np.uint8)
    face = replace(sitter.face, skin=skin_mask(rgb, sitter.face.mesh, sitter.face.alpha))
    return Sitter(name=sitter.name + "*", rgb=rgb, face=face, ita_deg=typology(rgb, face))
