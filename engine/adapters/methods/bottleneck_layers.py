"""Bottleneck adapters: two small layers after a feed-forward block of a frozen model.

h ← h + W_up · f(W_down · h + b_down) + b_up, inserted after the feed-forward block only (Pfeiffer
et al. 2020, arXiv 2005.00247) or after attention as well (Houlsby et al. 2019, arXiv 1902.00751,
figure 2). Unlike theirs W_up starts at zero, as LoRA's B does: untrained, it changes nothing.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from engine.adapters.methods.base import PLACES, BottleneckConfig
from engine.errors import ModelError

_ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU}
_NAME = "bottleneck"


class Bottleneck(nn.Module):
    """The layer of the formula above, in 32 bits whatever the model's width."""

    def __init__(self, width: int, config: BottleneckConfig) -> None:
        super().__init__()
        self.down = nn.Linear(width, config.size, dtype=torch.float32)
        self.up = nn.Linear(config.size, width, dtype=torch.float32)
        self.activation = _ACTIVATIONS[config.activation]()
        nn.init.normal_(self.down.weight, std=width**-0.5)
        nn.init.zeros_(self.down.bias)
        nn.init.zeros_(self.up.weight)
        nn.init.zeros_(self.up.bias)

    def forward(self, hidden: Tensor) -> Tensor:
        """(…, width) → (…, width), of the same type."""
        change = self.up(self.activation(self.down(hidden.float())))
        result: Tensor = hidden + change.to(hidden.dtype)
        return result


def insert_bottlenecks(model: Any, config: BottleneckConfig) -> None:
    """Put a bottleneck after every block that ``config.place`` names, in place.

    Raises ModelError when the model's blocks are called otherwise.
    """
    width = model.config.get_text_config().hidden_size
    blocks = [
        block
        for name, block in model.named_modules()
        if name.rsplit(".", 1)[-1] in PLACES[config.place]
    ]
    if not blocks:
        raise ModelError(
            f"{type(model).__name__} has no {' or '.join(PLACES[config.place])} block to put an "
            "adapter after; set METHOD=lora"
        )
    for block in blocks:
        block.add_module(_NAME, Bottleneck(width, config).to(model.device))
        block.register_forward_hook(_through)


def _through(block: nn.Module, given: Any, output: Any) -> Any:
    """The block's output through its bottleneck; attention returns its weights as well."""
    layer = block.get_submodule(_NAME)  # not captured: a copy of the block has a layer of its own
    if isinstance(output, tuple):
        return (layer(output[0]), *output[1:])
    return layer(output)


def bottleneck_tensors(model: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
    """Names and weights of all bottlenecks in ``model``."""
    for name, parameter in model.named_parameters():
        if f".{_NAME}." in name:
            yield name, parameter
