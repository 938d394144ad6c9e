"""File sizes: every band is met to the byte, or the error says truly what could be; files end where their formats end."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.files.pictures import noise, plain, png_chunk, saved

from f2p.catalogue.messages import LANGUAGES, Messages
from f2p.errors import KbOutOfReach
from f2p.files import pad
from f2p.files.anatomy import parts
from f2p.files.encode import Encoded, encode
from f2p.files.exif import kept_exif
from f2p.files.fit import Chroma, Search, Window, fit
from f2p.files.inspect import FileFacts, inspect
from f2p.files.pdf import read_one_page
from f2p.values.plan import Encoding, FileFormat
from f2p.values.spec import Band

SIZE_MM = (25.0, 35.0)
ONE_INCH = noise(295, 413)
FLAT = np.full((413, 295, 3), 255, dtype=np.uint8)
PADDED = {FileFormat.JPG: pad.JPEG, FileFormat.PDF: pad.PDF, FileFormat.PNG: pad.PNG, FileFormat.WEBP: pad.WEBP}
PLAIN_JPEG = {"SOI", "APP0", "COM", "DQT", "SOF0", "DHT", "SOS", "EOI"}


def made(
    encoding: Encoding, rgb: NDArray[np.uint8] = ONE_INCH, alpha: NDArray[np.float32] | None = None
) -> tuple[Encoded, FileFacts]:
    """The file, and what a reader says of it."""
    encoded = encode(rgb, alpha, encoding, SIZE_MM)
    return encoded, inspect(encoded.data)


def refused(encoding: Encoding, rgb: NDArray[np.uint8] = ONE_INCH, exif: bytes = b"") -> KbOutOfReach:
    """The error that an order ends in."""
    with pytest.raises(KbOutOfReach) as caught:
        encode(rgb, None, encoding, SIZE_MM, exif)
    return caught.value


def codes(encoded: Encoded) -> list[str]:
    """The notes of a file."""
    return [note.code for note in encoded.notes]


@pytest.mark.parametrize("limit", [15, 20, 30, 50, 100, 240])
def test_upper_limit_holds_with_the_best_quality(limit: int) -> None:
    """The file stays under the limit, and one more quality step would break it (or the quality is the usual 95)."""
    encoded, facts = made(Encoding(kb=Band(None, limit)))
    assert facts.bytes <= limit * 1000 and encoded.quality is not None
    if encoded.quality < 95:
        better = io.BytesIO()
        options = {"quality": encoded.quality + 1, "subsampling": encoded.chroma, "optimize": True, "dpi": (300, 300)}
        Image.fromarray(ONE_INCH).save(better, "JPEG", **options)
        assert len(better.getvalue()) > limit * 1000
    assert (encoded.quality < 60) == ("quality_low" in [note.code for note in encoded.notes])


@pytest.mark.parametrize("band", [(10, 20), (14, 20), (20, 40), (30, 80), (40, 120), (60, 62), (100, 240)])
@pytest.mark.parametrize("size", [(295, 413), (358, 441), (413, 579), (600, 600)])
def test_bands_of_real_offices(band: tuple[int, int], size: tuple[int, int]) -> None:
    """The bands that portals ask for are met at the sizes that they ask for."""
    smooth = np.asarray(Image.fromarray(noise(size[0] // 8, size[1] // 8)).resize(size, Image.Resampling.BICUBIC))
    facts = made(Encoding(kb=Band(*band)), smooth)[1]
    assert band[0] * 1024 <= facts.bytes <= band[1] * 1000
    assert (facts.width_px, facts.height_px) == size


def test_flat_picture_is_padded_and_told() -> None:
    """A picture too simple for the lower limit grows by comments that readers skip; the pixels stay."""
    flat = np.full((413, 295, 3), 255, dtype=np.uint8)
    encoded, facts = made(Encoding(kb=Band(40, 100)), flat)
    assert facts.kb == 40 and encoded.quality == 100 and facts.rgb.min() == 255
    assert [note.code for note in encoded.notes] == ["kb_padded"]
    assert int(encoded.notes[0].params["added_bytes"]) > 30_000


@pytest.mark.parametrize(
    ("encoding", "what"),
    [
        (Encoding(kb=Band(None, 2)), "kb"),
        (Encoding(format=FileFormat.PNG, kb=Band(None, 50)), "kb"),
        (Encoding(format=FileFormat.TIFF, kb=Band(None, 50)), "kb"),
        (Encoding(format=FileFormat.TIFF, kb=Band(5000, None)), "kb"),
        (Encoding(format=FileFormat.WEBP, kb=Band(None, 1)), "kb"),
    ],
)
def test_impossible_limits_are_refused_with_the_best(encoding: Encoding, what: str) -> None:
    """What cannot be met without ruining the face is refused, and the nearest size is named."""
    said = refused(encoding).params
    assert said["what"] == what
    assert re.fullmatch(r"\d+\.\d KB", str(said["best"]))


def test_a_search_takes_few_encodings() -> None:
    """Every limit from 15 to 125 KB is found in at most nine encodings, seven on average."""
    image = Image.fromarray(noise(413, 579))
    counts = []
    for limit in range(15, 130, 5):
        calls = 0

        def count(quality: int, chroma: Chroma) -> bytes:
            nonlocal calls
            calls += 1
            return saved(image, "JPEG", quality=quality, subsampling=chroma, optimize=True)

        if fit(count, Window(0, limit * 1024), Search()).size > limit * 1024:
            assert calls == 3
        counts.append(calls)
    assert max(counts) <= 9 and sum(counts) / len(counts) <= 7


def test_a_limit_that_only_one_count_can_meet_is_met_in_that() -> None:
    """Where no file fits 1 KB = 1000 bytes, one that fits 1024 is made, not refused."""
    lowest = len(saved(Image.fromarray(ONE_INCH), "JPEG", quality=30, subsampling="4:2:0", optimize=True, dpi=(300, 300)))
    limit = (lowest + 5) / 1024
    assert limit * 1000 < made(Encoding(kb=Band(None, limit)))[1].bytes <= limit * 1024


@pytest.mark.parametrize("wish", PADDED)
@pytest.mark.parametrize("kb", [140, 140.5, 300])
@pytest.mark.parametrize("gray", [False, True])
def test_exact_size(wish: FileFormat, kb: float, *, gray: bool) -> None:
    """A band of one value is met to the byte, in colour and in grey."""
    picture = ONE_INCH if wish is not FileFormat.PNG else np.asarray(Image.fromarray(ONE_INCH).resize((147, 206)))
    encoded, facts = made(Encoding(format=wish, kb=Band(kb, kb), gray=gray), picture)
    assert len(encoded.data) == kb * 1024
    assert (facts.height_px, facts.width_px) == picture.shape[:2]
    assert (encoded.chroma is None) == (gray or wish is FileFormat.PNG)


def test_an_exact_size_of_no_whole_bytes_is_met_within_one() -> None:
    """20.3 KB are 20787.2 bytes: 20787 or 20788 are taken, not refused."""
    for wish in (FileFormat.JPG, FileFormat.WEBP):
        assert len(made(Encoding(format=wish, kb=Band(20.3, 20.3)))[0].data) in {20787, 20788}


@pytest.mark.parametrize("wish", PADDED)
@pytest.mark.parametrize("missing", [1, 2, 3, 4, 5, 7, 13, 14, 20, 25, 26, 40, 65536, 65537, 65538, 65540, 65541, 131_080])
def test_padding_hits_every_byte(wish: FileFormat, missing: int) -> None:
    """Any number of bytes from the smallest filler on can be added, up to one more in WebP; the pixels and the end stay."""
    data, padding = encode(ONE_INCH, None, Encoding(format=wish), SIZE_MM).data, PADDED[wish]
    wanted = len(data) + missing
    grown = padding.grown(data, wanted, wanted + 1)
    if missing < padding.least - 1:
        assert grown == data
        return
    assert len(grown) - wanted == (wanted % 2 if wish is FileFormat.WEBP else int(missing < padding.least))
    assert np.array_equal(inspect(grown).rgb, inspect(data).rgb)
    assert set(parts(grown)) - set(parts(data)) <= {"COM", "tEXt", "VP8X", "PADD"}


@pytest.mark.parametrize("wish", [FileFormat.PNG, FileFormat.WEBP])
def test_a_transparent_file_grows_too(wish: FileFormat) -> None:
    """A lower limit is met with alpha as well, and the alpha comes back."""
    alpha = np.zeros((413, 295), dtype=np.float32)
    alpha[:, 100:] = 1.0
    _, facts = made(Encoding(format=wish, kb=Band(700, 700)), alpha=alpha)
    assert facts.bytes == 700 * 1024 and facts.alpha is not None and np.array_equal(facts.alpha, alpha)


@pytest.mark.parametrize("wish", [FileFormat.JPG, FileFormat.WEBP])
def test_a_floor_above_the_best_quality_is_filled_up(wish: FileFormat) -> None:
    """Where quality 100 is too small, fillers bring the rest, and are told."""
    encoded, facts = made(Encoding(format=wish, kb=Band(900, None)))
    assert (facts.bytes, encoded.quality) == (900 * 1024, 100) and "kb_padded" in codes(encoded)


def test_what_only_1024_bytes_a_kb_allows_is_told() -> None:
    """A file that is over the limit at 1000 bytes a KB says so; one under it at both counts does not."""
    assert "kb_of_1024" in codes(made(Encoding(kb=Band(30, 30)))[0])
    assert "kb_of_1024" not in codes(made(Encoding(kb=Band(20, 30)))[0])


@pytest.mark.parametrize("wish", [FileFormat.JPG, FileFormat.PDF, FileFormat.WEBP])
def test_an_error_names_the_nearest_file_and_the_size_that_fits(wish: FileFormat) -> None:
    """The best KB named is reachable at the quality named, and the pixels named fit the limit."""
    encoding = Encoding(format=wish, kb=Band(None, 6.5))
    said = refused(encoding).params
    best = float(str(said["best"]).removesuffix(" KB"))
    reached, _ = made(replace(encoding, kb=Band(None, best)))
    assert reached.quality == said["quality"] == 30
    assert (said["width"], said["height"], said["way"]) == (295, 413, "kb_smaller")
    smaller = Image.fromarray(ONE_INCH).resize((int(said["fit_width"]), int(said["fit_height"])), Image.Resampling.LANCZOS)
    assert made(encoding, np.asarray(smaller))[1].kb <= 6.5


def test_a_png_that_cannot_shrink_names_jpg() -> None:
    """A PNG keeps its pixels, so the error says which JPG would fit; what the JPG needs is true."""
    encoding = Encoding(format=FileFormat.PNG, kb=Band(None, 40))
    said = refused(encoding).params
    assert (said["reason"], said["way"], said["quality"]) == ("kb_lossless", "kb_jpg_or_smaller", 0)
    assert made(replace(encoding, format=FileFormat.JPG))[0].quality == said["jpg_quality"]


def test_exif_that_is_in_the_way_is_named() -> None:
    """Where only the EXIF to be kept breaks the limit, leaving it out is the way named."""
    exif = Image.Exif()
    exif[0x010F] = "Camera Works" * 2000
    block = kept_exif(saved(plain((9, 9, 9)), "PNG", exif=exif), FileFormat.JPG, (295, 413), 300).block
    assert refused(Encoding(kb=Band(None, 30)), exif=block).params["way"] == "kb_without_exif"


def test_limits_the_wrong_way_round_are_told() -> None:
    """60 to 40 KB is no band."""
    assert refused(Encoding(kb=Band(60, 40))).params["reason"] == "kb_crossed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_said_in_full(language: str) -> None:
    """Every reason and way out of a file size has its words, and no blank stays open."""
    known = Messages(language)
    source = (Path(pad.__file__).parent / "reach.py").read_text(encoding="utf-8")
    source += (Path(pad.__file__).parents[1] / "recipes" / "smaller.py").read_text(encoding="utf-8")
    words = set(re.findall(r'"(kb_\w+)"', source))
    assert len(words) >= 12
    for code in words:
        table = "reason" if known.has(f"reason.{code}") else "way"
        said = known.error(KbOutOfReach.code, {**refused(Encoding(kb=Band(None, 5))).params, table: code})
        assert not re.search(r"[?{}]|kb_", said.what + said.next_step)


def portrait() -> Image.Image:
    """The project's own sample portrait; of an installed package, a picture from numbers."""
    path = Path(__file__).parents[2] / "face_image.png"
    return Image.open(path).convert("RGB") if path.is_file() else Image.fromarray(noise(800, 1000))


