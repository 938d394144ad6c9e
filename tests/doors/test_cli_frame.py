"""The command line around the work: help, languages, exit codes, problem documents, interruption."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import f2p
from f2p import errors
from f2p.catalogue.messages import Messages
from f2p.doors.cli.main import commands, main
from f2p.doors.cli.report import show_check
from f2p.settings import load_settings
from f2p.values.outcome import Check

Run = Callable[..., subprocess.CompletedProcess[str]]

COMMANDS = ("edit", "read", "matte", "standards", "models", "doctor")


@pytest.mark.parametrize(
    "command", [(), *((name,) for name in COMMANDS), ("models", "pull"), ("standards", "show")], ids=" ".join
)
def test_help_speaks_the_users_language(run: Run, command: tuple[str, ...]) -> None:
    """Every command has its help in Chinese and in English, without a word of the other language's headings."""
    zh, en = (run(*command, "--help", env={"F2P_LANG": language}) for language in ("zh", "en"))

    assert (zh.returncode, en.returncode) == (0, 0)
    assert "用法:" in zh.stdout
    assert "Usage" not in zh.stdout
    assert "Options" not in zh.stdout
    assert "Usage:" in en.stdout
    assert not re.search("[\u4e00-\u9fff]", en.stdout)


def test_language_follows_the_locale_unless_f2p_lang_says_otherwise(run: Run) -> None:
    """LANG decides, F2P_LANG overrides it."""
    assert "用法" in run("--help", env={"F2P_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}).stdout
    assert "Usage" in run("--help", env={"F2P_LANG": "en", "LANG": "zh_CN.UTF-8"}).stdout


def test_help_shows_every_command_and_option() -> None:
    """No command or option is without its words in either language."""
    for language in ("zh", "en"):
        waiting = [commands(Messages(language))]
        while waiting:
            here = waiting.pop()
            waiting += getattr(here, "commands", {}).values()
            assert here.help
            assert not here.help.startswith("help.")
            for param in here.params:
                assert not str(getattr(param, "help", "") or "").startswith("help.")


def test_help_loads_nothing_heavy() -> None:
    """`f2p --help` imports click and the texts: no numbers, pictures, models, JSON codec or terminal painter."""
    script = "import sys; from f2p.doors.cli.main import main; main(['--help']); print(' '.join(sys.modules))"
    source = str(Path(f2p.__file__).parents[1])
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONPATH": source}
    )
    loaded = set(answer.stdout.splitlines()[-1].split())
    assert not loaded & {"numpy", "cv2", "PIL", "rich", "msgspec", "scipy", "onnxruntime", "asyncio", "importlib.metadata"}


def test_help_is_there_at_once(run: Run) -> None:
    """The fastest of five `f2p --help` takes at most 0.3 s."""

    def seconds() -> float:
        begun = time.perf_counter()
        run("--help")
        return time.perf_counter() - begun

    assert min(seconds() for _ in range(5)) <= 0.3


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("edit", "a.jpg"), "缺少"),
        (("edit", "a.jpg", "white", "background"), "引号"),
        (("edit", "a.jpg", "白底", "--colour", "red"), "--colour"),
        (("edit", "a.jpg", "白底", "--face", "0"), "1、2、3"),
        (("edit", "a.jpg", "白底", "-o"), "-o"),
        (("edti",), "edit"),
        (("models", "pull"), "--all"),
    ],
)
def test_a_wrongly_written_command_is_explained(run: Run, args: tuple[str, ...], words: str) -> None:
    """Usage errors end with 2, say in the user's language what is wrong, and where help is; with --json as a problem document."""
    told, document = run(*args), run(*args[:-1], "--json", args[-1])

    assert told.returncode == document.returncode == 2
    assert words in told.stderr
    assert "--help" in told.stderr
    assert told.stdout == ""
    problem = json.loads(document.stdout)
    assert (problem["code"], problem["exit_code"], problem["status"]) == ("usage", 2, 400)


def test_no_command_shows_help(run: Run) -> None:
    """`f2p` alone shows how to begin and counts as a usage error."""
    answer = run()
    assert answer.returncode == 2
    assert "edit" in answer.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("F2P_THREADS", "many"),
        ("F2P_THREADS", "-2"),
        ("F2P_THREADS", "1.5"),
        ("F2P_MAX_INPUT_MB", "-1"),
        ("F2P_MAX_INPUT_MP", "nan"),
    ],
)
def test_a_setting_that_cannot_be_is_told(run: Run, name: str, value: str) -> None:
    """A broken environment variable is named alone, with its value and what is allowed, in the user's language."""
    answer = run("--help", env={name: value})
    assert answer.returncode == 2
    first = answer.stderr.splitlines()[0]
    assert name in first and f"「{value}」" in first and "要写" in first
    assert answer.stderr.count("F2P_") == 1
    assert json.loads(run("models", "--json", env={name: value}).stdout)["code"] == "bad_setting"


