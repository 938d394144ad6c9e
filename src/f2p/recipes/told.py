"""Whose paper an error is about, where one photo makes several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from f2p.errors import BackdropMustStay, BackdropTooSmall, CutOff, EnlargingForbidden, FaceTooSmall, RequestError


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """Errors about a paper say whose it is (param `output`), those about the photo do not. name: "" = there is only one."""
    try:
        yield
    except (FaceTooSmall, CutOff, BackdropTooSmall, BackdropMustStay, EnlargingForbidden, RequestError) as error:
        if name:
            error.params["output"] = name
        raise
