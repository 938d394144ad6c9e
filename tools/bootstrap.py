"""Set-up from a bare Python: .venv with pinned packages, then the weights. Standard library only; a second start is at once.

Order, each step safe to interrupt and repeat: virtual environment → packages → this project → weights → stamp. Only the stamp,
written last, says "ready"; it holds a digest of everything that set-up depends on. pip's own configuration is respected, and with
every file already in F2P_MODELS_DIR nothing is asked of the network for weights.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOWEST = (3, 11)
NEWEST_TRIED = 14
EXIT_SETUP = 53
"""Exit code of a set-up that could not finish (beside 50 to 52 of the SetupErrors)."""

_INPUTS = ("pyproject.toml", "requirements/run.txt", "requirements/dev.txt", "src/f2p/data/weights.toml")
_HALF_DONE = VENV / ".f2p-installing"
_ROOM_NEEDED = 1_500_000_000

_TEXTS = {
    "en": {
        "old_python": "F2P Studio needs Python {lowest} or newer; this is {version}. Install one and run the command with it"
        " (Debian 12, Ubuntu 24.04 and newer have it: sudo apt install python3 python3-venv).",
        "begin": "First start: setting up in {venv} (once, some minutes).",
        "update": "Bringing {venv} up to date.",
        "wait": "Another set-up is running; waiting for it.",
        "venv": "[1/4] Python environment",
        "apt": "      installing {package} with apt-get",
        "packages": "[2/4] packages, pinned in requirements/ (about 200 MB)",
        "project": "[3/4] the command f2p",
        "weights": "[4/4] weights",
        "ready": "Ready after {seconds:.0f} s.",
        "no_venv": "This Python cannot make virtual environments. Type: sudo apt install python3-venv"
        " — then run the same command again.",
        "failed": "Set-up stopped at: {step}\n{output}\nNothing is lost: run the same command again to go on.{hint}",
        "network": " If this machine has no network, give pip a folder of wheels (PIP_FIND_LINKS, PIP_NO_INDEX=1)"
        " and the weights in a folder named by F2P_MODELS_DIR.",
        "not_writable": "Set-up cannot write to {path}: {reason}. Use a folder of your own.",
        "disk": "Set-up needs about {need} MB in {path}; {free} MB are free.",
        "interrupted": "Interrupted. Run the same command again to go on.",
    },
    "zh": {
        "old_python": "F2P Studio 需要 Python {lowest} 或更新版本,当前是 {version}。请安装后再运行同一条命令"
        "(Debian 12、Ubuntu 24.04 及更新系统自带:sudo apt install python3 python3-venv)。",
        "begin": "首次启动:正在 {venv} 中安装(只需一次,约几分钟)。",
        "update": "正在更新 {venv}。",
        "wait": "另一个安装正在进行,等待它完成。",
        "venv": "[1/4] Python 环境",
        "apt": "      正在用 apt-get 安装 {package}",
        "packages": "[2/4] 软件包,版本固定在 requirements/(约 200 MB)",
        "project": "[3/4] 命令 f2p",
        "weights": "[4/4] 模型权重",
        "ready": "准备完成,用时 {seconds:.0f} 秒。",
        "no_venv": "这个 Python 不能创建虚拟环境。请输入:sudo apt install python3-venv ——然后再运行同一条命令。",
        "failed": "安装停在:{step}\n{output}\n没有丢失任何东西:再运行同一条命令即可继续。{hint}",
        "network": "如果这台机器没有网络:用 PIP_FIND_LINKS 和 PIP_NO_INDEX=1 指定 wheel 文件夹,"
        "用 F2P_MODELS_DIR 指定已有权重的文件夹。",
        "not_writable": "无法写入 {path}:{reason}。请换一个自己的文件夹。",
        "disk": "安装需要在 {path} 中约 {need} MB 空间,现只剩 {free} MB。",
        "interrupted": "已中断。再运行同一条命令即可继续。",
    },
}


class SetupStop(Exception):
    """Set-up cannot go on; the message says what to do."""


def language() -> str:
    """Which language the user reads, zh or en: by the same variables as f2p's settings."""
    for name in ("F2P_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def ensure(*, dev: bool = False) -> Path:
    """The folder of the environment's commands (.venv/bin), complete: packages, f2p, weights.

    dev: the developers' tools and the sample pictures too.

    Ends the process with a message in the user's language when that cannot be had: code 53, or 130 on Ctrl-C.
    """
    _right_python()
    try:
        if not is_ready(dev=dev):
            _set_up_alone(dev=dev)
    except SetupStop as stop:
        print(stop, file=sys.stderr)
        raise SystemExit(EXIT_SETUP) from None
    except OSError as error:
        print(text("not_writable", path=error.filename or ROOT, reason=error.strerror or error), file=sys.stderr)
        raise SystemExit(EXIT_SETUP) from None
    except KeyboardInterrupt:
        print("\n" + text("interrupted"), file=sys.stderr)
        raise SystemExit(130) from None
    return VENV / "bin"


def text(key: str, **blanks: object) -> str:
    """A message of this file in the user's language."""
    return _TEXTS[language()][key].format(**blanks)


def is_ready(*, dev: bool) -> bool:
    """Whether the stamp fits and every default weight is in place by size."""
    stamp = _read_stamp(dev=dev)
    return stamp is not None and stamp == _wanted_stamp(dev=dev) and not _missing_files(dev=dev)


def _right_python() -> None:
    """Goes on under a newer Python of this machine if this one is too old; says so if there is none."""
    if sys.version_info >= LOWEST:
        return
    for minor in range(NEWEST_TRIED, LOWEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    lowest = ".".join(map(str, LOWEST))
    print(_TEXTS["zh"]["old_python"].format(lowest=lowest, version=sys.version.split()[0]), file=sys.stderr)
    print(_TEXTS["en"]["old_python"].format(lowest=lowest, version=sys.version.split()[0]), file=sys.stderr)
    raise SystemExit(EXIT_SETUP)


def _stamp_path(*, dev: bool) -> Path:
    return VENV / (".f2p-ready-dev" if dev else ".f2p-ready-run")


def _wanted_stamp(*, dev: bool) -> dict[str, str]:
    digest = hashlib.sha256()
    for name in _INPUTS:
        if dev or name != "requirements/dev.txt":
            digest.update((ROOT / name).read_bytes())
    return {"root": str(ROOT), "digest": digest.hexdigest()}


def _read_stamp(*, dev: bool) -> dict[str, str] | None:
    try:
        stamp: dict[str, str] = json.loads(_stamp_path(dev=dev).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if (VENV / "bin" / "f2p").exists() and (VENV / "bin" / "python").exists() else None


def _missing_files(*, dev: bool) -> list[str]:
    """Files of the weights list that set-up must still fetch, by existence and size."""
    import tomllib

    folder = Path(os.environ["F2P_MODELS_DIR"]).expanduser() if os.environ.get("F2P_MODELS_DIR") else ROOT / "models" / "exact"
    table = tomllib.loads((ROOT / "src/f2p/data/weights.toml").read_text(encoding="utf-8"))
    wanted = [entry for entry in table.values() if entry["default"] or (dev and entry["kind"] == "picture")]
    return [entry["file"] for entry in wanted if not _has_size(folder / entry["file"], entry["bytes"])]


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _set_up_alone(*, dev: bool) -> None:
    """One set-up at a time; whoever waited finds it done."""
    with (ROOT / ".venv.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("wait")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_ready(dev=dev):
            _set_up(dev=dev)


def _set_up(*, dev: bool) -> None:
    begin = time.monotonic()
    if _read_stamp(dev=dev) != _wanted_stamp(dev=dev):
        works = _venv_works()
        _say("update" if works else "begin", venv=VENV)
        if not works:
            _make_venv()
        _install(dev=dev)
    python = str(VENV / "bin" / "python")
    if _missing_files(dev=dev):
        _say("weights")
        _run("weights", [python, str(ROOT / "tools" / "pull_weights.py"), *(["--pictures"] if dev else [])], show=True)
    for kind in (False, True) if dev else (False,):
        part = _stamp_path(dev=kind).with_suffix(".part")
        part.write_text(json.dumps(_wanted_stamp(dev=kind)), encoding="utf-8")
        part.replace(_stamp_path(dev=kind))
    _say("ready", seconds=time.monotonic() - begin)


def _make_venv() -> None:
    """A new .venv of this Python with pip in it, in place of one that is broken, half made or moved."""
    _say("venv")
    free = shutil.disk_usage(ROOT).free
    if free < _ROOM_NEEDED:
        raise SetupStop(text("disk", path=ROOT, need=_ROOM_NEEDED // 10**6, free=free // 10**6))
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    if not _has_ensurepip():
        _get_ensurepip()
    if _has_ensurepip():
        _run("venv", [sys.executable, "-m", "venv", str(VENV)])
    elif importlib.util.find_spec("pip") and importlib.util.find_spec("venv"):
        _run("venv", [sys.executable, "-m", "venv", "--without-pip", str(VENV)])
        _run("venv", [sys.executable, "-m", "pip", "--python", str(VENV / "bin" / "python"), "install", "-qq", "pip"])
    else:
        raise SetupStop(text("no_venv"))


def _venv_works() -> bool:
    """Whether .venv is whole, belongs to this folder and this Python, and has pip."""
    stamp = _read_stamp(dev=False) or {"root": str(ROOT)}
    if _HALF_DONE.exists() or stamp.get("root") != str(ROOT):
        return False
    probe = "import sys, pip; print(*sys.version_info[:2], sys.prefix)"
    with contextlib.suppress(OSError):
        answer = subprocess.run([str(VENV / "bin" / "python"), "-c", probe], capture_output=True, text=True, check=False)
        return answer.stdout.strip() == "{} {} {}".format(*sys.version_info[:2], VENV)
    return False


def _has_ensurepip() -> bool:
    """Debian and Ubuntu cut ensurepip out of Python and ship it as python3-venv."""
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None


def _get_ensurepip() -> None:
    """As root on Debian or Ubuntu, installs python3-venv; otherwise does nothing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    _say("apt", package=package)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    for command in (install, ["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if command is install and done.returncode == 0:
            return


def _install(*, dev: bool) -> None:
    _say("packages")
    _HALF_DONE.touch()
    pip = [
        str(VENV / "bin" / "python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "-qq",
        "--no-user",
        "--no-deps",
    ]
    files = ["-r", str(ROOT / "requirements/run.txt"), *(["-r", str(ROOT / "requirements/dev.txt")] if dev else [])]
    _run("packages", [*pip, "--only-binary=:all:", *files], hint="network")
    _say("project")
    _run("project", [*pip, "--no-build-isolation", "--editable", str(ROOT)])
    _HALF_DONE.unlink()


def _run(step: str, command: list[str], *, show: bool = False, hint: str = "") -> None:
    """Runs one client quietly (show: what it says goes to the terminal); SetupStop with its last words when it fails."""
    out = None if show else subprocess.PIPE
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT if out else None, check=False)
    if done.returncode != 0:
        said = (done.stdout or b"").decode(errors="replace")
        after = text(hint) if hint else ""
        raise SetupStop(text("failed", step=text(step), output=_last_words(said), hint=after))


def _last_words(said: str) -> str:
    """The end of what a client said, one line of its repeated warnings kept."""
    lines = said.strip().splitlines()
    retries = [line for line in lines if "Retrying (" in line]
    return "\n".join(
        [*retries[-1:], *[line for line in lines if line not in retries and not line.endswith("a directory.")][-12:]]
    )


def _say(key: str, **blanks: object) -> None:
    print(text(key, **blanks), file=sys.stderr, flush=True)
