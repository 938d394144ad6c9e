"""Faults planted into a finished ID photo, one at a time, each with the check that should name it.

Everything is made by geometry and arithmetic on the finished picture: no network draws a face. A head turned sideways can't be
made so (that would need the other side of the face): that check is judged on real turned portraits only.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from f2p.files.encode import encode
from f2p.stages import facemesh
from f2p.stages.facemap import filled
from f2p.stages.srgb import linear_light
from f2p.values.geometry import Points
from f2p.values.pixels import Plane, Rgb8
from f2p.values.plan import Backdrop, BackdropKind, Encoding, FileFormat, IdPhotoPlan
from f2p.values.spec import Band, PhotoSpec

Pixels = NDArray[np.float32]


def white_plan(spec: PhotoSpec) -> IdPhotoPlan:
    """What makes a white photo for a document, whatever its authority says about editing: the bench needs a plain backdrop."""
    encoding = Encoding(format=FileFormat(spec.format), dpi=spec.dpi, kb=spec.kb)
    return IdPhotoPlan(spec=spec, backdrop=Backdrop(kind=BackdropKind.SOLID, color="#FFFFFF"), encoding=encoding)


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A finished photo without planted fault. alpha: the person (H, W) 0..1; mesh: its face, px."""

    spec: PhotoSpec
    data: bytes
    rgb: Rgb8
    alpha: Plane
    mesh: Points

    @property
    def iod(self) -> float:
        return facemesh.inter_eye_px(self.mesh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How a fault is planted. expected: checks of which one must fail; along: checks that may fail with it, as they see the
    same thing.

    make(good, strength) gives the file's bytes, None where the fault means nothing for this photo.
    """

    name: str
    expected: tuple[str, ...]
    strengths: tuple[float, ...]
    make: Callable[[Good, float], bytes | None]
    along: tuple[str, ...] = ()


def saved(rgb: Rgb8, good: Good, **changes: object) -> bytes:
    """The picture as a file that keeps the document's type, dpi and KB."""
    file_format = FileFormat(good.spec.format)
    encoding = replace(Encoding(format=file_format, dpi=good.spec.dpi, kb=good.spec.kb), **changes)  # type: ignore[arg-type]
    return encode(rgb, None, encoding, None).data


def _moved(good: Good, matrix: NDArray[np.float64]) -> bytes:
    height, width = good.rgb.shape[:2]
    colour = tuple(int(value) for value in good.rgb[0, 0])
    moved = cv2.warpAffine(
        good.rgb, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=colour
    )
    return saved(np.asarray(moved, dtype=np.uint8), good)


def tilt(good: Good, degrees: float) -> bytes:
    """The whole picture turned about the face."""
    x, y = good.mesh.mean(axis=0)
    return _moved(good, cv2.getRotationMatrix2D((float(x), float(y)), degrees, 1.0))


def scaled(good: Good, factor: float) -> bytes:
    """Head larger or smaller about the middle of the lower edge, where the body leaves the picture."""
    height, width = good.rgb.shape[:2]
    return _moved(good, cv2.getRotationMatrix2D((width / 2, float(height)), 0.0, factor))


def shifted(good: Good, share: float) -> bytes:
    """The person moved sideways by a share of the width."""
    return _moved(good, np.array([[1.0, 0.0, share * good.rgb.shape[1]], [0.0, 1.0, 0.0]]))


def on_person(good: Good, person: Pixels) -> bytes:
    """Other pixels of the person (0..255) before the same backdrop."""
    alpha = good.alpha[..., None]
    return saved(np.clip(np.rint(person * alpha + good.rgb * (1.0 - alpha)), 0, 255).astype(np.uint8), good)


def behind_person(good: Good, backdrop: Pixels) -> bytes:
    """Another backdrop (0..255) behind the same person."""
    alpha = good.alpha[..., None]
    return saved(np.clip(np.rint(good.rgb * alpha + backdrop * (1.0 - alpha)), 0, 255).astype(np.uint8), good)


def encoded_light(linear: Pixels) -> Pixels:
    """Code values (sRGB) 0..255 of linear light."""
    v = np.clip(linear, 0.0, 1.0)
    return np.asarray(255.0 * np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055), dtype=np.float32)


