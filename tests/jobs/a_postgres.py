"""A real PostgreSQL that the tests start themselves: the system's programs, or those that the package pgserver bundles."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest


def programs() -> Path | None:
    """The folder that holds initdb and pg_ctl, or None."""
    for one in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (one / "initdb").is_file():
            return one
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    try:
        import pgserver
    except ImportError:
        return None
    return Path(pgserver.__file__).parent / "pginstall" / "bin"


class Server:
    """One server in a folder of its own, on a port of its own, this machine only; `postgres` runs as an ordinary user."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        self._folder = Path(tempfile.mkdtemp(prefix="f2p-pg-"))
        self._user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        if os.getuid() == 0:
            shutil.chown(self._folder, self._user)
        self._do("initdb", "-D", f"{self._folder}/data", "-U", "f2p", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        self.start()

    def start(self) -> None:
        """Until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c fsync=off"
        self._do("pg_ctl", "start", "-w", "-D", f"{self._folder}/data", "-l", f"{self._folder}/log", "-o", options)

    def stop(self, how: str = "immediate") -> None:
        """At once; "immediate" is how a killed server ends."""
        self._do("pg_ctl", "stop", "-w", "-m", how, "-D", f"{self._folder}/data")

    def remove(self) -> None:
        """Ends it and takes its folder away."""
        self.stop()
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """The URL of an empty database."""
        import psycopg

        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def emptied(self, url: str) -> str:
        """The same database without a row; quicker than a new one."""
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            connection.execute(f"TRUNCATE {', '.join(row[0] for row in found)} RESTART IDENTITY CASCADE")
        return url

    def url(self, name: str) -> str:
        return f"postgresql://f2p@127.0.0.1:{self.port}/{name}"

    def _do(self, program: str, *arguments: str) -> None:
        as_user = {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        command = [str(self._bin / program), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_user)  # type: ignore[call-overload]


def server_or_skip() -> Server:
    """A running server; skips where the extra or the programs are missing, and says what to install."""
    for module in ("psycopg", "procrastinate", "fsspec"):
        pytest.importorskip(module, reason="needs the extra: pip install 'f2p-studio[distributed]'")
    found = programs()
    if found is None:
        pytest.skip("needs PostgreSQL's programs: apt install postgresql, or pip install pgserver")
    return Server(found)
