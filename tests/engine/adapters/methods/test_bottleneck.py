"""The bottleneck layer is the papers', where the papers put it."""

from pathlib import Path

import pytest
import torch
from torch import nn
from transformers import AutoModelForCausalLM

from engine.adapters.methods.base import BottleneckConfig
from engine.adapters.methods.bottleneck_layers import (
    Bottleneck,
    bottleneck_tensors,
    insert_bottlenecks,
)
from engine.errors import ModelError
from engine.model.base_model import BaseModel
from engine.model.convert import converted_model

FORMULAS = {
    "relu": lambda x: x.clamp(min=0),
    "gelu": lambda x: x * (1 + torch.erf(x / 2**0.5)) / 2,
    "silu": lambda x: x / (1 + torch.exp(-x)),
}


def _moved(module: nn.Module) -> None:
    """As if training had moved every weight."""
    torch.manual_seed(5)
    for name, parameter in module.named_parameters():
        if "bottleneck" in name or isinstance(module, Bottleneck):
            nn.init.normal_(parameter, std=0.3)


@pytest.fixture
def model(tiny_gemma: BaseModel, tiny_cache: Path) -> nn.Module:
    found: nn.Module = AutoModelForCausalLM.from_pretrained(converted_model(tiny_gemma, tiny_cache))
    return found.eval()


@pytest.mark.parametrize("activation", sorted(FORMULAS))
def test_the_layer_is_the_formula(activation: str) -> None:
    """h + W_up · f(W_down · h + b_down) + b_up, computed by hand."""
    layer = Bottleneck(12, BottleneckConfig(size=4, activation=activation))
    _moved(layer)
    hidden = torch.randn(2, 3, 12)
    down, up = layer.down, layer.up
    inner = FORMULAS[activation](hidden @ down.weight.T + down.bias)
    torch.testing.assert_close(layer(hidden), hidden + inner @ up.weight.T + up.bias)


def test_a_new_layer_changes_nothing() -> None:
    """Training starts at the base model."""
    hidden = torch.randn(3, 12)
    assert torch.equal(Bottleneck(12, BottleneckConfig())(hidden), hidden)


def test_a_layer_in_a_16_bit_model_keeps_its_type() -> None:
    """It computes in 32 bits and gives back what it was given."""
    assert Bottleneck(12, BottleneckConfig())(torch.ones(1, 12).bfloat16()).dtype == torch.bfloat16


@pytest.mark.parametrize(("place", "each"), [("pfeiffer", 1), ("houlsby", 2)])
def test_layers_stand_where_the_papers_put_them(model: nn.Module, place: str, each: int) -> None:
    """One a block after the feed-forward part (Pfeiffer), another after attention (Houlsby); the
    block's output is the formula applied to what it was."""
    layer = model.get_submodule("model.layers.2")
    assert isinstance(layer, nn.Module)
    states = torch.randn(1, 4, 64)
    mlp = layer.get_submodule("mlp")
    before = mlp(states)
    insert_bottlenecks(model, BottleneckConfig(size=8, place=place))
    _moved(model)
    assert len(list(bottleneck_tensors(model))) == 6 * each * 4
    torch.testing.assert_close(mlp(states), mlp.get_submodule("bottleneck")(before))


def test_a_model_of_other_parts_is_refused() -> None:
    """The message says what was looked for and the way out."""
    other = nn.Module()
    other.config = type("C", (), {"get_text_config": lambda self: self, "hidden_size": 4})()  # type: ignore[assignment]
    with pytest.raises(ModelError, match=r"no mlp block .*set METHOD=lora"):
        insert_bottlenecks(other, BottleneckConfig())


@pytest.mark.parametrize("bad", [{"size": 0}, {"activation": "sine"}, {"place": "roof"}])
def test_a_wrong_setting_is_named(bad: dict[str, object]) -> None:
    """The error names the key."""
    with pytest.raises(ValueError, match=next(iter(bad))):
        BottleneckConfig(**bad)  # type: ignore[arg-type]
