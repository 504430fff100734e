"""The two files of a saved adapter, read and written. Weights are safetensors only."""

import json
from pathlib import Path
from typing import Any

from engine.errors import AdapterError
from engine.files import CONFIG, WEIGHTS


def read_config(directory: Path) -> dict[str, Any]:
    """The adapter_config.json in ``directory``. Raises AdapterError."""
    try:
        config = json.loads((directory / CONFIG).read_text())
        if not isinstance(config, dict):
            raise TypeError("it is no object")
    except (OSError, ValueError, TypeError) as error:
        raise AdapterError(f"the adapter {directory} cannot be read: {error}") from error
    return config


def write_config(config: dict[str, Any], directory: Path) -> None:
    (directory / CONFIG).write_text(json.dumps(config, indent=2))


def read_weights(directory: Path) -> dict[str, Any]:
    """The adapter's tensors in memory of our own: nothing that is done to the file reaches them."""
    import safetensors.torch

    try:
        return dict(safetensors.torch.load((directory / WEIGHTS).read_bytes()))
    except (OSError, ValueError, safetensors.SafetensorError) as error:
        raise AdapterError(f"the adapter {directory} is damaged: {error}") from error


def write_weights(weights: dict[str, Any], directory: Path) -> None:
    """Write ``weights`` (name → tensor) into the new ``directory``, sorted by name."""
    import safetensors.torch

    directory.mkdir(parents=True)
    whole = {name: weights[name].cpu().contiguous() for name in sorted(weights)}
    safetensors.torch.save_file(whole, directory / WEIGHTS)
