"""`f2p check PHOTO --for STANDARD`: a finished photo, whoever made it, held against a document's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, flag, path_argument, path_option, standards_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.photo import read_photo
from f2p.doors.cli.show import bullets, columns, heading, limits, progress, say, say_json
from f2p.errors import OutputNotWritable

if TYPE_CHECKING:
    from f2p.values.outcome import Check
    from f2p.values.preflight import Preflight

RULE_FAILED_EXIT = 3
"""A measurable rule fails: the command worked, the photo did not pass."""
_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCall:
    """One command line of `f2p check`, as typed. wanted: a standard's id, or how people say it; None = rules of
    travel documents.
    """

    photo: Path
    wanted: str | None = None
    annotated: Path | None = None
    overwrite: bool = False
    as_json: bool = False
    quiet: bool = False


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command(
        "check",
        text,
        _run,
        [
            path_argument("photo", text.text("help.photo")),
            click.Option(["--for", "wanted"], metavar=text.text("help.standard_name"), help=text.text("help.check_for")),
            path_option(["--annotated"], text.text("help.annotated"), metavar="FILE.png"),
            standards_option(text),
            flag(text, "--overwrite", key="overwrite"),
            flag(text, "--json", "as_json", key="check_json"),
            flag(text, "-q", "--quiet", key="check_quiet"),
        ],
    )


@click.pass_obj
def _run(door: Door, /, **typed: Any) -> int:
    return check(door, CheckCall(**typed))


def check(door: Door, call: CheckCall) -> int:
    """Measures, tells, and returns the exit code: 0 = no measurable rule fails. Raises F2PError."""
    from f2p import studio
    from f2p.values.preflight import ToCheck

    if call.annotated is not None:
        if call.annotated.suffix.lower() != ".png":
            raise OutputNotWritable(path=str(call.annotated), reason="annotated_not_png")
        studio.check_output(call.annotated, overwrite=call.overwrite)
    spec = studio.standard_for(call.wanted) if call.wanted is not None else None
    data = read_photo(call.photo, door.settings)
    with progress(door.text.step, wanted=not call.quiet) as on_step:
        wanted = ToCheck(data=data, name=call.photo.name, spec=spec, annotate=call.annotated is not None)
        checked = studio.preflight(wanted, door.settings, on_step)
    if call.annotated is not None and checked.annotated is not None:
        studio.deliver({call.annotated: checked.annotated}, overwrite=call.overwrite)
    if call.as_json:
        say_json(preflight_json(checked.report, door.text))
    elif call.quiet:
        say(verdict(checked.report, door.text))
    else:
        show_preflight(checked.report, door.text)
        if call.annotated is not None:
            _show_marks(checked.report, call.annotated, door.text)
    return RULE_FAILED_EXIT if checked.report.failed else 0


def check_instead(door: Door, call: CheckCall, sentence: str | None, after: Sequence[str]) -> int | None:
    """The exit code of a check that a sentence asked for; None where the sentence wants a photo made."""
    from f2p import studio

    asked, spec = studio.check_asked(sentence or "", after) if sentence else (False, None)
    if not asked:
        return None
    if not (call.as_json or call.quiet):
        say(door.text.text("preflight.instead"))
    return check(door, replace(call, wanted=None if spec is None else spec.id))


def _show_marks(report: Preflight, path: Path, text: Messages) -> None:
    """Where the annotated picture is, and what its numbers mean."""
    say(text.text("preflight.annotated", {"path": str(path)}))
    bullets([f"{number}  {text.check(name)}" for name, number in report.numbers.items()], mark=" ")


def preflight_json(report: Preflight, text: Messages) -> dict[str, Any]:
    """The report in the public form that docs/check.md describes."""
    spec = report.spec
    return {
        "version": report.version,
        "language": text.language,
        "verdict": verdict_code(report),
        "text": verdict(report, text),
        "standard": None
        if spec is None
        else {
            "id": spec.id,
            "name": text.standard(spec.id),
            "confidence": spec.confidence,
            "source": spec.source,
            "checked": spec.checked,
        },
        "source": report.source,
        "checks": [
            {
                **asdict(check),
                "status": status(check),
                "text": text.check(check.name),
                "why": text.word("unsure", check.unsure) if check.unsure else "",
            }
            for check in report.checks
        ],
        "unmeasured": [{"name": name, "text": text.word("unmeasured", name)} for name in report.unmeasured],
        "notes": [{**asdict(note), "text": text.note(note)} for note in report.notes],
        "seconds": report.seconds,
    }


def status(check: Check) -> str:
    """One of "pass", "fail", "hint" (a hint that does not hold), "unsure", or "told" where nothing sets a limit."""
    if check.ok is None:
        return "unsure" if check.unsure else "told"
    if check.ok:
        return "pass"
    return "fail" if check.binding else "hint"


def verdict_code(report: Preflight) -> str:
    """One of "failed", "unsure", "passed": of the measurable rules, never of the office."""
    if report.failed:
        return "failed"
    return "unsure" if report.doubtful else "passed"


def verdict(report: Preflight, text: Messages) -> str:
    """One sentence: how many measurable rules hold."""
    judged = [check for check in report.checks if check.ok is not None and check.binding]
    passed = sum(1 for check in judged if check.ok)
    names = text.text("show.comma").join(text.check(check.name) for check in report.failed)
    params = {
        "passed": passed,
        "count": len(judged),
        "failed": len(report.failed),
        "unsure": len(report.doubtful),
        "names": names,
    }
    return text.text(f"preflight.{verdict_code(report)}", params)


def show_preflight(report: Preflight, text: Messages) -> None:
    """Prints what fails first, then what can't be told, then what passes, then what nobody can measure."""
    _show_document(report, text)
    groups: dict[str, list[Check]] = {}
    for one in report.checks:
        groups.setdefault(status(one), []).append(one)
    for name in ("fail", "hint", "unsure", "pass", "told"):
        if name in groups:
            heading(text.text(f"preflight.group_{name}"))
            _show_table(groups[name], text)
    heading(text.text("preflight.group_unmeasured"))
    bullets([text.word("unmeasured", name) for name in report.unmeasured], mark="–")
    colour = {"failed": "red", "unsure": "yellow", "passed": "green"}[verdict_code(report)]
    say(verdict(report, text), fg=colour, bold=True)


