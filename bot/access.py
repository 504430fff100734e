"""Who may ask, how often, and who is an admin."""

import time
from collections import deque
from collections.abc import Callable, Iterable

from bot.errors import RefusedError
from bot.messages import Incoming
from bot.texts import Language, say

REVIEWER = "reviewer"  # the role of a browser that may open the review page
_WINDOW_S = 60.0
_SILENT_S = 600.0  # who has been told that they may not ask need not hear it again so soon
_REMEMBERED = 10_000


class AlreadyToldError(RefusedError):
    """The question is not answered either, but there is no need to say so."""


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
        self._per_user = _RateLimit(per_user, clock)
        self._per_channel = _RateLimit(per_channel, clock)
        self._language = language
        self._clock = clock
        self._told: dict[str, float] = {}  # until when a refusal need not be repeated

    def check(
        self, incoming: Incoming, language: Language | None = None, *, addressed: bool = True
    ) -> None:
        """Raises RefusedError that says why, in the asker's language where it is known.

        ``addressed``: it was said to the bot for sure. People who go on talking in a thread never
        hear that they are not on a list; who insists hears it once in a while.
        """
        language = language or self._language
        channel = f"{incoming.platform}:{incoming.parent or incoming.channel}"
        places = {channel, f"{incoming.platform}:{incoming.channel}"}
        if self._channels and not self._channels & places:
            raise self._refusal(incoming, "channel_not_allowed", language, addressed=addressed)
        names = _names(incoming.platform, incoming.user, incoming.roles)
        if self._people and not self._people & names and not self._admins & names:
            raise self._refusal(incoming, "user_not_allowed", language, addressed=addressed)
        wait = max(self._per_user.wait(incoming.person), self._per_channel.wait(channel))
        if wait:
            seconds = round(wait + 0.5)
            raise self._refusal(incoming, "too_often", language, silent_s=wait, seconds=seconds)
        self._per_user.count(incoming.person)
        self._per_channel.count(channel)

    def _refusal(
        self,
        incoming: Incoming,
        key: str,
        language: Language,
        *,
        addressed: bool = True,
        silent_s: float = _SILENT_S,
        **values: object,
    ) -> RefusedError:
        case = f"{key} {incoming.person} {incoming.channel}"
        now = self._clock()
        if not addressed or self._told.get(case, now) > now:
            return AlreadyToldError(key)
        if len(self._told) >= _REMEMBERED:
            self._told.clear()
        self._told[case] = now + silent_s
        return RefusedError(say(key, language, **values))

    def is_admin(self, platform: str, user: str, roles: Iterable[str] = ()) -> bool:
        return bool(self._admins & _names(platform, user, roles))

    def is_teacher(self, person: str, roles: Iterable[str] = ()) -> bool:
        """The word of ``person`` (``platform:id``) counts without being reviewed."""
        roles = frozenset(roles)
        platform, _, user = person.partition(":")
        names = _names(platform, user, roles)
        return REVIEWER in roles or bool((self._teachers | self._admins) & names)


def _names(platform: str, user: str, roles: Iterable[str]) -> frozenset[str]:
    return frozenset(f"{platform}:{name}" for name in (user, *roles))


class _RateLimit:
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
