"""``python -m benchmarks.swap``: what people notice when a new version goes live, or back.

Eight streams are asked without a pause, of the default model on llama.cpp. Meanwhile a new adapter
is loaded and the requests flip to it, and later back. Prints and writes
benchmarks/results/swap.json. Half a minute.
"""

import asyncio
import itertools
import json
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.__main__ import RESULTS, machine
from benchmarks.questions import SAMPLING, prompts
from bot.settings import load_settings
from engine.adapters.published import AdapterVersion
from engine.config import EngineConfig
from engine.errors import EngineError
from engine.model.base_model import DEFAULT_MODEL, find_model
from engine.model.gguf_header import read_header
from engine.serving.llamacpp.engine import LlamaCppEngine
from tests.support.full_size_adapters import write_adapter

STREAMS, IDLE_S, AFTER_S, TICK_S = 8, 8.0, 4.0, 0.002


@dataclass
class Load:
    """A steady load; ``version`` is what the next request asks for. Times of the wall, seconds.

    ``gaps``: when a piece came, and how long after the one before it in its answer. ``stops``: when
    the event loop came back, and how late. ``answered``: answers by version.
    """

    engine: LlamaCppEngine
    version: str
    gaps: list[tuple[float, float]] = field(default_factory=list)
    stops: list[tuple[float, float]] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    _first: dict[str, asyncio.Event] = field(default_factory=dict)

    async def run(self) -> None:
        await asyncio.gather(self._watch(), *(self._ask(number) for number in range(STREAMS)))

    async def heard(self, version: str) -> None:
        """Wait for the next first piece of an answer by ``version``."""
        event = self._first[version] = asyncio.Event()
        await event.wait()

    async def _ask(self, number: int) -> None:
        for turn in itertools.count():
            prompt = prompts(self.engine.format, STREAMS * turn + number)[number]
            version, before = self.version, None
            try:
                stream = self.engine.stream(prompt, version, SAMPLING)
                async for _ in stream:
                    now = time.perf_counter()
                    if before is None:
                        self._first.get(version, asyncio.Event()).set()
                    else:
                        self.gaps.append((now, now - before))
                    before = now
                if stream.result.reason == "cancelled" or not stream.result.tokens:
                    self.failed.append(f"cut: {stream.result}")
                self.answered[version] += 1
            except EngineError as error:
                self.failed.append(str(error))

    async def _watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK_S)
            now = time.perf_counter()
            self.stops.append((now, now - before - TICK_S))


async def measured(engine: LlamaCppEngine, first: AdapterVersion, second: AdapterVersion) -> dict:
    """The figures of one swap and one rollback under load.

    ``first_words_after_s``: from then until the first who asked afterwards has first words, a part
    of which is waiting for one of the eight slots.
    """
    await engine.load(first)
    load = Load(engine, first.name)
    running = asyncio.create_task(load.run())
    await load.heard(first.name)
    begun = time.perf_counter()
    await asyncio.sleep(IDLE_S)
    swapping = time.perf_counter()
    await engine.load(second)
    loaded = time.perf_counter()
    load.version = second.name
    await load.heard(second.name)
    heard = time.perf_counter()
    await asyncio.sleep(AFTER_S)  # the old process answers what it has begun
    swapped = time.perf_counter()
    await engine.load(first)
    back = time.perf_counter()
    load.version = first.name
    await load.heard(first.name)
    heard_again = time.perf_counter()
    await asyncio.sleep(AFTER_S)
    ended = time.perf_counter()
    running.cancel()
    await asyncio.wait({running})
    return {
        "failed_during_swap": len(load.failed),
        "answers": dict(load.answered),
        "swap_s": round(loaded - swapping, 2),
        "rollback_s": round(back - swapped, 2),
        "first_words_after_s": {
            "swap": round(heard - loaded, 2),
            "rollback": round(heard_again - back, 2),
        },
        "gap_ms": {
            "idle": _gaps(load.gaps, begun, swapping),
            "swap": _gaps(load.gaps, swapping, swapped),
            "rollback": _gaps(load.gaps, swapped, ended),
        },
        "longest_stop_of_the_loop_ms": {
            "idle": _longest(load.stops, begun, swapping),
            "swap": _longest(load.stops, swapping, swapped),
        },
    }


def _gaps(gaps: Sequence[tuple[float, float]], start: float, end: float) -> dict[str, float]:
    cut = statistics.quantiles((1000 * gap for at, gap in gaps if start < at <= end), n=100)
    return {"p50": round(cut[49]), "p99": round(cut[98])}


def _longest(stops: Sequence[tuple[float, float]], start: float, end: float) -> float:
    return round(max(1000 * late for at, late in stops if start < at <= end))


async def swap(cache: Path) -> dict:
    model = find_model(DEFAULT_MODEL, cache)
    assert model.gguf
    header = read_header(model.gguf)
    engine = LlamaCppEngine(model, EngineConfig(cache))
    with tempfile.TemporaryDirectory() as folder:
        first, second = (
            AdapterVersion(
                name, write_adapter(Path(folder) / name, header, seed=seed, strength=0.001)
            )
            for seed, name in enumerate(("first", "second"))
        )
        await engine.start()
        try:
            return await measured(engine, first, second)
        finally:
            await engine.close()


def main() -> None:
    busy = os.getloadavg()[0]  # of the minute before
    result = asyncio.run(swap(load_settings().cache)) | {
        "load_before": round(busy, 2),
        "machine": machine(),
    }
    text = json.dumps(result, indent=2, ensure_ascii=False)
    print(text)
    (RESULTS / "swap.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
