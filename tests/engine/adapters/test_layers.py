"""How many layers an adapter has, read from the names in its file."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.adapters.layers import AdapterLayers, adapter_layers
from engine.errors import AdapterError


def test_layers_are_counted_by_their_names(tmp_path: Path):
    """A LoRA has two matrices, a bottleneck two with their biases."""
    weight = np.zeros((2, 2), dtype=np.float32)
    ends = ("q_proj.lora_A.weight", "q_proj.lora_B.weight", "k_proj.lora_A.weight",
            "k_proj.lora_B.weight", "mlp.bottleneck.down.weight", "mlp.bottleneck.down.bias",
            "mlp.bottleneck.up.weight", "mlp.bottleneck.up.bias")  # fmt: skip
    save_file(
        {f"model.layers.0.{end}": weight for end in ends}, tmp_path / "adapter_model.safetensors"
    )
    assert adapter_layers(tmp_path) == AdapterLayers(lora=2, others=1)


@pytest.mark.parametrize("content", [b"", b"no weights", None])
def test_what_is_no_adapter_is_said_by_name(tmp_path: Path, content: bytes | None):
    """Damaged or not there."""
    if content is not None:
        (tmp_path / "adapter_model.safetensors").write_bytes(content)
    with pytest.raises(AdapterError, match=str(tmp_path)):
        adapter_layers(tmp_path)
