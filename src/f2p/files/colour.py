"""From whatever pixels a file holds to opaque 8-bit sRGB, saying what had to be done."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from f2p.values.outcome import Note

_DEEP_GRAY = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
_PROFILE_MODE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
"""ICC data colour space to the Pillow mode that its transforms read."""
_CUBE = np.stack(np.meshgrid(*[np.linspace(0, 255, 5).astype(np.uint8)] * 3, indexing="ij"), axis=-1).reshape(1, 125, 3)


@dataclass(frozen=True, slots=True)
class _Converted:
    image: Image.Image
    notes: tuple[Note, ...]


def to_srgb(image: Image.Image) -> tuple[Image.Image, tuple[Note, ...]]:
    """The loaded image as mode "RGB", sRGB, opaque, and the notes of what was done.

    Deep grey is scaled to 8 bits, a profile is converted (relative colorimetric with black point compensation, the default of
    print houses), CMYK and Lab become RGB, transparency is laid on white. Notes: depth_reduced, icc_converted, icc_broken,
    cmyk_converted, alpha_flattened.
    """
    icc = image.info.get("icc_profile")
    notes: list[Note] = []
    if image.mode in _DEEP_GRAY:
        image = Image.fromarray(_to_8_bit(np.asarray(image), image.mode))
        notes.append(Note("depth_reduced", params={"bits": 8}))
    alpha = None
    if image.has_transparency_data:
        image, alpha = _split_alpha(image)
    coloured = _apply_profile(image, icc if isinstance(icc, bytes) else None)
    notes += coloured.notes
    if alpha is None or alpha.getextrema() == (255, 255):
        return coloured.image, tuple(notes)
    white = Image.new("RGB", coloured.image.size, (255, 255, 255))
    white.paste(coloured.image, mask=alpha)
    return white, (*notes, Note("alpha_flattened"))


def _split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Colours (mode "L" or "RGB") and alpha (mode "L", None where the picture has none that shows)."""
    rgba = image if image.mode in {"RGBA", "LA"} else image.convert("LA" if image.mode == "L" else "RGBA")
    return rgba.convert("L" if rgba.mode == "LA" else "RGB"), rgba.getchannel("A")


def _to_8_bit(values: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    """(H, W) of 16-bit, 32-bit or float grey to uint8: the full range of the type; I and F, the range seen."""
    if mode.startswith("I;16"):
        top = 65535.0
    else:
        largest = float(np.nanmax(values)) if values.size else 0.0
        steps = (1.0, 255.0, 65535.0) if mode == "F" else (255.0, 65535.0)
        top = next((step for step in steps if largest <= step), float(2**31 - 1))
    scaled = np.nan_to_num(values.astype(np.float64)) * (255.0 / top)
    return np.clip(scaled + 0.5, 0, 255).astype(np.uint8)


def _apply_profile(image: Image.Image, icc: bytes | None) -> _Converted:
    if image.mode == "LAB":
        return _Converted(_through(ImageCms.createProfile("LAB"), image), (Note("icc_converted", params={"profile": "CIELAB"}),))
    if image.mode not in {"RGB", "L", "CMYK"}:
        image = image.convert("L" if image.mode == "1" else "RGB")
    if not icc:
        return _without_profile(image, ())
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        wanted = _PROFILE_MODE.get(profile.profile.xcolor_space.strip(), "")
        if wanted == "RGB" and image.mode == "L":
            image = image.convert("RGB")
        if wanted != image.mode:
            return _without_profile(image, (Note("icc_broken", "warning"),))
        name = _printable(ImageCms.getProfileDescription(profile))
        if image.mode == "RGB" and _changes_nothing(profile):
            return _Converted(image, ())
        converted = _through(profile, image)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        return _without_profile(image, (Note("icc_broken", "warning"),))
    code = "cmyk_converted" if image.mode == "CMYK" else "icc_converted"
    return _Converted(converted, (Note(code, params={"profile": name}),))


def _without_profile(image: Image.Image, notes: tuple[Note, ...]) -> _Converted:
    """RGB and grey are taken as sRGB; CMYK by the plain formula, which no press agrees with, hence a warning."""
    if image.mode == "CMYK":
        notes = (*notes, Note("cmyk_converted", "warning", {"profile": "-"}))
    return _Converted(image if image.mode == "RGB" else image.convert("RGB"), notes)


def _transform(profile: Any, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        profile,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _through(profile: Any, image: Image.Image) -> Image.Image:
    converted = ImageCms.applyTransform(image, _transform(profile, image.mode))
    if converted is None:
        raise ImageCms.PyCMSError("no output")
    return converted


def _changes_nothing(profile: Any) -> bool:
    """Whether the profile is sRGB under whatever name: it moves no colour of a 5 x 5 x 5 cube by more than one level."""
    moved = np.asarray(_through(profile, Image.fromarray(_CUBE)), dtype=np.int16)
    return bool(np.abs(moved - _CUBE).max() <= 1)


def _printable(text: str) -> str:
    """A profile's name is a stranger's text: one short line of it."""
    return "".join(char for char in text if char.isprintable()).strip()[:60] or "-"
