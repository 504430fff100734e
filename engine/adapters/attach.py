"""Adapter versions beside the base model: each is its own arrangement of the same weights.

A version gets copies of the base model's module objects that point to the very same tensors, and
its adapter is put into those copies. So loading one cannot disturb what is being computed,
versions of different methods never meet, and switching means choosing another module.
"""

from pathlib import Path
from typing import Any

import peft
import safetensors
import safetensors.torch
import torch

from engine.adapters.methods.base import OURS, arrangement_of, put_back, saved_config
from engine.adapters.published import AdapterVersion
from engine.errors import AdapterError, MethodNotServedError
from engine.files import WEIGHTS

_NAME = "served"  # of the one adapter in each arrangement
# Each is compared with plain generation in tests/engine/serving/test_methods.py; the first three
# are one kind of file.
METHODS = frozenset({"lora", "rslora", "dora", "loha", "lokr", "ia3", "oft"}) | frozenset(
    OURS.values()
)
_KINDS = frozenset({"LORA", "LOHA", "LOKR", "IA3", "OFT"})
# The other ways to begin a LoRA subtract it from the base weights, which are everybody's here.
_HARMLESS_BEGINNINGS = (True, False, "gaussian", "eva", "orthogonal")


def with_adapter(base: torch.nn.Module, version: AdapterVersion) -> torch.nn.Module:
    """``base`` with the adapter in ``version.path``; ``base`` itself stays as it is.

    Raises AdapterError when the files are damaged or do not fit, MethodNotServedError when
    adapters of this kind cannot take part in a batch.
    """
    saved = saved_config(version.path)
    ours = saved.get("peft_type") in OURS
    config = saved if ours else _config(version.path)
    weights = _weights(version.path)
    arrangement: torch.nn.Module = arrangement_of(base)
    try:
        (put_back if ours else _put_in)(arrangement, config, weights)
    except (RuntimeError, ValueError, KeyError, TypeError) as error:
        reason = str(error).strip().splitlines()
        raise _unfit(version, reason[-1].strip() if reason else type(error).__name__) from error
    return arrangement.eval().requires_grad_(False)


def _put_in(arrangement: torch.nn.Module, config: Any, weights: dict[str, torch.Tensor]) -> None:
    peft.inject_adapter_in_model(config, arrangement, _NAME)
    loaded = peft.set_peft_model_state_dict(arrangement, weights, _NAME)
    absent = [key for key in loaded.missing_keys if f".{_NAME}" in key]
    if strange := [*loaded.unexpected_keys, *absent]:
        raise ValueError(f"{strange[0]} does not fit")


def _unfit(version: AdapterVersion, reason: str) -> AdapterError:
    return AdapterError(f"the adapter {version.name} was trained on another base model: {reason}")


def _config(adapter: Path) -> Any:
    try:
        config = peft.PeftConfig.from_pretrained(str(adapter))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AdapterError(f"the adapter {adapter} cannot be read: {error}") from error
    kind, beginning = config.peft_type.value, getattr(config, "init_lora_weights", True)
    if kind not in _KINDS or beginning not in _HARMLESS_BEGINNINGS:
        what = kind if kind not in _KINDS else f"LoRA begun with {beginning}"
        raise MethodNotServedError(
            f"ENGINE=transformers cannot serve {what}; "
            f"train with one of {', '.join(sorted(METHODS))}"
        )
    config.inference_mode = True
    return config


def _weights(adapter: Path) -> dict[str, torch.Tensor]:
    """The adapter's tensors in memory of our own: nothing that is done to the file reaches them."""
    try:
        return dict(safetensors.torch.load((adapter / WEIGHTS).read_bytes()))
    except (OSError, ValueError, safetensors.SafetensorError) as error:
        raise AdapterError(f"the adapter {adapter} is damaged: {error}") from error
