"""`f2p redact DOCUMENT ["SENTENCE"]`: private things covered for good in pictures and PDFs, and proof of it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, flag, path_argument, path_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.photo import read_photo
from f2p.doors.cli.redact_text import redaction_json, show_redaction, show_redaction_wish
from f2p.doors.cli.show import as_json, progress, say, say_json, say_problem
from f2p.doors.cli.wish import after_option
from f2p.errors import F2PError, NeedsPassword, OutputNotWritable
from f2p.values.outcome import FinishedFile
from f2p.values.reading import Reading
from f2p.values.redaction import RedactionDelivery, RedactionOrder, RedactionPlan

_TYPES = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif"})
_SAME = {".jpeg": ".jpg", ".tif": ".tiff"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactCall:
    """One command line of `f2p redact`, as typed."""

    document: Path
    sentence: str | None = None
    after: tuple[str, ...] = ()
    out: Path | None = None
    preview: bool = False
    finds: Path | None = None
    report: Path | None = None
    password_file: Path | None = None
    password: str = ""
    """What was typed into the terminal; never an option, since every user of a machine sees the options of every program."""
    overwrite: bool = False
    as_json: bool = False
    quiet: bool = False

    @property
    def talks(self) -> bool:
        """Whether words for a person go to stdout."""
        return not (self.as_json or self.quiet)


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command(
        "redact",
        text,
        _run,
        [
            path_argument("document", text.text("help.document")),
            click.Argument(["sentence"], metavar=text.text("help.sentence"), required=False),
            path_option(["-o", "--output", "out"], text.text("help.redact_out"), metavar="OUT"),
            after_option(text),
            flag(text, "--preview", key="preview"),
            path_option(["--finds"], text.text("help.finds"), metavar="FILE.json"),
            path_option(["--report"], text.text("help.report"), metavar="FILE.json"),
            path_option(["--password-file"], text.text("help.password"), metavar="FILE"),
            flag(text, "--overwrite", key="overwrite"),
            flag(text, "--json", "as_json", key="edit_json"),
            flag(text, "-q", "--quiet", key="quiet"),
        ],
    )


@click.pass_obj
def _run(door: Door, /, **typed: Any) -> int:
    return redact(door, RedactCall(**typed))


def redact(door: Door, call: RedactCall) -> int:
    """Reads, shows, covers, proves, writes and tells. Raises F2PError; no error leaves a file behind. 0, or for a folder the
    exit code of the first document that failed.
    """
    from f2p import studio

    reading = studio.understand(call.sentence, call.after) if call.sentence is not None else None
    plan, reading = studio.redaction_for(reading)
    preview = call.preview or bool(reading is not None and reading.asked["redact"].get("preview"))
    call = replace(call, preview=preview)
    if call.talks:
        show_redaction_wish(plan, reading, door.text)
    if call.document.is_dir():
        return _folder(door, call, plan, reading)
    done, files = _one(door, call, plan, reading)
    _tell(door, call, done, list(files))
    return 0


def _password(door: Door, call: RedactCall) -> str:
    """What was typed, else the first line of --password-file, else F2P_PDF_PASSWORD. Raises UnreadablePath, TooLarge."""
    if call.password or call.password_file is None:
        return call.password or os.environ.get("F2P_PDF_PASSWORD", "")
    lines = read_photo(call.password_file, door.settings).decode("utf-8-sig", errors="replace").splitlines()
    return lines[0] if lines else ""


def _one(
    door: Door, call: RedactCall, plan: RedactionPlan, reading: Reading | None
) -> tuple[RedactionDelivery, dict[Path, FinishedFile]]:
    from f2p import studio

    data = read_photo(call.document, door.settings)
    suffix = studio.redacted_suffix(data, call.document.name)
    out = _target(call, suffix)
    for path in (out, *((call.report,) if call.report else ())):
        studio.check_output(path, overwrite=call.overwrite)
    password = _password(door, call)
    order = RedactionOrder(
        data=data, name=call.document.name, plan=plan, reading=reading, password=password, preview=call.preview,
        finds=read_photo(call.finds, door.settings) if call.finds else b"", finds_name=call.finds.name if call.finds else "",
    )  # fmt: skip
    with progress(_PageWords(door.text), wanted=not call.quiet) as on_step:
        try:
            done = studio.redact(order, door.settings, on_step)
        except NeedsPassword:
            if password or not (sys.stdin.isatty() and sys.stderr.isatty()):
                raise
            done = None
    if done is None:
        asked = click.prompt(door.text.text("show.password"), hide_input=True, err=True)
        return _one(door, replace(call, password=asked), plan, reading)
    files = _named(out, done)
    if call.report is not None:
        files[call.report] = FinishedFile(
            data=as_json(redaction_json(done, list(files), door.text)) + b"\n", suffix=".json", role="report"
        )
    studio.deliver(files, overwrite=call.overwrite)
    return done, files


class _PageWords:
    """Words for a progress line: which page, and what is done to it."""

    def __init__(self, text: Messages) -> None:
        self._text, self._page = text, ""

    def __call__(self, name: str) -> str:
        if name.startswith("page "):
            self._page = self._text.text("show.page", {"place": name.removeprefix("page ")}) + " · "
            return self._page
        return self._page + self._text.step(name)


def _target(call: RedactCall, suffix: str) -> Path:
    """Where the document goes. Raises OutputNotWritable: no_stdout, same_as_photo, type_differs, report_not_json."""
    if call.report is not None and call.report.suffix.lower() != ".json":
        raise OutputNotWritable(path=str(call.report), reason="report_not_json")
    suffix = ".png" if call.preview else suffix
    name = f"{call.document.stem}_{'preview' if call.preview else 'redacted'}{suffix}"
    out = call.out if call.out is not None else call.document.with_name(name)
    if str(out) == "-":
        raise OutputNotWritable(path="-", reason="no_stdout")
    if out.is_dir():
        out = out / name
    if not out.suffix:
        out = out.with_name(out.name + suffix)
    if out.exists() and out.samefile(call.document):
        raise OutputNotWritable(path=str(out), reason="same_as_photo")
    if _SAME.get(out.suffix.lower(), out.suffix.lower()) != suffix:
        fitting = {"format": suffix[1:].upper(), "name": out.with_suffix(suffix).name}
        raise OutputNotWritable(path=str(out), reason="type_differs", **fitting)
    return out


def _named(out: Path, done: RedactionDelivery) -> dict[Path, FinishedFile]:
    """Each file with its path: a preview of several pages is numbered, its list of finds lies beside it."""
    pictures = [file for file in done.files if file.role == "preview"]
    named: dict[Path, FinishedFile] = {}
    for number, file in enumerate(done.files, start=1):
        if file.role == "finds":
            named[out.with_suffix(".json")] = file
        elif file.role == "preview" and len(pictures) > 1:
            named[out.with_name(f"{out.stem}-{number}{out.suffix}")] = file
        else:
            named[out] = file
    return named


def _folder(door: Door, call: RedactCall, plan: RedactionPlan, reading: Reading | None) -> int:
    """Every document of a folder into another one; one that fails does not stop the others."""
    if call.out is None or (call.out.exists() and not call.out.is_dir()):
        raise OutputNotWritable(path=str(call.out or call.document), reason="folder_needs_folder")
    if call.finds is not None or call.report is not None:
        raise click.UsageError(door.text.text("usage.folder_alone"), click.get_current_context())
    code = 0
    documents = sorted(path for path in call.document.iterdir() if path.is_file() and path.suffix.lower() in _TYPES)
    for document in documents:
        one = replace(call, document=document, out=_inside(call, document))
        try:
            done, files = _one(door, one, plan, reading)
        except F2PError as error:
            code = code or error.exit_code
            if call.as_json:
                say_json({"document": document.name, "error": error.code, "params": error.params}, indent=None)
            else:
                say(document.name, err=True)
                say_problem(door.text.error(error.code, error.params), door.text)
        else:
            _tell(door, one, done, list(files))
    return code


def _inside(call: RedactCall, document: Path) -> Path:
    from f2p import studio

    if call.out is None:
        raise ValueError("a folder needs a folder")
    with document.open("rb") as file:
        suffix = ".png" if call.preview else studio.redacted_suffix(file.read(4096), document.name)
    return call.out / f"{document.stem}{suffix}"


def _tell(door: Door, call: RedactCall, done: RedactionDelivery, paths: list[Path]) -> None:
    if call.as_json:
        say_json(redaction_json(done, paths, door.text))
    elif call.quiet:
        for path in paths:
            say(str(path))
    else:
        show_redaction(done, paths, door.text)
