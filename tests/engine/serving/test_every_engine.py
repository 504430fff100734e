"""What every engine promises (engine.serving.base.Engine), proven on each with a tiny model."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from engine.adapters.published import AdapterVersion
from engine.config import Sampling
from engine.errors import AdapterError, BusyError, EngineError, PromptTooLongError
from engine.model.base_model import BaseModel
from engine.model.prompt import Prompt
from engine.serving.base import Engine
from engine.serving.stream import Stream
from tests.engine.serving.engines import running
from tests.support.tiny_model import write_tiny_adapter

pytestmark = pytest.mark.asyncio(loop_scope="module")
EACH = ("llamacpp", pytest.param("transformers", marks=pytest.mark.slow))  # which brings torch
PROMPT = Prompt("세금 계산서 신고")
SHORT = Sampling(max_tokens=8)
WILD = Sampling(max_tokens=1000, temperature=1.8, top_p=1.0)  # long, and too wild to loop


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=EACH)
async def engine(
    request: pytest.FixtureRequest,
    tiny_gemma: BaseModel,
    tiny_cache: Path,
    tiny_adapters: dict[str, AdapterVersion],
) -> AsyncIterator[Engine]:
    async with running(request.param, tiny_gemma, tiny_cache, context=512) as engine:
        for version in tiny_adapters.values():
            await engine.load(version)
        yield engine


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def idle(request: pytest.FixtureRequest) -> None:
    """Begin each test with free slots: they are given back a moment after an answer's end."""
    if "engine" in request.fixturenames:
        await _idle(request.getfixturevalue("engine"))


async def _idle(engine: Engine) -> None:
    while engine.stats.running or engine.stats.waiting:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


def _processor_s() -> float:
    """Seconds that this process and its children have computed."""
    ours = psutil.Process()
    times = [process.cpu_times() for process in (ours, *ours.children())]
    return sum(used.user + used.system for used in times)


async def _begun(stream: Stream) -> Stream:
    """``stream`` once its first piece is there."""
    await anext(stream)
    return stream


async def test_pieces_make_up_the_text(engine: Engine) -> None:
    """The pieces, put together, are the result's text, and there are several."""
    stream = engine.stream(PROMPT, sampling=Sampling(max_tokens=24))
    pieces = [piece async for piece in stream]
    assert len(pieces) > 3
    assert "".join(pieces).strip() == stream.result.text


async def test_max_tokens_end_an_answer(engine: Engine) -> None:
    """An answer that was cut says so, and counts its tokens."""
    result = await engine.stream(PROMPT, sampling=SHORT).collect()
    assert (result.reason, result.tokens) == ("length", 8)


async def test_the_context_ends_an_answer(engine: Engine) -> None:
    """Prompt and answer together never exceed the context."""
    result = await engine.stream(PROMPT, sampling=WILD).collect()
    assert result.reason in {"length", "end"}
    assert result.prompt_tokens + result.tokens <= engine.context + 1


async def test_a_stop_string_ends_an_answer(engine: Engine) -> None:
    """Nothing from the stop string on is shown, and computing ends there."""
    whole = await engine.stream(PROMPT, sampling=Sampling(max_tokens=24)).collect()
    stop = whole.text[6:8]
    cut = await engine.stream(
        Prompt(PROMPT.text, (stop,)), sampling=Sampling(max_tokens=24)
    ).collect()
    assert cut.text == whole.text.split(stop)[0].strip()
    assert cut.tokens < whole.tokens


async def test_a_prompt_that_does_not_fit_is_refused(engine: Engine) -> None:
    """PromptTooLongError names the prompt's tokens and how many fit."""
    text = "x" * engine.context
    with pytest.raises(PromptTooLongError) as refused:
        await engine.stream(Prompt(text)).collect()
    assert refused.value.tokens == await engine.count(text)
    assert refused.value.limit == engine.context - 1


async def test_the_longest_prompt_that_fits_is_answered(engine: Engine) -> None:
    """A prompt with room for one token gets one token."""
    text = "x" * (engine.context - 2)  # and the beginning-of-text token
    result = await engine.stream(Prompt(text)).collect()
    assert result.prompt_tokens == engine.context - 1
    assert result.reason in {"length", "end"}


