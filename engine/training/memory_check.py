"""How much memory a round takes, known before it starts."""

from typing import Any

import torch

from engine.errors import MemoryShortError
from engine.memory import MIB, available_bytes

TOKENS_AT_ONCE = 512  # of a portion, padding included: bounds memory
_SCORES = 7 * 64 * 4  # bytes for each word of the vocabulary, of answer_logits.py's portions
_SPARE = 256 * MIB  # allocator, batches, the rest


def needed_bytes(model: Any, parameters: int, longest: int) -> int:
    """What training takes beside the frozen weights, which are in memory already.

    Every block keeps its inputs for the backward pass: per token about 18 numbers of the model's
    width and 7 of the feed-forward block's in 32 bits (fitted to the default model; with weights
    of 16 bits no less, since LoRA keeps a copy in 32). AdamW keeps two numbers beside each
    parameter and its gradient.
    """
    settings = model.config.get_text_config()
    widths = 18 * settings.hidden_size + 7 * settings.intermediate_size
    tokens = max(TOKENS_AT_ONCE, longest)
    kept = tokens * settings.num_hidden_layers * widths * 4
    return int(kept + settings.vocab_size * _SCORES + 16 * parameters + _SPARE)


def check_room(model: Any, parameters: int, longest: int) -> None:
    """Raises MemoryShortError, which says how much is missing, when training will not fit."""
    needed = needed_bytes(model, parameters, longest)
    device = model.device
    on_device = device.type == "cuda"
    free = torch.cuda.mem_get_info(device)[0] if on_device else available_bytes()
    if free < needed:
        raise MemoryShortError(
            f"training needs about {needed // MIB} MB more memory and {free // MIB} MB are free: "
            f"{-(-(needed - free) // MIB)} MB are missing; free some, set MODEL to a smaller one "
            "or train elsewhere"
        )
