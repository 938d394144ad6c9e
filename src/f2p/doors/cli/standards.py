"""`f2p standards`: the photo standards that there are, with where each one comes from and how sure that is; own ones."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from f2p.catalogue.messages import Messages
from f2p.catalogue.regions import regions
from f2p.catalogue.standards import near
from f2p.doors.cli.command import Command, Group, flag, path_option, standards_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.photo import read_photo
from f2p.doors.cli.show import bullets, heading, rows, say, say_json
from f2p.doors.cli.standard_facts import facts, find, name_of, size_of
from f2p.errors import BadStandards, UnknownStandard
from f2p.values.outcome import FinishedFile
from f2p.values.spec import PhotoSpec

_DOUBTFUL = {"unconfirmed", "low"}
_WITHOUT_COUNTRY = {"avatar": "platforms"}
_GENERAL, _OWN = "general", "own"


def command(text: Messages) -> Group:
    """The click commands in one language."""
    words = click.Argument(["words"], nargs=-1, metavar=text.text("help.words"))
    standard_id = click.Argument(["standard_id"], metavar="ID")
    as_json = flag(text, "--json", "as_json", key="json")
    return _Standards(
        "standards",
        text,
        [
            Command("search", text, _search, [words, standards_option(text), as_json], key="standards_search"),
            Command("show", text, _show, [standard_id, standards_option(text), as_json], key="standards_show"),
            Command("check-data", text, _check, [_file_argument(), as_json], key="standards_check"),
            Command("from-notice", text, _from_notice, _notice_params(text), key="standards_notice"),
        ],
        callback=_all,
        params=[standards_option(text), as_json],
        invoke_without_command=True,
    )


def _file_argument() -> click.Argument:
    return click.Argument(["file"], type=click.Path(path_type=Path), metavar="[FILE]", required=False)


def _notice_params(text: Messages) -> list[click.Parameter]:
    return [
        click.Argument(["notice"], metavar=text.text("help.notice")),
        click.Option(["--id", "name"], metavar="ID", required=True, help=text.text("help.notice_id")),
        click.Option(["--name", "title"], metavar="NAME", help=text.text("help.notice_name")),
        path_option(["-o", "--output", "out"], text.text("help.notice_out"), metavar="FILE.toml"),
        flag(text, "--overwrite", key="overwrite"),
    ]


class _Standards(Group):
    """The group, which also knows what is meant by `f2p standards us_visa`."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command; a standard's id in its place is answered with how to show that standard."""
        if args[0] in _standards():
            raise click.exceptions.NoSuchCommand(args[0], possibilities=[f"show {args[0]}"], ctx=ctx)
        return super().resolve_command(ctx, args)


@click.pass_context
def _all(ctx: click.Context, *, as_json: bool) -> None:
    if ctx.invoked_subcommand is None:
        door = ctx.find_object(Door)
        assert door is not None
        _list(door, _standards().values(), as_json=as_json)


@click.pass_obj
def _search(door: Door, *, words: tuple[str, ...], as_json: bool) -> None:
    _list(door, find(words, _standards().values()), as_json=as_json)


@click.pass_obj
def _show(door: Door, *, standard_id: str, as_json: bool) -> None:
    known = _standards()
    if standard_id not in known:
        raise UnknownStandard(name=standard_id, near=", ".join(near(standard_id)) or "-")
    if as_json:
        say_json(asdict(known[standard_id]))
        return
    heading(f"{name_of(known[standard_id], door.text)}  {standard_id}")
    rows(list(facts(known[standard_id], door.text)))


