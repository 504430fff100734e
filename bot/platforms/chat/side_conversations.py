"""People who talk to each other in a thread that the bot takes part in."""

import time
from collections.abc import Callable, Iterable

_LASTS_S = 600.0
_REMEMBERED = 10_000


class SideConversations:
    """Who was spoken to by name: what they say next in that thread is for whoever did so."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], float] = {}

    def spoke_to(self, thread: str, users: Iterable[str]) -> None:
        """Somebody wrote to ``users`` in ``thread``."""
        if len(self._until) >= _REMEMBERED:
            self._until.clear()
        end = self._clock() + _LASTS_S
        self._until |= {(thread, user): end for user in users}

    def spoke_to_bot(self, thread: str, user: str) -> None:
        """``user`` has turned to the bot again."""
        self._until.pop((thread, user), None)

    def is_spoken_to(self, thread: str, user: str) -> bool:
        """What ``user`` writes in ``thread`` now answers a person."""
        return self._until.get((thread, user), 0.0) > self._clock()
