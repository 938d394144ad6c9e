"""`f2p edit` and `f2p matte` from the command line to the file on disk: what is told, what is written, what is left alone."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

import f2p
from f2p.doors.cli.photo import read_photo
from f2p.doors.cli.target import settle
from f2p.errors import OutputNotWritable, TooLarge
from f2p.settings import Settings
from f2p.values.plan import Backdrop, BackdropKind, Encoding, FileFormat, IdPhotoPlan
from f2p.values.reading import Reading
from f2p.values.spec import PhotoSpec

Run = Callable[..., subprocess.CompletedProcess[str]]

ARTICLE = "纯白背景,1寸标准证件照尺寸,轻微磨皮,保留发丝细节,高清锐利"
SPEC = PhotoSpec(
    id="cn_1inch", name_zh="一寸", name_en="1 inch", region="CN", category="print", width_px=295, height_px=413, dpi=300
)
PLAN = IdPhotoPlan(spec=SPEC, backdrop=Backdrop(kind=BackdropKind.SOLID))


def files_in(folder: Path) -> set[str]:
    """Every file under a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_one_sentence_makes_one_photo(run: Run, portrait: Path, tmp_path: Path) -> None:
    """The article's sentence gives 295 x 413 px JPEG at 300 dpi, and the terminal tells what was understood and measured."""
    answer = run("edit", portrait, ARTICLE, "-o", tmp_path / "me.jpg")

    assert answer.returncode == 0, answer.stderr
    with Image.open(tmp_path / "me.jpg") as made:
        assert (made.format, made.size, made.info["dpi"]) == ("JPEG", (295, 413), (300, 300))
        assert made.getpixel((0, 0)) == (255, 255, 255)
    for words in ("听懂了", "背景:白色", "成品实测", "✓ 宽:295 px", "已保存"):
        assert words in answer.stdout
    assert "?" not in answer.stdout
    assert answer.stderr == ""


def test_a_picture_goes_behind_the_person(run: Run, portrait: Path, tmp_path: Path) -> None:
    """`--backdrop FILE` puts that picture there; a sentence that wants one and gets none says what to add and leaves no file."""
    Image.new("RGB", (320, 240), (20, 90, 60)).save(tmp_path / "wall.png")
    made, missing = tmp_path / "me.png", tmp_path / "no.jpg"
    answer = run("edit", portrait, "一寸", "--backdrop", tmp_path / "wall.png", "-o", made)
    refused = run("edit", portrait, "一寸,图片做背景", "-o", missing)

    assert answer.returncode == 0, answer.stderr
    with Image.open(made) as picture:
        assert picture.getpixel((0, 0)) == (20, 90, 60)
    assert refused.returncode == 36
    assert "--backdrop" in refused.stderr and not missing.exists()


def test_the_result_lies_beside_the_photo(run: Run, portrait: Path) -> None:
    """Without -o the result is named after photo and standard, in the photo's folder; --quiet prints just its path."""
    answer = run("edit", portrait, "白底一寸", "--quiet")

    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines() == [str(portrait.with_name("me_cn_1inch.jpg"))]
    assert files_in(portrait.parent) == {"me.png", "me_cn_1inch.jpg"}


def test_report_and_json_are_the_same_truth(run: Run, portrait: Path, tmp_path: Path) -> None:
    """--json prints what --report writes: reading, plan, steps, checks, notes with words, placement, source."""
    answer = run("edit", portrait, ARTICLE, "-o", tmp_path / "me.jpg", "--report", tmp_path / "me.json", "--json")

    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)
    assert report == json.loads((tmp_path / "me.json").read_text(encoding="utf-8"))
    assert report["version"] == 1
    assert report["output"] == {"path": str(tmp_path / "me.jpg"), "bytes": (tmp_path / "me.jpg").stat().st_size}
    assert report["source"]["name"] == "me.png"
    assert report["reading"]["asked"]["retouch"] == "light"
    assert report["plan"]["spec"]["id"] == "cn_1inch"
    assert {"open", "matte", "encode", "check"} <= {step["name"] for step in report["steps"]}
    assert all(check["text"] != check["name"] for check in report["checks"])
    assert all(note["text"] for note in report["notes"])
    assert len(report["placement"]["matrix"]) == 6


