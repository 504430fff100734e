"""LoRA and bottlenecks at once, in one file of weights."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from engine.adapters.methods.base import ADAPTER_NAME, MethodConfig, NamedWeights, build_with
from engine.adapters.methods.bottleneck import BottleneckMethod
from engine.adapters.methods.lora import LoraMethod
from engine.adapters.saved import read_config, read_weights, write_config, write_weights
from engine.files import CONFIG

_LORA, _BOTTLENECK = LoraMethod(), BottleneckMethod()


class LoraBottleneckMethod:
    """See TuningMethod."""

    name = "lora+bottleneck"
    aliases = ("lightweight",)
    served_by = frozenset({"transformers"})
    peft_types = frozenset({"LIGHTWEIGHT"})
    layer_names: ClassVar = {**_LORA.layer_names, **_BOTTLENECK.layer_names}

    def build(self, base: Any, config: MethodConfig, seed: int) -> Any:
        def insert(model: Any) -> None:
            _LORA.insert(model, config)
            _BOTTLENECK.insert(model, config.bottleneck)

        return build_with(base, seed, insert, self.trainable)

    def trainable(self, model: Any) -> NamedWeights:
        return [*_LORA.trainable(model), *_BOTTLENECK.trainable(model)]

    def save(self, model: Any, config: MethodConfig, directory: Path) -> None:
        write_weights(_BOTTLENECK.weights(model) | _LORA.weights(model), directory)
        _LORA.config_of(model).save_pretrained(directory)  # how PEFT writes what JSON cannot hold
        lora = json.loads((directory / CONFIG).read_text())
        ours = {"peft_type": "LIGHTWEIGHT", "bottleneck": asdict(config.bottleneck), "lora": lora}
        write_config(ours, directory)

    def load(self, model: Any, directory: Path) -> None:
        import peft

        config, weights = read_config(directory), read_weights(directory)
        lora = {name: value for name, value in weights.items() if ".lora_" in name}
        peft.inject_adapter_in_model(peft.LoraConfig(**config["lora"]), model, ADAPTER_NAME)
        peft.set_peft_model_state_dict(model, lora, ADAPTER_NAME)
        rest = {name: value for name, value in weights.items() if name not in lora}
        _BOTTLENECK.restore(model, config, rest)
