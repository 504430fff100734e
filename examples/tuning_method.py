"""Scaling vectors: W·h becomes (1 + s) ⊙ W·h for keys, values and the feed-forward block.

This is (IA)³ (Liu et al. 2022, arXiv 2205.05638, §3.3), written with 1 + s so that s starts at
zero: untrained, it changes nothing. It trains a few thousand numbers instead of millions.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from engine.adapters.methods.base import PREFIX, MethodConfig, NamedWeights, build_with
from engine.adapters.saved import read_config, read_weights, write_config, write_weights
from engine.errors import ModelError

if TYPE_CHECKING:  # settings and llama.cpp's process import this file: torch would cost seconds
    from torch import Tensor, nn

# In a gated block, up_proj's outputs are what the paper scales: they are multiplied by the gate.
LAYERS = ("k_proj", "v_proj", "up_proj")
_NAME = "scaling"


class ScalingMethod:
    """See TuningMethod."""

    name = "scaling"
    aliases = ()
    served_by = frozenset({"transformers"})  # llama.cpp's files hold LoRA alone
    peft_types = frozenset({"SCALING"})  # no other method may claim it
    layer_names: ClassVar = {"scaling": f".{_NAME}"}

    def build(self, base: Any, config: MethodConfig, seed: int) -> Any:
        return build_with(base, seed, self.insert, self.trainable)

    def insert(self, model: Any) -> None:
        """Put a vector of zeros beside each layer of LAYERS, in place."""
        import torch

        layers = [m for name, m in model.named_modules() if name.rsplit(".", 1)[-1] in LAYERS]
        if not layers:
            raise ModelError(
                f"{type(model).__name__} has none of {', '.join(LAYERS)}; set METHOD=lora"
            )
        for layer in layers:
            zeros = torch.zeros(layer.out_features, device=layer.weight.device)
            layer.register_parameter(_NAME, torch.nn.Parameter(zeros))
            layer.register_forward_hook(_scaled)

    def trainable(self, model: Any) -> NamedWeights:
        return [(name, p) for name, p in model.named_parameters() if name.endswith(f".{_NAME}")]

    def save(self, model: Any, config: MethodConfig, directory: Path) -> None:
        weights = {PREFIX + name: p.detach() for name, p in self.trainable(model)}
        write_weights(weights, directory)
        write_config({"peft_type": "SCALING"}, directory)

    def load(self, model: Any, directory: Path) -> None:
        import torch

        read_config(directory)
        saved = {n.removeprefix(PREFIX): value for n, value in read_weights(directory).items()}
        self.insert(model)
        found = dict(self.trainable(model))
        if strange := sorted(saved.keys() ^ found.keys()):
            raise ValueError(f"{strange[0]} does not fit")
        with torch.no_grad():
            for name, value in saved.items():
                found[name].copy_(value)  # raises where the widths differ


def _scaled(layer: "nn.Module", given: Any, output: "Tensor") -> "Tensor":
    """The layer's output, scaled; of the same type, whatever the model's is."""
    # The layer is asked, not remembered: a copy of the model has vectors of its own.
    return output * (1 + layer.get_parameter(_NAME)).to(output.dtype)
