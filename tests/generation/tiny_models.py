"""Qwen-Image and Qwen-Image-Edit with random weights and a thousandth of the width: real classes, folders and loading."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SIDE_PX = 96
"""Of the tiny pictures; the pipelines' own reference size is lowered to its square."""
_SPECIAL = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>",
    "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>",
)  # fmt: skip
_CHAT = "{% for m in messages %}<|im_start|>{{m.role}}\n{{m.content}}<|im_end|>\n{% endfor %}"
_HIDDEN = 32


def save_tiny(kind: str, folder: Path, seed: int = 0) -> Path:
    """Writes a model folder of that kind ("text" or "edit"), as it would be downloaded; returns it."""
    import diffusers
    import torch

    torch.manual_seed(seed)
    tokenizer = _tokenizer()
    parts: dict[str, Any] = {
        "scheduler": _scheduler(), "vae": _vae(), "text_encoder": _text_encoder(tokenizer), "tokenizer": tokenizer,
        "transformer": _transformer(),
    }  # fmt: skip
    if kind == "text":
        diffusers.QwenImagePipeline(**parts).save_pretrained(folder)
        return folder
    pipe = diffusers.QwenImageEditPipeline(**parts, processor=None)
    pipe.save_pretrained(folder)
    _image_processor().save_pretrained(folder / "processor")
    tokenizer.save_pretrained(folder / "processor")
    index = json.loads((folder / "model_index.json").read_text())
    index["processor"] = ["transformers", "Qwen2VLProcessor"]
    (folder / "model_index.json").write_text(json.dumps(index, indent=2))
    return folder


def save_lora(path: Path, folder: Path, *, style: str, strength: float = 0.3) -> Path:
    """A random LoRA for the transformer in `folder`. style: "diffsynth" (lora_A.default.weight), "diffusers" (transformer.…)."""
    import diffusers
    import torch
    from safetensors.torch import save_file

    transformer = diffusers.QwenImageTransformer2DModel.from_pretrained(folder / "transformer")
    noise, tensors = torch.Generator().manual_seed(0), {}
    before, middle = ("", "default.") if style == "diffsynth" else ("transformer.", "")
    for name, layer in transformer.named_modules():
        if isinstance(layer, torch.nn.Linear) and name.startswith("transformer_blocks"):
            down = torch.randn(4, layer.in_features, generator=noise) * strength
            up = torch.randn(layer.out_features, 4, generator=noise) * strength
            tensors[f"{before}{name}.lora_A.{middle}weight"] = down
            tensors[f"{before}{name}.lora_B.{middle}weight"] = up
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    return path


def lower_reference(monkeypatch: Any, area_px: int = SIDE_PX * SIDE_PX) -> None:
    """Lets the editing pipeline work on tiny references: it brings every one to the megapixel that is written into its module."""
    from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit as edit

    real = edit.calculate_dimensions
    monkeypatch.setattr(edit, "calculate_dimensions", lambda _target, ratio: real(area_px, ratio))


def _byte_alphabet() -> list[str]:
    keep = {*range(33, 127), *range(161, 173), *range(174, 256)}
    spare = iter(range(256, 512))
    return [chr(byte) if byte in keep else chr(next(spare)) for byte in range(256)]


def _tokenizer() -> Any:
    from transformers import Qwen2Tokenizer

    vocabulary = {char: number for number, char in enumerate(_byte_alphabet())}
    tokenizer = Qwen2Tokenizer(
        vocab=vocabulary, merges=[], model_max_length=32768, unk_token="<|endoftext|>", eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
    )  # fmt: skip
    tokenizer.add_special_tokens({"additional_special_tokens": list(_SPECIAL)})
    tokenizer.chat_template = _CHAT
    return tokenizer


def _image_processor() -> Any:
    from transformers import Qwen2VLImageProcessor

    return Qwen2VLImageProcessor(min_pixels=56 * 56, max_pixels=28 * 28 * 1280)


def _scheduler() -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler

    return FlowMatchEulerDiscreteScheduler(
        base_image_seq_len=256, max_image_seq_len=8192, base_shift=0.5, max_shift=0.9, shift_terminal=0.02,
        use_dynamic_shifting=True, time_shift_type="exponential",
    )  # fmt: skip


def _vae() -> Any:
    from diffusers import AutoencoderKLQwenImage

    return AutoencoderKLQwenImage(base_dim=8, z_dim=16, dim_mult=[1, 2, 2, 2], num_res_blocks=1)


def _transformer() -> Any:
    """Weights on which the words have more say than chance gives them, so that a test can see prompt, CFG and LoRA."""
    import torch
    from diffusers import QwenImageTransformer2DModel

    model = QwenImageTransformer2DModel(
        patch_size=2, in_channels=64, out_channels=16, num_layers=3, attention_head_dim=32, num_attention_heads=2,
        joint_attention_dim=_HIDDEN, axes_dims_rope=(8, 12, 12),
    )  # fmt: skip
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if any(part in name for part in ("txt_in.weight", "add_v_proj.weight", "img_mod.1.weight")):
                tensor.mul_(6.0)
    return model


def _text_encoder(tokenizer: Any) -> Any:
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    number = tokenizer.convert_tokens_to_ids
    config = Qwen2_5_VLConfig(
        text_config={
            "hidden_size": _HIDDEN, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
            "num_key_value_heads": 1, "vocab_size": len(tokenizer), "max_position_embeddings": 32768,
            "bos_token_id": number("<|endoftext|>"), "eos_token_id": number("<|im_end|>"),
            "rope_parameters": {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [2, 3, 3]},
        },
        vision_config={
            "depth": 2, "hidden_size": 32, "intermediate_size": 64, "num_heads": 2, "out_hidden_size": _HIDDEN, "patch_size": 14,
            "spatial_merge_size": 2, "temporal_patch_size": 2, "window_size": 112, "fullatt_block_indexes": [1],
        },
        image_token_id=number("<|image_pad|>"), video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"), vision_end_token_id=number("<|vision_end|>"),
        vision_token_id=number("<|vision_pad|>"),
    )  # fmt: skip
    return Qwen2_5_VLForConditionalGeneration(config).eval()