def _show_document(report: Preflight, text: Messages) -> None:
    spec = report.spec
    if spec is None:
        heading(text.text("preflight.general"))
        return
    confidence = text.word("confidence", spec.confidence)
    heading(text.text("preflight.for", {"name": text.standard(spec.id), "id": spec.id, "confidence": confidence}))


def _show_table(checks: list[Check], text: Messages) -> None:
    """One line each: mark, name, value, what is wanted, who says so; columns aligned, Chinese counted as two."""
    lines = [_cells(check, text) for check in checks]
    widths = [max(columns(line[place]) for line in lines) for place in range(3)]
    for check, cells in zip(checks, lines, strict=True):
        mark, colour = _MARKS[check.ok]
        mark, colour = ("!", "yellow") if check.ok is False and not check.binding else (mark, colour)
        mark = "·" if check.ok is None and not check.unsure else mark
        parts = [cell + " " * (width - columns(cell)) for cell, width in zip(cells[:3], widths, strict=True)]
        say(f"  {click.style(mark, fg=colour)} {'  '.join((*parts, cells[3]))}".rstrip())


def _cells(check: Check, text: Messages) -> tuple[str, str, str, str]:
    value = f"{text.value(check.name, check.value)} {check.unit}".strip() if check.value != "" else "–"
    wanted = limits("|".join(text.value(check.name, part) for part in check.wanted.split("|")))
    why = text.word("unsure", check.unsure) if check.unsure else ""
    source = text.word("rule", check.rule) if check.rule else ""
    return text.check(check.name), value, wanted, text.text("show.comma").join(part for part in (why, source) if part)
