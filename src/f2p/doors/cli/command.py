"""Click commands whose help speaks the user's language: texts from data/messages.*.toml, table [help]."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from f2p.catalogue.messages import Messages
from f2p.values.plan import Quality

_WIDTH = 100
"""Columns of help text at most; narrower terminals get their own width."""


class HelpInLanguage(click.Command):
    """The parts of click's help page that would otherwise be English."""

    def __init__(self, name: str, text: Messages, *, key: str = "", **given: Any) -> None:
        self.text = text
        super().__init__(
            name,
            help=text.text(f"help.{key or name}"),
            short_help=text.text(f"help.{key or name}_short"),
            options_metavar=text.text("help.options_metavar"),
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDTH},
            **given,
        )

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line: how the command is written."""
        prefix = self.text.text("help.usage") + " "
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=prefix)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options with what they do."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = [row for row in (option.get_help_record(ctx) for option in options) if row is not None]
        with formatter.section(self.text.text("help.options")):
            formatter.write_dl(rows)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Nothing: the help text of each command explains its arguments."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Click's own -h, --help with our words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = self.text.text("help.help_option")
        return option


class Command(HelpInLanguage):
    """One command: its name, what it runs, its parameters, and the key of its help text where that is not its name."""

    def __init__(
        self, name: str, text: Messages, run: Callable[..., Any], params: Sequence[click.Parameter], *, key: str = ""
    ) -> None:
        super().__init__(name, text, key=key, callback=run, params=list(params))


class Group(HelpInLanguage, click.Group):
    """Commands under one name."""

    def __init__(self, name: str, text: Messages, commands: Sequence[click.Command], **given: Any) -> None:
        super().__init__(name, text, subcommand_metavar=text.text("help.subcommand_metavar"), **given)
        for command in commands:
            self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order given, not by the alphabet: what most people need stands first."""
        del ctx
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, then the options."""
        rows = [(name, command.short_help or "") for name, command in self.commands.items()]
        with formatter.section(self.text.text("help.commands")):
            formatter.write_dl(rows)
        HelpInLanguage.format_options(self, ctx, formatter)


class FaceNumber(click.ParamType[int]):
    """A face's number: 1, 2, 3 … from the left."""

    name = "number"

    def __init__(self, text: Messages) -> None:
        self.text = text

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or a usage error in the user's language."""
        if isinstance(value, int) or (str(value).isdecimal() and int(value) > 0):
            return int(value)
        return self.fail(self.text.text("usage.face_number", {"value": value}), param, ctx)


def flag(text: Messages, *names: str, key: str) -> click.Option:
    """A switch; its text is help.<key>."""
    return click.Option(names, is_flag=True, help=text.text(f"help.{key}"))


def face_option(text: Messages) -> click.Option:
    """--face N."""
    return click.Option(["--face"], type=FaceNumber(text), metavar="N", help=text.text("help.face"))


def quality_option(text: Messages) -> click.Option:
    """--quality fast|best."""
    return click.Option(["--quality"], type=click.Choice([one.value for one in Quality]), help=text.text("help.quality"))


def standards_option(text: Messages) -> click.Option:
    """--standards FILE: own standards for this one command; they are known before it runs."""

    def add(_ctx: click.Context, _param: click.Parameter, paths: tuple[Path, ...]) -> None:
        from f2p import studio

        for path in paths:
            studio.add_standards(path)

    return click.Option(
        ["--standards"], type=click.Path(path_type=Path), metavar="FILE", multiple=True, is_eager=True, expose_value=False,
        callback=add, help=text.text("help.standards_option"),
    )  # fmt: skip


def path_argument(name: str, metavar: str) -> click.Argument:
    """A path that is not looked at here: files has its own errors for paths."""
    return click.Argument([name], type=click.Path(path_type=Path), metavar=metavar)


def path_option(names: Sequence[str], help_text: str, *, metavar: str, required: bool = False) -> click.Option:
    """An option that takes a path."""
    return click.Option(names, type=click.Path(path_type=Path), metavar=metavar, required=required, help=help_text)
