"""Our engine and raw xllamacpp, taking turns in one process: same file, adapter and prompts."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import xllamacpp

from benchmarks.measure import Answered, Speed, timed, together
from benchmarks.questions import SAMPLING, prompts
from engine.adapters.gguf import converted_adapter
from engine.adapters.published import AdapterVersion
from engine.config import EngineConfig
from engine.model.base_model import BaseModel, gguf_prompt_format
from engine.model.gguf_header import read_header
from engine.model.prompt import Prompt
from engine.serving.llamacpp.engine import LlamaCppEngine

ROUNDS = 6


async def compare(
    model: BaseModel, cache: Path, adapter: Path
) -> tuple[dict[str, Speed], list[int]]:
    """Speeds by contender and streams, and the tokens of each of our answers."""
    assert model.gguf is not None
    config = EngineConfig(cache)
    engine = LlamaCppEngine(model, config)
    await engine.start()
    await engine.load(AdapterVersion("bench", adapter))
    raw = _Raw(model.gguf, config, adapter)
    lengths = []
    for prompt in prompts(engine.format):  # also warms up
        lengths.append((await _ours(engine, prompt)).tokens)
        await raw.answer(prompt)
    rounds: dict[str, list[Speed]] = {}
    for number in range(1, ROUNDS + 1):
        # Question by question, each first as often as the other: whatever else the machine does
        # meanwhile hits both.
        contenders = [
            ("ours", lambda prompt: partial(_ours, engine, prompt)),
            ("llamacpp", lambda prompt: partial(raw.answer, prompt)),
        ][:: 1 if number % 2 else -1]
        for prompt in prompts(engine.format, number):
            for name, ask in contenders:
                rounds.setdefault(f"{name}_1", []).append(await timed([ask(prompt)], 1))
        for name, ask in contenders:
            asks = [ask(prompt) for prompt in prompts(engine.format, -number)]
            rounds.setdefault(f"{name}_8", []).append(await timed(asks, 8))
    await engine.close()
    return {name: together(speeds) for name, speeds in rounds.items()}, lengths


async def _ours(engine: LlamaCppEngine, prompt: Prompt) -> Answered:
    result = await engine.stream(prompt, "bench", SAMPLING).collect()
    return Answered(result.tokens, result.first_token_s)


class _Raw:
    """xllamacpp as its README shows it, with the same room, adapter and stop strings."""

    def __init__(self, gguf: Path, config: EngineConfig, adapter: Path) -> None:
        params = xllamacpp.CommonParams()
        params.model.path = str(gguf)
        params.n_ctx, params.n_parallel = config.context * config.slots, config.slots
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config.threads
        lora = converted_adapter(adapter, read_header(gguf), adapter.parent / "gguf" / "bench")
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(lora), 1.0)]
        params.verbosity = 0
        self._server = xllamacpp.Server(params)
        self._threads = ThreadPoolExecutor(config.slots)

    async def answer(self, prompt: Prompt) -> Answered:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._complete, prompt)

    def _complete(self, prompt: Prompt) -> Answered:
        started, first, tokens = time.perf_counter(), 0.0, 0

        def on_chunk(chunk: dict) -> bool:
            nonlocal first, tokens
            first = first or time.perf_counter() - started
            tokens = chunk.get("usage", {}).get("completion_tokens", tokens)
            return False

        body = {
            "prompt": prompt.text, "stop": list(prompt.stop), "max_tokens": SAMPLING.max_tokens,
            "temperature": 0.0, "stream": True,
        }  # fmt: skip
        self._server.handle_completions(body, on_chunk)
        return Answered(tokens, first)


def prompt_texts(model: BaseModel) -> list[str]:
    assert model.gguf is not None
    return [prompt.text for prompt in prompts(gguf_prompt_format(read_header(model.gguf)))]
