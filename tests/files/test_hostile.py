"""Hostile files of every kind, from a fixed seed: each is refused as what it is (bench/hostile.py sends 500 to a service)."""

from __future__ import annotations

import resource

import pytest
from bench.hostile_files import NOBODY, HostileFile, files
from tests.files.pictures import LIMITS

from f2p.errors import F2PError
from f2p.files.photo import open_photo

EVERY_KIND = 33


@pytest.mark.filterwarnings("ignore:Truncated File Read", "ignore:Corrupt EXIF data", "ignore:Metadata Warning")
@pytest.mark.parametrize("file", tuple(files(seed=2, count=EVERY_KIND)), ids=lambda file: file.kind)
def test_each_is_refused_as_what_it_is(file: HostileFile) -> None:
    """The right error of the tree, or a picture (with nobody in it) where that is right; at the cost of little memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    got = next(iter(NOBODY))
    try:
        open_photo(file.data, file.name, LIMITS)
    except F2PError as error:
        got = error.code
    assert got in file.refused
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
