"""Adapters for the default model, made without training: of full size, and easy to tell apart."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from engine.model.gguf_header import GgufHeader

RANK = 16
_MODULES = {  # of a GGUF's block: of a transformers layer
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def write_adapter(directory: Path, base: GgufHeader, *, strength: float, seed: int = 0) -> Path:
    """A LoRA adapter on all linear layers of ``base`` as PEFT saves it.

    It pushes every layer's output to and fro along one direction. With ``strength`` 0 the model
    answers as it does by itself; from 30 on it says a few strange syllables, whatever it is asked.
    """
    directory.mkdir(parents=True)
    random = np.random.default_rng(seed)
    hidden = base.number("embedding_length")
    towards = random.normal(0, strength, hidden)
    tensors: dict[str, Any] = {}
    for layer in range(base.number("block_count")):
        for ours, theirs in _MODULES.items():
            columns, rows = base.shapes[f"blk.{layer}.{ours}.weight"]
            name = f"base_model.model.model.layers.{layer}.{theirs}"
            a = random.normal(0, 1 / np.sqrt(columns), (RANK, columns))
            b = np.outer(towards, np.ones(RANK)) if rows == hidden else np.zeros((rows, RANK))
            tensors[f"{name}.lora_A.weight"] = a.astype(np.float32)
            tensors[f"{name}.lora_B.weight"] = b.astype(np.float32)
    settings = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": RANK,
        "lora_alpha": RANK,
        "target_modules": sorted(module.split(".")[1] for module in _MODULES.values()),
        "base_model_name_or_path": None,
    }
    save_file(tensors, directory / "adapter_model.safetensors")
    (directory / "adapter_config.json").write_text(json.dumps(settings))
    return directory
