"""What an order is made of: the words on the command line, or a plan that was kept in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.photo import read_photo
from f2p.errors import NotAPlan
from f2p.settings import Settings
from f2p.values.plan import IdPhotoPlan, PapersPlan
from f2p.values.spec import EDITS


def after_option(text: Messages) -> click.Option:
    """--after "EARLIER SENTENCE", as often as there were sentences."""
    return click.Option(["--after"], multiple=True, metavar=text.text("help.sentence"), help=text.text("help.after"))


class Edits(click.ParamType[tuple[str, ...]]):
    """Kinds of edits with commas between; "all" = every kind."""

    name = "edits"

    def __init__(self, text: Messages) -> None:
        self.text = text

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The kinds, or a usage error that names them all."""
        if isinstance(value, tuple):
            return value
        kinds = tuple(EDITS) if value == ALL_EDITS else tuple(kind.strip() for kind in str(value).split(","))
        if set(kinds) <= set(EDITS):
            return kinds
        return self.fail(self.text.text("usage.edits", {"value": value, "known": ",".join((ALL_EDITS, *EDITS))}), param, ctx)


ALL_EDITS = "all"


def allow_option(text: Messages) -> click.Option:
    """--allow-edits [KIND,…]: alone it means every kind."""
    return click.Option(
        ["--allow-edits"], type=Edits(text), is_flag=False, flag_value=ALL_EDITS, default=(),
        metavar="[KIND,…]", help=text.text("help.allow_edits"),
    )  # fmt: skip


def check_one_wish(sentence: str | None, plan: Path | None, beside: Sequence[str], text: Messages) -> None:
    """Raises click.UsageError unless exactly one of sentence and plan was given. beside: what belongs to a sentence only."""
    if sentence is None and plan is None:
        context = click.get_current_context()
        missing = next(param for param in context.command.params if param.name == "sentence")
        raise click.MissingParameter(ctx=context, param=missing)
    if plan is not None and (sentence is not None or beside):
        raise click.UsageError(text.text("usage.sentence_or_plan"), click.get_current_context())


def kept_plan(path: Path, settings: Settings) -> IdPhotoPlan | PapersPlan:
    """The plan in a file that `--save-plan` wrote. Raises UnreadablePath, TooLarge, NotAPlan."""
    from f2p import studio

    data = read_photo(path, settings)
    try:
        plan = studio.plan_from_json(data.decode())
    except ValueError as error:
        raise NotAPlan(name=path.name, detail=str(error)) from error
    if not isinstance(plan, IdPhotoPlan | PapersPlan):
        raise NotAPlan(name=path.name, detail="not the plan of an ID photo")
    return plan
