"""Stand-ins for our own ports, so that tests need neither a model nor its time."""

import asyncio
import math
import zlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.errors import RefusedError
from bot.learning.news import News
from bot.learning.outcome import Progress, RoundOutcome
from bot.subscribers import Subscribers
from engine.adapters.published import AdapterVersion
from engine.config import GREEDY, Sampling
from engine.errors import AdapterError, EngineError
from engine.model.prompt import Prompt, PromptFormat
from engine.retrieval.calibration import Judgement
from engine.retrieval.verifier import Verifier
from engine.serving.admission import Admission
from engine.serving.base import EngineStats
from engine.serving.stream import Stream


class FakeEngine:
    """Says ``script(prompt text)`` word by word, through the real Stream and the real queue.

    One token is one character of a prompt and one word of an answer.

    ``pace_s`` is the time between words. While ``hold()`` is in force, answers wait after
    ``words_before_hold`` words until ``go_on()``. A script that raises makes the answer fail.
    """

    name = "fake"
    methods = frozenset({"lora"})

    def __init__(
        self,
        script: Callable[[str], str],
        *,
        pace_s: float = 0.0,
        slots: int = 4,
        waiting: int = 4,
        context: int = 2048,
    ) -> None:
        self.script = script
        self.script_of: Callable[[str, str | None], str] | None = None  # by version, over script
        self.context = context
        self.pace_s = pace_s
        self.words_before_hold = 0
        self.prompts: list[Prompt] = []
        self._moving = asyncio.Event()
        self._moving.set()
        self._admission = Admission(slots, waiting)
        self._versions: set[str] = set()

    @property
    def format(self) -> PromptFormat:
        return PromptFormat()

    @property
    def stats(self) -> EngineStats:
        return EngineStats(
            self._admission.running, self._admission.waiting, tuple(sorted(self._versions))
        )

    async def start(self, versions: Sequence[AdapterVersion] = ()) -> None:
        self._moving.set()
        self._versions |= {version.name for version in versions}

    async def close(self) -> None:
        await self._admission.close()

    def hold(self, after_words: int = 0) -> None:
        self.words_before_hold = after_words
        self._moving.clear()

    def go_on(self) -> None:
        self._moving.set()

    def stream(
        self, prompt: Prompt, version: str | None = None, sampling: Sampling = GREEDY
    ) -> Stream:
        if version is not None and not self.ready(version):
            raise AdapterError(f"the adapter version {version} is not loaded")
        self.prompts.append(prompt)
        stream = Stream(prompt)
        self._admission.admit(stream, lambda: self._speak(prompt, version, stream))
        return stream

    async def count(self, text: str) -> int:
        return len(text)

    async def load(self, version: AdapterVersion) -> None:
        self._versions.add(version.name)

    async def unload(self, version: str) -> None:
        self._versions.discard(version)

    def ready(self, version: str) -> bool:
        return version in self._versions

    async def _speak(self, prompt: Prompt, version: str | None, stream: Stream) -> None:
        script_of = self.script_of or (lambda text, _: self.script(text))
        words = script_of(prompt.text, version).split(" ")
        stream.count(prompt_tokens=len(prompt.text))
        for number, word in enumerate(words):
            if number >= self.words_before_hold:
                await self._moved_on(stream)
            if stream.feed(word if number == 0 else f" {word}"):
                break
            await asyncio.sleep(self.pace_s)
        stream.finish()

    async def _moved_on(self, stream: Stream) -> None:
        """Wait for ``go_on``, or for somebody who has heard enough."""
        gates = [asyncio.ensure_future(g) for g in (self._moving.wait(), stream.cancelled())]
        await asyncio.wait(gates, return_when=asyncio.FIRST_COMPLETED)
        for gate in gates:
            gate.cancel()


# Fits the cosines of FakeEmbedder; what was judged lets scores from 0.7 on count as known.
FAKE_VERIFIER = Verifier(
    0.16, 39.1, 56.2, 0.0, -35.9, 0.035, judged=(Judgement(0.7, right=True),) * 30
)


class FakeEmbedder:
    """Texts are alike as far as they share pairs of characters; as with e5, never below 0.8."""

    name = "fake"
    dimensions = 513
    verifier = FAKE_VERIFIER
    floor = 0.8

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._embed(texts)

    def embed_documents(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return self._embed([" ".join(pair) for pair in pairs])

    def close(self) -> None:
        """There is nothing to let go of."""

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for pair in pairwise(f" {text} "):
                vector[zlib.crc32("".join(pair).encode()) % 512 + 1] += 1
        vectors *= math.sqrt(1 - self.floor) / np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors[:, 0] = math.sqrt(self.floor)
        return vectors


class FakeTraining:
    """Training without a model: a round begins and ends when the test says so, with ``tell``.

    ``history`` has what was live in each domain, the newest last; ``waiting`` may be approved;
    ``deeds`` is what people did. ``put_live(domain, version, reason)`` hears of changes as well.
    """

    def __init__(
        self, put_live: Callable[[str, str | None, str], Awaitable[None]] | None = None
    ) -> None:
        self.progress: Progress | None = None
        self.history: dict[str, list[str | None]] = defaultdict(lambda: [None])
        self.waiting: set[str] = set()
        self.deeds: list[str] = []
        self._put_live = put_live
        self.news: Subscribers[News] = Subscribers()

    async def tell(self, news: News) -> None:
        self.progress = news if isinstance(news, Progress) else None
        await self.news.deliver(news)

    async def current_version(self, domain: str) -> str | None:
        return self.history[domain][-1]

    async def begin(self, domain: str) -> int:
        if self.progress:
            raise RefusedError(f"round {self.progress.round} runs")
        await self.tell(Progress(1, domain, "preparing"))
        return 1

    async def cancel(self) -> bool:
        if self.progress is None:
            return False
        await self.tell(RoundOutcome(self.progress.round, self.progress.domain, "cancelled"))
        return True

    async def approve(self, version: str, by: str) -> bool:
        if version not in self.waiting:
            return False
        self.waiting.remove(version)
        self.deeds.append(f"{by} approves {version}")
        await self._goes(version.rpartition("-")[0], version, "approved")
        return True

    async def rollback(self, domain: str, by: str, to: str | None = None) -> str | None:
        if to is None and len(self.history[domain]) < 2:
            raise RefusedError("nothing to go back to")
        await asyncio.sleep(0)  # the real one takes a while as well
        version = to or self.history[domain][-2]
        self.deeds.append(f"{by} rolls {domain} back" + (f" to {to}" if to else ""))
        await self._goes(domain, version, "rollback")
        return version

    async def _goes(self, domain: str, version: str | None, reason: str) -> None:
        self.history[domain].append(version)
        if self._put_live:
            await self._put_live(domain, version, reason)


def saying(text: str) -> FakeEngine:
    """An engine that answers everything at once with ``text``."""
    return FakeEngine(lambda _: text)


def failing(_: str) -> str:
    """A script for an engine that breaks down."""
    raise EngineError("the fake engine was told to fail")
