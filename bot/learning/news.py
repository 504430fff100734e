"""What admins may do with training, wherever they are: one service, used by every platform."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.learning.outcome import Progress, RolledBack, RoundOutcome

News = Progress | RoundOutcome | RolledBack
Watcher = Callable[[News], Awaitable[None]]


class Training(Protocol):
    """Rounds of training and the versions that come out of them."""

    @property
    def progress(self) -> Progress | None:
        """The round that runs, if any."""
        ...

    def watch(self, watcher: Watcher) -> None:
        """``watcher`` hears of each step of a round, its outcome, and what follows from votes."""
        ...

    async def live(self, domain: str) -> str | None:
        """The version that answers in ``domain`` now; None: the base model."""
        ...

    async def begin(self, domain: str) -> int:
        """Start a round in the background; its number.

        Raises RefusedError, in the admin's words, when one runs or there is nothing to learn from.
        """
        ...

    async def cancel(self) -> bool:
        """Stop the running round; False when there is none."""
        ...

    async def approve(self, version: str, by: str) -> bool:
        """Let a version that waits go live; False when it does not wait (any more)."""
        ...

    async def rollback(self, domain: str, by: str, to: str | None = None) -> str | None:
        """Put ``to`` live, or what was live before; the version that is live now (None: the base).

        Raises RefusedError when there is nothing to go back to, or no such version.
        """
        ...
