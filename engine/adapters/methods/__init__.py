"""What METHOD may be: a new tuning method is a file in this folder and a line in this one.

Settings, training, the engines and the counts of layers read this registry, most of them in
processes without torch: so the files beside this one import torch and PEFT inside their functions.
"""

from collections.abc import Iterable, Mapping

from engine.adapters.methods.base import MethodConfig, TuningMethod
from engine.adapters.methods.bottleneck import BottleneckMethod
from engine.adapters.methods.lora import LoraMethod
from engine.adapters.methods.lora_bottleneck import LoraBottleneckMethod

__all__ = ["METHODS", "MethodConfig", "TuningMethod", "find_method", "saved_by", "served_by"]


def _by_name(methods: Iterable[TuningMethod]) -> Mapping[str, TuningMethod]:
    return {method.name: method for method in methods}


METHODS = _by_name(
    (
        LoraMethod(),
        BottleneckMethod(),
        LoraBottleneckMethod(),
    )
)
_ALIASES = {alias: method for method in METHODS.values() for alias in method.aliases}


def find_method(name: str) -> TuningMethod:
    """The method of that name or alias. Raises ValueError, which lists what there is."""
    method = METHODS.get(name) or _ALIASES.get(name)
    if method is None:
        raise ValueError(f"it must be one of {', '.join(METHODS)}, not {name!r}")
    return method


def served_by(engine: str) -> frozenset[str]:
    """The names of the methods that ``engine`` can serve."""
    return frozenset(name for name, method in METHODS.items() if engine in method.served_by)


def saved_by(peft_type: str) -> TuningMethod | None:
    """The method whose adapters have ``peft_type`` in their adapter_config.json."""
    return next((m for m in METHODS.values() if peft_type in m.peft_types), None)
