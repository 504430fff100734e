"""Every method that TransformersEngine names is served as plain generation computes it."""

import json
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import peft
import pytest
import pytest_asyncio
import torch
from transformers import AutoModelForCausalLM

from engine.adapters.attach import METHODS
from engine.adapters.methods import METHODS as OURS
from engine.adapters.methods import MethodConfig
from engine.adapters.methods.base import BottleneckConfig
from engine.adapters.published import AdapterVersion
from engine.config import Sampling
from engine.errors import MethodNotServedError
from engine.model.base_model import BaseModel
from engine.model.convert import converted_model
from engine.model.prompt import Prompt
from engine.serving.base import Engine
from tests.engine.serving.engines import running
from tests.engine.serving.reference import Reference
from tests.support.tiny_model import write_tiny_adapter

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOKENS = Sampling(max_tokens=8)
TARGETS = ["q_proj", "v_proj", "down_proj"]
CONFIGS: dict[str, Any] = {
    "lora": peft.LoraConfig(target_modules=TARGETS),
    "rslora": peft.LoraConfig(target_modules=TARGETS, use_rslora=True),
    "dora": peft.LoraConfig(target_modules=TARGETS, use_dora=True),
    "loha": peft.LoHaConfig(target_modules=TARGETS),
    "lokr": peft.LoKrConfig(target_modules=TARGETS),
    "ia3": peft.IA3Config(target_modules=TARGETS, feedforward_modules=["down_proj"]),
    "bottleneck": MethodConfig(bottleneck=BottleneckConfig(8, place="houlsby")),
    "lora+bottleneck": MethodConfig(rank=4, bottleneck=BottleneckConfig(8)),
    "oft": peft.OFTConfig(target_modules=TARGETS, oft_block_size=16),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(tiny_gemma: BaseModel, tiny_cache: Path) -> AsyncIterator[Engine]:
    async with running("transformers", tiny_gemma, tiny_cache) as engine:
        yield engine


def _trained(model: BaseModel, cache: Path, name: str, directory: Path) -> None:
    """Save an adapter as if training had moved its weights far."""
    config = CONFIGS[name]
    base = AutoModelForCausalLM.from_pretrained(converted_model(model, cache))
    if isinstance(config, MethodConfig):
        method = OURS[name]
        ours = method.build(base, config, seed=3)
        with torch.no_grad():
            for _, parameter in method.trainable(ours):
                parameter.add_(0.1 * torch.randn_like(parameter))
        method.save(ours, config, directory)
        return
    peft.inject_adapter_in_model(config, base, "default")
    torch.manual_seed(3)
    weights = peft.get_peft_model_state_dict(base, adapter_name="default")
    weights = {
        f"base_model.model.{name}": (value + 0.2 * torch.randn_like(value)).contiguous()
        if value.is_floating_point()
        else value
        for name, value in weights.items()
    }
    from safetensors.torch import save_file

    directory.mkdir()
    save_file(weights, directory / "adapter_model.safetensors")
    config.save_pretrained(directory)


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_a_method_is_served_exactly(
    engine: Engine, tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path, method: str
) -> None:
    """The answer equals plain generation's up to its first close call, and is not the base's."""
    version = AdapterVersion(method, tmp_path / method)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated")
        _trained(tiny_gemma, tiny_cache, method, version.path)
    await engine.load(version)
    reference, compared = Reference(tiny_gemma, tiny_cache, version), 0
    for prompt in ("세금 계산서 신고", "the hello"):
        expected = reference.answer(prompt, TOKENS.max_tokens)
        base = await engine.stream(Prompt(prompt), None, TOKENS).collect()
        result = await engine.stream(Prompt(prompt), method, TOKENS).collect()
        assert result.text.startswith(expected.certain)
        assert result.text != base.text
        compared += len(expected.certain)
    assert compared > 5


@pytest.mark.parametrize(
    "config",
    [
        {"peft_type": "LORA", "r": 4, "init_lora_weights": "pissa"},
        {"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 4},
    ],
    ids=["pissa", "prefix"],
)
async def test_what_cannot_be_served_is_refused(
    engine: Engine, tmp_path: Path, config: dict[str, Any]
) -> None:
    """Methods that change the base or need their own cache are refused by name."""
    path = write_tiny_adapter(tmp_path / "other")
    (path / "adapter_config.json").write_text(json.dumps(config))
    with pytest.raises(MethodNotServedError, match="ENGINE=transformers cannot serve"):
        await engine.load(AdapterVersion("other", path))
