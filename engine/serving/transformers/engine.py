"""transformers and PEFT in this process: the default on a GPU, and for what only PEFT can serve.

All requests that run share one forward pass at a time (continuous batching). A pass has one adapter
version; see engine.serving.transformers.adapter_scheduler for how versions alternate.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

import torch

from engine.adapters.attach import METHODS, with_adapter
from engine.adapters.published import AdapterVersion
from engine.config import GREEDY, EngineConfig, Sampling
from engine.errors import (
    AdapterError,
    EngineError,
    MethodNotServedError,
    ModelError,
    PromptTooLongError,
)
from engine.model.base_model import BaseModel
from engine.model.checkpoint import Checkpoint, read_checkpoint
from engine.model.prompt import Prompt, PromptFormat
from engine.serving.admission import Admission
from engine.serving.base import EngineStats
from engine.serving.stream import Stream
from engine.serving.transformers.adapter_scheduler import AdapterScheduler
from engine.serving.transformers.batching import Batch, Reason
from engine.serving.transformers.detokenizer import Detokenizer

Part = TypeVar("Part")
Result = TypeVar("Result")


class TransformersEngine:
    """The serving port on transformers; see engine.serving.base.Engine for what calls promise."""

    name = "transformers"
    methods = METHODS

    def __init__(self, model: BaseModel, config: EngineConfig) -> None:
        self._model = model
        self._config = config
        self._checkpoint: Checkpoint | None = None
        self._batch: Batch | None = None
        self._scheduler: AdapterScheduler[torch.nn.Module] | None = None
        self._versions: dict[str | None, torch.nn.Module] = {}  # None: the bare base model
        self._admission = Admission(config.slots, config.waiting)
        self._changing = asyncio.Lock()
        # Loading waits in one thread; the other ones tokenize meanwhile.
        self._threads = ThreadPoolExecutor(3, thread_name_prefix="transformers")

    @property
    def format(self) -> PromptFormat:
        return self._checkpoint.format if self._checkpoint else PromptFormat()

    @property
    def context(self) -> int:
        return self._config.context

    @property
    def stats(self) -> EngineStats:
        versions = tuple(name for name in self._versions if name is not None)
        return EngineStats(self._admission.running, self._admission.waiting, versions)

    async def start(self, versions: Sequence[AdapterVersion] = ()) -> None:
        checkpoint = await self._off_loop(read_checkpoint, self._model, self._config)
        batch = await self._off_loop(Batch, checkpoint, self._config)
        batch.start()
        self._checkpoint, self._batch = checkpoint, batch
        self._versions = {None: checkpoint.model}
        self._scheduler = AdapterScheduler(
            checkpoint.model, lambda weights: self._off_loop(batch.use, weights)
        )
        try:  # one token now shows whether memory and kernels will do
            await batch.answer([checkpoint.tokenizer.eos_token_id or 0], 1, GREEDY, _no_more)
        except EngineError as error:
            raise ModelError(f"{self._model.name} cannot be served: {error}") from error
        for version in versions:
            with suppress(AdapterError, MethodNotServedError):
                await self.load(version)

    async def close(self) -> None:
        await self._admission.close()
        if self._scheduler and self._batch:
            await self._scheduler.close()
            await self._off_loop(self._batch.close)
        self._batch = self._checkpoint = self._scheduler = None
        self._versions = {}
        self._threads.shutdown()

    def stream(
        self, prompt: Prompt, version: str | None = None, sampling: Sampling = GREEDY
    ) -> Stream:
        if version is not None and not self.ready(version):
            raise AdapterError(f"the adapter version {version} is not loaded")
        stream = Stream(prompt)
        weights = self._versions.get(version)  # kept, even if it is unloaded while this waits
        self._admission.admit(stream, lambda: self._compute(prompt, weights, sampling, stream))
        return stream

    async def count(self, text: str) -> int:
        return len(await self._tokens(text))

    async def load(self, version: AdapterVersion) -> None:
        async with self._changing:
            base = self._started(self._checkpoint).model
            self._versions[version.name] = await self._off_loop(with_adapter, base, version)

    async def unload(self, version: str) -> None:
        self._versions.pop(version, None)

    def ready(self, version: str) -> bool:
        return version in self._versions

    async def _compute(
        self,
        prompt: Prompt,
        weights: torch.nn.Module | None,
        sampling: Sampling,
        stream: Stream,
    ) -> None:
        """One answer, from its slot to its end; cancelling it stops whatever it is about."""
        answer = asyncio.create_task(self._answer(prompt, weights, sampling, stream))
        cancelled = asyncio.create_task(stream.cancelled())
        await asyncio.wait({answer, cancelled}, return_when=asyncio.FIRST_COMPLETED)
        cancelled.cancel()
        if not answer.done():
            answer.cancel()
            await asyncio.wait({answer})
        stream.finish("end" if answer.cancelled() else answer.result())

    async def _answer(
        self,
        prompt: Prompt,
        weights: torch.nn.Module | None,
        sampling: Sampling,
        stream: Stream,
    ) -> Reason:
        tokens = await self._tokens(prompt.text)
        if (room := self.context - len(tokens)) < 1:
            raise PromptTooLongError(len(tokens), self.context - 1)
        stream.count(prompt_tokens=len(tokens))
        text = Detokenizer(self._started(self._checkpoint).tokenizer)

        def on_tokens(new: list[int]) -> bool:
            over = [stream.feed(text.push(token)) for token in new]
            return any(over)

        async with self._started(self._scheduler).of(self._started(weights)):
            stream.begin()
            limit = min(sampling.max_tokens, room)
            return await self._started(self._batch).answer(tokens, limit, sampling, on_tokens)

    async def _tokens(self, text: str) -> list[int]:
        tokenizer = self._started(self._checkpoint).tokenizer
        return await self._off_loop(lambda: list(tokenizer(text)["input_ids"]))

    def _started(self, part: Part | None) -> Part:
        if part is None:
            raise EngineError("the engine is not started")
        return part

    async def _off_loop(self, function: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def _no_more(new: list[int]) -> bool:
    return False
