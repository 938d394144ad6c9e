"""`f2p doctor`: what is installed, what is missing, and what to do about each fault."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, flag
from f2p.doors.cli.door import Door
from f2p.doors.cli.show import say, say_json
from f2p.settings import Settings

_PYTHON = (3, 11)
_MEMORY_MB = 600
"""Less than this free: a photo may not fit (361 to 509 MB measured for one process)."""
_DISK_MB = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    ok: None = worth knowing, no fault. fault: which advice of table [doctor] helps; empty where all is well.
    """

    name: str
    value: str
    ok: bool | None = True
    fault: str = ""


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command("doctor", text, _run, [flag(text, "--json", "as_json", key="json")])


@click.pass_obj
def _run(door: Door, *, as_json: bool) -> int:
    findings = list(examine(door.settings))
    well = all(finding.ok is not False for finding in findings)
    if as_json:
        found = [{**asdict(finding), "advice": _advice(finding, door.text)} for finding in findings]
        say_json({"ok": well, "findings": found})
        return 0 if well else 1
    for finding in findings:
        mark, colour = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", None)}[finding.ok]
        name = door.text.text(f"doctor.{finding.name}") if door.text.has(f"doctor.{finding.name}") else finding.name
        say(f"{click.style(mark, fg=colour)} {name}  {finding.value}".rstrip())
        if finding.fault:
            say(f"    → {_advice(finding, door.text)}")
    say(door.text.text("doctor.well" if well else "doctor.unwell"), bold=True, fg="green" if well else "red")
    return 0 if well else 1


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything a photo needs, looked at one by one. Loads the packages, so that a broken library shows."""
    here = sys.version_info[:2]
    yield Finding("python", platform.python_version(), here >= _PYTHON, "" if here >= _PYTHON else "python_old")
    yield from _packages()
    yield from _weights(settings)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding("cores", str(settings.threads or cores), None)
    yield from _memory()
    yield _folder("models_dir", settings.models_dir)
    yield _folder("temp_dir", Path(tempfile.gettempdir()))
    yield _folder("work_dir", Path.cwd())
    yield Finding("language", settings.language, None)
    yield from _generating(settings)


def _generating(settings: Settings) -> Iterator[Finding]:
    """What is there for generating pictures, and what fits; none of it is needed for photos, so nothing of it is a fault."""
    from f2p import studio

    try:
        name, total_gb, budget = studio.gpu_and_budget(settings)
    except (ImportError, OSError, RuntimeError) as error:
        yield Finding("gpu", f"{type(error).__name__}: {error}".splitlines()[0], None, "gpu_broken")
        return
    yield Finding("gpu", f"{name} {total_gb:g} GB" if name else "-", None, "" if name else "no_gpu")
    for weights, lacking in studio.generator_states(settings):
        yield Finding(weights.name, lacking and f"- {lacking}", None, "generator_missing" if lacking else "")
    if name:
        plan = studio.what_fits(settings, budget)
        if plan is None:
            yield Finding("gpu_plan", f"{budget.vram_gb:g} GB + {budget.ram_gb:g} GB", None, "gpu_small")
        else:
            here = f"{plan.store.value}, {plan.resident}/{plan.blocks}, {plan.vram_gb:g} GB"
            yield Finding("gpu_plan", f"{here}, {plan.home.value} {plan.ram_gb:g} GB", None)


def _packages() -> Iterator[Finding]:
    from importlib import metadata

    modules: dict[str, list[str]] = {}
    for module, names in metadata.packages_distributions().items():
        for name in names:
            modules.setdefault(_plain(name), []).append(module)
    wanted = _requirements()
    if not wanted:
        yield Finding("f2p-studio", "", ok=False, fault="not_installed")
    for name in wanted:
        found = modules.get(_plain(name))
        if not found:
            yield Finding(name, "", ok=False, fault="package_missing")
            continue
        trouble = _import_trouble(found)
        version = metadata.version(name)
        yield Finding(name, f"{version} {trouble}".strip(), not trouble, "package_broken" if trouble else "")


def _import_trouble(modules: list[str]) -> str:
    """What goes wrong when the package is loaded; empty when nothing does."""
    from importlib import import_module

    public = [name for name in modules if name.isidentifier() and not name.startswith("_")]
    try:
        for name in public:
            import_module(name)
    except (ImportError, OSError, RuntimeError) as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return ""


def _requirements() -> list[str]:
    """The names of the packages that we declare: of the installed package, or of the checkout that runs."""
    from importlib import metadata

    try:
        declared = metadata.requires("f2p-studio") or []
    except metadata.PackageNotFoundError:
        import tomllib

        project = Path(__file__).resolve().parents[4] / "pyproject.toml"
        declared = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"] if project.is_file() else []
    return sorted(match[0] for line in declared if "extra ==" not in line and (match := re.match(r"[A-Za-z0-9._-]+", line)))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _memory() -> Iterator[Finding]:
    """Memory free for one more process: what the system has, or less where a container sets a limit."""
    try:
        free_mb = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    except (AttributeError, ValueError, OSError):
        return
    meminfo = Path("/proc/meminfo")
    if meminfo.is_file() and (found := re.search(r"MemAvailable:\s+(\d+)", meminfo.read_text())):
        free_mb = int(found[1]) // 1024
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (text := limit.read_text().strip()).isdecimal():
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
        free_mb = min(free_mb, (int(text) - used) // 2**20)
    enough = free_mb >= _MEMORY_MB
    yield Finding("memory", f"{free_mb} MB", enough, "" if enough else "memory_low")


def _folder(name: str, folder: Path) -> Finding:
    """Whether files can be written there; a folder that is not there yet is judged by its nearest parent."""
    place = next((one for one in (folder, *folder.parents) if one.is_dir()), folder)
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".f2p-doctor-"):
            free_mb = shutil.disk_usage(place).free // 2**20
    except OSError:
        needed = name != "models_dir"
        return Finding(name, str(folder), ok=False if needed else None, fault="not_writable" if needed else "")
    if free_mb < _DISK_MB:
        return Finding(name, f"{folder} ({free_mb} MB)", ok=False, fault="disk_low")
    return Finding(name, f"{folder} ({free_mb} MB)")


def _advice(finding: Finding, text: Messages) -> str:
    params: dict[str, Any] = {"name": finding.name, "value": finding.value}
    return text.text(f"doctor.advice_{finding.fault}", params) if finding.fault else ""


def _weights(settings: Settings) -> Iterator[Finding]:
    """One finding for each default model, by existence and size; `f2p models verify` reads every byte."""
    from f2p import studio

    faults = {"missing": "weight_missing", "wrong_size": "weight_damaged"}
    for weight, state in studio.models(settings):
        if weight.kind == "model" and weight.default:
            fault = faults.get(str(state), "")
            yield Finding(weight.name, weight.file, not fault, fault)