def test_documented_report_fields_are_those_that_are_written(run: Run, portrait: Path, tmp_path: Path) -> None:
    """docs/report.md names every top-level field of the report, and no other."""
    manual = Path(f2p.__file__).parents[2] / "docs" / "report.md"
    if not manual.is_file():
        pytest.skip("the installed package carries no manual")
    answer = run("edit", portrait, "白底一寸", "-o", tmp_path / "me.jpg", "--json")
    table = manual.read_text(encoding="utf-8").partition("## Fields")[2].partition("\n## ")[0]
    documented = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    assert {name.partition(".")[0].partition("[")[0] for name in documented} == set(json.loads(answer.stdout))


def test_matte_has_the_photos_size(run: Run, portrait: Path, tmp_path: Path) -> None:
    """`f2p matte` writes a grey PNG of the photo's size in which the middle is person and the corners are not all."""
    answer = run("matte", portrait, "-o", tmp_path / "alpha.png")

    assert answer.returncode == 0, answer.stderr
    with Image.open(tmp_path / "alpha.png") as alpha:
        assert (alpha.mode, alpha.size) == ("L", (512, 512))
        assert alpha.getpixel((225, 120)) == 255


@pytest.mark.parametrize(("name", "format_"), [("a.png", "PNG"), ("a.jpeg", "JPEG"), ("a.webp", "WEBP"), ("a.tif", "TIFF")])
def test_the_name_decides_the_format_where_the_sentence_does_not(
    run: Run, portrait: Path, tmp_path: Path, name: str, format_: str
) -> None:
    """The file is of the type that its extension says, and that this was assumed is told."""
    answer = run("edit", portrait, "白底一寸", "-o", tmp_path / name)

    assert answer.returncode == 0, answer.stderr
    with Image.open(tmp_path / name) as made:
        assert made.format == format_
    assert format_ == "JPEG" or "按 -o 的扩展名" in answer.stdout


def test_a_slash_at_the_end_is_a_folder(run: Run, portrait: Path, tmp_path: Path) -> None:
    """`-o new/` makes the folder and puts the photo into it, under the name that it would have beside its source."""
    answer = run("edit", portrait, "白底一寸", "-o", f"{tmp_path}/new/")

    assert answer.returncode == 0, answer.stderr
    assert [path.name for path in (tmp_path / "new").iterdir()] == [f"{portrait.stem}_cn_1inch.jpg"]


def test_settle_names_the_file(tmp_path: Path) -> None:
    """Nothing, a folder, and a name without a type all lead to a name whose type is the plan's."""
    photo, reading = tmp_path / "me.heic", Reading(sentence="", asked={})

    assert settle(photo, None, PLAN, reading).path == tmp_path / "me_cn_1inch.jpg"
    assert settle(photo, tmp_path, PLAN, reading).path == tmp_path / "me_cn_1inch.jpg"
    assert settle(photo, tmp_path / "out", PLAN, reading).path == tmp_path / "out.jpg"
    assert settle(photo, tmp_path / "OUT.JPG", PLAN, reading).path == tmp_path / "OUT.JPG"
    assert settle(photo, tmp_path / "a.png", PLAN, reading).plan.encoding.format is FileFormat.PNG


def test_settle_refuses_what_contradicts(tmp_path: Path) -> None:
    """A type against the sentence or the transparency, an unknown type and the photo itself are errors before any work."""
    photo = tmp_path / "me.jpg"
    photo.write_bytes(b"x")
    asked = Reading(sentence="jpg", asked={"format": "jpg"})
    free = Reading(sentence="", asked={})
    clear = IdPhotoPlan(spec=SPEC, backdrop=Backdrop(kind=BackdropKind.TRANSPARENT), encoding=Encoding(format=FileFormat.PNG))

    for out, plan, reading, reason in (
        (tmp_path / "a.png", PLAN, asked, "type_differs"),
        (tmp_path / "a.jpg", clear, free, "transparent_needs"),
        (tmp_path / "a.pdf", clear, free, "transparent_needs"),
        (Path("-"), PLAN, free, "no_stdout"),
        (tmp_path / "a.gif", PLAN, free, "type_unknown"),
        (photo, PLAN, free, "same_as_photo"),
    ):
        with pytest.raises(OutputNotWritable) as caught:
            settle(photo, out, plan, reading)
        assert caught.value.params["reason"] == reason


