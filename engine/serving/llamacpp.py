"""llama.cpp in this process (xllamacpp): quick to start, small, the default without a GPU.

Adapters are named when an instance starts, so loading one starts a second instance beside the
first; new requests go there, the old one answers what it has begun and is then closed.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import httpx

from engine.config import GREEDY, EngineConfig, Sampling
from engine.errors import AdapterError, EngineError, ModelError
from engine.gguf_header import GgufHeader, read_header
from engine.memory import MIB, available_bytes
from engine.models import BaseModel, fingerprint, gguf_prompt_format
from engine.prompt import Prompt, PromptFormat
from engine.serving.admission import Admission
from engine.serving.base import AdapterVersion, EngineStats
from engine.serving.llamacpp_instance import Instance
from engine.serving.stream import Stream

_HEADROOM = 64 * MIB
Given = TypeVarTuple("Given")
Made = TypeVar("Made")


class LlamaCppEngine:
    """The serving port on llama.cpp; see engine.serving.base.Engine for what each call promises."""

    name = "llamacpp"
    methods = frozenset({"lora"})

    def __init__(self, model: BaseModel, config: EngineConfig) -> None:
        if model.gguf is None:
            raise ModelError(
                f"ENGINE=llamacpp needs a .gguf file, and MODEL={model.name} is none; "
                "use ENGINE=transformers or set MODEL to a .gguf file"
            )
        self._model = model.gguf
        self._config = config
        self._header: GgufHeader | None = None
        self._format = PromptFormat()
        self._live: Instance | None = None
        self._adapters: dict[str, Path] = {}
        self._admission = Admission(config.slots, config.waiting)
        self._changing = asyncio.Lock()
        self._retiring: set[asyncio.Task[None]] = set()
        # A draining instance still holds threads of its own, so there are twice the slots.
        self._threads = ThreadPoolExecutor(2 * config.slots + 2, thread_name_prefix="llamacpp")

    @property
    def format(self) -> PromptFormat:
        return self._format

    @property
    def context(self) -> int:
        return self._config.context

    @property
    def stats(self) -> EngineStats:
        return EngineStats(self._admission.running, self._admission.waiting, tuple(self._adapters))

    async def start(self) -> None:
        header = await self._off_loop(read_header, self._model)
        if header.metadata.get("general.type", "model") != "model":
            raise ModelError(f"{self._model} is not a base model; set MODEL to one")
        self._format = gguf_prompt_format(header)
        self._header = header.without_vocabulary()
        # Compiles its patterns: 0.1 s for Gemma's 6,000 control tokens.
        await self._off_loop(self._format.render, "")
        self._live = await self._instance(self._adapters)

    async def close(self) -> None:
        await self._admission.close()
        if self._retiring:
            await asyncio.wait(self._retiring)
        if self._live:
            await self._off_loop(self._live.close)
            self._live = None
        self._threads.shutdown()

    def stream(
        self, prompt: Prompt, version: str | None = None, sampling: Sampling = GREEDY
    ) -> Stream:
        if version is not None and not self.ready(version):
            raise AdapterError(f"the adapter version {version} is not loaded")
        # The instance of this moment also answers what has to wait, with the version asked for.
        instance, stream = self._instance_now(), Stream(prompt)

        async def compute() -> None:
            await self._off_loop(instance.complete, prompt, version, sampling, stream)

        self._admission.admit(stream, compute, when_over=instance.release)
        instance.claim()
        return stream

    async def count(self, text: str) -> int:
        try:
            return len(await self._off_loop(self._instance_now().tokens, text))
        except httpx.HTTPError as error:
            raise EngineError(f"llama.cpp does not count tokens: {error!r}") from error

    async def load(self, version: AdapterVersion) -> None:
        from engine.tuning.gguf import converted_adapter

        async with self._changing:
            if self._header is None:
                raise EngineError("load() before start()")
            directory = self._config.cache / "adapters" / fingerprint(self._model)
            path = await self._off_loop(converted_adapter, version.path, self._header, directory)
            try:
                await self._swap({**self._adapters, version.name: path})
            except ModelError as error:
                raise AdapterError(f"{version.name} cannot be loaded: {error}") from error

    async def unload(self, version: str) -> None:
        # Its weights leave memory with the instance, at the next load.
        self._adapters.pop(version, None)

    def ready(self, version: str) -> bool:
        return version in self._adapters

    async def _swap(self, adapters: dict[str, Path]) -> None:
        new = await self._instance(adapters)
        old, self._live, self._adapters = self._live, new, adapters
        if old:
            retiring = asyncio.create_task(self._retire(old))
            self._retiring.add(retiring)
            retiring.add_done_callback(self._retiring.discard)

    async def _retire(self, instance: Instance) -> None:
        """Close it when it has answered what was promised."""
        await instance.drained()
        await self._off_loop(instance.close)

    async def _instance(self, adapters: dict[str, Path]) -> Instance:
        needed = self._needed_bytes()
        if (free := available_bytes()) < needed:
            raise ModelError(
                f"the model {self._model.name} needs about {needed // MIB} MB of memory and "
                f"{free // MIB} MB are free; free some or set MODEL to a smaller one"
            )
        try:
            return await self._off_loop(Instance, self._model, self._config, list(adapters.items()))
        except (RuntimeError, MemoryError) as error:
            raise ModelError(
                f"llama.cpp cannot load {self._model.name}: {error}; "
                "the file may be damaged or of a kind that this release does not know"
            ) from error

    def _needed_bytes(self) -> int:
        """Weights, and keys and values in 16 bits for all slots."""
        weights = self._model.stat().st_size + _HEADROOM
        tokens = self._config.context * self._config.slots
        try:
            return weights + 4 * tokens * _kv_width(self._header) if self._header else weights
        except (KeyError, TypeError, ValueError, ZeroDivisionError):  # llama.cpp will say
            return weights

    def _instance_now(self) -> Instance:
        if self._live is None:
            raise EngineError("the engine is not started")
        return self._live

    async def _off_loop(self, function: Callable[[*Given], Made], *arguments: *Given) -> Made:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def _kv_width(header: GgufHeader) -> int:
    """Numbers that all layers together keep as the key, and again as the value, of one token."""
    data, arch = header.metadata, header.architecture
    heads = data[f"{arch}.attention.head_count"]
    kv_heads = data.get(f"{arch}.attention.head_count_kv", heads)
    kv_heads = max(kv_heads) if isinstance(kv_heads, list) else kv_heads
    width = data.get(f"{arch}.attention.key_length") or header.number("embedding_length") // heads
    return int(header.number("block_count") * kv_heads * width)
