"""`f2p generate "SENTENCE"`: pictures from words, or from words and a photo."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, face_option, flag, path_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.photo import read_photo
from f2p.doors.cli.show import ReaderGone, as_json, progress, say, say_json
from f2p.errors import OutputNotWritable
from f2p.values.generation import GenerationPlan, GenerationWish, KeepFace, Mode, Profile
from f2p.values.outcome import FinishedFile, Order
from f2p.values.plan import generated_slots

if TYPE_CHECKING:
    from f2p.values.reading import Reading

_SUFFIXES = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".webp": "webp"}
_SIZE = re.compile(r"^(\d{2,5})\s*[x×*]\s*(\d{2,5})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateCall:
    """One command line of `f2p generate`, as typed."""

    sentence: str
    photo: Path | None
    out: Path | None
    report: Path | None
    mode: str | None
    profile: str
    keep: str | None
    negative: str | None
    size: tuple[int, int] | None
    steps: int
    seed: int | None
    count: int
    best_of: int
    face: int | None
    overwrite: bool
    as_json: bool
    quiet: bool

    @property
    def talks(self) -> bool:
        """Whether words for a person go to stdout."""
        return not (self.as_json or self.quiet)


class Pixels(click.ParamType[tuple[int, int]]):
    """A size in px: 1920x1080."""

    name = "pixels"

    def __init__(self, text: Messages) -> None:
        self.text = text

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Width and height, or a usage error in the user's language."""
        if isinstance(value, tuple):
            return value
        found = _SIZE.match(str(value).strip())
        if found is None:
            return self.fail(self.text.text("usage.pixels", {"value": value}), param, ctx)
        return int(found[1]), int(found[2])


def command(text: Messages) -> Command:
    """The click command in one language."""

    def choice(name: str, values: type[Mode | Profile | KeepFace], default: str | None = None) -> click.Option:
        kinds = click.Choice([one.value for one in values])
        return click.Option([f"--{name}"], type=kinds, default=default, help=text.text(f"help.generate_{name}"))

    def number(name: str, low: int, high: int, default: int | None = 0) -> click.Option:
        kind = click.IntRange(low, high)
        return click.Option([f"--{name}"], type=kind, default=default, metavar="N", help=text.text(f"help.generate_{name}"))

    return Command(
        "generate",
        text,
        _run,
        [
            click.Argument(["sentence"], metavar=text.text("help.sentence")),
            path_option(["--photo"], text.text("help.generate_photo"), metavar="PHOTO"),
            path_option(["-o", "--output", "out"], text.text("help.generate_out"), metavar="OUT"),
            choice("mode", Mode),
            choice("profile", Profile, Profile.QUALITY.value),
            choice("keep", KeepFace),
            click.Option(["--negative"], metavar=text.text("help.generate_words"), help=text.text("help.generate_negative")),
            click.Option(["--size"], type=Pixels(text), metavar="WxH", help=text.text("help.generate_size")),
            number("steps", 0, 100),
            number("seed", 0, 2**31 - 1, None),
            number("count", 0, 16),
            number("best-of", 0, 16),
            face_option(text),
            path_option(["--report"], text.text("help.report"), metavar="FILE"),
            flag(text, "--overwrite", key="overwrite"),
            flag(text, "--json", "as_json", key="edit_json"),
            flag(text, "-q", "--quiet", key="quiet"),
        ],
    )


@click.pass_obj
def _run(door: Door, /, **typed: Any) -> None:
    generate(door, GenerateCall(**typed))


def generate(door: Door, call: GenerateCall) -> None:
    """Reads, shows, draws, writes and tells. Raises F2PError; no error leaves a file behind."""
    from f2p import studio
    from f2p.doors.cli.reading_text import show_reading
    from f2p.doors.cli.report import report_json, show_report

    reading = studio.understand(call.sentence)
    plan, reading = studio.plan_picture(reading, _wish(call))
    plan, paths = _settle(call, plan, reading)
    for path in (*paths, *((call.report,) if call.report is not None else ())):
        studio.check_output(path, overwrite=call.overwrite)
    data = b"" if call.photo is None else read_photo(call.photo, door.settings)
    if call.talks:
        with suppress(ReaderGone):
            show_reading(reading, plan.unsupported, door.text)
    name = "" if call.photo is None else call.photo.name
    with progress(door.text.step, wanted=not call.quiet) as on_step:
        delivery = studio.process(Order(data=data, name=name, plan=plan, reading=reading), door.settings, on_step)
    document = report_json(delivery, paths, door.text)
    files = dict(zip(paths, delivery.files, strict=True))
    if call.report is not None:
        files[call.report] = FinishedFile(data=as_json(document) + b"\n", suffix=".json", role="report")
    studio.deliver(files, overwrite=call.overwrite)
    if call.as_json:
        say_json(document)
    elif call.quiet:
        for path in paths:
            say(str(path))
    else:
        show_report(delivery, paths, door.text)


def generates_instead(sentence: str | None) -> bool:
    """Whether a sentence given to `f2p edit` describes a picture to be made."""
    from f2p import studio

    return sentence is not None and studio.is_generative(studio.understand(sentence))


def _wish(call: GenerateCall) -> GenerationWish:
    return GenerationWish(
        has_photo=call.photo is not None, mode=None if call.mode is None else Mode(call.mode), profile=Profile(call.profile),
        keep=None if call.keep is None else KeepFace(call.keep), negative=call.negative, steps=call.steps, seed=call.seed,
        count=call.count, best_of=call.best_of, size_px=call.size, face=call.face,
    )  # fmt: skip


def _settle(call: GenerateCall, plan: GenerationPlan, reading: Reading) -> tuple[GenerationPlan, tuple[Path, ...]]:
    """The plan with the type that OUT has, and a path for each picture. Raises OutputNotWritable."""
    base = call.out or (Path("generated") if call.photo is None else call.photo.with_name(f"{call.photo.stem}_generated"))
    if str(base) == "-":
        raise OutputNotWritable(path="-", reason="no_stdout")
    if call.out is not None and call.out.is_dir():
        base = call.out / "generated"
    elif call.out is not None and call.out.suffix:
        plan, base = _of_type(call.out, plan, reading), call.out.with_suffix("")
    slots = generated_slots(plan)
    if len(slots) == 1:
        return plan, (base.with_name(f"{base.name}{slots[0].suffix}"),)
    return plan, tuple(base.with_name(f"{base.name}_{number}{slot.suffix}") for number, slot in enumerate(slots, 1))


def _of_type(out: Path, plan: GenerationPlan, reading: Reading) -> GenerationPlan:
    wanted = _SUFFIXES.get(out.suffix.lower())
    if wanted is None:
        raise OutputNotWritable(path=str(out), reason="type_unknown")
    if wanted != plan.format and ("format" in reading.asked or (plan.transparent and wanted == "jpg")):
        reason = "type_differs" if "format" in reading.asked else "transparent_needs"
        name = out.with_suffix(f".{plan.format}").name
        raise OutputNotWritable(path=str(out), reason=reason, format=plan.format.upper(), name=name)
    return replace(plan, format=wanted)
