"""The ports of a platform: how people come in, where an answer appears, what else is posted."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.messages import Suggestion


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


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as it is shown. ``mark``: our line above its words, in every message; ``notes``:
    lines of our own below it. ``correctable``: with a button that opens the form for corrections.

    ``offered``: known questions to pick from, each with a button, and one for none of these; the
    text says so, and there is nothing to vote on yet.
    """

    text: str
    mark: str = ""
    notes: Sequence[str] = ()
    correctable: bool = False
    offered: tuple[Suggestion, ...] = ()


class AnswerView(Protocol):
    """Where one answer appears. A platform makes one for each question, and one for each time that
    an answer takes the place of another in the same messages.

    A view calls the ``on_piece`` that it was made with for each message it posts as part of the
    answer, so that reactions find their way back.
    """

    async def working(self) -> None:
        """A sign of life, before the first word."""
        ...

    async def show(self, text: str, *, mark: str = "") -> None:
        """The answer so far, below its ``mark``; called at most once a second."""
        ...

    async def end(self, shown: Shown) -> None:
        """The whole answer with its buttons."""
        ...

    async def say(self, text: str, on_posted: OnPiece | None = None) -> None:
        """Our own words instead of an answer: a refusal, an apology, thanks.

        ``on_posted`` hears of the message where it is one of its own.
        """
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """What a button says of the question that was meant: the offered one of pair ``pair_id``, none
    that is offered, or another one than the answered one of ``pair_id``. It carries all it needs,
    to outlive a restart."""

    kind: Literal["pick", "none_of_these", "not_my_question"]
    pair_id: int = 0


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
