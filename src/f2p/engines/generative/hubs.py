"""The published clients of the two hubs that have these models."""

from __future__ import annotations

from pathlib import Path

from f2p.engines.generative.hub import Remote


class HuggingFace:
    """A `Hub`: huggingface_hub, whose downloads go on where they broke off."""

    name = "huggingface_hub"

    def files(self, model: str) -> list[Remote]:
        """Sizes of all files, SHA-256 of the large ones."""
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError

        try:
            found = HfApi().model_info(model, files_metadata=True).siblings or []
        except (HfHubHTTPError, ValueError) as error:
            raise OSError(str(error)) from error
        return [Remote(one.rfilename, one.size or 0, one.lfs.sha256 if one.lfs else "") for one in found]

    def fetch(self, model: str, path: str, folder: Path) -> None:
        """See `Hub`."""
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import HfHubHTTPError

        try:
            hf_hub_download(model, path, local_dir=folder)
        except (HfHubHTTPError, ValueError) as error:
            raise OSError(str(error)) from error


class ModelScope:
    """A `Hub`: modelscope, whose downloads go on where they broke off."""

    name = "modelscope"

    def files(self, model: str) -> list[Remote]:
        """Sizes and SHA-256 of all files."""
        from modelscope.hub.api import HubApi

        rows = HubApi().get_model_files(model, recursive=True)
        return [Remote(row["Path"], row["Size"], row.get("Sha256", "")) for row in rows if row["Type"] != "tree"]

    def fetch(self, model: str, path: str, folder: Path) -> None:
        """See `Hub`."""
        from modelscope.hub.file_download import model_file_download

        model_file_download(model, path, local_dir=str(folder))
