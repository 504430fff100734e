"""llama.cpp (xllamacpp) in a process of its own: quick to start, small, the default without a GPU.

Adapters are named when an instance starts, so loading one starts a second instance beside the
first; new requests go there, the old one answers what it has begun and is then closed. One that
crashed is replaced when the next request comes.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from engine.adapters.methods import served_by
from engine.adapters.published import AdapterVersion
from engine.config import GREEDY, EngineConfig, Sampling
from engine.errors import AdapterError, EngineError, MethodNotServedError, ModelError
from engine.memory import MIB, available_bytes
from engine.model.base_model import BaseModel, fingerprint, gguf_prompt_format
from engine.model.gguf_header import GgufHeader, read_header
from engine.model.prompt import Prompt, PromptFormat
from engine.serving.admission import Admission
from engine.serving.base import EngineStats
from engine.serving.llamacpp.instance import Instance
from engine.serving.stream import Stream

_HEADROOM = 64 * MIB


class LlamaCppEngine:
    """The serving port on llama.cpp; see engine.serving.base.Engine for what each call promises."""

    name = "llamacpp"
    methods = served_by("llamacpp")

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

    @property
    def format(self) -> PromptFormat:
        return self._format

    @property
    def context(self) -> int:
        return self._config.context

    @property
    def stats(self) -> EngineStats:
        return EngineStats(self._admission.running, self._admission.waiting, tuple(self._adapters))

    async def start(self, versions: Sequence[AdapterVersion] = ()) -> None:
        try:
            header = await asyncio.to_thread(read_header, self._model)
        except ModelError as error:
            raise ModelError(f"{error}; put a whole file there, or set MODEL to another") from error
        if header.metadata.get("general.type", "model") != "model":
            raise ModelError(f"{self._model} is not a base model; set MODEL to one")
        self._format = gguf_prompt_format(header)
        self._header = header.without_vocabulary()
        for version in versions:
            with suppress(AdapterError, MethodNotServedError):
                self._adapters[version.name] = await self._converted(version)
        self._live, _ = await asyncio.gather(
            self._first_instance(),
            # Compiles its patterns: 0.1 s for Gemma's 6,000 control tokens.
            asyncio.to_thread(self._format.render, ""),
        )

    async def close(self) -> None:
        await self._admission.close()
        async with self._changing:
            live, self._live = self._live, None
            if live:
                await live.close()
        if self._retiring:
            await asyncio.wait(self._retiring)

    def stream(
        self, prompt: Prompt, version: str | None = None, sampling: Sampling = GREEDY
    ) -> Stream:
        if version is not None and not self.ready(version):
            raise AdapterError(f"the adapter version {version} is not loaded")
        # The instance of this moment also answers what has to wait, with the version asked for.
        instance, stream = self._instance_now(), Stream(prompt)

        async def compute() -> None:
            async with self._able(instance) as able:
                await able.complete(prompt, version, sampling, stream)

        self._admission.admit(stream, compute, when_over=instance.release)
        instance.claim()
        return stream

    async def count(self, text: str) -> int:
        async with self._able(self._instance_now()) as able:
            return len(await able.tokens(text))

    async def load(self, version: AdapterVersion) -> None:
        async with self._changing:
            live, path = self._instance_now(), await self._converted(version)
            if live.adapters.get(version.name) != path:
                try:
                    self._live = await self._instance({**self._adapters, version.name: path})
                except ModelError as error:
                    raise AdapterError(f"{version.name} cannot be loaded: {error}") from error
                self._retire(live)
            self._adapters[version.name] = path

    async def _converted(self, version: AdapterVersion) -> Path:
        from engine.adapters.gguf import converted_adapter

        if self._header is None:
            raise EngineError("the engine is not started")
        # Beside the adapter, so that it goes when the version goes.
        directory = version.path.parent / "gguf" / fingerprint(self._model)
        return await asyncio.to_thread(converted_adapter, version.path, self._header, directory)

    async def unload(self, version: str) -> None:
        # Its weights leave memory with the instance, at the next load.
        self._adapters.pop(version, None)

    def ready(self, version: str) -> bool:
        return version in self._adapters

    @asynccontextmanager
    async def _able(self, promised: Instance) -> AsyncIterator[Instance]:
        """``promised``, or what replaces it if it has crashed; kept open meanwhile."""
        instance = promised if promised.running else await self._revived()
        instance.claim()
        try:
            yield instance
        finally:
            instance.release()

    async def _revived(self) -> Instance:
        """The live instance, started again if it has crashed."""
        async with self._changing:
            crashed = self._instance_now()
            if not crashed.running:
                self._live = await self._instance(self._adapters)
                self._retire(crashed)
            return self._instance_now()

    def _retire(self, instance: Instance) -> None:
        """Close it when it has answered what was promised."""

        async def retire() -> None:
            await instance.drained()
            await instance.close()

        retiring = asyncio.create_task(retire())
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)

    async def _first_instance(self) -> Instance:
        """With the adapters, or without: a bad one must not keep the base model from answering."""
        if self._adapters:
            with suppress(ModelError):
                return await self._instance(self._adapters)
        self._adapters = {}
        return await self._instance(self._adapters)

    async def _instance(self, adapters: Mapping[str, Path]) -> Instance:
        needed = self._needed_bytes()
        if (free := available_bytes()) < needed:
            raise ModelError(
                f"the model {self._model.name} needs about {needed // MIB} MB of memory and "
                f"{free // MIB} MB are free; free some or set MODEL to a smaller one"
            )
        # Another process may have deleted a version that nobody goes back to.
        there = {name: path for name, path in adapters.items() if path.is_file()}
        return await Instance.start(self._model, self._config, there)

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


def _kv_width(header: GgufHeader) -> int:
    """Numbers that all layers together keep as the key, and again as the value, of one token."""
    data, arch = header.metadata, header.architecture
    heads = data[f"{arch}.attention.head_count"]
    kv_heads = data.get(f"{arch}.attention.head_count_kv", heads)
    kv_heads = max(kv_heads) if isinstance(kv_heads, list) else kv_heads
    width = data.get(f"{arch}.attention.key_length") or header.number("embedding_length") // heads
    return int(header.number("block_count") * kv_heads * width)