def gained(good: Good, gains: tuple[float, float, float]) -> bytes:
    """The person's linear light times a gain per channel."""
    return on_person(good, encoded_light(linear_light(good.rgb) * np.array(gains, np.float32)))


def face_shadow(good: Good, factor: float) -> bytes:
    """Half of the face in shadow, with a soft edge along the nose."""
    x = np.arange(good.rgb.shape[1], dtype=np.float32)
    middle = float(good.mesh[168, 0])
    soft = 1.0 / (1.0 + np.exp(-(x - middle) / (0.12 * good.iod)))
    gain = (1.0 - (1.0 - factor) * soft)[None, :, None]
    return on_person(good, encoded_light(linear_light(good.rgb) * gain.astype(np.float32)))


def low_contrast(good: Good, share: float) -> bytes:
    """The person's tones squeezed towards their mean."""
    mean = float(good.rgb[good.alpha > 0.9].mean())
    return on_person(good, np.asarray(mean + share * (good.rgb.astype(np.float32) - mean), dtype=np.float32))


def busy(good: Good, levels: float) -> bytes:
    """Random blotches and lines behind the person, up to so many levels darker."""
    height, width = good.alpha.shape
    random = np.random.default_rng(7)
    noise = cv2.resize(random.random((9, 7), np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    stripes = (np.arange(width) // max(2, width // 16) % 2).astype(np.float32)[None, :]
    change = levels * np.clip(0.6 * noise + 0.4 * stripes, 0.0, 1.0)
    return behind_person(good, np.asarray(good.rgb[0, 0].astype(np.float32) - change[..., None], dtype=np.float32))


def gradient(good: Good, levels: float) -> bytes:
    """A backdrop that darkens from one side to the other."""
    change = levels * np.linspace(0.0, 1.0, good.alpha.shape[1], dtype=np.float32)[None, :, None]
    return behind_person(
        good, np.asarray(np.broadcast_to(good.rgb[0, 0].astype(np.float32) - change, good.rgb.shape), dtype=np.float32)
    )


def coloured(good: Good, share: float) -> bytes | None:
    """A backdrop mixed towards a strong green by `share`."""
    green = np.array([40.0, 150.0, 70.0], np.float32)
    colour = (1.0 - share) * good.rgb[0, 0] + share * green
    return behind_person(good, np.asarray(np.broadcast_to(colour, good.rgb.shape), dtype=np.float32))


def cast_shadow(good: Good, share: float) -> bytes:
    """The person's own shadow on the wall, to one side."""
    move = 0.35 * good.iod
    height, width = good.alpha.shape
    thrown = cv2.warpAffine(good.alpha, np.array([[1.0, 0.0, move], [0.0, 1.0, 0.2 * move]]), (width, height))
    soft = cv2.GaussianBlur(thrown, (0, 0), 0.12 * good.iod)
    return behind_person(good, np.asarray(good.rgb[0, 0] * (1.0 - share * soft[..., None]), dtype=np.float32))


def closed_eyes(good: Good, share: float) -> bytes:
    """Upper lids drawn down over the eyes by `share` of the opening."""
    rgb = good.rgb
    for upper, lower, corners in (
        ((246, 161, 160, 159, 158, 157, 173), (7, 163, 144, 145, 153, 154, 155), (33, 133)),
        ((398, 384, 385, 386, 387, 388, 466), (382, 381, 380, 374, 373, 390, 249), (362, 263)),
    ):
        rgb = _lid_down(rgb, good.mesh, (upper, lower, corners), share)
    return saved(rgb, good)


def _lid_down(rgb: Rgb8, mesh: Points, eye: tuple[tuple[int, ...], tuple[int, ...], tuple[int, int]], share: float) -> Rgb8:
    upper, lower, corners = (mesh[list(part)] for part in eye)
    upper, lower = np.vstack([corners, upper]), np.vstack([corners, lower])
    upper, lower = upper[upper[:, 0].argsort()], lower[lower[:, 0].argsort()]
    width = float(abs(corners[0, 0] - corners[1, 0]))
    map_x, map_y = np.meshgrid(np.arange(rgb.shape[1], dtype=np.float32), np.arange(rgb.shape[0], dtype=np.float32))
    for column in range(int(upper[0, 0]), int(upper[-1, 0]) + 1):
        over, under = np.interp(column, upper[:, 0], upper[:, 1]), np.interp(column, lower[:, 0], lower[:, 1])
        top, new = over - 0.22 * width, over + share * (under - over) + (0.04 * width if share >= 1.0 else 0.0)
        rows = np.arange(max(int(top), 0), int(np.ceil(new)) + 1)
        map_y[rows, column] = np.where(rows <= new, top + (rows - top) * (over - 0.03 * width - top) / max(new - top, 1e-3), rows)
    return np.asarray(cv2.remap(rgb, map_x, map_y, cv2.INTER_LINEAR), dtype=np.uint8)


def open_mouth(good: Good, share: float) -> bytes:
    """The lower lip and chin pushed down by `share` of the mouth's width, dark between the lips."""
    mesh, rgb = good.mesh, good.rgb
    line = mesh[[78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308]]
    line = line[line[:, 0].argsort()]
    width = float(line[-1, 0] - line[0, 0])
    down = share * width
    map_x, map_y = np.meshgrid(np.arange(rgb.shape[1], dtype=np.float32), np.arange(rgb.shape[0], dtype=np.float32))
    dark = np.zeros(rgb.shape[:2], np.float32)
    for column in range(int(line[0, 0]), int(line[-1, 0]) + 1):
        seam = float(np.interp(column, line[:, 0], line[:, 1]))
        gap = down * max(float(np.sin(np.pi * (column - line[0, 0]) / width)), 0.0) ** 0.6
        rows = np.arange(int(seam), rgb.shape[0])
        fade = np.clip(1.0 - (rows - seam - gap) / (1.2 * width), 0.0, 1.0)
        map_y[rows, column] = np.where(rows < seam + gap, seam, rows - gap * fade)
        dark[rows[rows < seam + gap], column] = 1.0
    opened = cv2.remap(rgb, map_x, map_y, cv2.INTER_LINEAR).astype(np.float32)
    soft = cv2.GaussianBlur(dark, (0, 0), max(0.02 * width, 0.6))[..., None]
    return saved(np.rint(opened * (1.0 - soft) + np.array([45.0, 18.0, 18.0]) * soft).astype(np.uint8), good)


def looks_aside(good: Good, share: float) -> bytes:
    """Irises moved sideways by `share` of the eye's width."""
    rgb, mesh = good.rgb, good.mesh
    map_x, map_y = np.meshgrid(np.arange(rgb.shape[1], dtype=np.float32), np.arange(rgb.shape[0], dtype=np.float32))
    for outline, corners in ((facemesh.RIGHT_EYE, (33, 133)), (facemesh.LEFT_EYE, (362, 263))):
        inside = filled([mesh[list(outline)]], rgb.shape)
        soft = cv2.GaussianBlur(inside, (0, 0), 0.8) * (inside > 0)
        width = float(abs(mesh[corners[0], 0] - mesh[corners[1], 0]))
        map_x -= share * width * soft
    return saved(np.asarray(cv2.remap(rgb, map_x, map_y, cv2.INTER_LINEAR), dtype=np.uint8), good)


def red_eyes(good: Good, share: float) -> bytes:
    """Pupils lit red."""
    mask = np.zeros(good.alpha.shape, np.float32)
    for middle, rim in ((468, 469), (473, 474)):
        radius = float(np.hypot(*(good.mesh[rim] - good.mesh[middle])))
        cv2.circle(mask, tuple(round(float(v)) for v in good.mesh[middle]), max(1, round(0.6 * radius)), 1.0, cv2.FILLED)
    mask = cv2.GaussianBlur(mask, (0, 0), 0.6)[..., None] * share
    return saved(np.rint(good.rgb * (1.0 - mask) + np.array([210.0, 30.0, 35.0]) * mask).astype(np.uint8), good)


def covered_eye(good: Good, share: float) -> bytes:
    """A dark lock over one eye, as wide as `share` of it."""
    corners = good.mesh[[362, 263]]
    middle, width = corners.mean(axis=0), float(np.hypot(*(corners[1] - corners[0])))
    mask = np.zeros(good.alpha.shape, np.float32)
    axes = (round(0.62 * width * share), round(1.5 * width))
    cv2.ellipse(mask, tuple(round(float(v)) for v in middle), axes, 12.0, 0.0, 360.0, 1.0, cv2.FILLED)
    mask = cv2.GaussianBlur(mask, (0, 0), 1.0)[..., None]
    return saved(np.rint(good.rgb * (1.0 - mask) + np.array([38.0, 30.0, 26.0]) * mask).astype(np.uint8), good)


def with_glasses(good: Good, glare: float) -> bytes:
    """Dark frames drawn round the eyes; reflections of L* up to `glare` on both lenses."""
    rgb, iod = good.rgb.astype(np.float32), good.iod
    frame, shine = np.zeros(good.alpha.shape, np.float32), np.zeros(good.alpha.shape, np.float32)
    middles = [good.mesh[list(pair)].mean(axis=0) for pair in ((33, 133), (362, 263))]
    for middle in middles:
        place = tuple(round(float(v)) for v in middle + np.array([0.0, 0.06 * iod]))
        cv2.ellipse(frame, place, (round(0.42 * iod), round(0.31 * iod)), 0, 0, 360, 1.0, max(2, round(0.05 * iod)), cv2.LINE_AA)
        spot = tuple(round(float(v)) for v in middle + np.array([0.12 * iod, 0.17 * iod]))
        cv2.ellipse(shine, spot, (round(0.15 * iod), round(0.07 * iod)), -20, 0, 360, 1.0, cv2.FILLED, cv2.LINE_AA)
    left, right = (
        tuple(round(float(v)) for v in m + np.array([side * 0.4 * iod, 0.0])) for m, side in zip(middles, (1, -1), strict=True)
    )
    cv2.line(frame, left, right, 1.0, max(2, round(0.05 * iod)), cv2.LINE_AA)
    shine = cv2.GaussianBlur(shine, (0, 0), 0.02 * iod)[..., None] * (glare / 100.0)
    rgb = rgb * (1.0 - shine) + 250.0 * shine
    rgb = rgb * (1.0 - frame[..., None]) + 25.0 * frame[..., None]
    return saved(np.rint(rgb).astype(np.uint8), good)


def second_person(good: Good, scale: float) -> bytes:
    """The same cut-out once more, smaller, beside the head."""
    height, width = good.alpha.shape
    x, y = good.mesh.mean(axis=0)
    place = np.array([[scale, 0.0, 0.87 * width - scale * float(x)], [0.0, scale, 0.2 * height - scale * float(y)]])
    small = cv2.warpAffine(good.rgb, place, (width, height), flags=cv2.INTER_AREA).astype(np.float32)
    alpha = cv2.warpAffine(good.alpha, place, (width, height))[..., None]
    return behind_person(good, np.asarray(small * alpha + good.rgb[0, 0].astype(np.float32) * (1.0 - alpha), dtype=np.float32))


def blurred(good: Good, sigma: float) -> bytes:
    """Out of focus: sigma in px at 90 px between the eyes."""
    return saved(np.asarray(cv2.GaussianBlur(good.rgb, (0, 0), sigma * good.iod / 90.0), dtype=np.uint8), good)


def oversharpened(good: Good, percent: float) -> bytes:
    """Unsharp masking, radius 1.5 px."""
    return saved(np.asarray(Image.fromarray(good.rgb).filter(ImageFilter.UnsharpMask(1.5, round(percent), 0))), good)


def compressed(good: Good, quality: float) -> bytes:
    """Saved once at a low JPEG quality, then again as the document wants it."""
    buffer = io.BytesIO()
    Image.fromarray(good.rgb).save(buffer, "JPEG", quality=round(quality))
    return saved(np.asarray(Image.open(buffer).convert("RGB")), good)


def enlarged(good: Good, factor: float) -> bytes:
    """Made from a smaller picture."""
    height, width = good.rgb.shape[:2]
    small = cv2.resize(good.rgb, (round(width / factor), round(height / factor)), interpolation=cv2.INTER_AREA)
    return saved(np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8), good)


def too_many_kb(good: Good, over: float) -> bytes | None:
    """A comment that makes the file so many KB too large."""
    if good.spec.kb.high is None or good.spec.format != "jpg":
        return None
    missing = round((good.spec.kb.high + over) * 1024) - len(good.data)
    comment = b""
    while missing > 4:
        part = min(missing, 65_000)
        comment += b"\xff\xfe" + (part - 2).to_bytes(2, "big") + b"\0" * (part - 4)
        missing -= part
    return good.data[:2] + comment + good.data[2:]


def wrong_px(good: Good, change: float) -> bytes:
    """Width and height off by a share; above 0 only the width."""
    height, width = good.rgb.shape[:2]
    size = (round(width * (1 + change)), height if change > 0 else round(height * (1 + change)))
    return saved(np.asarray(cv2.resize(good.rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), good)


def wrong_dpi(good: Good, dpi: float) -> bytes:
    """Another dpi in the file."""
    return saved(good.rgb, good, dpi=round(dpi))


def as_png(good: Good, _strength: float) -> bytes | None:
    """PNG where JPEG is wanted."""
    return saved(good.rgb, good, format=FileFormat.PNG, kb=Band()) if good.spec.format == "jpg" else None


def lying(good: Good, _strength: float) -> bytes:
    """Stored on its side, with a note in the EXIF block that says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    dpi = (good.spec.dpi, good.spec.dpi)
    Image.fromarray(np.rot90(good.rgb).copy()).save(buffer, "JPEG", quality=93, dpi=dpi, exif=exif)
    return buffer.getvalue()


def gray(good: Good, _strength: float) -> bytes:
    """Without colours."""
    return saved(np.repeat(cv2.cvtColor(good.rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2), good)


_HEAD = ("head_height_mm", "head_ratio", "head_width_mm", "face_width_ratio", "head_width_ratio", "top_margin_mm", "top_ratio",
         "bottom_margin_mm", "eye_line_mm", "eyes_from_top_ratio", "eye_line_ratio")  # fmt: skip
_SIZE = ("head_height_mm", "head_ratio", "head_width_mm", "face_width_ratio")
_PLACE = ("background", "background_even", "background_shadow")

FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault(name="tilted", expected=("roll_deg",), strengths=(7, 10, 15), make=tilt, along=_HEAD),
        Fault(name="head too small", expected=_HEAD, strengths=(0.85, 0.75, 0.6), make=scaled, along=("inter_eye_px",)),
        Fault(name="head too large", expected=_HEAD, strengths=(1.15, 1.3, 1.5), make=scaled, along=("head_inside", "enlarged")),
        Fault(name="off centre", expected=("centring",), strengths=(0.08, 0.12, 0.18), make=shifted),
        Fault(name="eyes closed", expected=("eyes_open",), strengths=(0.7, 0.85, 1.0), make=closed_eyes, along=("eyes_visible",)),
        Fault(
            name="mouth open", expected=("mouth_closed",), strengths=(0.12, 0.2, 0.35), make=open_mouth, along=("smile", *_HEAD)
        ),
        Fault(name="looks aside", expected=("gaze",), strengths=(0.1, 0.18, 0.26), make=looks_aside),
        Fault(name="red eyes", expected=("red_eye",), strengths=(0.7, 0.85, 1.0), make=red_eyes),
        Fault(
            name="eye covered",
            expected=("eyes_visible", "eyes_open", "face_visible"),
            strengths=(0.6, 0.8, 1.0),
            make=covered_eye,
        ),
        Fault(name="glasses", expected=("glasses",), strengths=(0,), make=with_glasses),
        Fault(name="glare on glasses", expected=("glare",), strengths=(60, 80, 95), make=with_glasses, along=("glasses",)),
        Fault(name="face shadow", expected=("face_shadow",), strengths=(0.55, 0.4, 0.25), make=face_shadow),
        Fault(
            name="overexposed",
            expected=("overexposed",),
            strengths=(1.7, 2.4, 3.2),
            make=lambda good, gain: gained(good, (gain, gain, gain)),
            along=("natural_colour",),
        ),
        Fault(
            name="underexposed",
            expected=("underexposed",),
            strengths=(0.4, 0.25, 0.15),
            make=lambda good, gain: gained(good, (gain, gain, gain)),
            along=("contrast",),
        ),
        Fault(
            name="low contrast",
            expected=("contrast",),
            strengths=(0.6, 0.45, 0.3),
            make=low_contrast,
            along=("natural_colour", "underexposed"),
        ),
        Fault(
            name="blue cast",
            expected=("natural_colour",),
            strengths=(1.0, 1.5, 2.0),
            make=lambda good, much: gained(good, (1 - 0.22 * much, 1 - 0.08 * much, 1 + 0.3 * much)),
        ),
        Fault(
            name="yellow cast",
            expected=("natural_colour",),
            strengths=(1.0, 1.5, 2.0),
            make=lambda good, much: gained(good, (1 + 0.05 * much, 1.0, 1 - 0.4 * much)),
        ),
        Fault(name="grey picture", expected=("natural_colour", "colour_mode"), strengths=(1,), make=gray, along=("background",)),
        Fault(name="busy backdrop", expected=("background_even",), strengths=(30, 60, 110), make=busy, along=_PLACE),
        Fault(name="backdrop gradient", expected=("background_even",), strengths=(30, 50, 90), make=gradient, along=_PLACE),
        Fault(name="coloured backdrop", expected=("background",), strengths=(0.3, 0.6, 1.0), make=coloured),
        Fault(
            name="backdrop shadow",
            expected=("background_shadow",),
            strengths=(0.12, 0.25, 0.4),
            make=cast_shadow,
            along=("background_even",),
        ),
        Fault(name="blurred", expected=("sharpness",), strengths=(1.3, 1.8, 2.5), make=blurred),
        Fault(name="over-sharpened", expected=("oversharpened",), strengths=(150, 250, 400), make=oversharpened),
        Fault(name="strong JPEG", expected=("compression",), strengths=(40, 25, 12), make=compressed),
        Fault(name="enlarged", expected=("enlarged", "sharpness"), strengths=(1.5, 2.0, 3.0), make=enlarged),
        Fault(name="5 KB over", expected=("kb",), strengths=(1, 5), make=too_many_kb),
        Fault(
            name="wrong px",
            expected=("width_px", "height_px", "aspect"),
            strengths=(0.04, -0.05),
            make=wrong_px,
            along=("enlarged", *_HEAD),
        ),
        Fault(name="wrong dpi", expected=("dpi",), strengths=(72, 96), make=wrong_dpi),
        Fault(name="PNG for JPEG", expected=("format",), strengths=(1,), make=as_png, along=("kb",)),
        Fault(name="stored on its side", expected=("orientation",), strengths=(1,), make=lying, along=("kb",)),
        Fault(name="two people", expected=("faces",), strengths=(0.35, 0.5), make=second_person, along=_PLACE),
    )
}