def test_empty_settings_are_none() -> None:
    """A variable set to nothing counts as not set."""
    assert load_settings({"F2P_THREADS": "", "F2P_MAX_INPUT_MB": ""}) == load_settings({})


def test_a_standard_in_a_commands_place_is_answered_with_how_to_show_it(run: Run) -> None:
    """`f2p standards us_visa` says what to type instead."""
    answer = run("standards", "us_visa")
    assert answer.returncode == 2
    assert "show us_visa" in answer.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX pipe")
@pytest.mark.parametrize("args", [("standards",), ("edit", "nothing.jpg", "白底一寸"), ("read", "--json", "-")])
def test_a_reader_that_is_gone_ends_the_talk_quietly(args: tuple[str, ...]) -> None:
    """Without anybody to read, a listing ends as SIGPIPE would, an error keeps its own code, and there is no traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    env = {**os.environ, "PYTHONPATH": str(Path(f2p.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-m", "f2p", *args],
        env=env,
        input="白底一寸\n".encode(),
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert done.returncode == (10 if args[0] == "edit" else 141)
    assert b"Traceback" not in done.stderr and (args[0] == "edit" or done.stderr == b"")


def test_version_is_that_of_the_project(run: Run) -> None:
    """--version prints the one version there is."""
    answer = run("--version")
    assert answer.stdout.split() == ["f2p", f2p.__version__]


def test_an_unforeseen_error_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody foresaw ends with exit code 1 and how to report it; the traceback comes only with F2P_DEBUG."""
    from f2p import studio

    def broken(*_args: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(studio, "understand", broken)
    monkeypatch.setenv("F2P_LANG", "en")

    assert main(["read", "white"]) == 1
    quiet = capsys.readouterr().err
    assert "boom" in quiet
    assert "F2P_DEBUG=1" in quiet
    assert "Traceback" not in quiet

    monkeypatch.setenv("F2P_DEBUG", "1")
    assert main(["read", "white"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An interrupted command says so in one line and ends as shells expect."""
    from f2p import studio

    def interrupted(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(studio, "understand", interrupted)
    monkeypatch.setenv("F2P_LANG", "zh")

    assert main(["read", "白底"]) == 130
    assert "已停止" in capsys.readouterr().err


def test_the_manual_lists_every_exit_code() -> None:
    """docs/cli.md has one line for each kind of error with its exit code, and every command and option."""
    manual = Path(f2p.__file__).parents[2] / "docs" / "cli.md"
    if not manual.is_file():
        pytest.skip("the installed package carries no manual")
    text = manual.read_text(encoding="utf-8")
    waiting = [errors.F2PError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if "code" in kind.__dict__:
            assert f"| {kind.exit_code} | `{kind.code}` |" in text
    for name, command in commands(Messages("en")).commands.items():
        assert f"## {name}" in text
        for option in (one for param in command.params for one in param.opts if one.startswith("--")):
            assert f"`{option}" in text


def test_progress_is_shown_on_a_terminal_only(run: Run, portrait: Path, tmp_path: Path) -> None:
    """A terminal sees each step by name; a pipe sees none of it."""
    pty = pytest.importorskip("pty")
    screen, terminal = pty.openpty()
    source = str(Path(f2p.__file__).parents[1])
    command = [sys.executable, "-m", "f2p", "edit", str(portrait), "白底一寸", "-o", str(tmp_path / "a.jpg")]
    env = {**os.environ, "PYTHONPATH": source, "F2P_LANG": "zh", "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    job = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=terminal, env=env)
    os.close(terminal)
    seen = b""
    try:
        while chunk := os.read(screen, 4096):
            seen += chunk
    except OSError:  # the other end is closed
        pass
    os.close(screen)
    assert job.wait(timeout=60) == 0
    assert "抠出人像" in seen.decode("utf-8", "replace")
    assert run("edit", portrait, "白底一寸", "-o", tmp_path / "b.jpg").stderr == ""


def test_a_colour_nearly_as_asked_shows_both(capsys: pytest.CaptureFixture[str]) -> None:
    """A measured colour that holds but differs by a level stands beside the one asked; a band that holds is not repeated."""
    show_check(Check(name="background", value="#428EDA", wanted="#438EDB", ok=True), Messages("en"))
    assert "#428EDA" in (told := capsys.readouterr().out) and "#438EDB" in told
    show_check(Check(name="kb", value=40.1, wanted="20..50", ok=True, unit="KB"), Messages("en"))
    assert "20" not in capsys.readouterr().out
