"""Every METHOD starts at the base, leaves it alone, and comes back from its files the same."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from engine.adapters.attach import with_adapter
from engine.adapters.gguf import converted_adapter
from engine.adapters.methods import METHODS, MethodConfig
from engine.adapters.methods.base import BottleneckConfig
from engine.adapters.published import AdapterVersion
from engine.errors import AdapterError, MethodNotServedError
from engine.files import WEIGHTS
from engine.model.base_model import BaseModel
from engine.model.convert import converted_model
from engine.model.gguf_header import read_header

IDS = torch.tensor([[2, 300, 301, 302, 303, 310, 311]])


@pytest.fixture(scope="module")
def base(tiny_gemma: BaseModel, tiny_cache: Path) -> Any:
    model = AutoModelForCausalLM.from_pretrained(converted_model(tiny_gemma, tiny_cache))
    return model.eval().requires_grad_(False)


SIZES = MethodConfig(rank=4, bottleneck=BottleneckConfig(8, "relu", "houlsby"))


def _moved(base: Any, name: str) -> Any:
    """As if training had moved every weight."""
    model = METHODS[name].build(base, SIZES, seed=0)
    with torch.no_grad():
        for _, parameter in METHODS[name].trainable(model):
            parameter.add_(0.1 * torch.randn_like(parameter))
    return model


def _save_moved(base: Any, name: str, directory: Path) -> Any:
    model = _moved(base, name)
    METHODS[name].save(model, SIZES, directory)
    return model


def _logits(model: Any) -> torch.Tensor:
    with torch.no_grad():
        logits: torch.Tensor = model(IDS).logits
    return logits


@pytest.mark.parametrize("name", METHODS)
def test_an_untrained_adapter_is_the_base(base: Any, name: str) -> None:
    """Training starts where the base is, and only the adapter needs gradients."""
    model = METHODS[name].build(base, SIZES, seed=0)
    torch.testing.assert_close(_logits(model), _logits(base))
    need = {name for name, p in model.named_parameters() if p.requires_grad}
    assert need == {name for name, _ in METHODS[name].trainable(model)}


@pytest.mark.parametrize("name", METHODS)
def test_saved_and_loaded_it_answers_the_same(base: Any, name: str, tmp_path: Path) -> None:
    """Serving's way back gives the same scores to the last bit; the base beside it is untouched."""
    before = _logits(base)
    model = _save_moved(base, name, tmp_path / "adapter")
    served = with_adapter(base, AdapterVersion("v", tmp_path / "adapter"))
    assert torch.equal(_logits(served), _logits(model))
    assert not torch.allclose(_logits(model), before, atol=0.1)
    assert torch.equal(_logits(base), before)
    assert {path.suffix for path in (tmp_path / "adapter").iterdir()} == {".json", ".safetensors"}


def test_lora_is_saved_as_llama_cpp_needs_it(base: Any, tiny_gguf: Path, tmp_path: Path) -> None:
    """PEFT's layout, which converts; the other methods are refused by name."""
    _save_moved(base, "lora", tmp_path / "lora")
    header = read_header(tiny_gguf)
    assert converted_adapter(tmp_path / "lora", header, tmp_path).is_file()
    _save_moved(base, "lora+bottleneck", tmp_path / "both")
    with pytest.raises(MethodNotServedError, match="cannot serve LIGHTWEIGHT"):
        converted_adapter(tmp_path / "both", header, tmp_path)
    (tmp_path / "full").touch()
    with pytest.raises(AdapterError, match="cannot be written"):
        converted_adapter(tmp_path / "lora", header, tmp_path / "full")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"bottleneck": {"size": 9}}, "does not fit|shape|invalid"),
        ({"bottleneck": {"size": 8}}, "does not fit"),
        ({"bottleneck": {"width": 8}}, "unexpected keyword"),
    ],
    ids=["other size", "fewer places", "unknown key"],
)
def test_a_bottleneck_that_does_not_fit_is_refused(
    base: Any, tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    """Its name and what is wrong are said."""
    _save_moved(base, "bottleneck", tmp_path / "a")
    config = json.loads((tmp_path / "a" / "adapter_config.json").read_text())
    (tmp_path / "a" / "adapter_config.json").write_text(json.dumps(config | change))
    with pytest.raises(AdapterError, match=f"the adapter v .*({reason})"):
        with_adapter(base, AdapterVersion("v", tmp_path / "a"))


def test_the_same_seed_begins_the_same(base: Any, tmp_path: Path) -> None:
    """Two runs write the same bytes; another seed does not."""
    method, written = METHODS["lora+bottleneck"], []
    for n, seed in enumerate((1, 1, 2)):
        method.save(method.build(base, SIZES, seed), SIZES, tmp_path / f"{n}")
        written.append((tmp_path / f"{n}" / WEIGHTS).read_bytes())
    assert written[0] == written[1] != written[2]
