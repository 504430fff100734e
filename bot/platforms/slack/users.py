"""What Slack knows about its users, asked once an hour for each."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.texts import Language

_KEPT_S = 3600.0
_KEPT_PEOPLE = 10_000


@dataclass(frozen=True, slots=True)
class Person:
    is_bot: bool
    name: str
    locale: str


class Users:
    """``users.info`` with a memory."""

    def __init__(self, api: SlackClient, default: Language) -> None:
        self._api = api
        self._default: Language = default
        self._known: dict[str, tuple[float, Person]] = {}

    async def language(self, user: str | None) -> Language:
        """From the user's locale, when Slack tells it quickly."""
        person = await self._quickly(user) if user else None
        for language in ("ko", "en"):
            if person and person.locale.startswith(language):
                return "ko" if language == "ko" else "en"
        return self._default

    async def names(self, users: Iterable[str]) -> dict[str, str]:
        """Display names of those that Slack tells quickly."""
        asked = list(users)[:10]
        people = await asyncio.gather(*(self._quickly(user) for user in asked))
        return {user: p.name for user, p in zip(asked, people, strict=True) if p and p.name}

    async def is_bot(self, user: str) -> bool:
        """Waits for the answer; a user whom Slack does not tell about counts as a person."""
        try:
            return (await self._person(user, patient=True)).is_bot
        except (SlackError, UnknownResultError):
            return False

    async def _quickly(self, user: str) -> Person | None:
        try:
            async with asyncio.timeout(self._api.pace.lookup_s):
                return await self._person(user, patient=False)
        except (SlackError, UnknownResultError, TimeoutError):
            return None

    async def _person(self, user: str, *, patient: bool) -> Person:
        known = self._known.get(user)
        if known and known[0] > time.monotonic() - _KEPT_S:
            return known[1]
        ask = self._api.retry if patient else self._api.try_once
        found = await ask(lambda client: client.users_info(user=user, include_locale=True))
        info = found.get("user") or {}
        profile = info.get("profile") or {}
        person = Person(
            is_bot=bool(info.get("is_bot")) or user == "USLACKBOT",
            name=profile.get("display_name") or info.get("real_name") or info.get("name") or "",
            locale=info.get("locale") or "",
        )
        if len(self._known) >= _KEPT_PEOPLE:
            self._known.clear()
        self._known[user] = (time.monotonic(), person)
        return person
