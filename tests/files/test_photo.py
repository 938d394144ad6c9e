"""Opening: every format people send becomes upright opaque sRGB, and hostile files cost nothing."""

from __future__ import annotations

import io
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from pillow_heif import from_pillow
from tests.files.pictures import (
    ADOBE_RGB,
    LIMITS,
    SRGB,
    SRGB_CURVE,
    icc_profile,
    noise,
    p3_profile,
    plain,
    png_chunk,
    raw_png,
    saved,
)

from f2p.errors import DamagedImage, EmptyFile, F2PError, NotAnImage, TooLarge
from f2p.files.photo import Limits, open_photo
from f2p.values.pixels import Photo

BLUE = (67, 142, 219)


def opened(data: bytes, limits: Limits = LIMITS) -> Photo:
    """The bytes as a door would hand them over."""
    return open_photo(data, "me.jpg", limits)


def codes(photo: Photo) -> list[str]:
    """What opening had to say."""
    return [note.code for note in photo.notes]


def middle(photo: Photo) -> tuple[int, ...]:
    """The colour in the middle."""
    return tuple(int(value) for value in photo.rgb[photo.height_px // 2, photo.width_px // 2])


def heic(image: Image.Image, **options: object) -> bytes:
    """The picture as HEIC."""
    stream = io.BytesIO()
    from_pillow(image).save(stream, quality=100, chroma=444, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIF"])
def test_every_format_arrives_with_its_colour(kind: str) -> None:
    """Each format opens by its content, under a wrong name, with the right size, colour and source facts."""
    data = heic(plain(BLUE, size=(64, 48))) if kind == "HEIF" else saved(plain(BLUE, size=(64, 48)), kind)
    photo = opened(data)
    assert (photo.width_px, photo.height_px) == (64, 48)
    assert photo.source.format == kind and photo.source.bytes == len(data) and len(photo.source.sha256) == 64
    assert np.abs(np.array(middle(photo)) - BLUE).max() <= 3
    assert not photo.rgb.flags.writeable and photo.notes == ()


def test_jpeg_pixels_are_the_decoders_own() -> None:
    """No draft scaling, no colour change: the pixels of a plain JPEG are exactly what the decoder gives."""
    data = saved(Image.fromarray(noise(320, 200)), "JPEG", quality=90)
    assert np.array_equal(opened(data).rgb, np.asarray(Image.open(io.BytesIO(data))))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_exif_orientation_is_undone(kind: str, orientation: int) -> None:
    """Whatever way the camera was held, the red corner ends at the top left, and the turn is told."""
    upright = np.full((32, 48, 3), 255, dtype=np.uint8)
    upright[:8, :12] = (255, 0, 0)
    undo = [None, None, 0, 3, 1, 5, 4, 6, 2][orientation]  # PIL transposes that put the stored picture upright
    back = {2: 4, 4: 2}  # a quarter turn is undone by the other one
    stored = Image.fromarray(upright)
    if undo is not None:
        stored = stored.transpose(Image.Transpose(back.get(undo, undo)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    if kind == "HEIF":
        data = heic(stored, exif=exif.tobytes())
    elif kind == "TIFF":
        data = saved(stored, kind, tiffinfo={274: orientation})
    else:
        data = saved(stored, kind, exif=exif)
    photo = opened(data)
    assert (photo.width_px, photo.height_px) == (48, 32)
    assert photo.rgb[2, 2, 1] < 60 and photo.rgb[2, -3].min() > 200 and photo.rgb[-3, 2].min() > 200
    if kind not in {"HEIF", "AVIF"}:
        assert (photo.source.width_px, photo.source.height_px) == stored.size
        assert codes(photo) == ([] if orientation == 1 else ["exif_turned" if orientation in {3, 6, 8} else "exif_mirrored"])


def test_quarter_turn_names_its_degrees() -> None:
    """Orientation 6 is told as 90 degrees clockwise."""
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(saved(plain(BLUE), "JPEG", exif=exif)).notes[0].params == {"deg": 90}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_display_p3_becomes_srgb(kind: str) -> None:
    """The P3 numbers that mean ID-photo blue and red come out as ID-photo blue and red, as published."""
    for stored, meant in (((86, 140, 214), BLUE), ((234, 51, 35), (255, 0, 0))):
        image = plain(stored, size=(64, 48))
        if kind == "HEIF":
            image.info["icc_profile"] = p3_profile()
            data = heic(image)
        else:
            data = saved(image, kind, icc_profile=p3_profile(), quality=100)
        photo = opened(data)
        assert np.abs(np.array(middle(photo)) - meant).max() <= 6, (kind, stored, middle(photo))
        assert codes(photo) == ["icc_converted"]
        assert photo.notes[0].params == {"profile": "Display P3"}


def test_adobe_rgb_becomes_srgb() -> None:
    """Adobe RGB (gamma 563/256) grey stays grey, and its moderate green becomes the stronger sRGB number."""
    profile = icc_profile(b"RGB ", "Adobe RGB (1998)", (563 / 256,), ADOBE_RGB)
    grey = opened(saved(plain((128, 128, 128)), "PNG", icc_profile=profile))
    assert max(middle(grey)) - min(middle(grey)) <= 1 and abs(middle(grey)[0] - 128) <= 2
    green = middle(opened(saved(plain((144, 200, 120)), "PNG", icc_profile=profile)))
    assert green[0] < 120 and abs(green[1] - 201) <= 3


@pytest.mark.parametrize("name", ["sRGB IEC61966-2.1", "a stranger's words"])
def test_a_profile_that_is_srgb_changes_nothing(name: str) -> None:
    """A profile that is sRGB under any name: not one pixel moves, and there is nothing to tell."""
    pixels = noise(64, 48)
    photo = opened(saved(Image.fromarray(pixels), "PNG", icc_profile=icc_profile(b"RGB ", name, SRGB_CURVE, SRGB)))
    assert np.array_equal(photo.rgb, pixels) and photo.notes == ()


def test_pillows_own_srgb_profile_is_known() -> None:
    """The profile that LittleCMS writes counts as sRGB."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert opened(saved(plain(BLUE), "JPEG", icc_profile=profile)).notes == ()


def test_grey_with_a_profile() -> None:
    """Grey of gamma 1.8 becomes grey of the sRGB curve: 128 means 0.289 of the light, which sRGB writes as 147."""
    photo = opened(saved(plain(128, "L"), "PNG", icc_profile=icc_profile(b"GRAY", "Gray Gamma 1.8", (1.8,))))
    assert np.abs(np.array(middle(photo)) - 147).max() <= 1
    assert codes(photo) == ["icc_converted"]


def test_rgb_profile_on_a_grey_picture() -> None:
    """A grey JPEG with an RGB profile, as some cameras write it, is read as equal red, green and blue."""
    assert middle(opened(saved(plain(90, "L"), "JPEG", icc_profile=p3_profile()))) == (90, 90, 90)


def test_broken_profile_is_told_and_not_fatal() -> None:
    """Nonsense instead of a profile: the numbers are taken as sRGB, with a warning."""
    for nonsense in (b"nonsense" * 40, icc_profile(b"GRAY", "Gray", (2.2,)), p3_profile()[:200]):
        photo = opened(saved(plain(BLUE), "PNG", icc_profile=nonsense))
        assert middle(photo) == BLUE and codes(photo) == ["icc_broken"] and photo.notes[0].level == "warning"


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_without_profile(kind: str) -> None:
    """CMYK is not inverted: no ink is white, all black ink is black, and the missing profile is warned of."""
    white = opened(saved(plain((0, 0, 0, 0), "CMYK"), kind))
    black = opened(saved(plain((0, 0, 0, 255), "CMYK"), kind))
    cyan = opened(saved(plain((255, 0, 0, 0), "CMYK"), kind))
    assert min(middle(white)) >= 254 and max(middle(black)) <= 1
    assert middle(cyan)[0] <= 2 and middle(cyan)[2] >= 253
    assert codes(white) == ["cmyk_converted"] and white.notes[0].level == "warning"


def test_lab_tiff() -> None:
    """CIE Lab (D50) 54, 81, 70, stored with 128 added to a and b, is the red of sRGB."""
    photo = opened(saved(plain((138, 209, 198), "LAB"), "TIFF"))
    assert np.abs(np.array(middle(photo)) - (255, 0, 0)).max() <= 6
    assert codes(photo) == ["icc_converted"]


@pytest.mark.parametrize(("value", "byte"), [(0, 0), (1000, 4), (0x8080, 128), (32767, 127), (65535, 255)])
def test_sixteen_bit_grey_png_is_scaled_not_clipped(value: int, byte: int) -> None:
    """65535 is white and half of it is half grey."""
    photo = opened(raw_png((4, 4), 16, 0, value.to_bytes(2, "big") * 4, 4))
    assert np.abs(np.array(middle(photo)) - byte).max() <= 1
    assert codes(photo) == ["depth_reduced"]


def test_sixteen_bit_colour_png_and_tiff() -> None:
    """16-bit colours keep their shares of full scale."""
    pixel = b"".join(value.to_bytes(2, "big") for value in (0x438E, 0x8E43, 0xDB10))
    photo = opened(raw_png((4, 4), 16, 2, pixel * 4, 4))
    assert np.abs(np.array(middle(photo)) - BLUE).max() <= 1 and codes(photo) == ["depth_reduced"]
    grey = opened(saved(Image.fromarray(np.full((8, 8), 32768, dtype=np.uint16)), "TIFF"))
    assert middle(grey) == (128, 128, 128) and codes(grey) == ["depth_reduced"]


def test_float_tiff() -> None:
    """Float grey of 0..1 is scaled to 0..255."""
    pixels = np.array([[0.0, 0.5], [0.5, 1.0]], dtype=np.float32)
    photo = opened(saved(Image.fromarray(pixels), "TIFF"))
    assert photo.rgb[:, :, 0].tolist() == [[0, 128], [128, 255]]


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_grey_palette_and_bilevel(mode: str) -> None:
    """Palette, grey and black-and-white pictures become RGB."""
    photo = opened(saved(plain((255, 255, 255)).convert(mode), "PNG"))
    assert middle(photo) == (255, 255, 255) and photo.notes == ()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_alpha_is_laid_on_white(kind: str) -> None:
    """Half transparent black on white is middle grey, and it is told."""
    options = {"lossless": True} if kind == "WEBP" else {}
    photo = opened(saved(plain((0, 0, 0, 128), "RGBA"), kind, **options))
    assert middle(photo) == (127, 127, 127) and codes(photo) == ["alpha_flattened"]


def test_palette_and_grey_transparency() -> None:
    """The see-through entry of a GIF and of a grey PNG becomes white."""
    gif = plain(0, "P")
    gif.putpalette([200, 0, 0] * 256)
    assert middle(opened(saved(gif, "GIF", transparency=0))) == (255, 255, 255)
    assert middle(opened(saved(plain(40, "L"), "PNG", transparency=40))) == (255, 255, 255)
    assert middle(opened(saved(plain((0, 100), "LA"), "PNG"))) == (155, 155, 155)


def test_opaque_alpha_is_nothing_to_tell() -> None:
    """An alpha channel that hides nothing changes nothing."""
    photo = opened(saved(plain((*BLUE, 255), "RGBA"), "PNG"))
    assert middle(photo) == BLUE and photo.notes == ()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF", "AVIF"])
def test_first_of_several_frames(kind: str) -> None:
    """Of an animation or a multi-page file the first picture is taken, and the count is told."""
    frames = [plain((250, 0, 0)), plain((0, 250, 0)), plain((0, 0, 250))]
    photo = opened(saved(frames[0], kind, save_all=True, append_images=frames[1:]))
    assert middle(photo)[0] > 240 and middle(photo)[1] < 12
    assert photo.notes[0].code == "first_frame" and photo.notes[0].params == {"count": 3}


def test_mpo_of_a_phone() -> None:
    """The two pictures of an MPO: the first is the photo."""
    data = saved(plain(BLUE), "MPO", save_all=True, append_images=[plain((255, 0, 0))])
    photo = opened(data)
    assert photo.source.format == "MPO" and np.abs(np.array(middle(photo)) - BLUE).max() <= 3


@pytest.mark.parametrize(("kind", "dpi"), [("JPEG", 300), ("PNG", 300), ("TIFF", 350), ("BMP", 96)])
def test_dpi_is_read(kind: str, dpi: int) -> None:
    """The stored resolution arrives; a file that stores none says None."""
    read = opened(saved(plain(BLUE), kind, dpi=(dpi, dpi))).dpi
    assert read is not None and abs(read - dpi) < 0.05
    assert opened(saved(plain(BLUE), "PNG")).dpi is None


def test_empty_and_not_an_image() -> None:
    """No bytes, text, HTML, SVG, a PDF, EPS and PSD under a .jpg name each get their own kind of error."""
    with pytest.raises(EmptyFile):
        opened(b"")
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"
    for data in (
        b"hello world",
        b"BMW is a car, not a bitmap at all",
        b"<html></html>",
        b"<svg/>",
        b"%PDF-1.4",
        eps,
        b"8BPS\0\1",
        b"\xff",
    ):
        with pytest.raises(NotAnImage) as caught:
            opened(data)
        assert caught.value.params == {"name": "me.jpg"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIF"])
def test_truncated_at_any_place(kind: str) -> None:
    """A file that breaks off is damaged wherever it breaks off, never a half-grey picture."""
    image = Image.fromarray(noise(96, 64))
    data = heic(image) if kind == "HEIF" else saved(image, kind)
    for share in (0.03, 0.1, 0.3, 0.5, 0.75, 0.9):
        with pytest.raises((DamagedImage, NotAnImage)):
            opened(data[: max(int(len(data) * share), 12)])
    with pytest.raises(DamagedImage) as caught:
        opened(data[: len(data) // 2])
    assert caught.value.params["reason"] in {"truncated", "undecodable"}
    assert caught.value.params["detail"]
    if kind in {"JPEG", "PNG", "TIFF", "BMP"}:
        assert caught.value.params["reason"] == "truncated"


def test_random_damage_never_leaves_the_error_tree() -> None:
    """Bytes overwritten at random: a picture or one of our errors, nothing else."""
    rng = np.random.default_rng(11)
    image = Image.fromarray(noise(48, 40))
    files = [heic(image), *(saved(image, kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"))]
    outcomes = set()
    for data in files:
        for _ in range(25):
            broken = np.frombuffer(data, dtype=np.uint8).copy()
            places = rng.integers(12, len(broken), 4)
            broken[places] = rng.integers(0, 256, 4)
            try:
                with warnings.catch_warnings(action="ignore"):
                    outcomes.add(type(opened(broken.tobytes())).__name__)
            except F2PError as error:
                outcomes.add(type(error).__name__)
    assert outcomes <= {"Photo", "DamagedImage", "NotAnImage", "TooLarge"} and len(outcomes) >= 2


def test_too_many_bytes() -> None:
    """The byte limit goes before everything, even before asking what it is."""
    with pytest.raises(TooLarge) as caught:
        opened(b"x" * 101, Limits(max_bytes=100, max_pixels=1))
    assert caught.value.params == {"name": "me.jpg", "what": "bytes", "value": 101, "limit": 100}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIF"])
def test_too_many_pixels(kind: str) -> None:
    """The pixel limit holds for every format."""
    image = plain(BLUE, size=(101, 100))
    data = heic(image) if kind == "HEIF" else saved(image, kind)
    with pytest.raises(TooLarge) as caught:
        opened(data, Limits(max_bytes=10**6, max_pixels=10_000))
    assert caught.value.params["value"] == 10_100 and caught.value.params["what"] == "pixels"


BOMB = """
import resource, sys, time
from f2p.errors import TooLarge
from f2p.files.photo import Limits, open_photo
data = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
try:
    open_photo(data, "bomb.png", Limits(max_bytes=64 << 20, max_pixels=120_000_000))
except TooLarge as error:
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(error.params["value"], grown, time.perf_counter() - start)
"""


@pytest.mark.parametrize("bomb", ["png", "webp"])
def test_a_bomb_costs_nothing(bomb: str, tmp_path: Path) -> None:
    """50,000 x 50,000 px of PNG, or the largest WebP, is refused at once, without memory and without touching Pillow's limits."""
    path = tmp_path / "bomb"
    if bomb == "png":
        path.write_bytes(raw_png((50_000, 50_000), 1, 0, b"\0" * 6250, 2_000))
        pixels = 2_500_000_000
    else:
        header = b"VP8X" + (10).to_bytes(4, "little") + b"\0\0\0\0" + (16382).to_bytes(3, "little") * 2
        path.write_bytes(b"RIFF" + (len(header) + 4).to_bytes(4, "little") + b"WEBP" + header)
        pixels = 16383**2
    answer = subprocess.run([sys.executable, "-c", BOMB, str(path)], check=True, capture_output=True, text=True).stdout.split()
    assert int(answer[0]) == pixels
    assert int(answer[1]) < 20_000, "kB of memory"
    assert float(answer[2]) < 1.0


def test_zipped_text_bomb_in_a_png() -> None:
    """A comment that unpacks to 200 MB makes the file damaged, not the machine slow."""
    import zlib

    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(200)) + packer.flush()
    clean = saved(plain(BLUE), "PNG")
    with pytest.raises(DamagedImage):
        opened(clean[:33] + png_chunk(b"zTXt", b"Comment\0\0" + packed) + clean[33:])


def test_the_limit_is_ours_and_not_pillows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture far above Pillow's own bomb limit opens where the settings allow it, without a warning."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for kind in ("JPEG", "PNG", "WEBP", "BMP", "AVIF"):
        assert opened(saved(plain(BLUE, size=(300, 200)), kind)).width_px == 300


def test_damaged_exif_is_no_damaged_picture() -> None:
    """Nonsense where EXIF should be: the picture opens, unturned."""
    data = saved(plain(BLUE), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01" * 30)
    with warnings.catch_warnings(action="ignore"):
        assert codes(opened(data)) == []


def test_polyglot_opens_as_the_picture_it_is() -> None:
    """HTML and a zip behind a JPEG are ignored."""
    data = saved(plain(BLUE), "JPEG") + b"<script>alert(1)</script>PK\x03\x04"
    assert np.abs(np.array(middle(opened(data))) - BLUE).max() <= 3
