"""Our engine and raw xllamacpp, taking turns in one process: same file, adapter and prompts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import xllamacpp

from benchmarks.measure import Answered, Speed, timed, together
from benchmarks.questions import SAMPLING, prompts
from engine.config import EngineConfig
from engine.gguf_header import read_header
from engine.models import BaseModel, gguf_prompt_format
from engine.prompt import Prompt
from engine.serving.base import AdapterVersion
from engine.serving.llamacpp import LlamaCppEngine
from engine.tuning.gguf import converted_adapter

ROUNDS = 6
Ask = Callable[[], Awaitable[Answered]]


async def compare(
    model: BaseModel, cache: Path, adapter: Path
) -> tuple[dict[str, Speed], list[int]]:
    """Speeds by contender and streams, and the tokens of each of our answers."""
    assert model.gguf is not None
    config = EngineConfig(cache)
    engine = LlamaCppEngine(model, config)
    await engine.start()
    await engine.load(AdapterVersion("bench", adapter))
    asked = prompts(engine.format)
    ours, lengths = _our_asks(engine, asked), []
    for ask in ours:  # also warms up
        lengths.append((await ask()).tokens)
    raw = _raw_asks(model.gguf, config, adapter, cache, asked, lengths)
    for ask in raw:
        await ask()
    rounds: dict[str, list[Speed]] = {}
    for number in range(ROUNDS):
        # Question by question, each first as often as the other: whatever else the machine does
        # meanwhile hits both.
        contenders = [("ours", ours), ("llamacpp", raw)][:: 1 if number % 2 else -1]
        for pair in zip(ours, raw, strict=True):
            asks = {"ours": pair[0], "llamacpp": pair[1]}
            for name, _ in contenders:
                rounds.setdefault(f"{name}_1", []).append(await timed([asks[name]], 1))
        for name, all_asks in contenders:
            rounds.setdefault(f"{name}_8", []).append(await timed(all_asks, 8))
    await engine.close()
    return {name: together(speeds) for name, speeds in rounds.items()}, lengths


def _our_asks(engine: LlamaCppEngine, asked: list[Prompt]) -> list[Ask]:
    def ask(prompt: Prompt) -> Ask:
        async def run() -> Answered:
            result = await engine.stream(prompt, "bench", SAMPLING).collect()
            return Answered(result.tokens, result.first_token_s)

        return run

    return [ask(prompt) for prompt in asked]


def _raw_asks(
    gguf: Path,
    config: EngineConfig,
    adapter: Path,
    cache: Path,
    asked: list[Prompt],
    lengths: list[int],
) -> list[Ask]:
    """xllamacpp as its README shows it, with the same room; as many tokens as we generated."""
    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.n_ctx, params.n_parallel = config.context * config.slots, config.slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config.threads
    lora = converted_adapter(adapter, read_header(gguf), cache / "adapters" / "bench")
    params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(lora), 1.0)]
    params.verbosity = 0
    server = xllamacpp.Server(params)
    threads = ThreadPoolExecutor(config.slots)

    def complete(prompt: Prompt, tokens: int) -> Answered:
        started, first, counted = time.perf_counter(), 0.0, 0

        def on_chunk(chunk: dict) -> bool:
            nonlocal first, counted
            first = first or time.perf_counter() - started
            counted = chunk.get("usage", {}).get("completion_tokens", counted)
            return False

        body = {
            "prompt": prompt.text, "max_tokens": tokens, "temperature": 0.0, "stream": True,
            "ignore_eos": True,
        }  # fmt: skip
        server.handle_completions(body, on_chunk)
        return Answered(counted, first)

    def ask(prompt: Prompt, tokens: int) -> Ask:
        async def run() -> Answered:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(threads, complete, prompt, tokens)

        return run

    return [ask(prompt, tokens) for prompt, tokens in zip(asked, lengths, strict=True)]


def prompt_texts(model: BaseModel) -> list[str]:
    assert model.gguf is not None
    return [prompt.text for prompt in prompts(gguf_prompt_format(read_header(model.gguf)))]