async def test_sampling_repeats_with_the_seed(engine: Engine) -> None:
    """The same seed gives the same answer, in company too; another seed gives another."""

    def ask(seed: int) -> Stream:
        return engine.stream(PROMPT, sampling=Sampling(temperature=1.0, seed=seed, max_tokens=16))

    alone = await ask(7).collect()
    beside, company = await asyncio.gather(ask(7).collect(), ask(8).collect())
    assert beside.text == alone.text
    assert company.text != alone.text


async def test_greedy_and_sampled_answers_do_not_mix(engine: Engine) -> None:
    """A greedy answer stays what it is beside a sampled one."""
    alone = await engine.stream(PROMPT, sampling=SHORT).collect()
    beside, _ = await asyncio.gather(
        engine.stream(PROMPT, sampling=SHORT).collect(),
        engine.stream(PROMPT, sampling=Sampling(temperature=1.5, max_tokens=8)).collect(),
    )
    assert beside.text == alone.text


async def test_many_answers_at_once(engine: Engine) -> None:
    """As many as may run and wait get their own answers, the same as alone."""
    prompts = [Prompt(f"{letter} 세금") for letter in "abcd"]
    alone = [await engine.stream(prompt, sampling=SHORT).collect() for prompt in prompts]
    await _idle(engine)
    together = await asyncio.gather(
        *(engine.stream(prompt, sampling=SHORT).collect() for prompt in prompts)
    )
    assert [result.text for result in together] == [result.text for result in alone]


async def test_versions_at_the_same_time(engine: Engine) -> None:
    """Base and versions that are asked at once each give their own answer."""
    versions = [None, "one", "two", "one"]
    alone = [await engine.stream(PROMPT, version, SHORT).collect() for version in versions]
    await _idle(engine)
    together = await asyncio.gather(
        *(engine.stream(PROMPT, version, SHORT).collect() for version in versions)
    )
    assert [result.text for result in together] == [result.text for result in alone]
    assert len({result.text for result in together}) == 3


async def test_cancelling_stops_the_computing(engine: Engine) -> None:
    """What was said so far stays, the slot is free, and the processor rests."""
    streams = [await _begun(engine.stream(PROMPT, sampling=WILD)) for _ in range(2)]
    for stream in streams:
        stream.cancel()
    results = [await stream.collect() for stream in streams]
    assert [result.reason for result in results] == ["cancelled"] * 2
    assert all(result.text and result.tokens < 400 for result in results)
    await asyncio.sleep(0.1)
    assert engine.stats.running == 0
    busy, slept = _processor_s(), 0.3
    await asyncio.sleep(slept)
    assert _processor_s() - busy < slept / 2


async def test_cancelling_in_the_queue(engine: Engine) -> None:
    """A request that waits for a slot can be cancelled; the running ones go on."""
    running = [await _begun(engine.stream(PROMPT, sampling=WILD)) for _ in range(2)]
    queued = engine.stream(PROMPT, sampling=SHORT)
    await asyncio.sleep(0.01)
    assert engine.stats.waiting == 1
    queued.cancel()
    result = await queued.collect()
    assert (result.reason, result.tokens, result.text) == ("cancelled", 0, "")
    assert engine.stats.running == 2
    for stream in running:
        stream.cancel()
        await stream.collect()


async def test_a_full_queue_says_the_position(engine: Engine) -> None:
    """The request after the last place is refused at once; those before it are answered."""
    streams = [engine.stream(PROMPT, sampling=SHORT) for _ in range(4)]  # 2 slots, 2 places
    with pytest.raises(BusyError) as refused:
        engine.stream(PROMPT, sampling=SHORT)
    assert refused.value.position == 3
    assert [(await stream.collect()).tokens for stream in streams] == [8] * 4


async def test_an_unknown_version_is_refused(engine: Engine) -> None:
    """Asking for a version that was never loaded raises at once."""
    assert not engine.ready("never")
    with pytest.raises(AdapterError, match="never"):
        engine.stream(PROMPT, "never")


@pytest.mark.parametrize("name", EACH)
async def test_it_starts_with_the_versions_that_can_be_served(
    name: str, tiny_gemma: BaseModel, tiny_cache: Path,
    tiny_adapters: dict[str, AdapterVersion], tmp_path: Path,
) -> None:  # fmt: skip
    """They answer as if they had been loaded; one that does not fit keeps nothing from starting."""
    alien = AdapterVersion("alien", write_tiny_adapter(tmp_path / "alien", hidden=96))
    async with running(name, tiny_gemma, tiny_cache, [alien, tiny_adapters["one"]]) as engine:
        assert engine.stats.versions == ("one",)
        with_one = await engine.stream(PROMPT, "one", SHORT).collect()
        assert with_one.text != (await engine.stream(PROMPT, None, SHORT).collect()).text