@pytest.mark.parametrize("seed", range(6))
def test_random_bands_are_met_or_explained(seed: int) -> None:
    """Ten random orders each: the file is inside the band, plain, whole to its last byte and decoded by libjpeg's own program
    where that is installed; or the error's nearest size is outside the band and is itself reachable.
    """
    dice, picture = random.Random(seed), portrait()
    for _ in range(10):
        size = dice.choice([(295, 413), (413, 579), (358, 441), (240, 320), (600, 600), (354, 472)])
        ends = sorted(dice.sample((5, 8, 10, 14, 20, 30, 40, 50, 80, 100, 120, 200, 240), 2))
        band = dice.choice((Band(*ends), Band(None, ends[1]), Band(ends[0], None), Band(ends[0], ends[0])))
        encoding = Encoding(format=dice.choice(list(PADDED)), kb=band, gray=dice.random() < 0.2)
        rgb = np.asarray(picture.resize(size, Image.Resampling.LANCZOS))
        try:
            data = encode(rgb, None, encoding, None).data
        except KbOutOfReach as trouble:
            best = float(str(trouble.params["best"]).removesuffix(" KB"))
            assert band.high is not None and best > band.high
            encode(rgb, None, replace(encoding, kb=Band(None, best)), None)
            continue
        facts = inspect(data)
        assert Window.of(band).holds(len(data)) and (facts.width_px, facts.height_px) == size
        assert facts.exif_tags == 0 and not facts.has_icc
        made_of = parts(data)
        jpeg = read_one_page(data).jpeg if encoding.format is FileFormat.PDF else data
        if encoding.format in {FileFormat.JPG, FileFormat.PDF}:
            assert set(parts(jpeg)) <= PLAIN_JPEG and made_of[-1] in {"EOI", "5 0 obj"}
            decoded_by_djpeg(jpeg)


