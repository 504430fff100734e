"""Corrections that wait are shown to admins on a chat platform, who decide about them."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

import structlog

from bot.access import Access
from bot.errors import RefusedError
from bot.feedback.corrections import CorrectionService
from bot.platforms.base import AdminMessages, PlatformError, StartTask
from bot.platforms.chat.correction_texts import review_words
from bot.texts import Language, say
from storage.corrections import Correction
from storage.judgement import Ruling
from storage.platform_events import REVIEW, HandledEvents

_log = structlog.get_logger("corrections")


class ReviewQueue:
    """One platform's admin channels, named ``platform:id`` in the settings."""

    def __init__(
        self,
        *,
        platform: str,
        correction_service: CorrectionService,
        access: Access,
        handled: HandledEvents,
        admin_channels: Iterable[str],
        language: Language,
    ) -> None:
        self._platform = platform
        self._correction_service = correction_service
        self._access = access
        self._handled = handled
        named = (channel.partition(":") for channel in admin_channels)
        self._channels = [channel for where, _, channel in named if where == platform]
        self._language = language
        self._admin_messages: AdminMessages | None = None
        self._showing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def show_on(self, admin_messages: AdminMessages, start: StartTask) -> None:
        """From now on, whatever waits is shown in every admin channel.

        ``start`` runs that beside: whoever corrects does not wait for it.
        """
        self._admin_messages = admin_messages

        async def waits(correction: Correction) -> None:
            for channel in self._channels:
                start(self._announce(channel, correction))

        self._correction_service.pending.subscribe(waits)

    async def catch_up(self) -> None:
        """Show what waits and was not shown: a crash came between, or an outage."""
        after = 0
        while waiting := await self._correction_service.waiting(after):
            for correction in waiting:
                for channel in self._channels:
                    await self._announce(channel, correction)
            after = waiting[-1].id

    async def decide(
        self,
        correction: int,
        ruling: Ruling,
        user: str,
        roles: Iterable[str],
        language: Language,
        name: str | None = None,
    ) -> str:
        """Approve or reject what waits, as an admin called ``name``; our words about it.

        They say so when somebody was quicker. Raises RefusedError for others.
        """
        if not self._access.is_admin(self._platform, user, roles):
            raise RefusedError(say("review_admins_only", language))
        by = f"{self._platform}:{user}"
        if not await self._correction_service.decide(correction, ruling, by, name):
            return say("review_over", language)
        return say(f"review_{ruling}", language, by=name or by)

    async def _announce(self, channel: str, correction: Correction) -> None:
        """Once in each channel, over restarts too; a post that failed is not one."""
        shown = f"{self._platform}{REVIEW}", f"{correction.id}:{channel}"
        async with self._showing[channel]:
            if self._admin_messages is None or await self._handled.knows(*shown):
                return
            try:
                words = review_words(correction, self._language)
                await self._admin_messages.review(channel, words, correction.id)
            except PlatformError as error:  # it waits in the list of the web page all the same
                _log.error(
                    "admin channel not reached",
                    setting="ADMIN_CHANNEL",
                    error=str(error),
                    channel=f"{self._platform}:{channel}",
                    correction=correction.id,
                )
                return
            await self._handled.claim(shown[0], [shown[1]])
