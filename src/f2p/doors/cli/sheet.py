"""`f2p sheet PHOTO…`: photos that are finished already onto one sheet of paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from f2p.catalogue.messages import Messages, number
from f2p.doors.cli.command import Command, flag, path_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.photo import read_photo
from f2p.doors.cli.show import bullets, heading, progress, say, say_json
from f2p.errors import OutputNotWritable
from f2p.values.outcome import FinishedFile
from f2p.values.printed import Printed
from f2p.values.sheet import Caption, CutMarks, SheetFormat, SheetWish

_FORMATS = {".jpg": "jpg", ".jpeg": "jpg", ".png": "png", ".tif": "tiff", ".tiff": "tiff", ".pdf": "pdf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCall:
    """One command line of `f2p sheet`, as typed."""

    photos: tuple[Path, ...]
    out: Path | None
    paper: str
    sizes: tuple[str, ...]
    counts: tuple[int, ...]
    gap: float | None
    margin: float | None
    bleed: float
    per_row: int | None
    cut: str
    caption: str
    no_ruler: bool
    overwrite: bool
    as_json: bool
    quiet: bool


def command(text: Messages) -> Command:
    """The click command in one language."""
    length = click.FloatRange(min=0)
    photos = click.Argument(
        ["photos"], nargs=-1, required=True, type=click.Path(path_type=Path), metavar=text.text("help.sheet_photos")
    )
    return Command(
        "sheet",
        text,
        _run,
        [
            photos,
            path_option(["-o", "--output", "out"], text.text("help.sheet_out"), metavar="OUT"),
            click.Option(["--paper"], default="6inch", show_default=True, metavar="PAPER", help=text.text("help.sheet_paper")),
            click.Option(["--size", "sizes"], multiple=True, metavar="SIZE", help=text.text("help.sheet_size")),
            click.Option(["--count", "counts"], multiple=True, type=click.IntRange(1, 500), help=text.text("help.sheet_count")),
            click.Option(["--gap"], type=length, metavar="MM", help=text.text("help.sheet_gap")),
            click.Option(["--margin"], type=length, metavar="MM", help=text.text("help.sheet_margin")),
            click.Option(["--bleed"], type=length, default=0.0, metavar="MM", help=text.text("help.sheet_bleed")),
            click.Option(["--per-row"], type=click.IntRange(1, 100), metavar="N", help=text.text("help.sheet_per_row")),
            _choice("--cut", CutMarks.TICKS, text),
            _choice("--caption", Caption.NONE, text),
            flag(text, "--no-ruler", key="sheet_no_ruler"),
            flag(text, "--overwrite", key="overwrite"),
            flag(text, "--json", "as_json", key="edit_json"),
            flag(text, "-q", "--quiet", key="quiet"),
        ],
    )


def _choice(name: str, usual: CutMarks | Caption, text: Messages) -> click.Option:
    words = click.Choice([one.value for one in type(usual)])
    return click.Option([name], type=words, default=usual.value, show_default=True, help=text.text(f"help.sheet_{name[2:]}"))


@click.pass_obj
def _run(door: Door, /, **typed: Any) -> None:
    sheet(door, SheetCall(**typed))


def sheet(door: Door, call: SheetCall) -> None:
    """Writes the sheet and says what is on it. Raises F2PError; no error leaves a file behind."""
    from f2p import studio
    from f2p.doors.cli.report import show_check

    out = _target(call)
    studio.check_output(out, overwrite=call.overwrite)
    wish = SheetWish(
        paper=call.paper, sizes=call.sizes, counts=call.counts, gap_mm=call.gap, margin_mm=call.margin, bleed_mm=call.bleed,
        per_row=call.per_row, cut_marks=CutMarks(call.cut), caption=Caption(call.caption), ruler=not call.no_ruler,
        format=SheetFormat(_FORMATS[out.suffix.lower()]),
    )  # fmt: skip
    photos = [(read_photo(path, door.settings), path.name) for path in call.photos]
    with progress(door.text.step, wanted=not call.quiet) as on_step:
        made = studio.print_sheet(photos, wish, door.settings, on_step)
    studio.deliver({out: FinishedFile(data=made.data, suffix=out.suffix, role="sheet")}, overwrite=call.overwrite)
    if call.as_json:
        say_json(_document(made, out, door.text))
        return
    if call.quiet:
        say(str(out))
        return
    heading(door.text.text("show.checks"))
    for check in made.checks:
        show_check(check, door.text)
    heading(door.text.text("show.notes"))
    bullets([door.text.note(note) for note in made.notes if note.level == "warning"], mark="!", fg="yellow", bold=True)
    bullets(door.text.note(note) for note in made.notes if note.level != "warning")
    say(door.text.text("show.saved", {"path": str(out), "seconds": number(round(made.seconds, 1))}), fg="green", bold=True)


def _target(call: SheetCall) -> Path:
    """Where the sheet goes: beside the first photo as "<photo>_sheet.jpg", into a folder by that name, or as OUT says."""
    name = f"{call.photos[0].stem}_sheet.jpg"
    out = call.photos[0].with_name(name) if call.out is None else call.out
    if str(out) == "-":
        raise OutputNotWritable(path="-", reason="no_stdout")
    out = out / name if out.is_dir() else out
    out = out if out.suffix else out.with_name(f"{out.name}.jpg")
    if out.suffix.lower() not in _FORMATS:
        raise OutputNotWritable(path=str(out), reason="type_unknown")
    return out


def _document(made: Printed, out: Path, text: Messages) -> dict[str, Any]:
    return {
        "version": 1,
        "output": {"path": str(out), "bytes": len(made.data)},
        "paper_mm": [made.layout.width_mm, made.layout.height_mm],
        "gap_mm": made.layout.gap_mm,
        "margin_mm": made.layout.margin_mm,
        "slots": [
            {
                "photo": s.item,
                "x_mm": s.x_mm,
                "y_mm": s.y_mm,
                "width_mm": s.width_mm,
                "height_mm": s.height_mm,
                "turned": s.turned,
            }
            for s in made.layout.slots
        ],
        "checks": [
            {"name": c.name, "value": c.value, "wanted": c.wanted, "ok": c.ok, "text": text.check(c.name)} for c in made.checks
        ],
        "notes": [{"code": n.code, "level": n.level, "params": n.params, "text": text.note(n)} for n in made.notes],
        "seconds": made.seconds,
    }
