"""`f2p serve`: the service in the foreground, until it is stopped."""

from __future__ import annotations

from pathlib import Path

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, path_option
from f2p.doors.cli.door import Door

_MOST_WORKERS = 64


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command(
        "serve",
        text,
        _run,
        [
            click.Option(["--host"], metavar="ADDRESS", help=text.text("help.serve_host")),
            click.Option(["--port"], type=click.IntRange(0, 65535), metavar="N", help=text.text("help.serve_port")),
            click.Option(["--workers"], type=click.IntRange(1, _MOST_WORKERS), metavar="N", help=text.text("help.serve_workers")),
            path_option(["--log"], text.text("help.serve_log"), metavar="FILE"),
        ],
    )


@click.pass_obj
def _run(door: Door, *, host: str | None, port: int | None, workers: int | None, log: Path | None) -> None:
    from f2p.doors.cli.serving import serve

    serve(door, (host, port), workers, log)
