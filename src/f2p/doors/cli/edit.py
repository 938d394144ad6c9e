"""`f2p edit PHOTO "SENTENCE"`: one sentence and one photo in, a finished ID photo out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.check import CheckCall, check_instead
from f2p.doors.cli.command import Command, face_option, flag, path_argument, path_option, quality_option, standards_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.generate import GenerateCall, generate, generates_instead
from f2p.doors.cli.photo import read_photo
from f2p.doors.cli.show import ReaderGone, as_json, progress, say, say_json
from f2p.doors.cli.target import Target, made_paths, marked_paths, settle
from f2p.doors.cli.wish import after_option, allow_option, check_one_wish, kept_plan
from f2p.errors import OutputNotWritable
from f2p.values.outcome import Delivery, FinishedFile, Order
from f2p.values.plan import IdPhotoPlan, Quality, left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCall:
    """One command line of `f2p edit`, as typed."""

    photo: Path
    sentence: str | None
    after: tuple[str, ...]
    backdrop: Path | None
    allow_edits: tuple[str, ...]
    plan: Path | None
    save_plan: Path | None
    out: str | None
    """As typed: a slash at its end makes it a folder."""
    report: Path | None
    marked: Path | None
    quality: str | None
    face: int | None
    overwrite: bool
    as_json: bool
    quiet: bool

    @property
    def talks(self) -> bool:
        """Whether words for a person go to stdout."""
        return not (self.as_json or self.quiet)


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command(
        "edit",
        text,
        _run,
        [
            path_argument("photo", text.text("help.photo")),
            click.Argument(["sentence"], metavar=text.text("help.sentence"), required=False),
            click.Option(["-o", "--output", "out"], type=click.Path(), metavar="OUT", help=text.text("help.edit_out")),
            after_option(text),
            path_option(["--backdrop"], text.text("help.backdrop"), metavar="FILE"),
            allow_option(text),
            path_option(["--plan"], text.text("help.plan"), metavar="FILE"),
            standards_option(text),
            path_option(["--save-plan"], text.text("help.save_plan"), metavar="FILE"),
            path_option(["--report"], text.text("help.report"), metavar="FILE"),
            path_option(["--marked"], text.text("help.marked"), metavar="FILE.png"),
            quality_option(text),
            face_option(text),
            flag(text, "--overwrite", key="overwrite"),
            flag(text, "--json", "as_json", key="edit_json"),
            flag(text, "-q", "--quiet", key="quiet"),
        ],
    )


@click.pass_obj
def _run(door: Door, /, **typed: Any) -> int:
    call = EditCall(**typed)
    check_one_wish(call.sentence, call.plan, (*call.after, *call.allow_edits), door.text)
    checked = check_instead(door, CheckCall(photo=call.photo, as_json=call.as_json, quiet=call.quiet), call.sentence, call.after)
    if checked is not None:
        return checked
    if call.plan is None and generates_instead(call.sentence):
        generate(door, _as_generate(call))
        return 0
    if call.sentence is not None and _redacts(door, call):
        return 0
    return edit(door, call)


def _redacts(door: Door, call: EditCall) -> bool:
    """Whether the sentence hides things on a document, which is then done."""
    from f2p import studio
    from f2p.doors.cli.redact import RedactCall, redact

    if not studio.wants_redaction(studio.understand(call.sentence or "", call.after)):
        return False
    asked = RedactCall(
        document=call.photo, sentence=call.sentence, after=call.after, out=None if call.out is None else Path(call.out),
        report=call.report, overwrite=call.overwrite, as_json=call.as_json, quiet=call.quiet,
    )  # fmt: skip
    redact(door, asked)
    return True


def edit(door: Door, call: EditCall) -> int:
    """Reads, shows, makes, writes and tells one photo. Raises F2PError; no error that is raised leaves a file behind.

    Of several papers those that can be made are; the exit code is 0 or that of the first that cannot.
    """
    from f2p import studio
    from f2p.doors.cli.report import report_json

    target = _target(door, call)
    for path in target.paths:
        studio.check_output(path, overwrite=call.overwrite)
    marks = marked_paths(call.marked, target.plan)
    _check_beside(call, target.paths, marks)
    data = read_photo(call.photo, door.settings)
    picture = read_photo(call.backdrop, door.settings) if call.backdrop is not None else b""
    if call.talks:
        with suppress(ReaderGone):  # who stops reading still gets the photo
            _show_wish(target, door.text)
    order = Order(
        data=data, name=call.photo.name, plan=target.plan, reading=target.reading,
        backdrop=picture, backdrop_name=call.backdrop.name if call.backdrop is not None else "",
        mark=call.marked is not None, keep_going=True,
    )  # fmt: skip
    with progress(door.text.step, wanted=not call.quiet) as on_step:
        delivery = studio.process(order, door.settings, on_step)
    paths = made_paths(target, marks, delivery)
    document = report_json(delivery, paths, door.text)
    files = dict(zip(paths, delivery.files, strict=True))
    if call.report is not None:
        files[call.report] = FinishedFile(data=as_json(document) + b"\n", suffix=".json", role="report")
    if call.save_plan is not None:
        files[call.save_plan] = FinishedFile(data=f"{studio.plan_json(target.plan)}\n".encode(), suffix=".json", role="plan")
    studio.deliver(files, overwrite=call.overwrite)
    return _tell(door, call, delivery, (document, paths[: len(paths) - sum(one.role == "marked" for one in delivery.files)]))


def _tell(door: Door, call: EditCall, delivery: Delivery, made: tuple[dict[str, Any], Sequence[Path]]) -> int:
    """Says what was made and what was not; made: the report's document and the written files. Gives the exit code."""
    from f2p.doors.cli.report import show_missing, show_report

    document, paths = made
    if call.as_json:
        say_json(document)
        return next((error.exit_code for error in delivery.missing), 0)
    if call.quiet:
        for path in paths:
            say(str(path))
    else:
        show_report(delivery, paths, door.text)
    return show_missing(delivery, door.text)


