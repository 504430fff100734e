"""One answer on its way: pieces come from any thread, one reader takes them on the event loop."""

import asyncio
import time
from dataclasses import dataclass
from typing import Literal

from engine.model.prompt import Prompt
from engine.serving.stopping import AnswerText

Reason = Literal["end", "stop", "loop", "length", "cancelled"]


@dataclass(frozen=True, slots=True)
class Result:
    """How an answer ended. Times in seconds: waiting for a slot, to the first token, in all."""

    text: str
    reason: Reason
    prompt_tokens: int
    tokens: int
    queued_s: float
    first_token_s: float
    total_s: float


class Stream:
    """Async iterator of an answer's text pieces; afterwards ``result`` says how it ended.

    Iterating raises the error that ended the answer, if one did. ``cancel`` makes the engine stop
    computing; what was said so far stays, with the reason "cancelled".
    """

    def __init__(self, prompt: Prompt) -> None:
        self._loop = asyncio.get_running_loop()
        self._pieces: asyncio.Queue[str | Result | Exception] = asyncio.Queue()
        self._text = AnswerText(prompt.stop)
        self._asked = time.monotonic()
        self._started = self._first_token = 0.0
        self._prompt_tokens = self._tokens = 0
        self._cancelled = asyncio.Event()
        self._result: Result | None = None

    # -- the reader's side, on the event loop ---------------------------------------------------

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> str:
        if self._result is not None:
            raise StopAsyncIteration
        item = await self._pieces.get()
        if isinstance(item, str):
            return item
        if isinstance(item, Exception):
            raise item
        self._result = item
        raise StopAsyncIteration

    @property
    def result(self) -> Result:
        """Only there once iteration has ended."""
        if self._result is None:
            raise RuntimeError("the answer has not ended yet")
        return self._result

    async def collect(self) -> Result:
        """Read to the end."""
        async for _ in self:
            pass
        return self.result

    def cancel(self) -> None:
        self._cancelled.set()

    async def cancelled(self) -> None:
        """Wait until somebody cancels."""
        await self._cancelled.wait()

    # -- the engine's side, from any one thread at a time ---------------------------------------

    @property
    def over(self) -> bool:
        """The engine should compute no further token."""
        return self._cancelled.is_set() or self._text.ending is not None

    def begin(self) -> None:
        """The request has its slot."""
        self._started = time.monotonic()

    def feed(self, piece: str, tokens: int = 1) -> bool:
        """Take the text of new tokens; True when the engine should stop."""
        if self.over:
            return True
        self._first_token = self._first_token or time.monotonic()
        self._tokens += tokens
        self._put(self._text.push(piece))
        return self.over

    def count(self, *, prompt_tokens: int, tokens: int | None = None) -> None:
        """What the engine itself counted."""
        self._prompt_tokens = prompt_tokens
        if tokens is not None:
            self._tokens = tokens

    def finish(self, reason: Literal["end", "length"] = "end") -> None:
        ended: Reason = "cancelled" if self._cancelled.is_set() else reason
        ended = self._text.ending or ended
        if self._text.ending is None:
            self._put(self._text.flush())
        now = time.monotonic()
        started = self._started or now
        self._put(
            Result(
                text=self._text.text,
                reason=ended,
                prompt_tokens=self._prompt_tokens,
                tokens=self._tokens,
                queued_s=started - self._asked,
                first_token_s=(self._first_token or now) - self._asked,
                total_s=now - self._asked,
            )
        )

    def fail(self, error: Exception) -> None:
        self._put(error)

    def _put(self, item: str | Result | Exception) -> None:
        if item != "":
            self._loop.call_soon_threadsafe(self._pieces.put_nowait, item)
