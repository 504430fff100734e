"""How many layers an adapter has, by the names in its file: nothing is loaded, torch least."""

from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from engine.adapters.methods import METHODS
from engine.errors import AdapterError
from engine.files import WEIGHTS

_LAYER_NAMES = {kind: part for m in METHODS.values() for kind, part in m.layer_names.items()}


@dataclass(frozen=True, slots=True)
class AdapterLayers:
    """``lora``: linear layers with a LoRA beside them; ``others``: layers of all other methods,
    such as bottlenecks."""

    lora: int = 0
    others: int = 0


def adapter_layers(directory: Path) -> AdapterLayers:
    """The layers of the adapter saved in ``directory``. Raises AdapterError."""
    try:
        with safe_open(directory / WEIGHTS, framework="numpy") as file:
            names = list(file.keys())
    except (OSError, SafetensorError) as error:
        raise AdapterError(f"the adapter {directory} cannot be read: {error}") from error
    counts = {kind: sum(part in name for name in names) for kind, part in _LAYER_NAMES.items()}
    return AdapterLayers(counts["lora"], sum(counts.values()) - counts["lora"])