def _png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing of it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def _truncated(portrait: Path) -> bytes:
    whole = portrait.read_bytes()
    return whole[: len(whole) // 2]


BAD_INPUTS: dict[str, tuple[int, str, Callable[[Path], bytes]]] = {
    "empty.jpg": (11, "empty_file", lambda _: b""),
    "text.jpg": (12, "not_an_image", lambda _: "只是文字,不是照片。".encode() * 50),
    "truncated.png": (13, "damaged_image", _truncated),
    "huge.png": (14, "too_large", lambda _: _png_header(50_000, 50_000)),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
@pytest.mark.parametrize("command", ["edit", "matte"])
def test_bad_input_has_its_own_message_and_leaves_nothing(
    run: Run, portrait: Path, tmp_path: Path, name: str, command: str
) -> None:
    """Each kind of bad file ends with its own exit code, in both languages, with no file made and none changed."""
    exit_code, code, make = BAD_INPUTS[name]
    (tmp_path / name).write_bytes(make(portrait))
    before = files_in(tmp_path)
    args: list[str | Path] = [command, tmp_path / name, *(["白底一寸"] if command == "edit" else []), "-o", tmp_path / "out.png"]

    zh, en, document = run(*args), run(*args, env={"F2P_LANG": "en"}), run(*args, "--json")

    assert zh.returncode == en.returncode == document.returncode == exit_code
    for answer in (zh, en):
        assert name in answer.stderr
        assert "Traceback" not in answer.stderr
        assert "→" in answer.stderr
    problem = json.loads(document.stdout)
    assert (problem["code"], problem["exit_code"]) == (code, exit_code)
    assert problem["detail"].startswith(zh.stderr.splitlines()[0].removeprefix("✗ ")[:10])
    assert files_in(tmp_path) == before


def test_a_landscape_has_no_face(run: Run, tmp_path: Path) -> None:
    """A picture without anybody ends with exit code 20."""
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(tmp_path / "sky.jpg")
    answer = run("edit", tmp_path / "sky.jpg", "白底一寸")
    assert answer.returncode == 20
    assert files_in(tmp_path) == {"sky.jpg"}


def test_a_cat_gets_no_id_photo(run: Run, cat_path: Path, tmp_path: Path) -> None:
    """An animal ends as "no face" or "not a person", and no file is made."""
    answer = run("edit", cat_path, "白底一寸", "-o", tmp_path / "cat.jpg", "--json")
    assert json.loads(answer.stdout)["code"] in {"no_face", "not_a_person"}
    assert answer.returncode in {20, 23}
    assert files_in(tmp_path) == set()


def test_a_face_that_is_not_there_is_told(run: Run, portrait: Path, tmp_path: Path) -> None:
    """--face 3 of a portrait ends with exit code 22 and how many there are."""
    answer = run("edit", portrait, "白底一寸", "--face", "3", "-o", tmp_path / "a.jpg")
    assert answer.returncode == 22
    assert "第 3 张" in answer.stderr


@pytest.mark.parametrize("photo", ["nothing.jpg", "."])
def test_an_unreadable_path_is_named(run: Run, tmp_path: Path, photo: str) -> None:
    """A missing file and a folder end with exit code 10 and their path."""
    answer = run("edit", tmp_path / photo, "白底一寸", "-o", tmp_path / "a.jpg")
    assert answer.returncode == 10
    assert str(tmp_path / photo) in answer.stderr
    assert files_in(tmp_path) == set()


@pytest.mark.parametrize("command", ["edit", "matte"])
def test_an_existing_file_stays_unless_overwrite(run: Run, portrait: Path, tmp_path: Path, command: str) -> None:
    """An existing output is found before any work and left as it is; --overwrite replaces it."""
    out = tmp_path / "out.png"
    out.write_bytes(b"precious")
    args: list[str | Path] = [command, portrait, *(["白底一寸"] if command == "edit" else []), "-o", out]

    begun = time.perf_counter()
    refused = run(*args)
    assert time.perf_counter() - begun < 2.0
    assert refused.returncode == 40
    assert "--overwrite" in refused.stderr
    assert out.read_bytes() == b"precious"

    assert run(*args, "--overwrite").returncode == 0
    assert out.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert files_in(tmp_path) == {"out.png", "photos/me.png"}


def test_an_existing_report_stays_unless_overwrite(run: Run, portrait: Path, tmp_path: Path) -> None:
    """The report is guarded like the photo, and nothing is made when it cannot be written."""
    (tmp_path / "r.json").write_text("precious")
    answer = run("edit", portrait, "白底一寸", "-o", tmp_path / "a.jpg", "--report", tmp_path / "r.json")
    assert answer.returncode == 40
    assert files_in(tmp_path) == {"r.json", "photos/me.png"}


@pytest.mark.parametrize("out", ["photos/me.png", "a.gif", "photos/me.png/a.jpg", "/proc/a.jpg"])
def test_an_output_that_cannot_be_is_found_before_any_work(run: Run, portrait: Path, tmp_path: Path, out: str) -> None:
    """The photo itself, an unknown type, a file as folder and a read-only place end with exit code 41 and how to go on."""
    before = portrait.read_bytes()
    answer = run("edit", portrait, "白底一寸", "-o", tmp_path / out, "--overwrite")
    assert answer.returncode == 41
    assert "-o" in answer.stderr
    assert portrait.read_bytes() == before
    assert files_in(tmp_path) == {"photos/me.png"}


def test_the_sentence_and_the_name_must_agree(run: Run, portrait: Path, tmp_path: Path) -> None:
    """A sentence that asks for PNG and a name that says JPG is an error, not a file that lies about itself."""
    answer = run("edit", portrait, "白底一寸,导出PNG", "-o", tmp_path / "a.jpg")
    assert answer.returncode == 41
    assert files_in(tmp_path) == {"photos/me.png"}


@pytest.mark.parametrize(
    ("sentence", "ending"),
    [
        ("白底,背景要蓝色的", (31, "question")),
        ("合同上的金额5万改成50万,字体要一样", (32, "refused")),
        ("给我换成黑色西装白衬衫", (30, "unsupported_wish")),
    ],
)
def test_what_cannot_be_done_ends_before_any_work(
    run: Run, portrait: Path, tmp_path: Path, sentence: str, ending: tuple[int, str]
) -> None:
    """A contradiction, a forgery, and a sentence of nothing but impossible wishes make no photo, each with its own code."""
    answer = run("edit", portrait, sentence, "-o", tmp_path / "a.jpg", "--json")
    assert (answer.returncode, json.loads(answer.stdout)["code"]) == ending
    assert files_in(tmp_path) == {"photos/me.png"}


def test_missing_weights_are_told_and_nothing_is_fetched(run: Run, portrait: Path, tmp_path: Path) -> None:
    """Without models the photo is not made; the message says which command brings them."""
    answer = run("edit", portrait, "白底一寸", "-o", tmp_path / "a.jpg", env={"F2P_MODELS_DIR": str(tmp_path / "none")})
    assert answer.returncode == 50
    assert "f2p models pull" in answer.stderr
    assert files_in(tmp_path) == {"photos/me.png"}


@pytest.mark.parametrize(("stop", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_job_leaves_nothing(portrait: Path, tmp_path: Path, stop: signal.Signals, exit_code: int) -> None:
    """Ctrl-C or a polite kill in the middle of the work ends at once and leaves no file."""
    script = "import sys; from f2p.doors.cli.main import main; sys.exit(main(sys.argv[1:]))"
    source = str(Path(f2p.__file__).parents[1])
    job = subprocess.Popen(
        [sys.executable, "-c", script, "edit", str(portrait), "白底一寸", "-o", str(tmp_path / "a.jpg")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": source, "F2P_LANG": "zh"},
    )  # fmt: skip
    assert job.stdout is not None
    assert job.stdout.readline()  # the reading is shown, the work has begun
    job.send_signal(stop)
    job.communicate(timeout=30)
    assert job.returncode == exit_code
    assert files_in(tmp_path) == {"photos/me.png"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX pipes")
@pytest.mark.parametrize("command", ["edit", "matte"])
@pytest.mark.parametrize("photo", ["/dev/zero", "pipe.jpg"])
def test_devices_and_pipes_are_no_photos(run: Run, tmp_path: Path, photo: str, command: str) -> None:
    """What never ends or never begins is refused at once, in words, without being opened."""
    os.mkfifo(tmp_path / "pipe.jpg")
    answer = run(command, tmp_path / photo, *(["白底一寸"] if command == "edit" else []), "-o", tmp_path / "a.png")
    assert answer.returncode == 10
    assert "不是普通文件" in answer.stderr


def test_a_file_that_does_not_tell_its_size_is_read_to_the_limit(settings: Settings) -> None:
    """A file of /proc claims no bytes and has some; one byte more than the limit is the most that is read."""
    if not Path("/proc/self/maps").is_file():
        pytest.skip("needs /proc")
    assert len(read_photo(Path("/proc/self/maps"), settings)) > 1000
    with pytest.raises(TooLarge) as caught:
        read_photo(Path("/proc/self/maps"), replace(settings, max_input_bytes=1000))
    assert caught.value.params["value"] == 1001


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_stop_the_work(portrait: Path, tmp_path: Path, closed: str) -> None:
    """With standard streams closed the photo is made, whole, and nothing else is written into it."""
    env = {**os.environ, "PYTHONPATH": str(Path(f2p.__file__).parents[1])}
    out = tmp_path / "a.jpg"
    line = f'"{sys.executable}" -m f2p edit "{portrait}" "白底一寸" -o "{out}" {closed}'
    done = subprocess.run(["sh", "-c", line], env=env, timeout=60, check=False)
    assert done.returncode == 0
    with Image.open(out) as made:
        made.load()
        assert made.size == (295, 413)


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX pipe")
def test_who_stops_reading_still_gets_the_photo(portrait: Path, tmp_path: Path) -> None:
    """When the reader of the output is gone, the photo is finished and nothing is said about it."""
    env = {**os.environ, "PYTHONPATH": str(Path(f2p.__file__).parents[1]), "F2P_LANG": "zh"}
    command = [sys.executable, "-m", "f2p", "edit", str(portrait), "白底一寸", "-o", str(tmp_path / "a.jpg")]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, env=env, stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
    with Image.open(tmp_path / "a.jpg") as made:
        assert made.size == (295, 413)


@pytest.mark.parametrize("command", ["edit", "matte"])
def test_a_result_on_standard_output_is_refused(run: Run, portrait: Path, tmp_path: Path, command: str) -> None:
    """`-o -` is no file name, and is said to be none."""
    answer = run(command, portrait, *(["白底一寸"] if command == "edit" else []), "-o", "-")
    assert answer.returncode == 41
    assert "标准输出" in answer.stderr
    assert files_in(tmp_path) == {"photos/me.png"}


def test_a_type_that_does_not_fit_is_answered_with_a_name_that_does(run: Run, portrait: Path, tmp_path: Path) -> None:
    """The message names the type that is needed, why, and the file name to use."""
    for args, words in (
        (("edit", portrait, "透明背景一寸", "-o", "a.jpg"), "透明背景需要 PNG,请把文件名改成 a.png"),
        (("edit", portrait, "白底一寸,导出PNG", "-o", "a.jpg"), "成品是 PNG 格式,请把文件名改成 a.png"),
        (("matte", portrait, "-o", "a.jpg"), "请把文件名改成 a.png"),
    ):
        assert words in run(*args).stderr
    assert files_in(tmp_path) == {"photos/me.png"}


def test_a_photo_without_room_for_its_report_is_not_left_alone(run: Run, portrait: Path, tmp_path: Path, tiny_disk: Path) -> None:
    """When the report's disk is full, the photo is not written either."""
    (tiny_disk / "filler").write_bytes(b"x" * 61_440)
    answer = run("edit", portrait, "白底一寸", "-o", tmp_path / "a.jpg", "--report", tiny_disk / "r.json")
    assert answer.returncode == 42
    assert "r.json" in answer.stderr
    assert files_in(tmp_path) == {"photos/me.png", "disk/filler"}
