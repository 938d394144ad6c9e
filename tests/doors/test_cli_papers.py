"""Several papers from one photo at the command line: all files or none, each named, the report honest about each."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from f2p import studio
from f2p.catalogue.standards import standards
from f2p.doors.cli.target import marked_paths, settle
from f2p.errors import OutputNotWritable
from f2p.values.plan import Backdrop, BackdropKind, Encoding, FileFormat, IdPhotoPlan, PapersPlan, files_of
from f2p.values.reading import Reading

Run = Callable[..., subprocess.CompletedProcess[str]]

WHITE = Backdrop(kind=BackdropKind.SOLID)
PAPERS = PapersPlan(
    papers=(
        IdPhotoPlan(spec=standards()["cn_1inch"], backdrop=WHITE, encoding=Encoding(dpi=300)),
        IdPhotoPlan(spec=standards()["cn_2inch"], backdrop=WHITE, encoding=Encoding(format=FileFormat.PNG, dpi=300)),
    )
)
FREE = Reading(sentence="", asked={})


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A plan of two papers in a file."""
    path = tmp_path / "plan.json"
    path.write_text(studio.plan_json(PAPERS), encoding="utf-8")
    return path


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_a_plan_of_several_papers_survives_being_kept() -> None:
    """Two papers in a file are the same two papers when read again."""
    assert studio.plan_from_json(studio.plan_json(PAPERS)) == PAPERS


def test_several_papers_come_together(run: Run, portrait: Path, kept: Path, tmp_path: Path) -> None:
    """Each paper becomes a file of its own size and type, named after photo and standard; the report has an object for each."""
    answer = run("edit", portrait, "--plan", kept, "-o", tmp_path / "me", "--marked", tmp_path / "m.png", "--json")

    assert answer.returncode == 0, answer.stderr
    assert _names(tmp_path) == {"plan.json", "me_cn_1inch.jpg", "me_cn_2inch.png", "m_cn_1inch.png", "m_cn_2inch.png"}
    for name, size in (("me_cn_1inch.jpg", (295, 413)), ("me_cn_2inch.png", (413, 579)), ("m_cn_2inch.png", (413, 579))):
        with Image.open(tmp_path / name) as made:
            assert made.size == size
    report = json.loads(answer.stdout)
    assert not {"output", "files", "plan", "checks", "placement"} & set(report)
    assert [one["name"] for one in report["outputs"]] == ["cn_1inch", "cn_2inch"]
    for one in report["outputs"]:
        (file,) = one["files"]
        assert (file["role"], Path(file["path"]).stat().st_size) == ("photo", file["bytes"])
        assert one["plan"]["spec"]["id"] == one["name"]
        assert any(check["name"] == "width_px" and check["ok"] for check in one["checks"])
        assert len(one["placement"]["matrix"]) == 6


def test_one_file_that_cannot_be_written_stops_them_all(run: Run, portrait: Path, kept: Path, tmp_path: Path) -> None:
    """Where one of the names is taken, nothing is made, and what was there stays."""
    (tmp_path / "me_cn_2inch.png").write_bytes(b"precious")
    answer = run("edit", portrait, "--plan", kept, "-o", tmp_path / "me")

    assert answer.returncode == 40
    assert _names(tmp_path) == {"plan.json", "me_cn_2inch.png"}
    assert (tmp_path / "me_cn_2inch.png").read_bytes() == b"precious"


def test_a_full_disk_leaves_none_of_them(run: Run, portrait: Path, kept: Path, tmp_path: Path, tiny_disk: Path) -> None:
    """When the second paper finds no room any more, the first is not left alone."""
    answer = run("edit", portrait, "--plan", kept, "-o", tiny_disk)

    assert answer.returncode == 42
    assert _names(tiny_disk) == set()
    assert _names(tmp_path) == {"plan.json"}


def test_names_of_several_papers(tmp_path: Path) -> None:
    """Nothing, a folder, a base name and a type that decides for all: each paper's name says its standard."""
    photo = tmp_path / "me.heic"
    paths = [settle(photo, out, PAPERS, FREE).paths for out in (None, tmp_path, tmp_path / "out")]
    assert [[path.name for path in one] for one in paths] == [
        ["me_cn_1inch.jpg", "me_cn_2inch.png"],
        ["me_cn_1inch.jpg", "me_cn_2inch.png"],
        ["out_cn_1inch.jpg", "out_cn_2inch.png"],
    ]
    settled = settle(photo, tmp_path / "out.png", PAPERS, FREE)
    assert [path.name for path in settled.paths] == ["out_cn_1inch.png", "out_cn_2inch.png"]
    assert {slot.suffix for slot in files_of(settled.plan)} == {".png"}
    assert settled.reading is not None
    assert [one.why for one in settled.reading.assumed] == ["from_output_name"]
    assert [path.name for path in marked_paths(tmp_path / "m.png", PAPERS)] == ["m_cn_1inch.png", "m_cn_2inch.png"]


def test_a_type_that_cannot_hold_for_all_is_refused(tmp_path: Path) -> None:
    """A type in OUT against the sentence, against a transparent paper or against a kept plan is an error before any work."""
    photo, out = tmp_path / "me.heic", tmp_path / "out.jpg"
    clear = replace(PAPERS.papers[1], backdrop=Backdrop(kind=BackdropKind.TRANSPARENT))
    for plan, reading in (
        (PAPERS, Reading(sentence="", asked={"outputs": [{}, {"format": "png"}]})),
        (replace(PAPERS, papers=(PAPERS.papers[0], clear)), FREE),
        (PAPERS, None),
    ):
        with pytest.raises(OutputNotWritable) as caught:
            settle(photo, out, plan, reading)
        assert caught.value.params == {"path": str(out), "reason": "several_types", "name": "out"}


def test_the_papers_that_can_be_made_are_made(run: Run, portrait: Path, tmp_path: Path) -> None:
    """Where one of several papers fails, the others are written, and the message says which one, why, and what to do."""
    answer = run("edit", portrait, "一寸+中国护照", "-o", tmp_path / "me", "--marked", tmp_path / "m.png", "--json")

    assert answer.returncode == 27, answer.stderr
    assert _names(tmp_path) == {"me_cn_1inch.jpg", "m_cn_1inch.png"}
    report = json.loads(answer.stdout)
    assert [one["name"] for one in report["outputs"]] == ["cn_1inch"]
    assert [(one["code"], one["params"]["output"]) for one in report["missing"]] == [("backdrop_must_stay", "cn_passport")]


def test_where_no_paper_can_be_made_nothing_is_written(run: Run, portrait: Path, tmp_path: Path) -> None:
    """Two papers that both fail leave nothing, and the first one's reason is told."""
    refused = run("edit", portrait, "中国护照+港澳通行证", "-o", tmp_path / "me")

    assert refused.returncode == 27
    assert refused.stderr.startswith("✗ 护照:")
    assert _names(tmp_path) == set()
