"""What only the llama.cpp engine can get wrong: the process in which it computes."""

import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen

import httpx
import psutil
import pytest
import pytest_asyncio

from engine.adapters.published import AdapterVersion
from engine.config import Sampling
from engine.errors import EngineError
from engine.model.base_model import BaseModel
from engine.model.prompt import Prompt
from engine.serving.base import Engine
from engine.serving.llamacpp.server import ServerSettings
from tests.engine.serving.engines import running

ROOT = Path(__file__).parents[4]
PROMPT = Prompt("세금 계산서 신고")
SHORT = Sampling(max_tokens=8)
WILD = Sampling(max_tokens=1000, temperature=1.8, top_p=1.0)  # long, and too wild to loop


@pytest_asyncio.fixture
async def engine(
    tiny_gemma: BaseModel, tiny_cache: Path, tiny_adapters: dict[str, AdapterVersion]
) -> AsyncIterator[Engine]:
    async with running("llamacpp", tiny_gemma, tiny_cache, context=512) as engine:
        await engine.load(tiny_adapters["one"])
        yield engine


def _computing() -> psutil.Process:
    """The process that computes; an earlier one may still be leaving."""
    return max(psutil.Process().children(), key=lambda process: process.create_time())


async def test_what_is_made_of_an_adapter_goes_with_it(
    engine: Engine, tiny_adapters: dict[str, AdapterVersion]
) -> None:
    """The converted file lies beside the adapter, so whoever deletes the version deletes both."""
    assert engine.ready("one")
    assert list((tiny_adapters["one"].path.parent / "gguf").rglob("*.gguf"))


async def test_a_crash_ends_the_answers_and_is_made_good(engine: Engine) -> None:
    """Who is being answered hears of it in one line; who asks next is answered as before."""
    before = await engine.stream(PROMPT, "one", SHORT).collect()
    cut = engine.stream(PROMPT, "one", WILD)
    await anext(cut)
    _computing().kill()
    with pytest.raises(EngineError, match=r"llama\.cpp ended \(-9\).*ask again"):
        await cut.collect()
    assert (await engine.stream(PROMPT, "one", SHORT).collect()).text == before.text
    assert await engine.count("x") == 2


async def test_a_version_that_another_process_has_deleted_stops_nothing(
    engine: Engine, tiny_adapters: dict[str, AdapterVersion], tmp_path: Path
) -> None:
    """Others are loaded all the same, and a crash is made good."""
    gone = tmp_path / "gone" / "adapter"
    shutil.copytree(tiny_adapters["one"].path, gone)
    await engine.load(AdapterVersion("gone", gone))
    shutil.rmtree(gone.parent)
    await engine.load(tiny_adapters["two"])
    before = await engine.stream(PROMPT, "two", SHORT).collect()
    cut = engine.stream(PROMPT, "two", WILD)
    await anext(cut)
    _computing().kill()
    with pytest.raises(EngineError):
        await cut.collect()
    assert (await engine.stream(PROMPT, "two", SHORT).collect()).text == before.text


async def test_who_waits_when_it_crashes_is_answered(engine: Engine) -> None:
    """Promised an answer by the process that died, they get it from the next."""
    before = await engine.stream(PROMPT, "one", SHORT).collect()
    cut = [engine.stream(PROMPT, None, WILD) for _ in range(2)]
    waiting = engine.stream(PROMPT, "one", SHORT)
    for stream in cut:
        await anext(stream)
    _computing().kill()
    for stream in cut:
        with suppress(EngineError):  # one may have come to its end just before
            await stream.collect()
    assert (await waiting.collect()).text == before.text


async def test_what_is_loaded_is_not_loaded_again(
    engine: Engine, tiny_adapters: dict[str, AdapterVersion]
) -> None:
    """Going back to a version whose weights are still there takes no new process."""
    await engine.load(tiny_adapters["two"])
    await engine.unload("one")
    same = _computing()
    await engine.load(tiny_adapters["one"])
    assert _computing() == same
    assert engine.ready("one")
    assert engine.ready("two")


def test_it_ends_when_nobody_is_left_to_hear_it(tiny_gguf: Path) -> None:
    """Its parent was killed while it loaded: both pipes are closed when it is ready."""
    settings: ServerSettings = {
        "model": str(tiny_gguf),
        "context": 64,
        "slots": 1,
        "threads": 1,
        "adapters": [],
        "key": "x",
    }
    command = [sys.executable, "-m", "engine", "llamacpp"]
    with Popen(command, stdin=PIPE, stdout=PIPE, cwd=ROOT, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.close()
        process.stdin.write(json.dumps(settings) + "\n")
        process.stdin.close()
        assert process.wait(timeout=20) == 0


async def test_the_door_is_locked(engine: Engine) -> None:
    """Nobody else on this machine may ask the process."""
    ports = [c.laddr.port for c in _computing().net_connections("tcp") if c.status == "LISTEN"]
    async with httpx.AsyncClient(trust_env=False) as client:
        for port in ports:
            asked = await client.post(
                f"http://127.0.0.1:{port}/v1/completions", json={"prompt": "x"}
            )
            assert asked.status_code == 401
    assert len(ports) == 1
