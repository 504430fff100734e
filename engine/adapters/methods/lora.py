"""LoRA on all linear layers: h ← W·h + (alpha / r)·B·A·h (Hu et al. 2021, arXiv 2106.09685, §4.1).

PEFT's own layers and files, which llama.cpp's conversion, vLLM and PEFT itself read. Loading takes
PEFT's other kinds of weights beside a linear layer as well, for adapters that come from elsewhere.
"""

from pathlib import Path
from typing import Any, ClassVar

from engine.adapters.methods.base import (
    ADAPTER_NAME,
    PREFIX,
    MethodConfig,
    NamedWeights,
    build_with,
)
from engine.adapters.saved import read_weights, write_weights
from engine.errors import AdapterError, MethodNotServedError

# The other ways to begin a LoRA subtract it from the base weights, which are everybody's here.
_HARMLESS_BEGINNINGS = (True, False, "gaussian", "eva", "orthogonal")
# Each is compared with plain generation in tests/engine/serving/test_methods.py; the first two are
# settings of LoRA.
VARIANTS = frozenset({"rslora", "dora", "loha", "lokr", "ia3", "oft"})


class LoraMethod:
    """See TuningMethod."""

    name = "lora"
    aliases = ()
    served_by = frozenset({"llamacpp", "transformers"})
    peft_types = frozenset({"LORA", "LOHA", "LOKR", "IA3", "OFT"})
    layer_names: ClassVar = {"lora": ".lora_A."}

    def insert(self, model: Any, config: MethodConfig) -> None:
        import peft

        lora = peft.LoraConfig(
            r=config.rank,
            lora_alpha=2 * config.rank,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
            base_model_name_or_path=model.name_or_path or None,
        )
        peft.inject_adapter_in_model(lora, model, ADAPTER_NAME)

    def build(self, base: Any, config: MethodConfig, seed: int) -> Any:
        return build_with(base, seed, lambda model: self.insert(model, config), self.trainable)

    def trainable(self, model: Any) -> NamedWeights:
        return [(name, p) for name, p in model.named_parameters() if ".lora_" in name]

    def save(self, model: Any, config: MethodConfig, directory: Path) -> None:
        write_weights(self.weights(model), directory)
        self.config_of(model).save_pretrained(directory)

    def config_of(self, model: Any) -> Any:
        """PEFT's configuration of the adapter in ``model``, the same file every time."""
        found = model.peft_config[ADAPTER_NAME]
        found.inference_mode = True
        found.target_modules = sorted(found.target_modules)
        return found

    def weights(self, model: Any) -> dict[str, Any]:
        """The weights in ``model`` by the names they have in a file."""
        import peft

        found = peft.get_peft_model_state_dict(model, adapter_name=ADAPTER_NAME)
        return {PREFIX + name: value.detach() for name, value in found.items()}

    def load(self, model: Any, directory: Path) -> None:
        import peft

        config, weights = _read_config(directory), read_weights(directory)
        peft.inject_adapter_in_model(config, model, ADAPTER_NAME)
        loaded = peft.set_peft_model_state_dict(model, weights, ADAPTER_NAME)
        absent = [key for key in loaded.missing_keys if f".{ADAPTER_NAME}" in key]
        if strange := [*loaded.unexpected_keys, *absent]:
            raise ValueError(f"{strange[0]} does not fit")


def _read_config(directory: Path) -> Any:
    import peft

    try:
        config = peft.PeftConfig.from_pretrained(str(directory))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AdapterError(f"the adapter {directory} cannot be read: {error}") from error
    beginning = getattr(config, "init_lora_weights", True)
    if beginning not in _HARMLESS_BEGINNINGS:
        raise MethodNotServedError(
            f"ENGINE=transformers cannot serve LoRA begun with {beginning}; "
            f"train with METHOD={LoraMethod.name}"
        )
    config.inference_mode = True
    return config
