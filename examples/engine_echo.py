"""An engine without a model: it says the question again, word by word. One word is one token.

A version changes what is said as an adapter would: its name stands before the words.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from engine.adapters.published import AdapterVersion
from engine.adapters.saved import read_config
from engine.config import GREEDY, EngineConfig, Sampling
from engine.errors import AdapterError, EngineError, PromptTooLongError
from engine.model.base_model import BaseModel
from engine.model.prompt import Prompt, PromptFormat
from engine.serving.admission import Admission
from engine.serving.base import EngineStats
from engine.serving.stream import Stream

# A model's own file has its chat template; this one leaves the last question alone.
_FORMAT = PromptFormat(chat_template="{{ messages[-1]['content'] }}")
_WORD_S = 0.001  # between two words: a model computes here, and others get their turn


class EchoEngine:
    """See Engine. Queue, slots, stop strings and loops come with Admission and Stream."""

    name = "echo"
    methods = frozenset({"lora"})
    format = _FORMAT

    def __init__(self, model: BaseModel, config: EngineConfig) -> None:
        self.context = config.context
        self._admission = Admission(config.slots, config.waiting)
        self._versions: dict[str, AdapterVersion] = {}
        self._open = False

    @property
    def stats(self) -> EngineStats:
        return EngineStats(
            self._admission.running, self._admission.waiting, tuple(sorted(self._versions))
        )

    async def start(self, versions: Sequence[AdapterVersion] = ()) -> None:
        self._open = True
        for version in versions:
            with suppress(AdapterError):  # one that cannot be served keeps nothing from starting
                await self.load(version)

    async def close(self) -> None:
        self._open = False
        await self._admission.close()

    def stream(
        self, prompt: Prompt, version: str | None = None, sampling: Sampling = GREEDY
    ) -> Stream:
        if not self._open:
            raise EngineError("the engine is closed")
        if version is not None and not self.ready(version):
            raise AdapterError(f"the adapter version {version} is not loaded")
        stream = Stream(prompt)
        # The version is fixed here: unloading it later does not change this answer.
        self._admission.admit(stream, lambda: self._speak(prompt, version, sampling, stream))
        return stream

    async def count(self, text: str) -> int:
        return len(text.split()) + 1  # and the token that begins every text

    async def load(self, version: AdapterVersion) -> None:
        read_config(version.path)  # raises AdapterError on damaged files; nothing has changed then
        self._versions[version.name] = version

    async def unload(self, version: str) -> None:
        self._versions.pop(version, None)

    def ready(self, version: str) -> bool:
        return version in self._versions

    async def _speak(
        self, prompt: Prompt, version: str | None, sampling: Sampling, stream: Stream
    ) -> None:
        """What a slot is taken for. An error that is raised here ends the stream with it."""
        tokens = await self.count(prompt.text)
        if tokens >= self.context:
            raise PromptTooLongError(tokens, self.context - 1)
        stream.count(prompt_tokens=tokens)
        words = [f"[{version}]", *prompt.text.split()] if version else prompt.text.split()
        room = min(sampling.max_tokens, self.context - tokens)
        for number, word in enumerate(words[:room]):
            if stream.feed(word if number == 0 else f" {word}"):  # stopped, cancelled or a loop
                break
            await asyncio.sleep(_WORD_S)
        stream.finish("length" if len(words) > room else "end")
