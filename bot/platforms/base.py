"""The ports of a platform: how people come in, where an answer appears, what else is posted."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


class PlatformError(Exception):
    """The platform refused a call; the text says in one line what to do about it."""


class Platform(Protocol):
    """Where people talk to the bot: it turns its own events into those of bot/messages.py."""

    @property
    def name(self) -> str: ...

    async def start(self) -> str:
        """Let people in; returns where they find the bot. Raises SettingsError."""
        ...

    async def stop(self) -> None:
        """Let nobody in any more; answers have ended before."""
        ...


OnPiece = Callable[[str], Awaitable[None]]
StartTask = Callable[[Coroutine[Any, Any, None]], None]  # runs something beside


class AnswerView(Protocol):
    """Where one answer appears. A platform makes one for each question.

    A view calls the ``on_piece`` that it was made with for each message it posts as part of the
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

    async def say(self, text: str, on_posted: OnPiece | None = None) -> None:
        """Our own words instead of an answer: a refusal, an apology, thanks.

        ``on_posted`` hears of the message where it is one of its own.
        """
        ...


@dataclass(frozen=True, slots=True)
class VersionAction:
    """What a button below a round's report does. It carries all it needs, to outlive a restart."""

    kind: Literal["approve", "rollback"]
    domain: str
    version: str


class AdminMessages(Protocol):
    """What a platform does with messages of ours that are no answers. Raises PlatformError."""

    async def post(self, channel: str, text: str) -> str:
        """Say ``text``; the message's name."""
        ...

    async def report(
        self, channel: str, text: str, picture: bytes | None, choices: Sequence[VersionAction]
    ) -> None:
        """Show ``text`` of any length with a PNG and buttons. The text arrives without the picture
        where the platform does not take that."""
        ...

    async def review(self, channel: str, text: str, correction: int) -> None:
        """Show ``text`` to admins, with buttons that approve and reject."""
        ...

    async def rewrite(self, channel: str, message: str, text: str) -> None:
        """Let ``message`` say ``text``, if it is ours; what people wrote is left alone."""
        ...

    async def remove(self, channel: str, message: str) -> None:
        """Delete ``message``, one of ours, if it is still there."""
        ...


MakeAnswerView = Callable[[OnPiece], AnswerView]
