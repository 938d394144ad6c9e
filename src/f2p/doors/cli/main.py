"""The command `f2p`: words in, exit code out. Importing this needs click and nothing heavier."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli import (
    batch,
    check,
    doctor,
    edit,
    generate,
    matte,
    models,
    problem,
    read,
    redact,
    serve,
    sheet,
    standards,
    token,
    worker,
)  # fmt: skip
from f2p.doors.cli.command import Group, flag
from f2p.doors.cli.door import Door
from f2p.doors.cli.show import ReaderGone, open_closed_streams, say, say_json, say_problem
from f2p.errors import BadSetting, F2PError
from f2p.settings import load_settings

_CHECKS_STANDARDS = "check-data"
"""The command that tells what is wrong with own standards must run when something is."""
_READER_GONE_EXIT = 141
"""What a shell says of a program that SIGPIPE ended."""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of one command line (default: that of this process). 0 = done; see docs/cli.md."""
    args = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in args
    open_closed_streams()
    try:
        settings = load_settings()
    except BadSetting as error:
        words_only = {key: value for key, value in os.environ.items() if key.startswith(("F2P_LANG", "LC_", "LANG"))}
        text = Messages(load_settings(words_only).language)
        return _tell(problem.expected(error, text), text, as_json=as_json)
    return _run(Door(settings, Messages(settings.language)), args, as_json=as_json)


def commands(text: Messages) -> Group:
    """The whole command tree in one language."""
    rooms = (edit, generate, batch, redact, check, read, sheet, matte, standards, models, serve, worker, token, doctor)
    version = flag(text, "--version", key="version")
    version.is_eager, version.expose_value, version.callback = True, False, _version
    return Group("f2p", text, [room.command(text) for room in rooms], params=[version])


def _run(door: Door, args: list[str], *, as_json: bool) -> int:
    signal.signal(signal.SIGTERM, _stop)
    try:
        if door.settings.standards is not None and _CHECKS_STANDARDS not in args:
            from f2p import studio

            studio.add_standards(door.settings.standards)
        code = commands(door.text).main(args=args, prog_name="f2p", standalone_mode=False, obj=door)
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        return problem.USAGE_EXIT
    except (click.Abort, KeyboardInterrupt):
        say(door.text.text("show.interrupted"), err=True)
        return problem.INTERRUPTED_EXIT
    except click.ClickException as error:
        return _tell(problem.misused(error, door.text), door.text, as_json=as_json)
    except ReaderGone:
        return _READER_GONE_EXIT
    except F2PError as error:
        return _tell(problem.expected(error, door.text), door.text, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the last door: a stranger gets a sentence, not a traceback
        if os.environ.get("F2P_DEBUG"):
            sys.excepthook(type(error), error, error.__traceback__)
        return _tell(problem.unexpected(error, door.text), door.text, as_json=as_json)
    return code if isinstance(code, int) else 0


def _tell(trouble: problem.Problem, text: Messages, *, as_json: bool) -> int:
    with suppress(ReaderGone):
        if as_json:
            say_json(trouble.document())
        else:
            say_problem(trouble.explanation, text)
    return trouble.exit_code


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    del param
    if value:
        from f2p import __version__

        click.echo(f"f2p {__version__}")
        ctx.exit()


def _stop(signum: int, frame: FrameType | None) -> None:
    """A polite kill unwinds like Ctrl-C does, so that half-written temporary files are taken away."""
    del frame
    raise SystemExit(128 + signum)
