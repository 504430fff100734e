"""The serving port: text in, streamed text out. Every engine keeps these promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.adapters.published import AdapterVersion
from engine.config import GREEDY, Sampling
from engine.errors import PromptTooLongError
from engine.model.prompt import Prompt, PromptFormat, Turn, shrinking
from engine.serving.stream import Stream


@dataclass(frozen=True, slots=True)
class EngineStats:
    """What the engine is doing now."""

    running: int
    waiting: int
    versions: tuple[str, ...]


class Engine(Protocol):
    """A frozen base model that answers, with or without an adapter version.

    ``stream`` never blocks; it raises BusyError when the queue is full and AdapterError when
    ``version`` is not loaded. Requests already streaming keep the version they started with.
    """

    @property
    def name(self) -> str: ...

    @property
    def format(self) -> PromptFormat: ...

    @property
    def context(self) -> int:
        """Tokens of one request, prompt and answer together."""
        ...

    @property
    def methods(self) -> frozenset[str]:
        """Kinds of adapters that this engine can serve."""
        ...

    @property
    def stats(self) -> EngineStats: ...

    async def start(self, versions: Sequence[AdapterVersion] = ()) -> None:
        """Load the base model, and with it those of ``versions`` that can be served.

        Raises ModelError.
        """
        ...

    async def close(self) -> None:
        """Cancel what still runs and free everything."""
        ...

    def stream(
        self, prompt: Prompt, version: str | None = None, sampling: Sampling = GREEDY
    ) -> Stream: ...

    async def count(self, text: str) -> int:
        """Tokens of ``text``, the beginning-of-text token included."""
        ...

    async def load(self, version: AdapterVersion) -> None:
        """Make ``version`` ready beside what is served. Raises AdapterError, changing nothing."""
        ...

    async def unload(self, version: str) -> None: ...

    def ready(self, version: str) -> bool: ...


async def fit_prompt(
    engine: Engine,
    question: str,
    *,
    system: str = "",
    turns: Sequence[Turn] = (),
    language: str = "ko",
    room: int = GREEDY.max_tokens,
) -> Prompt:
    """The prompt with as much history as leaves ``room`` tokens for the answer.

    Raises PromptTooLongError when not even the bare question fits.
    """
    limit = engine.context - room
    tokens = 0
    for prompt in shrinking(engine.format, question, system=system, turns=turns, language=language):
        # A token is at least one byte, so short prompts need no counting (one more begins them).
        if len(prompt.text.encode()) < limit:
            return prompt
        tokens = await engine.count(prompt.text)
        if tokens <= limit:
            return prompt
    raise PromptTooLongError(tokens, limit)
