"""``python -m benchmarks.training_latency``: how long answers take while a round trains.

One user asks one question after the other, an adapter on: first nothing else runs, then a round
does, then nothing again. Writes the ratio of the p95s. About five minutes.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from itertools import count, islice
from pathlib import Path

from benchmarks.__main__ import peer
from benchmarks.kept import keep
from benchmarks.questions import prompts
from benchmarks.retrieval_data import ROOT
from benchmarks.training_data import training_set
from engine.adapters.published import AdapterVersion
from engine.config import EngineConfig, Sampling
from engine.model.base_model import DEFAULT_MODEL, find_model
from engine.model.convert import converted_model
from engine.model.prompt import Prompt
from engine.retrieval.choose import choose_embedder
from engine.serving.llamacpp.engine import LlamaCppEngine
from engine.training.config import RoundConfig
from engine.training.examples import write_examples

ANSWERS = 80  # in each state
SAMPLING = Sampling(max_tokens=25)


async def main() -> None:
    config = RoundConfig()
    model = find_model(DEFAULT_MODEL, config.cache)
    adapter = config.cache / "bench-adapter"
    if not (adapter / "adapter_model.safetensors").exists():
        peer("make-adapter", converted_model(model, config.cache), adapter)
    engine = LlamaCppEngine(model, EngineConfig(config.cache))
    await engine.start()
    await engine.load(AdapterVersion("bench", adapter))
    asked = new_prompts(engine)
    await seconds(engine, asked, 8)  # warms up
    idle = await seconds(engine, asked, ANSWERS)
    async with training(config):
        busy = await seconds(engine, asked, ANSWERS)
    idle += await seconds(engine, asked, ANSWERS)
    await engine.close()
    found = {name: figures(times) for name, times in (("idle", idle), ("training", busy))}
    ratio = found["training"]["p95_ms"] / found["idle"]["p95_ms"]
    keep("latency", {"latency_while_training": round(ratio, 3), **found})


def new_prompts(engine: LlamaCppEngine) -> Iterator[Prompt]:
    """Prompts without end, no two of which begin alike."""
    for number in count(1):
        yield from prompts(engine.format, number)


async def seconds(engine: LlamaCppEngine, asked: Iterator[Prompt], answers: int) -> list[float]:
    """How long each of so many answers took, one after the other."""
    taken = []
    for prompt in islice(asked, answers):
        started = time.perf_counter()
        await engine.stream(prompt, "bench", SAMPLING).collect()
        taken.append(time.perf_counter() - started)
    return taken


@asynccontextmanager
async def training(config: RoundConfig):
    """A round as the bot starts it, from its first step on; it must outlast what is measured."""
    with tempfile.TemporaryDirectory() as directory:
        write_examples(Path(directory) / "examples.jsonl", training_set(choose_embedder()).examples)
        long_enough = config.model_copy(update={"epochs": 20})
        (Path(directory) / "config.json").write_text(long_enough.model_dump_json())
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "engine", "train", directory, "--background",
            cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout
        async for line in process.stdout:
            if "step" in json.loads(line):
                break
        yield
        assert process.returncode is None, "the round ended before the answers did"
        process.terminate()
        await process.communicate()


def figures(times: list[float]) -> dict:
    ordered = sorted(times)
    return {
        f"p{share}_ms": round(1000 * ordered[share * len(ordered) // 100]) for share in (50, 95)
    } | {"answers": len(ordered)}


if __name__ == "__main__":
    asyncio.run(main())
