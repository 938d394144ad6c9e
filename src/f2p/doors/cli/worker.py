"""`f2p worker`: this machine helps with a shelf that several machines share, until it is stopped."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from f2p.catalogue.messages import Messages
from f2p.doors.cli.command import Command, path_option
from f2p.doors.cli.door import Door
from f2p.doors.cli.show import say
from f2p.errors import BadSetting

_MOST_PROCESSES = 256
_GRACE = 25.0


def command(text: Messages) -> Command:
    """The click command in one language."""
    return Command(
        "worker",
        text,
        _run,
        [
            click.Option(["--processes"], type=click.IntRange(1, _MOST_PROCESSES), metavar="N", help=text.text("help.processes")),
            path_option(["--log"], text.text("help.serve_log"), metavar="FILE"),
        ],
    )


@click.pass_obj
def _run(door: Door, *, processes: int | None, log: Path | None) -> None:
    """Raises BadSetting where no shared database is named."""
    from f2p.batches.batch import size_here
    from f2p.doors.cli.serving import Upkeep, stop_on_signals
    from f2p.jobs.crew import Crew, Post
    from f2p.jobs.log import log_to_file, log_to_stderr
    from f2p.jobs.settings import load_shelf_settings
    from f2p.jobs.shelf import Shelf

    settings = load_shelf_settings()
    if not settings.database:
        raise BadSetting(name="F2P_DATABASE", value="", reason="not_a_database")
    if log is None:
        log_to_stderr()
    else:
        log_to_file(log)
    shelf = Shelf(settings)
    size = size_here(door.settings, processes)
    command_line = (sys.executable, "-m", "f2p.machines.work")
    env = {"F2P_THREADS": str(size.threads), "OMP_NUM_THREADS": str(size.threads), "OPENBLAS_NUM_THREADS": str(size.threads)}
    posts = [Post(name=f"worker{n + 1}", command=command_line, env=env) for n in range(size.processes)]
    crew = Crew(posts, Upkeep(shelf), lambda: None)
    stop_on_signals(crew)
    say(door.text.text("worker.begins", {"count": size.processes}), err=True)
    crew.run(_GRACE)
    shelf.database.close()
