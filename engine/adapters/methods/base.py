"""METHOD → what is trained beside the frozen model, how it is saved, and how it is put back.

- ``lora``: PEFT's LoRA on all linear layers, in PEFT's own layout, which llama.cpp's conversion,
  vLLM and PEFT read.
- ``adapter``: bottlenecks (engine.adapters.methods.bottleneck).
- ``lightweight``: both at once. These two have an ``adapter_config.json`` of our own.

Weights are safetensors only. An arrangement shares the base model's tensors, so the base beside it
stays what it was and serves as the reference.
"""

import copy
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import peft
import safetensors
import safetensors.torch
import torch

from engine.adapters.methods.bottleneck import (
    BottleneckConfig,
    bottleneck_tensors,
    insert_bottlenecks,
)
from engine.errors import AdapterError
from engine.files import CONFIG, WEIGHTS

METHODS = ("lora", "adapter", "lightweight")
OURS = {"BOTTLENECK": "adapter", "LIGHTWEIGHT": "lightweight"}
_NAME = "trained"
_PREFIX = "base_model.model."  # PEFT's, before every name


@dataclass(frozen=True, slots=True)
class Method:
    """``rank`` is LoRA's r; its alpha is twice that."""

    name: str = "lora"
    rank: int = 16
    bottleneck: BottleneckConfig = field(default_factory=BottleneckConfig)

    def __post_init__(self) -> None:
        if self.name not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, not {self.name!r}")
        if self.rank < 1:
            raise ValueError(f"rank must be at least 1, not {self.rank}")

    @property
    def has_lora(self) -> bool:
        return self.name in ("lora", "lightweight")

    @property
    def has_bottleneck(self) -> bool:
        return self.name in ("adapter", "lightweight")


def arrangement_of(base: Any) -> Any:
    """Copies of the module objects of ``base``, around the very same tensors."""
    tensors = {id(tensor): tensor for tensor in (*base.parameters(), *base.buffers())}
    return copy.deepcopy(base, memo=dict(tensors))


def to_train(base: Any, method: Method, seed: int) -> Any:
    """An arrangement of ``base`` with a new adapter (32 bits), which alone needs gradients."""
    torch.manual_seed(seed)
    model = arrangement_of(base)
    if method.has_lora:
        config = peft.LoraConfig(
            r=method.rank,
            lora_alpha=2 * method.rank,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
            base_model_name_or_path=base.name_or_path or None,
        )
        peft.inject_adapter_in_model(config, model, _NAME)
    if method.has_bottleneck:
        insert_bottlenecks(model, method.bottleneck)
    for _, parameter in trained(model):
        parameter.data = parameter.data.float()
        parameter.requires_grad_()
    return model.eval()  # nothing in it is drawn by chance


def trained(model: Any) -> list[tuple[str, torch.nn.Parameter]]:
    """Names and weights of the adapter in ``model``."""
    lora = [(name, p) for name, p in model.named_parameters() if ".lora_" in name]
    return [*lora, *bottleneck_tensors(model)]


def save(model: Any, method: Method, directory: Path) -> None:
    """Write the adapter in ``model`` into the new ``directory``."""
    directory.mkdir(parents=True)
    weights = {_PREFIX + name: p.detach() for name, p in bottleneck_tensors(model)}
    lora: dict[str, Any] | None = None
    if method.has_lora:
        config = model.peft_config[_NAME]
        config.inference_mode = True
        config.target_modules = sorted(config.target_modules)  # the same file every time
        config.save_pretrained(directory)
        lora = json.loads((directory / CONFIG).read_text())
        found = peft.get_peft_model_state_dict(model, adapter_name=_NAME)
        weights |= {_PREFIX + name: value.detach() for name, value in found.items()}
    if method.has_bottleneck:
        kind = next(kind for kind, name in OURS.items() if name == method.name)
        ours = {"peft_type": kind, "bottleneck": asdict(method.bottleneck), "lora": lora}
        (directory / CONFIG).write_text(json.dumps(ours, indent=2))
    weights = {name: weights[name].cpu().contiguous() for name in sorted(weights)}
    safetensors.torch.save_file(weights, directory / WEIGHTS)


def put_back(model: Any, config: dict[str, Any], weights: dict[str, torch.Tensor]) -> None:
    """Put a saved adapter of a kind in OURS into the arrangement ``model``.

    Raises ValueError when it does not fit, TypeError and KeyError when its config is damaged.
    """
    if config["lora"]:
        lora = peft.LoraConfig(**config["lora"])
        peft.inject_adapter_in_model(lora, model, _NAME)
        ours = {name: value for name, value in weights.items() if ".lora_" in name}
        peft.set_peft_model_state_dict(model, ours, _NAME)
    insert_bottlenecks(model, BottleneckConfig(**config["bottleneck"]))
    found = dict(bottleneck_tensors(model))
    saved = {name.removeprefix(_PREFIX): value for name, value in weights.items()}
    saved = {name: value for name, value in saved.items() if ".lora_" not in name}
    if strange := sorted(saved.keys() ^ found.keys()):
        raise ValueError(f"{strange[0]} does not fit")
    with torch.no_grad():
        for name, value in saved.items():
            found[name].copy_(value.reshape(found[name].shape))


def saved_config(directory: Path) -> dict[str, Any]:
    """The adapter_config.json in ``directory``. Raises AdapterError."""
    try:
        config = json.loads((directory / CONFIG).read_text())
        if not isinstance(config, dict):
            raise TypeError("it is no object")
    except (OSError, ValueError, TypeError) as error:
        raise AdapterError(f"the adapter {directory} cannot be read: {error}") from error
    return config
