"""The port of a tuning method: what is trained beside the frozen model, saved, and put back."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from torch import nn

NamedWeights = Sequence[tuple[str, "nn.Parameter"]]
ADAPTER_NAME = "trained"  # of the one adapter in each model
PREFIX = "base_model.model."  # PEFT's, before every name in a file of weights
ACTIVATIONS = ("relu", "gelu", "silu")
PLACES: Mapping[str, tuple[str, ...]] = {"pfeiffer": ("mlp",), "houlsby": ("mlp", "self_attn")}


@dataclass(frozen=True, slots=True)
class BottleneckConfig:
    """``size``: width of the bottleneck; ``place``: pfeiffer or houlsby."""

    size: int = 64
    activation: str = "gelu"
    place: str = "pfeiffer"

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError(f"size must be at least 1, not {self.size}")
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}")
        if self.place not in PLACES:
            raise ValueError(f"place must be one of {', '.join(PLACES)}")


@dataclass(frozen=True, slots=True)
class MethodConfig:
    """How large an adapter is. ``rank``: LoRA's r; its alpha is twice that."""

    rank: int = 16
    bottleneck: BottleneckConfig = field(default_factory=BottleneckConfig)

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise ValueError(f"rank must be at least 1, not {self.rank}")


class TuningMethod(Protocol):
    """One way to tune a frozen model. Its properties are read where there is no torch."""

    @property
    def name(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names that METHOD takes."""
        ...

    @property
    def served_by(self) -> frozenset[str]:
        """The engines that can serve it, as ENGINE names them."""
        ...

    @property
    def peft_types(self) -> frozenset[str]:
        """What ``peft_type`` in adapter_config.json may say of it."""
        ...

    @property
    def layer_names(self) -> Mapping[str, str]:
        """Kind of layer → the part of a tensor's name that each such layer has exactly once."""
        ...

    def build(self, base: Any, config: MethodConfig, seed: int) -> Any:
        """A copy of ``base`` around its very tensors, with a new adapter (32 bits) that alone
        needs gradients. The same seed gives the same adapter."""
        ...

    def trainable(self, model: Any) -> NamedWeights:
        """Names and weights of the adapter in ``model``."""
        ...

    def save(self, model: Any, config: MethodConfig, directory: Path) -> None:
        """Write the adapter in ``model`` into the new ``directory``, weights as safetensors."""
        ...

    def load(self, model: Any, directory: Path) -> None:
        """Put the adapter in ``directory`` into ``model``, a copy made by ``shared_copy``.

        Raises AdapterError when its files cannot be read, MethodNotServedError when a setting of
        it cannot be served, ValueError when it does not fit, TypeError and KeyError when its
        config is damaged.
        """
        ...


def shared_copy(base: Any) -> Any:
    """Copies of the module objects of ``base``, around the very same tensors.

    So the base beside it stays what it was and serves as the reference.
    """
    tensors = {id(tensor): tensor for tensor in (*base.parameters(), *base.buffers())}
    return copy.deepcopy(base, memo=dict(tensors))


def build_with(
    base: Any,
    seed: int,
    insert: Callable[[Any], None],
    trainable: Callable[[Any], NamedWeights],
) -> Any:
    """What every ``build`` does around putting its layers in."""
    import torch

    torch.manual_seed(seed)
    model = shared_copy(base)
    insert(model)
    for _, parameter in trainable(model):
        parameter.data = parameter.data.float()
        parameter.requires_grad_()
    return model.eval()  # nothing in it is drawn by chance
