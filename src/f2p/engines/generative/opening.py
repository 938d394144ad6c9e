"""The backend that the settings name."""

from __future__ import annotations

from f2p.engines.generative.backend import Backend
from f2p.errors import BadSetting


def open_backend(name: str) -> Backend:
    """A backend with no model open yet. Raises BadSetting, GeneratorMissing (its packages are not installed)."""
    if name == "diffusers":
        from f2p.engines.generative.diffusers_backend import DiffusersBackend

        return DiffusersBackend()
    if name == "diffsynth":
        from f2p.engines.generative.diffsynth_backend import DiffSynthBackend

        return DiffSynthBackend()
    raise BadSetting(name="F2P_GENERATOR", value=name, reason="not_a_generator")
