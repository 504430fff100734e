"""PEFT's LoRA directory → the LoRA file that llama.cpp reads. Needs numpy, not torch.

Tensor layout: llama.cpp's convert_lora_to_gguf.py. rsLoRA and DoRA change the arithmetic in ways
that the format has no field for, so they are refused rather than served wrongly.
"""

import hashlib
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import AdapterError, MethodNotServedError
from engine.files import CONFIG, WEIGHTS
from engine.model.gguf_header import GgufHeader

_WEIGHT = re.compile(r"^(?:base_model\.model\.)?(?P<module>.+)\.lora_(?P<side>[AB])\.weight$")
Matrix = NDArray[np.float32]


def converted_adapter(adapter: Path, base: GgufHeader, directory: Path) -> Path:
    """The GGUF file of the PEFT adapter in ``adapter``, made in ``directory`` if not yet there.

    Raises AdapterError when it is damaged, does not fit ``base`` or cannot be written,
    MethodNotServedError when llama.cpp has no way to serve it.
    """
    config, weights = _read(adapter)
    digest = hashlib.sha256(weights.read_bytes() + json.dumps(config).encode()).hexdigest()
    target = directory / f"{digest[:24]}.gguf"
    if target.exists():
        return target
    tensors = _tensors(weights, base)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory) as unfinished:
            written = Path(unfinished) / target.name
            _write(written, base.architecture, float(config["lora_alpha"]), tensors)
            written.replace(target)
    except OSError as error:
        raise AdapterError(f"{target} cannot be written: {error.strerror or error}") from error
    return target


def _read(adapter: Path) -> tuple[dict[str, Any], Path]:
    weights = adapter / WEIGHTS
    try:
        config = json.loads((adapter / CONFIG).read_text())
        if not weights.is_file():
            raise FileNotFoundError(2, f"{WEIGHTS} is missing")
        if config.get("peft_type") == "LORA":
            float(config["lora_alpha"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AdapterError(f"the adapter {adapter} cannot be read: {error}") from error
    method = config.get("peft_type")
    if method != "LORA" or config.get("use_dora") or config.get("use_rslora"):
        kind = (
            "DoRA" if config.get("use_dora") else "rsLoRA" if config.get("use_rslora") else method
        )
        raise MethodNotServedError(
            f"llama.cpp cannot serve {kind} adapters; set ENGINE=transformers or METHOD=lora"
        )
    return config, weights


def _tensors(weights: Path, base: GgufHeader) -> dict[str, Matrix]:
    """Tensors under their GGUF names. Raises AdapterError when one does not fit the base."""
    import gguf
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        loaded = load_file(weights)
    except SafetensorError as error:
        raise AdapterError(f"the adapter {weights.parent} is damaged: {error}") from error
    architectures = {name: arch for arch, name in gguf.MODEL_ARCH_NAMES.items()}
    names = gguf.get_tensor_name_map(architectures[base.architecture], base.number("block_count"))
    tensors: dict[str, Matrix] = {}
    for key, value in loaded.items():
        match = _WEIGHT.match(key)
        name = match and names.get_name(match["module"])
        shape = base.shapes.get(f"{name}.weight")
        if not match or not shape:
            raise _other_base(weights.parent, key)
        first = match["side"] == "A"
        if value.shape[1 if first else 0] != shape[0 if first else 1]:
            raise _other_base(weights.parent, key)
        rows = value if first else _rows_as_in_gguf(value, match["module"], base)
        tensors[f"{name}.weight.lora_{'a' if first else 'b'}"] = rows.astype(np.float32)
    return tensors


def _other_base(adapter: Path, key: str) -> AdapterError:
    return AdapterError(
        f"the adapter {adapter.name} was trained on another base model: {key} does not fit"
    )


def _rows_as_in_gguf(value: Matrix, module: str, base: GgufHeader) -> Matrix:
    """Llama's GGUF files keep each head's rotary halves interleaved; the rows of B must follow."""
    projection = module.rsplit(".", 1)[-1]
    heads = {"q_proj": "attention.head_count", "k_proj": "attention.head_count_kv"}
    if base.architecture != "llama" or projection not in heads:
        return value
    count, rank = base.number(heads[projection]), value.shape[1]
    return value.reshape(count, 2, -1, rank).swapaxes(1, 2).reshape(value.shape)


def _write(path: Path, architecture: str, alpha: float, tensors: dict[str, Matrix]) -> None:
    import gguf

    writer = gguf.GGUFWriter(path, architecture)
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for name, value in tensors.items():
        writer.add_tensor(name, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
