"""Who may ask, how often, and who is an admin."""

import time
from collections import deque
from collections.abc import Callable, Iterable

from bot.messages import Incoming, RefusedError
from bot.texts import Language, say

_WINDOW_S = 60.0


class Access:
    """Allow lists and limits; an empty list lets everybody in, a limit of 0 is none.

    Names are written ``platform:id``; on Discord an id may also be a role's.
    """

    def __init__(
        self,
        *,
        channels: Iterable[str] = (),
        users: Iterable[str] = (),
        roles: Iterable[str] = (),
        admins: Iterable[str] = (),
        teachers: Iterable[str] = (),
        per_user: int = 0,
        per_channel: int = 0,
        language: Language = "ko",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._channels = frozenset(channels)
        self._people = frozenset(users) | frozenset(roles)
        self._admins = frozenset(admins)
        self._teachers = frozenset(teachers)
        self._per_user = _Limit(per_user, clock)
        self._per_channel = _Limit(per_channel, clock)
        self._language = language

    def check(self, incoming: Incoming, language: Language | None = None) -> None:
        """Raises RefusedError that says why, in the asker's language where it is known."""
        language = language or self._language
        channel = f"{incoming.platform}:{incoming.parent or incoming.channel}"
        places = {channel, f"{incoming.platform}:{incoming.channel}"}
        if self._channels and not self._channels & places:
            raise RefusedError(say("channel_not_allowed", language))
        names = _names(incoming.platform, incoming.user, incoming.roles)
        if self._people and not self._people & names and not self._admins & names:
            raise RefusedError(say("user_not_allowed", language))
        wait = max(self._per_user.wait(incoming.person), self._per_channel.wait(channel))
        if wait:
            raise RefusedError(say("too_often", language, seconds=round(wait + 0.5)))
        self._per_user.count(incoming.person)
        self._per_channel.count(channel)

    def is_admin(self, platform: str, user: str, roles: Iterable[str] = ()) -> bool:
        return bool(self._admins & _names(platform, user, roles))

    def is_teacher(self, person: str, roles: Iterable[str] = ()) -> bool:
        """The word of ``person`` (``platform:id``) counts without being reviewed."""
        platform, _, user = person.partition(":")
        names = _names(platform, user, roles)
        return bool((self._teachers | self._admins) & names)


def _names(platform: str, user: str, roles: Iterable[str]) -> frozenset[str]:
    return frozenset(f"{platform}:{name}" for name in (user, *roles))


class _Limit:
    """At most ``limit`` in any minute for each name."""

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._times: dict[str, deque[float]] = {}

    def wait(self, name: str) -> float:
        """Seconds until ``name`` may again; 0 if it may now."""
        times = self._times.get(name)
        if not self._limit or not times:
            return 0.0
        now = self._clock()
        while times and times[0] <= now - _WINDOW_S:
            times.popleft()
        return times[0] + _WINDOW_S - now if len(times) >= self._limit else 0.0

    def count(self, name: str) -> None:
        if self._limit:
            self._times.setdefault(name, deque(maxlen=self._limit)).append(self._clock())
