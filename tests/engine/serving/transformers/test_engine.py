"""What only the transformers engine can get wrong: its library's thread, and shared weights."""

import asyncio
import copy
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.attach import with_adapter
from engine.adapters.published import AdapterVersion
from engine.config import EngineConfig, Sampling
from engine.errors import EngineError, ModelError
from engine.model.base_model import BaseModel
from engine.model.checkpoint import read_checkpoint
from engine.model.convert import converted_model
from engine.model.prompt import Prompt
from engine.serving.transformers import batching
from engine.serving.transformers.engine import TransformersEngine
from tests.engine.serving.engines import running

PROMPT = Prompt("세금 계산서 신고")
SHORT = Sampling(max_tokens=8)


async def test_an_error_while_computing_reaches_every_reader(
    tiny_gemma: BaseModel, tiny_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Running and waiting streams fail with its reason; the next one is answered."""
    async with running("transformers", tiny_gemma, tiny_cache) as engine:
        assert isinstance(engine, TransformersEngine)
        good = await engine.stream(PROMPT, sampling=SHORT).collect()
        assert engine._checkpoint
        model = engine._checkpoint.model

        def fail(*_: Any, **__: Any) -> None:
            raise MemoryError("out of memory in a pass")

        monkeypatch.setattr(model, "forward", fail)
        streams = [engine.stream(PROMPT, sampling=SHORT) for _ in range(3)]
        results = await asyncio.gather(*(s.collect() for s in streams), return_exceptions=True)
        assert all(isinstance(result, EngineError) for result in results)
        assert "out of memory in a pass" in str(results[0])
        monkeypatch.undo()
        again = await engine.stream(PROMPT, sampling=SHORT).collect()
        assert again.text == good.text


async def test_a_cache_that_does_not_fit_is_a_model_error(
    tiny_gemma: BaseModel, tiny_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's MemoryError, in its own thread, ends the start in one line, not in silence."""
    settings = batching._settings

    def huge(config: EngineConfig, device: str) -> Any:
        wanted = copy.copy(settings(config, device))
        wanted.num_blocks = 10**9
        return wanted

    monkeypatch.setattr(batching, "_settings", huge)
    with pytest.raises(ModelError, match=r"cannot be served: .*lower the context"):
        async with running("transformers", tiny_gemma, tiny_cache):
            pass


async def test_too_little_memory_is_said_before_loading(
    tiny_gemma: BaseModel, tiny_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names what is needed and what is free."""
    monkeypatch.setattr("engine.model.checkpoint.available_bytes", lambda: 2**20)
    with pytest.raises(ModelError, match=r"needs about \d+ MB of memory and 1 MB are free"):
        async with running("transformers", tiny_gemma, tiny_cache):
            pass


def test_versions_share_the_base_weights(
    tiny_gemma: BaseModel, tiny_cache: Path, tiny_adapters: dict[str, AdapterVersion]
) -> None:
    """An arrangement adds only the adapter to memory, and the base stays without one."""
    base = read_checkpoint(tiny_gemma, EngineConfig(cache=tiny_cache)).model
    names = {name for name, _ in base.named_parameters()}
    arranged = with_adapter(base, tiny_adapters["one"])
    shared = {parameter.data_ptr() for parameter in base.parameters()}
    own = [p for p in arranged.parameters() if p.data_ptr() not in shared]
    assert {name for name, _ in base.named_parameters()} == names
    assert len(own) == 2 * 6 * 7  # A and B, for 7 projections in 6 layers


async def test_a_transformers_directory_is_served(tiny_gemma: BaseModel, tiny_cache: Path) -> None:
    """MODEL may be a directory; its format comes from the tokenizer and equals the GGUF's."""
    directory = converted_model(tiny_gemma, tiny_cache)
    async with running("transformers", tiny_gemma, tiny_cache) as engine:
        expected, expected_format = (
            await engine.stream(PROMPT, sampling=SHORT).collect(),
            engine.format,
        )
    model = BaseModel("directory", transformers=str(directory))
    async with running("transformers", model, tiny_cache) as engine:
        assert (await engine.stream(PROMPT, sampling=SHORT).collect()).text == expected.text
        assert engine.format.bos == expected_format.bos == "<bos>"
        assert engine.format.eos == expected_format.eos == "<eos>"
        assert engine.format.control_tokens >= expected_format.control_tokens


async def test_a_directory_without_weights_is_refused(tmp_path: Path) -> None:
    """What is no model is a ModelError that names it."""
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(ModelError, match="transformers cannot load hollow"):
        async with running(
            "transformers", BaseModel("hollow", transformers=str(tmp_path)), tmp_path
        ):
            pass
