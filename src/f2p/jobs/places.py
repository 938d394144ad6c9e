"""Where a shelf's rows and files live, as the settings say; what several machines need is imported only where it is asked for."""

from __future__ import annotations

from pathlib import Path

from f2p.jobs.database import Database
from f2p.jobs.folders import Files, Folders
from f2p.jobs.settings import ShelfSettings
from f2p.jobs.truth import NoTickets, Tickets, Truth


def truth_of(settings: ShelfSettings) -> tuple[Truth, Tickets]:
    """The database, open, and how its engine is told. Raises DatabaseRefused, BadSetting."""
    if not settings.database:
        return Database(settings.folder / "shelf.sqlite"), NoTickets()
    from f2p.jobs.postgres import Postgres
    from f2p.jobs.tickets import EngineTickets

    if settings.engine == "local":
        return Postgres(settings.database), NoTickets()
    return Postgres(settings.database, EngineTickets.prepare), EngineTickets()


def files_of(settings: ShelfSettings) -> Files:
    """The files' place: this machine's folder, a shared one, or what fsspec makes of a URL. Raises OSError kinds, BadSetting."""
    place = settings.storage.removeprefix("file://")
    if not place:
        return Folders(settings.folder / "jobs")
    if "://" not in place:
        return Folders(Path(place).expanduser() / "jobs")
    from f2p.jobs.remote_files import RemoteFiles

    return RemoteFiles(place, settings.folder / "fetched")