@click.pass_context
def _check(ctx: click.Context, *, file: Path | None, as_json: bool) -> None:
    """The catalogue's own files, or the file named; without one also what F2P_STANDARDS names."""
    from f2p import studio

    door = ctx.find_object(Door)
    assert door is not None
    text = door.text
    places = [file] if file is not None else [None, door.settings.standards] if door.settings.standards else [None]
    checked = [studio.check_standards(place) for place in places]
    faults = [fault for _, found in checked for fault in found]
    if as_json:
        say_json({"standards": sum(count for count, _ in checked), "faults": [_plain(asdict(fault)) for fault in faults]})
    else:
        lines = [
            f"{fault.file}:{fault.line}  {_about(fault.standard)}{text.text(f'fault.{fault.code}', fault.params)}"
            for fault in faults
        ]
        bullets(lines, fg="red")
        key = "standards.faults" if faults else "standards.no_faults"
        say(text.text(key, {"count": sum(count for count, _ in checked), "faults": len(faults)}))
    if faults:
        ctx.exit(BadStandards.exit_code)


def _plain(fault: dict[str, object]) -> dict[str, object]:
    return {**fault, "params": dict(fault["params"])}  # type: ignore[call-overload]


def _about(standard: str) -> str:
    return f"{standard}: " if standard else ""


@click.pass_obj
def _from_notice(door: Door, /, **typed: Any) -> None:
    from f2p import studio

    out: Path | None = typed["out"]
    day = datetime.now(UTC).astimezone().date().isoformat()
    toml, reading = studio.standard_from_notice(
        _notice(typed["notice"], door), typed["name"], typed["title"] or typed["name"], day
    )
    ignored = [one for one in reading.ignored if one.strip()]
    if out is None:
        say(toml.rstrip("\n"))
    else:
        studio.deliver({out: FinishedFile(data=toml.encode(), suffix=".toml", role="standard")}, overwrite=typed["overwrite"])
        say(str(out))
    if ignored:
        say(door.text.text("standards.notice_ignored", {"words": " · ".join(ignored)}), err=True)


def _notice(given: str, door: Door) -> str:
    """The notice itself, from stdin for "-", from a file where there is one of that name."""
    if given == "-":
        return sys.stdin.buffer.read(door.settings.max_input_bytes).decode("utf-8", "replace")
    path = Path(given)
    if len(given) < 256 and "\n" not in given and path.is_file():
        return read_photo(path, door.settings).decode("utf-8", "replace")
    return given


def _list(door: Door, specs: Iterable[PhotoSpec], *, as_json: bool) -> None:
    specs = list(specs)
    if as_json:
        say_json([asdict(spec) for spec in specs])
        return
    if not specs:
        say(door.text.text("standards.none"))
        return
    for group, members in _grouped(specs):
        heading(door.text.text("standards.group_line", {"group": door.text.word("region_group", group), "count": len(members)}))
        rows([(spec.id, _line(spec, door.text)) for spec in members])


def _line(spec: PhotoSpec, text: Messages) -> str:
    doubt = f"  {text.text(f'standards.{spec.confidence}_mark')}" if spec.confidence in _DOUBTFUL else ""
    return f"{name_of(spec, text)}  {size_of(spec)}{doubt}"


def _grouped(specs: Sequence[PhotoSpec]) -> Iterator[tuple[str, list[PhotoSpec]]]:
    """By part of the world in the order of data/regions.toml, then what belongs to no country, then the person's own."""
    order = [*dict.fromkeys(region.group for region in regions().values()), _GENERAL, *_WITHOUT_COUNTRY.values(), _OWN]
    places = list(regions())
    groups: dict[str, list[PhotoSpec]] = {group: [] for group in order}
    for spec in sorted(specs, key=lambda spec: places.index(spec.region) if spec.region in places else len(places)):
        groups[_group(spec)].append(spec)
    return ((group, members) for group, members in groups.items() if members)


def _group(spec: PhotoSpec) -> str:
    if spec.confidence == _OWN:
        return _OWN
    region = regions().get(spec.region)
    return region.group if region else _WITHOUT_COUNTRY.get(spec.category, _GENERAL)


def _standards() -> dict[str, PhotoSpec]:
    from f2p import studio

    return dict(studio.standards())