async def test_an_adapter_of_another_base_is_refused(engine: Engine, tmp_path: Path) -> None:
    """Wrong shapes are refused, and what was served is served on unchanged."""
    before = await engine.stream(PROMPT, "one", SHORT).collect()
    alien = AdapterVersion("alien", write_tiny_adapter(tmp_path / "alien", hidden=96))
    with pytest.raises(AdapterError, match="another base model"):
        await engine.load(alien)
    assert not engine.ready("alien")
    assert (await engine.stream(PROMPT, "one", SHORT).collect()).text == before.text


@pytest.mark.parametrize("damaged", ["adapter_config.json", "adapter_model.safetensors"])
@pytest.mark.parametrize("how", ["cut", "gone"])
async def test_a_damaged_adapter_is_refused(
    engine: Engine, tmp_path: Path, damaged: str, how: str
) -> None:
    """A file that is missing or cut short is an AdapterError, not a half-loaded version."""
    path = write_tiny_adapter(tmp_path / "damaged")
    file = path / damaged
    content = file.read_bytes()
    file.unlink()
    if how == "cut":
        file.write_bytes(content[: len(content) // 2])
    with pytest.raises(AdapterError):
        await engine.load(AdapterVersion("damaged", path))
    assert not engine.ready("damaged")


async def test_unloading_lets_running_answers_finish(engine: Engine, tmp_path: Path) -> None:
    """A version that is unloaded is refused to newcomers and finishes what it has begun."""
    await engine.load(AdapterVersion("short-lived", write_tiny_adapter(tmp_path / "s", seed=9)))
    stream = await _begun(engine.stream(PROMPT, "short-lived", Sampling(max_tokens=24)))
    await engine.unload("short-lived")
    with pytest.raises(AdapterError):
        engine.stream(PROMPT, "short-lived")
    assert (await stream.collect()).reason in {"length", "loop"}


async def test_a_waiting_request_keeps_its_version(engine: Engine, tmp_path: Path) -> None:
    """Unloaded, and another loaded, while it waits: it is answered with what it was promised."""
    sampling = Sampling(max_tokens=12)
    await engine.load(AdapterVersion("promised", write_tiny_adapter(tmp_path / "p", seed=9)))
    alone = await engine.stream(PROMPT, "promised", sampling).collect()
    slots = [engine.stream(PROMPT, None, Sampling(max_tokens=64)) for _ in range(2)]
    waiting = engine.stream(PROMPT, "promised", sampling)
    await engine.unload("promised")
    await engine.load(AdapterVersion("next", write_tiny_adapter(tmp_path / "n", seed=10)))
    assert (await waiting.collect()).text == alone.text
    for stream in slots:
        await stream.collect()
    await engine.unload("next")


async def test_loading_while_answers_stream(engine: Engine, tmp_path: Path) -> None:
    """Answers under way are the same as without a version being loaded beside them."""
    greedy = Sampling(max_tokens=48)
    alone = await engine.stream(PROMPT, "one", greedy).collect()
    stream = await _begun(engine.stream(PROMPT, "one", greedy))
    beside = AdapterVersion("beside", write_tiny_adapter(tmp_path / "beside", seed=5))
    await asyncio.gather(engine.load(beside), stream.collect())
    assert stream.result.text == alone.text
    assert engine.ready("beside")
    await engine.unload("beside")


@pytest.mark.parametrize("name", EACH)
async def test_closing_ends_what_runs(name: str, tiny_llama: BaseModel, tiny_cache: Path) -> None:
    """Streams that run or wait end as cancelled when the engine is closed; later ones fail."""
    async with running(name, tiny_llama, tiny_cache, context=512, slots=1) as engine:
        streams = [engine.stream(PROMPT, sampling=WILD) for _ in range(2)]
        await _begun(streams[0])
    assert [(await stream.collect()).reason for stream in streams] == ["cancelled"] * 2
    with pytest.raises((EngineError, RuntimeError)):
        await engine.stream(PROMPT).collect()
