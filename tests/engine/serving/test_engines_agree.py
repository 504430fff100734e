"""Both engines answer what the model says, with and without an adapter, for two architectures."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from engine.config import Sampling
from engine.prompt import Prompt
from engine.serving.base import AdapterVersion, Engine
from tests.engine.serving.engines import ENGINES, Reference, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOKENS = 20
SHORT = Sampling(max_tokens=8)
PROMPTS = [
    "the hello",
    "세금 계산서 신고",
    "질문: 부가세 is what?\n답:",
    "x y z",
    "가나다라 😀 마바사",
    "the 세금 hello 계산서, 신고? " * 5,  # beyond gemma's sliding window
]


@dataclass
class Pair:
    engine: Engine
    references: dict[str | None, Reference]


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[(e, a) for a in ("gemma3", "llama") for e in ENGINES],
)
async def pair(
    request: pytest.FixtureRequest, tiny_cache: Path, tiny_adapters: dict[str, AdapterVersion]
) -> AsyncIterator[Pair]:
    name, arch = request.param
    model = request.getfixturevalue("tiny_gemma" if arch == "gemma3" else "tiny_llama")
    one = tiny_adapters["one"]
    references = {
        None: Reference(model, tiny_cache, None),
        "one": Reference(model, tiny_cache, one),
    }
    async with running(name, model, tiny_cache) as engine:
        await engine.load(one)
        yield Pair(engine, references)


@pytest.mark.parametrize("version", [None, "one"])
async def test_greedy_answers_are_those_of_plain_generation(
    pair: Pair, version: str | None
) -> None:
    """Text equals the reference's up to its first close call, over half of all tokens at least."""
    compared = 0
    for prompt in PROMPTS:
        expected = pair.references[version].answer(prompt, TOKENS)
        stream = pair.engine.stream(Prompt(prompt), version, Sampling(max_tokens=TOKENS))
        result = await stream.collect()
        assert result.text.startswith(expected.certain) or expected.text.startswith(result.text)
        compared += min(len(expected.certain), len(result.text))
    assert compared > TOKENS * len(PROMPTS) / 2


async def test_the_adapter_changes_answers(pair: Pair) -> None:
    """With the adapter the same prompts are answered differently."""
    for prompt in PROMPTS[:3]:
        base, adapted = await asyncio.gather(
            pair.engine.stream(Prompt(prompt), sampling=SHORT).collect(),
            pair.engine.stream(Prompt(prompt), "one", SHORT).collect(),
        )
        assert base.text != adapted.text


async def test_prompts_are_counted_alike(pair: Pair) -> None:
    """``count`` and the result's prompt tokens are the tokenizer's, beginning token included."""
    for prompt in PROMPTS:
        tokens = len(pair.references[None].tokenizer(prompt)["input_ids"])
        assert await pair.engine.count(prompt) == tokens
        stream = pair.engine.stream(Prompt(prompt), sampling=Sampling(max_tokens=1))
        assert (await stream.collect()).prompt_tokens == tokens
