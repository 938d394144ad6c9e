"""Set-up's decisions: what makes a start ready, what makes it begin anew, what it says when it cannot."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import run_app

import bootstrap
from f2p.engines.weights import locate, weights
from f2p.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("pyproject.toml", "README.md", "LICENSE", "requirements", "tools", "run_app.py", "run_tests.py", "src")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh checkout in a folder whose name has a space; `bootstrap` is pointed at it."""
    root = tmp_path / "a fresh checkout"
    root.mkdir()
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, root / name)
    monkeypatch.setattr(bootstrap, "ROOT", root)
    monkeypatch.setattr(bootstrap, "VENV", root / ".venv")
    monkeypatch.setattr(bootstrap, "_HALF_DONE", root / ".venv" / ".f2p-installing")
    monkeypatch.delenv("F2P_MODELS_DIR", raising=False)
    return root


@pytest.fixture
def ready(checkout: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The checkout as a finished set-up leaves it, with the weights in a folder named by a setting."""
    commands = checkout / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "f2p").touch()
    (commands / "python").symlink_to(sys.executable)
    (checkout / ".venv" / ".f2p-ready-run").write_text(json.dumps(bootstrap._wanted_stamp(dev=False)))
    monkeypatch.setenv("F2P_MODELS_DIR", str(settings.models_dir))
    return checkout


def test_a_finished_set_up_is_ready(ready: Path) -> None:
    """Stamp, command and weights in place: nothing is done."""
    assert bootstrap.is_ready(dev=False)
    assert bootstrap.ensure() == ready / ".venv" / "bin"


def test_the_stamp_of_a_run_is_none_for_the_tests(ready: Path) -> None:
    """A person's set-up has no developer tools, so the test command still sets up."""
    assert ready.is_dir()
    assert not bootstrap.is_ready(dev=True)


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements/run.txt", "src/f2p/data/weights.toml"])
def test_what_set_up_depends_on_has_changed(ready: Path, name: str) -> None:
    """A newer pin, entry point or weight after `git pull` makes the next start set up again."""
    with (ready / name).open("a") as file:
        file.write("# changed\n")
    assert not bootstrap.is_ready(dev=False)


def test_a_lost_weight_is_noticed(ready: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one of the files the start is not ready, and only that file is missing."""
    assert ready.is_dir()
    folder = tmp_path / "models"
    folder.mkdir()
    for weight in weights().values():
        if weight.default and weight.name != "yunet":
            (folder / weight.file).symlink_to(locate(weight, settings))
    monkeypatch.setenv("F2P_MODELS_DIR", str(folder))
    assert not bootstrap.is_ready(dev=False)
    assert bootstrap._missing_files(dev=False) == ["face_detection_yunet_2023mar.onnx"]


def test_a_moved_checkout_begins_anew(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts in .venv carry absolute paths, so another folder needs another environment."""
    moved = ready.with_name("moved")
    ready.rename(moved)
    monkeypatch.setattr(bootstrap, "ROOT", moved)
    monkeypatch.setattr(bootstrap, "VENV", moved / ".venv")
    assert not bootstrap.is_ready(dev=False)
    assert not bootstrap._venv_works()


def test_a_second_start_is_at_once(ready: Path) -> None:
    """From a bare interpreter to the hand-over: no pip, no package, under 0.5 s even on a loaded machine."""
    code = f"import sys; sys.path.insert(0, {str(ready / 'tools')!r}); import bootstrap; print(bootstrap.ensure())"
    answer = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, timeout=10, check=True)
    assert answer.stdout.strip() == str(ready / ".venv" / "bin")
    assert answer.stderr == ""


def test_two_at_once_wait_for_each_other(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever finds the lock taken says so, waits, and then finds the work done."""
    holder = (ready / ".venv.lock").open("w")
    fcntl.flock(holder, fcntl.LOCK_EX)
    code = f"import sys; sys.path.insert(0, {str(ready / 'tools')!r}); import bootstrap; bootstrap._set_up_alone(dev=False)"
    env = {**os.environ, "F2P_LANG": "en"}
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, env=env) as waiting:
        assert waiting.stderr is not None
        assert "Another set-up" in waiting.stderr.readline()
        assert waiting.poll() is None
        holder.close()
        assert waiting.wait(timeout=10) == 0
    assert capsys.readouterr().err == ""


def test_an_interrupted_installation_is_not_trusted(ready: Path) -> None:
    """The mark of an installation that never ended makes the environment count as broken."""
    assert not bootstrap._HALF_DONE.exists()
    bootstrap._HALF_DONE.touch()
    assert not bootstrap._venv_works()
    assert ready.is_dir()


def test_without_ensurepip_and_without_root_it_says_what_to_type(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Debian's Python without python3-venv: one line to type, exit code 53, no traceback."""
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.ensure()
    assert stopped.value.code == bootstrap.EXIT_SETUP
    assert "sudo apt install python3-venv" in capsys.readouterr().err
    assert not (checkout / ".venv").exists()


def test_too_old_a_python_is_told_in_both_languages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With no newer Python on the machine, the person reads which one is needed."""
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 10, 4))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.ensure()
    said = capsys.readouterr().err
    assert stopped.value.code == bootstrap.EXIT_SETUP
    assert "3.11 or newer" in said and "3.11 或更新" in said


def test_a_failing_client_is_quoted_without_its_repetitions() -> None:
    """Of five retries one is kept; the error itself stays."""
    said = "\n".join(
        [f"WARNING: Retrying (Retry(total={n})) after connection broken" for n in range(5)] + ["ERROR: no such package"]
    )
    assert bootstrap._last_words(said).splitlines() == [
        "WARNING: Retrying (Retry(total=4)) after connection broken",
        "ERROR: no such package",
    ]


def test_both_languages_say_the_same_things() -> None:
    """Every message exists in Chinese and English."""
    assert bootstrap._TEXTS["zh"].keys() == bootstrap._TEXTS["en"].keys()


def test_the_articles_three_options_become_f2p_edit() -> None:
    """The shim adds nothing of its own and passes further options on."""
    given = ["--input", "a.png", "--prompt=-白底", "--output", "o/me.jpg", "--overwrite", "--report", "r.json"]
    assert run_app.command_line(*run_app.parse(given)) == [
        "edit",
        "-o",
        "o/me.jpg",
        "--overwrite",
        "--report",
        "r.json",
        "--",
        "a.png",
        "-白底",
    ]


def test_the_output_folder_of_the_article_is_made_and_no_other(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's command works in a fresh checkout; a mistyped folder is still told as one."""
    monkeypatch.chdir(checkout)
    for output in ("output/me.jpg", "ouput/me.jpg"):
        run_app.make_output_folder(output)
    assert (checkout / "output").is_dir()
    assert not (checkout / "ouput").exists()


@pytest.mark.slow
def test_a_bare_python_gets_a_working_f2p(checkout: Path, settings: Settings) -> None:
    """Real venv, real packages, a path with a space, a half-made .venv in the way: `.venv/bin/f2p` answers afterwards."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / ".f2p-installing").touch()
    keep = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    env = {
        **keep,
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "F2P_MODELS_DIR": str(settings.models_dir),
        "LANG": "zh_CN.UTF-8",
    }
    code = "import sys; sys.path.insert(0, 'tools'); import bootstrap; print(bootstrap.ensure())"
    python = Path(sys.base_prefix) / "bin" / "python3"
    answer = subprocess.run([python, "-c", code], cwd=checkout, env=env, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "[4/4]" not in answer.stderr and "准备完成" in answer.stderr
    helped = subprocess.run([checkout / ".venv/bin/f2p", "--help"], env=env, capture_output=True, text=True, check=True)
    assert "edit" in helped.stdout
