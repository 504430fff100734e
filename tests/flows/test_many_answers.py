"""Sixteen people ask at once, on the real default model."""

import asyncio
import os
from pathlib import Path

import pytest

from engine.config import EngineConfig, Sampling
from engine.models import DEFAULT_MODEL, find_model
from engine.serving.base import fit_prompt
from engine.serving.llamacpp import LlamaCppEngine

pytestmark = pytest.mark.slow
TICK_S, LATE_S = 0.05, 0.2


async def lateness(stop: asyncio.Event) -> float:
    """How late a task that wants to run every 50 ms came at worst, in seconds."""
    loop, worst = asyncio.get_running_loop(), 0.0
    due = loop.time() + TICK_S
    while not stop.is_set():
        await asyncio.sleep(due - loop.time())
        worst = max(worst, loop.time() - due)
        due = loop.time() + TICK_S
    return worst


async def test_the_event_loop_is_never_blocked():
    """A heartbeat stays on time while sixteen answers stream, and all are answered."""
    cache = Path(os.environ.get("REACTUNE_CACHE", "~/.cache/reactune")).expanduser()
    engine = LlamaCppEngine(find_model(DEFAULT_MODEL, cache), EngineConfig(cache))
    await engine.start()
    over = asyncio.Event()
    heartbeat = asyncio.create_task(lateness(over))
    prompts = [await fit_prompt(engine, f"{n}월에 신고하는 세금은?") for n in range(16)]
    streams = [engine.stream(prompt, sampling=Sampling(max_tokens=48)) for prompt in prompts]
    results = await asyncio.gather(*(stream.collect() for stream in streams))
    over.set()
    late = await heartbeat
    await engine.close()
    assert all(result.tokens > 0 for result in results)
    assert late < LATE_S
