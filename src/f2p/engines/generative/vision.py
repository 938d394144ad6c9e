"""How editing models are shown their reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from f2p.errors import GeneratorMissing


def processor_of(folder: Path) -> Any:
    """The processor of the model in `folder`, put together by hand where torchvision is not installed.

    Its video half, which nobody needs here, asks for torchvision. Raises GeneratorMissing where the folder has none.
    """
    from transformers import Qwen2Tokenizer, Qwen2VLImageProcessor, Qwen2VLProcessor
    from transformers.utils import is_torchvision_available

    source = folder / "processor"
    if not source.is_dir():
        raise GeneratorMissing(reason="generator_part", name="processor", folder=str(folder))
    if is_torchvision_available():
        return Qwen2VLProcessor.from_pretrained(source)
    tokenizer = Qwen2Tokenizer.from_pretrained(source)
    processor = Qwen2VLProcessor.__new__(Qwen2VLProcessor)
    processor.image_processor, processor.tokenizer = Qwen2VLImageProcessor.from_pretrained(source), tokenizer
    processor.video_processor, processor.chat_template = None, tokenizer.chat_template
    processor.image_token, processor.video_token = "<|image_pad|>", "<|video_pad|>"
    processor.image_token_id = tokenizer.convert_tokens_to_ids(processor.image_token)
    processor.video_token_id = tokenizer.convert_tokens_to_ids(processor.video_token)
    return processor
