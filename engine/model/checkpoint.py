"""A transformers directory or hub id → model, tokenizer and prompt format, ready to serve."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers

from engine.config import EngineConfig
from engine.errors import MemoryShortError, ModelError
from engine.memory import MIB, available_bytes
from engine.model.base_model import BaseModel, gguf_prompt_format
from engine.model.convert import converted_model
from engine.model.gguf_header import read_header
from engine.model.prompt import PromptFormat

_FILES = ["*.json", "*.safetensors", "*.model", "*.jinja", "*.txt"]
_HEADROOM = 512 * MIB
# Tokens that end a turn in the chat formats in use, where the model's file names only one ending.
_TURN_ENDS = {
    *("<end_of_turn>", "<turn|>", "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>"),
    *("<|return|>", "<|end_of_text|>", "<|endoftext|>"),
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What serving needs of a base model. ``endings``: ids of the tokens that end an answer."""

    model: Any
    tokenizer: Any
    format: PromptFormat
    endings: list[int]


def read_checkpoint(
    base: BaseModel, config: EngineConfig, dtype: torch.dtype | None = None
) -> Checkpoint:
    """Load ``base`` (a GGUF is converted first, once). Slow, blocking. Raises ModelError.

    ``dtype``: of the weights; by default what the hardware is quick in.
    """
    source = converted_model(base, config.cache) if base.gguf else _directory(base)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cpu":
        torch.set_num_threads(config.threads)
    try:
        settings = transformers.AutoConfig.from_pretrained(source)
        _check_memory(base, source, settings.get_text_config(), config, device)
        tokenizer = transformers.AutoTokenizer.from_pretrained(source)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            source,
            dtype=dtype or serving_dtype(device),
            attn_implementation="sdpa",
            use_safetensors=True,
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise ModelError(f"transformers cannot load {base.name}: {_first_line(error)}") from error
    prompt_format = (
        gguf_prompt_format(read_header(base.gguf)) if base.gguf else _prompt_format(tokenizer)
    )
    prompt_format.render("")  # compiles its patterns: 0.1 s for Gemma's 6,000 control tokens
    model = model.to(device).eval().requires_grad_(False)
    return Checkpoint(model, tokenizer, prompt_format, _endings(model, tokenizer))


def _directory(base: BaseModel) -> Path:
    name = base.transformers or base.name
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=_FILES))
    except Exception as error:  # whatever the network or the hub comes up with
        raise ModelError(
            f"the model {name} cannot be fetched from the hub: {_first_line(error)}; "
            "set MODEL to a directory or a .gguf file"
        ) from error


def serving_dtype(device: torch.device) -> torch.dtype:
    """16 bits where the hardware computes in them; elsewhere they are slower than 32."""
    quick = device.type == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.bfloat16 if quick else torch.float32


def _check_memory(
    base: BaseModel, source: Path, settings: Any, config: EngineConfig, device: torch.device
) -> None:
    """Weights, keys and values of all slots, and room to compute."""
    stored = sum(file.stat().st_size for file in source.glob("*.safetensors"))
    size = serving_dtype(device).itemsize
    weights = stored * size // (getattr(settings, "dtype", None) or torch.float32).itemsize
    heads = getattr(settings, "num_key_value_heads", None) or settings.num_attention_heads
    width = getattr(settings, "head_dim", None) or (
        settings.hidden_size // settings.num_attention_heads
    )
    tokens = config.context * config.slots
    cache = 2 * tokens * settings.num_hidden_layers * heads * width * size
    needed = weights + cache + _HEADROOM
    on_device = device.type == "cuda"
    free = torch.cuda.mem_get_info(device)[0] if on_device else available_bytes()
    if free < needed:
        raise MemoryShortError(
            f"the model {base.name} needs about {needed // MIB} MB of memory and "
            f"{free // MIB} MB are free; free some or set MODEL to a smaller one"
        )


def _prompt_format(tokenizer: Any) -> PromptFormat:
    template = tokenizer.chat_template
    if isinstance(template, dict):
        template = template.get("default")
    added = tokenizer.added_tokens_decoder.values()
    return PromptFormat(
        chat_template=template,
        bos=tokenizer.bos_token or "",
        eos=tokenizer.eos_token or "",
        control_tokens=frozenset(token.content for token in added if token.special),
    )


def answer_ending(checkpoint: Checkpoint) -> int:
    """The id of the token that a trained model should end its answers with."""
    tokenizer, template = checkpoint.tokenizer, checkpoint.format.chat_template or ""
    for at, token in tokenizer.added_tokens_decoder.items():
        if token.content in _TURN_ENDS and token.content in template:
            return int(at)
    return int(tokenizer.eos_token_id)


def _endings(model: Any, tokenizer: Any) -> list[int]:
    configured = model.generation_config.eos_token_id
    ids = set(configured if isinstance(configured, list) else [configured])
    ids.add(tokenizer.eos_token_id)
    ids.update(
        at for at, token in tokenizer.added_tokens_decoder.items() if token.content in _TURN_ENDS
    )
    return sorted(ids - {None})


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
