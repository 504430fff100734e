"""Adapter versions beside the base model: each is a copy of its module objects.

A version gets copies of the base model's module objects that point to the very same tensors, and
its adapter is put into those copies. So loading one cannot disturb what is being computed,
versions of different methods never meet, and switching means choosing another module.
"""

import torch

from engine.adapters.methods import saved_by, served_by
from engine.adapters.methods.base import shared_copy
from engine.adapters.methods.lora import VARIANTS
from engine.adapters.published import AdapterVersion
from engine.adapters.saved import read_config
from engine.errors import AdapterError, MethodNotServedError

# Our own methods and, for adapters that come from elsewhere, the variants of LoRA in PEFT.
METHODS = served_by("transformers") | VARIANTS


def with_adapter(base: torch.nn.Module, version: AdapterVersion) -> torch.nn.Module:
    """``base`` with the adapter in ``version.path``; ``base`` itself stays as it is.

    Raises AdapterError when the files are damaged or do not fit, MethodNotServedError when
    adapters of this kind cannot take part in a batch.
    """
    kind = read_config(version.path).get("peft_type")
    if not isinstance(kind, str):
        raise AdapterError(f"the adapter {version.path} cannot be read: it names no peft_type")
    method = saved_by(kind)
    if method is None:
        raise MethodNotServedError(
            f"ENGINE=transformers cannot serve {kind}; "
            f"train with one of {', '.join(sorted(METHODS))}"
        )
    model: torch.nn.Module = shared_copy(base)
    try:
        method.load(model, version.path)
    except (RuntimeError, ValueError, KeyError, TypeError) as error:
        reason = str(error).strip().splitlines()
        raise _unfit(version, reason[-1].strip() if reason else type(error).__name__) from error
    return model.eval().requires_grad_(False)


def _unfit(version: AdapterVersion, reason: str) -> AdapterError:
    return AdapterError(f"the adapter {version.name} was trained on another base model: {reason}")
