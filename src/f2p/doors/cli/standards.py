"""`f2p standards`: the photo standards that the catalogue has, with where each one comes from and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import click

from f2p.catalogue.messages import Messages, number
from f2p.catalogue.standards import near
from f2p.doors.cli.command import Command, Group, flag
from f2p.doors.cli.door import Door
from f2p.doors.cli.show import heading, rows, say, say_json
from f2p.errors import UnknownStandard
from f2p.values.spec import Band, HeadRules, PhotoSpec


def command(text: Messages) -> Group:
    """The click commands in one language."""
    words = click.Argument(["words"], nargs=-1, metavar=text.text("help.words"))
    standard_id = click.Argument(["standard_id"], metavar="ID")
    return _Standards(
        "standards",
        text,
        [
            Command("search", text, _search, [words, flag(text, "--json", "as_json", key="json")], key="standards_search"),
            Command("show", text, _show, [standard_id, flag(text, "--json", "as_json", key="json")], key="standards_show"),
        ],
        callback=_all,
        params=[flag(text, "--json", "as_json", key="json")],
        invoke_without_command=True,
    )


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
    heading(f"{_name(known[standard_id], door.text)}  {standard_id}")
    rows(list(_facts(known[standard_id], door.text)))


def find(words: Iterable[str], standards: Iterable[PhotoSpec]) -> list[PhotoSpec]:
    """The standards that have every word somewhere in id, names, region, category or size ("35x45")."""
    wanted = [word.casefold().replace("×", "x").replace("*", "x") for word in words]
    return [spec for spec in standards if all(word in _searched(spec) for word in wanted)]


def _searched(spec: PhotoSpec) -> str:
    sizes = f"{spec.width_px}x{spec.height_px} {_millimetres(spec, 'x')}"
    return f"{spec.id} {spec.name_zh} {spec.name_en} {spec.region} {spec.category} {sizes}".casefold()


def _list(door: Door, specs: Iterable[PhotoSpec], *, as_json: bool) -> None:
    specs = list(specs)
    if as_json:
        say_json([asdict(spec) for spec in specs])
        return
    if not specs:
        say(door.text.text("standards.none"))
        return
    lines = []
    for spec in specs:
        size = f"{_millimetres(spec)} mm  " if spec.width_mm else ""
        doubt = "  " + door.text.text("standards.unconfirmed_mark") if spec.confidence == "unconfirmed" else ""
        lines.append((spec.id, f"{_name(spec, door.text)}  {size}{spec.width_px}×{spec.height_px} px{doubt}"))
    rows(lines, indent="")


def _facts(spec: PhotoSpec, text: Messages) -> Iterator[tuple[str, str]]:
    """Each fact of one standard as (name, value); what the standard is silent about is left out."""
    head = spec.head
    mm, share = "mm", "%"
    facts: dict[str, Any] = {
        "size": f"{_millimetres(spec)} mm" if spec.width_mm else "",
        "pixels": f"{spec.width_px}×{spec.height_px} px, {spec.dpi} dpi",
        "pixel_limits": " – ".join("×".join(map(str, limit)) for limit in (spec.min_px, spec.max_px) if limit),
        "file": " ".join(part for part in (spec.format.upper(), _band(spec.kb, "KB")) if part),
        "file_rule": spec.file_rule,
        "background": " ".join(text.value("color", colour) for colour in (*spec.backgrounds, *spec.background_hex)),
        "head": " ".join(part for part in (_band(head.head_mm, mm), _band(head.head_ratio, share)) if part),
        "head_reference": _reference(head, text),
        "head_width": _band(head.head_width_mm, mm),
        "face_width": _band(head.face_width_ratio, share),
        "eyes": _band(head.eyes_from_bottom_mm, mm),
        "eyes_from_top": _band(head.eyes_from_top_ratio, share),
        "top_margin": " ".join(part for part in (_band(head.top_mm, mm), _band(head.top_ratio, share)) if part),
        "bottom_margin": _band(head.bottom_mm, mm),
        "glasses": spec.glasses and text.word("glasses", spec.glasses),
        "expression": spec.expression and text.word("expression", spec.expression),
        "head_cover": spec.head_cover and text.word("head_cover", spec.head_cover),
        "photo_age": text.text("standards.photo_age_months", {"months": spec.photo_age_months}) if spec.photo_age_months else "",
        "editing_rule": text.rule(spec.editing_rule),
        "forbidden_edits": text.text("show.and").join(text.word("edit", edit) for edit in spec.forbidden_edits),
        "authority": spec.authority_zh if text.language == "zh" else spec.authority,
        "source": " · ".join(part for part in (spec.source, spec.checked) if part),
        "confidence": text.word("confidence", spec.confidence),
        "notes": spec.notes,
    }
    for key, value in facts.items():
        if value:
            yield text.text(f"standards.{key}"), value


def _reference(head: HeadRules, text: Messages) -> str:
    if not (head.head_mm or head.head_ratio):
        return ""
    wording = f" ({head.reference_wording})" if head.reference_wording else ""
    return text.word("head_reference", head.reference) + wording


def _band(band: Band | None, unit: str) -> str:
    if band is None or band == Band():
        return ""
    low, high = (None if end is None else number(end * 100.0 if unit == "%" else float(end)) for end in (band.low, band.high))
    if low == high:
        return f"{low} {unit}"
    if low is None or high is None:
        return f"≥ {low} {unit}" if high is None else f"≤ {high} {unit}"
    return f"{low}–{high} {unit}"


def _millimetres(spec: PhotoSpec, sign: str = "×") -> str:
    return sign.join(number(side) for side in (spec.width_mm, spec.height_mm) if side is not None)


def _name(spec: PhotoSpec, text: Messages) -> str:
    return spec.name_zh if text.language == "zh" else spec.name_en


def _standards() -> dict[str, PhotoSpec]:
    from f2p import studio

    return dict(studio.standards())
