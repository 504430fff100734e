"""Bottleneck adapters: two small layers after a feed-forward block (see bottleneck_layers.py)."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from engine.adapters.methods.base import (
    PREFIX,
    BottleneckConfig,
    MethodConfig,
    NamedWeights,
    build_with,
)
from engine.adapters.saved import read_config, read_weights, write_config, write_weights


class BottleneckMethod:
    """See TuningMethod. PEFT has no such layers, so the files' layout is ours."""

    name = "bottleneck"
    aliases = ("adapter",)
    served_by = frozenset({"transformers"})
    peft_types = frozenset({"BOTTLENECK"})
    layer_names: ClassVar = {"bottleneck": ".bottleneck.down.weight"}

    def insert(self, model: Any, config: BottleneckConfig) -> None:
        from engine.adapters.methods.bottleneck_layers import insert_bottlenecks

        insert_bottlenecks(model, config)

    def build(self, base: Any, config: MethodConfig, seed: int) -> Any:
        return build_with(
            base, seed, lambda model: self.insert(model, config.bottleneck), self.trainable
        )

    def trainable(self, model: Any) -> NamedWeights:
        from engine.adapters.methods.bottleneck_layers import bottleneck_tensors

        return list(bottleneck_tensors(model))

    def save(self, model: Any, config: MethodConfig, directory: Path) -> None:
        write_weights(self.weights(model), directory)
        write_config(
            {"peft_type": "BOTTLENECK", "bottleneck": asdict(config.bottleneck), "lora": None},
            directory,
        )

    def weights(self, model: Any) -> dict[str, Any]:
        """The weights in ``model`` by the names they have in a file."""
        return {PREFIX + name: p.detach() for name, p in self.trainable(model)}

    def load(self, model: Any, directory: Path) -> None:
        self.restore(model, read_config(directory), read_weights(directory))

    def restore(self, model: Any, config: dict[str, Any], weights: dict[str, Any]) -> None:
        """Put the bottlenecks among ``weights`` into ``model``; raises as ``load``."""
        import torch

        self.insert(model, BottleneckConfig(**config["bottleneck"]))
        found = dict(self.trainable(model))
        saved = {name.removeprefix(PREFIX): value for name, value in weights.items()}
        if strange := sorted(saved.keys() ^ found.keys()):
            raise ValueError(f"{strange[0]} does not fit")
        with torch.no_grad():
            for name, value in saved.items():
                found[name].copy_(value.reshape(found[name].shape))
