"""Eight streams that never pause, while a version is loaded, takes over, and gives way again."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from benchmarks.questions import QUESTIONS
from engine.adapters.published import AdapterVersion
from engine.config import EngineConfig, Sampling
from engine.model.base_model import BaseModel, assembled_default
from engine.model.gguf_header import read_header
from engine.model.prompt import Prompt
from engine.serving.base import Engine
from engine.serving.llamacpp.engine import LlamaCppEngine
from engine.serving.stream import Result
from tests.engine.serving.engines import running
from tests.support.full_size_adapters import write_adapter

PROMPTS = [Prompt(f"{letter} 세금 계산서") for letter in "abcdefgh"]
GREEDY = Sampling(max_tokens=12)
Answers = list[tuple[str, Prompt, Result]]


class Steady:
    """``version`` is what the next question of each stream asks for."""

    def __init__(self, engine: Engine, prompts: Sequence[Prompt], version: str) -> None:
        self._engine = engine
        self.version = version
        self.answers: Answers = []
        self._over = False
        self._streams = [asyncio.create_task(self._ask(prompt)) for prompt in prompts]

    async def _ask(self, prompt: Prompt) -> None:
        while not self._over:
            version = self.version
            result = await self._engine.stream(prompt, version, GREEDY).collect()
            self.answers.append((version, prompt, result))

    async def flip(self, version: str) -> None:
        """Ask for ``version`` from now on; returns when each stream has asked for it."""
        self.version = version
        enough = len(self.answers) + 2 * len(self._streams)
        while len(self.answers) < enough and not any(s.done() for s in self._streams):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def end(self) -> None:
        self._over = True
        await asyncio.gather(*self._streams)


async def _swapped(
    engine: Engine, one: AdapterVersion, two: AdapterVersion, prompts: Sequence[Prompt] = PROMPTS
) -> Answers:
    """What was answered while "two" was loaded, went live, and was rolled back."""
    await engine.load(one)
    steady = Steady(engine, prompts, one.name)
    await steady.flip(one.name)
    await engine.load(two)
    await steady.flip(two.name)
    await steady.flip(one.name)
    await steady.end()
    assert {version for version, *_ in steady.answers} == {one.name, two.name}
    return steady.answers


async def _alone(engine: Engine, answers: Answers) -> dict[tuple[str, str], Result]:
    """What each version says to each prompt when nobody else asks, by version and prompt."""
    asked = {(version, prompt.text): prompt for version, prompt, _ in answers}
    return {
        key: await engine.stream(prompt, key[0], GREEDY).collect() for key, prompt in asked.items()
    }


@pytest.mark.parametrize("name", ["llamacpp", pytest.param("transformers", marks=pytest.mark.slow)])
async def test_every_answer_is_whole_and_of_one_version(
    name: str, tiny_gemma: BaseModel, tiny_cache: Path, tiny_adapters: dict[str, AdapterVersion]
) -> None:
    """None fails, none is cut, and each is what its version says when it is alone."""
    async with running(name, tiny_gemma, tiny_cache, slots=8) as engine:
        answers = await _swapped(engine, tiny_adapters["one"], tiny_adapters["two"])
        alone = await _alone(engine, answers)
    for version, prompt, result in answers:
        expected = alone[version, prompt.text]
        assert (result.text, result.reason) == (expected.text, expected.reason)


@asynccontextmanager
async def _default_model(folder: Path) -> AsyncIterator[tuple[Engine, list[AdapterVersion]]]:
    """The default model; version "one" answers as it does by itself, "two" in no language."""
    cache = Path(os.environ.get("REACTUNE_CACHE", "~/.cache/reactune")).expanduser()
    gguf = assembled_default(cache)
    header = read_header(gguf)
    versions = [
        AdapterVersion(name, write_adapter(folder / name, header, strength=strength))
        for name, strength in (("one", 0.0), ("two", 100.0))
    ]
    engine = LlamaCppEngine(BaseModel("default", gguf=gguf), EngineConfig(folder))
    await engine.start()
    try:
        yield engine, versions
    finally:
        await engine.close()


@pytest.mark.slow
async def test_the_same_on_the_default_model(tmp_path: Path) -> None:
    """None fails or is cut; Korean and syllables of other scripts never meet in one answer."""
    async with _default_model(tmp_path) as (engine, (one, two)):
        prompts = [engine.format.render(question) for question in QUESTIONS]
        answers = await _swapped(engine, one, two, prompts)
    for version, _, result in answers:
        assert result.tokens
        assert result.reason != "cancelled"
        letters = [letter for letter in result.text if letter.isalpha() and not letter.isascii()]
        korean = ["가" <= letter <= "힣" for letter in letters]
        assert korean == [version == one.name] * len(letters), result.text
