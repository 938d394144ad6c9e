"""`f2p matte PHOTO -o ALPHA.png`: the person's alpha at the photo's own size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, face_option, flag, path_argument, path_option, quality_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.photo import read_photo
from f2p.doors.cli.show import progress, say, say_json
from f2p.errors import OutputNotWritable
from f2p.values.outcome import Order
from f2p.values.plan import MattePlan, Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class MatteCall:
    """One command line of `f2p matte`, as typed."""

    photo: Path
    out: Path
    marked: Path | None
    quality: str | None
    face: int | None
    overwrite: bool
    as_json: bool
    quiet: bool


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command(
        "matte",
        text,
        _run,
        [
            path_argument("photo", text.text("help.photo")),
            path_option(["-o", "--output", "out"], text.text("help.matte_out"), metavar="ALPHA.png", required=True),
            path_option(["--marked"], text.text("help.marked"), metavar="FILE.png"),
            quality_option(text),
            face_option(text),
            flag(text, "--overwrite", key="overwrite"),
            flag(text, "--json", "as_json", key="edit_json"),
            flag(text, "-q", "--quiet", key="quiet"),
        ],
    )


@click.pass_obj
def _run(door: Door, /, **typed: Any) -> None:
    matte(door, MatteCall(**typed))


def matte(door: Door, call: MatteCall) -> None:
    """Writes the alpha and says where. Raises F2PError; no error leaves a file behind."""
    from f2p import studio
    from f2p.doors.cli.report import report_json, show_report
    from f2p.doors.cli.target import settle_alpha

    settle_alpha(call.out)
    studio.check_output(call.out, overwrite=call.overwrite)
    if call.marked is not None:
        _check_marked(call.marked, call.out, overwrite=call.overwrite)
    plan = MattePlan(face=call.face, quality=Quality(call.quality or Quality.BEST))
    data = read_photo(call.photo, door.settings)
    order = Order(data=data, name=call.photo.name, plan=plan, mark=call.marked is not None)
    with progress(door.text.step, wanted=not call.quiet) as on_step:
        delivery = studio.process(order, door.settings, on_step)
    files = {call.out: delivery.files[0]}
    if call.marked is not None:
        files[call.marked] = delivery.files[-1]
    studio.deliver(files, overwrite=call.overwrite)
    if call.as_json:
        say_json(report_json(delivery, (call.out,), door.text))
    elif call.quiet:
        say(str(call.out))
    else:
        show_report(delivery, (call.out,), door.text)


def _check_marked(path: Path, out: Path, *, overwrite: bool) -> None:
    """Raises OutputError kinds for a marked picture that could not be written beside the alpha."""
    from f2p import studio

    if path.suffix.lower() != ".png":
        raise OutputNotWritable(path=str(path), reason="marked_not_png")
    if path.absolute() == out.absolute():
        raise OutputNotWritable(path=str(path), reason="same_as_output")
    studio.check_output(path, overwrite=overwrite)
