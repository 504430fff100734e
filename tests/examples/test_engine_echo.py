"""The example of an engine keeps the promises of test_every_engine.py that need no model."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answering.responder import Responder
from bot.domains import Domain
from engine.adapters.published import AdapterVersion
from engine.config import EngineConfig, Sampling
from engine.errors import AdapterError, BusyError, EngineError, PromptTooLongError
from engine.model.base_model import BaseModel
from engine.model.prompt import Prompt
from engine.serving.base import Engine
from engine.serving.choose import ENGINES, choose_engine
from engine.serving.stream import Stream
from examples.engine_echo import EchoEngine

WORDS = " ".join(f"word{n}" for n in range(12))
PROMPT = Prompt(WORDS)
LONG = Prompt(" ".join(f"word{n}" for n in range(300)))
MODEL = BaseModel("none", gguf=None)


@pytest.fixture
async def engine(
    tmp_path: Path, tiny_adapters: dict[str, AdapterVersion], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Engine]:
    """Made as the line in engine/serving/choose.py would make it."""
    monkeypatch.setitem(ENGINES, "echo", EchoEngine)
    config = EngineConfig(tmp_path, context=512, slots=2, waiting=2)
    engine = choose_engine("echo", MODEL, "lora", config)
    broken = AdapterVersion("broken", tmp_path / "nowhere")
    await engine.start([broken, *tiny_adapters.values()])
    yield engine
    await engine.close()


async def begun(stream: Stream) -> Stream:
    await anext(stream)
    return stream


async def test_pieces_make_up_the_text(engine: Engine) -> None:
    """Put together they are the result's text, which is the question."""
    stream = engine.stream(PROMPT)
    pieces = [piece async for piece in stream]
    assert len(pieces) == 12
    assert "".join(pieces) == stream.result.text == WORDS
    assert stream.result.reason == "end"


async def test_max_tokens_end_an_answer(engine: Engine) -> None:
    """An answer that was cut says so, and counts its tokens."""
    result = await engine.stream(PROMPT, sampling=Sampling(max_tokens=8)).collect()
    assert (result.reason, result.tokens) == ("length", 8)


async def test_the_context_ends_an_answer(engine: Engine) -> None:
    """Prompt and answer together never exceed the context."""
    result = await engine.stream(LONG, sampling=Sampling(max_tokens=1000)).collect()
    assert result.reason == "length"
    assert result.prompt_tokens + result.tokens == engine.context


async def test_a_stop_string_ends_an_answer(engine: Engine) -> None:
    """Nothing from the stop string on is shown."""
    result = await engine.stream(Prompt(WORDS, ("word3",))).collect()
    assert (result.reason, result.text) == ("stop", "word0 word1 word2")


async def test_a_prompt_that_does_not_fit_is_refused(engine: Engine) -> None:
    """PromptTooLongError names the prompt's tokens and how many fit."""
    text = "word " * 512
    with pytest.raises(PromptTooLongError) as refused:
        await engine.stream(Prompt(text)).collect()
    assert refused.value.tokens == await engine.count(text)
    assert refused.value.limit == engine.context - 1


async def test_versions_at_the_same_time(engine: Engine) -> None:
    """Base and versions that are asked at once each give their own answer."""
    asked = [engine.stream(PROMPT, version) for version in (None, "one", "two")]
    results = await asyncio.gather(*(stream.collect() for stream in asked))
    assert [r.text for r in results] == [WORDS, f"[one] {WORDS}", f"[two] {WORDS}"]


async def test_cancelling_stops_the_computing(engine: Engine) -> None:
    """What was said so far stays, and the slot is free."""
    stream = await begun(engine.stream(LONG))
    stream.cancel()
    result = await stream.collect()
    assert (result.reason, result.tokens < 300) == ("cancelled", True)
    await asyncio.sleep(0.01)
    assert engine.stats.running == 0


async def test_cancelling_in_the_queue(engine: Engine) -> None:
    """A request that waits for a slot can be cancelled; the running ones go on."""
    running = [await begun(engine.stream(LONG)) for _ in range(2)]
    queued = engine.stream(PROMPT)
    await asyncio.sleep(0)
    assert engine.stats.waiting == 1
    queued.cancel()
    result = await queued.collect()
    assert (result.reason, result.text) == ("cancelled", "")
    assert engine.stats.running == 2
    for stream in running:
        stream.cancel()


async def test_a_full_queue_says_the_position(engine: Engine) -> None:
    """The request after the last place is refused at once; those before it are answered."""
    streams = [engine.stream(PROMPT) for _ in range(4)]  # 2 slots, 2 places
    with pytest.raises(BusyError) as refused:
        engine.stream(PROMPT)
    assert refused.value.position == 3
    assert [(await stream.collect()).text for stream in streams] == [WORDS] * 4


async def test_it_starts_with_the_versions_that_can_be_served(engine: Engine) -> None:
    """One that is damaged keeps nothing from starting, and is refused by name."""
    assert engine.stats.versions == ("one", "two")
    with pytest.raises(AdapterError, match="broken"):
        engine.stream(PROMPT, "broken")


async def test_a_damaged_adapter_is_refused(engine: Engine, tmp_path: Path) -> None:
    """Nothing has changed then."""
    with pytest.raises(AdapterError):
        await engine.load(AdapterVersion("damaged", tmp_path))
    assert not engine.ready("damaged")


async def test_unloading_lets_running_answers_finish(engine: Engine) -> None:
    """A version that is unloaded is refused to newcomers and finishes what it has begun."""
    stream = await begun(engine.stream(PROMPT, "one"))
    await engine.unload("one")
    with pytest.raises(AdapterError):
        engine.stream(PROMPT, "one")
    assert (await stream.collect()).text == f"[one] {WORDS}"


async def test_closing_ends_what_runs(engine: Engine) -> None:
    """Streams that run or wait end as cancelled; later ones fail."""
    streams = [engine.stream(LONG) for _ in range(3)]
    await begun(streams[0])
    await engine.close()
    assert [(await stream.collect()).reason for stream in streams] == ["cancelled"] * 3
    with pytest.raises(EngineError):
        engine.stream(PROMPT)


async def test_the_bot_answers_with_it(engine: Engine) -> None:
    """A question that nothing is known about comes back as it was asked."""
    responder = Responder(engine, None, {"d": Domain(name="d", title="d", unknown="mark")})
    response = await responder.respond("d", "When is it due?", (), "en")
    await response.read()
    assert (response.text, response.status) == ("When is it due?", "done")