def _as_generate(call: EditCall) -> GenerateCall:
    """The same wish for a picture to be made with the photo's face."""
    out = None if call.out is None else Path(call.out)
    return GenerateCall(
        sentence=call.sentence or "", photo=call.photo, out=out, report=call.report, mode=None, profile="quality", keep=None,
        negative=None, size=None, steps=0, seed=None, count=0, best_of=0, face=call.face, overwrite=call.overwrite,
        as_json=call.as_json, quiet=call.quiet,
    )  # fmt: skip


def _target(door: Door, call: EditCall) -> Target:
    """What is to be made, from words or from a plan's file, and where it goes."""
    from f2p import studio

    if call.plan is not None:
        plan, reading = kept_plan(call.plan, door.settings), None
    else:
        plan, reading = studio.plan_for(studio.understand(call.sentence or "", call.after), call.allow_edits)
    plan = studio.for_each(plan, lambda paper: _as_typed(paper, call))
    out = None if call.out is None else Path(call.out)
    if out is not None and str(call.out).endswith(("/", os.sep)) and not out.is_dir():
        return settle(out / call.photo.name, None, plan, reading)  # a folder that is made with its first file
    return settle(call.photo, out, plan, reading)


def _as_typed(paper: IdPhotoPlan, call: EditCall) -> IdPhotoPlan:
    """The paper with what options say about it."""
    from f2p import studio

    paper = replace(paper, face=call.face) if call.face is not None else paper
    paper = studio.before_picture(paper) if call.backdrop is not None else paper
    return replace(paper, quality=Quality(call.quality)) if call.quality is not None else paper


def _show_wish(target: Target, text: Messages) -> None:
    from f2p.doors.cli.reading_text import show_plan, show_reading, show_rules

    if target.reading is None:
        show_plan(target.plan, text)
    else:
        show_reading(target.reading, left_out(target.plan), text)
    show_rules(target.plan, text)


def _check_beside(call: EditCall, outs: Sequence[Path], marks: Sequence[Path]) -> None:
    """Raises OutputError kinds for a report, plan or marked picture that could not be written beside the photo."""
    from f2p import studio

    taken = [out.absolute() for out in outs]
    wanted = (
        (call.report, ".json", "report_not_json"),
        (call.save_plan, ".json", "plan_not_json"),
        *((mark, ".png", "marked_not_png") for mark in marks),
    )
    for path, suffix, reason in wanted:
        if path is None:
            continue
        if path.suffix.lower() != suffix:
            raise OutputNotWritable(path=str(path), reason=reason)
        if path.absolute() in taken:
            raise OutputNotWritable(path=str(path), reason="same_as_output")
        taken.append(path.absolute())
        studio.check_output(path, overwrite=call.overwrite)
