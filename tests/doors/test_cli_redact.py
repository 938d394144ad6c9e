"""`f2p redact` from the command line to the file on disk: what is written, what is told, what is left alone."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.redaction.attack_pdfs import encrypted

from f2p.files.finds import finds_json

Run = Callable[..., subprocess.CompletedProcess[str]]
PAGE = Path(__file__).parents[1] / "redaction" / "pages" / "contract.png"
SECRETS = ("11010519491231002X", "13812345678", "6222020200000000006", "王小明")
ARTICLE = "用黑色方块遮盖图中所有数字序列，保留周围文字可读性，边缘自然"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """The strip of the sample page with the ID number, as a file of somebody."""
    out = tmp_path / "纸.png"
    with Image.open(PAGE) as page:
        page.crop((0, 120, 900, 240)).save(out, dpi=(200, 200))
    return out


@pytest.mark.slow
def test_the_articles_sentence_just_works(run: Run, paper: Path, tmp_path: Path) -> None:
    """`f2p edit` with that sentence covers the numbers, says so in words, writes a receipt, and no value is anywhere in it."""
    before = paper.read_bytes()
    done = run("edit", paper, ARTICLE, "--report", tmp_path / "r.json")

    assert done.returncode == 0, done.stderr
    assert "数字" in done.stdout and "黑块" in done.stdout
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["receipt"]["counts"]["digits"] >= 3
    written = done.stdout + done.stderr + (tmp_path / "r.json").read_text(encoding="utf-8")
    assert not any(secret in written for secret in SECRETS)
    with Image.open(tmp_path / "纸_redacted.png") as out:
        assert out.size == (900, 120) and round(out.info["dpi"][0]) == 200
        assert (np.asarray(out.convert("RGB")) == 0).all(axis=2).mean() > 0.05
    assert paper.read_bytes() == before


@pytest.mark.slow
def test_a_preview_can_be_edited_and_applied(run: Run, paper: Path, tmp_path: Path) -> None:
    """--preview writes a picture and a list; with one find taken out of the list, --finds covers the others only."""
    assert run("redact", paper, "遮住身份证号和手机号", "--preview").returncode == 0
    listing = tmp_path / "纸_preview.json"
    assert (tmp_path / "纸_preview.png").is_file()
    found = json.loads(listing.read_text(encoding="utf-8"))
    assert {find["entity"] for find in found["finds"]} == {"id_number", "phone"}
    assert not any(secret in listing.read_text(encoding="utf-8") for secret in SECRETS)
    found["finds"] = [find for find in found["finds"] if find["entity"] == "phone"]
    listing.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")

    done = run("redact", paper, "--finds", listing, "--json")

    assert json.loads(done.stdout)["receipt"]["counts"] == {"phone": 1}
    assert json.loads(done.stdout)["receipt"]["checks"] == ["applied_as_listed"]


@pytest.mark.slow
def test_what_cannot_be_done_is_told_before_any_work(run: Run, paper: Path, tmp_path: Path) -> None:
    """The document itself, another file type, a folder without a place for results, a list that is none."""
    shutil.copy(paper, tmp_path / "r.png")
    cases = {
        ("redact", paper, "-o", paper): 41,
        ("redact", paper, "-o", tmp_path / "x.pdf"): 41,
        ("redact", tmp_path): 41,
        ("redact", paper, "-o", tmp_path / "r.png"): 40,
        ("redact", paper, "--finds", paper): 48,
        ("redact", paper, "一寸白底"): 30,
        ("redact", tmp_path / "none.pdf"): 10,
    }
    for args, code in cases.items():
        done = run(*args)
        assert done.returncode == code, (args, done.stderr)
        assert "→" in done.stderr


@pytest.mark.slow
def test_a_folder_of_documents_becomes_a_folder_of_covered_ones(run: Run, paper: Path, tmp_path: Path) -> None:
    """Each document comes out in its own format; a damaged one is told and stops no other; other files are left alone."""
    folder = tmp_path / "in"
    folder.mkdir()
    with Image.open(paper) as page:
        strip = page.convert("RGB").crop((0, 0, 900, 60))
    for name in ("a.jpg", "b.pdf", "d.png"):
        strip.save(folder / name, resolution=200) if name == "b.pdf" else strip.save(folder / name, dpi=(200, 200))
    (folder / "c.pdf").write_bytes(b"%PDF-1.7 rubbish")
    (folder / "notes.txt").write_text("no document", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    done = run("redact", folder, "遮住所有数字", "-o", tmp_path / "out")

    assert done.returncode != 0 and "c.pdf" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jpg", "b.pdf", "d.png"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    (folder / "c.pdf").unlink()
    assert run("redact", folder, "-o", tmp_path / "again", "-q").returncode == 0


@pytest.mark.slow
def test_a_password_comes_from_a_file_or_the_environment_and_from_no_option(run: Run, tmp_path: Path) -> None:
    """An encrypted PDF opens with either; without or with a wrong one it is told that a password is needed."""
    document, secret = tmp_path / "a.pdf", tmp_path / "secret.txt"
    document.write_bytes(encrypted("open sesame"))
    secret.write_text("open sesame\n", encoding="utf-8")
    finds = tmp_path / "f.json"
    finds.write_bytes(finds_json(hashlib.sha256(document.read_bytes()).hexdigest(), [], []))

    common = ("redact", document, "--finds", finds, "-q", "-o")
    assert run(*common, tmp_path / "1.pdf").returncode == 47
    assert run(*common, tmp_path / "1.pdf", env={"F2P_PDF_PASSWORD": "wrong"}).returncode == 47
    assert run(*common, tmp_path / "1.pdf", env={"F2P_PDF_PASSWORD": "open sesame"}).returncode == 0
    assert run(*common, tmp_path / "2.pdf", "--password-file", secret).returncode == 0
    assert run(*common, tmp_path / "3.pdf", "--password", "open sesame").returncode == 2
