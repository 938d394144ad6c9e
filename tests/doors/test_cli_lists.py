"""`f2p standards`, `f2p models`, `f2p doctor`: what is known, what is there, what to do about it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_standards_lists_all_and_marks_the_doubtful(run: Run) -> None:
    """Every standard is listed; those that nobody confirmed are marked."""
    answer, listed = run("standards"), json.loads(run("standards", "--json").stdout)

    assert answer.returncode == 0
    lines = [line.split() for line in answer.stdout.splitlines() if line.startswith("  ")]
    assert sorted(line[0] for line in lines) == sorted(spec["id"] for spec in listed)
    for confidence, mark in (("unconfirmed", "(未经证实)"), ("low", "(来源单薄)")):
        doubtful = {spec["id"] for spec in listed if spec["confidence"] == confidence}
        assert doubtful == {line[0] for line in lines if line[-1] == mark} != set()
    groups = [line.partition("(")[0] for line in answer.stdout.splitlines() if not line.startswith("  ")]
    assert groups[0].startswith("中国") and {"欧洲", "平台"} <= set(groups), "grouped by part of the world"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("一寸",), "cn_1inch"),
        (("PASSPORT", "35x45"), "de_passport"),
        (("295x413",), "cn_1inch"),
        (("france", "护照"), "fr_passport"),
        (("波兰", "passport"), "pl_passport"),
        (("35×45毫米", "visa", "韩国"), "kr_visa"),
        (("头像", "linkedin"), "linkedin_avatar"),
        (("司法部",), "cn_law"),
    ],
)
def test_standards_search_finds_by_name_and_size(run: Run, words: tuple[str, ...], found: str) -> None:
    """Words are looked for in names, regions and sizes, whatever their case."""
    answer = run("standards", "search", *words, "--json")
    assert found in [spec["id"] for spec in json.loads(answer.stdout)]


def test_standards_search_says_when_there_is_nothing(run: Run) -> None:
    """No hit is an answer with advice, not an error."""
    answer = run("standards", "search", "月球护照")
    assert answer.returncode == 0
    assert "f2p standards" in answer.stdout


def test_standards_show_tells_everything(run: Run) -> None:
    """One standard is shown with mm, px, dpi, background, source and confidence."""
    zh, en = run("standards", "show", "cn_1inch"), run("standards", "show", "cn_1inch", env={"F2P_LANG": "en"})
    for words in ("25×35 mm", "295×413 px", "300 dpi", "白色", "来源", "可信度"):
        assert words in zh.stdout
    for words in ("25×35 mm", "295×413 px", "300 dpi", "white", "Source", "Confidence"):
        assert words in en.stdout


def test_an_unknown_standard_names_near_ones(run: Run) -> None:
    """A typing mistake ends with exit code 34 and the ids that look like it."""
    told, document = run("standards", "show", "cn_1inhc"), run("standards", "show", "cn_1inhc", "--json")
    assert told.returncode == document.returncode == 34
    assert "cn_1inch" in told.stderr
    assert json.loads(document.stdout)["params"]["name"] == "cn_1inhc"


def test_models_list_tells_state_size_and_licence(run: Run) -> None:
    """Each weight is listed with its state, in words and as JSON."""
    listed = json.loads(run("models", "list", "--json").stdout)
    told = run("models", "list")

    assert told.returncode == 0
    assert {"modnet", "yunet"} <= {one["name"] for one in listed}
    for one in listed:
        assert one["name"] in told.stdout
        assert one["licence"] in told.stdout
        assert one["state"] in {"ok", "missing", "wrong_size"}


def test_models_verify_finds_missing_and_damaged_files(run: Run, tmp_path: Path) -> None:
    """An empty folder fails as missing, a file of the wrong bytes as damaged; each says how to fetch it."""
    empty = tmp_path / "models"
    empty.mkdir()
    answer = run("models", "verify", env={"F2P_MODELS_DIR": str(empty)})
    assert answer.returncode == 50
    assert "f2p models pull" in answer.stdout

    listed = json.loads(run("models", "list", "--json", env={"F2P_MODELS_DIR": str(empty)}).stdout)
    first = next(one for one in listed if one["name"] == "modnet")
    Path(first["path"]).write_bytes(b"\0" * first["bytes"])
    document = run("models", "verify", "--json", env={"F2P_MODELS_DIR": str(empty)})
    assert document.returncode in {50, 51}
    assert {one["name"]: one["state"] for one in json.loads(document.stdout)}["modnet"] == "damaged"


def test_an_unknown_model_names_near_ones(run: Run) -> None:
    """A typing mistake ends with exit code 35 and the name that looks like it."""
    answer = run("models", "pull", "modnett")
    assert answer.returncode == 35
    assert "modnet" in answer.stderr


def test_doctor_says_what_to_do_about_each_fault(run: Run, tmp_path: Path) -> None:
    """Missing weights are a fault with its cure, and the exit code says so."""
    told = run("doctor", env={"F2P_MODELS_DIR": str(tmp_path / "nothing")})
    document = run("doctor", "--json", env={"F2P_MODELS_DIR": str(tmp_path / "nothing")})

    assert told.returncode == document.returncode == 1
    assert "f2p models pull modnet" in told.stdout
    answer = json.loads(document.stdout)
    assert answer["ok"] is False
    assert all(finding["advice"] for finding in answer["findings"] if finding["ok"] is False)


def test_doctor_looks_at_every_package_that_is_declared(run: Run) -> None:
    """No dependency is left out, and all of them load here."""
    findings = {finding["name"]: finding for finding in json.loads(run("doctor", "--json").stdout)["findings"]}
    packages = {"numpy", "onnxruntime", "pillow", "click", "rich", "msgspec", "opencv-contrib-python-headless"}
    assert packages <= findings.keys()
    assert all(findings[name]["ok"] for name in packages)


def test_check_data_finds_no_fault_in_the_catalogue_and_every_fault_in_a_file(run: Run, tmp_path: Path) -> None:
    """The catalogue passes; a faulty file ends with exit code 19 and each fault with its line, in words and as JSON."""
    assert run("standards", "check-data").returncode == 0
    file = tmp_path / "mine.toml"
    file.write_text('[standard.cn_1inch]\nname_zh = "x"\ncolour = "white"\n', encoding="utf-8")
    told, listed = run("standards", "check-data", str(file)), run("standards", "check-data", str(file), "--json")
    assert told.returncode == listed.returncode == 19
    faults = json.loads(listed.stdout)["faults"]
    assert {("taken", 1), ("unknown_key", 3)} <= {(fault["code"], fault["line"]) for fault in faults}
    assert all(f"{file}:{fault['line']}" in told.stdout for fault in faults)
    assert run("standards", env={"F2P_STANDARDS": str(file)}).returncode == 19
    assert run("standards", "check-data", env={"F2P_STANDARDS": str(file)}).stdout.count("mine.toml:") == len(faults)


def test_a_notice_becomes_a_standard_that_sentences_find(run: Run, tmp_path: Path) -> None:
    """from-notice writes a file that check-data passes and that --standards and F2P_STANDARDS bring in."""
    file, notice = tmp_path / "my.toml", tmp_path / "notice.txt"
    notice.write_text("照片要求：白底，295×413像素，jpg，20KB-50KB，不得使用美颜", encoding="utf-8")
    made = run("standards", "from-notice", str(notice), "--id", "my_exam", "--name", "我的考试", "-o", str(file))
    assert made.returncode == 0, made.stderr
    assert run("standards", "check-data", str(file)).returncode == 0
    shown = run("standards", "show", "my_exam", "--standards", str(file)).stdout
    assert "我的考试" in shown and "295×413 px" in shown and "磨皮" in shown
    read = run("read", "--json", "我的考试照片", env={"F2P_STANDARDS": str(file)})
    assert json.loads(read.stdout)["asked"]["size"]["name"] == "my_exam"
    again = run("standards", "from-notice", str(notice), "--id", "my_exam", "-o", str(file))
    assert again.returncode == 40, "a file is not replaced without --overwrite"
