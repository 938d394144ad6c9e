"""Brings the folders of generating models: resumable through the hub's own client, every file's size and SHA-256 checked.

The clients are the hubs' published ones (ModelScope's where it is installed, else Hugging Face's); which server they ask and with
which mirror is their own configuration. What was checked is written beside the files, so that a later look reads no gigabytes.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from f2p.catalogue.generation import Weights, generators
from f2p.engines.generative.hub import Hub, Remote
from f2p.engines.generative.store import folder_of
from f2p.errors import FetchFailed, ModelDamaged
from f2p.settings import Settings

OnProgress = Callable[[str], None]
_LISTED = ".f2p-files.json"


def open_hub() -> Hub:
    """The client that is installed. Raises FetchFailed where none is."""
    if find_spec("modelscope") is not None:
        from f2p.engines.generative.hubs import ModelScope

        return ModelScope()
    if find_spec("huggingface_hub") is not None:
        from f2p.engines.generative.hubs import HuggingFace

        return HuggingFace()
    raise FetchFailed(name="hub", package="huggingface_hub", reason="pip install 'f2p-studio[gpu]'")


def pull_folder(name: str, settings: Settings, on_progress: OnProgress, hub: Hub | None = None) -> Path:
    """The complete, checked folder of that model. What is there and right already is not fetched again.

    Raises FetchFailed (the hub or the network), ModelDamaged (a file is not the listed one after fetching it twice).
    """
    weights = generators()[name]
    folder = folder_of(weights, settings)
    hub = hub or open_hub()
    try:
        wanted = [one for one in hub.files(weights.folder) if any(fnmatch.fnmatch(one.path, like) for like in weights.files)]
        folder.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(wanted, 1):
            on_progress(f"{number}/{len(wanted)} {one.path}")
            if not _is_right(folder, one):
                _fetched(hub, weights, one, folder)
    except OSError as error:
        raise FetchFailed(name=name, package=weights.folder, reason=str(error).splitlines()[0][:300] or hub.name) from error
    listed = [{"path": one.path, "bytes": one.bytes, "sha256": one.sha256 or _hash(folder / one.path)} for one in wanted]
    (folder / _LISTED).write_text(json.dumps(listed, indent=1), encoding="utf-8")
    return folder


def damaged_in(name: str, settings: Settings) -> str:
    """The first file that is not what was fetched, every byte read; empty where all are, or where nobody fetched them here."""
    folder = folder_of(generators()[name], settings)
    return next((one.path for one in _listed(folder) if not _is_right(folder, one)), "")


def _fetched(hub: Hub, weights: Weights, one: Remote, folder: Path) -> None:
    """The file, fetched; a second time from the beginning where the first brought something else. Raises ModelDamaged."""
    for again in (False, True):
        if again:
            (folder / one.path).unlink(missing_ok=True)
        hub.fetch(weights.folder, one.path, folder)
        if _is_right(folder, one):
            return
    raise ModelDamaged(name=weights.name, path=str(folder / one.path))


def _is_right(folder: Path, one: Remote) -> bool:
    path = folder / one.path
    return path.is_file() and path.stat().st_size == one.bytes and (not one.sha256 or _hash(path) == one.sha256)


def _listed(folder: Path) -> Iterator[Remote]:
    if (folder / _LISTED).is_file():
        yield from (Remote(**row) for row in json.loads((folder / _LISTED).read_text(encoding="utf-8")))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