def decoded_by_djpeg(jpeg: bytes) -> None:
    """Libjpeg's own decoder takes it without a word, where it is installed."""
    if shutil.which("djpeg"):
        done = subprocess.run(["djpeg", "-outfile", "/dev/null"], input=jpeg, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("wish", PADDED)
def test_bytes_behind_the_end_are_found(wish: FileFormat) -> None:
    """A file with one byte too many, or cut short, is not whole."""
    data = encode(ONE_INCH, None, Encoding(format=wish), SIZE_MM).data
    assert parts(data)
    for broken in (data + b" ", data[:-1], data[: len(data) // 2], data[:40]):
        with pytest.raises(ValueError, match=r"."):
            parts(broken)


def test_parts_are_named() -> None:
    """Segments and chunks are listed in their order, application segments by number; what is no format of ours is refused."""
    exif = saved(plain((9, 9, 9)), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    assert parts(exif)[:3] == ("SOI", "APP0", "APP1")
    assert parts(saved(plain((9, 9, 9)), "PNG")) == ("IHDR", "IDAT", "IEND")
    assert parts(saved(plain((9, 9, 9)), "TIFF")) == ("TIFF",)
    assert "5 0 obj" in parts(encode(ONE_INCH, None, Encoding(format=FileFormat.PDF), SIZE_MM).data)
    with pytest.raises(ValueError, match="format"):
        parts(saved(plain((9, 9, 9)), "BMP"))
    wrong = saved(plain((9, 9, 9)), "PNG").replace(png_chunk(b"IEND", b""), b"\0\0\0\0IEND\0\0\0\0")
    with pytest.raises(ValueError, match="checksum"):
        parts(wrong)
