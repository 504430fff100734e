"""Both engines answer what the model says, with and without an adapter, for two architectures."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio

from engine.adapters.published import AdapterVersion
from engine.config import Sampling
from engine.model.prompt import Prompt
from engine.serving.base import Engine
from tests.engine.serving.engines import ENGINES, running
from tests.engine.serving.reference import Expected, Reference

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOKENS = 16
SHORT = Sampling(max_tokens=8)
PROMPTS = [
    "the hello",
    "세금 계산서 신고",
    "질문: 부가세 is what?\n답:",
    "가나다라 😀 마바사",
    "the 세금 hello 계산서, 신고? " * 5,  # beyond gemma's sliding window
]


Answers = dict[tuple[str | None, str], Expected]  # by version and prompt


@dataclass
class Pair:
    engine: Engine
    expected: Answers


@pytest.fixture(scope="module")
def expected(
    request: pytest.FixtureRequest, tiny_cache: Path, tiny_adapters: dict[str, AdapterVersion]
) -> Callable[[str], Answers]:
    """The right answers of a fixture's model, computed once."""

    @cache
    def answers(model: str) -> Answers:
        found: Answers = {}
        for version in (None, tiny_adapters["one"]):
            reference = Reference(request.getfixturevalue(model), tiny_cache, version)
            for prompt in PROMPTS:
                found[version and version.name, prompt] = reference.answer(prompt, TOKENS)
        return found

    return answers


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[(e, m) for m in ("tiny_gemma", "tiny_llama") for e in ENGINES],
)
async def pair(
    request: pytest.FixtureRequest,
    tiny_cache: Path,
    tiny_adapters: dict[str, AdapterVersion],
    expected: Callable[[str], Answers],
) -> AsyncIterator[Pair]:
    name, model = request.param
    async with running(name, request.getfixturevalue(model), tiny_cache) as engine:
        await engine.load(tiny_adapters["one"])
        yield Pair(engine, expected(model))


@pytest.mark.parametrize("version", [None, "one"])
async def test_greedy_answers_are_those_of_plain_generation(
    pair: Pair, version: str | None
) -> None:
    """Text equals the reference's up to its first close call, over half of all tokens at least."""
    compared = 0
    for prompt in PROMPTS:
        expected = pair.expected[version, prompt]
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
        tokens = pair.expected[None, prompt].prompt_tokens
        assert await pair.engine.count(prompt) == tokens
        stream = pair.engine.stream(Prompt(prompt), sampling=Sampling(max_tokens=1))
        assert (await stream.collect()).prompt_tokens == tokens
