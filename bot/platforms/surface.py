"""Where an answer appears on a platform, and how a platform says that it cannot."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol


class PlatformError(Exception):
    """The platform refused a call; the text says in one line what to do about it."""


class Surface(Protocol):
    """Where one answer appears. A platform makes one for each question.

    A surface calls the ``on_piece`` that it was made with for each message it posts as part of the
    answer, so that reactions find their way back.
    """

    async def working(self) -> None:
        """A sign of life, before the first word."""
        ...

    async def show(self, text: str) -> None:
        """The answer so far; called at most once a second."""
        ...

    async def end(self, text: str, notes: Sequence[str]) -> None:
        """The whole answer with its feedback buttons; ``notes`` are lines of our own below it."""
        ...

    async def say(self, text: str) -> None:
        """Our own words instead of an answer: a refusal or an apology."""
        ...


MakeSurface = Callable[[Callable[[str], Awaitable[None]]], Surface]
