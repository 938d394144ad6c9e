"""Fixtures that every room may use: the sample pictures and the settings of this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from f2p.engines.weights import find_weight, locate
from f2p.settings import Settings, load_settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first: a mistake shows in seconds, and what takes long runs last."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings as the environment gives them."""
    return load_settings()


@pytest.fixture(scope="session")
def astronaut_path(settings: Settings) -> Path:
    """A real portrait, 512 x 512 px PNG, one upright face (NASA, public domain)."""
    return locate(find_weight("astronaut"), settings)


@pytest.fixture(scope="session")
def cat_path(settings: Settings) -> Path:
    """A real photo of a cat, 451 x 300 px PNG, no person in it (CC0)."""
    return locate(find_weight("cat"), settings)


@pytest.fixture(scope="session")
def caption_font(settings: Settings) -> Settings:
    """Settings of a models folder that has the font with Chinese letters."""
    locate(find_weight("caption-font"), settings)
    return settings


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 KB, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
