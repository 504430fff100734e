"""Our thanks for a correction, which say in the end what became of it."""

import asyncio

import structlog

from bot.feedback.corrections import CorrectionService, Decision
from bot.platforms.base import AdminMessages, PlatformError, StartTask
from bot.platforms.chat.correction_texts import contested_words, decided_words
from bot.texts import Language
from storage.corrections import Correction
from storage.judgement import Ruling
from storage.platform_events import MessageLinks

_log = structlog.get_logger("corrections")
_MADE_UP = 50  # decisions that a start tells of at most, the newest first


class CorrectionReplies:
    """Rewrites what one platform shows of corrections."""

    def __init__(
        self,
        platform: str,
        *,
        correction_service: CorrectionService,
        pieces: MessageLinks,
        language: Language,
    ) -> None:
        self._platform = platform
        self._correction_service = correction_service
        self._pieces = pieces
        self._language = language
        self._admin_messages: AdminMessages | None = None
        self._telling = asyncio.Lock()
        # By correction: what is decided during a start is told once, with the name of who decided.
        self._told: dict[int, Ruling] = {}

    def use(self, admin_messages: AdminMessages, start: StartTask) -> None:
        """What is shown of corrections follows what becomes of them, from now on.

        ``start`` runs that beside: whoever decides does not wait for it.
        """
        self._admin_messages = admin_messages

        async def decided(decision: Decision) -> None:
            start(self._tell(decision))

        async def contested(correction: Correction) -> None:
            start(self._tell_contested(correction))

        self._correction_service.decisions.subscribe(decided)
        self._correction_service.contests.subscribe(contested)

    async def catch_up(self) -> None:
        """Tell what was decided and not told: a crash came between, or an outage."""
        for number in await self._pieces.untold(self._platform, last=_MADE_UP):
            if decision := await self._correction_service.decision(number):
                await self._tell(decision)

    async def rewrite(self, correction: int, text: str) -> bool:
        """Whatever of ours shows the correction says ``text`` from now on; False if not all."""
        done = True
        for channel, message in await self._pieces.showing(self._platform, correction):
            try:
                if self._admin_messages:
                    await self._admin_messages.rewrite(channel, message, text)
            except PlatformError as error:
                done = False
                _log.info("thanks not rewritten", channel=channel, error=str(error))
        return done

    async def _tell_contested(self, correction: Correction) -> None:
        await self.rewrite(correction.id, contested_words(correction, self._language))

    async def _tell(self, decision: Decision) -> None:
        number, text = decision.correction.id, decided_words(decision, self._language)
        async with self._telling:
            if self._told.get(number) == decision.ruling:
                return
            if await self.rewrite(number, text):
                self._told[number] = decision.ruling
                await self._pieces.tell(self._platform, number)
