"""Teaches DiffSynth-Studio the tiny models: it knows models by a hash of tensors' names and shapes, and fixes widths."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def register(folder: Path) -> None:
    """Adds the three files of a tiny folder to what its loader knows."""
    import torch
    from diffsynth.configs import MODEL_CONFIGS, VRAM_MANAGEMENT_MODULE_MAPS
    from diffsynth.core.loader.file import hash_model_file

    if not hasattr(torch.cpu, "empty_cache"):
        torch.cpu.empty_cache = lambda: None  # it asks every device to
    make_classes()
    me, base = __name__, "diffsynth.models.qwen_image_"
    converter = "diffsynth.utils.state_dict_converters.qwen_image_text_encoder.QwenImageTextEncoderStateDictConverter"
    rows: tuple[tuple[str, str, str, str, dict[str, Any], str], ...] = (
        ("transformer", "qwen_image_dit", "TinyDiT", f"{base}dit.QwenImageDiT", {}, ""),
        (
            "text_encoder", "qwen_image_text_encoder", "TinyTextEncoder", f"{base}text_encoder.QwenImageTextEncoder",
            {"config_dir": str(folder / "text_encoder")}, converter,
        ),
        (
            "vae", "qwen_image_vae", "TinyVAE", f"{base}vae.QwenImageVAE",
            {"base_dim": 8, "dim_mult": [1, 2, 2, 2], "num_res_blocks": 1}, "",
        ),
    )  # fmt: skip
    for part, name, cls, parent, extra, convert in rows:
        file = next((folder / part).glob("*.safetensors"))
        row = {"model_hash": hash_model_file(str(file)), "model_name": name, "model_class": f"{me}.{cls}", "extra_kwargs": extra}
        MODEL_CONFIGS[:] = [one for one in MODEL_CONFIGS if one["model_hash"] != row["model_hash"]]
        MODEL_CONFIGS.insert(0, {**row, "state_dict_converter": convert} if convert else row)
        VRAM_MANAGEMENT_MODULE_MAPS[f"{me}.{cls}"] = dict(VRAM_MANAGEMENT_MODULE_MAPS[parent])


def make_classes() -> None:
    """The parents fix 3072, 24 heads, 3584; these take the tiny widths. Made late, as their parents need torch."""
    import torch
    from diffsynth.models import qwen_image_dit as dit
    from diffsynth.models.general_modules import AdaLayerNorm, RMSNorm, TimestepEmbeddings
    from diffsynth.models.qwen_image_text_encoder import QwenImageTextEncoder
    from diffsynth.models.qwen_image_vae import QwenImageVAE
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLModel

    class TinyDiT(dit.QwenImageDiT):
        def __init__(self) -> None:
            torch.nn.Module.__init__(self)
            self.pos_embed = dit.QwenEmbedRope(theta=10000, axes_dim=[8, 12, 12], scale_rope=True)
            self.time_text_embed = TimestepEmbeddings(
                256, 64, diffusers_compatible_format=True, scale=1000, align_dtype_to_timestep=False
            )
            self.txt_norm = RMSNorm(32, eps=1e-6)
            self.img_in, self.txt_in = torch.nn.Linear(64, 64), torch.nn.Linear(32, 64)
            self.transformer_blocks = torch.nn.ModuleList(
                dit.QwenImageTransformerBlock(dim=64, num_attention_heads=2, attention_head_dim=32) for _ in range(3)
            )
            self.norm_out = AdaLayerNorm(64, single=True)
            self.proj_out = torch.nn.Linear(64, 64)

    class TinyTextEncoder(QwenImageTextEncoder):
        def __init__(self, config_dir: str = "") -> None:
            torch.nn.Module.__init__(self)
            self.config = Qwen2_5_VLConfig.from_pretrained(config_dir)
            self.model = Qwen2_5_VLModel(self.config)
            text = self.config.text_config
            self.lm_head = torch.nn.Linear(text.hidden_size, text.vocab_size, bias=False)

    class TinyVAE(QwenImageVAE):
        pass

    here = sys.modules[__name__]
    for one in (TinyDiT, TinyTextEncoder, TinyVAE):
        setattr(here, one.__name__, one)
