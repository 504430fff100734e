"""The example of a tuning method, on the tiny Gemma: it keeps what every METHOD promises."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from engine.adapters.attach import with_adapter
from engine.adapters.methods import METHODS, MethodConfig
from engine.adapters.published import AdapterVersion
from engine.errors import AdapterError
from engine.model.base_model import BaseModel
from engine.model.convert import converted_model
from engine.training.run import run
from examples.tuning_method import ScalingMethod
from tests.engine.training.rounds import write_round

IDS = torch.tensor([[2, 300, 301, 302, 303, 310, 311]])
METHOD = ScalingMethod()


@pytest.fixture(scope="module")
def base(tiny_gemma: BaseModel, tiny_cache: Path) -> Any:
    model = AutoModelForCausalLM.from_pretrained(converted_model(tiny_gemma, tiny_cache))
    return model.eval().requires_grad_(False)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the line in engine/adapters/methods/__init__.py would do."""
    monkeypatch.setitem(METHODS, METHOD.name, METHOD)


def changed(base: Any) -> Any:
    """As if training had moved every weight."""
    torch.manual_seed(0)
    model = METHOD.build(base, MethodConfig(), seed=0)
    with torch.no_grad():
        for _, parameter in METHOD.trainable(model):
            parameter.add_(torch.randn_like(parameter))
    return model


def logits(model: Any) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model(IDS).logits
    return found


def test_untrained_it_is_the_base(base: Any) -> None:
    """Training starts where the base is, and the vectors alone need gradients."""
    model = METHOD.build(base, MethodConfig(), seed=0)
    assert torch.equal(logits(model), logits(base))
    need = {name for name, p in model.named_parameters() if p.requires_grad}
    assert need == {name for name, _ in METHOD.trainable(model)}


def test_every_vector_learns(base: Any) -> None:
    """A step backwards reaches all of them, and nothing of the base."""
    model = METHOD.build(base, MethodConfig(), seed=0)
    model(IDS, labels=IDS).loss.backward()
    assert all(p.grad is not None and p.grad.any() for _, p in METHOD.trainable(model))
    assert all(p.grad is None for p in base.parameters())


def test_saved_and_loaded_it_answers_the_same(base: Any, tmp_path: Path) -> None:
    """Serving's way back gives the same scores to the last bit; the base is untouched."""
    before = logits(base)
    model = changed(base)
    METHOD.save(model, MethodConfig(), tmp_path / "adapter")
    served = with_adapter(base, AdapterVersion("v", tmp_path / "adapter"))
    assert torch.equal(logits(served), logits(model))
    assert not torch.allclose(logits(model), before, atol=0.01)
    assert torch.equal(logits(base), before)


def test_a_round_trains_with_it(
    base: Any, tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path
) -> None:
    """METHOD=scaling is all that a round needs to be told; what it leaves can be served."""
    manifest = run(write_round(tmp_path, tiny_gemma, tiny_cache, method="scaling", epochs=1))
    widths = [len(p) for _, p in METHOD.trainable(changed(base))]
    assert manifest["parameters"] == sum(widths)
    served = with_adapter(base, AdapterVersion("v", tmp_path / "adapter"))
    assert any(p.any() for _, p in METHOD.trainable(served))


def test_an_adapter_of_other_layers_is_refused(
    base: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the version and a layer."""
    METHOD.save(changed(base), MethodConfig(), tmp_path / "adapter")
    monkeypatch.setattr("examples.tuning_method.LAYERS", ("k_proj",))
    with pytest.raises(AdapterError, match=r"the adapter v .*does not fit"):
        with_adapter(base, AdapterVersion("v", tmp_path / "adapter"))
